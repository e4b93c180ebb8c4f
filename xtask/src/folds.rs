//! Tables that are measured on folds of the training sides: what a way to make, choose or train hypervectors is worth.

mod additive;
mod convolutions;
mod correlation;
mod design;
mod early_exit;
mod features;
mod joined;
mod levels;
mod methods;
mod offsets;
mod prefixes;
mod prototypes;
mod redraw;
mod robustness;
mod seeds;
mod shrink;
mod symbols;
mod tried;

use anyhow::{Result, bail, ensure};
use clap::ValueEnum;
use hdc_datasets::Options;
use hdc_train::{Dataset, Evaluation, Method, Part, Split, Spread, Trainer, Trial, by_time, folds, k_fold};

use crate::recipe::{self, Recipe};

/// What is compared.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Table {
    /// Integer bundles and ternary weights, beside others.
    Additive,
    /// Convolutions of windows, beside other ways to look at them.
    Convolutions,
    /// Features that tell how neighbouring channels go together, beside features of channels apart.
    Correlation,
    /// Ways to search for designs of levels, beside even levels.
    Design,
    /// Models that exit early, beside those that look at all dimensions.
    EarlyExit,
    /// Few features of windows, beside the usual ones.
    Features,
    /// Second encoders of the table of accuracies, beside simpler and larger ones.
    Joined,
    /// Level memories that follow a kernel, beside those that flip in equal steps.
    Levels,
    /// All training methods with one class hypervector a class.
    Methods,
    /// Random hyperplanes beside the mean of the samples, beside those through it.
    Offsets,
    /// The first dimensions of an ordered model, beside models trained at their dimension.
    Prefixes,
    /// Several class hypervectors a class, beside one.
    Prototypes,
    /// Dimensions that are redrawn or folded, beside those that are chosen from more.
    Redraw,
    /// What flipped bits cost, for several training methods.
    Robustness,
    /// The best of several seeds, beside the mean of them.
    Seeds,
    /// Models before and after they are shrunk.
    Shrink,
    /// Learned hypervectors of letters, beside random ones.
    Symbols,
    /// What was tried for accuracies that were not reached, beside the recipes.
    Tried,
}

const SEEDS: [u64; 3] = [1, 2, 3];

const UCI: &[&str] = &["uci-emg:subject=1", "uci-emg:subject=5", "uci-emg:subject=9"];

const UCI_ALL: &[&str] = &[
    "uci-emg:subject=1",
    "uci-emg:subject=3",
    "uci-emg:subject=4",
    "uci-emg:subject=5",
    "uci-emg:subject=6",
    "uci-emg:subject=7",
    "uci-emg:subject=8",
    "uci-emg:subject=9",
    "uci-emg:subject=10",
    "uci-emg:subject=12",
    "uci-emg:subject=14",
];

const MYODISCO: &[&str] = &[
    "libemg-myodisco:subject=1,day=1",
    "libemg-myodisco:subject=2,day=1",
    "libemg-myodisco:subject=3,day=1",
    "libemg-myodisco:subject=4,day=1",
    "libemg-myodisco:subject=5,day=1",
    "libemg-myodisco:subject=6,day=1",
    "libemg-myodisco:subject=7,day=1",
];

/// The most samples and folds that a figure is measured on.
const MOST_SAMPLES: usize = 3000;
const MOST_FOLDS: usize = 3;

/// A line of sets: its name, the data it loads, and how it is trained.
type Case<C> = (&'static str, &'static [&'static str], C);

/// By dimension and seed.
type Trained = fn(usize, u64) -> Recipe;

/// Measures the sets named, or all.
pub(crate) fn run(table: Table, sets: &[String]) -> Result<()> {
    match table {
        Table::Additive => additive::run(sets),
        Table::Convolutions => convolutions::run(sets),
        Table::Correlation => correlation::run(sets),
        Table::Design => design::run(sets),
        Table::EarlyExit => early_exit::run(sets),
        Table::Features => features::run(sets),
        Table::Joined => joined::run(sets),
        Table::Levels => levels::run(sets),
        Table::Methods => methods::run(sets),
        Table::Offsets => offsets::run(sets),
        Table::Prefixes => prefixes::run(sets),
        Table::Prototypes => prototypes::run(sets),
        Table::Redraw => redraw::run(sets),
        Table::Robustness => robustness::run(sets),
        Table::Seeds => seeds::run(sets),
        Table::Shrink => shrink::run(sets),
        Table::Symbols => symbols::run(sets),
        Table::Tried => tried::run(sets),
    }
}

/// Recipes that are compared on the same folds.
struct Ways {
    /// Rows in a window and from one to the next.
    windows: Option<(usize, usize)>,
    /// The folds, and how many of them are looked at.
    split: fn(&Dataset) -> Result<Vec<Split>>,
    folds: usize,
    recipes: &'static [(&'static str, Trained)],
}

/// Recipes on the usual five folds.
const fn ways(recipes: &'static [(&'static str, Trained)]) -> Ways {
    Ways { windows: None, split: usual, folds: 5, recipes }
}

