//! What a second encoder is worth: that of a recipe in the table of accuracies, beside a simpler one or a larger one.

use anyhow::Result;

use super::{Case, MYODISCO, Ways, compare};
use crate::recipe;

const GESTURES: Ways = Ways {
    windows: None,
    folds: 5,
    recipes: [
        ("hyperplanes and a record of two parts", recipe::gestures),
        ("hyperplanes and those of two parts", recipe::gestures_planes),
    ],
};

const TIMED: Ways =
    Ways { recipes: [("rows", recipe::emg_windows_rows), ("rows and hyperplanes", recipe::emg_windows)], ..GESTURES };

const CASES: [Case<Ways>; 5] = [
    ("hdc-emg-time-1", &["hdc-emg-time:subject=1"], Ways { windows: Some((12, 6)), ..TIMED }),
    ("hdc-emg-time-5", &["hdc-emg-time:subject=5"], Ways { windows: Some((120, 60)), ..TIMED }),
    ("libemg-myodisco", MYODISCO, GESTURES),
    (
        "isolet",
        &["isolet"],
        Ways {
            folds: 3,
            recipes: [
                ("learned hyperplanes", recipe::spoken_learned),
                ("learned hyperplanes and those between the classes", recipe::spoken),
            ],
            ..GESTURES
        },
    ),
    (
        "european-languages",
        &["european-languages"],
        // Of 210,030 sentences, so that one fold tells.
        Ways {
            folds: 1,
            recipes: [("pairs", recipe::pairs_of_letters), ("pairs and 3-grams", recipe::languages)],
            ..GESTURES
        },
    ),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "encoders", &[1024])
}
