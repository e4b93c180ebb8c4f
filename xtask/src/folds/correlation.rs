//! What it is worth to know how neighbouring electrodes go together: recipes of the table of accuracies with and without.

use anyhow::Result;

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, ways};
use crate::recipe;

const ELECTRODES: Ways = ways(&[("apart", recipe::raw_emg_apart), ("correlated", recipe::raw_emg)]);

const CASES: [Case<Ways>; 3] = [
    ("uci-emg", UCI_ALL, Ways { folds: 2, ..ELECTRODES }),
    ("libemg-myodisco", MYODISCO, ways(&[("apart", recipe::gestures_apart), ("correlated", recipe::gestures)])),
    (
        "lis-alphabet",
        &["lis-alphabet"],
        ways(&[("apart", recipe::letters_apart), ("correlated", recipe::letters_joined)]),
    ),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "channels", &[256, 1024])
}
