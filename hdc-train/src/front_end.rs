//! The design of signal front ends, and what they make of data sets.

mod design;
mod error;

pub use error::FrontEndError;

use std::fmt;

use rayon::prelude::*;

use crate::dataset::{Dataset, Shape};
use crate::values::{Sample, Values};
use design::Section;

/// What samples go through before they are encoded, on the host and on the chip: settings from which an
/// [`hdc_core::FrontEnd`] is designed.
///
/// Filters of every channel, in the order in which they are called, then rectification and envelope, then decimation. A
/// window of T steps becomes one of T / d. It takes integer samples. Every window is filtered by itself and begins as if its
/// first sample had been there forever: see [`hdc_core::FrontEnd`] for how long filters remember that.
///
/// ```
/// use hdc_train::{FrontEnd, Trainer};
///
/// // Raw EMG at 1 kHz: movement below 20 Hz and mains hum out, then a row of amplitudes every 10 ms.
/// let front_end = FrontEnd::new(1000.0).high_pass(20.0).notch(50.0, 10.0).low_pass(450.0).envelope(0.1).decimate(10);
/// let trainer = Trainer::new().front_end(front_end);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FrontEnd {
    rate: f64,
    sections: Vec<Section>,
    envelope: Option<f64>,
    decimation: usize,
}

/// The largest magnitude in the training data comes to lie from 2^13 to 2^14: a later one may be twice as large.
const HEADROOM: u32 = 13;

/// The longest envelope in steps.
const MOST_STEPS: f64 = (1_u32 << 22) as f64;

impl FrontEnd {
    /// A front end for samples at `rate` Hz that does nothing yet.
    pub fn new(rate: f64) -> Self {
        Self { rate, sections: Vec::new(), envelope: None, decimation: 1 }
    }

    /// A Butterworth high-pass of second order: lets half of the power at `frequency` Hz pass, 12 dB less with each octave
    /// below, and no constant part.
    #[must_use]
    pub fn high_pass(mut self, frequency: f64) -> Self {
        self.sections.push(Section::HighPass(frequency));
        self
    }

    /// A Butterworth low-pass of second order: lets half of the power at `frequency` Hz pass, 12 dB less with each octave
    /// above.
    #[must_use]
    pub fn low_pass(mut self, frequency: f64) -> Self {
        self.sections.push(Section::LowPass(frequency));
        self
    }

    /// Takes out `frequency` Hz, such as the hum of the mains, and what is within `frequency / quality` around it by half
    /// or more. It takes `quality / (3 frequency)` seconds to get there, so a window should be longer.
    #[must_use]
    pub fn notch(mut self, frequency: f64, quality: f64) -> Self {
        self.sections.push(Section::Notch(frequency, quality));
        self
    }

    /// Rectifies, and averages over the last `seconds`, weighting exponentially; at the start of a window over what there
    /// is.
    #[must_use]
    pub fn envelope(mut self, seconds: f64) -> Self {
        self.envelope = Some(seconds);
        self
    }

    /// Keeps one of every `steps` steps, the last. What is faster than half the new rate should be filtered out before.
    #[must_use]
    pub fn decimate(mut self, steps: usize) -> Self {
        self.decimation = steps;
        self
    }

    fn check(&self, data: &Dataset) -> Result<(), FrontEndError> {
        if !(self.rate.is_finite() && self.rate > 0.0) {
            return Err(FrontEndError::Rate { got: self.rate });
        }
        let (least, most) = (self.rate / 2000.0, self.rate / 2.0);
        for section in &self.sections {
            let got = section.frequency();
            if !(got >= least && got < most) {
                return Err(FrontEndError::Frequency { got, rate: self.rate, least, most });
            }
            if let Section::Notch(_, got) = *section
                && !(0.1..=1000.0).contains(&got)
            {
                return Err(FrontEndError::Quality { got });
            }
        }
        if let Some(got) = self.envelope
            && !(1.0..=MOST_STEPS).contains(&(got * self.rate).round())
        {
            return Err(FrontEndError::Envelope { got, least: 1.0 / self.rate });
        }
        let steps = data.shape().steps;
        if steps < 2 {
            return Err(FrontEndError::Rows);
        }
        if !(1..=steps).contains(&self.decimation) {
            return Err(FrontEndError::Decimation { got: self.decimation, steps });
        }
        Ok(())
    }

    /// Designs the filters, and fits the gain to the samples of `data`; returns what they become, too.
    pub(crate) fn fit(&self, data: &Dataset) -> Result<(Fitted, Dataset), FrontEndError> {
        self.check(data)?;
        let sections = self.sections.iter().flat_map(|section| section.design(self.rate).to_words()).collect();
        let envelope = self.envelope.map_or(0, |seconds| (seconds * self.rate).round() as u32);
        let (channels, decimation) = (data.shape().channels, self.decimation as u32);
        let front_end = hdc_core::FrontEnd { channels, sections, envelope, decimation, gain: 0 };
        let mut fitted = Fitted { front_end, steps: data.shape().steps };
        let filtered = fitted.apply(data)?;
        let Values::I16(values) = filtered.values() else { return Ok((fitted, filtered)) };
        let most = values.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0);
        let gain = HEADROOM.saturating_sub(most.max(1).ilog2());
        fitted.front_end.gain = gain.min(hdc_core::FrontEnd::MOST_GAIN);
        let filtered = if fitted.front_end.gain == 0 { filtered } else { fitted.apply(data)? };
        Ok((fitted, filtered))
    }
}

/// In words.
impl fmt::Display for FrontEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.sections.iter().map(ToString::to_string).collect();
        parts.extend(self.envelope.map(|seconds| format!("envelope {seconds} s")));
        if self.decimation > 1 {
            parts.push(format!("1 of {} steps", self.decimation));
        }
        write!(f, "{} at {} Hz", parts.join(", "), self.rate)
    }
}

/// A front end with its constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fitted {
    pub(crate) front_end: hdc_core::FrontEnd<Vec<u32>>,
    /// Steps in a window before it.
    pub(crate) steps: usize,
}

impl Fitted {
    /// What the samples of `data` become.
    pub(crate) fn apply(&self, data: &Dataset) -> Result<Dataset, FrontEndError> {
        if matches!(data.values(), Values::F32(_)) {
            return Err(FrontEndError::Real);
        }
        if data.is_sequences() {
            return Err(FrontEndError::Sequences);
        }
        let (expected, got) = (self.steps, data.shape().steps);
        if got != expected {
            return Err(FrontEndError::Steps { expected, got });
        }
        let steps = self.front_end.steps(self.steps);
        let length = steps * data.shape().channels;
        let mut values = vec![0; data.len() * length];
        values.par_chunks_exact_mut(length).enumerate().for_each_init(
            || vec![0; self.front_end.state_words()],
            |state, (index, filtered)| {
                if let Sample::I16(sample) = data.sample(index) {
                    self.front_end.filter_into(sample, state, filtered);
                }
            },
        );
        Ok(data.with_shape(Shape { steps, ..data.shape() }, Values::I16(values)))
    }
}

#[cfg(test)]
mod tests;
