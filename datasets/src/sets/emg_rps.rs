//! `emg-rps`: rock, paper, scissors and ok with a Myo armband, "Classify gestures by reading muscle activity".
//!
//! A sample is 8 steps at 200 Hz of 8 channels, 40 ms of EMG: counts of -128 to 127. There is a file for each class,
//! whose rows are in the order of time. The source gives no split: the first 80 % of a file train and the rest test, so
//! that neighbours in time are on both sides only where these meet.

use std::ops::Range;
use std::path::Path;

use hdc_train::{Dataset, Part, Shape, Values};

use crate::error::DataError;
use crate::folders::read_text;
use crate::registry::{File, Info, Loader};
use crate::request::Request;

macro_rules! file {
    ($name:literal, $sha256:literal) => {
        File { path: concat!("emg-rps-ok/data/", $name), sha256: $sha256, url: None }
    };
}

/// A file for each class, in that order.
static FILES: [File; 4] = [
    file!("0.csv", "decacc74d1b7d729e615fcbfe5148b18d87a22870ec1dc5e4657feebc74c6c5e"),
    file!("1.csv", "e768aa988081d466b15ead061cb23596bbcab02e251a9c3fbce6087d24db390a"),
    file!("2.csv", "96a64ce41a3c17b5f3661f281a669607eb2c96a85500caf423ae6afca9977b06"),
    file!("3.csv", "f85de8aa57b46f71f8d819793958c7e5159b807ccfdd1d02f356ca448aa129f5"),
];

const SHAPE: Shape = Shape { steps: 8, channels: 8 };

pub(super) const INFO: Info = Info {
    name: "emg-rps",
    about: "forearm EMG of a Myo armband, rock, scissors, paper and ok, windows of 8 x 8, first 80 % -> the rest",
    licence: "Apache-2.0",
    source: "https://www.kaggle.com/datasets/kyr7plus/emg-4",
    classes: &["rock", "scissors", "paper", "ok"],
    group: "all",
    parameters: &[],
    folder: "emg-rps-ok",
    layout: "as data/0.csv to data/3.csv",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let (mut values, mut labels, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (class, file) in FILES.iter().enumerate() {
        let path = request.folders.file(request.info.name, file.path)?;
        let text = read_text(&path)?;
        let lines = text.lines().count();
        let train = lines * 4 / 5;
        let sides = [(Part::Train, 0..train), (Part::Test, train..lines)];
        for (part, lines) in sides.into_iter().filter(|side| request.reads(side.0)) {
            labels.resize(labels.len() + lines.len(), class);
            parts.resize(labels.len(), part);
            read(&path, &text, lines, class, &mut values)?;
        }
    }
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    Ok(Dataset::new(request.spec, SHAPE, Values::I16(values), classes, labels)?.with_parts(parts)?)
}

/// Appends one window a line of `lines`, numbered from 0; each ends with the class.
fn read(path: &Path, text: &str, lines: Range<usize>, class: usize, values: &mut Vec<i16>) -> Result<(), DataError> {
    for (line, row) in (1..).zip(text.lines()).skip(lines.start).take(lines.len()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        let Some((label, fields)) = fields.split_last().filter(|(_, fields)| fields.len() == SHAPE.len()) else {
            let problem = format!("{} fields, expected 8 steps x 8 channels and a class", fields.len());
            return Err(DataError::line(path, line, problem));
        };
        if label.parse() != Ok(class) {
            return Err(DataError::line(path, line, format!("class `{label}` in a file of class {class}")));
        }
        for field in fields {
            #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
            match field.parse::<f64>() {
                Ok(count @ -128.0..=127.0) if count.fract() == 0.0 => values.push(count as i16),
                _ => return Err(DataError::line(path, line, format!("`{field}` is not a count of -128 to 127"))),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_located() {
        let read = |text: &str| {
            let mut values = Vec::new();
            let lines = 0..text.lines().count();
            read(Path::new("2.csv"), text, lines, 2, &mut values).map_err(|error| error.to_string()).map(|()| values)
        };
        let row = |last: &str, class: &str| format!("{}{last},{class}\n", "1.0,".repeat(63));
        let values = read(&(row("-128.0", "2") + &row("7", "2"))).unwrap();
        assert_eq!((values.len(), values[63], values[127]), (128, -128, 7));
        for (text, part) in [
            (row("1.0", "2") + "1,2\n", "2.csv, line 2: 2 fields, expected 8 steps x 8 channels and a class"),
            (row("1.0,1.0", "2"), "line 1: 66 fields"),
            (row("1.0", "1"), "line 1: class `1` in a file of class 2"),
            (row("1.0", ""), "line 1: class `` in a file"),
            (row("1.5", "2"), "line 1: `1.5` is not a count of -128 to 127"),
            (row("128.0", "2"), "line 1: `128.0`"),
            (row("NaN", "2"), "line 1: `NaN`"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
