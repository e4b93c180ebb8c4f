use super::EncodeError;
use crate::{Quantiser, kernel};

/// The distances of [integer bundles](super::IntegerBundle) of records to binary class hypervectors, as a table.
///
/// A bundle that is not binarised is a sum over columns, and so is its distance to a class:
/// `d_k = start_k + sum_f T[f][level_f][k]`, with `T[f][l][k] = hamming(ID_f XOR L_l, C_k) - min_l' hamming(ID_f XOR L_l',
/// C_k)`. The table gives the same distances as the hypervectors it was made of, at a cost that does not depend on their
/// dimension: `F K` additions, four in a word.
#[derive(Clone, Debug)]
pub struct AdditiveTable<S> {
    /// From numbers to levels, a set of thresholds a column.
    pub quantiser: Quantiser<S>,
    /// Class hypervectors, K P.
    pub classes: usize,
    /// Whether entries have 16 bits; otherwise 8.
    pub wide: bool,
    /// `start_k`, filled up with zeros to [`distance_words`](Self::distance_words) words.
    pub starts: S,
    /// T: `F x M` rows of K P entries, the first in the lowest bits, filled up with zeros to whole words.
    pub entries: S,
}

impl<S> AdditiveTable<S> {
    /// Words in a row of the table.
    pub const fn row_words(&self) -> usize {
        self.classes.div_ceil(if self.wide { 2 } else { 4 })
    }

    /// Words that hold the distances to all classes, and zeros up to whole words of entries.
    pub const fn distance_words(&self) -> usize {
        self.row_words().saturating_mul(if self.wide { 2 } else { 4 })
    }
}

impl<S: AsRef<[u32]>> AdditiveTable<S> {
    /// Sets `distances` to their start.
    pub(crate) fn begin(&self, distances: &mut [u32]) {
        distances.iter_mut().zip(self.starts.as_ref()).for_each(|(distance, start)| *distance = *start);
    }

    /// Adds what the row of `columns` numbers with these [keys](crate::Value::key) adds to the distances, with a word of
    /// working memory a column.
    pub(crate) fn add_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        columns: usize,
        scratch: &mut [u32],
        distances: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (expected, got) = (columns, scratch.len());
        let rows = scratch.get_mut(..expected).ok_or(EncodeError::Scratch { expected, got })?;
        for (column, (row, key)) in rows.iter_mut().zip(keys).enumerate() {
            *row = key.ok_or(EncodeError::NotFinite { index: column })?.cast_unsigned();
        }
        self.quantiser.quantise(rows);
        // A level becomes the place of its row.
        let (width, mut first) = (self.row_words() as u32, 0_u32);
        let column = width.wrapping_mul(self.quantiser.levels() as u32);
        for row in &mut *rows {
            *row = first.wrapping_add(row.wrapping_mul(width));
            first = first.wrapping_add(column);
        }
        kernel::table(self.entries.as_ref(), rows, self.wide, distances);
        Ok(())
    }
}
