//! What was measured, on disk, so that an interrupted search goes on.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Budget, SearchError};
use crate::dataset::Dataset;
use crate::values::Values;

/// The first line: what the search is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    journal: u32,
    library: String,
    data: String,
    samples: usize,
    checksum: String,
    seed: u64,
    target: String,
    flash: Option<u64>,
    ram: Option<u64>,
    instructions: Option<u64>,
}

/// Every other line: a trial in a fold.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// All settings.
    pub(super) key: String,
    pub(super) samples: usize,
    pub(super) fold: usize,
    pub(super) accuracy: f32,
    /// The same with flipped bits.
    pub(super) flipped: f32,
    /// From the start of the search to the end of the trial, interruptions not counted.
    pub(super) seconds: f64,
}

/// Lines of JSON: a header and a line a trial. A trial is appended when it is finished; a last line that was cut off by an
/// interrupt is dropped when the file is opened.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    known: HashMap<(String, usize, usize), Record>,
    /// The end of the last trial.
    pub(super) seconds: f64,
}

impl Journal {
    pub(super) fn open(path: &Path, data: &Dataset, budget: &Budget, seed: u64) -> Result<Self, SearchError> {
        let failed = |source| SearchError::Journal { path: path.into(), source };
        let header = Header {
            journal: 2,
            library: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).into(),
            data: data.name().into(),
            samples: data.len(),
            checksum: format!("{:016x}", checksum(data)),
            seed,
            target: budget.target.to_string(),
            flash: budget.flash,
            ram: budget.ram,
            instructions: budget.instructions,
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(error)),
        };
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let (mut known, mut seconds) = (HashMap::new(), 0.0_f64);
        for (number, line) in whole.lines().enumerate() {
            let broken = |_| SearchError::Broken { path: path.into(), line: number + 1 };
            if number == 0 {
                let found: Header = serde_json::from_str(line).map_err(broken)?;
                if let Some(what) = found.difference(&header) {
                    return Err(SearchError::Other { path: path.into(), what });
                }
                continue;
            }
            let record: Record = serde_json::from_str(line).map_err(broken)?;
            seconds = seconds.max(record.seconds);
            known.insert((record.key.clone(), record.samples, record.fold), record);
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        file.set_len(whole.len() as u64).map_err(failed)?;
        let mut journal = Self { path: path.into(), file, known, seconds };
        if whole.is_empty() {
            journal.line(&header)?;
        }
        Ok(journal)
    }

    pub(super) fn get(&self, key: &str, samples: usize, fold: usize) -> Option<&Record> {
        self.known.get(&(key.to_string(), samples, fold))
    }

    pub(super) fn append(&mut self, record: Record) -> Result<(), SearchError> {
        self.line(&record)?;
        self.seconds = self.seconds.max(record.seconds);
        self.known.insert((record.key.clone(), record.samples, record.fold), record);
        Ok(())
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), SearchError> {
        let written = serde_json::to_string(value).map_err(io::Error::from).and_then(|line| {
            self.file.write_all((line + "\n").as_bytes())?;
            self.file.sync_data()
        });
        written.map_err(|source| SearchError::Journal { path: self.path.clone(), source })
    }
}

impl Header {
    /// What differs first, with both values.
    fn difference(&self, now: &Self) -> Option<String> {
        let limit = |limit: Option<u64>| limit.map_or("any".into(), |limit| limit.to_string());
        let all = |header: &Self| {
            [
                ("journal format", header.journal.to_string()),
                ("library", header.library.clone()),
                ("data", header.data.clone()),
                ("number of samples", header.samples.to_string()),
                ("checksum of the data", header.checksum.clone()),
                ("seed", header.seed.to_string()),
                ("target", header.target.clone()),
                ("flash", limit(header.flash)),
                ("RAM", limit(header.ram)),
                ("instructions", limit(header.instructions)),
            ]
        };
        let differing = all(self).into_iter().zip(all(now)).find(|(then, now)| then != now);
        differing.map(|((name, then), (_, now))| format!("{name} {then}, not {now}"))
    }
}

/// FNV-1a of values, labels, groups and their names.
fn checksum(data: &Dataset) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for &byte in bytes {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    match data.values() {
        Values::I16(values) => values.iter().for_each(|value| add(&value.to_le_bytes())),
        Values::F32(values) => values.iter().for_each(|value| add(&value.to_le_bytes())),
    }
    for sample in 0..data.len() {
        let numbers = [data.steps(sample), data.labels()[sample], data.group_of()[sample]];
        numbers.iter().for_each(|&number| add(&(number as u64).to_le_bytes()));
    }
    let names = data.classes().iter().chain(data.groups()).chain(data.columns());
    names.for_each(|name| add(format!("{name}\n").as_bytes()));
    state
}
