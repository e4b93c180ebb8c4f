//! The settings that the demo, the tests and the tables use.
//!
//! They were chosen by cross-validation inside the training subjects (spar) and inside the training files
//! (hdc-emg); the test sides were not used.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{Dataset, Scale, Source, Split, Trainer, leave_one_group_out};

/// The shipped recordings in windows of 4 s (200 steps) every 2 s.
pub(crate) fn spar() -> Result<Dataset> {
    Ok(hdc_datasets::load("spar", &Options { window: Some(200), hop: Some(100), ..Options::default() })?)
}

/// For six inertial channels at 50 Hz: 3-grams of steps 0.2 s apart.
pub(crate) fn spar_trainer(dimension: usize, seed: u64) -> Trainer {
    Trainer::new().dimension(dimension).levels(8).scale(Scale::Quantile).ngram(3, 10).seed(seed)
}

/// For four EMG envelopes, which are 0 most of the time: equal levels, 3-grams of steps 10 apart.
pub(crate) fn emg_trainer(dimension: usize, seed: u64) -> Trainer {
    Trainer::new().dimension(dimension).levels(16).scale(Scale::Uniform { clip: 0.01 }).ngram(3, 10).seed(seed)
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

/// A model of each kind that the firmware must run as the host does, with the samples that it runs on.
pub(crate) fn firmware_tests() -> Result<Vec<(&'static str, Trainer, Dataset)>> {
    let windows = spar()?;
    let few: Vec<usize> = (0..windows.len()).step_by(60).collect();
    let few = windows.subset(&few)?;
    let many: Vec<usize> = (0..windows.len()).step_by(4).collect();
    let many = windows.subset(&many)?;
    let rows = hdc_datasets::load("spar", &Options { window: Some(1), hop: Some(400), ..Options::default() })?;
    Ok(vec![
        ("stored", spar_trainer(1024, 1), many),
        ("regenerated", spar_trainer(256, 2).memories(Source::Regenerated), few),
        ("rows", Trainer::new().dimension(2048).seed(3), rows),
    ])
}
