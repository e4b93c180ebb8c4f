//! `hdc inspect`.

use std::path::PathBuf;

use clap::Args;
use hdc_train::{Cost, EncoderSpec, Feature, FrontEndSpec, InputSpec, Model, ModelBuf, Source, SpatialSpec, Target};
use serde::Serialize;

use crate::common::{self, thousands};

const EXAMPLES: &str = "\
Examples:
  hdc inspect watch.hdc
  hdc inspect watch.hdc --json
  hdc inspect watch.hdc --target cortex-m4";

/// Shows what is in a model file and what it needs on a chip
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Command {
    /// The model file
    #[arg(value_name = "M.hdc")]
    model: PathBuf,
    /// Say what it takes on a chip: `cortex-m0+`, `cortex-m4` or `riscv32`
    #[arg(long, value_name = "CHIP")]
    target: Option<Target>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    model: String,
    format: u16,
    model_bytes: usize,
    /// Working memory of one classification.
    scratch_bytes: usize,
    dimension: usize,
    steps: u32,
    channels: u32,
    values: &'static str,
    /// What samples go through before they are encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    front_end: Option<FrontEnd>,
    encoders: Vec<Encoder>,
    /// Features of hdc-embedded that a firmware needs.
    needs: Vec<&'static str>,
    prototypes: u32,
    labels: Vec<&'a str>,
    provenance: Provenance<'a>,
    /// Bytes of header and metadata, with what aligns the rows.
    header_bytes: usize,
    class_bytes: usize,
    /// The share that a calibrated model rejects of what it would have named rightly.
    #[serde(skip_serializing_if = "Option::is_none")]
    false_rejects: Option<f32>,
    calibration_bytes: usize,
    /// The stages of an early exit before that of all dimensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    early_exit: Vec<Stage>,
    /// None where a table stands for the class hypervectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    class_distances: Option<Distances<'a>>,
    /// What it takes on the chip that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<OnChip>,
}

/// A stage of an early exit.
#[derive(Serialize)]
struct Stage {
    dimension: usize,
    /// The least margin at which it answers, in bits.
    margin: u32,
}

/// A cost on a chip, in bytes and instructions.
#[derive(Serialize)]
struct OnChip {
    target: String,
    flash_bytes: u64,
    ram_bytes: u64,
    instructions: u64,
}

#[derive(Serialize)]
struct FrontEnd {
    /// Biquads of each channel.
    sections: u32,
    /// The time constant of the envelope in steps; 0 without one.
    envelope: u32,
    decimation: u32,
    /// Results are multiplied by two to the power of that.
    gain: u32,
    /// Bytes of its rows in the file.
    bytes: usize,
}

