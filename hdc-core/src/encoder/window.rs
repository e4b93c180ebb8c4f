use super::{EncodeError, Ngram, Ngrams, RecordEncoder};
use crate::{Bundle, Tie, Value};

/// Encodes a window of T time steps x C channels as the bundle of its temporal n-grams:
/// `H = majority_t( G_t )` (Rahimi et al. 2016, PULP-HD 2018). A feature row is a window of one step, and
/// its encoding is the record encoding.
#[derive(Clone, Debug)]
pub struct Encoder<S> {
    /// The encoder of one time step.
    pub record: RecordEncoder<S>,
    /// The time steps T in a window, at least the n-gram's span.
    pub steps: usize,
    /// How the steps are bound.
    pub ngram: Ngram,
    /// Words in a hypervector, D / 32.
    pub words: usize,
    /// The rule where the number of n-grams is even.
    pub tie: Tie,
}

impl<S: AsRef<[u32]>> Encoder<S> {
    /// Numbers in a sample, T C.
    pub fn sample_len(&self) -> usize {
        self.steps.saturating_mul(self.record.channels())
    }

    /// n-grams in a window.
    fn grams(&self) -> usize {
        (self.steps + 1).saturating_sub(self.ngram.span())
    }

    /// Words of working memory that [`encode_into`](Self::encode_into) needs: C levels, the last
    /// `(N - 1) s + 1` steps, one n-gram, and the counters of the window.
    pub fn scratch_words(&self) -> usize {
        if self.steps == 1 {
            return self.record.channels();
        }
        let ngrams = Ngrams::storage(self.ngram, self.words);
        ngrams.saturating_add(Bundle::storage(self.grams(), self.words)).saturating_add(self.record.channels())
    }

    /// Encodes `sample` (T x C numbers, time-major) into `query` (`D / 32` words).
    ///
    /// Costs T record encodings, 2 T rotations (`T N` with a stride) and T full adders for each 32 bits of D.
    ///
    /// # Errors
    /// If `sample` has the wrong length, a number is not finite, or `scratch` is too small.
    pub fn encode_into<V: Value>(
        &self,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        if sample.len() != self.sample_len() {
            return Err(EncodeError::Length { expected: self.sample_len(), got: sample.len() });
        }
        let (expected, got) = (self.scratch_words(), scratch.len());
        let too_small = EncodeError::Scratch { expected, got };
        let scratch = scratch.get_mut(..expected).ok_or(too_small)?;
        let (levels, scratch) = scratch.split_at_mut_checked(self.record.channels()).ok_or(too_small)?;
        if self.steps == 1 {
            return self.record.encode_into(sample, levels, query);
        }
        let ring = Ngrams::storage(self.ngram, self.words);
        let (ring, counters) = scratch.split_at_mut_checked(ring).ok_or(too_small)?;
        let mut ngrams = Ngrams::new(self.ngram, self.words, ring);
        let mut bundle = Bundle::new(counters, self.words);
        let channels = self.record.channels().max(1);
        for (step, row) in sample.chunks_exact(channels).enumerate() {
            let spatial = |target: &mut [u32]| self.record.encode_into(row, levels, target);
            if let Some(gram) = ngrams.push(spatial).map_err(|error| at_step(error, step, channels))? {
                // The counters were sized for all n-grams of the window.
                let _ = bundle.add(gram);
            }
        }
        bundle.majority_into(self.tie, query);
        Ok(())
    }
}

fn at_step(error: EncodeError, step: usize, channels: usize) -> EncodeError {
    match error {
        EncodeError::NotFinite { index } => EncodeError::NotFinite { index: step * channels + index },
        other => other,
    }
}
