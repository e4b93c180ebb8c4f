use super::adam::{Adam, Step};
use super::gaussian::Gaussian;
use super::matrix::{Matrix, multiply};
use super::network::{BLOCK, Block, Learn, learn_blocks};
use crate::progress::Progress;

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
        let mut noise = Gaussian::new(seed ^ 0x6e_6f69_7365);
        let some = |chosen: &[usize], deviation: f32| {
            let mut values = Vec::with_capacity(chosen.len() * features);
            chosen.iter().for_each(|&sample| values.extend_from_slice(inputs.row(sample)));
            if deviation > 0.0 {
                values.iter_mut().for_each(|value| *value += deviation * noise.next());
            }
            let rows = Matrix::new(values, features);
            Rows { transposed: rows.transposed(), rows }
        };
        let planes = (0..dimension).step_by(BLOCK).map(|from| Planes::new(self, from)).collect();
        let planes: Vec<Planes> = learn_blocks(planes, dimension, labels, learn, seed, some, progress);
        let normals = Matrix::beside(features, planes.iter().map(|planes| &planes.normals));
        Self { normals, offsets: planes.into_iter().flat_map(|planes| planes.offsets).collect() }
    }
}

/// Inputs, `n x d`, and the same `d x n`.
struct Rows {
    rows: Matrix,
    transposed: Matrix,
}

/// Some of the hyperplanes while they are learned.
struct Planes {
    normals: Matrix,
    normals_adam: Adam,
    offsets: Vec<f32>,
    offsets_adam: Adam,
}

impl Planes {
    fn new(start: &Hyperplanes, from: usize) -> Self {
        let to = (from + BLOCK).min(start.offsets.len());
        let normals = start.normals.strip(from..to);
        let offsets = start.offsets[from..to].to_vec();
        Self {
            normals_adam: Adam::new(normals.values().len()),
            offsets_adam: Adam::new(offsets.len()),
            normals,
            offsets,
        }
    }
}

impl Block for Planes {
    type Inputs = Rows;

    fn forward(&self, inputs: &Rows) -> Matrix {
        let mut distances = multiply(&inputs.rows, &self.normals);
        for row in distances.rows_mut() {
            row.iter_mut().zip(&self.offsets).for_each(|(distance, offset)| *distance += offset);
        }
        distances
    }

    fn learn(&mut self, step: Step, plain: Step, inputs: &Rows, gradient: &mut Matrix) {
        let mut offsets = vec![0.0; self.offsets.len()];
        for row in gradient.rows_mut() {
            offsets.iter_mut().zip(row).for_each(|(sum, gradient)| *sum += *gradient);
        }
        self.offsets_adam.step(plain, &mut self.offsets, &offsets);
        let normals = multiply(&inputs.transposed, gradient);
        self.normals_adam.step(step, self.normals.values_mut(), normals.values());
    }
}
