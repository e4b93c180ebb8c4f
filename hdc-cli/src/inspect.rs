//! `hdc inspect`.

use std::path::PathBuf;

use clap::Args;
use hdc_train::{Model, ModelBuf, Source};
use serde::Serialize;

use crate::common::{self, thousands};

const EXAMPLES: &str = "\
Examples:
  hdc inspect watch.hdc
  hdc inspect watch.hdc --json";

/// Shows what is in a model file and what it needs on a chip
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Command {
    /// The model file
    #[arg(value_name = "M.hdc")]
    model: PathBuf,
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
    dimension: u32,
    steps: u32,
    channels: u32,
    values: &'static str,
    levels: u32,
    seed: u64,
    items: &'static str,
    level_rows: &'static str,
    ngram: Ngram,
    tie: String,
    labels: Vec<&'a str>,
    provenance: Provenance<'a>,
    sections: Sections,
    class_distances: Distances<'a>,
}

#[derive(Serialize)]
struct Ngram {
    order: u16,
    stride: u16,
}

#[derive(Serialize)]
struct Provenance<'a> {
    data: &'a str,
    samples: u32,
    method: &'a str,
    train_accuracy: f32,
    library: &'a str,
}

/// Bytes of every part of the file.
#[derive(Serialize)]
struct Sections {
    /// Header and metadata, with what aligns the rows.
    header: usize,
    thresholds: usize,
    items: usize,
    levels: usize,
    classes: usize,
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
        let source = |source| match source {
            Source::Stored => "stored",
            Source::Regenerated => "regenerated",
        };
        let provenance = metadata.provenance;
        let report = Report {
            model: self.model.display().to_string(),
            // A file that opened has at least a header.
            format: u16::from_le_bytes([bytes[4], bytes[5]]),
            model_bytes: bytes.len(),
            scratch_bytes: model.scratch_words() * 4,
            dimension: metadata.dimension,
            steps: metadata.steps,
            channels: metadata.channels,
            values: if metadata.float { "f32" } else { "i16" },
            levels: metadata.levels,
            seed: metadata.seed,
            items: source(metadata.items),
            level_rows: source(metadata.level_rows),
            ngram: Ngram { order: metadata.ngram.order, stride: metadata.ngram.stride },
            tie: format!("{:?}", metadata.tie).to_lowercase(),
            labels: model.labels().collect(),
            provenance: Provenance {
                data: provenance.data,
                samples: provenance.samples,
                method: provenance.method,
                train_accuracy: provenance.train_accuracy,
                library: provenance.library,
            },
            sections: sections(&model, bytes.len()),
            class_distances: distances(&model),
        };
        if self.json { common::json(&report) } else { Ok(report.text()) }
    }
}

fn sections(model: &Model<'_>, bytes: usize) -> Sections {
    let metadata = model.metadata();
    let rows = |rows: u32| rows as usize * metadata.dimension as usize / 8;
    let stored = |source, count| if source == Source::Stored { rows(count) } else { 0 };
    let thresholds = metadata.channels as usize * (metadata.levels as usize - 1) * 4;
    let items = stored(metadata.items, metadata.channels);
    let levels = stored(metadata.level_rows, metadata.levels);
    let classes = rows(model.classes().len() as u32);
    Sections { header: bytes - thresholds - items - levels - classes, thresholds, items, levels, classes }
}

fn distances<'a>(model: &Model<'a>) -> Distances<'a> {
    let memory = model.classes();
    let from = |class: usize| {
        let row = memory.row(class).unwrap_or(&[]);
        memory.distances(row).enumerate().skip(class + 1).map(move |(other, distance)| (distance, class, other))
    };
    let pairs: Vec<(u32, usize, usize)> = (0..memory.len()).flat_map(|class| from(class).collect::<Vec<_>>()).collect();
    // A model has at least two classes, so there is a pair.
    let &(min, one, other) = pairs.iter().min().unwrap_or(&(0, 0, 0));
    let mean = pairs.iter().map(|pair| f64::from(pair.0)).sum::<f64>() / pairs.len() as f64;
    Distances { min, mean, nearest: [one, other].map(|class| model.label(class).unwrap_or_default()) }
}

impl Report<'_> {
    fn text(&self) -> String {
        let Self { ngram, provenance, sections, class_distances: distances, .. } = self;
        let bytes = |bytes: usize| format!("{} bytes", thousands(bytes));
        let lines = [
            ("file", format!("{}, format {}, {}", self.model, self.format, bytes(self.model_bytes))),
            ("  header", bytes(sections.header)),
            ("  thresholds", bytes(sections.thresholds)),
            ("  item memory", format!("{} ({})", bytes(sections.items), self.items)),
            ("  level memory", format!("{} ({})", bytes(sections.levels), self.level_rows)),
            ("  classes", bytes(sections.classes)),
            ("RAM on the chip", format!("{} for one classification", bytes(self.scratch_bytes))),
            ("dimension", format!("{} bits", self.dimension)),
            ("sample", format!("{} x {} (steps x channels) of {}", self.steps, self.channels, self.values)),
            ("levels", self.levels.to_string()),
            ("n-gram", format!("order {}, stride {}", ngram.order, ngram.stride)),
            ("majority ties", self.tie.clone()),
            ("seed", self.seed.to_string()),
            ("labels", format!("{}: {}", self.labels.len(), self.labels.join(", "))),
            (
                "class distances",
                format!("min {} ({}), mean {:.1} bits", distances.min, distances.nearest.join(" and "), distances.mean),
            ),
            ("learned from", format!("{}, {} samples", provenance.data, thousands(provenance.samples as usize))),
            ("method", provenance.method.into()),
            ("training accuracy", format!("{:.3}", provenance.train_accuracy)),
            ("written by", provenance.library.into()),
        ];
        common::pairs(&lines)
    }
}
