//! `hdc reduce`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use hdc_train::reduce::{order, retrain, truncate};
use hdc_train::{Margin, ModelBuf, Part};
use serde::Serialize;

use crate::common::{self, DATA_HELP, Reading, thousands};
use crate::progress::Display;

const EXAMPLES: &str = "\
Examples:
  hdc train wisdm --out big.hdc --dim 1024
  hdc reduce big.hdc wisdm --dim 128 --out small.hdc
  hdc eval small.hdc wisdm";

/// Makes a smaller model of the most useful dimensions of a model
///
/// The dimensions that tell the classes of the training rows apart best are kept, and the classes are trained again. For
/// models of one encoder without n-grams, of record encoding above all: 64 chosen bits are worth more than 64 random ones.
#[derive(Args)]
#[command(after_help = format!("{DATA_HELP}\nThe training rows are used, if the data is split.\n\n{EXAMPLES}"))]
pub(crate) struct Command {
    /// The model file
    #[arg(value_name = "M.hdc")]
    model: PathBuf,
    /// What the model was trained on: a data set's name, a .csv or a .ts file
    data: String,
    /// Dimension to keep: bits in a hypervector, a multiple of 32
    #[arg(long, value_name = "BITS")]
    dim: usize,
    /// The model file to write
    #[arg(long, value_name = "M.hdc")]
    out: PathBuf,
    /// Seed of the order in which samples train the classes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    model: String,
    dimension_before: usize,
    dimension: usize,
    bytes_before: usize,
    model_bytes: usize,
    train_accuracy: f32,
    seconds: f64,
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        let inputs = [Some(Path::new(&self.data)), self.reading.test.as_deref()];
        common::check_output(&self.out, &inputs)?;
        let whole = ModelBuf::open(&self.model)?;
        let view = whole.view();
        // What cannot be reduced is refused before anything is read.
        truncate(&view, self.dim).with_context(|| self.model.display().to_string())?;
        let data = hdc_datasets::load(&self.data, &self.reading.options_for(&self.data, &view))?;
        let part = data.parts().map(|_| Part::Train);
        let data = common::select(data, part)?;
        let (display, start) = (Display::new(), Instant::now());
        let part = truncate(&order(&view, &data)?.view(), self.dim)?;
        let model = retrain(&part.view(), &data, &Margin::default(), self.seed, &|progress| display.stage(progress))?;
        display.finish();
        model.save(&self.out).with_context(|| format!("cannot write {}", self.out.display()))?;
        let report = Report {
            model: self.out.display().to_string(),
            dimension_before: view.metadata().dimension(),
            dimension: self.dim,
            bytes_before: whole.as_bytes().len(),
            model_bytes: model.as_bytes().len(),
            train_accuracy: model.view().metadata().provenance.train_accuracy,
            seconds: start.elapsed().as_secs_f64(),
        };
        if self.json { common::json(&report) } else { Ok(report.text()) }
    }
}

impl Report {
    fn text(&self) -> String {
        let before =
            |now: usize, before: usize, unit: &str| format!("{} {unit}, of {}", thousands(now), thousands(before));
        common::pairs(&[
            ("model", self.model.clone()),
            ("dimension", before(self.dimension, self.dimension_before, "bits")),
            ("size", before(self.model_bytes, self.bytes_before, "bytes")),
            ("training accuracy", common::share(self.train_accuracy)),
            ("time", format!("{:.1} s", self.seconds)),
        ])
    }
}
