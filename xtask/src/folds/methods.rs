//! What the training methods are worth, on the same hypervectors.

use anyhow::Result;
use hdc_train::{Centroid, LeHdc, Margin, OnlineHd, Perceptron, QuantHd, RefineHd, Trainer};

use super::{Case, Trained, UCI_ALL, compare_methods, named, usual, with};
use crate::recipe;

const CASES: [Case<Trained>; 5] = [
    ("uci-emg, record", UCI_ALL, recipe::raw_emg_record),
    ("uci-emg, random hyperplanes", UCI_ALL, recipe::raw_emg_random),
    ("wisdm, record", &["wisdm"], recipe::activities),
    ("isolet, record", &["isolet"], recipe::spoken_record),
    ("lis-alphabet, random hyperplanes", &["lis-alphabet"], recipe::letters_random),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!("| data | D | method | accuracy | seeds |\n|---|---|---|---|---|");
    for (name, parts, recipe) in named(&CASES, sets)? {
        compare_methods(name, parts, (*recipe, 1024), usual, methods)?;
    }
    Ok(())
}

/// All methods with one prototype a class.
fn methods(trainer: &Trainer) -> Vec<(String, Trainer)> {
    vec![
        with(trainer, Centroid),
        with(trainer, OnlineHd { epochs: 1 }),
        with(trainer, RefineHd { epochs: 1 }),
        with(trainer, Perceptron::default()),
        with(trainer, OnlineHd::default()),
        with(trainer, RefineHd::default()),
        with(trainer, QuantHd::default()),
        with(trainer, Margin::default()),
        with(trainer, LeHdc::default()),
    ]
}
