//! `hdc eval`.

mod flips;

use std::iter;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, ValueEnum};
use hdc_train::{Dataset, Evaluation, Model, ModelBuf, Nearest, Part, Spread, calibration_error};
use serde::Serialize;

use self::flips::Curve;
use crate::common::{self, DATA_HELP, Reading, thousands};

const EXAMPLES: &str = "\
Examples:
  hdc eval watch.hdc spar:side=left
  hdc eval mine.hdc new.csv --json
  hdc eval watch.hdc spar --flips
  hdc eval log.hdc new.csv --series recording
  hdc eval basic.hdc Basic_TEST.ts";

/// Classifies labelled data with a model and counts what is right
///
/// Accuracy is the share of the samples that is right; balanced accuracy is the mean of that share over the
/// classes, so that a frequent class counts no more than a rare one.
#[derive(Args)]
#[command(after_help = format!("{DATA_HELP}\nIts window length is that of the model if --window is not given.\n\n{EXAMPLES}"))]
pub(crate) struct Command {
    /// The model file
    #[arg(value_name = "M.hdc")]
    model: PathBuf,
    /// What to measure on: a data set's name, a .csv or a .ts file
    data: String,
    /// The rows to measure on [default: test if the data is split, else all]
    #[arg(long)]
    split: Option<Split>,
    #[command(flatten)]
    reading: Reading,
    /// Also measures how much accuracy is left when bits are wrong: in the class hypervectors, in the encoder's memories,
    /// in both (all that is stored), and in the queries
    #[arg(long)]
    flips: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Split {
    Train,
    Test,
    All,
}

#[derive(Serialize)]
struct Report<'a> {
    model: String,
    data: &'a str,
    split: &'static str,
    /// The data that the model has learned from.
    trained_on: &'a str,
    n: usize,
    accuracy: f64,
    balanced_accuracy: f64,
    classes: Vec<&'a str>,
    /// Rows are the truth, columns what was predicted, both in the order of `classes`.
    confusion: Vec<&'a [usize]>,
    dimension: usize,
    /// Of the dimensions that a model with an early exit took.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_dimension: Option<f64>,
    model_bytes: usize,
    seconds: f64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    calibrated: Option<Calibrated>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Figures<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flips: Vec<Curve>,
}

#[derive(Serialize)]
struct Figures<'a> {
    group: &'a str,
    n: usize,
    accuracy: f64,
    balanced_accuracy: f64,
}

/// Of a model with a calibration.
#[derive(Serialize)]
struct Calibrated {
    /// Samples whose decision is accepted.
    accepted: usize,
    /// The accuracy on those.
    accuracy_of_accepted: f64,
    /// Share of the right decisions that is rejected, 0 to 1.
    false_rejects: f64,
    /// Of the confidence, 0 to 1.
    expected_calibration_error: f64,
}

impl Calibrated {
    fn of(model: &Model<'_>, nearest: &[Nearest], truth: &[usize]) -> Option<Self> {
        let confidences: Option<Vec<u8>> = nearest.iter().map(|found| model.confidence(found)).collect();
        let right: Vec<bool> = nearest.iter().zip(truth).map(|(found, &truth)| found.class == truth).collect();
        let accepted = nearest.iter().zip(&right).filter(|(found, _)| model.accepts(found));
        let (accepted, rights) =
            accepted.fold((0, 0), |(all, rights), (_, &right)| (all + 1, rights + usize::from(right)));
        Some(Self {
            accepted,
            accuracy_of_accepted: rights as f64 / accepted as f64,
            false_rejects: 1.0 - rights as f64 / right.iter().filter(|&&right| right).count() as f64,
            expected_calibration_error: calibration_error(&confidences?, &right),
        })
    }
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        let file = ModelBuf::open(&self.model)?;
        let model = file.view();
        let data = hdc_datasets::load(&self.data, &self.reading.options_for(&self.data, &model))?;
        let (part, split) = match self.split {
            None if data.parts().is_none() => (None, "all"),
            None | Some(Split::Test) => (Some(Part::Test), "test"),
            Some(Split::Train) => (Some(Part::Train), "train"),
            Some(Split::All) => (None, "all"),
        };
        let data = common::select(data, part)?;
        // Samples are numbered within the rows that were chosen.
        let place = || format!("{} ({split} rows)", self.data);
        let truth = hdc_train::align(&model, &data).with_context(place)?;
        let start = Instant::now();
        let exits = hdc_train::predict_early(&model, &data).with_context(place)?;
        let seconds = start.elapsed().as_secs_f64();
        let mean_dimension = exits.iter().map(|exit| exit.dimension as f64).sum::<f64>() / exits.len() as f64;
        let nearest: Vec<Nearest> = exits.iter().map(|exit| exit.nearest).collect();
        let predicted: Vec<usize> = nearest.iter().map(|nearest| nearest.class).collect();
        let classes: Vec<&str> = model.labels().collect();
        let all = Evaluation::new(classes.len(), &truth, &predicted);
        let report = Report {
            model: self.model.display().to_string(),
            data: data.name(),
            split,
            trained_on: model.metadata().provenance.data,
            n: all.samples(),
            accuracy: all.accuracy(),
            balanced_accuracy: all.balanced_accuracy(),
            confusion: all.confusion().collect(),
            dimension: model.metadata().dimension(),
            mean_dimension: model.early_exit().map(|_| mean_dimension),
            model_bytes: file.as_bytes().len(),
            seconds,
            calibrated: Calibrated::of(&model, &nearest, &truth),
            groups: groups(&data, classes.len(), &truth, &predicted),
            flips: if self.flips { flips::curves(&model, &data).with_context(place)? } else { Vec::new() },
            classes,
        };
        if self.json { common::json(&report) } else { Ok(report.text()) }
    }
}

