//! What models may need of the library.

use std::collections::BTreeMap;

use anyhow::Result;
use hdc_train::{Centroid, Encoding, FeatureSet, Form, Map, Projection, Shape, Source, Trainer};

use super::case::{Case, QUICK};
use super::draw::Draw;

/// A small model for each set of what models of one encoder, without a front end, may need of the library, and one that exits
/// early.
pub(super) fn all(float: bool) -> Result<Vec<Case>> {
    let regenerated = Source::Regenerated;
    let spatial = [
        Encoding::record(),
        Encoding::record().memories(regenerated),
        Encoding::learned_record(QUICK),
        Encoding::projection(Projection::random(Map::Standardised)),
        Encoding::projection(Projection::random(Map::Standardised).ternary()),
    ];
    let inputs: [fn(Encoding) -> Encoding; 4] = [
        Encoding::whole,
        |encoding| encoding.ngram(2, 1),
        |encoding| encoding.features(FeatureSet::EMG, 1),
        |encoding| encoding.convolutions(1),
    ];
    let mut encodings: Vec<Encoding> =
        inputs.iter().flat_map(|input| spatial.iter().map(|encoding| input(encoding.clone()))).collect();
    let symbols = [Encoding::symbols(27), Encoding::symbols(27).memories(regenerated)];
    encodings.extend(symbols.into_iter().filter(|_| !float));
    let one = |encoding: &Encoding| Trainer::new().dimension(64).encoding(encoding.clone()).method(Centroid);
    let mut trainers: Vec<Trainer> = encodings.iter().map(one).collect();
    for integer in [
        Encoding::record().integer(Form::Hypervectors),
        Encoding::record().integer(Form::Hypervectors).memories(regenerated),
        Encoding::record().integer(Form::Table),
    ] {
        trainers.extend([inputs[0], inputs[2], inputs[3]].map(|input| one(&input(integer.clone()))));
        trainers.push(one(&integer.ngram(1, 1)));
    }
    let mut draw = Draw::new(0);
    let data = draw.signals(Shape { steps: 24, channels: 2 }, 2, float)?;
    let letters = draw.letters(Shape { steps: 24, channels: 1 }, 2)?;
    let mut cases = BTreeMap::new();
    for trainer in &trainers {
        // Symbols have one channel, and no front end.
        let case = Case::new(trainer.to_string(), trainer, &data)
            .or_else(|_| Case::new(trainer.to_string(), trainer, &letters));
        if let Ok(case) = case {
            cases.entry(case.program()).or_insert(case);
        }
    }
    // In a program with all there is.
    let early = Case::new("early exit", &one(&Encoding::record().whole()).early_exit(0.5), &data)?;
    cases.insert(early.program(), early);
    Ok(cases.into_values().collect())
}
