use std::f64::consts::{PI, SQRT_2};
use std::fmt;

use hdc_core::Biquad;

/// A filter of second order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Section {
    /// Its frequency in Hz.
    HighPass(f64),
    /// Its frequency in Hz.
    LowPass(f64),
    /// Its frequency in Hz and its quality.
    Notch(f64, f64),
}

impl Section {
    pub(super) fn frequency(self) -> f64 {
        let (Self::HighPass(frequency) | Self::LowPass(frequency) | Self::Notch(frequency, _)) = self;
        frequency
    }

    /// The section for samples at `rate` Hz: the bilinear transform of `1 / (s^2 + sqrt(2) s + 1)`,
    /// `s^2 / (s^2 + sqrt(2) s + 1)` or `(s^2 + 1) / (s^2 + s / Q + 1)`, with the frequency where it should be.
    ///
    /// All coefficients are rounded but b1, which is what lets a constant pass exactly as it should: not at all or
    /// unchanged.
    pub(super) fn design(self, rate: f64) -> Biquad {
        // s = (1 - z^-1) / (k (1 + z^-1)).
        let k = libm::tan(PI * self.frequency() / rate);
        let damping = if let Self::Notch(_, quality) = self { 1.0 / quality } else { SQRT_2 };
        let b0 = match self {
            Self::HighPass(_) => 1.0,
            Self::LowPass(_) => k * k,
            Self::Notch(..) => 1.0 + k * k,
        };
        let fixed = |value: f64| (value / (1.0 + damping * k + k * k) * f64::from(1 << 30)).round() as i32;
        let (b0, a1, a2) = (fixed(b0), fixed(2.0 * (k * k - 1.0)), fixed(1.0 - damping * k + k * k));
        let sum = if let Self::HighPass(_) = self { 0 } else { (1 << 30) + i64::from(a1) + i64::from(a2) };
        Biquad { b: [b0, (sum - 2 * i64::from(b0)) as i32, b0], a: [a1, a2] }
    }
}

/// Its short description.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HighPass(frequency) => write!(f, "high-pass {frequency} Hz"),
            Self::LowPass(frequency) => write!(f, "low-pass {frequency} Hz"),
            Self::Notch(frequency, quality) => write!(f, "notch {frequency} Hz (Q {quality})"),
        }
    }
}
