//! What is said of a training.

use hdc_train::{Choice, Dataset, ModelBuf, Shrunk, SpatialSpec, Spread, Step, Trial};
use serde::Serialize;

use super::Command;
use crate::common::{self, Reading, thousands};

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
    /// Of integer samples: hypervectors or table.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'static str>,
    train_accuracy: f32,
    /// With `--encoder auto`, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tried: Vec<Tried>,
    /// With `--shrink`, before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    shrunk: Option<[Size; 2]>,
    /// With `--designs`, the most accurate first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    designs: Vec<Front>,
    /// With `--seeds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    seeds: Option<Seeds>,
    seconds: f64,
}

/// What settings take on a Cortex-M4, and how well they did in cross-validation.
#[derive(Serialize)]
struct Size {
    settings: String,
    dimension: usize,
    model_bytes: u64,
    instructions: u64,
    accuracy: f64,
    folds: usize,
}

impl Size {
    fn of(step: &Step) -> Self {
        let trial = &step.trial;
        Self {
            settings: trial.trainer.to_string(),
            dimension: trial.trainer.dimension_bits(),
            model_bytes: step.cost.model,
            instructions: step.cost.instructions,
            accuracy: trial.accuracy().mean,
            folds: trial.accuracies.len(),
        }
    }

    fn line(&self) -> String {
        let Self { settings, dimension, model_bytes, instructions, accuracy, .. } = self;
        format!("  {accuracy:.3}  {dimension} bits, {model_bytes} bytes, {instructions} instructions: {settings}\n")
    }
}

/// A model of the front of designs.
#[derive(Serialize)]
pub(super) struct Front {
    pub(super) model: String,
    /// Of the centroids in cross-validation.
    pub(super) accuracy: f32,
    /// The least between two classes, as a share of D.
    pub(super) distance: f32,
    pub(super) model_bytes: usize,
}

/// The seed that was chosen, beside all that were tried: their accuracy in the same folds.
#[derive(Serialize)]
struct Seeds {
    chosen: u64,
    tried: usize,
    accuracy: f64,
    mean: f64,
    deviation: f64,
    folds: usize,
}

impl Seeds {
    fn of(trials: &[Trial]) -> Option<Self> {
        let best = trials.first()?;
        let accuracies: Vec<f64> = trials.iter().map(|trial| trial.accuracy().mean).collect();
        let Spread { mean, deviation } = Spread::of(&accuracies);
        let (chosen, accuracy, folds) = (best.trainer.seed_number(), accuracies[0], best.accuracies.len());
        Some(Self { chosen, tried: trials.len(), accuracy, mean, deviation, folds })
    }

    fn text(&self) -> String {
        let Self { chosen, tried, accuracy, mean, deviation, folds } = self;
        format!(
            "\nseed: {chosen}, the best of {tried}, by accuracy in {folds} folds of the training data: \
             {accuracy:.3}, where all have {mean:.3} +- {deviation:.3}\n"
        )
    }
}

/// What was chosen on the way to the model.
#[derive(Default)]
pub(super) struct Choices {
    pub(super) auto: Option<Choice>,
    pub(super) shrunk: Option<Shrunk>,
    /// The best first.
    pub(super) seeds: Vec<Trial>,
    pub(super) designs: Vec<Front>,
}

/// Settings that were tried, in cross-validation on as many samples as the best.
#[derive(Serialize)]
struct Tried {
    settings: String,
    accuracy: f64,
    deviation: f64,
    folds: usize,
    samples: usize,
}

