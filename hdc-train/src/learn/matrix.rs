use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::readout::sign;
use super::vectors::{load, store};

/// A matrix of `f32`, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matrix {
    values: Vec<f32>,
    columns: usize,
}

impl Matrix {
    pub(crate) fn zero(rows: usize, columns: usize) -> Self {
        Self { values: vec![0.0; rows * columns], columns }
    }

    pub(crate) fn new(values: Vec<f32>, columns: usize) -> Self {
        assert!(values.len().is_multiple_of(columns), "a matrix has whole rows");
        Self { values, columns }
    }

    pub(crate) fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.values.chunks_exact_mut(self.columns.max(1))
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Some of the columns.
    pub(crate) fn strip(&self, columns: Range<usize>) -> Self {
        let rows = self.values.chunks_exact(self.columns.max(1)).flat_map(|row| &row[columns.clone()]);
        Self { values: rows.copied().collect(), columns: columns.len() }
    }

    /// The columns of `strips`, which have `rows` rows, side by side.
    pub(crate) fn beside<'a>(rows: usize, strips: impl Iterator<Item = &'a Self>) -> Self {
        let strips: Vec<&Self> = strips.collect();
        let columns = strips.iter().map(|strip| strip.columns).sum();
        let mut values = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            strips.iter().for_each(|strip| values.extend_from_slice(strip.row(row)));
        }
        Self { values, columns }
    }

    /// 1 for positive numbers, -1 for others.
    pub(crate) fn signs(&self) -> Self {
        Self { values: self.values.iter().map(|&number| sign(number)).collect(), columns: self.columns }
    }

    /// The bits of all rows, of a multiple of 32 columns: 1 for positive numbers.
    pub(crate) fn bits(&self) -> Vec<u32> {
        let word = |numbers: &[f32]| numbers.iter().rev().fold(0, |word, &number| word << 1 | u32::from(number > 0.0));
        self.values.chunks_exact(32).map(word).collect()
    }

    pub(crate) fn transposed(&self) -> Self {
        let (rows, columns) = (self.rows(), self.columns);
        let mut result = Self::zero(columns, rows);
        // Square by square, so that neither side is far apart in memory.
        for top in (0..rows).step_by(16) {
            for left in (0..columns).step_by(16) {
                for row in top..(top + 16).min(rows) {
                    for column in left..(left + 16).min(columns) {
                        result.values[column * rows + row] = self.values[row * columns + column];
                    }
                }
            }
        }
        result
    }
}

/// The product `a b`. Every number is summed up in the order of the inner dimension, on every machine.
pub(crate) fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = Matrix::zero(a.rows(), b.columns);
    multiply_add(a, b, &mut product);
    product
}

/// `product += a b`, summed up as if the columns of `a` and the rows of `b` went on from earlier ones.
pub(super) fn multiply_add(a: &Matrix, b: &Matrix, product: &mut Matrix) {
    assert_eq!((a.columns, a.rows(), b.columns), (b.rows(), product.rows(), product.columns), "matrices fit");
    Arch::new().dispatch(MultiplyAdd { a, b, product });
}

/// Rows and vectors of a tile, whose sums stay in registers.
const TALL: usize = 4;
const WIDE: usize = 2;
/// Rows of `b` that are gone over at a time, so that a strip of them stays in the nearest cache.
const DEEP: usize = 128;
/// Lanes of the widest vector.
const LANES: usize = 16;

/// `product += a b`. A type and not a closure, which would be compiled without the machine's features.
struct MultiplyAdd<'a> {
    a: &'a Matrix,
    b: &'a Matrix,
    product: &'a mut Matrix,
}

impl WithSimd for MultiplyAdd<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, b, product } = self;
        let mut packed = [0.0; DEEP * WIDE * LANES];
        for deep in (0..b.rows()).step_by(DEEP) {
            let mut at = 0;
            while at < b.columns {
                // A strip of one vector where no more is left.
                let vectors = if b.columns - at > S::F32_LANES { WIDE } else { 1 };
                let strip = at..(at + vectors * S::F32_LANES).min(b.columns);
                let rows = b.values[deep * b.columns..].chunks_exact(b.columns).take(DEEP);
                let packed = &mut packed[..rows.len() * vectors * S::F32_LANES];
                for (packed, row) in packed.chunks_exact_mut(vectors * S::F32_LANES).zip(rows) {
                    packed[..strip.len()].copy_from_slice(&row[strip.clone()]);
                    packed[strip.len()..].fill(0.0);
                }
                at = strip.end;
                match vectors {
                    1 => down::<S, 1>(simd, a, deep, packed, strip, product),
                    _ => down::<S, WIDE>(simd, a, deep, packed, strip, product),
                }
            }
        }
    }
}

