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
    /// The directions in which standardised features vary most, whatever the class, as many as hold 95 % of the variance, each
    /// with variance 1 (principal components, Pearson 1901).
    Principal,
}

/// The share of the variance that principal components hold.
const HELD: f64 = 0.95;

/// `z = A (x - mean)`, with mean variance 1.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) matrix: Coefficients,
    pub(super) mean: DVector<f64>,
}

/// `A`, `d x F`.
#[derive(Clone, Debug)]
pub(super) enum Coefficients {
    /// A factor for each feature: A has nothing beside its diagonal.
    Diagonal(DVector<f64>),
    Full(DMatrix<f64>),
}

impl Map {
    /// Fits the map to `rows` (`n x F`).
    pub(super) fn fit(self, rows: &Matrix, labels: &[usize], classes: usize) -> Linear {
        // Where a feature is constant it says nothing.
        let scale = |variance: f64| if variance > 1e-12 { variance.sqrt().recip() } else { 0.0 };
        if self == Self::Standardised {
            let mean = ClassMeans::of(rows, labels, classes).mean;
            let variances = variances(rows, &mean);
            let factors = variances.map(scale);
            let variance = variances.component_mul(&factors).component_mul(&factors).iter().sum::<f64>();
            let variance = variance / factors.len() as f64;
            let factors = if variance > 0.0 { factors / variance.sqrt() } else { factors };
            return Linear { matrix: Coefficients::Diagonal(factors), mean };
        }
        let moments = Moments::of(rows, labels, classes);
        let factors = moments.total.diagonal().map(scale);
        let matrix = match self {
            Self::Discriminant => moments.spread(&factors).discriminants(&moments.means.between),
            Self::Principal => principal(&moments.total, &factors),
            Self::Whitened | Self::Standardised => moments.spread(&factors).whitening(),
        };
        let variance = mean_variance(&matrix, &moments.total);
        let matrix = if variance > 0.0 { matrix / variance.sqrt() } else { matrix };
        Linear { matrix: Coefficients::Full(matrix), mean: moments.means.mean }
    }
}

impl Linear {
    /// d, how many numbers it makes.
    pub(super) fn outputs(&self) -> usize {
        match &self.matrix {
            Coefficients::Diagonal(factors) => factors.len(),
            Coefficients::Full(matrix) => matrix.nrows(),
        }
    }

    /// `A (x - mean)` of every row.
    pub(super) fn apply(&self, mut rows: Matrix) -> Matrix {
        let means: Vec<f32> = self.mean.iter().map(|&mean| mean as f32).collect();
        rows.rows_mut().for_each(|row| row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= mean));
        match &self.matrix {
            Coefficients::Diagonal(factors) => {
                let factors: Vec<f32> = factors.iter().map(|&factor| factor as f32).collect();
                rows.rows_mut().for_each(|row| row.iter_mut().zip(&factors).for_each(|(x, factor)| *x *= factor));
                rows
            }
            Coefficients::Full(matrix) => {
                // Column by column, the numbers of A are the rows of its transpose.
                multiply(&rows, &Matrix::new(matrix.iter().map(|&value| value as f32).collect(), matrix.nrows()))
            }
        }
    }

    /// `A' v`: what the normal v of a hyperplane is before the map.
    pub(super) fn before(&self, normal: &DVector<f64>) -> DVector<f64> {
        match &self.matrix {
            Coefficients::Diagonal(factors) => factors.component_mul(normal),
            Coefficients::Full(matrix) => matrix.tr_mul(normal),
        }
    }
}

