//! Training beside torchhd, for `cargo xtask peers`: the same numbers, the same dimension, two threads each.
//!
//! Every set and method has a process of its own on either side, so that each has its own peak of memory. What is held out
//! for the accuracy is the later quarter of the training side; no test side is read.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use hdc_core::{Features, kernel};
use hdc_datasets::Options;
use hdc_train::{
    Centroid, Dataset, Encoded, Encoding, Evaluation, FeatureSet, Job, Margin, Method, Perceptron, Prototypes, Sample,
    Scale, Shape, Trainer, Values, by_time, given,
};

use crate::peers::lines;
use crate::tools;

const SETS: [&str; 3] = ["isolet", "mnist", "uci-emg"];
/// Samples of mnist, of which the peer holds 30 MB of hypervectors for a thousand.
const DIGITS: usize = 2000;
/// The multiple of 32 that stands beside the peer's 10,000 bits.
const DIMENSION: usize = 10_048;
const EPOCHS: usize = 20;

/// One round of all sets. The numbers are left in `target/training` for the peer.
pub(crate) fn round(python: &Path, round: u32) -> Result<Vec<String>> {
    let (folder, program) = (tools::root().join("target/training"), env::current_exe()?);
    let ours = |set: &str, method: &str| {
        let run = format!(r#""round":{round},"program":"training""#);
        lines(Command::new(&program).args(["training", set, method]), &run, 2)
    };
    let mut readings = Vec::new();
    for set in SETS {
        let (train, held_out) = match sides(set) {
            Ok(sides) => sides,
            Err(error) => {
                println!("left out: training on {set}: {error:#}");
                continue;
            }
        };
        let folder = folder.join(set);
        write(&folder.join("train"), &train)?;
        write(&folder.join("held_out"), &held_out)?;
        for method in ["centroid", "retrained", "margin"] {
            readings.extend(ours(set, method)?);
        }
        for method in ["centroid", "retrained"] {
            let mut peer = Command::new(python);
            peer.arg(tools::root().join("benches/peers/python/training.py"));
            peer.arg(&folder).args([set, &train.shape().len().to_string(), method, &EPOCHS.to_string()]);
            readings.extend(lines(&mut peer, &format!(r#""round":{round},"program":"python""#), 2)?);
        }
    }
    if readings.iter().any(|reading| reading.contains("mnist")) {
        readings.extend(ours("mnist-whole", "centroid")?);
    }
    Ok(readings)
}

/// Trains on one set with one method, and prints the readings.
pub(crate) fn run(set: &str, method: &str) -> Result<()> {
    let (train, held_out) = if set == "mnist-whole" { (whole_mnist()?, None) } else { some(sides(set)?) };
    let inner: Box<dyn Method> = match method {
        "centroid" => Box::new(Centroid),
        "retrained" => Box::new(Perceptron { epochs: EPOCHS }),
        "margin" => Box::new(Margin { epochs: EPOCHS, ..Margin::default() }),
        _ => bail!("no such method: `{method}`"),
    };
    let timed = Arc::new(Timed { inner, seconds: Mutex::new(Vec::new()) });
    let encoding = Encoding::record().scale(Scale::Uniform { clip: 0.0 });
    let trainer = Trainer::new().dimension(DIMENSION).encoding(encoding).method(Shared(timed.clone()));
    let (mut seconds, begin) = (Vec::new(), Instant::now());
    let model = loop {
        let start = Instant::now();
        let model = trainer.fit(&train)?;
        seconds.push(start.elapsed().as_secs_f64());
        if seconds.len() == 5 || begin.elapsed().as_secs() >= 4 {
            break model;
        }
    };
    let memory = peak()?;
    let accuracy = held_out.map(|held_out| Evaluation::of(&model.view(), &held_out)).transpose()?;
    let accuracy = accuracy.map_or("null".to_owned(), |evaluation| format!("{:.4}", evaluation.accuracy()));
    let engine = format!("hdc {:?}", kernel::backend()).to_lowercase();
    let encoded = timed.seconds.lock().unwrap_or_else(PoisonError::into_inner);
    for (what, seconds) in [("", &seconds), (", encoded", &*encoded)] {
        let mut sorted = seconds.clone();
        sorted.sort_by(f64::total_cmp);
        println!(
            r#"{{"work":"training, {method}{what}: {set}","engine":"{engine}","D":{DIMENSION},"N":{},"median_ns":{:.0},"min":{:.0},"megabytes":{memory:.0},"accuracy":{accuracy}}}"#,
            train.len(),
            sorted[sorted.len() / 2] * 1e9,
            sorted[0] * 1e9,
        );
    }
    Ok(())
}

fn some((train, held_out): (Dataset, Dataset)) -> (Dataset, Option<Dataset>) {
    (train, Some(held_out))
}

/// A method that notes how long it takes by itself.
struct Timed {
    inner: Box<dyn Method>,
    seconds: Mutex<Vec<f64>>,
}

#[derive(Clone)]
struct Shared(Arc<Timed>);

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.inner.fmt(f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.inner, f)
    }
}

impl Method for Shared {
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes {
        let start = Instant::now();
        let prototypes = self.0.inner.train(samples, job);
        let mut seconds = self.0.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        seconds.push(start.elapsed().as_secs_f64());
        prototypes
    }
}

/// The training side of mnist.
fn whole_mnist() -> Result<Dataset> {
    let data = hdc_datasets::load("mnist", &Options::default())?;
    let train = given(&data)?.train;
    Ok(data.into_subset(&train)?)
}

/// Feature rows to train on, and those that are held out.
fn sides(set: &str) -> Result<(Dataset, Dataset)> {
    let spec = if set == "uci-emg" { "uci-emg:subject=3" } else { set };
    let data = hdc_datasets::load(spec, &Options::default())?;
    let mut train = given(&data)?.train;
    if set == "mnist" {
        train.truncate(DIGITS);
    }
    let train = rows(&data.into_subset(&train)?)?;
    let split = by_time(&train, 0.75)?;
    Ok((train.subset(&split.train)?, train.subset(&split.test)?))
}

/// Samples as rows of `f32`; windows as the logarithms of their EMG features.
fn rows(data: &Dataset) -> Result<Dataset> {
    let Shape { steps, channels } = data.shape();
    let features = Features { set: FeatureSet::EMG, parts: 1, steps, channels, scale: [] };
    let mut numbers = Vec::new();
    for index in 0..data.len() {
        match data.sample(index) {
            Sample::F32(sample) => numbers.extend_from_slice(sample),
            Sample::I16(sample) if steps == 1 => numbers.extend(sample.iter().copied().map(f32::from)),
            Sample::I16(sample) => {
                let mut row = vec![0; features.len()];
                features.measure_into(sample, &mut row).ok().context("integers are finite")?;
                numbers.extend(row.iter().map(|feature| (feature.cast_signed() as f32).abs().ln_1p()));
            }
        }
    }
    let shape = Shape { steps: 1, channels: numbers.len() / data.len() };
    let groups = (data.groups().to_vec(), data.group_of().to_vec());
    let rows = Dataset::new(data.name(), shape, Values::F32(numbers), data.classes().to_vec(), data.labels().to_vec())?;
    Ok(rows.with_groups(groups.0, groups.1)?)
}

/// Writes the numbers as little-endian `f32`, and the classes, a byte each.
fn write(path: &Path, data: &Dataset) -> Result<()> {
    let Values::F32(values) = data.values() else { bail!("rows are of `f32`") };
    let beside = |end: &str| -> PathBuf { path.with_extension(end) };
    fs::create_dir_all(path.parent().context("a file in a folder")?)?;
    fs::write(beside("f32"), values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())?;
    let labels = data.labels().iter().map(|&label| u8::try_from(label)).collect::<Result<Vec<_>, _>>()?;
    Ok(fs::write(beside("u8"), labels)?)
}

/// The most memory that this process has had, in MB.
fn peak() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0 / 1e6)
}
