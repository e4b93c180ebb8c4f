//! What a second encoder is worth: that of a recipe in the table of accuracies, beside a simpler one or a larger one.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Evaluation, Part, Spread};

use super::{Case, SEEDS, Trained, named, sides};
use crate::recipe;

const MYODISCO: &[&str] = &[
    "libemg-myodisco:subject=1,day=1",
    "libemg-myodisco:subject=2,day=1",
    "libemg-myodisco:subject=3,day=1",
    "libemg-myodisco:subject=4,day=1",
    "libemg-myodisco:subject=5,day=1",
    "libemg-myodisco:subject=6,day=1",
    "libemg-myodisco:subject=7,day=1",
];

/// What is compared.
struct Ways {
    /// Rows in a window and from one to the next.
    windows: Option<(usize, usize)>,
    folds: usize,
    recipes: [(&'static str, Trained); 2],
}

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

const CASES: [Case<Ways>; 4] = [
    ("hdc-emg-time-1", &["hdc-emg-time:subject=1"], Ways { windows: Some((12, 6)), ..TIMED }),
    ("hdc-emg-time-5", &["hdc-emg-time:subject=5"], Ways { windows: Some((120, 60)), ..TIMED }),
    ("libemg-myodisco", MYODISCO, GESTURES),
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

const DIMENSION: usize = 1024;

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!("| data | encoders | D | accuracy | seeds |\n|---|---|---|---|---|");
    for (name, parts, ways) in named(&CASES, sets)? {
        let mut pairs = Vec::new();
        for part in *parts {
            let (window, hop) = ways.windows.unzip();
            let options = Options { part: Some(Part::Train), window, hop, ..Options::default() };
            pairs.extend(sides(&hdc_datasets::load(part, &options)?, ways.folds)?);
        }
        for (what, recipe) in ways.recipes {
            let mut means = Vec::new();
            for seed in SEEDS {
                let mut accuracies = Vec::new();
                for (train, test) in &pairs {
                    let model = recipe(DIMENSION, seed).fit(train)?;
                    accuracies.push(Evaluation::of(&model.view(), test)?.accuracy());
                }
                means.push(Spread::of(&accuracies).mean);
            }
            let list: Vec<String> = means.iter().map(|mean| format!("{mean:.3}")).collect();
            println!("| {name} | {what} | {DIMENSION} | {:.3} | {} |", Spread::of(&means).mean, list.join(" "));
        }
    }
    Ok(())
}
