//! `BasicMotions`: four activities of four students with a smartwatch, from the UEA archive.
//!
//! Accelerometer and gyroscope at 10 Hz for 10 s, so that every sample is 100 steps of 6 channels. The copy in the
//! `aeon` package is the one with a checksum.

use crate::registry::{File, Info, Loader};
use crate::sets::ts_pair;

macro_rules! file {
    ($part:literal, $sha256:literal) => {
        File {
            path: concat!("basicmotions/BasicMotions_", $part, ".ts"),
            sha256: $sha256,
            url: Some(concat!(
                "https://raw.githubusercontent.com/aeon-toolkit/aeon/main",
                "/aeon/datasets/data/BasicMotions/BasicMotions_",
                $part,
                ".ts"
            )),
        }
    };
}

static FILES: [File; 2] = [
    file!("TRAIN", "8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6"),
    file!("TEST", "79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc"),
];

pub(super) const INFO: Info = Info {
    name: "basicmotions",
    about: "smartwatch accelerometer and gyroscope, 4 activities, 40 train and 40 test windows of 100 x 6",
    licence: "as in the BSD-3-Clause package aeon",
    source: "https://timeseriesclassification.com/description.php?Dataset=BasicMotions",
    classes: &["Standing", "Running", "Walking", "Badminton"],
    group: "all",
    parameters: &[],
    folder: "basicmotions",
    layout: "as BasicMotions_TRAIN.ts and BasicMotions_TEST.ts",
    files: &FILES,
    loader: Loader::Samples(|request| ts_pair(request, FILES[0].path, FILES[1].path)),
};
