//! Windows whose time steps are encoded one by one: the bundle of their n-grams.

use super::window::at_step;
use super::{EncodeError, Encoder, Ngram, Ngrams, RecordEncoder, Spatial};
use crate::kernel::{self, Steps};
use crate::{Bundle, Value};

/// Numbers that are quantised at once.
const KEYS: usize = 256;

/// The n-grams that are bundled at once, and the one before. They begin at a line of the cache.
#[repr(align(64))]
struct Grams([u32; GRAMS]);

/// Words of them, in as many rows as there are: at least two.
const GRAMS: usize = 4096;

/// A chip has too few registers, and too little memory, to take many steps at once.
const CHIP: bool = cfg!(target_os = "none");

impl<S: AsRef<[u32]>> Encoder<S> {
    pub(super) fn encode_steps<V: Value>(
        &self,
        ngram: Ngram,
        sample: &[V],
        for_row: &mut [u32],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (expected, got) = (Ngrams::storage(ngram, self.words), scratch.len());
        let (ring, counters) = scratch.split_at_mut_checked(expected).ok_or(EncodeError::Scratch { expected, got })?;
        let mut bundle = Bundle::new(counters, self.words);
        let fits = ngram.stride == 1 && ngram.order <= 31 && self.channels <= KEYS && 2 * self.words <= GRAMS;
        let stored = match &self.spatial {
            Spatial::Record(record) if fits && !CHIP && !record.is_learned() && record.channels() == self.channels => {
                record.stored_rows().map(|rows| (record, rows))
            }
            _ => None,
        };
        if let Some((record, rows)) = stored {
            self.add_many(ngram, (record, rows), sample, ring, &mut bundle)?;
        } else {
            let mut ngrams = Ngrams::new(ngram, self.words, ring);
            let channels = self.channels.max(1);
            for (step, row) in sample.chunks_exact(channels).enumerate() {
                let pushed = ngrams.push(|target| self.spatial.encode_into(row, for_row, target));
                if let Some(gram) = pushed.map_err(|error| at_step(error, step, channels))? {
                    // The counters were sized for all n-grams of the window.
                    let _ = bundle.add(gram);
                }
            }
        }
        bundle.majority_into(self.tie, query);
        Ok(())
    }

    /// Adds the n-grams of records with these items and levels to `bundle`, many at a time: their numbers are quantised
    /// together, and the n-grams made in one pass.
    fn add_many<V: Value>(
        &self,
        ngram: Ngram,
        (record, (items, levels)): (&RecordEncoder<S>, (&[u32], &[u32])),
        sample: &[V],
        ring: &mut [u32],
        bundle: &mut Bundle<&mut [u32]>,
    ) -> Result<(), EncodeError> {
        let (span, channels, words) = (ngram.span(), self.channels.max(1), self.words.max(1));
        let Grams(grams) = &mut Grams([0; GRAMS]);
        let mut keys = [0; KEYS];
        let most = (GRAMS / words - 1).min(KEYS / channels);
        ring.fill(0);
        let mut taken = 0;
        for values in sample.chunks(most * channels) {
            let keys = keys.get_mut(..values.len()).unwrap_or_default();
            for (index, (key, value)) in keys.iter_mut().zip(values).enumerate() {
                let index = taken * channels + index;
                *key = value.key().ok_or(EncodeError::NotFinite { index })?.cast_unsigned();
            }
            record.quantiser.quantise_rows(channels, keys);
            let place = taken % (span + 1);
            let steps = Steps { level_of: keys, channels, ring, place, grams };
            kernel::record_grams(items, levels, words, record.tie, steps);
            // Those before the first one lack steps before them.
            let (first, count) = (span.saturating_sub(taken).max(1), keys.len() / channels);
            if let Some(grams) = grams.get(first * words..(count + 1) * words) {
                // The counters were sized for all n-grams of the window.
                let _ = bundle.add_all(grams);
            }
            grams.copy_within(count * words..(count + 1) * words, 0);
            taken += count;
        }
        Ok(())
    }
}
