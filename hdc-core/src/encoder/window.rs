use super::{EncodeError, Ngram, Ngrams, Spatial};
use crate::{Bundle, Component, Convolutions, Features, Tie, Value};

/// How a sample of T time steps x C channels becomes rows for the spatial encoder.
#[derive(Clone, Copy, Debug)]
pub enum Input<S> {
    /// Every time step is a row, and the sample is the bundle of their temporal n-grams.
    Steps(Ngram),
    /// The same of a sample of any length, from the span of an n-gram to T steps: a text.
    Sequence(Ngram),
    /// All T C numbers are one row. A feature row (T = 1) is encoded in this way.
    Whole,
    /// The features of the window are one row.
    Features(Features<S>),
    /// How often patterns of its course are in the window is one row.
    Convolutions(Convolutions<S>),
}

/// Encodes a window of T time steps x C channels.
///
/// From steps: `H = majority_t( G_t )`, the bundle of the n-grams of the encoded steps (Rahimi et al. 2016,
/// PULP-HD 2018). Otherwise the window makes one row, and its spatial encoding is the result. An
/// [additive](Spatial::is_additive) encoding of steps, which has no n-grams, is the sum over all of them.
#[derive(Clone, Debug)]
pub struct Encoder<S> {
    /// The time steps T in a window, or the most in a sequence; at least the n-gram's span.
    pub steps: usize,
    /// The channels C of a step.
    pub channels: usize,
    /// What is encoded of a window.
    pub input: Input<S>,
    /// The encoder of one row.
    pub spatial: Spatial<S>,
    /// Words in a hypervector, D / 32.
    pub words: usize,
    /// The rule where the number of n-grams is even.
    pub tie: Tie,
}

impl<S: AsRef<[u32]>> Encoder<S> {
    /// Numbers in a sample, T C; the most in a sequence.
    pub fn sample_len(&self) -> usize {
        self.steps.saturating_mul(self.channels)
    }

    /// Numbers in a row of the spatial encoder, F.
    pub fn row_len(&self) -> usize {
        match &self.input {
            Input::Steps(_) | Input::Sequence(_) => self.channels,
            Input::Whole => self.sample_len(),
            Input::Features(features) => features.len(),
            Input::Convolutions(convolutions) => convolutions.len(),
        }
    }

    /// Numbers in a sample that are encoded, of one row or of all steps.
    pub fn total(&self) -> usize {
        match &self.input {
            Input::Steps(_) | Input::Sequence(_) => self.sample_len(),
            Input::Whole | Input::Features(_) | Input::Convolutions(_) => self.row_len(),
        }
    }

    /// Words that a sample is encoded to: D / 32, those of an [`IntegerBundle`](super::IntegerBundle), or the distances of
    /// an [`AdditiveTable`](super::AdditiveTable).
    pub fn query_words(&self) -> usize {
        self.spatial.query_words(self.words, self.total())
    }

    /// n-grams in a window.
    fn grams(&self, ngram: Ngram) -> usize {
        (self.steps + 1).saturating_sub(ngram.span())
    }

    /// Words of working memory that [`encode_into`](Self::encode_into) needs: that of a row; for n-grams the last
    /// `(N - 1) s + 1` steps, one n-gram, and the counters of the window; for features a row of them.
    pub fn scratch_words(&self) -> usize {
        let row = self.spatial.scratch_words(self.row_len(), self.words);
        match &self.input {
            Input::Steps(_) | Input::Sequence(_) if self.spatial.is_additive() => row,
            Input::Steps(ngram) | Input::Sequence(ngram) => {
                let bundle = Bundle::storage(self.grams(*ngram), self.words);
                row.saturating_add(Ngrams::storage(*ngram, self.words)).saturating_add(bundle)
            }
            Input::Whole => row,
            Input::Features(_) | Input::Convolutions(_) => row.saturating_add(self.row_len()),
        }
    }