/// Adds to the columns `strip` of the product what columns from `deep` of `a` and the strip of `b` give.
#[inline(always)]
fn down<S: Simd, const V: usize>(
    simd: S,
    a: &Matrix,
    deep: usize,
    strip_of_b: &[f32],
    strip: Range<usize>,
    product: &mut Matrix,
) {
    let (right, _) = S::as_simd_f32s(strip_of_b);
    let (right, _) = right.as_chunks::<V>();
    let (inner, columns) = (a.columns, product.columns);
    for (left, product) in a.values.chunks(TALL * inner).zip(product.values.chunks_mut(TALL * columns)) {
        if left.len() == TALL * inner {
            tile::<S, TALL, V>(simd, (left, inner, deep), right, strip.clone(), (product, columns));
        } else {
            for (left, product) in left.chunks_exact(inner).zip(product.chunks_exact_mut(columns)) {
                tile::<S, 1, V>(simd, (left, inner, deep), right, strip.clone(), (product, columns));
            }
        }
    }
}

#[inline(always)]
fn tile<S: Simd, const R: usize, const V: usize>(
    simd: S,
    (left, inner, deep): (&[f32], usize, usize),
    right: &[[S::f32s; V]],
    strip: Range<usize>,
    (product, columns): (&mut [f32], usize),
) {
    let mut rows: [&[f32]; R] = [&[]; R];
    let mut sums = [[simd.splat_f32s(0.0); V]; R];
    for row in 0..R {
        rows[row] = &left[row * inner + deep..][..right.len()];
        let before = &product[row * columns..][strip.clone()];
        for (sum, before) in sums[row].iter_mut().zip(before.chunks(S::F32_LANES)) {
            *sum = load(simd, before);
        }
    }
    for (k, right) in right.iter().enumerate() {
        for row in 0..R {
            let factor = simd.splat_f32s(rows[row][k]);
            for (sum, right) in sums[row].iter_mut().zip(right) {
                *sum = simd.add_f32s(*sum, simd.mul_f32s(factor, *right));
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let after = &mut product[row * columns..][strip.clone()];
        for (sum, after) in sums.iter().zip(after.chunks_mut(S::F32_LANES)) {
            store(simd, after, *sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_side_by_side_are_the_whole() {
        let whole = Matrix::new((0..24_u8).map(f32::from).collect(), 8);
        let strips = [whole.strip(0..3), whole.strip(3..7), whole.strip(7..8)];
        assert_eq!(strips[1].row(1), [11.0, 12.0, 13.0, 14.0]);
        assert_eq!(Matrix::beside(3, strips.iter()), whole);
    }

    #[test]
    fn products_are_sums_of_products() {
        for (rows, inner, columns) in
            [(1, 1, 1), (4, 3, 16), (5, 7, 19), (9, 2, 33), (3, 5, 40), (6, 300, 50), (8, 128, 64)]
        {
            let fill = |rows, columns, step: usize| {
                Matrix::new((0..rows * columns).map(|at| ((at * step) % 17) as f32 - 8.0).collect(), columns)
            };
            let (a, b) = (fill(rows, inner, 5), fill(inner, columns, 7));
            let product = multiply(&a, &b);
            for row in 0..rows {
                for column in 0..columns {
                    let sum: f32 = (0..inner).map(|k| a.row(row)[k] * b.row(k)[column]).sum();
                    assert_eq!(product.row(row)[column].to_bits(), (sum + 0.0).to_bits());
                }
            }
            assert_eq!(product.transposed().transposed(), product);
            let (mut sum, half) = (Matrix::zero(rows, columns), inner / 2);
            for part in [0..half, half..inner].into_iter().filter(|part| !part.is_empty()) {
                multiply_add(&a.strip(part.clone()), &b.transposed().strip(part).transposed(), &mut sum);
            }
            assert_eq!(sum, product);
        }
    }
}
