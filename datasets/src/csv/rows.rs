//! The rows of a table, one after the other.

use std::io::{BufReader, Read};
use std::path::Path;

use ::csv::{Error, ErrorKind, Position, Reader, ReaderBuilder, StringRecord, Trim};
use hdc_train::Part;

use super::columns::Columns;
use crate::error::DataError;
use crate::folders::open;
use crate::numbers::Numbers;

/// Reads a table row by row; only one row is in memory.
pub(super) struct Rows<'a> {
    path: &'a Path,
    reader: Reader<Box<dyn Read>>,
    record: StringRecord,
    /// The side to read; both if nothing.
    wanted: Option<Part>,
    pub(super) columns: Columns,
}

/// What a row says besides its features.
pub(super) struct Row<'a> {
    pub(super) label: &'a str,
    /// `all` where there are no groups.
    pub(super) group: &'a str,
    pub(super) part: Option<Part>,
    /// Nothing where there are no series.
    pub(super) series: &'a str,
}

impl<'a> Rows<'a> {
    /// Opens the table at `path` and reads its header.
    pub(super) fn open(path: &'a Path, series: Option<&str>, wanted: Option<Part>) -> Result<Self, DataError> {
        // Flexible, because this module's message about a ragged row says more than the parser's.
        let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(open(path)?);
        let header = reader.headers().map_err(|error| broken(path, error))?;
        let columns = Columns::new(path, header, series)?;
        Ok(Self { path, reader, record: StringRecord::new(), wanted, columns })
    }

    /// Reads the next row and appends its features to `numbers`; `None` at the end.
    pub(super) fn next(&mut self, numbers: &mut Numbers) -> Result<Option<Row<'_>>, DataError> {
        let Self { path, reader, record, wanted, columns } = self;
        loop {
            if !reader.read_record(record).map_err(|error| broken(path, error))? {
                return Ok(None);
            }
            let side = columns.split.and_then(|column| part(record.get(column)?).ok());
            // Of a row on the other side nothing else is looked at.
            if wanted.is_none() || side.is_none() || side == *wanted {
                break;
            }
        }
        let line = || line(path, record.position());
        if record.len() != columns.names.len() {
            let (line, expected, got) = (line(), columns.names.len(), record.len());
            return Err(DataError::RaggedRow { path: (*path).into(), line, expected, got });
        }
        let field = |column: usize| record.get(column).unwrap_or_default();
        for &column in &columns.features {
            if let Err(problem) = numbers.push(field(column)) {
                return Err(DataError::cell(path, line(), &columns.names[column], problem));
            }
        }
        let label = field(columns.label);
        if label.is_empty() {
            let problem = "the class is missing: fill it in or remove the row";
            return Err(DataError::cell(path, line(), "label", problem));
        }
        let part = columns.split.map(|column| part(field(column))).transpose();
        Ok(Some(Row {
            label,
            group: columns.group.map_or("all", field),
            part: part.map_err(|problem| DataError::cell(path, line(), "split", problem))?,
            series: columns.series.map_or("", field),
        }))
    }
}

fn part(word: &str) -> Result<Part, String> {
    match word {
        _ if word.eq_ignore_ascii_case("train") => Ok(Part::Train),
        _ if word.eq_ignore_ascii_case("test") => Ok(Part::Test),
        _ => Err(format!("`{word}` is neither train nor test")),
    }
}

fn broken(path: &Path, error: Error) -> DataError {
    let line = line(path, error.position());
    match error.into_kind() {
        ErrorKind::Io(source) => DataError::io(path)(source),
        ErrorKind::Utf8 { .. } => DataError::line(path, line, "not UTF-8: save the file as UTF-8"),
        _ => DataError::line(path, line, "not a row of comma-separated values"),
    }
}

/// The line, from 1, of what was parsed from `position` on, which the file is read again for. The parser's own count is
/// of the place where it began to look, which is before any blank lines.
fn line(path: &Path, position: Option<&Position>) -> u64 {
    let start = position.map_or(0, Position::byte);
    let Ok(file) = open(path) else { return 0 };
    let bytes = BufReader::new(file).bytes().map_while(Result::ok).enumerate();
    let before = bytes.take_while(|&(at, byte)| (at as u64) < start || matches!(byte, b'\r' | b'\n'));
    1 + before.map(|(_, byte)| u64::from(byte == b'\n')).sum::<u64>()
}
