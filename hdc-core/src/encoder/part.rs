//! Some words of a hypervector: what early exit encodes first.

use super::window::{Encoder, Input, at_step};
use super::{EncodeError, ProjectionEncoder, RecordEncoder, Spatial};
use crate::{Bundle, Component, Ngrams, Value};

impl<S: AsRef<[u32]>> Encoder<S> {
    /// Whether each dimension of a hypervector depends on that dimension of the memories alone, so that some words can be
    /// encoded without the others: records and projections, of all but n-grams of several steps.
    pub fn is_separable(&self) -> bool {
        let mixes = match &self.input {
            Input::Steps(ngram) | Input::Sequence(ngram) => ngram.order > 1,
            Input::Whole | Input::Features(_) | Input::Convolutions(_) => false,
        };
        !mixes && matches!(self.spatial, Spatial::Record(_) | Spatial::Projection(_) | Spatial::Ternary(_))
    }

    /// Measures and quantises `sample`, once for all its words, into `scratch`
    /// ([`scratch_words`](Self::scratch_words) words). Steps are quantised when they are encoded, as there is no room for all.
    pub(crate) fn prepare<V: Value>(&self, sample: &[V], scratch: &mut [u32]) -> Result<(), EncodeError> {
        self.check_len(sample.len())?;
        let (for_row, row) = self.split(scratch)?;
        match &self.input {
            Input::Steps(_) | Input::Sequence(_) => Ok(()),
            Input::Whole => self.spatial.prepare_row(sample, for_row),
            Input::Features(_) | Input::Convolutions(_) => {
                self.measure(sample, row)?;
                let keys = row.iter().map(|number| Some(number.cast_signed()));
                self.spatial.prepare(keys, row.len(), for_row)
            }
        }
    }

    /// Encodes the words of `query` from `from` on, which is the hypervector or its first words; `scratch` is as
    /// [`prepare`](Self::prepare) left it for the same sample.
    pub(crate) fn encode_part<V: Value>(
        &self,
        sample: &[V],
        scratch: &mut [u32],
        from: usize,
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (for_row, scratch) = self.split(scratch)?;
        match &self.input {
            Input::Steps(ngram) | Input::Sequence(ngram) => {
                Component::Ngrams.require()?;
                let (expected, got) = (Ngrams::storage(*ngram, self.words), scratch.len());
                let too_small = EncodeError::Scratch { expected, got };
                let (step, counters) = scratch.split_at_mut_checked(expected).ok_or(too_small)?;
                let step = step.get_mut(..query.len()).ok_or(too_small)?;
                let target = query.get_mut(from..).unwrap_or_default();
                let mut bundle = Bundle::new(counters, target.len());
                let channels = self.channels.max(1);
                for (number, row) in sample.chunks_exact(channels).enumerate() {
                    self.spatial.prepare_row(row, for_row).map_err(|error| at_step(error, number, channels))?;
                    self.spatial.encode_part(row.len(), for_row, self.words, from, step)?;
                    // The counters were sized for all steps of the window.
                    let _ = bundle.add(step.get(from..).unwrap_or_default());
                }
                bundle.majority_into(self.tie, target);
                Ok(())
            }
            Input::Whole | Input::Features(_) | Input::Convolutions(_) => {
                self.spatial.encode_part(self.row_len(), for_row, self.words, from, query)
            }
        }
    }
}

impl<S: AsRef<[u32]>> Spatial<S> {
    /// The levels of the numbers in `row`, or what they are worth, into `scratch`. By itself, so that a program has it once.
    #[inline(never)]
    fn prepare_row<V: Value>(&self, row: &[V], scratch: &mut [u32]) -> Result<(), EncodeError> {
        self.prepare(row.iter().map(|value| value.key()), row.len(), scratch)
    }

    /// The same of the `features` numbers with these [keys](Value::key).
    fn prepare(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        features: usize,
        scratch: &mut [u32],
    ) -> Result<(), EncodeError> {
        match self {
            Self::Record(record) => {
                record.require()?;
                record.levels_of(keys, scratch).map(|_| ())
            }
            Self::Projection(projection) => {
                Component::Projection.require()?;
                projection.values_of(keys, features, scratch).map(|_| ())
            }
            Self::Ternary(ternary) => {
                Component::TernaryProjection.require()?;
                ternary.values_of(keys, features, scratch)
            }
            // Not of a separable encoder.
            Self::Symbol(_) | Self::Integer(_) | Self::Table(_) => Ok(()),
        }
    }

    /// The words of `target` from `from` on, of the hypervector of `words` words whose row was prepared in `scratch`.
    fn encode_part(
        &self,
        features: usize,
        scratch: &mut [u32],
        words: usize,
        from: usize,
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        match self {
            Self::Record(record) => record.bundle_levels(scratch.get(..features).unwrap_or(&[]), words, from, target),
            Self::Projection(projection) => {
                Component::Projection.require()?;
                let values = scratch.get(..ProjectionEncoder::<S>::scratch_words(features)).unwrap_or(&[]);
                projection.project_values(values, from, target);
                Ok(())
            }
            Self::Ternary(ternary) => {
                Component::TernaryProjection.require()?;
                ternary.project_values(features, scratch, from, target)
            }
            Self::Symbol(_) | Self::Integer(_) | Self::Table(_) => Ok(()),
        }
    }
}

impl<S: AsRef<[u32]>> RecordEncoder<S> {
    /// Fails unless this build of the library has what it takes.
    #[inline(always)]
    fn require(&self) -> Result<(), Component> {
        match self.stored_rows() {
            Some(_) if self.is_learned() => Component::LearnedRecord.require(),
            Some(_) => Component::Record.require(),
            None => Component::Regenerated.require(),
        }
    }
}
