use std::fmt;

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
        let mut counts = ClassCounts::of(samples);
        let mut best = Best::new(Prototypes::single(counts.majority(job.tie)), samples);
        let mut lengths = Lengths::of(&counts, samples.classes());
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut shuffle = Shuffle::new(job.seed);
        for epoch in 0..self.epochs {
            shuffle.shuffle(&mut order);
            let mut mistakes = 0;
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (found, _) = lengths.most_similar(&counts, query);
                if found != own {
                    mistakes += 1;
                    for (class, weight) in [(own, 1), (found, -1)] {
                        counts.add(class, query, weight);
                        lengths.update(&counts, class);
                    }
                }
            }
            best.offer(&counts.majority(job.tie), samples);
            let done = if mistakes == 0 { self.epochs } else { epoch + 1 };
            (job.progress)(Progress { stage: Stage::Retrain, done, total: self.epochs });
            if mistakes == 0 {
                break;
            }
        }
        best.prototypes
    }
}

/// The lengths of integer class hypervectors, kept while they change.
pub(super) struct Lengths(Vec<f64>);

impl Lengths {
    pub(super) fn of(counts: &ClassCounts, classes: usize) -> Self {
        Self((0..classes).map(|class| length(counts.class(class))).collect())
    }

    /// After a class has changed.
    pub(super) fn update(&mut self, counts: &ClassCounts, class: usize) {
        self.0[class] = length(counts.class(class));
    }

    /// The class whose counts have the largest cosine with `query`, and all those cosines.
    pub(super) fn most_similar(&self, counts: &ClassCounts, query: &[u32]) -> (usize, Vec<f64>) {
        let root = (query.len() as f64 * 32.0).sqrt();
        let cosine = |(class, &length): (usize, &f64)| match length > 0.0 {
            true => counts.dot(class, query) as f64 / (length * root),
            false => 0.0,
        };
        let cosines: Vec<f64> = self.0.iter().enumerate().map(cosine).collect();
        let best = (0..cosines.len()).fold(0, |best, class| if cosines[class] > cosines[best] { class } else { best });
        (best, cosines)
    }
}

fn length(counts: &[i32]) -> f64 {
    let square: i64 = counts.iter().map(|&count| i64::from(count) * i64::from(count)).sum();
    (square as f64).sqrt()
}
