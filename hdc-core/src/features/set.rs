//! Which features there are, and sets of them.

use core::fmt;

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

    /// A bit for each feature.
    pub(super) const fn bits(self) -> u16 {
        self.0
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
