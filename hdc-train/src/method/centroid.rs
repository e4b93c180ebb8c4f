use std::fmt;

use hdc_core::{Accumulator, Bundle, Tie};
use rayon::prelude::*;

use super::{Job, Method, Prototypes};
use crate::encoded::Encoded;

/// The centroids: a class hypervector is the bundle of the samples of its class, in one pass (Kanerva 2009).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Centroid;

/// In words.
impl fmt::Display for Centroid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("centroids")
    }
}

impl Method for Centroid {
    fn takes_integers(&self) -> bool {
        true
    }

    /// Costs a full adder for each word of a sample, in parallel over the classes.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        if samples.digits() > 1 {
            return Prototypes::single(ClassCounts::of(samples).majority(job.tie));
        }
        let words = samples.words();
        let mut rows = vec![0; samples.classes() * words];
        rows.par_chunks_exact_mut(words).enumerate().for_each(|(class, row)| {
            bundle(samples, class, 0).majority_into(job.tie, row);
        });
        Prototypes::single(rows)
    }
}

/// The bundle of the samples of `class`, or of one digit of them: a full adder for each of their words.
fn bundle(samples: &Encoded, class: usize, digit: usize) -> Bundle<Vec<u32>> {
    let (words, own) = (samples.words(), samples.of_class(class, digit).collect::<Vec<_>>());
    let mut bundle = Bundle::new(vec![0; Bundle::storage(own.len(), words)], words);
    for sample in own {
        // There is room for all of them.
        let _ = bundle.add(sample);
    }
    bundle
}

/// The integer class hypervectors: for every class and dimension, how many more samples had a 1 than a 0; of integer
/// bundles, their sum.
///
/// `C x D` counts of 32 bits. They add: counts of shards, merged, are the counts of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassCounts {
    counts: Vec<i32>,
    words: usize,
}

impl ClassCounts {
    /// Counts of zero for `classes` classes of `words` words.
    pub fn new(classes: usize, words: usize) -> Self {
        Self { counts: vec![0; classes * words * 32], words }
    }

    /// The counts of all samples, each added to its class (centroid training), in parallel over the classes: a full adder for
    /// each word of a sample, then `log2 n` steps a dimension.
    pub fn of(encoded: &Encoded) -> Self {
        let mut counts = Self::new(encoded.classes(), encoded.words());
        let dimension = (counts.words * 32).max(1);
        counts.counts.par_chunks_exact_mut(dimension).enumerate().for_each(|(class, counts)| {
            let mut sums = Accumulator::new(counts);
            (0..encoded.digits()).for_each(|digit| sums.add_bundle(&bundle(encoded, class, digit), 1 << digit));
        });
        counts
    }

