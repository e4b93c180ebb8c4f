//! The settings that the demo, the tests and the tables use.
//!
//! They were chosen by cross-validation inside the training subjects (spar), inside the training files (hdc-emg), and
//! with one half of the training series against the other (uci-emg); the test sides were not used.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{
    Clusters, Dataset, Encoding, FeatureSet, Map, Projection, Scale, Shape, Source, Split, Trainer, Values,
    leave_one_group_out,
};

/// The shipped recordings in windows of 4 s (200 steps) every 2 s.
pub(crate) fn spar() -> Result<Dataset> {
    Ok(hdc_datasets::load("spar", &Options { window: Some(200), hop: Some(100), ..Options::default() })?)
}

fn spar_encoding() -> Encoding {
    Encoding::record().levels(8).ngram(3, 10)
}

/// For six inertial channels at 50 Hz: 3-grams of steps 0.2 s apart.
pub(crate) fn spar_trainer(dimension: usize, seed: u64) -> Trainer {
    Trainer::new().dimension(dimension).encoding(spar_encoding()).seed(seed)
}

/// For four EMG envelopes, which are 0 most of the time: equal levels, 3-grams of steps 10 apart.
pub(crate) fn emg_trainer(dimension: usize, seed: u64) -> Trainer {
    let encoding = Encoding::record().levels(16).scale(Scale::Uniform { clip: 0.01 }).ngram(3, 10);
    Trainer::new().dimension(dimension).encoding(encoding).seed(seed)
}

/// For eight raw EMG channels: hyperplanes learned in the whitened space of the features of a window.
pub(crate) fn raw_emg_trainer(dimension: usize, seed: u64) -> Trainer {
    let encoding = Encoding::projection(Projection::learned(Map::Whitened)).features(FeatureSet::EMG, 1);
    Trainer::new().dimension(dimension).encoding(encoding.scale(Scale::Logarithmic)).seed(seed)
}

/// The last three subjects against all others.
pub(crate) fn last_subjects(data: &Dataset) -> Result<Split> {
    let splits = leave_one_group_out(data)?;
    let held_out = splits.iter().rev().take(3);
    let mut test: Vec<usize> = held_out.flat_map(|split| split.test.iter().copied()).collect();
    test.sort_unstable();
    let train = (0..data.len()).filter(|index| test.binary_search(index).is_err()).collect();
    Ok(Split { name: "the last three subjects".into(), train, test })
}

/// The letters of both licences, 63 a window.
fn licences() -> Result<Dataset> {
    let texts = [include_str!("../../LICENSE-MIT"), include_str!("../../LICENSE-APACHE")];
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
pub(crate) fn firmware_tests() -> Result<Vec<(&'static str, Trainer, Dataset)>> {
    let windows = spar()?;
    let few: Vec<usize> = (0..windows.len()).step_by(60).collect();
    let few = windows.subset(&few)?;
    let many: Vec<usize> = (0..windows.len()).step_by(4).collect();
    let many = windows.subset(&many)?;
    let rows = hdc_datasets::load("spar", &Options { window: Some(1), hop: Some(400), ..Options::default() })?;
    let regenerated = spar_encoding().memories(Source::Regenerated);
    let features = Encoding::projection(Projection::random(Map::Whitened)).features(FeatureSet::MOTION, 2);
    let joined = Trainer::new().dimension(512).encoding(features).join(spar_encoding(), 256);
    let learned = Encoding::projection(Projection::learned(Map::Whitened)).features(FeatureSet::EMG, 1);
    let clusters = Trainer::new().dimension(128).encoding(learned).method(Clusters::default());
    Ok(vec![
        ("stored", spar_trainer(1024, 1).calibrate(0.2), many.clone()),
        ("text", Trainer::new().dimension(512).encoding(Encoding::symbols(27)), licences()?),
        ("regenerated", Trainer::new().dimension(256).encoding(regenerated).seed(2), few),
        ("joined", joined, many.clone()),
        ("prototypes", clusters, many),
        ("rows", Trainer::new().dimension(2048).seed(3), rows),
    ])
}
