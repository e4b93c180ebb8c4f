//! `hdc-emg-time`: the forearm EMG of Rahimi et al. 2016 as recorded, divided by time.
//!
//! The same recordings as those that the windows of `hdc-emg` are cut from, of the two subjects of whom rows are at
//! hand: an envelope of 4 channels in mV, row by row. Subject 5 has every row; of subject 1 there is every tenth. As
//! the rates differ, a window of n rows is not the same time in both.
//!
//! The first quarter of the rows of each class trains, all the others test: unlike in the paper, whose test includes
//! the quarter that trained. A recording is a run of rows of one class on one side. By default a sample is one row.

use std::path::Path;

use hdc_train::{Part, Recording, Recordings, Values};

use crate::error::DataError;
use crate::folders::{read_bytes, read_text};
use crate::registry::{File, Info, Loader, Parameter};
use crate::request::Request;
use crate::sets::hdc_emg;

static FILES: [File; 3] = [
    File {
        path: "hdc-emg/subject1_pulp_div10.csv",
        sha256: "5321da188c38f4e89a6262e01550e26f7b4ef4e8e9c93d04f255c1552794dafc",
        url: None,
    },
    File {
        path: "hdc-emg/complete5.bin",
        sha256: "d44220f11bfd81fcc8959010db914e13fb88e1d6b293de2bfc71a4c97c3a5806",
        url: None,
    },
    File {
        path: "hdc-emg/labels5.bin",
        sha256: "fb7c4ec5d8b4ca1e0a7db42ac30a923c6bb26d723140870e8cc9c7cc3a23af5f",
        url: None,
    },
];

/// More than is in a file.
const MOST_BYTES: u64 = 1 << 26;
const CHANNELS: usize = 4;
const SUBJECTS: [&str; 2] = ["1", "5"];

pub(super) const INFO: Info = Info {
    name: "hdc-emg-time",
    about: "hdc-emg as recorded, subjects 1 and 5, rows of 4; the first 25 % of each class -> the rest",
    parameters: &[Parameter { key: "subject", values: "1|5" }],
    folder: "hdc-emg",
    layout: "subject1_pulp_div10.csv (rows of 4 values and a label of 1 to 5), complete5.bin (rows of 4 doubles) and \
             labels5.bin (bytes of 1 to 5)",
    files: &FILES,
    loader: Loader::Recordings { window: 1, hop: 1, load },
    ..hdc_emg::INFO
};

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    let subjects = match request.value("subject") {
        None => SUBJECTS.to_vec(),
        Some(subject) if SUBJECTS.contains(&subject) => vec![subject],
        Some(other) => return Err(request.refuse(&format!("subject={other}"))),
    };
    let file = |index: usize| request.folders.file(request.info.name, FILES[index].path);
    let mut list = Vec::new();
    for (group, subject) in subjects.iter().enumerate() {
        let rows = if *subject == "1" {
            let path = file(0)?;
            read_table(&path, &read_text(&path)?)?
        } else {
            let (values, labels) = (file(1)?, file(2)?);
            read_doubles((&values, &read_bytes(&values, MOST_BYTES)?), (&labels, &read_bytes(&labels, MOST_BYTES)?))?
        };
        list.extend(rows.recordings(group));
    }
    Ok(request.recordings(CHANNELS, subjects.iter().map(ToString::to_string).collect(), list))
}

/// Rows of 4 values, each of a class.
#[derive(Debug, Default, PartialEq)]
struct Rows {
    values: Vec<f32>,
    classes: Vec<usize>,
}

impl Rows {
    /// Cuts between rows of different classes, and where the first quarter of a class ends.
    fn recordings(&self, group: usize) -> Vec<Recording> {
        let mut left = [0_usize; INFO.classes.len()];
        self.classes.iter().for_each(|&class| left[class] += 1);
        left.iter_mut().for_each(|count| *count /= 4);
        let mut list: Vec<Recording> = Vec::new();
        for (row, &class) in self.values.chunks_exact(CHANNELS).zip(&self.classes) {
            let part = Some(if left[class] > 0 { Part::Train } else { Part::Test });
            left[class] = left[class].saturating_sub(1);
            match list.last_mut() {
                Some(Recording { values: Values::F32(values), class: open, part: side, .. })
                    if (*open, *side) == (class, part) =>
                {
                    values.extend(row);
                }
                _ => list.push(Recording { values: Values::F32(row.to_vec()), class, group, part }),
            }
        }
        list
    }
}

