use super::{EncodeError, RecordEncoder};
use crate::bundle::planes_for;
use crate::{Bundle, Tie, Value, kernel};

/// The temporal n-gram of a window encoder: how many time steps are bound together and how far apart.
///
/// `G_t = S_t XOR rho(S_{t-s}) XOR .. XOR rho^{N-1}(S_{t-(N-1)s})`, with rho a rotation by one bit.
/// Order 1 is no n-gram: `G_t = S_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "model", derive(serde::Serialize, serde::Deserialize))]
pub struct Ngram {
    /// N, the number of steps bound together, at least 1.
    pub order: u16,
    /// s, the distance of those steps, at least 1.
    pub stride: u16,
}

impl Ngram {
    /// No n-gram: every step by itself.
    pub const NONE: Self = Self { order: 1, stride: 1 };

    /// A 3-gram that reaches over a tenth of a window of `steps` steps: a start where nothing is known of
    /// the signal. Windows of fewer than three steps, and feature rows, get what fits.
    pub const fn spread(steps: usize) -> Self {
        let order = if steps < 3 { steps as u16 } else { 3 };
        let stride = if steps < 40 { 1 } else { steps / 20 };
        Self {
            order: if order == 0 { 1 } else { order },
            stride: if stride > u16::MAX as usize { u16::MAX } else { stride as u16 },
        }
    }

    /// The time steps that one n-gram reaches over, `(N - 1) s + 1`.
    pub const fn span(self) -> usize {
        (self.order as usize).saturating_sub(1) * self.stride as usize + 1
    }
}

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
        let window = if self.steps == 1 { 0 } else { self.ngram.span() + 1 + planes_for(self.grams()) };
        self.words.saturating_mul(window).saturating_add(self.record.channels())
    }

    /// Encodes `sample` (T x C numbers, time-major) into `query` (`D / 32` words).
    ///
    /// Costs T record encodings, `T N` rotations and `T log2(T)` word operations for each 32 bits of D.
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
        let (ring, scratch) = scratch.split_at_mut_checked(self.ngram.span() * self.words).ok_or(too_small)?;
        let (gram, counters) = scratch.split_at_mut_checked(self.words).ok_or(too_small)?;
        let mut bundle = Bundle::new(counters, self.words);
        let span = self.ngram.span();
        let channels = self.record.channels().max(1);
        let mut place = 0;
        for (step, row) in sample.chunks_exact(channels).enumerate() {
            let newest = slot(ring, place, self.words);
            self.record.encode_into(row, levels, newest).map_err(|error| at_step(error, step, channels))?;
            if step + 1 >= span {
                gram.fill(0);
                for back in 0..usize::from(self.ngram.order) {
                    let steps_back = back * usize::from(self.ngram.stride);
                    let past = place.checked_sub(steps_back).unwrap_or((place + span).wrapping_sub(steps_back));
                    let past = slot(ring, past, self.words);
                    kernel::rotate_xor_assign(gram, past, back);
                }
                // The counters were sized for all n-grams of the window.
                let _ = bundle.add(gram);
            }
            place = if place + 1 == span { 0 } else { place + 1 };
        }
        bundle.majority_into(self.tie, query);
        Ok(())
    }
}

/// Hypervector `index` of the ring.
fn slot(ring: &mut [u32], index: usize, words: usize) -> &mut [u32] {
    ring.get_mut(index * words..(index + 1) * words).unwrap_or(&mut [])
}

fn at_step(error: EncodeError, step: usize, channels: usize) -> EncodeError {
    match error {
        EncodeError::NotFinite { index } => EncodeError::NotFinite { index: step * channels + index },
        other => other,
    }
}
