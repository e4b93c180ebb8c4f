//! `magic-wand`: gestures with an accelerometer in the hand, the training data of `TensorFlow` Lite Micro's example.
//!
//! Three people drew a wing, a ring and a slope, each 20 to 40 times; the class `negative` is other movement, of one of
//! them and of people who are not named. The files are logs of a terminal: a line `-,-,-` begins a recording, a line of
//! three numbers is a step at 25 Hz, and every other line is passed over.
//!
//! Values become whole mg. **The gestures are in g in the files, in steps of 0.01, `negative` in mg, in steps of 1**:
//! the same unit here, but not the same resolution. The groups are the people; leaving out `unnamed` tests no gesture.

use std::path::Path;

use hdc_train::{Recording, Recordings, Values};

use crate::error::DataError;
use crate::folders::{entries, read_bytes};
use crate::registry::{Info, Loader};
use crate::request::Request;

const FOLDER: &str = "magic-wand";
const CHANNELS: usize = 3;
const PEOPLE: [&str; 4] = ["dengyl", "hyw", "jiangyh", "unnamed"];
/// More than is in a file.
const MOST_BYTES: u64 = 1 << 24;

pub(super) const INFO: Info = Info {
    name: "magic-wand",
    about: "accelerometer in the hand, wing, ring, slope and other movement, 3 people and unnamed ones, 3 channels",
    licence: "unstated",
    source: "https://github.com/tensorflow/tflite-micro",
    classes: &["wing", "ring", "slope", "negative"],
    group: "person",
    parameters: &[],
    folder: FOLDER,
    layout: "as wing/output_wing_hyw.txt and so on, from the archive data.tar.gz of the example magic_wand",
    files: &[],
    loader: Loader::Recordings { window: 40, hop: 20, load },
};

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    let mut list = Vec::new();
    for (class, name) in request.info.classes.iter().enumerate() {
        let folder = request.folders.folder(request.info.name, &format!("{FOLDER}/{name}"))?;
        let scale = if *name == "negative" { 1.0 } else { 1000.0 };
        let before = list.len();
        for file in entries(&folder)? {
            let Some(stem) = file.strip_suffix(".gz").unwrap_or(&file).strip_suffix(".txt") else { continue };
            let known = PEOPLE.iter().position(|person| stem.rsplit('_').next() == Some(person));
            let group = known.unwrap_or(PEOPLE.len() - 1);
            let path = folder.join(&file);
            // A terminal writes bytes that are no text.
            let log = read_bytes(&path, MOST_BYTES)?;
            for values in read(&path, &String::from_utf8_lossy(&log), scale)? {
                list.push(Recording { values: Values::I16(values), class, group, part: None });
            }
        }
        if list.len() == before {
            return Err(request.folders.not_found(request.info.name, &format!("{FOLDER}/{name}/output_{name}_*.txt")));
        }
    }
    Ok(Recordings {
        columns: ["ax", "ay", "az"].map(String::from).to_vec(),
        ..request.recordings(CHANNELS, PEOPLE.map(String::from).to_vec(), list)
    })
}

/// The recordings of a log, in values times `scale`.
fn read(path: &Path, text: &str, scale: f64) -> Result<Vec<Vec<i16>>, DataError> {
    let mut recordings: Vec<Vec<i16>> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line == "-,-,-" {
            recordings.push(Vec::new());
            continue;
        }
        let numbers: Option<Vec<f64>> = line.split(',').map(|field| field.parse().ok()).collect();
        let Some(&[x, y, z]) = numbers.as_deref() else { continue };
        let Some(recording) = recordings.last_mut() else {
            return Err(DataError::line(path, number, "numbers before the first line `-,-,-`"));
        };
        for value in [x, y, z] {
            let value = (value * scale).round();
            if !(f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&value) {
                return Err(DataError::line(path, number, format!("`{line}` is not an acceleration of 16 bits in mg")));
            }
            #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
            recording.push(value as i16);
        }
    }
    recordings.retain(|recording| !recording.is_empty());
    if recordings.is_empty() {
        return Err(DataError::Empty {
            path: path.into(),
            problem: "has no recording: add `-,-,-` and rows of numbers",
        });
    }
    Ok(recordings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_step_is_passed_over() {
        let log = "Script started\r\n\u{1b}[?1049h\r\n-,-,-\r\n-0.15,-0.74,0.65\r\n\\-1.00,0.17,-0.30\r\n1,2,3\n\
                   -,-,-\n-,-,-\n0.29,0,0\n$ exit\n";
        let recordings = read(Path::new("x.txt"), log, 1000.0).unwrap();
        assert_eq!(recordings, [vec![-150, -740, 650, 1000, 2000, 3000], vec![290, 0, 0]]);
    }

    #[test]
    fn faults_are_located() {
        let error = |log: &str| read(Path::new("x.txt"), log, 1000.0).unwrap_err().to_string();
        assert!(error("x\n1,2,3\n-,-,-\n").contains("x.txt, line 2: numbers before the first line `-,-,-`"));
        assert!(error("-,-,-\n1,2,40\n").contains("line 2: `1,2,40` is not an acceleration of 16 bits in mg"));
        assert!(error("-,-,-\n1,2,NaN\n").contains("line 2: `1,2,NaN`"));
        assert!(error("-,-,-\n").contains("has no recording"));
        assert!(error("").contains("has no recording"));
    }
}
