//! Level memories whose similarity follows a kernel.

use std::f64::consts::{FRAC_PI_2, PI};
use std::fmt;

use nalgebra::{DMatrix, SymmetricEigen};
use rayon::prelude::*;

use crate::error::TrainError;
use crate::learn::Gaussian;

/// How similar two levels are at a distance d, where 1 is that of the first from the last; similarity is
/// `1 - 2 hamming / D`, 1 for the same bits, -1 for opposite ones. Without a kernel it is `1 - 2 d`.
///
/// Signs of Gaussian numbers of correlation r are similar by `2 asin(r) / pi`, so the bits of a dimension are drawn with
/// correlations `sin(pi K / 2)` for a similarity of K; what is not positive definite in these is left out (Yu et al. 2022,
/// "Understanding HDC for parallel single-pass learning", arXiv 2202.04805). K is reached to 0.25 only: these kernels
/// are round at the top, and Hamming distances, which obey the triangle inequality, rise linearly at first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// `cos(pi t d)`, t half turns from the first level to the last: with 1 they are opposite, with 1.5 the last is like
    /// none between, and each level is opposite to one at two thirds of the range.
    Cosine {
        /// t, above 0.
        turns: f32,
    },
    /// `exp(-(d / w)^2 / 2)`, that of random Fourier features: far levels are like strangers, never opposite.
    Gaussian {
        /// w, above 0.
        width: f32,
    },
}

/// In words.
impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cosine { turns } => write!(f, "in {turns} half turns"),
            Self::Gaussian { width } => write!(f, "with a Gaussian kernel of width {width}"),
        }
    }
}

impl Kernel {
    /// The most levels: a matrix of them is factorised.
    const MOST_LEVELS: usize = 256;

    pub(super) fn check(self, levels: usize) -> Result<(), TrainError> {
        let (Self::Cosine { turns: scale } | Self::Gaussian { width: scale }) = self;
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(TrainError::Kernel { got: scale });
        }
        match levels <= Self::MOST_LEVELS {
            true => Ok(()),
            false => Err(TrainError::Levels { got: levels, most: Self::MOST_LEVELS }),
        }
    }

    fn similarity(self, distance: f64) -> f64 {
        match self {
            Self::Cosine { turns } => libm::cos(PI * f64::from(turns) * distance),
            Self::Gaussian { width } => libm::exp(-(distance / f64::from(width)).powi(2) / 2.0),
        }
    }

    /// The level memory, `M x D` bits. Costs `O(M^3 + M^2 D)`.
    pub(super) fn levels(self, levels: usize, dimension: usize, seed: u64) -> Vec<u32> {
        let ends = (levels - 1) as f64;
        let correlation = |k: usize, l: usize| libm::sin(FRAC_PI_2 * self.similarity(k.abs_diff(l) as f64 / ends));
        let eigen = SymmetricEigen::new(DMatrix::from_fn(levels, levels, correlation));
        let mut root = eigen.eigenvectors;
        root.column_iter_mut().zip(&eigen.eigenvalues).for_each(|(mut column, value)| column *= value.max(0.0).sqrt());
        let root = root.transpose();
        // Drawn dimension by dimension, so that a shorter dimension is a prefix of a longer one.
        let mut gaussian = Gaussian::new(seed ^ 0x6b65_726e_656c);
        let drawn: Vec<f32> = (0..dimension * levels).map(|_| gaussian.next()).collect();
        let bit = |level: usize, at: usize| {
            let drawn = &drawn[at * levels..(at + 1) * levels];
            let sum: f64 = root.column(level).iter().zip(drawn).map(|(root, &drawn)| root * f64::from(drawn)).sum();
            u32::from(sum > 0.0)
        };
        let words = dimension / 32;
        let word =
            |at: usize| (0..32).rev().fold(0, |bits, place| bits << 1 | bit(at / words, at % words * 32 + place));
        (0..levels * words).into_par_iter().map(word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarities_follow_the_kernel() {
        const DIMENSION: usize = 64 * 1024;
        let gaussians = [0.1, 0.2, 0.5].map(|width| Kernel::Gaussian { width });
        let cosines = [1.0, 1.25, 1.5].map(|turns| Kernel::Cosine { turns });
        for kernel in gaussians.into_iter().chain(cosines) {
            let rows = kernel.levels(16, DIMENSION, 3);
            let row = |level: usize| &rows[level * DIMENSION / 32..(level + 1) * DIMENSION / 32];
            for (k, l) in (0..16).flat_map(|k| (0..16).map(move |l| (k, l))) {
                let distance: u32 = row(k).iter().zip(row(l)).map(|(a, b)| (a ^ b).count_ones()).sum();
                let similarity = 1.0 - 2.0 * f64::from(distance) / DIMENSION as f64;
                let wanted = kernel.similarity((k as f64 - l as f64).abs() / 15.0);
                assert!((similarity - wanted).abs() < 0.25, "{kernel:?}, {k} and {l}: {similarity}, not {wanted}");
            }
        }
    }

    #[test]
    fn a_shorter_dimension_is_a_prefix() {
        let kernel = Kernel::Cosine { turns: 1.5 };
        let (short, long) = (kernel.levels(5, 64, 1), kernel.levels(5, 256, 1));
        assert!(short.chunks_exact(2).zip(long.chunks_exact(8)).all(|(short, long)| *short == long[..2]));
        assert_ne!(short, kernel.levels(5, 64, 2));
    }
}
