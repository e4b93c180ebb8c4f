use hdc_core::{AssociativeMemory, EncodeError, Encoder};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::dataset::Dataset;
use crate::progress::{Progress, Stage};
use crate::robustness::Flipper;
use crate::values::Sample;

/// Samples as hypervectors, `n x D` bits, with their classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    rows: Vec<u32>,
    words: usize,
    labels: Vec<usize>,
    classes: usize,
}

impl Encoded {
    /// Encodes all samples of `data`, in parallel; the order is that of the data.
    ///
    /// # Errors
    /// If a sample does not fit the encoder.
    pub fn new<S: AsRef<[u32]> + Sync>(
        encoder: &Encoder<S>,
        data: &Dataset,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Self, EncodeError> {
        let (words, total) = (encoder.words, data.len());
        let mut rows = vec![0; total * words];
        let done = AtomicUsize::new(0);
        rows.par_chunks_exact_mut(words).enumerate().try_for_each_init(
            || vec![0; encoder.scratch_words()],
            |scratch, (index, row)| {
                match data.sample(index) {
                    Sample::I16(sample) => encoder.encode_into(sample, scratch, row)?,
                    Sample::F32(sample) => encoder.encode_into(sample, scratch, row)?,
                }
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(64) || done == total {
                    progress(Progress { stage: Stage::Encode, done, total });
                }
                Ok::<_, EncodeError>(())
            },
        )?;
        Ok(Self { rows, words, labels: data.labels().to_vec(), classes: data.classes().len() })
    }

    /// Hypervectors that are encoded already, `n x words`, with their classes, all below `classes`: for methods that train
    /// on what another encoder made.
    ///
    /// # Panics
    /// If there is not a row for every label, or a label is not below `classes`.
    pub fn from_rows(rows: Vec<u32>, words: usize, labels: Vec<usize>, classes: usize) -> Self {
        assert_eq!(rows.len(), labels.len() * words, "every label has a row of {words} words");
        assert!(labels.iter().all(|&label| label < classes), "labels are below {classes}");
        Self { rows, words, labels, classes }
    }

    /// The same samples with each bit flipped at `rate`, other bits in each sample.
    #[must_use]
    pub(crate) fn flipped(&self, rate: f64, seed: u64) -> Self {
        let mut flipped = self.clone();
        let rows = flipped.rows.par_chunks_exact_mut(self.words).enumerate();
        rows.for_each(|(sample, row)| Flipper::new(rate, seed ^ (sample as u64 + 1) << 8).flip(row));
        flipped
    }

    /// These samples and those of `others`, which have as many words and classes.
    #[must_use]
    pub(crate) fn extended(mut self, others: &[Self]) -> Self {
        for other in others {
            debug_assert_eq!((self.words, self.classes), (other.words, other.classes));
            self.rows.extend_from_slice(&other.rows);
            self.labels.extend_from_slice(&other.labels);
        }
        self
    }

    /// The same samples with the hypervectors of both, one after the other.
    ///
    /// # Panics
    /// If they are not the same number of samples.
    #[must_use]
    pub(crate) fn join(self, second: &Self) -> Self {
        assert_eq!(self.labels, second.labels, "encodings of the same samples are joined");
        let pairs = (0..self.len()).flat_map(|sample| self.row(sample).iter().chain(second.row(sample)));
        let rows = pairs.copied().collect();
        Self { rows, words: self.words + second.words, ..self }
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Words in a hypervector.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The hypervector of sample `index`.
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn row(&self, index: usize) -> &[u32] {
        &self.rows[index * self.words..(index + 1) * self.words]
    }

    /// The hypervectors of all samples.
    pub fn rows(&self) -> impl IndexedParallelIterator<Item = &[u32]> {
        self.rows.par_chunks_exact(self.words)
    }

    /// The class of every sample.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// Share of the samples whose nearest class in `memory` is their own, 0 to 1.
    pub fn accuracy<S: AsRef<[u32]> + Sync>(&self, memory: &AssociativeMemory<S>) -> f32 {
        let right = |(query, &label): (&[u32], &usize)| memory.nearest(query).is_some_and(|found| found.class == label);
        self.rows().zip(&self.labels).filter(|&pair| right(pair)).count() as f32 / self.len() as f32
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }
}
