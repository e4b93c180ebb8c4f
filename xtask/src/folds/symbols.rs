//! What it is worth to learn the hypervectors of letters.

use anyhow::Result;

use super::{Case, Ways, compare, usual};
use crate::recipe;

const CASES: [Case<Ways>; 1] = [(
    "european-languages",
    &["european-languages"],
    // Of 210,030 sentences, so that one fold tells.
    Ways {
        windows: None,
        split: usual,
        folds: 1,
        recipes: &[("random", recipe::languages_random), ("learned", recipe::languages_learned)],
    },
)];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "letters", &[64, 288])
}
