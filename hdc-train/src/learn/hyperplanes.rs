use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::adam::{Adam, Step};
use super::gaussian::Gaussian;
use super::matrix::{Matrix, multiply_add};
use super::network::{BLOCK, Block, Learn, learn_blocks};
use super::vectors::{load, store};
use crate::progress::Progress;

/// Hyperplanes `V z + b`: `V` is `D x d`, `b` has D numbers.
#[derive(Clone, Debug)]
pub(crate) struct Hyperplanes {
    pub(crate) normals: Matrix,
    pub(crate) offsets: Vec<f32>,
    /// Whether the signs of [`ternary`] normals are the bits.
    pub(crate) ternary: bool,
}

/// Normals, `D x d`, each as a positive number times -1, 0 and 1: what is below 0.7 of their mean magnitude becomes 0, and
/// the number is the mean magnitude of the others (ternary weight networks, Li, Zhang & Liu 2016, arXiv 1605.04711).
pub(crate) fn ternary(normals: &Matrix) -> Matrix {
    let mut ternary = normals.clone();
    for row in ternary.rows_mut() {
        let mean = row.iter().map(|weight| weight.abs()).sum::<f32>() / row.len() as f32;
        let kept = |weight: f32| weight.abs() > 0.7 * mean;
        let magnitudes = row.iter().filter(|weight| kept(**weight)).map(|weight| weight.abs());
        let (sum, count) = magnitudes.fold((0.0, 0.0_f32), |(sum, count), weight| (sum + weight, count + 1.0));
        let scale = sum / count.max(1.0);
        row.iter_mut().for_each(|weight| *weight = if kept(*weight) { scale.copysign(*weight) } else { 0.0 });
    }
    ternary
}

impl Hyperplanes {
    /// Random ones of normals of mean length 1, at distances of this `deviation` from the origin.
    pub(crate) fn random(inputs: usize, dimension: usize, deviation: f32, seed: u64) -> Self {
        let (mut gaussian, mut distances) = (Gaussian::new(seed), Gaussian::new(seed ^ 0x6f66_6673_6574));
        let scale = 1.0 / (inputs as f32).sqrt();
        // Drawn dimension by dimension, so that a shorter dimension is a prefix of a longer one.
        let drawn = (0..dimension * inputs).map(|_| gaussian.next() * scale).collect();
        let normals = Matrix::new(drawn, inputs);
        let length = |row| normals.row(row).iter().map(|number| number * number).sum::<f32>().sqrt();
        let offsets = (0..dimension).map(|row| distances.next() * deviation * length(row)).collect();
        Self { normals, offsets, ternary: false }
    }

    /// Learns better ones for `inputs` (`n x d`, of mean variance 1) from these, with the class of every input.
    /// Costs `O(epochs n D (d + K))`.
    pub(crate) fn learn(
        &self,
        inputs: &Matrix,
        labels: (&[usize], usize),
        learn: Learn,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Self {
        let (features, dimension) = (inputs.columns(), self.offsets.len());
        let mut drawn = seed ^ 0x6e_6f69_7365;
        let some = |chosen: &[usize], deviation: f32| {
            let mut rows = Matrix::zero(chosen.len(), features);
            rows.rows_mut().zip(chosen).for_each(|(row, &sample)| row.copy_from_slice(inputs.row(sample)));
            if deviation > 0.0 {
                // A generator for every row, so that rows can be disturbed in parallel.
                drawn = drawn.wrapping_add(1 << 32);
                rows.values_mut().par_chunks_exact_mut(features).enumerate().for_each(|(at, row)| {
                    let mut noise = Gaussian::new(drawn.wrapping_add(at as u64));
                    row.iter_mut().for_each(|value| *value += deviation * noise.next());
                });
            }
            Rows::new(&rows)
        };
        let planes = (0..dimension).step_by(BLOCK).map(|from| Planes::new(self, from)).collect();
        let planes: Vec<Planes> = learn_blocks(planes, dimension, labels, learn, seed, some, progress);
        let normals = planes.iter().flat_map(|planes| planes.whole().values().to_vec()).collect();
        let normals = Matrix::new(normals, features);
        let offsets = planes.into_iter().flat_map(|planes| planes.offsets).collect();
        Self { normals, offsets, ternary: self.ternary }
    }
}

/// Features that are gone over at a time, so that what is read again stays in the nearest cache.
const STRIP: usize = 64;

fn strips(features: usize) -> impl Iterator<Item = Range<usize>> {
    (0..features).step_by(STRIP).map(move |from| from..(from + STRIP).min(features))
}

/// Some inputs in strips of features, in both orders that they are read in: `n x d` and `d x n`.
struct Rows {
    strips: Vec<(Matrix, Matrix)>,
}

impl Rows {
    fn new(rows: &Matrix) -> Self {
        let strip = |features| {
            let strip = rows.strip(features);
            let transposed = strip.transposed();
            (strip, transposed)
        };
        Self { strips: strips(rows.columns()).map(strip).collect() }
    }
}

/// Some of the hyperplanes while they are learned.
struct Planes {
    /// `D x d`, in strips of features.
    normals: Vec<(Matrix, Adam)>,
    offsets: Vec<f32>,
    offsets_adam: Adam,
    ternary: bool,
}

impl Planes {
    fn new(start: &Hyperplanes, from: usize) -> Self {
        let to = (from + BLOCK).min(start.offsets.len());
        let features = start.normals.columns();
        let normals = Matrix::new(start.normals.values()[from * features..to * features].to_vec(), features);
        let strip = |features| {
            let strip = normals.strip(features);
            let adam = Adam::new(strip.values().len());
            (strip, adam)
        };
        let offsets = start.offsets[from..to].to_vec();
        let offsets_adam = Adam::new(offsets.len());
        let normals = strips(features).map(strip).collect();
        Self { normals, offsets, offsets_adam, ternary: start.ternary }
    }

