//! `hdc train`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum, value_parser};
use hdc_train::{Dataset, ModelBuf, Ngram, Part, Retrain, Scale, Source, Trainer};
use serde::Serialize;

use crate::common::{self, DATA_HELP, Reading, thousands};
use crate::progress::Display;

const EXAMPLES: &str = "\
Examples:
  hdc train spar --out watch.hdc
  hdc train mine.csv --out mine.hdc --dim 4096 --epochs 50
  hdc train log.csv --series recording --window 100 --hop 50 --out log.hdc
  hdc train Basic_TRAIN.ts --test Basic_TEST.ts --out basic.hdc --order 5";

/// Trains a model and writes it to a file
///
/// Every value is quantised to one of a few levels and becomes a hypervector: a long row of bits. A class is
/// the majority of its samples, corrected where it misclassifies them. The same data, options and seed give
/// the same file, byte for byte.
#[derive(Args)]
#[command(after_help = format!("{DATA_HELP}\n\n{EXAMPLES}"))]
pub(crate) struct Command {
    /// What to learn from: a data set's name, a .csv or a .ts file
    data: String,
    /// The model file to write; an older one is replaced only when all went well
    #[arg(long, value_name = "M.hdc")]
    out: PathBuf,
    /// `record` looks at the values of a time step, `ngram` also at their order in time
    /// [default: record for feature rows, ngram for windows]
    #[arg(long)]
    encoder: Option<Encoder>,
    /// Dimension: bits in a hypervector, a multiple of 32. More is more accurate, larger and slower
    #[arg(long, value_name = "BITS", default_value_t = 2048)]
    dim: usize,
    /// Levels that a value is quantised to
    #[arg(long, value_name = "M", default_value_t = 16)]
    levels: usize,
    /// How the levels are spread: at equal distances, or with equally many values in each
    #[arg(long, default_value = "quantile")]
    scale: Spacing,
    /// Share of the values cut off at each end as outliers, for `--scale uniform` [default: 0.01]
    #[arg(long, value_name = "SHARE")]
    clip: Option<f32>,
    /// Time steps that an n-gram binds together [default: 3]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    order: Option<u16>,
    /// Distance of those steps [default: so that three of them reach over a tenth of the window]
    #[arg(long, value_name = "STEPS", value_parser = value_parser!(u16).range(1..))]
    stride: Option<u16>,
    /// Seed of the random hypervectors and of the order of the samples
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Passes over the training samples in which mistakes are corrected
    #[arg(long, default_value_t = 20)]
    epochs: usize,
    /// Memories in the file (fast), or regenerated on the chip from the seed (a small file)
    #[arg(long, default_value = "stored")]
    memories: Memories,
    #[command(flatten)]
    reading: Reading,
    /// The rows to train on [default: train if the data is split, else all]
    #[arg(long)]
    split: Option<Split>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Encoder {
    Record,
    Ngram,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Spacing {
    Uniform,
    Quantile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Memories {
    Stored,
    Regenerated,
}

#[derive(Clone, Copy, ValueEnum)]
enum Split {
    Train,
    All,
}

#[derive(Serialize)]
struct Report<'a> {
    model: String,
    data: &'a str,
    samples: usize,
    steps: usize,
    channels: usize,
    classes: &'a [String],
    dimension: usize,
    model_bytes: usize,
    train_accuracy: f32,
    seconds: f64,
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        self.check_output()?;
        let data = hdc_datasets::load(&self.data, &self.reading.options())?;
        let part = match self.split {
            None => data.parts().map(|_| Part::Train),
            Some(Split::Train) => Some(Part::Train),
            Some(Split::All) => None,
        };
        let unseen = part.is_some() && data.parts().is_some_and(|parts| parts.contains(&Part::Test));
        let data = common::select(data, part)?;
        let trainer = self.trainer(data.shape().steps)?;
        let (display, start) = (Display::new(), Instant::now());
        let model = trainer.fit_with(&data, &|progress| display.stage(progress))?;
        let seconds = start.elapsed().as_secs_f64();
        display.finish();
        model.save(&self.out).with_context(|| format!("cannot write {}", self.out.display()))?;
        self.report(&data, &model, seconds, unseen)
    }

    /// Refuses what could only fail after the training, so that no time is lost.
    fn check_output(&self) -> anyhow::Result<()> {
        let out = &self.out;
        if let Ok(there) = fs::metadata(out) {
            ensure!(there.is_file(), "{} is not a file: choose another name for --out", out.display());
            let same = |input: &Path| matches!((input.canonicalize(), out.canonicalize()), (Ok(a), Ok(b)) if a == b);
            let is_input = same(Path::new(&self.data)) || self.reading.test.as_deref().is_some_and(same);
            ensure!(!is_input, "--out {} would replace the data: choose another name", out.display());
        }
        ensure!(out.file_name().is_some(), "--out {} names no file: add a name", out.display());
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // What saving will do. The file disappears again.
        tempfile::NamedTempFile::new_in(folder).with_context(|| {
            format!("the folder `{}` of --out cannot be written into, create it or choose another", folder.display())
        })?;
        Ok(())
    }

    fn trainer(&self, steps: usize) -> anyhow::Result<Trainer> {
        let ngram = self.ngram(steps)?;
        let scale = match (self.scale, self.clip) {
            (Spacing::Uniform, clip) => Scale::Uniform { clip: clip.unwrap_or(0.01) },
            (Spacing::Quantile, None) => Scale::Quantile,
            (Spacing::Quantile, Some(_)) => bail!("--clip belongs to --scale uniform: add that, or leave out --clip"),
        };
        let memories = match self.memories {
            Memories::Stored => Source::Stored,
            Memories::Regenerated => Source::Regenerated,
        };
        let trainer =
            Trainer::new().dimension(self.dim).levels(self.levels).scale(scale).ngram(ngram.order, ngram.stride);
        Ok(trainer.seed(self.seed).retrain(Retrain { epochs: self.epochs, ..Retrain::default() }).memories(memories))
    }

    /// The n-gram for windows of `steps` time steps.
    fn ngram(&self, steps: usize) -> anyhow::Result<Ngram> {
        let usual = Ngram::spread(steps);
        let given = self.order.is_some() || self.stride.is_some();
        match self.encoder {
            Some(Encoder::Record) if given => {
                bail!("--order and --stride belong to --encoder ngram: leave them out, or choose that encoder")
            }
            None | Some(Encoder::Ngram) if steps == 1 && (given || self.encoder.is_some()) => {
                bail!(
                    "feature rows have no time steps for n-grams: leave out --encoder ngram, --order and --stride, \
                     or read the rows as recordings with --series, --window and --hop"
                )
            }
            Some(Encoder::Record) => Ok(Ngram::NONE),
            _ => Ok(Ngram { order: self.order.unwrap_or(usual.order), stride: self.stride.unwrap_or(usual.stride) }),
        }
    }

    fn report(&self, data: &Dataset, model: &ModelBuf, seconds: f64, unseen: bool) -> anyhow::Result<String> {
        let view = model.view();
        let report = Report {
            model: self.out.display().to_string(),
            data: data.name(),
            samples: data.len(),
            steps: data.shape().steps,
            channels: data.shape().channels,
            classes: data.classes(),
            dimension: self.dim,
            model_bytes: model.as_bytes().len(),
            train_accuracy: view.metadata().provenance.train_accuracy,
            seconds,
        };
        if self.json {
            return common::json(&report);
        }
        let samples = format!(
            "{}: {} samples of {} x {} (steps x channels), {} classes",
            report.data,
            thousands(report.samples),
            report.steps,
            report.channels,
            report.classes.len()
        );
        let text = common::pairs(&[
            ("model", format!("{}, {} bytes", report.model, thousands(report.model_bytes))),
            ("learned from", samples),
            ("dimension", format!("{} bits", report.dimension)),
            ("training accuracy", format!("{:.3}", report.train_accuracy)),
            ("time", format!("{seconds:.1} s")),
        ]);
        Ok(format!("{text}\n{}", self.hint(unseen)))
    }

    fn hint(&self, unseen: bool) -> String {
        let out = self.out.display();
        if !unseen {
            return format!("next: measure it on data that it has not seen: hdc eval {out} OTHER-DATA");
        }
        // The window is in the model.
        let Reading { window: _, hop, series, test } = &self.reading;
        let options = [
            series.as_ref().map(|series| format!(" --series {series}")),
            hop.map(|hop| format!(" --hop {hop}")),
            test.as_ref().map(|test| format!(" --test {}", test.display())),
        ];
        let options: String = options.into_iter().flatten().collect();
        format!("next: measure it on the test rows: hdc eval {out} {}{options}", self.data)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        command: Command,
    }

    fn trainer(options: &[&str], steps: usize) -> anyhow::Result<Trainer> {
        let line = [&["hdc", "x", "--out", "m.hdc"], options].concat();
        Line::try_parse_from(line)?.command.trainer(steps)
    }

    #[test]
    fn the_defaults_are_those_of_the_library() {
        assert_eq!(trainer(&[], 1).unwrap(), Trainer::new().ngram(1, 1));
        assert_eq!(trainer(&["--encoder", "record"], 200).unwrap(), Trainer::new().ngram(1, 1));
        let Ngram { order, stride } = Ngram::spread(200);
        assert_eq!(trainer(&[], 200).unwrap(), Trainer::new().ngram(order, stride));
        assert_eq!(trainer(&["--order", "5"], 200).unwrap(), Trainer::new().ngram(5, stride));
        assert_eq!(trainer(&["--encoder", "ngram", "--stride", "2"], 200).unwrap(), Trainer::new().ngram(order, 2));
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        let error = |options: &[&str], steps| trainer(options, steps).unwrap_err().to_string();
        assert!(error(&["--encoder", "record", "--order", "3"], 10).contains("--order"));
        assert!(error(&["--stride", "2"], 1).contains("--series"));
        assert!(error(&["--encoder", "ngram"], 1).contains("--series"));
        assert!(error(&["--scale", "quantile", "--clip", "0.1"], 1).contains("--clip"));
        assert!(error(&["--order", "0"], 10).contains("--order"));
    }
}
