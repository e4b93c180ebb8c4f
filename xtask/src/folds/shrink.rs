//! What shrinking saves, and what it loses on samples that had no part in it.

use anyhow::Result;
use hdc_train::{Clusters, Dataset, Encoding, Evaluation, FeatureSet, Map, Projection, Scale, Spread, Step, Trainer};

use super::{UCI, named, pairs};

const LOSS: f64 = 0.01;

fn cases() -> Vec<(&'static str, &'static [&'static str], Trainer)> {
    let uniform = Encoding::record().scale(Scale::Uniform { clip: 0.01 });
    let emg = |encoding: Encoding| encoding.features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
    let trainer = |encoding| Trainer::new().encoding(encoding);
    vec![
        ("uci-emg", UCI, trainer(emg(Encoding::record()))),
        ("uci-emg-planes", UCI, trainer(emg(Encoding::projection(Projection::random(Map::Whitened))))),
        ("spar", &["spar"], trainer(Encoding::record().ngram(3, 10))),
        ("wisdm", &["wisdm"], trainer(uniform.clone()).method(Clusters { prototypes: 4, ..Clusters::default() })),
        ("isolet", &["isolet"], trainer(uniform)),
    ]
}

pub(super) fn run(sets: &[String]) -> Result<()> {
    println!("| data | | accuracy in its folds | on samples apart | model bytes | Cortex-M4 instructions |");
    println!("|---|---|---|---|---|---|");
    for (name, parts, trainer) in named(&cases(), sets)? {
        let mut figures = [Vec::new(), Vec::new()];
        for (train, test) in pairs(parts)? {
            let shrunk = trainer.shrink(&train, LOSS, &|_| {})?;
            for (figures, step) in figures.iter_mut().zip([shrunk.before(), shrunk.after()]) {
                figures.push(figures_of(step, &train, &test)?);
            }
        }
        for (what, figures) in ["before", "after"].iter().zip(&figures) {
            let mean = |at: usize| Spread::of(&figures.iter().map(|figures| figures[at]).collect::<Vec<_>>()).mean;
            println!("| {name} | {what} | {:.3} | {:.3} | {:.0} | {:.0} |", mean(0), mean(1), mean(2), mean(3));
        }
    }
    Ok(())
}

fn figures_of(step: &Step, train: &Dataset, test: &Dataset) -> Result<[f64; 4]> {
    let model = step.trial.trainer.fit(train)?;
    let apart = Evaluation::of(&model.view(), test)?.accuracy();
    Ok([step.trial.accuracy().mean, apart, step.cost.model as f64, step.cost.instructions as f64])
}
