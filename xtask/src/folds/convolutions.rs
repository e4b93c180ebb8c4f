//! Convolutions of a window, beside the usual features of its parts and n-grams, and joined to those features.

use anyhow::Result;
use hdc_train::{Encoding, Evaluation, Feature, FeatureSet, Map, Projection, Scale, Spread, Trainer};

use super::{Case, SEEDS, named, pairs};

/// With so many dilations.
const CASES: [Case<usize>; 2] = [("racketsports", &["racketsports"], 2), ("spar", &["spar"], 5)];

const DIMENSIONS: [usize; 2] = [64, 512];

pub(super) fn run(sets: &[String]) -> Result<()> {
    let planes = |map| Encoding::projection(Projection::random(map));
    println!("| data | encoding | D = {} | D = {} |", DIMENSIONS[0], DIMENSIONS[1]);
    println!("|---|---|---|---|");
    for (name, parts, dilations) in named(&CASES, sets)? {
        let pairs = pairs(parts)?;
        let course =
            |map| planes(map).features(FeatureSet::ALL.without(Feature::Correlation), 4).scale(Scale::Logarithmic);
        let patterns = |map| planes(map).convolutions(*dilations).scale(Scale::Uniform { clip: 0.01 });
        let grams = Encoding::record().ngram(3, 2);
        let ways = [
            ("features of four parts and 3-grams", course(Map::Whitened), Some((grams, 2))),
            ("convolutions, whitened", patterns(Map::Whitened), None),
            ("convolutions, discriminant", patterns(Map::Discriminant), None),
            ("the same and features of four parts", patterns(Map::Discriminant), Some((course(Map::Discriminant), 4))),
        ];
        for (what, encoding, joined) in ways {
            print!("| {name} | {what} |");
            for dimension in DIMENSIONS {
                let mut trainer = Trainer::new().dimension(dimension).encoding(encoding.clone());
                if let Some((second, share)) = &joined {
                    trainer = trainer.join(second.clone(), (dimension / share / 32 * 32).max(32));
                }
                let mut accuracies = Vec::new();
                for (seed, (train, test)) in SEEDS.iter().flat_map(|&seed| pairs.iter().map(move |pair| (seed, pair))) {
                    let model = trainer.clone().seed(seed).fit(train)?;
                    accuracies.push(Evaluation::of(&model.view(), test)?.accuracy());
                }
                print!(" {:.3} |", Spread::of(&accuracies).mean);
            }
            println!();
        }
    }
    Ok(())
}