/// The map to the principal components of features with this `covariance`, each of which is first multiplied by its factor.
fn principal(covariance: &DMatrix<f64>, factors: &DVector<f64>) -> DMatrix<f64> {
    let mut scaled = covariance.clone();
    for (mut column, factor) in scaled.column_iter_mut().zip(factors) {
        column.component_mul_assign(factors);
        column *= *factor;
    }
    let eigen = SymmetricEigen::new(scaled);
    let mut order: Vec<usize> = (0..factors.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let (mut held, all) = (0.0, eigen.eigenvalues.iter().map(|variance| variance.max(0.0)).sum::<f64>());
    let enough = order.iter().position(|&at| {
        held += eigen.eigenvalues[at];
        held >= HELD * all
    });
    order.truncate(enough.map_or(1, |last| last + 1));
    let mut directions = DMatrix::zeros(factors.len(), order.len());
    for (mut direction, &at) in directions.column_iter_mut().zip(&order) {
        direction.copy_from(&eigen.eigenvectors.column(at).component_mul(factors));
        // Where nothing varies there is one direction, of nothing.
        direction /= eigen.eigenvalues[at].max(1e-12).sqrt();
    }
    directions.transpose()
}

/// The mean of the diagonal of `A C A'`, of the variances of `A x` where `covariance` (`C`) is that of `x`. Entries of `A` that
/// are 0 cost nothing: a whitening map is triangular.
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

/// The means of labelled rows.
struct ClassMeans {
    mean: DVector<f64>,
    /// The sum of the rows of each class, `F x K`, and how many there are.
    sums: DMatrix<f64>,
    counts: Vec<f64>,
    /// Deviation of each class mean from the mean, times the root of the class's share: `F x K`.
    between: DMatrix<f64>,
}

impl ClassMeans {
    fn of(rows: &Matrix, labels: &[usize], classes: usize) -> Self {
        let mut sums = DMatrix::<f64>::zeros(rows.columns(), classes);
        let mut counts = vec![0.0_f64; classes];
        for (row, &label) in (0..rows.rows()).zip(labels) {
            let mut sum = sums.column_mut(label);
            sum.iter_mut().zip(rows.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
            counts[label] += 1.0;
        }
        let samples = rows.rows() as f64;
        let mean: DVector<f64> = sums.column_sum() / samples;
        let mut between = sums.clone();
        for (mut column, &count) in between.column_iter_mut().zip(&counts) {
            let share = (count / samples).sqrt();
            column.iter_mut().zip(&mean).for_each(|(sum, mean)| {
                *sum = if count > 0.0 { (*sum / count - mean) * share } else { 0.0 };
            });
        }
        Self { mean, sums, counts, between }
    }
}

/// `rows` about `mean`, in blocks: sums of products are taken first of a block in `f32`, then of all in `f64`.
fn blocks<'a>(rows: &'a Matrix, mean: &DVector<f64>) -> impl Iterator<Item = Matrix> + use<'a> {
    let means: Vec<f32> = mean.iter().map(|&mean| mean as f32).collect();
    rows.values().chunks(256 * rows.columns()).map(move |block| {
        let mut block = Matrix::new(block.to_vec(), means.len());
        block.rows_mut().for_each(|row| row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= mean));
        block
    })
}

/// The variance of each column: the diagonal of the covariance.
fn variances(rows: &Matrix, mean: &DVector<f64>) -> DVector<f64> {
    let mut total = DVector::<f64>::zeros(rows.columns());
    for mut block in blocks(rows, mean) {
        let mut squares = vec![0.0_f32; rows.columns()];
        for row in block.rows_mut() {
            squares.iter_mut().zip(row).for_each(|(square, x)| *square += *x * *x);
        }
        total.iter_mut().zip(squares).for_each(|(sum, square)| *sum += f64::from(square));
    }
    total / rows.rows() as f64
}

/// Means and covariances of labelled rows.
struct Moments {
    means: ClassMeans,
    total: DMatrix<f64>,
    within: DMatrix<f64>,
    /// The mean fourth power of the length of the standardised rows, for the shrinkage.
    fourth: f64,
    samples: f64,
}

