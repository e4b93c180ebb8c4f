//! Features of a window, measured channel by channel in integers, sample by sample.

mod correlation;

use core::fmt;

use self::correlation::correlation;
use crate::Value;
use crate::kernel::{THUMB_2, kept_index};

/// One number that is measured of a channel over a window or a part of it.
///
/// The first of them are the time-domain features of EMG (Hudgins et al. 1993). Only their order matters
/// to a quantiser, so sums stand for means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Feature {
    /// The sum of the samples, T times their mean: for an accelerometer, the tilt.
    Mean = 1,
    /// The sum of the magnitudes, T times the mean absolute value.
    MeanAbsolute = 1 << 1,
    /// The root of the mean square, in 1/16.
    Rms = 1 << 2,
    /// The standard deviation, in 1/16.
    Deviation = 1 << 3,
    /// The sum of the magnitudes of the differences between neighbours.
    WaveformLength = 1 << 4,
    /// How often the sign changes.
    ZeroCrossings = 1 << 5,
    /// How often the slope changes its sign.
    SlopeChanges = 1 << 6,
    /// The least sample.
    Minimum = 1 << 7,
    /// The greatest sample.
    Maximum = 1 << 8,
    /// How the channel goes with the next one, the last one with the first: 1 + their (Pearson's) correlation, in 1/16,384.
    /// So 0 is opposite, 16,384 is independent or constant, and 32,768 is alike. A feature of accelerometers since Bao &
    /// Intille (2004).
    Correlation = 1 << 9,
}

impl Feature {
    /// All features, in the order in which they are written.
    pub const ALL: [Self; 10] = [
        Self::Mean,
        Self::MeanAbsolute,
        Self::Rms,
        Self::Deviation,
        Self::WaveformLength,
        Self::ZeroCrossings,
        Self::SlopeChanges,
        Self::Minimum,
        Self::Maximum,
        Self::Correlation,
    ];

    /// Its usual short name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::MeanAbsolute => "mav",
            Self::Rms => "rms",
            Self::Deviation => "sd",
            Self::WaveformLength => "wl",
            Self::ZeroCrossings => "zc",
            Self::SlopeChanges => "ssc",
            Self::Minimum => "min",
            Self::Maximum => "max",
            Self::Correlation => "corr",
        }
    }
}

/// A set of features.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "model", derive(serde::Serialize, serde::Deserialize))]
pub struct FeatureSet(u16);

impl FeatureSet {
    /// Mean absolute value, waveform length, root mean square and zero crossings: for EMG.
    pub const EMG: Self =
        Self::of(&[Feature::MeanAbsolute, Feature::Rms, Feature::WaveformLength, Feature::ZeroCrossings]);

    /// Mean, standard deviation, waveform length, slope changes, least and greatest: for motion.
    pub const MOTION: Self = Self::of(&[
        Feature::Mean,
        Feature::Deviation,
        Feature::WaveformLength,
        Feature::SlopeChanges,
        Feature::Minimum,
        Feature::Maximum,
    ]);

    /// Mean, root mean square and standard deviation: what the sums of the samples and of their squares tell. The
    /// cheapest set.
    pub const MOMENTS: Self = Self::of(&[Feature::Mean, Feature::Rms, Feature::Deviation]);

    /// All of them.
    pub const ALL: Self = Self::of(&Feature::ALL);

    /// The set of these features.
    pub const fn of(features: &[Feature]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < features.len() {
            bits |= features[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// The set with `feature`.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | feature as u16)
    }

    /// The set without `feature`.
    #[must_use]
    pub const fn without(self, feature: Feature) -> Self {
        Self(self.0 & !(feature as u16))
    }

    /// Whether `feature` is in it.
    pub const fn contains(self, feature: Feature) -> bool {
        self.0 & feature as u16 != 0
    }

    /// The set whose loop measures this one: the first of [`MOMENTS`](Self::MOMENTS), [`EMG`](Self::EMG),
    /// [`MOTION`](Self::MOTION) and [`ALL`](Self::ALL) that has all of it. Correlations have a loop of their own.
    #[must_use]
    pub const fn measured(self) -> Self {
        let of = self.without(Feature::Correlation).0;
        match of {
            _ if of & !Self::MOMENTS.0 == 0 => Self::MOMENTS,
            _ if of & !Self::EMG.0 == 0 => Self::EMG,
            _ if of & !Self::MOTION.0 == 0 => Self::MOTION,
            _ => Self::ALL,
        }
    }

    /// How many features are in it.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether none is.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its features, in the order in which they are written.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.into_iter().filter(move |&feature| self.contains(feature))
    }

    /// Whether all that is in it exists.
    #[cfg(feature = "model")]
    pub(crate) const fn is_known(self) -> bool {
        self.0 & !Self::ALL.0 == 0
    }
}

impl fmt::Debug for FeatureSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Feature::name)).finish()
    }
}

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
            self.level::<{ FeatureSet::ALL.0 }>(sample);
        } else {
            self.go_on::<{ FeatureSet::ALL.0 }>(sample);
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
                        Measure::of::<{ FeatureSet::MOMENTS.0 }, V>(samples, channel, channels, exponent)
                    }
                    FeatureSet::EMG => Measure::of::<{ FeatureSet::EMG.0 }, V>(samples, channel, channels, exponent),
                    FeatureSet::MOTION => {
                        Measure::of::<{ FeatureSet::MOTION.0 }, V>(samples, channel, channels, exponent)
                    }
                    _ => Measure::of::<{ FeatureSet::ALL.0 }, V>(samples, channel, channels, exponent),
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
