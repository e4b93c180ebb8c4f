use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random orders from a seed, the same on every machine (Fisher & Yates).
pub(crate) struct Shuffle(Xoshiro256PlusPlus);

impl Shuffle {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = last as u128 + 1;
            items.swap(last, (u128::from(self.0.next_u64()) * bound >> 64) as usize);
        }
    }
}
