//! Tables of a user's own: a header row, a column `label`, numeric columns, and optionally `split` and `group`.

use std::io::Read;
use std::path::Path;

use hdc_train::{Dataset, Part, Recording, Recordings, Shape, Values};

use crate::error::DataError;
use crate::folders::open;
use crate::names::Names;
use crate::numbers::Numbers;
use crate::options::Options;
use columns::Columns;

mod columns;

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
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let cut = match (&options.series, options.window, options.hop) {
        (None, None, None) => None,
        (None, ..) => {
            let remedy = "its rows are samples: leave them out, or name the series column";
            return Err(DataError::Option { option: "window and hop", name, remedy });
        }
        (Some(_), Some(window), Some(hop)) => Some((window, hop)),
        (Some(series), ..) => return Err(DataError::WindowNeeded { path: path.into(), series: series.clone() }),
    };
    let table = Table::read(path, options.series.as_deref())?;
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
    fn read(path: &Path, series: Option<&str>) -> Result<Self, DataError> {
        let mut bytes = Vec::new();
        open(path)?.read_to_end(&mut bytes).map_err(DataError::io(path))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        // Flexible, because this module's message about a ragged row says more than the parser's.
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(bytes);
        let broken = |error: ::csv::Error| {
            let line = line(bytes, error.position());
            match error.into_kind() {
                ::csv::ErrorKind::Utf8 { .. } => DataError::line(path, line, "not UTF-8: save the file as UTF-8"),
                _ => DataError::line(path, line, "not a row of comma-separated values"),
            }
        };
        let columns = Columns::new(path, reader.headers().map_err(broken)?, series)?;
        let (mut classes, mut groups, mut recordings) = (Names::default(), Names::default(), Names::default());
        let (mut numbers, mut rows) = (Numbers::new(), Vec::new());
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = || line(bytes, record.position());
            if record.len() != columns.names.len() {
                let (line, expected, got) = (line(), columns.names.len(), record.len());
                return Err(DataError::RaggedRow { path: path.into(), line, expected, got });
            }
            let field = |column: usize| record.get(column).unwrap_or_default();
            for &column in &columns.features {
                let problem = numbers.push(field(column)).err();
                if let Some(problem) = problem {
                    return Err(DataError::cell(path, line(), &columns.names[column], problem));
                }
            }
            if field(columns.label).is_empty() {
                return Err(DataError::cell(
                    path,
                    line(),
                    "label",
                    "the class is missing: fill it in or remove the row",
                ));
            }
            rows.push(Marks {
                class: classes.index(field(columns.label)),
                group: groups.index(columns.group.map_or("all", field)),
                part: columns
                    .split
                    .map(|column| part(field(column)))
                    .transpose()
                    .map_err(|problem| DataError::cell(path, line(), "split", problem))?,
                series: recordings.index(columns.series.map_or("", field)),
            });
        }
        if rows.is_empty() {
            return Err(DataError::Empty { path: path.into(), problem: "has a header but no rows: add samples" });
        }
        let ((classes, class_to), (groups, group_to)) = (classes.sorted(), groups.sorted());
        for row in &mut rows {
            (row.class, row.group) = (class_to[row.class], group_to[row.group]);
        }
        let names = columns.features.iter().map(|&column| columns.names[column].clone()).collect();
        Ok(Self { channels: columns.features.len(), columns: names, values: numbers.finish(), classes, groups, rows })
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

fn part(word: &str) -> Result<Part, String> {
    match word {
        _ if word.eq_ignore_ascii_case("train") => Ok(Part::Train),
        _ if word.eq_ignore_ascii_case("test") => Ok(Part::Test),
        _ => Err(format!("`{word}` is neither train nor test")),
    }
}

/// The line, from 1, of what was parsed from `position` on. The parser's own count is of the place where it began to
/// look, which is before any blank lines.
fn line(bytes: &[u8], position: Option<&::csv::Position>) -> u64 {
    let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0).min(bytes.len());
    let blank = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    1 + bytes[..start + blank].iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>()
}

#[cfg(test)]
mod tests;