/// Reads lines of 4 values and a label.
fn read_table(path: &Path, text: &str) -> Result<Rows, DataError> {
    let mut rows = Rows::default();
    for (number, line) in (1..).zip(text.lines()) {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let &[ref values @ .., label] = fields.as_slice() else { continue };
        if values.len() != CHANNELS {
            let problem = format!("{} fields, expected 4 values and a label", fields.len());
            return Err(DataError::line(path, number, problem));
        }
        for field in values {
            match field.parse::<f32>() {
                Ok(value) if value.is_finite() => rows.values.push(value),
                _ => return Err(DataError::line(path, number, format!("`{field}` is not a finite number"))),
            }
        }
        match label.parse() {
            Ok(label @ 1..=5_usize) => rows.classes.push(label - 1),
            _ => return Err(DataError::line(path, number, format!("label `{label}` is not one of 1 to 5"))),
        }
    }
    Ok(rows)
}

/// Reads a file of 4 doubles a row, and one of a label a row.
fn read_doubles(values: (&Path, &[u8]), labels: (&Path, &[u8])) -> Result<Rows, DataError> {
    let mut rows = Rows::default();
    let (numbers, rest) = values.1.as_chunks();
    if !rest.is_empty() || !numbers.len().is_multiple_of(CHANNELS) {
        let start = numbers.len() / CHANNELS * CHANNELS * 8;
        return Err(DataError::byte(values.0, start, "the last row is not whole, expected 4 doubles a row"));
    }
    for (at, number) in numbers.iter().enumerate() {
        #[allow(clippy::cast_possible_truncation, reason = "the nearest f32 is wanted")]
        let value = f64::from_le_bytes(*number) as f32;
        if !value.is_finite() {
            return Err(DataError::byte(values.0, at * 8, format!("the value is {value}")));
        }
        rows.values.push(value);
    }
    for (at, &label) in labels.1.iter().enumerate() {
        match label {
            1..=5 => rows.classes.push(usize::from(label) - 1),
            _ => return Err(DataError::byte(labels.0, at, format!("label {label} is not one of 1 to 5"))),
        }
    }
    if rows.classes.len() * CHANNELS != rows.values.len() {
        let problem = format!("{} labels for {} rows", rows.classes.len(), rows.values.len() / CHANNELS);
        return Err(DataError::Pair { train: values.0.into(), test: labels.0.into(), problem });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quarter_of_a_class_trains() {
        let classes = vec![0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
        let rows = Rows { values: (0..48_u8).map(f32::from).collect(), classes };
        let list = rows.recordings(3);
        let seen: Vec<_> = list.iter().map(|one| (one.class, one.part, one.values.len() / CHANNELS)).collect();
        let (train, test) = (Some(Part::Train), Some(Part::Test));
        assert_eq!(seen, [(0, train, 2), (1, train, 1), (1, test, 3), (0, test, 6)]);
        assert_eq!(list[1].values, Values::F32(vec![8.0, 9.0, 10.0, 11.0]));
    }

    #[test]
    fn faults_are_located() {
        let table = |text| read_table(Path::new("x.csv"), text).map_err(|error| error.to_string());
        assert_eq!(table("1,2,3,4,5\r\n").unwrap(), Rows { values: vec![1.0, 2.0, 3.0, 4.0], classes: vec![4] });
        for (text, part) in [
            ("1,2,3,4,5\n1,2,3", "line 2: 3 fields, expected 4 values and a label"),
            ("1,2,3,inf,5", "line 1: `inf` is not a finite number"),
            ("1,2,3,4,6", "line 1: label `6` is not one of 1 to 5"),
            ("1,2,3,4,0", "line 1: label `0`"),
        ] {
            let error = table(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let row: Vec<u8> = [1.0, 2.0, 3.0, 4.0_f64].into_iter().flat_map(f64::to_le_bytes).collect();
        let doubles = |values: &[u8], labels: &[u8]| {
            let rows = read_doubles((Path::new("x.bin"), values), (Path::new("y.bin"), labels));
            rows.map_err(|error| error.to_string())
        };
        assert_eq!(doubles(&row, &[2]).unwrap().classes, [1]);
        assert!(doubles(&row[..31], &[1]).unwrap_err().contains("x.bin, byte 0: the last row is not whole"));
        assert!(doubles(&row, &[6]).unwrap_err().contains("y.bin, byte 0: label 6 is not one of 1 to 5"));
        assert!(doubles(&row, &[1, 1]).unwrap_err().contains("2 labels for 1 rows"));
        let nan: Vec<u8> = row[..24].iter().copied().chain(f64::NAN.to_le_bytes()).collect();
        assert!(doubles(&nan, &[1]).unwrap_err().contains("byte 24: the value is NaN"));
    }
}
