use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::adam::{Adam, Step};
use super::gaussian::Gaussian;
use super::matrix::Matrix;
use super::network::{BLOCK, Block, Learn, learn_blocks};
use crate::progress::Progress;

/// The memories of a record encoder as real numbers whose signs are the bits, and the start of its counters:
/// bit j of a sample is `sign(sum_f sign(F[f][j]) sign(L[level_f][j]) + b[j] sqrt(F))`.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    /// `F x D`.
    pub(crate) items: Matrix,
    /// `M x D`.
    pub(crate) levels: Matrix,
    /// b, D numbers.
    pub(crate) offsets: Vec<f32>,
}

impl Tables {
    /// Random items; in every dimension the levels change their bit at a random place.
    pub(crate) fn random(features: usize, levels: usize, dimension: usize, seed: u64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut unit = || (random.next_u64() >> 40) as f32 / (1_u64 << 24) as f32;
        let mut items = Matrix::zero(dimension, features);
        let mut rows = Matrix::zero(dimension, levels);
        // Drawn dimension by dimension, so that a shorter dimension is a prefix of a longer one.
        for (items, rows) in items.rows_mut().zip(rows.rows_mut()) {
            let cut = unit();
            items.iter_mut().for_each(|item| *item = 0.2 * (unit() - 0.5));
            let place = |level: usize| (level as f32 + 0.5) / levels as f32;
            rows.iter_mut().enumerate().for_each(|(level, row)| *row = 0.4 * (place(level) - cut));
        }
        Self { items: items.transposed(), levels: rows.transposed(), offsets: vec![0.0; dimension] }
    }

    /// Learns better ones from these, for samples of the `levels` (`n x F`), with the class of every sample.
    /// Costs `O(epochs n D (F + K))`.
    pub(crate) fn learn(
        &self,
        levels: &[u16],
        labels: (&[usize], usize),
        learn: Learn,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Self {
        let (features, count, dimension) = (self.items.rows(), self.levels.rows(), self.offsets.len());
        let mut noise = Gaussian::new(seed ^ 0x6e_6f69_7365);
        // The deviation of evenly used levels is a root of 12th of their number.
        let unit = count as f32 / 12.0_f32.sqrt();
        let some = |chosen: &[usize], deviation: f32| {
            let mut values = Vec::with_capacity(chosen.len() * features);
            chosen.iter().for_each(|&at| values.extend_from_slice(&levels[at * features..(at + 1) * features]));
            if deviation > 0.0 {
                for value in &mut values {
                    let moved = f32::from(*value) + deviation * unit * noise.next();
                    *value = moved.round().clamp(0.0, (count - 1) as f32) as u16;
                }
            }
            values
        };
        let blocks = (0..dimension).step_by(BLOCK).map(|from| Memories::new(self, from)).collect();
        let blocks: Vec<Memories> = learn_blocks(blocks, dimension, labels, learn, seed, some, progress);
        Self {
            items: Matrix::beside(features, blocks.iter().map(|block| &block.items)),
            levels: Matrix::beside(count, blocks.iter().map(|block| &block.levels)),
            offsets: blocks.iter().flat_map(|block| &block.offsets).copied().collect(),
        }
    }
}

/// Some dimensions while they are learned.
struct Memories {
    items: Matrix,
    items_adam: Adam,
    item_signs: Matrix,
    levels: Matrix,
    levels_adam: Adam,
    level_signs: Matrix,
    offsets: Vec<f32>,
    offsets_adam: Adam,
}

impl Memories {
    fn new(start: &Tables, from: usize) -> Self {
        let to = (from + BLOCK).min(start.offsets.len());
        let (items, levels, offsets) =
            (start.items.strip(from..to), start.levels.strip(from..to), start.offsets[from..to].to_vec());
        Self {
            items_adam: Adam::new(items.values().len()),
            item_signs: items.signs(),
            levels_adam: Adam::new(levels.values().len()),
            level_signs: levels.signs(),
            offsets_adam: Adam::new(offsets.len()),
            items,
            levels,
            offsets,
        }
    }
}

impl Block for Memories {
    type Inputs = Vec<u16>;

    fn forward(&self, inputs: &Vec<u16>) -> Matrix {
        let features = self.items.rows();
        let scale = 1.0 / (features as f32).sqrt();
        let mut sums = Matrix::zero(inputs.len() / features, self.offsets.len());
        for (sums, levels) in sums.rows_mut().zip(inputs.chunks_exact(features)) {
            for (feature, &level) in levels.iter().enumerate() {
                let bound = self.item_signs.row(feature).iter().zip(self.level_signs.row(level.into()));
                sums.iter_mut().zip(bound).for_each(|(sum, (item, level))| *sum += item * level);
            }
            sums.iter_mut().zip(&self.offsets).for_each(|(sum, offset)| *sum = *sum * scale + offset);
        }
        sums
    }

    fn learn(&mut self, _: Step, plain: Step, inputs: &Vec<u16>, gradient: &mut Matrix) {
        let (features, width) = (self.items.rows(), self.offsets.len());
        let scale = 1.0 / (features as f32).sqrt();
        let mut offsets = vec![0.0; width];
        let mut items = Matrix::zero(features, width);
        let mut rows = Matrix::zero(self.levels.rows(), width);
        for (gradient, levels) in gradient.rows_mut().zip(inputs.chunks_exact(features)) {
            offsets.iter_mut().zip(&*gradient).for_each(|(sum, gradient)| *sum += *gradient);
            gradient.iter_mut().for_each(|gradient| *gradient *= scale);
            for (feature, &level) in levels.iter().enumerate() {
                let level = usize::from(level);
                let own = items.row_mut(feature).iter_mut().zip(self.level_signs.row(level));
                own.zip(&*gradient).for_each(|((sum, sign), gradient)| *sum += sign * gradient);
                let own = rows.row_mut(level).iter_mut().zip(self.item_signs.row(feature));
                own.zip(&*gradient).for_each(|((sum, sign), gradient)| *sum += sign * gradient);
            }
        }
        self.offsets_adam.step(plain, &mut self.offsets, &offsets);
        self.items_adam.step(plain, self.items.values_mut(), items.values());
        self.levels_adam.step(plain, self.levels.values_mut(), rows.values());
        for numbers in [&mut self.items, &mut self.levels] {
            numbers.values_mut().iter_mut().for_each(|number| *number = number.clamp(-1.0, 1.0));
        }
        (self.item_signs, self.level_signs) = (self.items.signs(), self.levels.signs());
    }
}
