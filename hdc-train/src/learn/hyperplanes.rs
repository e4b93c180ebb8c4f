use rayon::prelude::*;

use super::adam::{Adam, Step};
use super::cross_entropy_gradient;
use super::gaussian::Gaussian;
use super::matrix::{Matrix, multiply};
use super::readout::{Readout, sign};
use crate::progress::{Progress, Stage};
use crate::shuffle::Shuffle;

/// How hyperplanes are learned together with the class hypervectors, by gradient through the sign.
///
/// The network is `z -> sign(V z + b) -> similarity to sign(C)`, trained with cross-entropy and Adam, the
/// gradient of the sign being 1 near 0 and 0 elsewhere: the end-to-end training of LDC (Duan, Xu, Ren 2022,
/// arXiv 2203.04894), here with a projection in place of its value box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learn {
    /// Passes over the training samples.
    pub epochs: usize,
    /// The learning rate at the start; it falls linearly to 0.
    pub rate: f32,
    /// Samples in a step.
    pub batch: usize,
    /// Gaussian noise added to the inputs, in units of their mean deviation.
    pub noise: f32,
    /// Weight decay of the hyperplanes.
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

/// Dimensions that are learned as one block, on one thread.
const BLOCK: usize = 64;

/// Hyperplanes `V z + b`: `V` is `d x D`, `b` has D numbers.
#[derive(Clone, Debug)]
pub(crate) struct Hyperplanes {
    pub(crate) normals: Matrix,
    pub(crate) offsets: Vec<f32>,
}

impl Hyperplanes {
    /// Random ones through the origin, of normals of mean length 1.
    pub(crate) fn random(inputs: usize, dimension: usize, seed: u64) -> Self {
        let mut gaussian = Gaussian::new(seed);
        let scale = 1.0 / (inputs as f32).sqrt();
        // Drawn dimension by dimension, so that a shorter dimension is a prefix of a longer one.
        let drawn = (0..dimension * inputs).map(|_| gaussian.next() * scale).collect();
        Self { normals: Matrix::new(drawn, inputs).transposed(), offsets: vec![0.0; dimension] }
    }
}

/// Some dimensions while they are learned.
struct Block {
    normals: Matrix,
    normals_adam: Adam,
    offsets: Vec<f32>,
    offsets_adam: Adam,
    readout: Readout,
    /// Of the batch: distances to the hyperplanes, and their signs.
    distances: Matrix,
    hypervectors: Matrix,
}

impl Block {
    fn forward(&mut self, inputs: &Matrix) {
        self.distances = multiply(inputs, &self.normals);
        for row in self.distances.rows_mut() {
            row.iter_mut().zip(&self.offsets).for_each(|(distance, offset)| *distance += offset);
        }
        let signs = self.distances.values().iter().map(|&distance| sign(distance)).collect();
        self.hypervectors = Matrix::new(signs, self.distances.columns());
    }

    /// Moves everything; `similar` is the gradient of the similarities.
    fn learn(&mut self, step: Step, plain: Step, inputs_transposed: &Matrix, similar: &Matrix) {
        let mut gradient = self.readout.backward(similar);
        for (gradient, distance) in gradient.values_mut().iter_mut().zip(self.distances.values()) {
            *gradient = if distance.abs() < 1.0 { *gradient } else { 0.0 };
        }
        self.readout.learn(plain, &self.hypervectors, similar);
        let mut offsets = vec![0.0; self.offsets.len()];
        for row in gradient.rows_mut() {
            offsets.iter_mut().zip(row).for_each(|(sum, gradient)| *sum += *gradient);
        }
        self.offsets_adam.step(plain, &mut self.offsets, &offsets);
        let normals = multiply(inputs_transposed, &gradient);
        self.normals_adam.step(step, self.normals.values_mut(), normals.values());
    }
}

