//! What a trainer refuses.

use hdc_core::IntegerBundle;
use hdc_core::model::InputSpec;

use super::Trainer;
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::reduce::ReduceError;

impl Trainer {
    /// Whether something can be learned from `data`, which have gone through the front end, with these settings.
    pub(crate) fn check(&self, data: &Dataset) -> Result<(), TrainError> {
        self.check_settings(data)?;
        check_labels(data)
    }

    /// Whether the samples of `data`, which have gone through the front end, can be encoded with these settings.
    pub(crate) fn check_settings(&self, data: &Dataset) -> Result<(), TrainError> {
        if self.dimension == 0 || !self.dimension.is_multiple_of(32) || self.dimension >= 1 << 22 {
            return Err(TrainError::Dimension { got: self.dimension });
        }
        if let Some((_, dimension)) = &self.joined
            && (*dimension == 0 || !dimension.is_multiple_of(32) || *dimension >= self.dimension)
        {
            return Err(TrainError::Joined { got: *dimension, whole: self.dimension });
        }
        if let Some(got) = self.false_rejects.filter(|share| !(*share > 0.0 && *share < 1.0)) {
            return Err(TrainError::FalseRejects { got });
        }
        if let Some(got) = self.disagreement.filter(|share| !(*share > 0.0 && *share < 1.0)) {
            return Err(TrainError::Disagreement { got });
        }
        if self.disagreement.is_some() && self.false_rejects.is_some() {
            return Err(TrainError::EarlyCalibration);
        }
        if let Some((augment, _)) = self.copies {
            augment.check(data)?;
        }
        self.encodings().try_for_each(|(encoding, _)| encoding.check(data))?;
        if self.encodings().any(|(encoding, _)| encoding.integer.is_some()) {
            self.check_integer(data)?;
        }
        if self.disagreement.is_some() { self.check_early_exit(data) } else { Ok(()) }
    }

    /// Whether dimensions are encoded one by one.
    fn check_early_exit(&self, data: &Dataset) -> Result<(), TrainError> {
        if self.joined.is_some() {
            return Err(ReduceError::Joined.into());
        }
        if self.encoding.integer.is_some() {
            return Err(ReduceError::Integer.into());
        }
        match self.encoding.input(data) {
            InputSpec::Steps(ngram) | InputSpec::Sequence(ngram) if ngram.order > 1 => {
                Err(ReduceError::Ngram { order: ngram.order }.into())
            }
            _ if self.encoding.is_symbols() => Err(TrainError::EarlySymbols),
            _ => Ok(()),
        }
    }

    fn check_integer(&self, data: &Dataset) -> Result<(), TrainError> {
        if self.joined.is_some() {
            return Err(TrainError::Integer);
        }
        if !self.method.takes_integers() {
            return Err(TrainError::IntegerMethod { method: self.method.to_string() });
        }
        let steps = if let InputSpec::Steps(_) = self.encoding.input(data) { data.shape().steps } else { 1 };
        let total = steps.saturating_mul(self.encoding.columns(data));
        let digits = IntegerBundle { total, tie: self.tie }.digits();
        // Distances have 24 bits in a model.
        let most = (1 << 24_usize.saturating_sub(digits)) / 32 * 32;
        if digits > IntegerBundle::MOST_DIGITS || self.dimension > most {
            return Err(TrainError::Digits { total, digits, most });
        }
        Ok(())
    }
}

/// Whether there is something to learn.
pub(crate) fn check_labels(data: &Dataset) -> Result<(), TrainError> {
    if let Some(label) = data.classes().iter().find(|label| label.is_empty() || label.contains('\n')) {
        return Err(TrainError::Label { label: label.clone() });
    }
    let mut seen = vec![false; data.classes().len()];
    data.labels().iter().for_each(|&label| seen[label] = true);
    if seen.iter().filter(|&&seen| seen).count() < 2 {
        let label = data.classes()[data.labels()[0]].clone();
        return Err(TrainError::OneClass { samples: data.len(), label });
    }
    match seen.iter().position(|&seen| !seen) {
        Some(class) => Err(TrainError::EmptyClass { label: data.classes()[class].clone() }),
        None => Ok(()),
    }
}