    /// Encodes `sample` (T x C numbers, time-major) into `query` ([`query_words`](Self::query_words) words).
    ///
    /// From steps it costs T spatial encodings, 2 T rotations (`T N` with a stride) and T full adders for each 32 bits
    /// of D, otherwise one spatial encoding.
    ///
    /// # Errors
    /// If `sample` has the wrong length, a number is not finite, or `scratch` is too small.
    pub fn encode_into<V: Value>(
        &self,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        self.check_len(sample.len())?;
        let (for_row, scratch) = self.split(scratch)?;
        match &self.input {
            Input::Steps(_) | Input::Sequence(_) if self.spatial.is_additive() => {
                self.add_steps(sample, for_row, query)
            }
            Input::Steps(ngram) | Input::Sequence(ngram) => {
                Component::Ngrams.require()?;
                self.encode_steps(*ngram, sample, for_row, scratch, query)
            }
            Input::Whole => self.spatial.encode_into(sample, for_row, query),
            Input::Features(_) | Input::Convolutions(_) => {
                self.measure(sample, scratch)?;
                self.encode_measured(scratch, for_row, query)
            }
        }
    }

    /// Of [`scratch_words`](Self::scratch_words) words, those for a row, and the others.
    #[inline]
    pub(super) fn split<'a>(&self, scratch: &'a mut [u32]) -> Result<(&'a mut [u32], &'a mut [u32]), EncodeError> {
        let (expected, got) = (self.scratch_words(), scratch.len());
        let too_small = EncodeError::Scratch { expected, got };
        let scratch = scratch.get_mut(..expected).ok_or(too_small)?;
        let for_row = self.spatial.scratch_words(self.row_len(), self.words);
        scratch.split_at_mut_checked(for_row).ok_or(too_small)
    }

    /// What is encoded of a window, if that is measured.
    #[inline]
    pub(super) fn measure<V: Value>(&self, sample: &[V], row: &mut [u32]) -> Result<(), EncodeError> {
        let measured = match &self.input {
            Input::Features(features) => {
                Component::WindowFeatures.require()?;
                features.measure_into(sample, row)
            }
            Input::Convolutions(convolutions) => {
                Component::Convolutions.require()?;
                convolutions.count_into(sample, row)
            }
            Input::Steps(_) | Input::Sequence(_) | Input::Whole => Ok(()),
        };
        measured.map_err(|index| EncodeError::NotFinite { index })
    }

    /// The row of what was measured of a window, by itself so that a program has it once.
    #[inline(never)]
    fn encode_measured(&self, row: &[u32], for_row: &mut [u32], query: &mut [u32]) -> Result<(), EncodeError> {
        let keys = row.iter().map(|number| Some(number.cast_signed()));
        self.spatial.encode_keys(keys, row.len(), for_row, query)
    }

    pub(super) fn check_len(&self, got: usize) -> Result<(), EncodeError> {
        let expected = self.sample_len();
        if let Input::Sequence(ngram) = &self.input {
            let least = ngram.span().saturating_mul(self.channels);
            let whole = got.checked_rem(self.channels) == Some(0);
            let fits = whole && (least..=expected).contains(&got);
            return if fits { Ok(()) } else { Err(EncodeError::Sequence { least, most: expected, got }) };
        }
        if got == expected { Ok(()) } else { Err(EncodeError::Length { expected, got }) }
    }

    /// The sum over all steps.
    fn add_steps<V: Value>(&self, sample: &[V], for_row: &mut [u32], query: &mut [u32]) -> Result<(), EncodeError> {
        let (channels, total) = (self.channels.max(1), self.total());
        self.spatial.begin(total, query);
        for (step, row) in sample.chunks_exact(channels).enumerate() {
            let keys = row.iter().map(|value| value.key());
            let added = self.spatial.add_keys(keys, (channels, total), for_row, query);
            added.map_err(|error| at_step(error, step, channels))?;
        }
        Ok(())
    }
}

pub(super) fn at_step(error: EncodeError, step: usize, channels: usize) -> EncodeError {
    match error {
        EncodeError::NotFinite { index } => EncodeError::NotFinite { index: step * channels + index },
        EncodeError::Symbol { index, symbol, symbols } => {
            EncodeError::Symbol { index: step * channels + index, symbol, symbols }
        }
        other => other,
    }
}
