//! The biases of convolutions.

use hdc_core::{Convolutions, Value};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::dataset::{Dataset, Shape};
use crate::values::Sample;

/// The golden ratio's fractional part, in 2^-32: its multiples spread evenly.
const GOLDEN: u32 = 0x9e37_79b9;

/// Convolutions for the windows of `data`. The bias of feature f is the quantile `(f + 1) golden ratio mod 1` of the sums of
/// its kernel over a random sample (Dempster, Schmidt & Webb 2021, section 3.1).
pub(super) fn fit(data: &Dataset, dilations: usize, scale: Vec<u32>, seed: u64) -> Convolutions<Vec<u32>> {
    let Shape { steps, channels } = data.shape();
    let mut convolutions = Convolutions { dilations, steps, channels, biases: Vec::new(), scale };
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let samples: Vec<usize> =
        (0..convolutions.len()).map(|_| (random.next_u64() % data.len() as u64) as usize).collect();
    let bias = |(feature, &sample): (usize, &usize)| {
        let mut sums = match data.sample(sample) {
            Sample::I16(window) => sums(&convolutions, window, feature),
            Sample::F32(window) => sums(&convolutions, window, feature),
        };
        let quantile = u64::from((feature as u32 + 1).wrapping_mul(GOLDEN));
        let place = (quantile * sums.len() as u64 >> 32) as usize;
        sums.select_nth_unstable(place).1.cast_unsigned()
    };
    convolutions.biases = samples.par_iter().enumerate().map(bias).collect();
    convolutions
}

/// The sums of the kernel of `feature` at all steps of `window`.
fn sums<V: Value>(convolutions: &Convolutions<Vec<u32>>, window: &[V], feature: usize) -> Vec<i32> {
    let (number, kernel) = (feature / Convolutions::KERNELS, feature % Convolutions::KERNELS);
    let (channel, dilation) = (number / convolutions.dilations, number % convolutions.dilations);
    let mut sums = Vec::with_capacity(convolutions.steps);
    // The values of a data set are finite, which is all that can fail.
    let _ = convolutions.convolve(window, channel, dilation, |at, sum| {
        if at == kernel {
            sums.push(sum);
        }
    });
    sums
}
