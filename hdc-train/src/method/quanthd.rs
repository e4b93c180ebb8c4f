use std::fmt;

use rayon::prelude::*;

use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};

/// Retraining on mistakes of the *binary* class hypervectors, an epoch at a time (`QuantHD`, Imani et al. 2019).
///
/// All samples are classified by the binary hypervectors; the wrong ones are added to the counts of their own class and
/// subtracted from those of the other, and only then are the counts made binary again. The best epoch is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantHd {
    /// Most passes over the samples; it stops after one without mistakes.
    pub epochs: usize,
}

impl Default for QuantHd {
    /// 30 epochs.
    fn default() -> Self {
        Self { epochs: 30 }
    }
}

/// In words.
impl fmt::Display for QuantHd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QuantHD, {} epochs", self.epochs)
    }
}

impl Method for QuantHd {
    /// Costs `O(epochs n K D / 32)`, in parallel over the samples, and an addition for every mistake.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let mut counts = ClassCounts::of(samples);
        let mut prototypes = Prototypes::single(counts.majority(job.tie));
        let mut best = Best::new(prototypes.clone(), samples);
        for epoch in 0..self.epochs {
            let memory = prototypes.memory(samples.words());
            let found: Vec<Option<usize>> =
                samples.rows().map(|query| memory.nearest(query).map(|nearest| nearest.class)).collect();
            let wrong = found.iter().zip(samples.labels()).enumerate();
            let mut mistakes = 0;
            for (sample, (&found, &own)) in wrong {
                if let Some(found) = found.filter(|&found| found != own) {
                    mistakes += 1;
                    counts.add(own, samples.row(sample), 1);
                    counts.add(found, samples.row(sample), -1);
                }
            }
            prototypes.rows = counts.majority(job.tie);
            best.offer(&prototypes.rows, samples);
            let done = if mistakes == 0 { self.epochs } else { epoch + 1 };
            (job.progress)(Progress { stage: Stage::Retrain, done, total: self.epochs });
            if mistakes == 0 {
                break;
            }
        }
        best.prototypes
    }
}