    /// The normals, `D x d`.
    fn whole(&self) -> Matrix {
        Matrix::beside(self.offsets.len(), self.normals.iter().map(|(strip, _)| strip))
    }
}

impl Block for Planes {
    type Inputs = Rows;

    fn forward(&self, inputs: &Rows) -> Matrix {
        let samples = inputs.strips[0].0.rows();
        let mut distances = Matrix::zero(self.offsets.len(), samples);
        // The gradient passes as if the normals were as they are.
        let ternary = self.ternary.then(|| ternary(&self.whole()));
        let width = |strip: &Matrix| strip.rows();
        let mut from = 0;
        for ((normals, _), (_, inputs)) in self.normals.iter().zip(&inputs.strips) {
            match &ternary {
                Some(ternary) => multiply_add(&ternary.strip(from..from + width(inputs)), inputs, &mut distances),
                None => multiply_add(normals, inputs, &mut distances),
            }
            from += width(inputs);
        }
        for (row, offset) in distances.rows_mut().zip(&self.offsets) {
            row.iter_mut().for_each(|distance| *distance += offset);
        }
        distances.transposed()
    }

    fn learn(&mut self, step: Step, plain: Step, inputs: &Rows, gradient: &mut Matrix) {
        let mut offsets = vec![0.0; self.offsets.len()];
        for row in gradient.rows_mut() {
            offsets.iter_mut().zip(row).for_each(|(sum, gradient)| *sum += *gradient);
        }
        self.offsets_adam.step(plain, &mut self.offsets, &offsets);
        let passing = Passing::of(gradient);
        for ((normals, adam), (inputs, _)) in self.normals.iter_mut().zip(&inputs.strips) {
            Arch::new().dispatch(Descent { normals, adam, step, inputs, passing: &passing });
        }
    }
}

/// The gradients that pass the sign, dimension by dimension: most do not when hyperplanes are learned.
struct Passing {
    /// Sample and gradient.
    gradients: Vec<(usize, f32)>,
    dimensions: Vec<Range<usize>>,
}

impl Passing {
    /// Those of `gradient`, `n x D`.
    fn of(gradient: &Matrix) -> Self {
        let mut passing = Self { gradients: Vec::new(), dimensions: Vec::new() };
        for row in gradient.transposed().rows_mut() {
            let start = passing.gradients.len();
            passing.gradients.extend(row.iter().copied().enumerate().filter(|&(_, gradient)| gradient != 0.0));
            passing.dimensions.push(start..passing.gradients.len());
        }
        passing
    }
}

/// Moves normals against the sum of gradients times inputs, which is summed up in the order of the inputs.
struct Descent<'a> {
    normals: &'a mut Matrix,
    adam: &'a mut Adam,
    step: Step,
    inputs: &'a Matrix,
    passing: &'a Passing,
}

impl WithSimd for Descent<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { normals, adam, step, inputs, passing } = self;
        let width = inputs.columns();
        let mut sums = [0.0; STRIP];
        for (dimension, own) in passing.dimensions.iter().enumerate() {
            let gradients = &passing.gradients[own.clone()];
            let mut from = 0;
            while from < width {
                from += match width - from {
                    left if left >= 4 * S::F32_LANES => sum::<S, 4>(simd, inputs, from, gradients, &mut sums),
                    _ => sum::<S, 1>(simd, inputs, from, gradients, &mut sums),
                };
            }
            let own = dimension * width..(dimension + 1) * width;
            adam.step_some(simd, step, normals.values_mut(), own, &sums[..width]);
        }
    }
}

/// Sums up V vectors of features from `from`; returns how many features those are.
#[inline(always)]
fn sum<S: Simd, const V: usize>(
    simd: S,
    strip: &Matrix,
    from: usize,
    gradients: &[(usize, f32)],
    sums: &mut [f32; STRIP],
) -> usize {
    let to = (from + V * S::F32_LANES).min(strip.columns());
    let mut own = [simd.splat_f32s(0.0); V];
    for &(sample, gradient) in gradients {
        let gradient = simd.splat_f32s(gradient);
        let inputs = &strip.row(sample)[from..to];
        for (vector, sum) in own.iter_mut().enumerate() {
            let inputs = load(simd, &inputs[vector * S::F32_LANES..]);
            *sum = simd.add_f32s(*sum, simd.mul_f32s(gradient, inputs));
        }
    }
    for (own, sums) in own.iter().zip(sums[from..to].chunks_mut(S::F32_LANES)) {
        store(simd, sums, *own);
    }
    to - from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ternary_normals_are_one_number_times_signs_or_zero() {
        // The mean magnitude of the first is 2.5, and 0.7 of it more than 1.3, which becomes 0; the others have a mean of 2.9.
        let normals = Matrix::new(vec![-4.5, 1.3, 2.0, -2.2, 0.0, 0.0, 0.0, 0.0], 4);
        let ternary = ternary(&normals);
        let expected = [-2.9, 0.0, 2.9, -2.9, 0.0, 0.0, 0.0, 0.0];
        assert!(
            ternary.values().iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-6),
            "{ternary:?}"
        );
    }
}
