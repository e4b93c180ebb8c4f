//! What flipped bits cost, and whether a training method makes them cheaper: on folds of the training sides.

use anyhow::{Result, bail};
use hdc_datasets::Options;
use hdc_train::{Dataset, FlipTarget, Flips, LeHdc, Margin, Spread, WithFlips, folds, given, k_fold};

use crate::recipe::{self, Recipe};

/// The most samples and folds that a figure is measured on.
const MOST_SAMPLES: usize = 3000;
const MOST_FOLDS: usize = 3;

/// A line of sets: its name, the data it loads, how it is trained.
pub(crate) type Row = (&'static str, &'static [&'static str], fn(usize, u64) -> Recipe);

const UCI: &[&str] = &["uci-emg:subject=1", "uci-emg:subject=5", "uci-emg:subject=9"];

const ROWS: [Row; 9] = [
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
];

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
pub(crate) fn run(sets: &[String]) -> Result<()> {
    println!(
        "| data | D | training | no flips | classes 10 % | memories 10 % | stored 10 % | queries 10 % | stored 20 % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, parts, recipe) in chosen(&ROWS, sets)? {
        let pairs = pairs(parts)?;
        for dimension in [256, 1024] {
            for (training, with) in TRAININGS {
                let curves = pairs.iter().map(|(train, test)| curves(&with(recipe(dimension, 1)), train, test));
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

/// The rows of the sets named, or all.
pub(crate) fn chosen<'a>(rows: &'a [Row], sets: &[String]) -> Result<Vec<&'a Row>> {
    check_named(&rows.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), sets)?;
    Ok(rows.iter().filter(|(name, ..)| sets.is_empty() || sets.iter().any(|set| set == name)).collect())
}

/// Whether the sets are known.
pub(crate) fn check_named(known: &[&str], sets: &[String]) -> Result<()> {
    match sets.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => bail!("no table is made of `{unknown}`: choose from {}", known.join(", ")),
        None => Ok(()),
    }
}

/// Training and validation samples, both of the training sides.
pub(crate) fn pairs(parts: &[&str]) -> Result<Vec<(Dataset, Dataset)>> {
    let mut pairs = Vec::new();
    for part in parts {
        let spar = *part == "spar";
        let data = if spar { recipe::spar()? } else { hdc_datasets::load(part, &Options::default())? };
        let mut data = if spar { data } else { data.subset(&given(&data)?.train)? };
        if data.len() > MOST_SAMPLES && data.groups().len() < 2 {
            let fold = &k_fold(&data, data.len().div_ceil(MOST_SAMPLES), 1)?[0];
            data = data.subset(&fold.test)?;
        }
        for split in folds(&data, 1)?.iter().take(MOST_FOLDS) {
            pairs.push((data.subset(&split.train)?, data.subset(&split.test)?));
        }
    }
    Ok(pairs)
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
