//! `hdc-emg-time`: the forearm EMG of Rahimi et al. 2016 as recorded, divided by time.
//!
//! The same recordings as those that the windows of `hdc-emg` are cut from, of the two subjects of whom rows are at
//! hand: an envelope of 4 channels in mV, row by row. Subject 5 has every row; of subject 1 there is every tenth. As
//! the rates differ, a window of n rows is not the same time in both.
//!
//! The first quarter of the rows of each class trains, all the others test: unlike in the paper, whose test includes
//! the quarter that trained. A recording is a run of rows of one class on one side. By default a sample is one row.

use std::ops::Range;
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
/// Bytes in a row of doubles.
const ROW: usize = 8 * CHANNELS;
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
        let mut add = |classes: &[usize], values: &dyn Fn(Range<usize>) -> Result<Vec<f32>, DataError>| {
            for Run { rows, class, part } in runs(classes).into_iter().filter(|run| request.reads(run.part)) {
                list.push(Recording { values: Values::F32(values(rows)?), class, group, part: Some(part) });
            }
            Ok::<(), DataError>(())
        };
        if *subject == "1" {
            let path = file(0)?;
            let text = read_text(&path)?;
            let table = Table { path: &path, lines: text.lines().collect() };
            add(&table.classes()?, &|rows| table.values(rows))?;
        } else {
            let (values, labels) = (file(1)?, file(2)?);
            let (numbers, bytes) = (read_bytes(&values, MOST_BYTES)?, read_bytes(&labels, MOST_BYTES)?);
            let doubles = Doubles { values: (&values, &numbers), labels: (&labels, &bytes) };
            add(&doubles.classes()?, &|rows| doubles.values(rows))?;
        }
    }
    Ok(request.recordings(CHANNELS, subjects.iter().map(ToString::to_string).collect(), list))
}

/// Rows of one class on one side.
#[derive(Debug, PartialEq)]
struct Run {
    rows: Range<usize>,
    class: usize,
    part: Part,
}

/// Cuts between rows of different classes, and where the first quarter of a class ends.
fn runs(classes: &[usize]) -> Vec<Run> {
    let mut left = [0_usize; INFO.classes.len()];
    classes.iter().for_each(|&class| left[class] += 1);
    left.iter_mut().for_each(|count| *count /= 4);
    let mut runs: Vec<Run> = Vec::new();
    for (row, &class) in classes.iter().enumerate() {
        let part = if left[class] > 0 { Part::Train } else { Part::Test };
        left[class] = left[class].saturating_sub(1);
        match runs.last_mut() {
            Some(run) if (run.class, run.part) == (class, part) => run.rows.end = row + 1,
            _ => runs.push(Run { rows: row..row + 1, class, part }),
        }
    }
    runs
}

/// Lines of 4 values and a label.
struct Table<'a> {
    path: &'a Path,
    lines: Vec<&'a str>,
}

impl Table<'_> {
    fn classes(&self) -> Result<Vec<usize>, DataError> {
        let class = |(number, line): (u64, &&str)| match line.rsplit(',').next().map(str::trim) {
            Some(label) => match label.parse() {
                Ok(label @ 1..=5_usize) => Ok(label - 1),
                _ => Err(DataError::line(self.path, number, format!("label `{label}` is not one of 1 to 5"))),
            },
            None => Err(DataError::line(self.path, number, "there is no label")),
        };
        (1..).zip(&self.lines).map(class).collect()
    }

    fn values(&self, rows: Range<usize>) -> Result<Vec<f32>, DataError> {
        let mut values = Vec::new();
        for (number, line) in (rows.start as u64 + 1..).zip(&self.lines[rows]) {
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            if fields.len() != CHANNELS + 1 {
                let problem = format!("{} fields, expected 4 values and a label", fields.len());
                return Err(DataError::line(self.path, number, problem));
            }
            for field in &fields[..CHANNELS] {
                match field.parse::<f32>() {
                    Ok(value) if value.is_finite() => values.push(value),
                    _ => return Err(DataError::line(self.path, number, format!("`{field}` is not a finite number"))),
                }
            }
        }
        Ok(values)
    }
}