/// One of the encoders whose hypervectors are joined.
#[derive(Serialize)]
struct Encoder {
    dimension: u32,
    input: Input,
    levels: u32,
    spatial: Spatial,
    tie: String,
    /// Bytes of its rows in the file.
    bytes: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Input {
    Steps { order: u16, stride: u16 },
    Sequence { order: u16, stride: u16 },
    Whole,
    Features { set: Vec<&'static str>, parts: u32 },
    Convolutions { dilations: u32 },
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Spatial {
    Record { seed: u64, items: &'static str, level_rows: &'static str },
    LearnedRecord,
    Projection,
    Ternary,
    Symbol { seed: u64, symbols: &'static str },
    IntegerRecord { seed: u64, items: &'static str, level_rows: &'static str },
    Table { entry_bits: u8 },
}

#[derive(Serialize)]
struct Provenance<'a> {
    data: &'a str,
    samples: u32,
    method: &'a str,
    train_accuracy: f32,
    library: &'a str,
}

/// Hamming distances between the class hypervectors, in bits.
#[derive(Serialize)]
struct Distances<'a> {
    min: u32,
    mean: f64,
    nearest: [&'a str; 2],
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        let file = ModelBuf::open(&self.model)?;
        let (model, bytes) = (file.view(), file.as_bytes());
        let metadata = model.metadata();
        let encoders: Vec<Encoder> = model
            .encoders()
            .map(|encoder| Encoder::new(&encoder.spec(), encoder.sections().iter().map(|rows| rows.len() * 4).sum()))
            .collect();
        let class_bytes = model.classes().len() * metadata.prototypes as usize * metadata.dimension() / 8;
        let calibration = metadata.calibration;
        let calibration_bytes = calibration.map_or(0, |spec| 4 * (model.labels().count() + spec.steps as usize));
        let front_end =
            model.front_end().map(|front_end| FrontEnd::new(front_end.spec(), front_end.sections.len() * 4));
        let rows = front_end.as_ref().map_or(0, |front_end| front_end.bytes);
        let early_exit = stages(&model);
        let rows = rows + 4 * early_exit.len();
        let rows = rows + class_bytes + calibration_bytes + encoders.iter().map(|encoder| encoder.bytes).sum::<usize>();
        let provenance = metadata.provenance;
        let report = Report {
            model: self.model.display().to_string(),
            format: model.format(),
            model_bytes: bytes.len(),
            scratch_bytes: model.scratch_words() * 4,
            dimension: metadata.dimension(),
            steps: metadata.steps,
            channels: metadata.channels,
            values: if metadata.float { "f32" } else { "i16" },
            front_end,
            encoders,
            needs: Cost::needs(&model),
            prototypes: metadata.prototypes,
            labels: model.labels().collect(),
            provenance: Provenance {
                data: provenance.data,
                samples: provenance.samples,
                method: provenance.method,
                train_accuracy: provenance.train_accuracy,
                library: provenance.library,
            },
            header_bytes: bytes.len() - rows,
            class_bytes,
            false_rejects: calibration.map(|spec| spec.false_rejects),
            calibration_bytes,
            early_exit,
            class_distances: distances(&model),
            cost: self.target.map(|target| OnChip::new(&model, target)),
        };
        if self.json { common::json(&report) } else { Ok(report.text()) }
    }
}

impl FrontEnd {
    fn new(spec: FrontEndSpec, bytes: usize) -> Self {
        let FrontEndSpec { sections, envelope, decimation, gain } = spec;
        Self { sections, envelope, decimation, gain, bytes }
    }

    fn text(&self) -> String {
        let envelope = match self.envelope {
            0 => "no envelope".into(),
            steps => format!("envelope of {steps} steps"),
        };
        let Self { sections, decimation, .. } = self;
        format!("{sections} biquads, {envelope}, 1 of {decimation} steps, times {}", 1_u32 << self.gain)
    }
}

impl OnChip {
    fn new(model: &Model<'_>, target: Target) -> Self {
        let Cost { flash, ram, instructions, .. } = Cost::of(model, target);
        Self { target: target.to_string(), flash_bytes: flash, ram_bytes: ram, instructions }
    }

    fn text(&self) -> String {
        let [flash, ram, instructions] =
            [self.flash_bytes, self.ram_bytes, self.instructions].map(|number| thousands(number as usize));
        format!("{flash} bytes of flash and {ram} of RAM with code and stack, about {instructions} instructions")
    }
}

impl Encoder {
    fn new(spec: &EncoderSpec, bytes: usize) -> Self {
        let source = |source| match source {
            Source::Stored => "stored",
            Source::Regenerated => "regenerated",
        };
        let input = match spec.input {
            InputSpec::Steps(ngram) => Input::Steps { order: ngram.order, stride: ngram.stride },
            InputSpec::Sequence(ngram) => Input::Sequence { order: ngram.order, stride: ngram.stride },
            InputSpec::Whole => Input::Whole,
            InputSpec::Features { set, parts } => {
                Input::Features { set: set.iter().map(Feature::name).collect(), parts }
            }
            InputSpec::Convolutions { dilations } => Input::Convolutions { dilations },
        };
        let spatial = match spec.spatial {
            SpatialSpec::Record { seed, items, level_rows } => {
                Spatial::Record { seed, items: source(items), level_rows: source(level_rows) }
            }
            SpatialSpec::LearnedRecord => Spatial::LearnedRecord,
            SpatialSpec::IntegerRecord { seed, items, level_rows } => {
                Spatial::IntegerRecord { seed, items: source(items), level_rows: source(level_rows) }
            }
            SpatialSpec::Table { wide } => Spatial::Table { entry_bits: if wide { 16 } else { 8 } },
            SpatialSpec::Projection => Spatial::Projection,
            SpatialSpec::Ternary => Spatial::Ternary,
            SpatialSpec::Symbol { seed, symbols } => Spatial::Symbol { seed, symbols: source(symbols) },
        };
        let tie = format!("{:?}", spec.tie).to_lowercase();
        Self { dimension: spec.dimension, input, levels: spec.levels, spatial, tie, bytes }
    }

    fn text(&self) -> String {
        let input = match &self.input {
            Input::Steps { order: 1, .. } | Input::Sequence { order: 1, .. } => "every step by itself".into(),
            Input::Steps { order, stride } | Input::Sequence { order, stride } => {
                format!("{order}-grams of steps {stride} apart")
            }
            Input::Whole => "the whole sample".into(),
            Input::Features { set, parts: 1 } => format!("{} of the window", set.join(", ")),
            Input::Features { set, parts } => format!("{} of {parts} parts of the window", set.join(", ")),
            Input::Convolutions { dilations } => format!("convolutions of the window, {dilations} dilation(s)"),
        };
        let spatial = match &self.spatial {
            Spatial::Record { seed, items, level_rows } => {
                format!("record, items {items}, levels {level_rows}, seed {seed}, ties {}", self.tie)
            }
            Spatial::LearnedRecord => "record, learned".into(),
            Spatial::IntegerRecord { seed, items, level_rows } => {
                format!("record of integers, items {items}, levels {level_rows}, seed {seed}, ties {}", self.tie)
            }
            Spatial::Table { entry_bits } => {
                format!("record of integers as a table of distances, of {entry_bits} bits each")
            }
            Spatial::Projection => "projection".into(),
            Spatial::Ternary => "ternary projection".into(),
            Spatial::Symbol { seed, symbols } => format!("symbols {symbols}, seed {seed}, ties {}", self.tie),
        };
        format!("{} bits, {input}, {} levels, {spatial}", self.dimension, self.levels)
    }
}

fn stages(model: &Model<'_>) -> Vec<Stage> {
    let Some(early_exit) = model.early_exit() else { return Vec::new() };
    let stages = early_exit.stages(model.words()).take(early_exit.margins.len());
    stages.map(|(words, margin)| Stage { dimension: words * 32, margin }).collect()
}

fn percent(share: f32) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn distances<'a>(model: &Model<'a>) -> Option<Distances<'a>> {
    let memory = model.classes();
    let from = |class: usize| {
        let row = memory.row(class).unwrap_or(&[]);
        memory.distances(row).enumerate().skip(class + 1).map(move |(other, distance)| (distance, class, other))
    };
    let pairs: Vec<(u32, usize, usize)> = (0..memory.len()).flat_map(|class| from(class).collect::<Vec<_>>()).collect();
    // A model has at least two classes, so there is a pair where it has their hypervectors.
    let &(min, one, other) = pairs.iter().min()?;
    let mean = pairs.iter().map(|pair| f64::from(pair.0)).sum::<f64>() / pairs.len() as f64;
    Some(Distances { min, mean, nearest: [one, other].map(|class| model.label(class).unwrap_or_default()) })
}