/// Measures all recipes of the sets named, or of all; `what` they differ in is the head of their column.
fn compare(cases: &[Case<Ways>], sets: &[String], what: &str, dimensions: &[usize]) -> Result<()> {
    println!("| data | {what} | D | accuracy | seeds |\n|---|---|---|---|---|");
    for (name, parts, ways) in named(cases, sets)? {
        let mut pairs = Vec::new();
        for part in *parts {
            let (window, hop) = ways.windows.unzip();
            let options = Options { part: Some(Part::Train), window, hop, ..Options::default() };
            let data = hdc_datasets::load(part, &options)?;
            pairs.extend(sides(&data, &(ways.split)(&data)?, ways.folds)?);
        }
        for &dimension in dimensions {
            for &(way, recipe) in ways.recipes {
                let mut means = Vec::new();
                for seed in SEEDS {
                    let mut accuracies = Vec::new();
                    for (train, test) in &pairs {
                        let model = recipe(dimension, seed).fit(train)?;
                        accuracies.push(Evaluation::of(&model.view(), test)?.accuracy());
                    }
                    means.push(Spread::of(&accuracies).mean);
                }
                let list: Vec<String> = means.iter().map(|mean| format!("{mean:.3}")).collect();
                println!("| {name} | {way} | {dimension} | {:.3} | {} |", Spread::of(&means).mean, list.join(" "));
            }
        }
    }
    Ok(())
}

/// Measures the same hypervectors with several methods: their names, and the trainer with each.
fn compare_methods(
    name: &str,
    parts: &[&str],
    (recipe, dimension): (Trained, usize),
    split: fn(&Dataset) -> Result<Vec<Split>>,
    methods: impl Fn(&Trainer) -> Vec<(String, Trainer)>,
) -> Result<()> {
    let mut means: Vec<(String, Vec<f64>)> = Vec::new();
    for seed in SEEDS {
        let (names, trainers): (Vec<String>, Vec<Trainer>) =
            methods(&recipe(dimension, seed).trainer).into_iter().unzip();
        let mut accuracies = vec![Vec::new(); trainers.len()];
        for part in parts {
            let data = hdc_datasets::load(part, &Options { part: Some(Part::Train), ..Options::default() })?;
            let trials = Trial::of(&trainers, &data, &split(&data)?)?;
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
    Ok(())
}

/// The method in words, and the trainer with it.
fn with(trainer: &Trainer, method: impl Method + 'static) -> (String, Trainer) {
    (method.to_string(), trainer.clone().method(method))
}

/// The cases of the sets named, or all.
fn named<'a, C>(cases: &'a [Case<C>], sets: &[String]) -> Result<Vec<&'a Case<C>>> {
    let known: Vec<&str> = cases.iter().map(|(name, ..)| *name).collect();
    match sets.iter().find(|set| !known.contains(&set.as_str())) {
        Some(unknown) => bail!("no table is made of `{unknown}`: choose from {}", known.join(", ")),
        None => Ok(cases.iter().filter(|(name, ..)| sets.is_empty() || sets.iter().any(|set| set == name)).collect()),
    }
}

/// Training and validation samples, both of the training sides.
fn pairs(parts: &[&str]) -> Result<Vec<(Dataset, Dataset)>> {
    let mut pairs = Vec::new();
    for part in parts {
        let training = Options { part: Some(Part::Train), ..Options::default() };
        let mut data = if *part == "spar" { recipe::spar()? } else { hdc_datasets::load(part, &training)? };
        if data.len() > MOST_SAMPLES && data.groups().len() < 2 {
            let fold = &k_fold(&data, data.len().div_ceil(MOST_SAMPLES), 1)?[0];
            data = data.subset(&fold.test)?;
        }
        pairs.extend(sides(&data, &usual(&data)?, MOST_FOLDS)?);
    }
    Ok(pairs)
}

/// The folds on which settings are chosen.
fn usual(data: &Dataset) -> Result<Vec<Split>> {
    Ok(folds(data, 1)?)
}

/// Both sides of the first `splits` of `data`, so many at most.
fn sides(data: &Dataset, splits: &[Split], most: usize) -> Result<Vec<(Dataset, Dataset)>> {
    let sides = |split: &Split| Ok((data.subset(&split.train)?, data.subset(&split.test)?));
    splits.iter().take(most).map(sides).collect()
}

/// The earlier half of each class against the later one, and the other way round.
fn halves(data: &Dataset) -> Result<Vec<Split>> {
    let forwards = by_time(data, 0.5)?;
    let backwards = Split { train: forwards.test.clone(), test: forwards.train.clone(), ..forwards.clone() };
    Ok(vec![forwards, backwards])
}

/// Thirds of the speakers of `isolet`. The 60 samples of a letter are in the order of its 30 speakers, as it seems: two of
/// three are nearest to the other one of their pair, and random folds say .97 where these say .94.
fn speakers(data: &Dataset) -> Result<Vec<Split>> {
    let mut seen = vec![0; data.classes().len()];
    let third = data.labels().iter().map(|&letter| {
        seen[letter] += 1;
        (seen[letter] - 1) / 20
    });
    let thirds: Vec<usize> = third.collect();
    ensure!(seen.iter().all(|&samples| samples == 60), "the training side of isolet has 60 samples of a letter");
    let split = |third| {
        let (test, train) = (0..data.len()).partition(|&sample| thirds[sample] == third);
        Split { name: format!("third {third} of the speakers"), train, test }
    };
    Ok((0..3).map(split).collect())
}
