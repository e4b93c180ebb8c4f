//! What few features of windows are worth beside the usual ones: the small models of the table of reductions.

use anyhow::Result;
use hdc_train::FeatureSet;

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, ways};
use crate::recipe;

const ELECTRODES: Ways = ways(&[
    ("mav, rms, wl, zc", |dimension, seed| recipe::small_emg(dimension, seed, FeatureSet::EMG)),
    ("rms", |dimension, seed| recipe::small_emg(dimension, seed, recipe::POWER)),
]);

const GESTURES: Ways = ways(&[
    ("mav, rms, wl, zc", |dimension, seed| recipe::small_gestures(dimension, seed, FeatureSet::EMG)),
    ("rms", |dimension, seed| recipe::small_gestures(dimension, seed, recipe::POWER)),
]);

const EXERCISES: Ways = ways(&[
    ("mean, sd, wl, ssc, min, max", |dimension, seed| recipe::small_exercises(dimension, seed, FeatureSet::MOTION)),
    ("mean, sd, wl, ssc", |dimension, seed| recipe::small_exercises(dimension, seed, recipe::COURSE)),
]);

const CASES: [Case<Ways>; 3] = [
    ("uci-emg", UCI_ALL, ELECTRODES),
    ("libemg-myodisco", MYODISCO, GESTURES),
    ("spar", &["spar"], Ways { windows: Some((200, 100)), ..EXERCISES }),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "features", &[64, 128])
}
