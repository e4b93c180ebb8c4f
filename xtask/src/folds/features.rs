//! What few features of windows are worth beside the usual ones: the small models of the table of reductions.

use anyhow::Result;
use hdc_train::FeatureSet;

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, usual};
use crate::recipe;

const CASES: [Case<Ways>; 3] = [
    (
        "uci-emg",
        UCI_ALL,
        Ways {
            windows: None,
            split: usual,
            folds: 5,
            recipes: [
                ("mav, rms, wl, zc", |dimension, seed| recipe::small_emg(dimension, seed, FeatureSet::EMG)),
                ("rms", |dimension, seed| recipe::small_emg(dimension, seed, recipe::POWER)),
            ],
        },
    ),
    (
        "libemg-myodisco",
        MYODISCO,
        Ways {
            windows: None,
            split: usual,
            folds: 5,
            recipes: [
                ("mav, rms, wl, zc", |dimension, seed| recipe::small_gestures(dimension, seed, FeatureSet::EMG)),
                ("rms", |dimension, seed| recipe::small_gestures(dimension, seed, recipe::POWER)),
            ],
        },
    ),
    (
        "spar",
        &["spar"],
        Ways {
            windows: Some((200, 100)),
            split: usual,
            folds: 5,
            recipes: [
                ("mean, sd, wl, ssc, min, max", |dimension, seed| {
                    recipe::small_exercises(dimension, seed, FeatureSet::MOTION)
                }),
                ("mean, sd, wl, ssc", |dimension, seed| recipe::small_exercises(dimension, seed, recipe::COURSE)),
            ],
        },
    ),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "features", &[64, 128])
}
