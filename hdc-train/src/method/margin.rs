use std::fmt;

use hdc_core::{AssociativeMemory, Nearest, Tie, kernel};

use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// Retraining of the centroids on mistakes and on narrow decisions.
///
/// For each sample, in a new order in every epoch: if it is nearer to a wrong class than to its own, or
/// farther from its own by less than a margin than from the nearest wrong one, it is added to the counts of
/// its own class and subtracted from those of the other, and both class hypervectors are made binary again
/// at once. The *binary* hypervectors decide, as in QuantHD (Imani et al. 2019); the margin is that of
/// confidence-based training (Smets et al. 2023, arXiv 2305.19007), here in units of the mean distance of
/// the centroids, so that one value serves encoders that spread the classes more or less.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(clippy::doc_markdown, reason = "QuantHD is a name")]
pub struct Margin {
    /// Most passes over the training samples; 0 leaves the centroids as they are. It stops when a pass
    /// changes nothing.
    pub epochs: usize,
    /// The margin, as a share of the mean Hamming distance between the centroids, times the root mean square of integer
    /// bundles; 0 for mistakes only.
    pub margin: f32,
}

impl Default for Margin {
    /// 20 epochs with a margin of 0.25.
    fn default() -> Self {
        Self { epochs: 20, margin: 0.25 }
    }
}

/// In words.
impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "retrained with margin {}, {} epochs", self.margin, self.epochs)
    }
}

impl Method for Margin {
    fn takes_integers(&self) -> bool {
        true
    }

    /// Returns the class hypervectors of the epoch that classifies most training samples right; the centroids count as
    /// an epoch. So mislabelled samples, which a margin chases in vain, cannot make the model worse than its centroids.
    ///
    /// Costs up to `epochs n` searches and updates, `O(epochs n C D)`. Samples follow each other, so it
    /// runs on one thread.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let words = samples.words();
        let mut counts = ClassCounts::of(samples);
        let mut classes = counts.majority(job.tie);
        let margin = self.margin * mean_distance(&classes, words) * samples.deviation();
        let mut shuffle = Shuffle::new(job.seed);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut best = Best::new(Prototypes::single(classes.clone()), samples);
        for epoch in 0..self.epochs {
            shuffle.shuffle(&mut order);
            let changed = pass(margin, &mut counts, &mut classes, samples, &order, job.tie) > 0;
            best.offer(&classes, samples);
            let done = if changed { epoch + 1 } else { self.epochs };
            (job.progress)(Progress { stage: Stage::Retrain, done, total: self.epochs });
            if !changed {
                break;
            }
        }
        best.prototypes
    }
}

impl Margin {
    /// One pass over the samples `order`, with the margin that fits the classes at its start; returns how many samples
    /// moved a class.
    pub(crate) fn pass(
        &self,
        counts: &mut ClassCounts,
        classes: &mut [u32],
        samples: &Encoded,
        order: &[usize],
        tie: Tie,
    ) -> usize {
        let margin = self.margin * mean_distance(classes, samples.words()) * samples.deviation();
        pass(margin, counts, classes, samples, order, tie)
    }
}

fn pass(
    margin: f32,
    counts: &mut ClassCounts,
    classes: &mut [u32],
    samples: &Encoded,
    order: &[usize],
    tie: Tie,
) -> usize {
    let words = samples.words();
    let mut moved = 0;
    for &sample in order {
        let (query, own) = (samples.row(sample), samples.labels()[sample]);
        if let Some(rival) = rival(classes, words, query, own, margin) {
            moved += 1;
            for (class, weight) in [(own, 1), (rival, -1)] {
                counts.add(class, query, weight);
                counts.majority_into(class, tie, &mut classes[class * words..(class + 1) * words]);
            }
        }
    }
    moved
}

/// The nearest class that is not `own`, if `own` does not win against it by at least `margin` bits.
fn rival(classes: &[u32], words: usize, query: &[u32], own: usize, margin: f32) -> Option<usize> {
    let memory = AssociativeMemory::new(classes, words);
    let Nearest { class, margin: lead, .. } = memory.nearest(query)?;
    if class != own {
        return Some(class);
    }
    if lead as f32 >= margin {
        return None;
    }
    let rivals = memory.distances(query).enumerate().filter(|&(class, _)| class != own);
    rivals.min_by_key(|&(_, distance)| distance).map(|(class, _)| class)
}

/// The mean Hamming distance between two different rows of `classes`.
fn mean_distance(classes: &[u32], words: usize) -> f32 {
    let rows: Vec<&[u32]> = classes.chunks_exact(words.max(1)).collect();
    let pairs = rows.iter().enumerate().flat_map(|(index, a)| rows[..index].iter().map(|b| kernel::hamming(a, b)));
    let (sum, count) = pairs.fold((0_u64, 0_u64), |(sum, count), distance| (sum + u64::from(distance), count + 1));
    sum as f32 / count.max(1) as f32
}
