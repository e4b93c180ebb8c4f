//! Features of a window, measured channel by channel in integers, sample by sample.

mod correlation;
mod set;

use self::correlation::correlation;
pub use self::set::{Feature, FeatureSet};
use crate::Value;
use crate::kernel::{THUMB_2, kept_index};

/// The features of a channel so far: a few integers, whatever the length of the window.
///
/// Counts of up to 32,767 samples of `i16` do not overflow.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    samples: u32,
    sum: i32,
    magnitudes: u32,
    squares: i64,
    length: u32,
    crossings: u32,
    turns: u32,
    least: i32,
    most: i32,
    last: i32,
    /// The sign of the last slope that was not 0.
    direction: i32,
}

impl Default for Measure {
    fn default() -> Self {
        Self {
            samples: 0,
            sum: 0,
            magnitudes: 0,
            squares: 0,
            length: 0,
            crossings: 0,
            turns: 0,
            least: i32::MAX,
            most: i32::MIN,
            last: 0,
            direction: 0,
        }
    }
}

impl Measure {
    /// The longest window that can be measured.
    pub const MOST_SAMPLES: usize = i16::MAX as usize;

    /// Takes the next sample. About 25 instructions.
    #[inline]
    pub fn push(&mut self, sample: i16) {
        if self.samples == 0 {
            self.level::<{ FeatureSet::ALL.bits() }>(sample);
        } else {
            self.go_on::<{ FeatureSet::ALL.bits() }>(sample);
        }
        self.samples += 1;
    }

    /// Takes a later sample, for the features of `SET`.
    #[inline(always)]
    fn go_on<const SET: u16>(&mut self, sample: i16) {
        let slope = i32::from(sample) - self.last;
        if SET & Feature::WaveformLength as u16 != 0 {
            self.length = add_magnitude(self.length, slope);
        }
        if SET & Feature::ZeroCrossings as u16 != 0 {
            self.crossings += (i32::from(sample) ^ self.last).cast_unsigned() >> 31;
        }
        if SET & Feature::SlopeChanges as u16 != 0 {
            // Before the first slope there is 0, which turns nothing.
            self.turns += slope.wrapping_mul(self.direction).cast_unsigned() >> 31;
            if slope != 0 {
                self.direction = slope >> 31 | 1;
            }
        }
        self.level::<SET>(sample);
    }

    /// Takes what does not depend on the sample before: all of the first sample.
    #[inline(always)]
    fn level<const SET: u16>(&mut self, sample: i16) {
        let sample = i32::from(sample);
        if SET & (Feature::Mean as u16 | Feature::Deviation as u16) != 0 {
            self.sum = self.sum.wrapping_add(sample);
        }
        if SET & Feature::MeanAbsolute as u16 != 0 {
            self.magnitudes = add_magnitude(self.magnitudes, sample);
        }
        if SET & (Feature::Rms as u16 | Feature::Deviation as u16) != 0 {
            self.squares = add_product(self.squares, sample, sample);
        }
        if SET & Feature::Minimum as u16 != 0 {
            self.least = self.least.min(sample);
        }
        if SET & Feature::Maximum as u16 != 0 {
            self.most = self.most.max(sample);
        }
        self.last = sample;
    }

    /// Measures the features of `SET` of every `stride`-th number from `first` on, or returns the index of one that is
    /// not finite. A function of its own for each set: its sums need all registers of a chip.
    #[inline(never)]
    fn of<const SET: u16, V: Value>(numbers: &[V], first: usize, stride: usize, exponent: i32) -> Result<Self, usize> {
        let mut measure = Self::default();
        let mut at = first;
        if let Some(number) = numbers.get(at) {
            measure.level::<SET>(number.fixed(exponent).ok_or(at)?);
            at += stride;
        }
        while let Some(number) = numbers.get(at) {
            measure.go_on::<SET>(number.fixed(exponent).ok_or(at)?);
            at = kept_index(at + stride);
        }
        Ok(measure)
    }

    /// What was measured of `feature`; of the correlation, which takes another channel, nothing: that of a constant.
    pub fn value(&self, feature: Feature) -> i32 {
        let (n, squares) = (u64::from(self.samples.max(1)), self.squares.cast_unsigned());
        match feature {
            Feature::Mean => self.sum,
            Feature::MeanAbsolute => self.magnitudes.cast_signed(),
            // 256 x is the square of 16 times the root of x.
            Feature::Rms => root(squares.saturating_mul(256) / n),
            Feature::Deviation => {
                let sum = u64::from(self.sum.unsigned_abs());
                let spread = n.saturating_mul(squares).saturating_sub(sum.saturating_mul(sum));
                root((spread / n).saturating_mul(256) / n)
            }
            Feature::WaveformLength => i32::try_from(self.length).unwrap_or(i32::MAX),
            Feature::ZeroCrossings => self.crossings.cast_signed(),
            Feature::SlopeChanges => self.turns.cast_signed(),
            Feature::Minimum => self.least,
            Feature::Maximum => self.most,
            Feature::Correlation => 1 << 14,
        }
    }
}

