use std::fmt;

use super::cosines::{Cosines, best_epoch};
use super::{ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::shuffle::Shuffle;

/// Training that also learns from right decisions, where they are less sure than mistakes are (`RefineHD`, Vergés, Givargis &
/// Nicolau, ICRC 2023).
///
/// All weights have the factor `w = 1 - (cos_1 - cos_2)` of the two most similar classes: a narrow decision weighs more. A
/// mistake is added to its class with weight `w (1 - cos)` and subtracted from the winner with its own `w (1 - cos)`. A sample
/// that is classified right is added to its class with weight `w`, if its similarity is at most the mean one of the winners of
/// all mistakes so far, or of all samples before the first. Weights are fixed-point, in 1/64.
///
/// The authors' own code (torchhd) has `w = 1 - cos_1 - cos_2`, which is negative where hypervectors of all classes are alike,
/// as those of records are. In binary class hypervectors it is behind [`OnlineHd`](super::OnlineHd) (`cargo xtask folds
/// methods`): it is there to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefineHd {
    /// Passes over the samples, each in a new order; 1 is single-pass learning.
    pub epochs: usize,
}

impl Default for RefineHd {
    /// 20 epochs.
    fn default() -> Self {
        Self { epochs: 20 }
    }
}

/// In words.
impl fmt::Display for RefineHd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefineHD, {} epochs", self.epochs)
    }
}

impl Method for RefineHd {
    /// Costs `O(epochs n K D)` integer additions, on one thread.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let mut classes = Cosines::new(ClassCounts::new(samples.classes(), samples.words()), samples.classes());
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut shuffle = Shuffle::new(job.seed);
        let (mut all, mut mistakes) = (Mean::default(), Mean::default());
        best_epoch(samples, job, self.epochs, |_| {
            shuffle.shuffle(&mut order);
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (found, cosines) = classes.most_similar(query);
                let others = cosines.iter().enumerate().filter(|(class, _)| *class != found);
                let second = others.map(|(_, &cosine)| cosine).reduce(f64::max);
                let narrow = 1.0 - (cosines[found] - second.unwrap_or(cosines[found]));
                let mut learn = |class, weight: f64| classes.add(class, query, (weight * 64.0).round() as i32);
                all.add(cosines[found]);
                if found != own {
                    mistakes.add(cosines[found]);
                    learn(own, narrow * (1.0 - cosines[own]));
                    // At the start no class has anything to subtract from.
                    if cosines[found] > 0.0 {
                        learn(found, -narrow * (1.0 - cosines[found]));
                    }
                } else if cosines[found] <= mistakes.or(all) {
                    learn(own, narrow);
                }
            }
            classes.majority(job.tie)
        })
    }
}

/// A mean of numbers as they come.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, number: f64) {
        self.sum += number;
        self.count += 1.0;
    }

    /// It, or that of others if there is no number yet.
    fn or(self, others: Self) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { others.sum / others.count }
    }
}
