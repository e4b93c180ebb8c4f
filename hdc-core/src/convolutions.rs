//! Shares of a window in which a fixed pattern of its course is there: the features of `MiniRocket`, in integers.

use crate::Value;

/// How a window becomes one row of features that say how often patterns of its course are in it.
///
/// A kernel has nine weights, three of which are 2 and the others -1; there are 84 such kernels. Each is laid over each
/// channel around every step, with its weights 1, 2, 4, ... steps apart (its dilation), and zeros beyond the ends of the
/// window. A feature is the number of steps at which the sum of the weighted samples is above a bias, T times the
/// proportion of positive values of Dempster, Schmidt & Webb (2021, `MiniRocket`; there dilations grow more slowly and channels
/// are mixed). It costs no multiplication.
///
/// The row has `channels x dilations x 84` numbers, in that order. `scale` has one power of two a channel, by which real
/// samples are multiplied before they are rounded to `i16`; nothing for integer samples.
#[derive(Clone, Copy, Debug)]
pub struct Convolutions<S> {
    /// Dilations L: 1, 2, 4, ... 2^(L - 1) steps.
    pub dilations: usize,
    /// Samples of a channel in a window.
    pub steps: usize,
    /// Channels.
    pub channels: usize,
    /// The bias of each feature, `i32`.
    pub biases: S,
    /// Exponents of two, `i32`, one a channel, or none.
    pub scale: S,
}

/// Weights of a kernel.
const WEIGHTS: usize = 9;

impl Convolutions<()> {
    /// Kernels for each channel and dilation: the choices of three weights out of nine.
    pub const KERNELS: usize = 84;

    /// The longest window: counts fit `i16`.
    pub const MOST_STEPS: usize = i16::MAX as usize;

    /// How many dilations there are at most for windows of `steps` steps: all weights of a kernel fit the window.
    pub const fn most_dilations(steps: usize) -> usize {
        match steps.saturating_sub(1) / (WEIGHTS - 1) {
            0 => 0,
            longest => longest.ilog2() as usize + 1,
        }
    }
}

impl<S: AsRef<[u32]>> Convolutions<S> {
    /// Numbers in a row.
    pub fn len(&self) -> usize {
        self.channels.saturating_mul(self.dilations).saturating_mul(Convolutions::KERNELS)
    }

    /// Whether a row has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the features of `window` (`steps x channels`, time-major) to `row`, as `i32`. Costs about 700 instructions
    /// for each sample and dilation.
    ///
    /// # Errors
    /// The index of the first sample that is not finite.
    pub fn count_into<V: Value>(&self, window: &[V], row: &mut [u32]) -> Result<(), usize> {
        row.fill(0);
        let biases = self.biases.as_ref().chunks_exact(Convolutions::KERNELS);
        for (number, (row, biases)) in row.chunks_exact_mut(Convolutions::KERNELS).zip(biases).enumerate() {
            let (channel, dilation) = (number / self.dilations.max(1), number % self.dilations.max(1));
            self.convolve(window, channel, dilation, |kernel, sum| {
                if let (Some(count), Some(bias)) = (row.get_mut(kernel), biases.get(kernel)) {
                    *count += u32::from(sum > bias.cast_signed());
                }
            })?;
        }
        Ok(())
    }

