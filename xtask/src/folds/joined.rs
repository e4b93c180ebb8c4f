//! What a second encoder is worth: that of a recipe in the table of accuracies, beside a simpler, a larger or another one.

use anyhow::Result;

use super::{Case, MYODISCO, Ways, compare, speakers, ways};
use crate::recipe;

const TIMED: Ways = ways(&[("rows", recipe::emg_windows_rows), ("rows and hyperplanes", recipe::emg_windows)]);

const GESTURES: Ways = ways(&[
    ("hyperplanes and a record of two parts", recipe::gestures),
    ("hyperplanes and those of two parts", recipe::gestures_planes),
]);

const LETTERS: Ways = ways(&[
    ("learned hyperplanes and random ones of three parts", recipe::letters_joined),
    ("whitened learned hyperplanes", recipe::raw_emg),
]);

const EXERCISES: Ways = ways(&[
    ("4-grams and random hyperplanes", recipe::exercises_random),
    ("4-grams and learned hyperplanes", recipe::exercises),
]);

const SPOKEN: Ways = ways(&[
    ("learned hyperplanes", recipe::spoken_learned),
    ("learned hyperplanes and those between the classes", recipe::spoken),
]);

const CASES: [Case<Ways>; 6] = [
    ("hdc-emg-time-1", &["hdc-emg-time:subject=1"], Ways { windows: Some((12, 6)), ..TIMED }),
    ("hdc-emg-time-5", &["hdc-emg-time:subject=5"], Ways { windows: Some((120, 60)), ..TIMED }),
    ("libemg-myodisco", MYODISCO, GESTURES),
    ("lis-alphabet", &["lis-alphabet"], LETTERS),
    ("spar", &["spar"], Ways { windows: Some((200, 100)), ..EXERCISES }),
    ("isolet", &["isolet"], Ways { split: speakers, folds: 3, ..SPOKEN }),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "encoders", &[1024])
}