impl Command {
    pub(super) fn report(
        &self,
        data: &Dataset,
        samples: usize,
        model: &ModelBuf,
        Choices { auto, shrunk, seeds, designs }: Choices,
        seconds: f64,
        unseen: bool,
    ) -> anyhow::Result<String> {
        let view = model.view();
        let report = Report {
            model: self.out.display().to_string(),
            data: data.name(),
            samples,
            steps: data.shape().steps,
            channels: data.shape().channels,
            classes: data.classes(),
            dimension: view.metadata().dimension(),
            model_bytes: model.as_bytes().len(),
            form: match view.metadata().encoder.spatial {
                SpatialSpec::IntegerRecord { .. } => Some("hypervectors"),
                SpatialSpec::Table { .. } => Some("table"),
                _ => None,
            },
            train_accuracy: view.metadata().provenance.train_accuracy,
            tried: auto.as_ref().map(tried).unwrap_or_default(),
            shrunk: shrunk.as_ref().map(|shrunk| [shrunk.before(), shrunk.after()].map(Size::of)),
            designs,
            seeds: Seeds::of(&seeds),
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
        let form = report.form.map(|form| format!(", written as {form}")).unwrap_or_default();
        let text = common::pairs(&[
            ("model", format!("{}, {} bytes{form}", report.model, thousands(report.model_bytes))),
            ("learned from", samples),
            ("dimension", format!("{} bits", report.dimension)),
            ("training accuracy", common::share(report.train_accuracy)),
            ("time", format!("{seconds:.1} s")),
        ]);
        let reasons = auto.as_ref().map(|choice| reasons(choice, &report.tried)).unwrap_or_default();
        let sizes = report.shrunk.iter().map(|[before, after]| {
            let folds = before.folds;
            let head = format!(
                "\nshrunk: accuracy in {folds} folds of the training data, and cost on a Cortex-M4, before and after"
            );
            format!("{head}\n{}{}", before.line(), after.line())
        });
        let sizes: String = sizes.collect();
        let front = if report.designs.is_empty() { String::new() } else { front_table(&report.designs) };
        let seeds = report.seeds.as_ref().map(Seeds::text).unwrap_or_default();
        Ok(format!("{text}{reasons}{sizes}{seeds}{front}\n{}", self.hint(unseen)))
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

fn front_table(designs: &[Front]) -> String {
    let head = ["design", "accuracy", "distance", "bytes"].map(String::from).to_vec();
    let row = |Front { model, accuracy, distance, model_bytes }: &Front| {
        vec![model.clone(), format!("{accuracy:.3}"), format!("{distance:.3}"), thousands(*model_bytes)]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(designs.iter().map(row)).collect();
    let what = "accuracy of centroids in cross-validation, least distance of two classes as a share of the dimension";
    format!("\ndesigns: {what}\n{}", common::table(&rows))
}

/// What was tried on as many samples as the best, the best first.
fn tried(choice: &Choice) -> Vec<Tried> {
    let one = |trial: &Trial| Tried {
        settings: trial.trainer.to_string(),
        accuracy: trial.accuracy().mean,
        deviation: trial.accuracy().deviation,
        folds: trial.accuracies.len(),
        samples: trial.samples,
    };
    let others = choice.trials.iter().filter(|trial| trial.samples == choice.best.samples);
    let mut tried: Vec<Tried> = others.map(one).collect();
    tried.sort_by(|a, b| b.accuracy.total_cmp(&a.accuracy));
    let best = one(&choice.best);
    tried.retain(|trial| trial.settings != best.settings);
    tried.insert(0, best);
    tried
}

/// Why the settings were chosen.
fn reasons(choice: &Choice, tried: &[Tried]) -> String {
    let Some(best) = tried.first() else { return String::new() };
    let line = |trial: &Tried| format!("  {:.3} +- {:.3}  {}\n", trial.accuracy, trial.deviation, trial.settings);
    let mut text = format!(
        "\nchosen: the best of {} settings, by accuracy in {} folds of the training data, {} samples each\n{}",
        choice.trials.len(),
        best.folds,
        thousands(best.samples),
        line(best)
    );
    if tried.len() > 1 {
        text += "next:\n";
        text.extend(tried[1..].iter().take(5).map(line));
    }
    if choice.left_out > 0 {
        text += &format!("{} settings would have taken too long: --minutes gives more time\n", choice.left_out);
    }
    text
}
