//! What searches for designs have in common.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::BINS;

/// Moves a cut of a feature anywhere, or a little, or all alike.
pub(super) fn move_cuts(cuts: &mut [u8], random: &mut Dice) {
    let near = |bin: u8, by: usize| (usize::from(bin) + by).saturating_sub(4).min(BINS) as u8;
    let at = random.below(cuts.len());
    match random.below(3) {
        0 => cuts[at] = random.below(BINS + 1) as u8,
        1 => cuts[at] = near(cuts[at], random.below(9)),
        _ => {
            let by = random.below(9);
            cuts.iter_mut().for_each(|cut| *cut = near(*cut, by));
        }
    }
    cuts.sort_unstable();
}

/// Whether `a` is as good as `b` in both objectives.
pub(super) fn covers(a: [f32; 2], b: [f32; 2]) -> bool {
    a[0] >= b[0] && a[1] >= b[1]
}

pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (u128::from(self.0.next_u64()) * bound as u128 >> 64) as usize
    }

    pub(super) fn chance(&mut self, chance: f32) -> bool {
        ((self.0.next_u64() >> 40) as f32) < chance * (1_u32 << 24) as f32
    }
}
