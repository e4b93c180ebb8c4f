//! What integer bundles and ternary weights are worth: models of them beside others, on folds of the training sides.

use anyhow::Result;
use hdc_train::{
    Centroid, Cost, Encoding, Evaluation, FeatureSet, Form, LeHdc, Learn, Map, Margin, Projection, Scale, SpatialSpec,
    Spread, Target, Trainer,
};

use super::{Case, UCI, named, pairs};

const UNIFORM: Scale = Scale::Uniform { clip: 0.01 };

/// What all encodings of a set have in common.
type Common = fn(Encoding) -> Encoding;

const CASES: [Case<Common>; 4] = [
    ("wisdm", &["wisdm"], |encoding| encoding.scale(UNIFORM)),
    ("uci-emg", UCI, |encoding| encoding.features(FeatureSet::EMG, 1).scale(Scale::Logarithmic)),
    ("spar", &["spar"], |encoding| encoding.features(FeatureSet::MOTION, 1)),
    ("isolet", &["isolet"], |encoding| encoding.scale(UNIFORM)),
];

/// The classifiers that are compared, each with a name.
fn trainers() -> Vec<(&'static str, Encoding, Trainer)> {
    let at = |dimension| Trainer::new().dimension(dimension);
    let integer = || Encoding::record().integer(Form::Cheapest);
    let planes = Encoding::projection;
    let learned = Projection::learned(Map::Standardised);
    let mut all = Vec::new();
    for dimension in [64, 256, 1024, 4096] {
        all.push(("record, margin", Encoding::record(), at(dimension).method(Margin::default())));
        all.push(("record, LeHDC", Encoding::record(), at(dimension).method(LeHdc::default())));
        all.push(("integers, centroids", integer(), at(dimension).method(Centroid)));
        all.push(("integers, margin", integer(), at(dimension).method(Margin::default())));
        all.push(("integers, LeHDC", integer(), at(dimension).method(LeHdc::default())));
    }
    all.push(("learned record", Encoding::learned_record(Learn::memories()), at(64)));
    for dimension in [64, 256] {
        all.push(("learned hyperplanes, whitened", planes(Projection::learned(Map::Whitened)), at(dimension)));
        all.push(("learned hyperplanes, standardised", planes(learned), at(dimension)));
        all.push(("learned hyperplanes, ternary", planes(learned.ternary()), at(dimension)));
    }
    for dimension in [256, 1024] {
        all.push(("random hyperplanes, standardised", planes(Projection::random(Map::Standardised)), at(dimension)));
        all.push(("random hyperplanes, ternary", planes(Projection::default().ternary()), at(dimension)));
        for (name, map) in [
            ("random hyperplanes, whitened", Map::Whitened),
            ("random hyperplanes, principal", Map::Principal),
            ("random hyperplanes, discriminant", Map::Discriminant),
        ] {
            all.push((name, planes(Projection::random(map)), at(dimension)));
        }
    }
    all
}

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!("| data | classifier | D | accuracy | model bytes | Cortex-M4 instructions |\n|---|---|---|---|---|---|");
    for (name, parts, with) in named(&CASES, sets)? {
        let pairs = pairs(parts)?;
        for (what, encoding, trainer) in trainers() {
            let trainer = trainer.encoding(with(encoding));
            let (mut accuracies, mut last) = (Vec::new(), String::new());
            for (train, test) in &pairs {
                let model = trainer.fit(train)?;
                let view = model.view();
                accuracies.push(Evaluation::of(&view, test)?.accuracy());
                let Cost { model, instructions, .. } = Cost::of(&view, Target::CortexM4);
                let form = match view.metadata().encoder.spatial {
                    SpatialSpec::Table { .. } => " (table)",
                    SpatialSpec::IntegerRecord { .. } => " (hypervectors)",
                    _ => "",
                };
                last = format!("{model}{form} | {instructions}");
            }
            let dimension = trainer.dimension_bits();
            println!("| {name} | {what} | {dimension} | {:.3} | {last} |", Spread::of(&accuracies).mean);
        }
    }
    Ok(())
}
