//! Tables of a user's own: a header row, a column `label`, numeric columns, and optionally `split` and `group`.

use std::path::Path;

use hdc_train::{Dataset, Part, Recording, Recordings, Shape, Values};

use crate::error::DataError;
use crate::names::Names;
use crate::numbers::Numbers;
use crate::options::Options;
use pieces::name;
use rows::Rows;

mod columns;
mod pieces;
mod rows;

pub use pieces::CsvPieces;

/// Reads a table of comma-separated values.
///
/// The header row names the columns: `label` is the class; `split`, if there, is `train` or `test`; `group`, if
/// there, is the subject or session; every other column is a feature. Values are counts if every feature of
/// every row is a whole number of 16 bits, else 32-bit reals.
///
/// With [`Options::series`], rows are time steps: consecutive rows that agree in that column, label, group and
/// split are one recording, which is cut into windows.
///
/// # Errors
/// If the file cannot be read, a column is missing, a field is not what it should be (the error names line and
/// column), or window and hop are given without a series or the other way round.
pub fn read_csv(path: &Path, options: &Options) -> Result<Dataset, DataError> {
    let name = name(path);
    let cut = match (&options.series, options.window, options.hop) {
        (None, None, None) => None,
        (None, ..) => {
            let remedy = "its rows are samples: leave them out, or name the series column";
            return Err(DataError::Option { option: "window and hop", name, remedy });
        }
        (Some(_), Some(window), Some(hop)) => Some((window, hop)),
        (Some(series), ..) => return Err(DataError::WindowNeeded { path: path.into(), series: series.clone() }),
    };
    let table = Table::read(path, options.series.as_deref(), options.part)?;
    match cut {
        None => table.samples(name),
        Some((window, hop)) => Ok(table.recordings(name).windows(window, hop)?),
    }
}

/// What a row says besides its features. Rows next to each other with the same marks are one recording.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Marks {
    class: usize,
    group: usize,
    part: Option<Part>,
    series: usize,
}

struct Table {
    channels: usize,
    values: Values,
    classes: Vec<String>,
    groups: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Marks>,
}

impl Table {
    fn read(path: &Path, series: Option<&str>, part: Option<Part>) -> Result<Self, DataError> {
        let mut source = Rows::open(path, series, part)?;
        let (mut classes, mut groups, mut recordings) = (Names::default(), Names::default(), Names::default());
        let (mut numbers, mut rows) = (Numbers::new(), Vec::new());
        while let Some(row) = source.next(&mut numbers)? {
            rows.push(Marks {
                class: classes.index(row.label),
                group: groups.index(row.group),
                part: row.part,
                series: recordings.index(row.series),
            });
        }
        if rows.is_empty() {
            if let Some(part) = part.filter(|_| source.columns.split.is_some()) {
                return Err(DataError::no_part(name(path), part));
            }
            return Err(DataError::Empty { path: path.into(), problem: "has a header but no rows: add samples" });
        }
        let ((classes, class_to), (groups, group_to)) = (classes.sorted(), groups.sorted());
        for row in &mut rows {
            (row.class, row.group) = (class_to[row.class], group_to[row.group]);
        }
        let columns = source.columns.feature_names();
        Ok(Self { channels: columns.len(), columns, values: numbers.finish(), classes, groups, rows })
    }

    fn samples(self, name: String) -> Result<Dataset, DataError> {
        let shape = Shape { steps: 1, channels: self.channels };
        let labels = self.rows.iter().map(|row| row.class).collect();
        let data = Dataset::new(name, shape, self.values, self.classes, labels)?
            .with_groups(self.groups, self.rows.iter().map(|row| row.group).collect())?
            .with_columns(self.columns)?;
        // The column is there for all rows or for none.
        match self.rows.iter().map(|row| row.part).collect::<Option<Vec<Part>>>() {
            Some(parts) => Ok(data.with_parts(parts)?),
            None => Ok(data),
        }
    }

    fn recordings(self, name: String) -> Recordings {
        let mut list = Vec::new();
        let mut start = 0;
        for rows in self.rows.chunk_by(|one, next| one == next) {
            let end = start + rows.len() * self.channels;
            let values = match &self.values {
                Values::I16(values) => Values::I16(values[start..end].to_vec()),
                Values::F32(values) => Values::F32(values[start..end].to_vec()),
            };
            let Marks { class, group, part, .. } = rows[0];
            list.push(Recording { values, class, group, part });
            start = end;
        }
        let columns = self.columns;
        Recordings { name, channels: self.channels, columns, classes: self.classes, groups: self.groups, list }
    }
}

#[cfg(test)]
mod tests;
