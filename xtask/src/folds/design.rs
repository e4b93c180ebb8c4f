//! Ways to search for designs of levels, at equal evaluations and at equal processor time.

use std::fs;

use anyhow::{Context, Result};
use hdc_train::{Centroid, Design, Encoding, Evaluation, FeatureSet, ModelBuf, Optimiser, Scale, Spread, Trainer};

use super::{SEEDS, UCI, named, pairs};

/// As many generations of 48 designs, or as many designs one by one.
const SEARCHES: [(Optimiser, usize); 4] =
    [(Optimiser::Genetic, 40), (Optimiser::Annealing, 40), (Optimiser::Annealing, 160), (Optimiser::Annealing, 640)];

pub(super) fn run(sets: &[String]) -> Result<()> {
    let uniform = Encoding::record().scale(Scale::Uniform { clip: 0.01 });
    let emg = Encoding::record().features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
    let cases: Vec<(&str, &[&str], Encoding)> =
        vec![("uci-emg", UCI, emg), ("wisdm", &["wisdm"], uniform.clone()), ("isolet", &["isolet"], uniform)];
    println!("| data | levels | designs measured | accuracy | least distance | processor s |");
    println!("|---|---|---|---|---|---|");
    for (name, parts, encoding) in named(&cases, sets)? {
        let pairs = pairs(parts)?;
        let designs = SEARCHES.map(|(optimiser, generations)| Design { optimiser, generations, ..Design::default() });
        for design in std::iter::once(None).chain(designs.map(Some)) {
            let encoding = design.map_or(encoding.clone(), |design| encoding.clone().designed(design));
            let (mut accuracies, mut distances, start) = (Vec::new(), Vec::new(), processor_seconds()?);
            for (seed, (train, test)) in SEEDS.iter().flat_map(|&seed| pairs.iter().map(move |pair| (seed, pair))) {
                let trainer = Trainer::new().dimension(256).encoding(encoding.clone()).method(Centroid).seed(seed);
                let model = trainer.fit(train)?;
                accuracies.push(Evaluation::of(&model.view(), test)?.accuracy());
                distances.push(least_distance(&model));
            }
            let seconds = (processor_seconds()? - start) / accuracies.len() as f64;
            let (what, measured) =
                design.map_or(("even".into(), 0), |Design { optimiser, population, generations, .. }| {
                    (format!("{optimiser:?}"), population * (generations + 1))
                });
            let (accuracy, distance) = (Spread::of(&accuracies).mean, Spread::of(&distances).mean);
            println!("| {name} | {what} | {measured} | {accuracy:.3} | {distance:.3} | {seconds:.2} |");
        }
    }
    Ok(())
}

/// The least distance between two classes, as a share of D.
fn least_distance(model: &ModelBuf) -> f64 {
    let model = model.view();
    let classes = model.classes();
    let rows = || (0..).map_while(|class| classes.row(class));
    let others = rows().enumerate().flat_map(|(at, row)| classes.distances(row).skip(at + 1));
    others.min().map_or(0.0, |least| f64::from(least) / model.metadata().dimension() as f64)
}

/// What all threads have taken so far, on Linux.
fn processor_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("processor time is read from /proc/self/stat")?;
    // The name in parentheses may have spaces; after it come the state and ten more numbers, then ticks of 10 ms.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}
