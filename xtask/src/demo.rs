//! The main job: real recordings, a trained model, an emulated Cortex-M4F, bit for bit.

use std::fs;
use std::time::Duration;

use anyhow::Result;
use hdc_train::{Dataset, Evaluation, Progress, Spread, Stage, cross_validate, leave_one_group_out};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{firmware, recipe, tools};

const DIMENSION: usize = 2048;
const SEED: u64 = 1;

pub(crate) fn run() -> Result<()> {
    let data = recipe::spar()?;
    println!(
        "spar: {} windows of {} steps x {} channels, {} exercises, {} people, worn on a wrist",
        data.len(),
        data.shape().steps,
        data.shape().channels,
        data.classes().len(),
        data.groups().len()
    );
    by_subject(&data)?;
    on_the_chip(&data)
}

/// How well the recogniser does on a person it has never seen.
fn by_subject(data: &Dataset) -> Result<()> {
    let splits = leave_one_group_out(data)?;
    println!("\nAccuracy on each person, trained on the nine others, D = {DIMENSION}:");
    let bar = ProgressBar::new(splits.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} people, {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let tick = |progress: Progress| {
        if progress.stage == Stage::Fold {
            bar.set_position(progress.done as u64);
        }
    };
    let folds = cross_validate(&recipe::spar_trainer(DIMENSION, SEED), data, &splits, &tick)?;
    bar.finish_and_clear();
    println!("  person  windows  accuracy  balanced");
    for (split, fold) in splits.iter().zip(&folds) {
        let (accuracy, balanced) = (fold.accuracy(), fold.balanced_accuracy());
        println!("  {:>6}  {:>7}  {accuracy:>8.3}  {balanced:>8.3}", split.name, fold.samples());
    }
    let balanced: Vec<f64> = folds.iter().map(Evaluation::balanced_accuracy).collect();
    println!("  balanced accuracy {} (mean and deviation over people)", Spread::of(&balanced));
    Ok(())
}

/// The same arithmetic on host and chip, on people that the model has never seen.
fn on_the_chip(data: &Dataset) -> Result<()> {
    let split = recipe::last_subjects(data)?;
    let (train, test) = (data.subset(&split.train)?, data.subset(&split.test)?);
    let model = recipe::spar_trainer(DIMENSION, SEED).fit(&train)?;
    let path = tools::root().join("target/demo/gestures.hdc");
    fs::create_dir_all(tools::root().join("target/demo"))?;
    model.save(&path)?;
    let evaluation = Evaluation::of(&model.view(), &test)?;
    println!("\nA model for the chip, trained without {}:", split.name);
    println!("  target/demo/gestures.hdc, {} bytes", model.as_bytes().len());
    println!("  balanced accuracy {:.3} on the {} windows left out", evaluation.balanced_accuracy(), test.len());

    println!("\nOn an emulated Cortex-M4F:");
    if !(tools::target(firmware::TARGET).or_skip("the chip")? && tools::emulator().or_skip("the chip")?) {
        return Ok(());
    }
    let report = firmware::compare("demo", &model, &test)?;
    println!("  {} windows: class, distance and margin agree with the host, bit for bit", report.windows);
    println!("  {:>9} instructions for one window of {} steps", report.instructions, test.shape().steps);
    println!("  {:>9} instructions to open the model and check its checksum", report.open);
    println!("  {:>9} bytes of flash, {} of them the model", report.flash, model.as_bytes().len());
    println!(
        "  {:>9} bytes of RAM: {} working memory, {} stack",
        report.scratch + report.stack,
        report.scratch,
        report.stack
    );
    println!("  (instructions as the emulator counts them, not cycles; flash with the code that prints)");
    Ok(())
}
