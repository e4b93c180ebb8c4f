use std::fmt;

use hdc_core::Tie;
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

    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        Prototypes::single(ClassCounts::of(samples).majority(job.tie))
    }
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

    /// The counts of all samples, each added to its class (centroid training): `O(n D)`, in parallel over
    /// the classes.
    pub fn of(encoded: &Encoded) -> Self {
        let mut counts = Self::new(encoded.classes(), encoded.words());
        let dimension = (counts.words * 32).max(1);
        counts.counts.par_chunks_exact_mut(dimension).enumerate().for_each(|(class, counts)| {
            let own = |&sample: &usize| encoded.labels()[sample] == class;
            (0..encoded.len()).filter(own).for_each(|sample| add(counts, encoded.row(sample), 1));
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
        add(&mut self.counts[class * dimension..(class + 1) * dimension], hypervector, weight);
    }

    /// The binary class hypervectors, `C x words`: 1 where the count is positive; `tie` decides where it
    /// is 0.
    pub fn majority(&self, tie: Tie) -> Vec<u32> {
        self.counts.chunks_exact(32).map(|counts| majority_word(counts, tie)).collect()
    }

    /// The binary hypervector of one class.
    pub(super) fn majority_into(&self, class: usize, tie: Tie, target: &mut [u32]) {
        let counts = self.counts.chunks_exact(32).skip(class * self.words);
        target.iter_mut().zip(counts).for_each(|(word, counts)| *word = majority_word(counts, tie));
    }
}

/// `counts += weight` where the bit is 1, `-= weight` where it is 0. Of an integer bundle, digit p is added `2^p` times.
fn add(counts: &mut [i32], row: &[u32], weight: i32) {
    for (digit, plane) in row.chunks_exact((counts.len() / 32).max(1)).enumerate() {
        for (counts, &word) in counts.chunks_exact_mut(32).zip(plane) {
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += (2 * (word >> bit & 1).cast_signed() - 1) * (weight << digit);
            }
        }
    }
}

fn majority_word(counts: &[i32], tie: Tie) -> u32 {
    let (mut positive, mut zero) = (0, 0);
    for (bit, &count) in counts.iter().enumerate() {
        positive |= u32::from(count > 0) << bit;
        zero |= u32::from(count == 0) << bit;
    }
    positive | zero & tie.word()
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
}