/// A file of 4 doubles a row, and one of a label a row.
struct Doubles<'a> {
    values: (&'a Path, &'a [u8]),
    labels: (&'a Path, &'a [u8]),
}

impl Doubles<'_> {
    fn classes(&self) -> Result<Vec<usize>, DataError> {
        let (length, rows) = (self.values.1.len(), self.values.1.len() / ROW);
        if !length.is_multiple_of(ROW) {
            let problem = "the last row is not whole, expected 4 doubles a row";
            return Err(DataError::byte(self.values.0, rows * ROW, problem));
        }
        if self.labels.1.len() != rows {
            let problem = format!("{} labels for {rows} rows", self.labels.1.len());
            return Err(DataError::Pair { train: self.values.0.into(), test: self.labels.0.into(), problem });
        }
        let class = |(at, &label): (usize, &u8)| match label {
            1..=5 => Ok(usize::from(label) - 1),
            _ => Err(DataError::byte(self.labels.0, at, format!("label {label} is not one of 1 to 5"))),
        };
        self.labels.1.iter().enumerate().map(class).collect()
    }

    fn values(&self, rows: Range<usize>) -> Result<Vec<f32>, DataError> {
        let (numbers, _) = self.values.1[rows.start * ROW..rows.end * ROW].as_chunks();
        let number = |(at, number): (usize, &[u8; 8])| {
            #[allow(clippy::cast_possible_truncation, reason = "the nearest f32 is wanted")]
            let value = f64::from_le_bytes(*number) as f32;
            let problem = || DataError::byte(self.values.0, rows.start * ROW + at * 8, format!("the value is {value}"));
            if value.is_finite() { Ok(value) } else { Err(problem()) }
        };
        numbers.iter().enumerate().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quarter_of_a_class_trains() {
        let run = |rows, class, part| Run { rows, class, part };
        let (train, test) = (Part::Train, Part::Test);
        // The runs of class 0 do not become one where those between them are not read.
        assert_eq!(
            runs(&[0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]),
            [run(0..2, 0, train), run(2..3, 1, train), run(3..6, 1, test), run(6..12, 0, test)]
        );
    }

    #[test]
    fn faults_are_located() {
        let table = |text: &str| {
            let table = Table { path: Path::new("x.csv"), lines: text.lines().collect() };
            let rows = 0..table.lines.len();
            table.classes().and_then(|classes| Ok((classes, table.values(rows)?))).map_err(|error| error.to_string())
        };
        assert_eq!(table("1,2,3,4,5\r\n").unwrap(), (vec![4], vec![1.0, 2.0, 3.0, 4.0]));
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
            let doubles = Doubles { values: (Path::new("x.bin"), values), labels: (Path::new("y.bin"), labels) };
            let classes = doubles.classes().map_err(|error| error.to_string())?;
            doubles.values(0..classes.len()).map_err(|error| error.to_string())?;
            Ok::<Vec<usize>, String>(classes)
        };
        assert_eq!(doubles(&row, &[2]).unwrap(), [1]);
        assert!(doubles(&row[..31], &[1]).unwrap_err().contains("x.bin, byte 0: the last row is not whole"));
        assert!(doubles(&row, &[6]).unwrap_err().contains("y.bin, byte 0: label 6 is not one of 1 to 5"));
        assert!(doubles(&row, &[1, 1]).unwrap_err().contains("2 labels for 1 rows"));
        let nan: Vec<u8> = row[..24].iter().copied().chain(f64::NAN.to_le_bytes()).collect();
        assert!(doubles(&nan, &[1]).unwrap_err().contains("byte 24: the value is NaN"));
    }
}
