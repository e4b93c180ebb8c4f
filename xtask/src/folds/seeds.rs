//! What the best of several seeds is worth on samples that had no part in choosing it.

use anyhow::Result;
use hdc_train::reduce::{ReduceError, order, retrain, truncate};
use hdc_train::{
    Dataset, Encoding, Evaluation, FeatureSet, Form, Map, Margin, ModelBuf, Projection, Scale, Spread, Trainer, Trial,
};

use super::{UCI, named, pairs};

const EMG: &[&str] = &["hdc-emg:subject=1", "hdc-emg:subject=5"];

/// Seeds to choose from, and from a part of them.
const ALL: usize = 16;
const FEW: usize = 4;

fn cases() -> Vec<(&'static str, &'static [&'static str], Encoding)> {
    let uniform = Encoding::record().scale(Scale::Uniform { clip: 0.01 });
    let emg = |encoding: Encoding| encoding.features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
    vec![
        ("wisdm", &["wisdm"], uniform.clone()),
        ("isolet", &["isolet"], uniform.clone()),
        ("uci-emg", UCI, emg(Encoding::record())),
        ("uci-emg-planes", UCI, emg(Encoding::projection(Projection::random(Map::Whitened)))),
        ("spar", &["spar"], Encoding::record().levels(8).ngram(3, 10)),
        ("hdc-emg", EMG, Encoding::record().scale(Scale::Uniform { clip: 0.01 }).ngram(3, 10)),
        ("wisdm-integers", &["wisdm"], uniform.clone().integer(Form::Cheapest)),
        ("uci-emg-integers", UCI, emg(Encoding::record()).integer(Form::Cheapest)),
    ]
}

pub(super) fn run(sets: &[String]) -> Result<()> {
    println!(
        "| data | D | mean of {ALL} seeds | their deviation | best of {FEW} | best of {ALL} | by training accuracy | in its own folds | \
         best in hindsight | chosen of 2D |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, parts, encoding) in named(&cases(), sets)? {
        let pairs = pairs(parts)?;
        for dimension in [64, 128, 256] {
            let trainer = Trainer::new().dimension(dimension).encoding(encoding.clone());
            let figures = pairs.iter().map(|pair| measure(&trainer, pair)).collect::<Result<Vec<_>>>()?;
            let mean = |at: usize| Spread::of(&figures.iter().map(|figures| figures[at]).collect::<Vec<_>>()).mean;
            let cells: Vec<String> = (0..8).map(|at| figure(mean(at))).collect();
            println!("| {name} | {dimension} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}

/// n-grams have no figure in the last column.
fn figure(mean: f64) -> String {
    if mean.is_nan() { "-".into() } else { format!("{mean:.3}") }
}

fn measure(trainer: &Trainer, (train, test): &(Dataset, Dataset)) -> Result<[f64; 8]> {
    // The best first; each with its accuracy on samples apart.
    let trials = trainer.best_seeds(train, ALL, &|_| {})?;
    let models = trials.iter().map(|trial| Ok(trial.trainer.fit(train)?)).collect::<Result<Vec<ModelBuf>>>()?;
    let apart = models.iter().map(|model| accuracy(model, test)).collect::<Result<Vec<f64>>>()?;
    let learned = |at: &usize| models[*at].view().metadata().provenance.train_accuracy;
    let by_learned = (0..ALL).max_by(|a, b| learned(a).total_cmp(&learned(b))).map_or(0.0, |best| apart[best]);
    let Spread { mean, deviation } = Spread::of(&apart);
    let part = |trial: &Trial| trial.trainer.seed_number() as usize % (ALL / FEW);
    let bests = (0..ALL / FEW).filter_map(|wanted| trials.iter().position(|trial| part(trial) == wanted));
    let few: Vec<f64> = bests.map(|best| apart[best]).collect();
    let hindsight = apart.iter().copied().fold(0.0, f64::max);
    let chosen = match from_double(trainer, train, test) {
        Err(error) if error.is::<ReduceError>() => f64::NAN,
        chosen => chosen?,
    };
    let few = Spread::of(&few).mean;
    Ok([mean, deviation, few, apart[0], by_learned, trials[0].accuracy().mean, hindsight, chosen])
}

/// The mean of a few seeds with the dimensions that widen margins most, of twice as many.
fn from_double(trainer: &Trainer, train: &Dataset, test: &Dataset) -> Result<f64> {
    let dimension = trainer.dimension_bits();
    let of = |seed: u64| {
        let double = trainer.clone().dimension(2 * dimension).seed(seed).fit(train)?;
        let ordered = truncate(&order(&double.view(), train)?.view(), dimension)?;
        accuracy(&retrain(&ordered.view(), train, &Margin::default(), seed, &|_| {})?, test)
    };
    let figures = (1..=FEW as u64).map(of).collect::<Result<Vec<f64>>>()?;
    Ok(Spread::of(&figures).mean)
}

fn accuracy(model: &ModelBuf, data: &Dataset) -> Result<f64> {
    Ok(Evaluation::of(&model.view(), data)?.accuracy())
}
