//! The accuracy tables of the README.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Evaluation, Spread, Trainer, cross_validate, given, leave_one_group_out, predict};

use crate::recipe;

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

pub(crate) fn run() -> Result<()> {
    println!("| data and protocol | D | model bytes | accuracy | seeds |\n|---|---|---|---|---|");
    spar()?;
    let sets = [
        PerSubject {
            what: "hdc-emg, `hdcc` windows, shuffled split of each of 5 subjects",
            set: "hdc-emg",
            subjects: &[1, 2, 3, 4, 5],
            dimensions: [1024, 10_048],
            trainer: recipe::emg_trainer,
        },
        PerSubject {
            what: "uci-emg, 200 ms windows, series 1 -> series 2 of each of 11 subjects",
            set: "uci-emg",
            subjects: &[1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14],
            dimensions: [256, 1024],
            trainer: recipe::raw_emg_trainer,
        },
    ];
    for subjects in sets {
        if let Err(error) = subjects.measure() {
            println!("skipped: {}: {error:#}", subjects.set);
        }
    }
    Ok(())
}

/// A set in which each subject has a model of its own, on the source's own split.
struct PerSubject {
    what: &'static str,
    set: &'static str,
    subjects: &'static [u8],
    dimensions: [usize; 2],
    trainer: fn(usize, u64) -> Trainer,
}

impl PerSubject {
    fn measure(&self) -> Result<()> {
        let load = |subject| hdc_datasets::load(&format!("{}:subject={subject}", self.set), &Options::default());
        let data = self.subjects.iter().map(load).collect::<Result<Vec<_>, _>>()?;
        for dimension in self.dimensions {
            let (mut runs, mut bytes) = (Vec::new(), 0);
            for seed in SEEDS {
                let mut accuracies = Vec::new();
                for subject in &data {
                    let (evaluation, size) = measure(&(self.trainer)(dimension, seed), subject)?;
                    accuracies.push(evaluation.accuracy());
                    bytes = size;
                }
                runs.push(accuracies);
            }
            row(self.what, dimension, bytes, &runs);
        }
        Ok(())
    }
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