impl Report<'_> {
    fn early_exit_text(&self) -> String {
        let stages = self.early_exit.iter().map(|stage| format!("{} at {} bits", stage.margin, stage.dimension));
        match self.early_exit[..] {
            [] => "none".into(),
            _ => format!("from a margin of {}", stages.collect::<Vec<_>>().join(", ")),
        }
    }

    fn text(&self) -> String {
        let provenance = &self.provenance;
        let bytes = |bytes: usize| format!("{} bytes", thousands(bytes));
        let mut lines = vec![
            ("file", format!("{}, format {}, {}", self.model, self.format, bytes(self.model_bytes))),
            ("  header", bytes(self.header_bytes)),
            ("  encoder", bytes(self.encoders.iter().map(|encoder| encoder.bytes).sum())),
            ("  classes", bytes(self.class_bytes)),
            ("RAM on the chip", format!("{} for one classification", bytes(self.scratch_bytes))),
            ("dimension", format!("{} bits", self.dimension)),
            ("sample", format!("{} x {} (steps x channels) of {}", self.steps, self.channels, self.values)),
        ];
        lines.extend(self.front_end.iter().map(|front_end| ("front end", front_end.text())));
        lines.extend(self.encoders.iter().map(|encoder| ("encoder", encoder.text())));
        let needs: Vec<String> = self.needs.iter().map(|name| format!("\"{name}\"")).collect();
        lines.push(("firmware", format!("default-features = false, features = [{}]", needs.join(", "))));
        lines.push(("labels", format!("{}: {}", self.labels.len(), self.labels.join(", "))));
        lines.extend(self.class_distances.iter().map(|distances| {
            let nearest = distances.nearest.join(" and ");
            ("class distances", format!("min {} ({nearest}), mean {:.1} bits", distances.min, distances.mean))
        }));
        lines.extend([
            ("learned from", format!("{}, {} samples", provenance.data, thousands(provenance.samples as usize))),
            ("method", provenance.method.into()),
            ("training accuracy", common::share(provenance.train_accuracy)),
            (
                "calibration",
                match self.false_rejects {
                    Some(share) => format!("{} false rejects, {}", percent(share), bytes(self.calibration_bytes)),
                    None => "none".into(),
                },
            ),
            ("early exit", self.early_exit_text()),
            ("written by", provenance.library.into()),
        ]);
        lines.extend(self.cost.iter().map(|cost| (&*cost.target, cost.text())));
        common::pairs(&lines)
    }
}
