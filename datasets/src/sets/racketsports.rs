//! `RacketSports`: strokes in badminton and squash with a smartwatch, from the UEA archive.
//!
//! Accelerometer and gyroscope at 10 Hz for 3 s, so that every sample is 30 steps of 6 channels. The archive gives the
//! set as one zip.

use crate::registry::{File, Info, Loader};
use crate::sets::ts_pair;

const ARCHIVE: &str = "https://timeseriesclassification.com/aeon-toolkit/RacketSports.zip";

static FILES: [File; 2] = [
    File {
        path: "racketsports/RacketSports_TRAIN.ts",
        sha256: "f5374faaaf6a1aad9ca2ec26d0e39ba61f26b8a6d6bf1766a691027c1ca6f023",
        url: Some(ARCHIVE),
    },
    File {
        path: "racketsports/RacketSports_TEST.ts",
        sha256: "c8179bbde0e45f41218ce4a46258524ae7abca7d0e7e45f4424a23d1b1d98d8d",
        url: Some(ARCHIVE),
    },
];

pub(super) const INFO: Info = Info {
    name: "racketsports",
    about: "smartwatch accelerometer and gyroscope, 4 racket strokes, 151 train and 152 test windows of 30 x 6",
    licence: "unstated",
    source: "https://timeseriesclassification.com/description.php?Dataset=RacketSports",
    classes: &["Badminton_Smash", "Badminton_Clear", "Squash_ForehandBoast", "Squash_BackhandBoast"],
    group: "all",
    parameters: &[],
    folder: "racketsports",
    layout: "as RacketSports_TRAIN.ts and RacketSports_TEST.ts",
    files: &FILES,
    loader: Loader::Samples(|request| ts_pair(request, FILES[0].path, FILES[1].path)),
};
