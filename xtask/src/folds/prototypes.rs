//! What several class hypervectors a class are worth, learned by gradient or as clusters.

use anyhow::Result;
use hdc_train::{Clusters, Dataset, LeHdc, Margin, Split, Trainer};

use super::{Case, Trained, UCI, compare_methods, halves, named, usual, with};
use crate::recipe;

/// How samples are encoded, in how many dimensions, the folds, and other settings of `LeHDC`.
struct Setup(Trained, usize, fn(&Dataset) -> Result<Vec<Split>>, fn() -> LeHdc);

const CASES: [Case<Setup>; 8] = [
    ("uci-emg", UCI, Setup(recipe::raw_emg, 64, usual, LeHdc::default)),
    ("uci-emg-record", UCI, Setup(recipe::raw_emg_record, 1024, usual, LeHdc::default)),
    ("wisdm-record", &["wisdm"], Setup(recipe::activities, 1024, usual, LeHdc::default)),
    ("isolet-record", &["isolet"], Setup(recipe::spoken_record, 1024, usual, LeHdc::default)),
    ("hdc-emg-time-1", &["hdc-emg-time:subject=1"], Setup(recipe::emg_rows, 1024, halves, LeHdc::default)),
    ("hdc-emg-time-5", &["hdc-emg-time:subject=5"], Setup(recipe::emg_rows, 1024, halves, LeHdc::default)),
    // Of 60,000 images and 210,030 sentences, so that one fold tells.
    ("mnist-record", &["mnist"], Setup(recipe::digits_record, 1024, first, LeHdc::default)),
    (
        "european-languages",
        &["european-languages"],
        Setup(recipe::languages_small, 288, first, recipe::small_text_method),
    ),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!("| data | D | method | accuracy | seeds |\n|---|---|---|---|---|");
    for (name, parts, Setup(recipe, dimension, folds, lehdc)) in named(&CASES, sets)? {
        compare_methods(name, parts, (*recipe, *dimension), *folds, |trainer| methods(trainer, lehdc()))?;
    }
    Ok(())
}

fn first(data: &Dataset) -> Result<Vec<Split>> {
    Ok(usual(data)?.into_iter().take(1).collect())
}

/// One prototype a class, and several.
fn methods(trainer: &Trainer, lehdc: LeHdc) -> Vec<(String, Trainer)> {
    let mut methods = vec![with(trainer, Margin::default())];
    methods.extend([1, 2, 4, 8].map(|prototypes| with(trainer, LeHdc { prototypes, ..lehdc })));
    methods.extend([2, 4, 8].map(|prototypes| with(trainer, Clusters { prototypes, ..Clusters::default() })));
    methods
}
