//! What several class hypervectors a class are worth, learned by gradient or as clusters.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Clusters, LeHdc, Margin, Method, Part, Spread, Trainer, Trial};

use super::{Case, SEEDS, Trained, UCI, named, usual};
use crate::recipe;

/// How samples are encoded, in how many dimensions, how many folds are looked at, and other settings of `LeHDC`.
struct Setup(Trained, usize, usize, fn() -> LeHdc);

const CASES: [Case<Setup>; 6] = [
    ("uci-emg", UCI, Setup(recipe::raw_emg, 64, 5, LeHdc::default)),
    ("uci-emg-record", UCI, Setup(recipe::raw_emg_record, 1024, 5, LeHdc::default)),
    ("wisdm-record", &["wisdm"], Setup(recipe::activities, 1024, 5, LeHdc::default)),
    ("isolet-record", &["isolet"], Setup(recipe::spoken_record, 1024, 5, LeHdc::default)),
    // Of 60,000 images and 210,030 sentences, so that one fold tells.
    ("mnist-record", &["mnist"], Setup(recipe::digits_record, 1024, 1, LeHdc::default)),
    ("european-languages", &["european-languages"], Setup(recipe::languages_small, 288, 1, recipe::small_text_method)),
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
                let splits = usual(&data)?;
                let trials = Trial::of(&trainers, &data, &splits[..splits.len().min(*folds)])?;
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
