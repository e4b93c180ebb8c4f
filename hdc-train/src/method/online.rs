use std::fmt;

use super::perceptron::Lengths;
use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// Training that adds a sample the more, the less its class resembles it already (`OnlineHD`, Hernández-Cano et al. 2021).
///
/// In the first pass, in the order of the data, every sample is added to its class with weight `1 - cos` and subtracted
/// from a wrong winner with its own `1 - cos`; later passes do so for mistakes only. Weights are fixed-point, in 1/64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnlineHd {
    /// Passes over the samples; 1 is single-pass learning.
    pub epochs: usize,
}

impl Default for OnlineHd {
    /// 20 epochs.
    fn default() -> Self {
        Self { epochs: 20 }
    }
}

/// In words.
impl fmt::Display for OnlineHd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnlineHD, {} epochs", self.epochs)
    }
}

impl Method for OnlineHd {
    /// Costs `O(epochs n K D)` integer additions, on one thread.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let classes = samples.classes();
        let mut counts = ClassCounts::new(classes, samples.words());
        let mut lengths = Lengths::of(&counts, classes);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut shuffle = Shuffle::new(job.seed);
        let mut best: Option<Best> = None;
        let weight = |cosine: f64| ((1.0 - cosine) * 64.0).round() as i32;
        for epoch in 0..self.epochs.max(1) {
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (found, cosines) = lengths.most_similar(&counts, query);
                if epoch == 0 || found != own {
                    counts.add(own, query, weight(cosines[own]));
                    lengths.update(&counts, own);
                }
                // At the start no class has anything to subtract from.
                if found != own && cosines[found] > 0.0 {
                    counts.add(found, query, -weight(cosines[found]));
                    lengths.update(&counts, found);
                }
            }
            let rows = counts.majority(job.tie);
            match &mut best {
                Some(best) => best.offer(&rows, samples),
                None => best = Some(Best::new(Prototypes::single(rows), samples)),
            }
            (job.progress)(Progress { stage: Stage::Retrain, done: epoch + 1, total: self.epochs });
            shuffle.shuffle(&mut order);
        }
        best.map_or_else(|| Prototypes::single(counts.majority(job.tie)), |best| best.prototypes)
    }
}
