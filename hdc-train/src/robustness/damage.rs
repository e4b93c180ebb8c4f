use hdc_core::model::{self, Metadata, ModelError};
use hdc_core::{Encoder, Model, Spatial};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::FlipTarget;
use crate::model::ModelBuf;
use crate::reduce::front_end;

/// Flips bits, each with the same probability.
pub(crate) struct Flipper {
    random: Xoshiro256PlusPlus,
    /// The probability in units of 1 / 65,536.
    rate: u32,
}

impl Flipper {
    pub(crate) fn new(rate: f64, seed: u64) -> Self {
        Self { random: Xoshiro256PlusPlus::seed_from_u64(seed), rate: (rate * 65_536.0).round() as u32 }
    }

    pub(crate) fn flip(&mut self, words: &mut [u32]) {
        words.iter_mut().for_each(|word| *word ^= self.mask());
    }

    /// 32 times whether a random number of 16 bits is below the rate: compared from the lowest bit on, all at once.
    fn mask(&mut self) -> u32 {
        (0..8).fold(0, |mask, pair| {
            let bits = self.random.next_u64();
            let below = |mask: u32, bits: u32, at: u32| {
                if self.rate >> at & 1 == 1 { mask | bits } else { mask & bits }
            };
            below(below(mask, bits as u32, 2 * pair), (bits >> 32) as u32, 2 * pair + 1)
        })
    }
}

/// The model with flipped bits, without its calibration or early exit.
pub(super) fn damaged(model: &Model<'_>, target: FlipTarget, rate: f64, seed: u64) -> Result<ModelBuf, ModelError> {
    let (classes, memories) = match target {
        FlipTarget::Classes => (true, false),
        FlipTarget::Memories => (false, true),
        FlipTarget::Stored => (true, true),
        FlipTarget::Queries => (false, false),
    };
    let sections = model.encoders().flat_map(|encoder| {
        let flipped = memory_sections(encoder);
        encoder.sections().into_iter().zip(flipped).map(move |(section, flipped)| (section, flipped && memories))
    });
    let rows = (0..model.classes().len()).filter_map(|class| model.classes().row(class)).map(|row| (row, classes));
    let mut flipper = Flipper::new(rate, seed);
    let flip = |(section, flipped): (&[u32], bool)| {
        let mut section = section.to_vec();
        if flipped {
            flipper.flip(&mut section);
        }
        section
    };
    let sections: Vec<Vec<u32>> = sections.chain(rows).map(flip).collect();
    let metadata = Metadata { calibration: None, early_exit: false, ..*model.metadata() };
    let sections = front_end(model).chain(sections.iter().map(Vec::as_slice));
    Ok(ModelBuf::from_written(model::write(&metadata, sections)?))
}

/// Which of the [sections](Encoder::sections) of an encoder are hypervectors or weights.
fn memory_sections(encoder: &Encoder<&[u32]>) -> [bool; 7] {
    match encoder.spatial {
        Spatial::Symbol(_) => [false, false, true, false, false, false, false],
        Spatial::Record(_) | Spatial::Integer(_) => [false, false, false, true, true, false, false],
        Spatial::Projection(_) | Spatial::Table(_) => [false, false, false, false, true, false, false],
        Spatial::Ternary(_) => [false, false, false, false, false, true, false],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_flipped_at_the_rate() {
        for rate in [0.0, 0.01, 0.1, 0.3, 0.5] {
            let mut words = vec![0; 4096];
            Flipper::new(rate, 3).flip(&mut words);
            let flipped: u32 = words.iter().map(|word| word.count_ones()).sum();
            let (mean, deviation) = (131_072.0 * rate, (131_072.0 * rate * (1.0 - rate)).sqrt());
            assert!((f64::from(flipped) - mean).abs() <= 5.0 * deviation + 2.0, "{flipped} at {rate}");
        }
    }

    #[test]
    fn what_is_flipped_at_a_rate_is_flipped_at_higher_ones() {
        let masks = [0.05, 0.2, 0.4].map(|rate| {
            let mut words = vec![0; 64];
            Flipper::new(rate, 3).flip(&mut words);
            words
        });
        assert!(masks.windows(2).all(|pair| pair[0].iter().zip(&pair[1]).all(|(low, high)| low & !high == 0)));
        assert!(masks[0] != masks[1]);
    }
}
