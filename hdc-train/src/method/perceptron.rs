use std::fmt;

use super::cosines::Cosines;
use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// Retraining on mistakes of the *integer* class hypervectors (`AdaptHD`, Imani et al. 2019, with a constant rate of 1).
///
/// For each sample that is more similar, by cosine, to a wrong class than to its own, it is added to the counts of its
/// class and subtracted from those of the other; the counts are made binary at the end of each epoch, and the best
/// epoch is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perceptron {
    /// Most passes over the samples; it stops after one without mistakes.
    pub epochs: usize,
}

impl Default for Perceptron {
    /// 20 epochs.
    fn default() -> Self {
        Self { epochs: 20 }
    }
}

/// In words.
impl fmt::Display for Perceptron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "perceptron, {} epochs", self.epochs)
    }
}

impl Method for Perceptron {
    /// Costs `O(epochs n K D)` integer additions, on one thread.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let mut classes = Cosines::new(ClassCounts::of(samples), samples.classes());
        let mut best = Best::new(Prototypes::single(classes.majority(job.tie)), samples);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut shuffle = Shuffle::new(job.seed);
        for epoch in 0..self.epochs {
            shuffle.shuffle(&mut order);
            let mut mistakes = 0;
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (found, _) = classes.most_similar(query);
                if found != own {
                    mistakes += 1;
                    classes.add(own, query, 1);
                    classes.add(found, query, -1);
                }
            }
            best.offer(&classes.majority(job.tie), samples);
            let done = if mistakes == 0 { self.epochs } else { epoch + 1 };
            (job.progress)(Progress { stage: Stage::Retrain, done, total: self.epochs });
            if mistakes == 0 {
                break;
            }
        }
        best.prototypes
    }
}
