//! What early exit saves and what it costs: on folds of the training sides, and in instructions on an emulated chip.

use anyhow::Result;
use hdc_train::{Cost, Dataset, ModelBuf, Spread, Target, TrainError, align, predict_early};

use super::{Case, Trained, UCI, named, pairs};
use crate::cost::{case, program};
use crate::recipe;

/// Models whose dimensions are independent.
const CASES: [Case<(Trained, usize)>; 10] = [
    ("wisdm", &["wisdm"], (recipe::activities, 1024)),
    // Its dimensions stay as they are.
    ("wisdm-regenerated", &["wisdm"], (|dimension, seed| recipe::activities(dimension, seed).regenerated(), 1024)),
    ("uci-emg-record", UCI, (recipe::raw_emg_record, 1024)),
    ("uci-emg-random", UCI, (recipe::raw_emg_random, 1024)),
    ("uci-emg", UCI, (recipe::raw_emg, 256)),
    ("isolet-record", &["isolet"], (recipe::spoken_record, 1024)),
    ("isolet-regenerated", &["isolet"], (|dimension, seed| recipe::spoken_record(dimension, seed).regenerated(), 1024)),
    ("isolet", &["isolet"], (recipe::spoken_learned, 512)),
    ("lis-alphabet", &["lis-alphabet"], (recipe::letters_random, 1024)),
    ("hdc-emg-time", &["hdc-emg-time:subject=1", "hdc-emg-time:subject=5"], (recipe::emg_rows, 1024)),
];

/// Shares of the samples that may be decided differently.
const SHARES: [f64; 2] = [0.01, 0.02];

/// Samples that run on the chip, of each fold.
const EMULATED: usize = 60;

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    let chip = Target::CortexM4;
    let mut programs = program::available(chip)?.then(|| program::Programs::new(chip));
    println!("| data | D | allowed | accuracy | early | decided differently | mean D | instructions | early |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, parts, (recipe, dimension)) in named(&CASES, sets)? {
        let mut lines: Vec<Vec<[f64; 6]>> = vec![Vec::new(); SHARES.len()];
        for (train, test) in pairs(parts)? {
            let whole = recipe(*dimension, 1).fit(&train)?;
            let full = Figures::of(&whole, &test, &mut programs)?;
            for (lines, share) in lines.iter_mut().zip(SHARES) {
                let early = match recipe(*dimension, 1).early_exit(share).fit(&train) {
                    Err(error) if too_few(&error) => whole.clone(),
                    early => early?,
                };
                let early = Figures::of(&early, &test, &mut programs)?;
                let pairs = full.found.iter().zip(&early.found);
                let other = pairs.filter(|(full, early)| full != early).count() as f64 / test.len() as f64;
                let [from, to] = [full.instructions, early.instructions];
                lines.push([full.accuracy, early.accuracy, other, early.dimension, from, to]);
            }
        }
        for (lines, share) in lines.iter().zip(SHARES) {
            let mean = |at: usize| Spread::of(&lines.iter().map(|fold| fold[at]).collect::<Vec<_>>()).mean;
            let [full, early, other, mean_dimension, from, to] = std::array::from_fn(mean);
            println!(
                "| {name} | {dimension} | {share} | {full:.3} | {early:.3} | {other:.3} | {mean_dimension:.0} | {from:.0} | \
                 {to:.0} |"
            );
        }
    }
    Ok(())
}

/// Whether there are too few samples to tell how often an early exit decides differently.
fn too_few(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(TrainError::NoEarlyExit { .. }))
}

/// What a model does on a fold.
struct Figures {
    accuracy: f64,
    /// The class of each sample.
    found: Vec<usize>,
    /// The mean dimension.
    dimension: f64,
    /// The mean on the chip, if there is an emulator.
    instructions: f64,
}

impl Figures {
    fn of(model: &ModelBuf, test: &Dataset, programs: &mut Option<program::Programs>) -> Result<Self> {
        let exits = predict_early(&model.view(), test)?;
        let truth = align(&model.view(), test)?;
        let found: Vec<usize> = exits.iter().map(|exit| exit.nearest.class).collect();
        let right = found.iter().zip(&truth).filter(|(found, truth)| found == truth).count();
        let instructions = match programs {
            Some(programs) => {
                let case = case::Case::of("early exit", model.clone(), test, EMULATED)?;
                programs.measure_with(&Cost::needs(&model.view()).join(","), &case)?.instructions
            }
            None => f64::NAN,
        };
        Ok(Self {
            accuracy: right as f64 / test.len() as f64,
            found,
            dimension: exits.iter().map(|exit| exit.dimension as f64).sum::<f64>() / test.len() as f64,
            instructions,
        })
    }
}
