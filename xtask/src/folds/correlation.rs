//! What it is worth to know how neighbouring electrodes go together: recipes of the table of accuracies with and without.

use anyhow::Result;

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, usual};
use crate::recipe;

const CASES: [Case<Ways>; 3] = [
    (
        "uci-emg",
        UCI_ALL,
        Ways {
            windows: None,
            split: usual,
            folds: 2,
            recipes: [("apart", recipe::raw_emg_apart), ("correlated", recipe::raw_emg)],
        },
    ),
    (
        "libemg-myodisco",
        MYODISCO,
        Ways {
            windows: None,
            split: usual,
            folds: 5,
            recipes: [("apart", recipe::gestures_apart), ("correlated", recipe::gestures)],
        },
    ),
    (
        "lis-alphabet",
        &["lis-alphabet"],
        Ways {
            windows: None,
            split: usual,
            folds: 5,
            recipes: [("apart", recipe::letters_apart), ("correlated", recipe::letters_joined)],
        },
    ),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "channels", &[256, 1024])
}