/// One line for each group that has samples, if there is more than one.
fn groups<'a>(data: &'a Dataset, classes: usize, truth: &[usize], predicted: &[usize]) -> Vec<Figures<'a>> {
    let figures = |(group, evaluation): (&'a str, Evaluation)| Figures {
        group,
        n: evaluation.samples(),
        accuracy: evaluation.accuracy(),
        balanced_accuracy: evaluation.balanced_accuracy(),
    };
    let groups: Vec<_> = Evaluation::by_group(data, classes, truth, predicted).into_iter().map(figures).collect();
    if groups.len() > 1 { groups } else { Vec::new() }
}

impl Calibrated {
    fn text(&self, all: usize) -> String {
        format!(
            "accepted {} of {all}, {:.3} of these right; of the right ones {:.3} rejected; confidence off by {:.3} on \
             average\n",
            self.accepted, self.accuracy_of_accepted, self.false_rejects, self.expected_calibration_error
        )
    }
}

impl Report<'_> {
    fn text(&self) -> String {
        let share = |share: f64| format!("{share:.3}");
        let mut figures = vec![["", "n", "accuracy", "balanced"].map(String::from).to_vec()];
        for Figures { group, n, accuracy, balanced_accuracy } in &self.groups {
            figures.push(vec![format!("group {group}"), n.to_string(), share(*accuracy), share(*balanced_accuracy)]);
        }
        figures.push(vec!["all".into(), self.n.to_string(), share(self.accuracy), share(self.balanced_accuracy)]);
        let mut confusion = vec![vec![String::new()]];
        confusion[0].extend(self.classes.iter().map(ToString::to_string));
        for (class, counts) in self.classes.iter().zip(&self.confusion) {
            let counts = counts.iter().map(ToString::to_string);
            confusion.push(iter::once((*class).to_string()).chain(counts).collect());
        }
        format!(
            "{} ({} rows) by {}: dimension {}{}, {} bytes, {:.2} s\n\n{}{}{}\n\
             confusion, in samples (rows: truth, columns: predicted)\n{}{}{}",
            self.data,
            self.split,
            self.model,
            self.dimension,
            self.mean_dimension.map(|mean| format!(" ({mean:.0} on average)")).unwrap_or_default(),
            thousands(self.model_bytes),
            self.seconds,
            common::table(&figures),
            self.spread(),
            self.calibrated.as_ref().map(|calibrated| calibrated.text(self.n)).unwrap_or_default(),
            common::table(&confusion),
            flips::text(&self.flips),
            self.note()
        )
    }

    fn spread(&self) -> String {
        if self.groups.is_empty() {
            return String::new();
        }
        let spread = |figure: fn(&Figures<'_>) -> f64| Spread::of(&self.groups.iter().map(figure).collect::<Vec<_>>());
        let (accuracy, balanced) = (spread(|group| group.accuracy), spread(|group| group.balanced_accuracy));
        format!("over groups: accuracy {accuracy}, balanced {balanced} (mean +- standard deviation)\n")
    }

    fn note(&self) -> &'static str {
        if self.trained_on == self.data && self.split != "test" {
            "\nnote: the model has learned from this data, so it may do worse on other data\n"
        } else {
            ""
        }
    }
}
