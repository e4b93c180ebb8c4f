use rayon::prelude::*;

use super::adam::Step;
use super::cross_entropy_gradient;
use super::matrix::Matrix;
use super::readout::Readout;
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// How an encoder is learned together with the class hypervectors, by gradient through the sign.
///
/// The network is `x -> sign(encoder(x)) -> similarity to sign(C)`, trained with cross-entropy and Adam, the gradient of
/// the sign being 1 near 0 and 0 elsewhere: the end-to-end training of LDC (Duan, Xu, Ren 2022, arXiv 2203.04894).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learn {
    /// Passes over the training samples.
    pub epochs: usize,
    /// The learning rate at the start; it falls linearly to 0.
    pub rate: f32,
    /// Samples in a step.
    pub batch: usize,
    /// Gaussian noise added to the inputs, in units of their mean deviation. Of symbols: the share that is replaced by any.
    pub noise: f32,
    /// Weight decay of hyperplanes.
    pub decay: f32,
    /// The temperature: similarities are divided by `sqrt(D)` and multiplied by this before the softmax.
    pub sharpness: f32,
}

impl Default for Learn {
    /// 100 epochs with noise 0.5: the best of several on the training series of `uci-emg`, one half against the other.
    fn default() -> Self {
        Self { epochs: 100, rate: 2e-3, batch: 64, noise: 0.5, decay: 0.01, sharpness: 1.0 }
    }
}

impl Learn {
    /// For the memories of a record, which move in whole bits: 100 epochs with noise 0.25, faster and sharper. The best of
    /// several over `isolet`, `wisdm` and `uci-emg`, in folds of their training sides.
    pub fn memories() -> Self {
        Self { rate: 5e-3, noise: 0.25, sharpness: 2.0, ..Self::default() }
    }

    /// For the item memory of symbols, of which 2 % are replaced by others, in 10 epochs: the best of several over a quarter
    /// of the training texts of `european-languages`.
    pub fn symbols() -> Self {
        Self { epochs: 10, rate: 2e-2, batch: 32, noise: 0.02, sharpness: 2.0, ..Self::default() }
    }
}

/// Dimensions that are learned as one block, on one thread.
pub(super) const BLOCK: usize = 64;

/// Some dimensions of an encoder while they are learned.
pub(super) trait Block: Send {
    /// Some samples.
    type Inputs: Sync;

    /// The numbers whose signs are the bits, `n x d`; within -1 and 1 the gradient passes.
    fn forward(&self, inputs: &Self::Inputs) -> Matrix;

    /// Moves the parameters against the gradient of those numbers.
    fn learn(&mut self, step: Step, plain: Step, inputs: &Self::Inputs, gradient: &mut Matrix);
}

/// A block with its share of the class hypervectors.
struct Part<B> {
    block: B,
    readout: Readout,
    /// Of the batch: the numbers, and their signs.
    numbers: Matrix,
    hypervectors: Matrix,
}

impl<B: Block> Part<B> {
    fn forward(&mut self, inputs: &B::Inputs) {
        self.numbers = self.block.forward(inputs);
        self.hypervectors = self.numbers.signs();
    }

    /// Moves everything; `similar` is the gradient of the similarities.
    fn learn(&mut self, step: Step, plain: Step, inputs: &B::Inputs, similar: &Matrix) {
        let mut gradient = self.readout.backward(similar);
        for (gradient, number) in gradient.values_mut().iter_mut().zip(self.numbers.values()) {
            *gradient = if number.abs() < 1.0 { *gradient } else { 0.0 };
        }
        self.readout.learn(plain, &self.hypervectors, similar);
        self.block.learn(step, plain, inputs, &mut gradient);
    }

    /// The class hypervectors start as the means of their samples.
    fn start(block: B, chunks: &[(B::Inputs, &[usize])], classes: usize) -> Self {
        let empty = || Matrix::zero(0, 1);
        let mut part = Self { block, readout: Readout::new(empty()), numbers: empty(), hypervectors: empty() };
        let mut means = empty();
        let mut counts = vec![0_usize; classes];
        for (inputs, labels) in chunks {
            part.forward(inputs);
            if means.rows() == 0 {
                means = Matrix::zero(classes, part.hypervectors.columns());
            }
            for (hypervector, &label) in part.hypervectors.rows_mut().zip(*labels) {
                means.row_mut(label).iter_mut().zip(hypervector).for_each(|(mean, bit)| *mean += *bit);
                counts[label] += 1;
            }
        }
        for (mean, count) in means.rows_mut().zip(counts) {
            mean.iter_mut().for_each(|mean| *mean /= count.max(1) as f32);
        }
        part.readout = Readout::new(means);
        part
    }
}

/// Learns `blocks`, which have `dimension` dimensions together, from samples of which `inputs` gives some, with noise or
/// without. Costs what the blocks cost, `epochs n` times.
pub(super) fn learn_blocks<B: Block>(
    blocks: Vec<B>,
    dimension: usize,
    (labels, classes): (&[usize], usize),
    learn: Learn,
    seed: u64,
    mut inputs: impl FnMut(&[usize], f32) -> B::Inputs,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<B> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let chunks: Vec<(B::Inputs, &[usize])> =
        order.chunks(256).zip(labels.chunks(256)).map(|(chosen, labels)| (inputs(chosen, 0.0), labels)).collect();
    let mut parts: Vec<Part<B>> = blocks.into_par_iter().map(|block| Part::start(block, &chunks, classes)).collect();
    drop(chunks);
    let scale = learn.sharpness / (dimension as f32).sqrt();
    let mut shuffle = Shuffle::new(seed);
    let batch = learn.batch.clamp(1, labels.len());
    let steps = labels.len() / batch * learn.epochs;
    let mut number = 0;
    for epoch in 0..learn.epochs {
        shuffle.shuffle(&mut order);
        for chosen in order.chunks_exact(batch) {
            let inputs = inputs(chosen, learn.noise);
            let similarities: Vec<Matrix> = parts
                .par_iter_mut()
                .map(|part| {
                    part.forward(&inputs);
                    part.readout.similarities(&part.hypervectors)
                })
                .collect();
            let mut similar = Matrix::zero(batch, classes);
            for part in &similarities {
                similar.values_mut().iter_mut().zip(part.values()).for_each(|(sum, part)| *sum += part * scale);
            }
            cross_entropy_gradient(&mut similar, chosen.iter().map(|&sample| labels[sample]), 1);
            similar.values_mut().iter_mut().for_each(|gradient| *gradient *= scale);
            let rate = learn.rate * (1.0 - number as f32 / steps as f32);
            let (step, plain) = (Step::new(number, rate, learn.decay), Step::new(number, rate, 0.0));
            parts.par_iter_mut().for_each(|part| part.learn(step, plain, &inputs, &similar));
            number += 1;
        }
        progress(Progress { stage: Stage::Learn, done: epoch + 1, total: learn.epochs });
    }
    parts.into_iter().map(|part| part.block).collect()
}
