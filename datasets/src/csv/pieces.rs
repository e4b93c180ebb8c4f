//! Tables that are larger than memory.

use std::path::{Path, PathBuf};

use hdc_train::{Dataset, Part, Shape, Values};

use super::rows::Rows;
use crate::error::DataError;
use crate::names::Names;
use crate::numbers::Numbers;

/// A table of feature rows that is read in pieces, as often as wanted: what [`read_csv`](crate::read_csv) reads, without
/// ever being in memory as a whole. Where the table has a column `split`, it has the training rows only.
#[derive(Debug)]
pub struct CsvPieces {
    path: PathBuf,
    classes: Vec<String>,
    columns: Vec<String>,
    /// Whether all values are counts.
    counts: bool,
    rows: usize,
}

impl CsvPieces {
    /// Reads the table at `path` once, for its classes and the type of its values.
    ///
    /// # Errors
    /// As [`read_csv`](crate::read_csv).
    pub fn scan(path: impl Into<PathBuf>) -> Result<Self, DataError> {
        let path = path.into();
        let mut rows = Rows::open(&path, None, None)?;
        let (mut classes, mut numbers, mut count, mut any) = (Names::default(), Numbers::new(), 0, false);
        while let Some(row) = rows.next(&mut numbers)? {
            any = true;
            if row.part != Some(Part::Test) {
                classes.index(row.label);
                count += 1;
            }
            numbers.forget();
        }
        if count == 0 {
            let problem = if any { "has no training rows: add some" } else { "has a header but no rows: add samples" };
            return Err(DataError::Empty { path, problem });
        }
        let columns = rows.columns.feature_names();
        Ok(Self { classes: classes.sorted().0, columns, counts: numbers.are_counts(), rows: count, path })
    }

    /// How many training rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// About `most` training rows at equal distances, to fit encoders to.
    ///
    /// # Errors
    /// If the file has changed since it was scanned, or cannot be read.
    pub fn sample(&self, most: usize) -> Result<Dataset, DataError> {
        let step = self.rows.div_ceil(most.max(1));
        let mut piece = Piece::default();
        self.read(|row, numbers, label| {
            if row.is_multiple_of(step) {
                piece.push(numbers, label);
            }
            Ok::<(), DataError>(())
        })?;
        piece.dataset(self)
    }

    /// Reads the table and gives every `rows` training rows, the last time what is left, to `take`.
    ///
    /// # Errors
    /// If the file has changed since it was scanned, or cannot be read, or what `take` returns.
    pub fn each<E: From<DataError>>(
        &self,
        rows: usize,
        mut take: impl FnMut(Dataset) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut piece = Piece::default();
        self.read(|_, numbers, label| {
            piece.push(numbers, label);
            if piece.labels.len() == rows.max(1) { take(std::mem::take(&mut piece).dataset(self)?) } else { Ok(()) }
        })?;
        if piece.labels.is_empty() { Ok(()) } else { take(piece.dataset(self)?) }
    }

    /// Gives the place, the features and the class of every training row to `take`.
    fn read<E: From<DataError>>(&self, mut take: impl FnMut(usize, &[f32], usize) -> Result<(), E>) -> Result<(), E> {
        let mut rows = Rows::open(&self.path, None, None)?;
        let changed = || DataError::Changed { path: self.path.clone() };
        if rows.columns.feature_names() != self.columns {
            return Err(changed().into());
        }
        let mut numbers = Numbers::new();
        let mut place = 0;
        while let Some(row) = rows.next(&mut numbers)? {
            if row.part != Some(Part::Test) {
                let class = self.classes.iter().position(|class| class == row.label).ok_or_else(changed)?;
                take(place, numbers.values(), class)?;
                place += 1;
            }
            numbers.forget();
        }
        if place == self.rows && numbers.are_counts() >= self.counts { Ok(()) } else { Err(changed().into()) }
    }
}

/// Rows that were read.
#[derive(Default)]
struct Piece {
    values: Vec<f32>,
    labels: Vec<usize>,
}

impl Piece {
    fn push(&mut self, numbers: &[f32], label: usize) {
        self.values.extend_from_slice(numbers);
        self.labels.push(label);
    }

    fn dataset(self, of: &CsvPieces) -> Result<Dataset, DataError> {
        let shape = Shape { steps: 1, channels: of.columns.len() };
        #[allow(clippy::cast_possible_truncation, reason = "the scan found every value to be integral and in range")]
        let values = match of.counts {
            true => Values::I16(self.values.into_iter().map(|value| value as i16).collect()),
            false => Values::F32(self.values),
        };
        let data = Dataset::new(name(&of.path), shape, values, of.classes.clone(), self.labels)?;
        Ok(data.with_columns(of.columns.clone())?)
    }
}

/// What a table is called.
pub(super) fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
