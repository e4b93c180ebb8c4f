//! What several class hypervectors a class are worth, learned by gradient or as clusters.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Clusters, Dataset, LeHdc, Margin, Method, Part, Split, Spread, Trainer, Trial};

use super::{Case, SEEDS, Trained, UCI, halves, named, usual};
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
        let mut means: Vec<(String, Vec<f64>)> = Vec::new();
        for seed in SEEDS {
            let (names, trainers): (Vec<String>, Vec<Trainer>) =
                methods(&recipe(*dimension, seed).trainer, lehdc()).into_iter().unzip();
            let mut accuracies = vec![Vec::new(); trainers.len()];
            for part in *parts {
                let data = hdc_datasets::load(part, &Options { part: Some(Part::Train), ..Options::default() })?;
                let trials = Trial::of(&trainers, &data, &folds(&data)?)?;
                accuracies.iter_mut().zip(trials).for_each(|(all, trial)| all.extend(trial.accuracies));
            }
            means.resize_with(names.len(), Default::default);
            for ((mean, name), accuracies) in means.iter_mut().zip(names).zip(accuracies) {
                mean.0 = name;
                mean.1.push(Spread::of(&accuracies).mean);
            }
        }
        for (method, means) in means {
            let list: Vec<String> = means.iter().map(|mean| format!("{mean:.3}")).collect();
            println!("| {name} | {dimension} | {method} | {:.3} | {} |", Spread::of(&means).mean, list.join(" "));
        }
    }
    Ok(())
}

fn first(data: &Dataset) -> Result<Vec<Split>> {
    Ok(usual(data)?.into_iter().take(1).collect())
}

/// One prototype a class, and several: methods in words, and the trainer with each.
fn methods(trainer: &Trainer, lehdc: LeHdc) -> Vec<(String, Trainer)> {
    let mut methods = vec![with(trainer, Margin::default())];
    methods.extend([1, 2, 4, 8].map(|prototypes| with(trainer, LeHdc { prototypes, ..lehdc })));
    methods.extend([2, 4, 8].map(|prototypes| with(trainer, Clusters { prototypes, ..Clusters::default() })));
    methods
}

fn with(trainer: &Trainer, method: impl Method + 'static) -> (String, Trainer) {
    (method.to_string(), trainer.clone().method(method))
}
