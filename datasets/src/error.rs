//! What can go wrong between a name and a data set.

use std::io;
use std::path::{Path, PathBuf};

use hdc_train::{DatasetError, Part};
use thiserror::Error;

/// Why data could not be listed, loaded or fetched.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// There is no set of that name.
    #[error("no data set is called `{name}`{hint}: there are {known}, or give a .csv or .ts file")]
    UnknownSet {
        /// The name given.
        name: String,
        /// `, did you mean ...?`, or nothing.
        hint: String,
        /// The names there are.
        known: String,
    },
    /// A `:key=value` that the set does not take.
    #[error("`{set}` does not take `{given}`: {expected}")]
    Parameter {
        /// The set.
        set: String,
        /// The text given.
        given: String,
        /// What it takes.
        expected: String,
    },
    /// Window or hop for a set whose windows are fixed.
    #[error("the samples of `{name}` are fixed by their source: leave out window and hop")]
    FixedWindows {
        /// The set or file.
        name: String,
    },
    /// Only one side was asked for, and there is nothing on it.
    #[error("`{name}` has no {missing} samples of its own: choose another split")]
    NoPart {
        /// The set or file.
        name: String,
        /// `train` or `test`.
        missing: &'static str,
    },
    /// Recordings were asked of a set that has samples only.
    #[error("`{name}` has no recordings, its samples are fixed by their source: load it as samples")]
    NoRecordings {
        /// The set or file.
        name: String,
    },
    /// An option that belongs to another kind of data.
    #[error("option `{option}` does not go with `{name}`: {remedy}")]
    Option {
        /// The option.
        option: &'static str,
        /// The set or file.
        name: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A file of a set is nowhere.
    #[error(
        "`{set}` needs {file}, which is not in {}: set HDC_DATASETS to the folder that has it, or {remedy}",
        places(.looked)
    )]
    NotFound {
        /// The set.
        set: String,
        /// The file, relative to the data folder.
        file: String,
        /// The folders looked into.
        looked: Vec<PathBuf>,
        /// How to get it.
        remedy: String,
    },
    /// A set has no addresses that it could be fetched from.
    #[error("`{set}` has no address to fetch it from: get it at {source_page} and put it into {}, {layout}", .folder.display())]
    ByHand {
        /// The set.
        set: &'static str,
        /// The page of the source.
        source_page: &'static str,
        /// Where its files go.
        folder: PathBuf,
        /// How they lie in it.
        layout: &'static str,
    },
    /// A file cannot be read or written.
    #[error("cannot read or write {}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A file is not laid out as it should be.
    #[error("{}, line {line}: {problem}", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A field of a table is not what it should be.
    #[error("{}, line {line}, column `{column}`: {problem}", .path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A binary file is not laid out as it should be.
    #[error("{}, byte {byte}: {problem}", .path.display())]
    Byte {
        /// The file.
        path: PathBuf,
        /// The byte, from 0, of the unpacked file.
        byte: u64,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A row has more or fewer fields than the header.
    #[error("{}, line {line}: {got} fields, but the header has {expected}: complete the row", .path.display())]
    RaggedRow {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Columns in the header.
        expected: usize,
        /// Fields in the row.
        got: usize,
    },
    /// The header lacks a column.
    #[error("{} has no column `{column}`: its columns are {columns}", .path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column needed.
        column: String,
        /// The columns there are.
        columns: String,
    },
    /// The header names a column twice.
    #[error("{} has two columns `{column}`: rename or remove one", .path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// There is nothing to learn from in a file.
    #[error("{} {problem}", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What is missing and what to add.
        problem: &'static str,
    },
    /// A file that is read more than once is another now.
    #[error("{} has changed while it was read: try again when nothing writes to it", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Time series need to be cut, and nobody said how.
    #[error("{} is read as time series by column `{series}`: give both window and hop, in steps", .path.display())]
    WindowNeeded {
        /// The file.
        path: PathBuf,
        /// The series column.
        series: String,
    },
    /// A train and a test file that do not belong together.
    #[error("{} and {} do not go together: {problem}", .train.display(), .test.display())]
    Pair {
        /// The train file.
        train: PathBuf,
        /// The test file.
        test: PathBuf,
        /// Where they differ.
        problem: String,
    },
    /// The samples do not make a data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A fetched archive cannot be used.
    #[error("{url} {problem}: fetch it again, or look at {source_page} for where the files are now")]
    Archive {
        /// The address.
        url: String,
        /// What is wrong with it.
        problem: String,
        /// The page of the source.
        source_page: &'static str,
    },
    /// There is nowhere to put fetched files.
    #[error("there is no cache folder: set HOME or XDG_CACHE_HOME")]
    NoCache,
    /// The network is not there.
    #[error(
        "could not reach {host}: connect to the network, or put the files into {} and set HDC_DATASETS={}",
        .folder.display(), .root.display()
    )]
    Unreachable {
        /// The host.
        host: String,
        /// Where the set's files go.
        folder: PathBuf,
        /// The data folder.
        root: PathBuf,
    },
    /// The server does not give the file.
    #[error("{url} answered {answer}: the source may have moved, look at {source_page}")]
    Refused {
        /// The address.
        url: String,
        /// Status or protocol error.
        answer: String,
        /// The page of the source.
        source_page: String,
    },
    /// A file is not the one that was published.
    #[error("{what} has SHA-256 {got}, expected {expected}: fetch it again, or look at the source for a new version")]
    Checksum {
        /// The file or address.
        what: String,
        /// The digest in the table.
        expected: String,
        /// The digest found.
        got: String,
    },
}

impl DataError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn no_part(name: impl Into<String>, part: Part) -> Self {
        let missing = if part == Part::Train { "train" } else { "test" };
        Self::NoPart { name: name.into(), missing }
    }

    pub(crate) fn line(path: &Path, line: u64, problem: impl Into<String>) -> Self {
        Self::Line { path: path.to_owned(), line, problem: problem.into() }
    }

    pub(crate) fn byte(path: &Path, byte: usize, problem: impl Into<String>) -> Self {
        Self::Byte { path: path.to_owned(), byte: byte as u64, problem: problem.into() }
    }

    pub(crate) fn cell(path: &Path, line: u64, column: &str, problem: impl Into<String>) -> Self {
        Self::Cell { path: path.to_owned(), line, column: column.to_owned(), problem: problem.into() }
    }
}

fn places(folders: &[PathBuf]) -> String {
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    if names.is_empty() { "any known folder".into() } else { names.join(" or ") }
}
