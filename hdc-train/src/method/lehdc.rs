use std::fmt;

use hdc_core::Tie;
use rayon::prelude::*;

use super::clusters::clusters;
use super::{Best, ClassCounts, Job, Method, Prototypes};
use crate::encoded::Encoded;
use crate::learn::{AdamStep, Matrix, Readout, cross_entropy_gradient};
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Class hypervectors learned by gradient through their signs, as one binary layer (`LeHDC`, Duan et al. 2022).
///
/// Cross-entropy, Adam, dropout of dimensions; starts at the class means and keeps the best epoch. It differs from the
/// paper in the scale of the similarities, which is a constant over `sqrt(D)`.
///
/// A class may have several prototypes: they start at clusters of its samples, as [`Clusters`](super::Clusters) does, and
/// their probabilities add up to that of the class. Where samples are many that is worth points; where they are few, one is
/// better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeHdc {
    /// Passes over the samples.
    pub epochs: usize,
    /// The learning rate at the start; it falls linearly to 0.
    pub rate: f32,
    /// Samples in a step.
    pub batch: usize,
    /// The share of dimensions left out in each step.
    pub dropout: f32,
    /// Weight decay.
    pub decay: f32,
    /// Similarities are divided by `sqrt(D)` and multiplied by this before the softmax.
    pub sharpness: f32,
    /// Prototypes a class, P, at least 1; a class with fewer samples repeats them. Integer bundles take one.
    pub prototypes: usize,
}

impl Default for LeHdc {
    fn default() -> Self {
        Self { epochs: 50, rate: 0.01, batch: 64, dropout: 0.3, decay: 0.03, sharpness: 1.0, prototypes: 1 }
    }
}

/// Words that are learned as one block, on one thread.
const BLOCK: usize = 8;

/// In words.
impl fmt::Display for LeHdc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeHDC, {} epochs", self.epochs)?;
        if self.prototypes > 1 { write!(f, ", {} prototypes a class", self.prototypes) } else { Ok(()) }
    }
}

impl Method for LeHdc {
    fn takes_integers(&self) -> bool {
        self.prototypes <= 1
    }

    fn prototypes(&self) -> usize {
        self.prototypes.max(1)
    }

    fn with_prototypes(&self, prototypes: usize) -> Option<Box<dyn Method>> {
        Some(Box::new(Self { prototypes, ..*self }))
    }

    fn operations(&self, samples: usize, classes: usize, dimension: usize) -> f64 {
        6.0 * (self.epochs * classes * self.prototypes.max(1) * dimension) as f64 * samples as f64
    }

    /// Costs `O(epochs n K P D)`, in parallel over the dimensions.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let (words, each) = (samples.words(), self.prototypes.max(1));
        let prototypes = samples.classes() * each;
        let mut shuffle = Shuffle::new(job.seed);
        let (counts, sizes) = starts(samples, each, &mut shuffle, job.tie);
        let mut best = Best::new(Prototypes { rows: counts.majority(job.tie), each }, samples);
        // The numbers of integer bundles are larger than weights can be.
        let deviation = samples.deviation();
        let mut blocks: Vec<(usize, Readout)> = (0..words)
            .step_by(BLOCK)
            .map(|from| {
                let dimensions = from * 32..(from + BLOCK).min(words) * 32;
                let mean = |row: usize| {
                    let size = sizes[row].max(1) as f32 * deviation;
                    counts.class(row)[dimensions.clone()].iter().map(move |&count| count as f32 / size)
                };
                let means = (0..prototypes).flat_map(mean).collect();
                (from, Readout::new(Matrix::new(means, dimensions.len())))
            })
            .collect();
        let scale = self.sharpness / (words as f32 * 32.0).sqrt() / deviation;
        let batch = self.batch.clamp(1, samples.len());
        let steps = samples.len() / batch * self.epochs;
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut number = 0;
        for epoch in 0..self.epochs {
            shuffle.shuffle(&mut order);
            for chosen in order.chunks_exact(batch) {
                let parts: Vec<(Matrix, Matrix)> = blocks
                    .par_iter()
                    .map(|(from, readout)| {
                        let keep =
                            Keep { seed: job.seed ^ ((number * words + from) as u64) << 8, dropout: self.dropout };
                        let hypervectors = expand(samples, chosen, *from, readout.weights().columns() / 32, keep);
                        let similar = readout.similarities(&hypervectors);
                        (hypervectors, similar)
                    })
                    .collect();
                let mut similar = Matrix::zero(batch, prototypes);
                for (_, part) in &parts {
                    similar.values_mut().iter_mut().zip(part.values()).for_each(|(sum, part)| *sum += part * scale);
                }
                cross_entropy_gradient(&mut similar, chosen.iter().map(|&sample| samples.labels()[sample]), each);
                similar.values_mut().iter_mut().for_each(|gradient| *gradient *= scale);
                let rate = self.rate * (1.0 - number as f32 / steps as f32);
                let step = AdamStep::new(number, rate, self.decay);
                blocks
                    .par_iter_mut()
                    .zip(&parts)
                    .for_each(|((_, readout), (hypervectors, _))| readout.learn(step, hypervectors, &similar));
                number += 1;
            }
            best.offer(&binary(&blocks, words, prototypes), samples);
            (job.progress)(Progress { stage: Stage::Retrain, done: epoch + 1, total: self.epochs });
        }
        best.prototypes
    }
}

/// What the prototypes start at: the sums of the classes, or of clusters of their samples, and how many samples each sums.
fn starts(samples: &Encoded, each: usize, shuffle: &mut Shuffle, tie: Tie) -> (ClassCounts, Vec<usize>) {
    if each > 1 {
        return clusters(samples, each, shuffle, tie);
    }
    let mut sizes = vec![0; samples.classes()];
    samples.labels().iter().for_each(|&label| sizes[label] += 1);
    (ClassCounts::of(samples), sizes)
}

/// Which dimensions of a step are kept.
#[derive(Clone, Copy)]
struct Keep {
    seed: u64,
    dropout: f32,
}

/// Words `from..from + words` of the samples `chosen`, as -1 and 1 or the numbers of integer bundles, or 0 where a
/// dimension is left out.
fn expand(samples: &Encoded, chosen: &[usize], from: usize, words: usize, keep: Keep) -> Matrix {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(keep.seed);
    let bound = (keep.dropout.clamp(0.0, 0.99) * 65_536.0) as u64;
    let kept: Vec<f32> = (0..words * 32).map(|_| if random.next_u64() & 0xffff < bound { 0.0 } else { 1.0 }).collect();
    let mut values = Vec::with_capacity(chosen.len() * words * 32);
    for &sample in chosen {
        for (word, kept) in (from..from + words).zip(kept.chunks_exact(32)) {
            values.extend(samples.numbers(sample, word).iter().zip(kept).map(|(&number, kept)| number as f32 * kept));
        }
    }
    Matrix::new(values, words * 32)
}

/// The signs of all weights, `K x words`.
fn binary(blocks: &[(usize, Readout)], words: usize, classes: usize) -> Vec<u32> {
    let mut rows = vec![0; classes * words];
    for (from, readout) in blocks {
        for class in 0..classes {
            let target = &mut rows[class * words + from..];
            for (word, weights) in target.iter_mut().zip(readout.weights().row(class).chunks_exact(32)) {
                *word = weights.iter().rev().fold(0, |word, &weight| word << 1 | u32::from(weight > 0.0));
            }
        }
    }
    rows
}
