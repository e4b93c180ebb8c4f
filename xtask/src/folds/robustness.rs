//! What flipped bits cost, and whether a training method makes them cheaper: on folds of the training sides.

use anyhow::Result;
use hdc_train::{Dataset, FlipTarget, Flips, LeHdc, Margin, Spread, WithFlips};

use super::{Case, Trained, UCI, named, pairs};
use crate::recipe::{self, Recipe};

const CASES: [Case<Trained>; 11] = [
    ("spar", &["spar"], recipe::exercises),
    ("spar-record", &["spar"], recipe::exercises_record),
    ("uci-emg", UCI, recipe::raw_emg),
    ("uci-emg-record", UCI, recipe::raw_emg_record),
    ("wisdm", &["wisdm"], recipe::activities),
    ("european-languages", &["european-languages"], recipe::languages),
    // Only class hypervectors are stored.
    ("spar-regenerated", &["spar"], |dimension, seed| recipe::exercises_record(dimension, seed).regenerated()),
    ("uci-emg-regenerated", UCI, |dimension, seed| recipe::raw_emg_record(dimension, seed).regenerated()),
    ("wisdm-regenerated", &["wisdm"], |dimension, seed| recipe::activities(dimension, seed).regenerated()),
    ("wisdm-quantiles", &["wisdm"], |dimension, seed| recipe::activities_quantiles(dimension, seed, 16).regenerated()),
    ("wisdm-few", &["wisdm"], |dimension, seed| recipe::activities_quantiles(dimension, seed, 8).regenerated()),
];

const SEEDS: [u64; 3] = [1, 2, 3];

/// A training method by name, or that of the recipe.
type Training = (&'static str, fn(Recipe) -> Recipe);

const TRAININGS: [Training; 6] = [
    ("of the recipe", |recipe| recipe),
    ("margin", |recipe| recipe.method(Margin::default())),
    ("margin, 3 copies, 10 %", |recipe| recipe.method(flips(Margin::default(), 0.1))),
    ("margin, 3 copies, 20 %", |recipe| recipe.method(flips(Margin::default(), 0.2))),
    ("LeHDC", |recipe| recipe.method(LeHdc::default())),
    ("LeHDC, 3 copies, 20 %", |recipe| recipe.method(flips(LeHdc::default(), 0.2))),
];

fn flips<M>(method: M, rate: f64) -> WithFlips<M> {
    WithFlips { method, rate, copies: 3 }
}

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!(
        "| data | D | training | no flips | classes 10 % | memories 10 % | stored 10 % | queries 10 % | stored 20 % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, parts, recipe) in named(&CASES, sets)? {
        let pairs = pairs(parts)?;
        for dimension in [256, 1024, 2048] {
            for (training, with) in TRAININGS {
                let runs = SEEDS.iter().flat_map(|&seed| pairs.iter().map(move |pair| (seed, pair)));
                let curves = runs.map(|(seed, (train, test))| curves(&with(recipe(dimension, seed)), train, test));
                let curves = curves.collect::<Result<Vec<_>>>()?;
                let cells: Vec<String> = (0..6)
                    .map(|at| Spread::of(&curves.iter().map(|curve| curve[at]).collect::<Vec<_>>()).mean)
                    .map(|mean| format!("{mean:.3}"))
                    .collect();
                println!("| {name} | {dimension} | {training} | {} |", cells.join(" | "));
            }
        }
    }
    Ok(())
}

/// The figures of a line, for one model.
fn curves(recipe: &Recipe, train: &Dataset, test: &Dataset) -> Result<[f64; 6]> {
    let model = recipe.fit(train)?;
    let flips = Flips { rates: vec![0.0, 0.1, 0.2], repetitions: 3, seed: 1 };
    let measure = |target| flips.curve(&model.view(), test, target, &|_| {});
    let mean = |curve: &hdc_train::FlipCurve, at: usize| curve.points[at].accuracy.mean;
    let [classes, memories, stored, queries] = FlipTarget::ALL.map(measure);
    let (classes, memories, stored, queries) = (classes?, memories?, stored?, queries?);
    Ok([mean(&stored, 0), mean(&classes, 1), mean(&memories, 1), mean(&stored, 1), mean(&queries, 1), mean(&stored, 2)])
}
