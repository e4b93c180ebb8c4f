use hdc_core::{AssociativeMemory, EncodeError, Encoder, Model, Nearest};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::dataset::Dataset;
use crate::progress::{Progress, Stage};
use crate::robustness::Flipper;
use crate::values::Sample;

/// Samples that are classified together, on one thread.
const TOGETHER: usize = 64;

/// Samples as hypervectors, `n x D` bits, with their classes; or as integer bundles, digit by digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    rows: Vec<u32>,
    words: usize,
    /// P: 1, or the digits of integer bundles.
    digits: usize,
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
        let (words, each, total) = (encoder.words, encoder.query_words(), data.len());
        let mut rows = vec![0; total * each];
        let done = AtomicUsize::new(0);
        rows.par_chunks_exact_mut(each).enumerate().try_for_each_init(
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
        Ok(Self { rows, words, digits: each / words, labels: data.labels().to_vec(), classes: data.classes().len() })
    }

    /// Hypervectors of `words` words, or integer bundles of them, that are encoded already, with their classes, all below
    /// `classes`: for methods that train on what another encoder made.
    ///
    /// # Panics
    /// If there are not as many words for every label, or a label is not below `classes`.
    pub fn from_rows(rows: Vec<u32>, words: usize, labels: Vec<usize>, classes: usize) -> Self {
        let digits = (rows.len() / (labels.len() * words).max(1)).max(1);
        assert_eq!(rows.len(), labels.len() * words * digits, "every label has rows of {words} words");
        assert!(labels.iter().all(|&label| label < classes), "labels are below {classes}");
        Self { rows, words, digits, labels, classes }
    }

    /// The same samples with each bit flipped at `rate`, other bits in each sample.
    #[must_use]
    pub(crate) fn flipped(&self, rate: f64, seed: u64) -> Self {
        let mut flipped = self.clone();
        let rows = flipped.rows.par_chunks_exact_mut(self.words * self.digits).enumerate();
        rows.for_each(|(sample, row)| Flipper::new(rate, seed ^ (sample as u64 + 1) << 8).flip(row));
        flipped
    }

    /// These samples and those of `others`, which have as many words and classes.
    #[must_use]
    pub(crate) fn extended(mut self, others: &[Self]) -> Self {
        for other in others {
            debug_assert_eq!((self.words, self.digits, self.classes), (other.words, other.digits, other.classes));
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

    /// The hypervector of sample `index`, or the digits of its [integer bundle](hdc_core::IntegerBundle).
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn row(&self, index: usize) -> &[u32] {
        let each = self.words * self.digits;
        &self.rows[index * each..(index + 1) * each]
    }

    /// The same, to be changed.
    pub(crate) fn row_mut(&mut self, index: usize) -> &mut [u32] {
        let each = self.words * self.digits;
        &mut self.rows[index * each..(index + 1) * each]
    }

    /// The hypervectors of all samples, or their digits.
    pub fn rows(&self) -> impl IndexedParallelIterator<Item = &[u32]> {
        self.rows.par_chunks_exact(self.words * self.digits)
    }

    /// Dimensions 32 `word` to 32 `word` + 31 of sample `index`: -1 for 0 and 1 for 1, or the numbers of an integer bundle.
    pub(crate) fn numbers(&self, index: usize, word: usize) -> [i32; 32] {
        let mut numbers = [0; 32];
        for (digit, plane) in self.row(index).chunks_exact(self.words).enumerate() {
            for (bit, number) in numbers.iter_mut().enumerate() {
                *number += (2 * (plane[word] >> bit & 1).cast_signed() - 1) << digit;
            }
        }
        numbers
    }

    /// The greatest distance that there can be.
    pub(crate) fn farthest(&self) -> u32 {
        (self.words as u32 * 32).saturating_mul((1 << self.digits) - 1)
    }

    /// The root mean square of all numbers of all samples: 1 if they are binary.
    pub(crate) fn deviation(&self) -> f32 {
        if self.digits == 1 {
            return 1.0;
        }
        let square = |number: i32| u64::from(number.unsigned_abs()).pow(2);
        let of = |sample| (0..self.words).flat_map(move |word| self.numbers(sample, word)).map(square).sum::<u64>();
        // Integers add up to the same in any order.
        let sum: u64 = (0..self.len()).into_par_iter().map(of).sum();
        (sum as f64 / (self.len() * self.words * 32) as f64).sqrt() as f32
    }

    /// The class of every sample.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// P: 1, or the digits of integer bundles.
    pub(crate) fn digits(&self) -> usize {
        self.digits
    }

    /// The hypervectors of the samples of `class`, or their digits `digit`.
    pub(crate) fn of_class(&self, class: usize, digit: usize) -> impl Iterator<Item = &[u32]> {
        let plane = digit * self.words..(digit + 1) * self.words;
        let own = self.labels.iter().enumerate().filter(move |&(_, &label)| label == class);
        own.map(move |(sample, _)| &self.row(sample)[plane.clone()])
    }

    /// Share of the samples whose nearest class in `memory` is their own, 0 to 1.
    pub fn accuracy<S: AsRef<[u32]> + Sync>(&self, memory: &AssociativeMemory<S>) -> f32 {
        let right = |(queries, labels): (&[u32], &[usize])| {
            let mut found = [Nearest::default(); TOGETHER];
            if self.digits == 1 {
                memory.nearest_batch(queries, &mut found);
            } else {
                // A batch is of binary queries.
                let queries = queries.chunks_exact(self.words * self.digits);
                found
                    .iter_mut()
                    .zip(queries)
                    .for_each(|(found, query)| *found = memory.nearest(query).unwrap_or_default());
            }
            found.iter().zip(labels).filter(|&(found, &label)| found.class == label).count()
        };
        let parts = self.rows.par_chunks(self.words * self.digits * TOGETHER).zip(self.labels.par_chunks(TOGETHER));
        parts.map(right).sum::<usize>() as f32 / self.len() as f32
    }

    /// The same with `model`, which encoded them.
    pub(crate) fn accuracy_of(&self, model: &Model<'_>) -> f32 {
        let right = |(query, &label): (&[u32], &usize)| model.nearest(query).is_some_and(|found| found.class == label);
        self.rows().zip(&self.labels).filter(|&pair| right(pair)).count() as f32 / self.len() as f32
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }
}