impl Moments {
    fn of(rows: &Matrix, labels: &[usize], classes: usize) -> Self {
        let (count, features, samples) = (rows.rows(), rows.columns(), rows.rows() as f64);
        let means = ClassMeans::of(rows, labels, classes);
        let mut total = DMatrix::<f64>::zeros(features, features);
        for block in blocks(rows, &means.mean) {
            let product = multiply(&block.transposed(), &block);
            total.iter_mut().zip(product.values()).for_each(|(sum, &part)| *sum += f64::from(part));
        }
        total /= samples;
        let within = &total - &means.between * means.between.transpose();
        // Lengths of the rows about their class means, each feature in units of its deviation within the classes.
        let deviations: Vec<f64> = within.diagonal().iter().map(|&variance| variance.max(1e-12)).collect();
        let fourth = (0..count)
            .zip(labels)
            .map(|(row, &label)| {
                let column = means.sums.column(label);
                let square: f64 = rows
                    .row(row)
                    .iter()
                    .zip(column.iter())
                    .zip(&deviations)
                    .map(|((&x, sum), variance)| (f64::from(x) - sum / means.counts[label]).powi(2) / variance)
                    .sum();
                square * square
            })
            .sum::<f64>();
        Self { means, total, within, fourth: fourth / samples, samples }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standardised_space_has_the_diagonal_of_the_covariance() {
        // More rows than a block, a constant column among the others.
        let value = |at: u32| if at % 7 == 3 { 5.0 } else { f32::from((at * 7919 % 1009) as u16) / 31.0 };
        let rows = Matrix::new((0..7 * 600).map(value).collect(), 7);
        let labels: Vec<usize> = (0..600).map(|row| row % 3).collect();
        let Linear { matrix: Coefficients::Diagonal(factors), mean } = Map::Standardised.fit(&rows, &labels, 3) else {
            panic!("it mixes features");
        };
        let total = Moments::of(&rows, &labels, 3).total;
        assert_eq!(variances(&rows, &mean), total.diagonal());
        assert!(factors[3].abs() < f64::EPSILON, "it is constant");
        // Six of seven have variance 1, before all are scaled to a mean of 1.
        for (factor, variance) in factors.iter().zip(&total.diagonal()).filter(|(factor, _)| **factor > 0.0) {
            assert!((factor * variance.sqrt() - (7.0_f64 / 6.0).sqrt()).abs() < 1e-9);
        }
    }

    #[test]
    fn principal_components_are_few_uncorrelated_and_of_variance_one() {
        // Two numbers in four columns, one of them nearly twice.
        let noise = |at: usize| (at * 7919 % 1009) as f32 / 1009.0;
        let row = |at: usize| [noise(at), noise(at) * 3.0 + 0.01 * noise(at + 500), noise(3 * at + 1), 7.0];
        let rows = Matrix::new((0..400).flat_map(row).collect(), 4);
        let labels: Vec<usize> = (0..400).map(|row| row % 2).collect();
        let linear = Map::Principal.fit(&rows, &labels, 2);
        assert_eq!(linear.outputs(), 2);
        let mapped = linear.apply(rows);
        for a in 0..2 {
            for b in 0..2 {
                let product: f32 = (0..400).map(|row| mapped.row(row)[a] * mapped.row(row)[b]).sum::<f32>() / 400.0;
                assert!((product - if a == b { 1.0 } else { 0.0 }).abs() < 1e-3, "{a} {b}: {product}");
            }
        }
    }

    #[test]
    fn factors_are_applied_as_their_matrix_is() {
        let rows = Matrix::new((0..60_u16).map(|at| f32::from(at * 37 % 50)).collect(), 6);
        let labels: Vec<usize> = (0..10).map(|row| row % 2).collect();
        let linear = Map::Standardised.fit(&rows, &labels, 2);
        let Coefficients::Diagonal(factors) = &linear.matrix else { panic!("it mixes features") };
        let full = Linear { matrix: Coefficients::Full(DMatrix::from_diagonal(factors)), mean: linear.mean.clone() };
        assert_eq!(linear.apply(rows.clone()), full.apply(rows));
        let normal = DVector::from_fn(6, |row, _| 0.3 * row as f64 - 1.0);
        assert_eq!(linear.before(&normal), full.before(&normal));
    }
}
