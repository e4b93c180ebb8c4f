//! The accuracy tables of the README.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Evaluation, Spread, Trainer, cross_validate, given, leave_one_group_out, predict};

use crate::recipe;

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

pub(crate) fn run() -> Result<()> {
    println!("| data and protocol | D | model bytes | accuracy | seeds |\n|---|---|---|---|---|");
    spar()?;
    for dimension in [1024, 10_048] {
        if let Err(error) = emg(dimension) {
            println!("skipped: hdc-emg: {error:#}");
            break;
        }
    }
    Ok(())
}

fn spar() -> Result<()> {
    let data = recipe::spar()?;
    let splits = leave_one_group_out(&data)?;
    for dimension in [256, 512, 1024, 2048] {
        let mut runs = Vec::new();
        for seed in SEEDS {
            let folds = cross_validate(&recipe::spar_trainer(dimension, seed), &data, &splits, &|_| {})?;
            runs.push(folds.iter().map(Evaluation::balanced_accuracy).collect());
        }
        let bytes = recipe::spar_trainer(dimension, 1).fit(&data)?.as_bytes().len();
        row("spar, leave one subject out, 4 s windows, balanced", dimension, bytes, &runs);
    }
    Ok(())
}

/// The `hdcc` windows, a shuffled split of each subject.
fn emg(dimension: usize) -> Result<()> {
    let mut runs = Vec::new();
    let mut bytes = 0;
    for seed in SEEDS {
        let mut subjects = Vec::new();
        for subject in 1..=5 {
            let data = hdc_datasets::load(&format!("hdc-emg:subject={subject}"), &Options::default())?;
            let (evaluation, size) = measure(&recipe::emg_trainer(dimension, seed), &data)?;
            subjects.push(evaluation.accuracy());
            bytes = size;
        }
        runs.push(subjects);
    }
    row("hdc-emg, `hdcc` windows, shuffled split of each of 5 subjects", dimension, bytes, &runs);
    Ok(())
}

/// The source's own split.
fn measure(trainer: &Trainer, data: &hdc_train::Dataset) -> Result<(Evaluation, usize)> {
    let split = given(data)?;
    let (train, test) = (data.subset(&split.train)?, data.subset(&split.test)?);
    let model = trainer.fit(&train)?;
    let predicted: Vec<usize> = predict(&model.view(), &test)?.iter().map(|nearest| nearest.class).collect();
    Ok((Evaluation::new(data.classes().len(), test.labels(), &predicted), model.as_bytes().len()))
}

/// One line: mean over subjects, their deviation, and the range of that mean over the seeds.
fn row(what: &str, dimension: usize, bytes: usize, runs: &[Vec<f64>]) {
    let means: Vec<f64> = runs.iter().map(|subjects| Spread::of(subjects).mean).collect();
    let by_subject: Vec<f64> = (0..runs[0].len())
        .map(|subject| runs.iter().map(|run| run[subject]).sum::<f64>() / runs.len() as f64)
        .collect();
    let (least, most) =
        means.iter().fold((f64::MAX, f64::MIN), |(least, most), &mean| (least.min(mean), most.max(mean)));
    println!("| {what} | {dimension} | {bytes} | {} | {least:.3} to {most:.3} |", Spread::of(&by_subject));
}
