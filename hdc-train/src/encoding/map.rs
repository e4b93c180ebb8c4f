//! Linear maps into spaces in which angles say more about the class.

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rayon::prelude::*;

use crate::learn::{Matrix, multiply};

/// The space in which hyperplanes are drawn or learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Map {
    /// Every feature has mean 0 and variance 1.
    Standardised,
    /// The covariance within the classes is the identity, after shrinkage by Ledoit & Wolf (2004): directions in which
    /// samples of one class differ count less.
    #[default]
    Whitened,
    /// The `K - 1` directions of the whitened space in which the K classes differ (linear discriminants, Fisher 1936).
    Discriminant,
}

/// `z = A (x - mean)`, with mean variance 1.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    /// `d x F`.
    pub(super) matrix: DMatrix<f64>,
    pub(super) mean: DVector<f64>,
    /// Whether A has nothing beside its diagonal.
    pub(super) diagonal: bool,
}

impl Map {
    /// Fits the map to `rows` (`n x F`).
    pub(super) fn fit(self, rows: &Matrix, labels: &[usize], classes: usize) -> Linear {
        let moments = Moments::of(rows, labels, classes);
        // Where a feature is constant it says nothing.
        let scale =
            moments.total.diagonal().map(|variance| if variance > 1e-12 { variance.sqrt().recip() } else { 0.0 });
        let matrix = match self {
            Self::Standardised => DMatrix::from_diagonal(&scale),
            Self::Whitened => moments.spread(&scale).whitening(),
            Self::Discriminant => moments.spread(&scale).discriminants(&moments.between),
        };
        let variance = mean_variance(&matrix, &moments.total);
        let matrix = if variance > 0.0 { matrix / variance.sqrt() } else { matrix };
        Linear { matrix, mean: moments.mean, diagonal: self == Self::Standardised }
    }
}

/// The mean of the diagonal of `A C A'`, of the variances of `A x` where `covariance` (`C`) is that of `x`. Entries of `A` that
/// are 0 cost nothing: a map of single features has no others, and a whitening one is triangular.
fn mean_variance(matrix: &DMatrix<f64>, covariance: &DMatrix<f64>) -> f64 {
    let rows = matrix.transpose();
    let variances: Vec<f64> = (0..rows.ncols())
        .into_par_iter()
        .map(|row| {
            let row = rows.column(row);
            let mut product = DVector::zeros(row.len());
            for (&weight, column) in row.iter().zip(covariance.column_iter()).filter(|(weight, _)| **weight != 0.0) {
                product.axpy(weight, &column, 1.0);
            }
            product.iter().zip(&row).map(|(product, weight)| product * weight).sum()
        })
        .collect();
    variances.iter().sum::<f64>() / variances.len() as f64
}

/// Means and covariances of labelled rows.
struct Moments {
    mean: DVector<f64>,
    /// Deviation of each class mean from the mean, times the root of the class's share: `F x K`.
    between: DMatrix<f64>,
    total: DMatrix<f64>,
    within: DMatrix<f64>,
    /// The mean fourth power of the length of the standardised rows, for the shrinkage.
    fourth: f64,
    samples: f64,
}

impl Moments {
    fn of(rows: &Matrix, labels: &[usize], classes: usize) -> Self {
        let (count, features) = (rows.rows(), rows.columns());
        let mut sums = DMatrix::<f64>::zeros(features, classes);
        let mut counts = vec![0.0_f64; classes];
        for (row, &label) in (0..count).zip(labels) {
            let mut sum = sums.column_mut(label);
            sum.iter_mut().zip(rows.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
            counts[label] += 1.0;
        }
        let samples = count as f64;
        let mean: DVector<f64> = sums.column_sum() / samples;
        let mut between = sums.clone();
        for (mut column, &count) in between.column_iter_mut().zip(&counts) {
            let share = (count / samples).sqrt();
            column.iter_mut().zip(&mean).for_each(|(sum, mean)| {
                *sum = if count > 0.0 { (*sum / count - mean) * share } else { 0.0 };
            });
        }
        // Sums of products in blocks of rows, first in `f32`, then in `f64`.
        let mut total = DMatrix::<f64>::zeros(features, features);
        let means: Vec<f32> = mean.iter().map(|&mean| mean as f32).collect();
        for block in rows.values().chunks(256 * features) {
            let mut block = Matrix::new(block.to_vec(), features);
            block.rows_mut().for_each(|row| row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= mean));
            let product = multiply(&block.transposed(), &block);
            total.iter_mut().zip(product.values()).for_each(|(sum, &part)| *sum += f64::from(part));
        }
        total /= samples;
        let within = &total - &between * between.transpose();
        // Lengths of the rows about their class means, each feature in units of its deviation within the classes.
        let deviations: Vec<f64> = within.diagonal().iter().map(|&variance| variance.max(1e-12)).collect();
        let fourth = (0..count)
            .zip(labels)
            .map(|(row, &label)| {
                let column = sums.column(label);
                let square: f64 = rows
                    .row(row)
                    .iter()
                    .zip(column.iter())
                    .zip(&deviations)
                    .map(|((&x, sum), variance)| (f64::from(x) - sum / counts[label]).powi(2) / variance)
                    .sum();
                square * square
            })
            .sum::<f64>();
        Self { mean, between, total, within, fourth: fourth / samples, samples }
    }