    /// Hands the convolution of `window` (`steps x channels`, time-major) with every kernel, 0 to 83, at every step to `each`,
    /// for one channel and the dilation 2^`dilation`. A sum is below 12 times 2^15. Costs a few additions for each.
    ///
    /// # Errors
    /// The index of the first sample that is not finite.
    #[inline(always)]
    pub fn convolve<V: Value>(
        &self,
        window: &[V],
        channel: usize,
        dilation: usize,
        mut each: impl FnMut(usize, i32),
    ) -> Result<(), usize> {
        let exponent = self.scale.as_ref().get(channel).map_or(0, |exponent| exponent.cast_signed());
        let channels = self.channels.max(1);
        for step in 0..self.steps {
            let mut samples = [0; WEIGHTS];
            let mut sum = 0;
            for (weight, sample) in samples.iter_mut().enumerate() {
                // Before the window this is beyond its end, too.
                let at = (step + (weight << dilation)).wrapping_sub((WEIGHTS / 2) << dilation);
                if at < self.steps {
                    let at = at * channels + channel;
                    let number = match window.get(at) {
                        Some(number) => i32::from(number.fixed(exponent).ok_or(at)?),
                        None => 0,
                    };
                    sum += number;
                    *sample = 3 * number;
                }
            }
            let mut kernel = 0;
            for (first, a) in samples.iter().enumerate() {
                for (second, b) in samples.iter().enumerate().skip(first + 1) {
                    for c in samples.iter().skip(second + 1) {
                        each(kernel, a + b + c - sum);
                        kernel += 1;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum as the definition has it.
    fn response(samples: &[i16], step: usize, twos: [usize; 3], dilation: usize) -> i32 {
        let weighted = (0..9).map(|weight| {
            let at = (step + weight * dilation).checked_sub(4 * dilation);
            let sample = at.and_then(|at| samples.get(at)).map_or(0, |&sample| i32::from(sample));
            if twos.contains(&weight) { 2 * sample } else { -sample }
        });
        weighted.sum()
    }

    #[test]
    fn features_are_counts_of_weighted_sums_above_their_biases() {
        let (steps, channels, dilations) = (20, 2, 2);
        let window: Vec<i16> =
            (0..steps * channels).map(|at| (at * at * 7919 % 65_536) as u16).map(u16::cast_signed).collect();
        let features = channels * dilations * Convolutions::KERNELS;
        let bias = |feature: usize| i32::try_from(feature * 9973 % 100_000).unwrap() - 50_000;
        let biases: Vec<u32> = (0..features).map(|feature| bias(feature).cast_unsigned()).collect();
        let convolutions = Convolutions { dilations, steps, channels, biases: &biases[..], scale: &[][..] };
        let mut row = vec![!0; convolutions.len()];
        convolutions.count_into(&window, &mut row).unwrap();
        let mut expected = Vec::new();
        for channel in 0..channels {
            let samples: Vec<i16> = window.iter().copied().skip(channel).step_by(channels).collect();
            for dilation in [1, 2] {
                for first in 0..9 {
                    for second in first + 1..9 {
                        for third in second + 1..9 {
                            let bias = bias(expected.len());
                            let above =
                                |&step: &usize| response(&samples, step, [first, second, third], dilation) > bias;
                            expected.push((0..steps).filter(above).count() as u32);
                        }
                    }
                }
            }
        }
        assert_eq!(row, expected);
    }

    #[test]
    fn the_loudest_window_does_not_overflow() {
        let convolutions = Convolutions { dilations: 1, steps: 9, channels: 1, biases: [0; 84], scale: [0; 84] };
        let mut largest = 0;
        let loud = [i16::MIN, i16::MIN, i16::MIN, i16::MAX, i16::MAX, i16::MAX, i16::MIN, i16::MIN, i16::MIN];
        convolutions.convolve(&loud, 0, 0, |_, sum| largest = largest.max(sum)).unwrap();
        assert_eq!(largest, 6 * 32_767 + 6 * 32_768);
    }

    #[test]
    #[cfg(feature = "float")]
    fn real_samples_are_scaled() {
        let convolutions = Convolutions { dilations: 1, steps: 9, channels: 1, biases: &[8; 84][..], scale: &[4][..] };
        let mut window = [0.0_f32; 9];
        window[4] = 0.5;
        let mut row = [0; 84];
        convolutions.count_into(&window, &mut row).unwrap();
        // Each kernel has a weight of 2 at three places of the window, and 2 times 0.5 times 16 is above 8.
        assert_eq!(row, [3; 84]);
        window[7] = f32::NAN;
        assert_eq!(convolutions.count_into(&window, &mut row), Err(7));
    }

    #[test]
    fn a_kernel_fits_the_window() {
        assert_eq!([8, 9, 16, 17, 32, 33].map(Convolutions::most_dilations), [0, 1, 1, 2, 2, 3]);
    }
}
