//! Integer class hypervectors that are compared by cosine while they change.

use hdc_core::Tie;

use super::{Best, ClassCounts, Job, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};

/// Counts of classes and their lengths.
pub(super) struct Cosines {
    counts: ClassCounts,
    lengths: Vec<f64>,
}

impl Cosines {
    pub(super) fn new(counts: ClassCounts, classes: usize) -> Self {
        let lengths = (0..classes).map(|class| length(counts.class(class))).collect();
        Self { counts, lengths }
    }

    /// Adds `query` to `class` so many times.
    pub(super) fn add(&mut self, class: usize, query: &[u32], weight: i32) {
        self.counts.add(class, query, weight);
        self.lengths[class] = length(self.counts.class(class));
    }

    /// The class whose counts have the largest cosine with `query`, and all those cosines: 0 with a class of zeros.
    pub(super) fn most_similar(&self, query: &[u32]) -> (usize, Vec<f64>) {
        let root = (query.len() as f64 * 32.0).sqrt();
        let cosine = |(class, &length): (usize, &f64)| match length > 0.0 {
            true => self.counts.dot(class, query) as f64 / (length * root),
            false => 0.0,
        };
        let cosines: Vec<f64> = self.lengths.iter().enumerate().map(cosine).collect();
        let best = (0..cosines.len()).fold(0, |best, class| if cosines[class] > cosines[best] { class } else { best });
        (best, cosines)
    }

    /// Their signs.
    pub(super) fn majority(&self, tie: Tie) -> Vec<u32> {
        self.counts.majority(tie)
    }
}

fn length(counts: &[i32]) -> f64 {
    let square: i64 = counts.iter().map(|&count| i64::from(count) * i64::from(count)).sum();
    (square as f64).sqrt()
}

/// The best of what `pass` makes of the samples in each epoch, of which there is at least one.
pub(super) fn best_epoch(
    samples: &Encoded,
    job: &Job<'_>,
    epochs: usize,
    mut pass: impl FnMut(usize) -> Vec<u32>,
) -> Prototypes {
    let told = |epoch| (job.progress)(Progress { stage: Stage::Retrain, done: epoch + 1, total: epochs });
    let mut best = Best::new(Prototypes::single(pass(0)), samples);
    told(0);
    for epoch in 1..epochs {
        best.offer(&pass(epoch), samples);
        told(epoch);
    }
    best.prototypes
}