/// `sum + |number|`: a chip adds or subtracts at once.
#[inline(always)]
fn add_magnitude(sum: u32, number: i32) -> u32 {
    let bits = number.cast_unsigned();
    if number < 0 { sum.wrapping_sub(bits) } else { sum.wrapping_add(bits) }
}

/// `sum + a b` for two samples. Of numbers of 64 bits that is one instruction for a Cortex-M4, and many for a smaller chip.
#[inline(always)]
fn add_product(sum: i64, a: i32, b: i32) -> i64 {
    let product = if THUMB_2 { i64::from(a).wrapping_mul(b.into()) } else { a.wrapping_mul(b).into() };
    sum.wrapping_add(product)
}

/// The square root, rounded down, of a number below 2^62.
fn root(square: u64) -> i32 {
    square.isqrt() as i32
}

/// How a window becomes one row of features: the window is cut into equal parts, and each feature of each
/// channel is measured in each part.
///
/// The row has `parts x channels x |set|` numbers, in that order. What is left of a window whose length is
/// no multiple of `parts` belongs to the last part. `scale` has one power of two a channel, by which real
/// samples are multiplied before they are rounded to `i16`; nothing for integer samples.
#[derive(Clone, Copy, Debug)]
pub struct Features<S> {
    /// What is measured.
    pub set: FeatureSet,
    /// In how many parts of the window.
    pub parts: usize,
    /// Samples of a channel in a window.
    pub steps: usize,
    /// Channels.
    pub channels: usize,
    /// Exponents of two, `i32`, one a channel, or none.
    pub scale: S,
}

impl<S: AsRef<[u32]>> Features<S> {
    /// Numbers in a row.
    pub fn len(&self) -> usize {
        self.parts.saturating_mul(self.channels).saturating_mul(self.set.len())
    }

    /// Whether a row has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The power of two by which real samples of `channel` are multiplied.
    fn exponent(&self, channel: usize) -> i32 {
        self.scale.as_ref().get(channel).map_or(0, |exponent| exponent.cast_signed())
    }

    /// Writes the features of `window` (`steps x channels`, time-major) to `row`, as `i32`. A sample costs a Cortex-M4 about
    /// 6 instructions for moments, 17 for features of EMG, 35 for those of motion and 43 for all
    /// ([`FeatureSet::measured`]), and 22 more for correlations.
    ///
    /// # Errors
    /// The index of the first sample that is not finite.
    pub fn measure_into<V: Value>(&self, window: &[V], row: &mut [u32]) -> Result<(), usize> {
        let channels = self.channels.max(1);
        let length = self.steps.checked_div(self.parts).unwrap_or(0);
        let mut row = row.iter_mut();
        for part in 0..self.parts {
            let from = part * length;
            let to = if part + 1 == self.parts { self.steps } else { from + length };
            let Some(samples) = window.get(from * channels..to * channels) else { return Ok(()) };
            for channel in 0..channels {
                let exponent = self.exponent(channel);
                let measure = match self.set.measured() {
                    FeatureSet::MOMENTS => {
                        Measure::of::<{ FeatureSet::MOMENTS.bits() }, V>(samples, channel, channels, exponent)
                    }
                    FeatureSet::EMG => {
                        Measure::of::<{ FeatureSet::EMG.bits() }, V>(samples, channel, channels, exponent)
                    }
                    FeatureSet::MOTION => {
                        Measure::of::<{ FeatureSet::MOTION.bits() }, V>(samples, channel, channels, exponent)
                    }
                    _ => Measure::of::<{ FeatureSet::ALL.bits() }, V>(samples, channel, channels, exponent),
                }
                .map_err(|at| from * channels + at)?;
                let measure = Measure { samples: (to - from) as u32, ..measure };
                for (feature, target) in self.set.iter().zip(&mut row) {
                    let value = if feature == Feature::Correlation {
                        let next = if channel + 1 < channels { channel + 1 } else { 0 };
                        correlation(samples, (channel, exponent), (next, self.exponent(next)), channels)
                            .map_err(|at| from * channels + at)?
                    } else {
                        measure.value(feature)
                    };
                    *target = value.cast_unsigned();
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
