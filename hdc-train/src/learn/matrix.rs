use pulp::Arch;

use super::readout::sign;

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
    pub(crate) fn strip(&self, columns: std::ops::Range<usize>) -> Self {
        let rows = self.values.chunks_exact(self.columns.max(1)).flat_map(|row| &row[columns.clone()]);
        Self { values: rows.copied().collect(), columns: columns.len() }
    }

    /// The columns of `strips`, which have `rows` rows, side by side.
    pub(crate) fn beside<'a>(rows: usize, strips: impl Iterator<Item = &'a Self>) -> Self {
        let strips: Vec<&Self> = strips.collect();
        let columns = strips.iter().map(|strip| strip.columns).sum();
        let values = (0..rows).flat_map(|row| strips.iter().flat_map(move |strip| strip.row(row)));
        Self { values: values.copied().collect(), columns }
    }

    /// 1 for positive numbers, -1 for others.
    pub(crate) fn signs(&self) -> Self {
        Self { values: self.values.iter().map(|&number| sign(number)).collect(), columns: self.columns }
    }

    pub(crate) fn transposed(&self) -> Self {
        let (rows, columns) = (self.rows(), self.columns);
        let mut result = Self::zero(columns, rows);
        for (row, values) in self.values.chunks_exact(columns).enumerate() {
            for (column, &value) in values.iter().enumerate() {
                result.values[column * rows + row] = value;
            }
        }
        result
    }
}

/// The product `a b`.
pub(crate) fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = Matrix::zero(a.rows(), b.columns);
    multiply_into(a, b, &mut product);
    product
}

/// Overwrites `product` with `a b`. Every number is summed up in the order of the inner dimension, on every machine.
pub(crate) fn multiply_into(a: &Matrix, b: &Matrix, product: &mut Matrix) {
    assert_eq!((a.columns, a.rows(), b.columns), (b.rows(), product.rows(), product.columns), "matrices fit");
    Arch::new().dispatch(
        #[inline(always)]
        || tiles(a, b, product),
    );
}

/// Rows and columns of a tile whose sums stay in registers.
const TALL: usize = 4;
const WIDE: usize = 16;

#[inline(always)]
fn tiles(a: &Matrix, b: &Matrix, product: &mut Matrix) {
    let (inner, columns) = (a.columns, b.columns);
    for (at, strip) in product.values.chunks_mut(TALL * columns.max(1)).enumerate() {
        let left = &a.values[at * TALL * inner..][..strip.len() / columns * inner];
        let mut from = 0;
        while from < columns {
            let width = WIDE.min(columns - from);
            if strip.len() == TALL * columns && width == WIDE {
                tile(left, inner, &b.values, columns, from, strip);
            } else {
                edge(left, inner, &b.values, columns, from..from + width, strip);
            }
            from += width;
        }
    }
}

#[inline(always)]
fn tile(left: &[f32], inner: usize, b: &[f32], columns: usize, from: usize, strip: &mut [f32]) {
    let mut sums = [[0.0_f32; WIDE]; TALL];
    let rows: [&[f32]; TALL] = std::array::from_fn(|row| &left[row * inner..(row + 1) * inner]);
    for k in 0..inner {
        let right: &[f32; WIDE] = b[k * columns + from..][..WIDE].try_into().unwrap_or(&[0.0; WIDE]);
        for (sums, row) in sums.iter_mut().zip(rows) {
            let factor = row[k];
            for (sum, right) in sums.iter_mut().zip(right) {
                *sum += factor * right;
            }
        }
    }
    for (row, sums) in strip.chunks_exact_mut(columns).zip(&sums) {
        row[from..from + WIDE].copy_from_slice(sums);
    }
}

#[inline(always)]
fn edge(left: &[f32], inner: usize, b: &[f32], columns: usize, at: std::ops::Range<usize>, strip: &mut [f32]) {
    for (left, row) in left.chunks_exact(inner.max(1)).zip(strip.chunks_exact_mut(columns)) {
        let sums = &mut row[at.clone()];
        sums.fill(0.0);
        for (&factor, right) in left.iter().zip(b.chunks_exact(columns)) {
            for (sum, right) in sums.iter_mut().zip(&right[at.clone()]) {
                *sum += factor * right;
            }
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
        for (rows, inner, columns) in [(1, 1, 1), (4, 3, 16), (5, 7, 19), (9, 2, 33), (3, 5, 40)] {
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
        }
    }
}
