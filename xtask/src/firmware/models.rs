//! Models of every kind, for the tests of the firmware and of the cost.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{
    Clusters, Dataset, Encoding, Feature, FeatureSet, Form, FrontEnd, Learn, Map, Projection, Shape, Source, Trainer,
    Values,
};

use crate::recipe::{spar, spar_encoding, spar_trainer};

/// The letters of both licences, 63 a window.
fn licences() -> Result<Dataset> {
    let texts = [include_str!("../../../LICENSE-MIT"), include_str!("../../../LICENSE-APACHE")];
    let (mut letters, mut labels) = (Vec::new(), Vec::new());
    for (label, text) in texts.iter().enumerate() {
        let letter =
            |byte: u8| if byte.is_ascii_alphabetic() { i16::from(byte.to_ascii_lowercase() - b'a' + 1) } else { 0 };
        for window in text.as_bytes().chunks_exact(63) {
            letters.extend(window.iter().copied().map(letter));
            labels.push(label);
        }
    }
    let (shape, classes) = (Shape { steps: 63, channels: 1 }, ["MIT", "Apache"].map(String::from).to_vec());
    Ok(Dataset::new("licences", shape, Values::I16(letters), classes, labels)?)
}

/// A model of each kind that the firmware must run as the host does, with the samples that it runs on.
pub(crate) fn of_every_kind() -> Result<Vec<(&'static str, Trainer, Dataset)>> {
    let windows = spar()?;
    let few: Vec<usize> = (0..windows.len()).step_by(60).collect();
    let few = windows.subset(&few)?;
    let many: Vec<usize> = (0..windows.len()).step_by(4).collect();
    let many = windows.subset(&many)?;
    let rows = hdc_datasets::load("spar", &Options { window: Some(1), hop: Some(400), ..Options::default() })?;
    let regenerated = spar_encoding().memories(Source::Regenerated);
    let set = FeatureSet::MOTION.with(Feature::Correlation);
    let features = Encoding::projection(Projection::random(Map::Whitened)).features(set, 2);
    let joined = Trainer::new().dimension(512).encoding(features).join(spar_encoding(), 256);
    let learned = Encoding::projection(Projection::learned(Map::Whitened)).features(FeatureSet::EMG, 1);
    // Every stage, at the 50 Hz of the recordings.
    let filters = FrontEnd::new(50.0).high_pass(0.5).notch(12.5, 2.0).low_pass(20.0).envelope(0.2).decimate(3);
    let filtered = Trainer::new().dimension(512).encoding(Encoding::record().ngram(3, 4)).front_end(filters).seed(4);
    let integer = |form| Encoding::record().features(FeatureSet::EMG, 1).integer(form);
    let integers = Trainer::new().dimension(96).encoding(integer(Form::Hypervectors));
    let ternary = Encoding::projection(Projection::random(Map::Standardised).ternary()).features(FeatureSet::EMG, 2);
    let table = Trainer::new().dimension(1024).encoding(integer(Form::Table)).calibrate(0.2);
    let steps = Trainer::new().dimension(64).encoding(Encoding::record().ngram(1, 1).integer(Form::Table));
    let patterns = Encoding::projection(Projection::random(Map::Standardised)).convolutions(1).levels(4);
    let patterns = Trainer::new().dimension(64).encoding(patterns);
    let early =
        Trainer::new().dimension(512).encoding(Encoding::record().features(FeatureSet::EMG, 2)).early_exit(0.05);
    let planes = Encoding::projection(Projection::random(Map::Standardised)).ngram(1, 1);
    let filters = FrontEnd::new(50.0).high_pass(0.5).envelope(0.2).decimate(5);
    let early_planes = Trainer::new().dimension(256).encoding(planes).front_end(filters).early_exit(0.1);
    let clusters = Trainer::new().dimension(128).encoding(learned).method(Clusters::default());
    Ok(vec![
        ("stored", spar_trainer(1024, 1).calibrate(0.2), many.clone()),
        ("text", Trainer::new().dimension(512).encoding(Encoding::symbols(27)), licences()?),
        ("regenerated", Trainer::new().dimension(256).encoding(regenerated).seed(2), few),
        ("joined", joined, many.clone()),
        ("filtered", filtered, many.clone()),
        ("prototypes", clusters, many.clone()),
        ("integers", integers, many.clone()),
        ("ternary", Trainer::new().dimension(96).encoding(ternary), many.clone()),
        ("convolutions", patterns, many.clone()),
        ("early", early, many.clone()),
        ("early-planes", early_planes, many.clone()),
        ("table", table, many.clone()),
        ("table-of-steps", steps, many.clone()),
        ("learned", Trainer::new().dimension(96).encoding(Encoding::learned_record(Learn::memories())), many),
        ("rows", Trainer::new().dimension(2048).seed(3), rows),
    ])
}
