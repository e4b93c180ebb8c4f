use std::fmt;

use super::cosines::{Cosines, best_epoch};
use super::{ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
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
        let mut classes = Cosines::new(ClassCounts::new(samples.classes(), samples.words()), samples.classes());
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut shuffle = Shuffle::new(job.seed);
        let weight = |cosine: f64| ((1.0 - cosine) * 64.0).round() as i32;
        best_epoch(samples, job, self.epochs, |epoch| {
            if epoch > 0 {
                shuffle.shuffle(&mut order);
            }
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (found, cosines) = classes.most_similar(query);
                if epoch == 0 || found != own {
                    classes.add(own, query, weight(cosines[own]));
                }
                // At the start no class has anything to subtract from.
                if found != own && cosines[found] > 0.0 {
                    classes.add(found, query, -weight(cosines[found]));
                }
            }
            classes.majority(job.tie)
        })
    }
}