    /// Adds the counts of another shard.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!((self.counts.len(), self.words), (other.counts.len(), other.words), "shards have one shape");
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
    }

    /// The counts of one class, D of them.
    pub(super) fn class(&self, class: usize) -> &[i32] {
        &self.counts[class * self.words * 32..(class + 1) * self.words * 32]
    }

    /// Adds `hypervector`, or an integer bundle, to a class `weight` times; a negative weight subtracts it.
    pub(crate) fn add(&mut self, class: usize, hypervector: &[u32], weight: i32) {
        let dimension = self.words * 32;
        let mut sums = Accumulator::new(&mut self.counts[class * dimension..(class + 1) * dimension]);
        for (digit, row) in hypervector.chunks_exact(self.words.max(1)).enumerate() {
            sums.add(row, weight << digit);
        }
    }

    /// Makes the counts of the class `to` those of `from`.
    pub(super) fn copy_class(&mut self, from: usize, to: usize) {
        let dimension = self.words * 32;
        self.counts.copy_within(from * dimension..(from + 1) * dimension, to * dimension);
    }

    /// These counts without those of `part`.
    pub(crate) fn without(&self, part: &Self) -> Self {
        let counts = self.counts.iter().zip(&part.counts).map(|(all, part)| all - part).collect();
        Self { counts, words: self.words }
    }

    /// A sample of `class` that was counted becomes `hypervector`, which differs in the bits of `flipped`.
    pub(crate) fn flip(&mut self, class: usize, hypervector: &[u32], flipped: &[u32]) {
        let dimension = self.words * 32;
        let counts = self.counts[class * dimension..(class + 1) * dimension].chunks_exact_mut(32);
        for ((counts, &word), &flipped) in counts.zip(hypervector).zip(flipped) {
            let mut left = flipped;
            while left != 0 {
                let bit = left.trailing_zeros();
                counts[bit as usize] += if word >> bit & 1 == 1 { 2 } else { -2 };
                left &= left - 1;
            }
        }
    }

    /// The binary class hypervectors, `C x words`: 1 where the count is positive; `tie` decides where it
    /// is 0.
    pub fn majority(&self, tie: Tie) -> Vec<u32> {
        let mut rows = vec![0; self.counts.len() / 32];
        Accumulator::new(&self.counts).majority_into(tie, &mut rows);
        rows
    }

    /// The binary hypervector of one class.
    pub(super) fn majority_into(&self, class: usize, tie: Tie, target: &mut [u32]) {
        Accumulator::new(self.class(class)).majority_into(tie, target);
    }

    /// The dot product of a class with `hypervector`, of which a 0 counts as -1.
    pub(super) fn dot(&self, class: usize, hypervector: &[u32]) -> i64 {
        Accumulator::new(self.class(class)).dot(hypervector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_signed_sums_and_add_up() {
        let (mut whole, mut first, mut second) =
            (ClassCounts::new(2, 1), ClassCounts::new(2, 1), ClassCounts::new(2, 1));
        for (class, hypervector) in [(0, 0b0011), (1, 0b1111), (0, 0b0101), (0, 0b1001)] {
            whole.add(class, &[hypervector], 1);
            if hypervector == 0b0011 { &mut first } else { &mut second }.add(class, &[hypervector], 1);
        }
        first.merge(&second);
        assert_eq!(first, whole);
        assert_eq!(whole.majority(Tie::Zero), [0b0001, 0b1111]);
        whole.add(0, &[0b0001], -1);
        assert_eq!(whole.counts[..4], [2, 0, 0, 0]);
        assert_eq!(whole.majority(Tie::Zero)[0] & 0b1111, 0b0001);
        assert_eq!(whole.majority(Tie::One)[0] & 0b1111, 0b1111);
        assert_eq!(whole.majority(Tie::Alternating)[0] & 0b1111, 0b0101);
    }

    #[test]
    fn what_is_flipped_or_left_out_is_as_if_it_had_been_counted_so() {
        let counted = |rows: &[[u32; 2]]| {
            let mut counts = ClassCounts::new(2, 2);
            rows.iter().for_each(|row| counts.add(1, row, 1));
            counts
        };
        let (a, b, other) = ([0x8000_0011, 7], [0x0f0f_0000, 1 << 31], [3, 0xffff_0000]);
        let mut counts = counted(&[a, other]);
        counts.flip(1, &b, &[a[0] ^ b[0], a[1] ^ b[1]]);
        assert_eq!(counts, counted(&[b, other]));
        assert_eq!(counts.without(&counted(&[b])), counted(&[other]));
    }

    /// Number by number, for more rows than are counted at once.
    #[test]
    fn counts_of_many_are_those_of_one_by_one() {
        let (words, classes, samples) = (3, 2, 53_usize);
        let word = |at: usize| (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(at as u32 % 61) as u32;
        let rows: Vec<u32> = (0..samples * words).map(word).collect();
        let labels: Vec<usize> = (0..samples).map(|sample| usize::from(sample % 3 == 0)).collect();
        let encoded = Encoded::from_rows(rows.clone(), words, labels.clone(), classes);
        let counts = ClassCounts::of(&encoded);
        let query = &rows[..words];
        for class in 0..classes {
            let mut dot = 0;
            for at in 0..words * 32 {
                let one = |row: &[u32]| 2 * (row[at / 32] >> (at % 32) & 1).cast_signed() - 1;
                let own = rows.chunks(words).zip(&labels).filter(|&(_, &label)| label == class);
                let count: i32 = own.map(|(row, _)| one(row)).sum();
                assert_eq!(counts.class(class)[at], count);
                dot += i64::from(count * one(query));
            }
            assert_eq!(counts.dot(class, query), dot);
        }
        for tie in [Tie::Zero, Tie::One, Tie::Alternating] {
            let job = Job { tie, seed: 1, progress: &|_| {} };
            assert_eq!(Centroid.train(&encoded, &job).rows, counts.majority(tie));
        }
    }
}