/// Learns hyperplanes for `inputs` (`n x d`, of mean variance 1) from those of `start`, with the class of every input.
/// Costs `O(epochs n D (d + K))`.
pub(crate) fn learn_hyperplanes(
    start: &Hyperplanes,
    inputs: &Matrix,
    labels: &[usize],
    classes: usize,
    learn: Learn,
    seed: u64,
    progress: &(dyn Fn(Progress) + Sync),
) -> Hyperplanes {
    let (samples, features) = (inputs.rows(), inputs.columns());
    let dimension = start.offsets.len();
    let mut blocks: Vec<Block> = (0..dimension).step_by(BLOCK).map(|from| block(start, from, classes)).collect();
    let scale = learn.sharpness / (dimension as f32).sqrt();
    let mut order: Vec<usize> = (0..samples).collect();
    let mut shuffle = Shuffle::new(seed);
    let mut noise = Gaussian::new(seed ^ 0x6e_6f69_7365);
    blocks.par_iter_mut().for_each(|block| start_readout(block, inputs, labels, classes));

    let batch = learn.batch.clamp(1, samples);
    let steps = samples / batch * learn.epochs;
    let mut number = 0;
    for epoch in 0..learn.epochs {
        shuffle.shuffle(&mut order);
        for chosen in order.chunks_exact(batch) {
            let mut values = Vec::with_capacity(batch * features);
            chosen.iter().for_each(|&sample| values.extend_from_slice(inputs.row(sample)));
            if learn.noise > 0.0 {
                values.iter_mut().for_each(|value| *value += learn.noise * noise.next());
            }
            let batch_inputs = Matrix::new(values, features);
            let transposed = batch_inputs.transposed();
            let parts: Vec<Matrix> = blocks
                .par_iter_mut()
                .map(|block| {
                    block.forward(&batch_inputs);
                    block.readout.similarities(&block.hypervectors)
                })
                .collect();
            let mut similar = Matrix::zero(batch, classes);
            for part in &parts {
                similar.values_mut().iter_mut().zip(part.values()).for_each(|(sum, part)| *sum += part * scale);
            }
            cross_entropy_gradient(&mut similar, chosen.iter().map(|&sample| labels[sample]), 0.0);
            similar.values_mut().iter_mut().for_each(|gradient| *gradient *= scale);
            let rate = learn.rate * (1.0 - number as f32 / steps as f32);
            let (step, plain) = (Step::new(number, rate, learn.decay), Step::new(number, rate, 0.0));
            blocks.par_iter_mut().for_each(|block| block.learn(step, plain, &transposed, &similar));
            number += 1;
        }
        progress(Progress { stage: Stage::Learn, done: epoch + 1, total: learn.epochs });
    }
    let mut normals = Matrix::zero(features, dimension);
    for (row, at) in normals.rows_mut().zip(0..) {
        let parts = blocks.iter().flat_map(|block| block.normals.row(at));
        row.iter_mut().zip(parts).for_each(|(normal, part)| *normal = *part);
    }
    Hyperplanes { normals, offsets: blocks.into_iter().flat_map(|block| block.offsets).collect() }
}

fn block(start: &Hyperplanes, from: usize, classes: usize) -> Block {
    let to = (from + BLOCK).min(start.offsets.len());
    let features = start.normals.rows();
    let normals = (0..features).flat_map(|row| start.normals.row(row)[from..to].iter().copied()).collect();
    let normals = Matrix::new(normals, to - from);
    let offsets = start.offsets[from..to].to_vec();
    Block {
        normals_adam: Adam::new(normals.values().len()),
        offsets_adam: Adam::new(offsets.len()),
        readout: Readout::new(Matrix::zero(classes, to - from)),
        distances: Matrix::zero(0, 1),
        hypervectors: Matrix::zero(0, 1),
        normals,
        offsets,
    }
}

/// The class hypervectors start as the means of their samples.
fn start_readout(block: &mut Block, inputs: &Matrix, labels: &[usize], classes: usize) {
    let mut means = Matrix::zero(classes, block.offsets.len());
    let mut counts = vec![0_usize; classes];
    for (rows, labels) in inputs.values().chunks(256 * inputs.columns()).zip(labels.chunks(256)) {
        block.forward(&Matrix::new(rows.to_vec(), inputs.columns()));
        for (hypervector, &label) in block.hypervectors.rows_mut().zip(labels) {
            means.row_mut(label).iter_mut().zip(hypervector).for_each(|(mean, bit)| *mean += *bit);
            counts[label] += 1;
        }
    }
    for (mean, count) in means.rows_mut().zip(counts) {
        mean.iter_mut().for_each(|mean| *mean /= count.max(1) as f32);
    }
    block.readout = Readout::new(means);
}
