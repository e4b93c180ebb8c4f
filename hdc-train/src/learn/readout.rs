use super::adam::{Adam, Step};
use super::matrix::{Matrix, multiply};

/// The class hypervectors of some dimensions while they are learned: real numbers whose signs are the bits.
///
/// The gradient passes the sign as if it were not there (straight-through), and the numbers are kept within -1 and 1,
/// so that none gets beyond being flipped (Courbariaux et al. 2016; `LeHDC`, Duan et al. 2022).
#[derive(Clone, Debug)]
pub(crate) struct Readout {
    /// `K x d` real weights.
    weights: Matrix,
    adam: Adam,
}

impl Readout {
    /// Starts at `weights`, one row a class.
    pub(crate) fn new(weights: Matrix) -> Self {
        let adam = Adam::new(weights.values().len());
        Self { weights, adam }
    }

    /// The real weights.
    pub(crate) fn weights(&self) -> &Matrix {
        &self.weights
    }

    /// What these dimensions of `hypervectors` (`n x d`, of -1, 1, or 0 where dropped) add to the similarity to each
    /// class, `n x K`.
    pub(crate) fn similarities(&self, hypervectors: &Matrix) -> Matrix {
        multiply(hypervectors, &self.weights.signs().transposed())
    }

    /// The gradient of the hypervectors from that of the similarities, `n x K`.
    pub(crate) fn backward(&self, gradient: &Matrix) -> Matrix {
        multiply(gradient, &self.weights.signs())
    }

    /// Moves the weights.
    pub(crate) fn learn(&mut self, step: Step, hypervectors: &Matrix, gradient: &Matrix) {
        let own = multiply(&gradient.transposed(), hypervectors);
        self.adam.step(step, self.weights.values_mut(), own.values());
        self.weights.values_mut().iter_mut().for_each(|weight| *weight = weight.clamp(-1.0, 1.0));
    }
}

/// 1 for positive numbers, -1 for others.
#[inline(always)]
pub(crate) fn sign(number: f32) -> f32 {
    if number > 0.0 { 1.0 } else { -1.0 }
}