    /// The covariance within the classes, after shrinkage.
    fn spread(&self, scale: &DVector<f64>) -> Spread {
        // Shrinkage is towards the identity, so it is done in units of the deviation within the classes.
        let units = DVector::from_iterator(
            scale.len(),
            self.within.diagonal().iter().zip(scale.iter()).map(|(&variance, &scale)| match scale > 0.0 {
                true => variance.max(1e-3 / (scale * scale)).sqrt().recip(),
                false => 0.0,
            }),
        );
        let features = scale.len() as f64;
        let mut within = self.within.clone();
        for (row, mut column) in within.column_iter_mut().enumerate() {
            column.iter_mut().zip(units.iter()).for_each(|(value, unit)| *value *= unit * units[row]);
        }
        let level = within.trace() / features;
        let norm = within.norm_squared();
        let spread = (norm / features - level * level).max(0.0);
        let noise = ((self.fourth - norm) / (features * self.samples)).clamp(0.0, spread);
        let shrinkage = if spread > 0.0 { (noise / spread).clamp(1e-4, 1.0) } else { 1.0 };
        let mut shrunk = within * (1.0 - shrinkage);
        shrunk.column_iter_mut().enumerate().for_each(|(at, mut column)| column[at] += shrinkage * level.max(1e-9));
        let root = shrunk.cholesky().map_or_else(|| DMatrix::identity(scale.len(), scale.len()), |found| found.l());
        Spread { root, units }
    }
}

/// A covariance of features in units of their own, as the lower triangular root L of `L L'`.
struct Spread {
    root: DMatrix<f64>,
    units: DVector<f64>,
}

impl Spread {
    /// The map to the whitened space: the inverse of L makes the covariance the identity.
    fn whitening(&self) -> DMatrix<f64> {
        let identity = || DMatrix::identity(self.units.len(), self.units.len());
        let mut inverse = self.root.solve_lower_triangular(&identity()).unwrap_or_else(identity);
        for (mut column, unit) in inverse.column_iter_mut().zip(self.units.iter()) {
            column *= *unit;
        }
        inverse
    }

    /// The map to the directions of the whitened space in which the class means, the columns of `between`, differ: at most
    /// `K - 1` rows. Takes `F^3 / 3` operations for L and `F^2 K` from there, where whitening takes `F^3`.
    fn discriminants(&self, between: &DMatrix<f64>) -> DMatrix<f64> {
        let mut means = between.clone();
        for mut column in means.column_iter_mut() {
            column.component_mul_assign(&self.units);
        }
        // L has a positive diagonal.
        self.root.solve_lower_triangular_mut(&mut means);
        let eigen = SymmetricEigen::new(means.transpose() * &means);
        let most = eigen.eigenvalues.max();
        let kept: Vec<usize> = (0..eigen.eigenvalues.len()).filter(|&at| eigen.eigenvalues[at] > most * 1e-9).collect();
        let mut directions = DMatrix::zeros(self.units.len(), kept.len().max(1));
        for (column, &at) in kept.iter().enumerate() {
            directions.set_column(column, &(&means * eigen.eigenvectors.column(at) / eigen.eigenvalues[at].sqrt()));
        }
        self.root.tr_solve_lower_triangular_mut(&mut directions);
        for mut column in directions.column_iter_mut() {
            column.component_mul_assign(&self.units);
        }
        directions.transpose()
    }
}
