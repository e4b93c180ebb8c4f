use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Nearly Gaussian numbers of mean 0 and variance 1: sums of eight uniform ones, so that they need no logarithm, which
/// differs between machines.
#[derive(Clone, Debug)]
pub(crate) struct Gaussian(Xoshiro256PlusPlus);

impl Gaussian {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn next(&mut self) -> f32 {
        let (mut first, mut second) = (self.0.next_u64(), self.0.next_u64());
        let mut sum = 0_i32;
        for _ in 0..4 {
            sum += (first & 0xffff) as i32 + (second & 0xffff) as i32;
            (first, second) = (first >> 16, second >> 16);
        }
        // Eight numbers of 0 to 65,535: mean 4 * 65,535, variance 8 * 65,536^2 / 12.
        (sum - 4 * 65_535) as f32 / (65_536.0 * 0.816_496_6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_those_of_a_gaussian() {
        let mut gaussian = Gaussian::new(3);
        let numbers: Vec<f64> = (0..100_000).map(|_| gaussian.next().into()).collect();
        let mean = |power: i32| numbers.iter().map(|number| number.powi(power)).sum::<f64>() / 1e5;
        assert!(mean(1).abs() < 0.02 && (mean(2) - 1.0).abs() < 0.02 && (mean(4) - 3.0).abs() < 0.3);
    }
}
