//! Tables that are measured on folds of the training sides.

mod levels;
mod redraw;
mod shrink;

use anyhow::Result;
use clap::ValueEnum;

use crate::robustness::check_named;

/// What is compared.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Table {
    /// Dimensions that are redrawn or folded, beside those that are chosen from more.
    Redraw,
    /// Level memories that follow a kernel, beside those that flip in equal steps.
    Levels,
    /// Models before and after they are shrunk.
    Shrink,
}

const SEEDS: [u64; 3] = [1, 2, 3];

const UCI: &[&str] = &["uci-emg:subject=1", "uci-emg:subject=5", "uci-emg:subject=9"];

/// Measures the sets named, or all.
pub(crate) fn run(table: Table, sets: &[String]) -> Result<()> {
    match table {
        Table::Redraw => redraw::run(sets),
        Table::Levels => levels::run(sets),
        Table::Shrink => shrink::run(sets),
    }
}

/// The cases of the sets named, or all.
fn named<C>(
    cases: Vec<(&'static str, &'static [&'static str], C)>,
    sets: &[String],
) -> Result<Vec<(&'static str, &'static [&'static str], C)>> {
    let known: Vec<&str> = cases.iter().map(|(name, ..)| *name).collect();
    check_named(&known, sets)?;
    Ok(cases.into_iter().filter(|(name, ..)| sets.is_empty() || sets.iter().any(|set| set == name)).collect())
}
