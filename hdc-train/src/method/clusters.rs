use std::fmt;

use hdc_core::{AssociativeMemory, Tie, kernel};

use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// Several prototypes a class: clusters of its samples, retrained on mistakes (`MEMHD`, 2025, arXiv 2502.07834).
///
/// The samples of a class are clustered by Hamming distance (k-means with majorities). Then a sample whose nearest
/// prototype is of a wrong class is added to the nearest one of its own class and subtracted from that one. The best
/// epoch is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// Prototypes a class, P, at least 1; a class with fewer samples repeats them.
    pub prototypes: usize,
    /// Most passes of retraining.
    pub epochs: usize,
}

impl Default for Clusters {
    /// Two prototypes, 20 epochs.
    fn default() -> Self {
        Self { prototypes: 2, epochs: 20 }
    }
}

/// Passes of k-means; it has mostly settled by then.
const ROUNDS: usize = 10;

/// In words.
impl fmt::Display for Clusters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clusters, {} epochs, {} prototypes a class", self.epochs, self.prototypes)
    }
}

impl Method for Clusters {
    fn prototypes(&self) -> usize {
        self.prototypes.max(1)
    }

    fn with_prototypes(&self, prototypes: usize) -> Option<Box<dyn Method>> {
        Some(Box::new(Self { prototypes, ..*self }))
    }

    /// Costs `O((10 + epochs) n K P D / 32)` and the updates, on one thread.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let (each, words) = (self.prototypes.max(1), samples.words());
        let mut shuffle = Shuffle::new(job.seed);
        let (mut counts, _) = clusters(samples, each, &mut shuffle, job.tie);
        let mut rows = counts.majority(job.tie);
        let mut best = Best::new(Prototypes { rows: rows.clone(), each }, samples);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        for epoch in 0..self.epochs {
            shuffle.shuffle(&mut order);
            let mut mistakes = 0;
            for &sample in &order {
                let (query, own) = (samples.row(sample), samples.labels()[sample]);
                let (rival, _) = nearest(&rows, words, query, 0..samples.classes() * each);
                if rival / each != own {
                    mistakes += 1;
                    let (own, _) = nearest(&rows, words, query, own * each..(own + 1) * each);
                    for (row, weight) in [(own, 1), (rival, -1)] {
                        counts.add(row, query, weight);
                        counts.majority_into(row, job.tie, &mut rows[row * words..(row + 1) * words]);
                    }
                }
            }
            best.offer(&rows, samples);
            let done = if mistakes == 0 { self.epochs } else { epoch + 1 };
            (job.progress)(Progress { stage: Stage::Retrain, done, total: self.epochs });
            if mistakes == 0 {
                break;
            }
        }
        best.prototypes
    }
}

/// The nearest of the rows `among`, and its distance.
fn nearest(rows: &[u32], words: usize, query: &[u32], among: std::ops::Range<usize>) -> (usize, u32) {
    let distance = |row: usize| kernel::hamming(&rows[row * words..(row + 1) * words], query);
    let rows = among.map(|row| (row, distance(row)));
    rows.min_by_key(|&(row, distance)| (distance, row)).unwrap_or((0, 0))
}

/// The counts of `each` clusters of the samples of every class, and how many samples each has. One that nothing fell into is
/// as the class's first that has some.
pub(super) fn clusters(samples: &Encoded, each: usize, shuffle: &mut Shuffle, tie: Tie) -> (ClassCounts, Vec<usize>) {
    let mut counts = ClassCounts::new(samples.classes() * each, samples.words());
    let mut sizes = vec![0; samples.classes() * each];
    for class in 0..samples.classes() {
        let mut own: Vec<usize> = (0..samples.len()).filter(|&sample| samples.labels()[sample] == class).collect();
        shuffle.shuffle(&mut own);
        for (&sample, cluster) in own.iter().zip(cluster(samples, &own, each, tie)) {
            counts.add(class * each + cluster, samples.row(sample), 1);
            sizes[class * each + cluster] += 1;
        }
    }
    for class in 0..samples.classes() {
        let places = class * each..(class + 1) * each;
        let Some(full) = places.clone().find(|&place| sizes[place] > 0) else { continue };
        for place in places {
            if sizes[place] == 0 {
                counts.copy_class(full, place);
                sizes[place] = sizes[full];
            }
        }
    }
    (counts, sizes)
}

/// The cluster of each of the samples `own`, which are in random order: the first ones are the starts.
fn cluster(samples: &Encoded, own: &[usize], clusters: usize, tie: Tie) -> Vec<usize> {
    let words = samples.words();
    let mut centres: Vec<u32> = own.iter().take(clusters).flat_map(|&sample| samples.row(sample)).copied().collect();
    let found = (centres.len() / words).max(1);
    let mut place = vec![0; own.len()];
    for _ in 0..ROUNDS {
        let memory = AssociativeMemory::new(&centres[..], words);
        let next: Vec<usize> =
            own.iter().map(|&sample| memory.nearest(samples.row(sample)).map_or(0, |nearest| nearest.class)).collect();
        let settled = next == place;
        place = next;
        let mut counts = ClassCounts::new(found, words);
        own.iter().zip(&place).for_each(|(&sample, &cluster)| counts.add(cluster, samples.row(sample), 1));
        centres = counts.majority(tie);
        if settled {
            break;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_without_samples_is_as_one_that_has_some() {
        // Two classes of one and three samples, all of a class alike.
        let samples = Encoded::from_rows(vec![7, 9, 9, 9], 1, vec![0, 1, 1, 1], 2);
        let (counts, sizes) = clusters(&samples, 4, &mut Shuffle::new(1), Tie::Zero);
        assert_eq!(counts.majority(Tie::Zero), [7, 7, 7, 7, 9, 9, 9, 9]);
        assert_eq!(sizes, [1, 1, 1, 1, 3, 3, 3, 3]);
    }
}
