//! `hdc train`.

use std::cell::Cell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use hdc_train::{
    Augment, Choice, Dataset, Designed, ModelBuf, Part, Shrunk, SpatialSpec, Spread, Step, Trainer, Trial,
};
use serde::Serialize;

use crate::common::{self, DATA_HELP, Reading, thousands};
use crate::progress::Display;
use crate::settings::Settings;
use crate::stream::{self, Streamed};

const EXAMPLES: &str = "\
Examples:
  hdc train spar --out watch.hdc
  hdc train mine.csv --out mine.hdc --encoder auto --minutes 2
  hdc train mine.csv --out mine.hdc --dim 4096 --epochs 50
  hdc train mine.csv --out small.hdc --shrink 0.01
  hdc train mine.csv --out mine.hdc --encoder designed --dim 256 --designs front
  hdc train mine.csv --out tiny.hdc --dim 64 --seeds 16
  hdc train european-languages --out languages.hdc --dim 10048
  hdc train huge.csv --out huge.hdc --stream --epochs 5
  hdc train log.csv --series recording --window 100 --hop 50 --out log.hdc
  hdc train Basic_TRAIN.ts --test Basic_TEST.ts --out basic.hdc --order 5
  hdc train uci-emg:subject=3 --out emg.hdc --encoder projection --features emg --planes learned \
            --scale logarithmic --dim 256";

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
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
    /// Reads a .csv file of feature rows in pieces, again for each pass, so that it may be larger than memory. The levels
    /// are fitted to some 20,000 rows; classes are centroids, then corrected in `--epochs` passes [default: 3]
    #[arg(long)]
    stream: bool,
    /// Adds this many copies of every training sample, disturbed a little by noise and by a factor for each channel
    #[arg(long, value_name = "COPIES")]
    augment: Option<usize>,
    /// Repeats samples of rarer classes, so that all classes count the same
    #[arg(long)]
    balance: bool,
    /// Makes the model smaller (fewer bits, levels, prototypes, features) as long as it loses no more than this, such as 0.01,
    /// of the accuracy in cross-validation on the training data
    #[arg(long, value_name = "LOSS")]
    shrink: Option<f64>,
    /// Also writes a model for each design of `--encoder designed` that is more accurate or keeps the classes farther apart
    /// than any other one: `001.hdc` is the most accurate, and what `--out` gets
    #[arg(long, value_name = "DIR")]
    designs: Option<PathBuf>,
    /// The rows to train on [default: train if the data is split, else all]
    #[arg(long)]
    split: Option<Split>,
    /// Print JSON
    #[arg(long)]
    json: bool,
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
struct Front {
    model: String,
    /// Of the centroids in cross-validation.
    accuracy: f32,
    /// The least between two classes, as a share of D.
    distance: f32,
    model_bytes: usize,
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
struct Choices {
    auto: Option<Choice>,
    shrunk: Option<Shrunk>,
    /// The best first.
    seeds: Vec<Trial>,
    designs: Vec<Front>,
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
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        let inputs = [Some(Path::new(&self.data)), self.reading.test.as_deref()];
        common::check_output(&self.out, &inputs)?;
        if self.stream {
            return self.run_stream();
        }
        self.check_designs()?;
        let data = hdc_datasets::load(&self.data, &self.reading.options())?;
        let part = match self.split {
            None => data.parts().map(|_| Part::Train),
            Some(Split::Train) => Some(Part::Train),
            Some(Split::All) => None,
        };
        let unseen = part.is_some() && data.parts().is_some_and(|parts| parts.contains(&Part::Test));
        let data = common::select(data, part)?;
        let mut trainer = self.settings.trainer(data.shape().steps, data.symbols())?;
        let (display, start) = (Display::new(), Instant::now());
        let chosen = self.settings.budget().map(|budget| choose(&trainer, &data, budget, &display)).transpose()?;
        if let Some(choice) = &chosen {
            trainer = choice.best.trainer.clone();
        }
        let shrunk = self.shrink.map(|loss| shrink(&trainer, &data, loss, &display)).transpose()?;
        if let Some(shrunk) = &shrunk {
            trainer = shrunk.after().trial.trainer.clone();
        }
        let seeds = self.settings.seeds().map(|seeds| best_seeds(&trainer, &data, seeds, &display)).transpose()?;
        let seeds = seeds.unwrap_or_default();
        if let Some(best) = seeds.first() {
            trainer = best.trainer.clone();
        }
        let more = self.more_samples(&data)?;
        let (samples, report) = (more.as_ref().unwrap_or(&data), |progress| display.stage(progress));
        let designs = if self.designs.is_some() { trainer.designs(samples, &report)? } else { Vec::new() };
        // Of a front, the trainer would take the first.
        let model = match designs.first() {
            Some(designed) => designed.model.clone(),
            None => trainer.fit_with(samples, &report)?,
        };
        let seconds = start.elapsed().as_secs_f64();
        display.finish();
        let front = self.save_designs(&designs)?;
        save(&model, &self.out)?;
        warn_near_chance(&data, &model);
        let choices = Choices { auto: chosen, shrunk, seeds, designs: front };
        self.report(&data, data.len(), &model, choices, seconds, unseen)
    }

    fn check_designs(&self) -> anyhow::Result<()> {
        let Some(folder) = &self.designs else { return Ok(()) };
        ensure!(
            self.settings.is_designed(),
            "--designs are those of --encoder designed: choose that encoder, or leave out --designs"
        );
        ensure!(
            self.shrink.is_none() && !self.settings.is_calibrated(),
            "--designs are written as they are trained: leave out --shrink and --false-rejects"
        );
        let name = folder.display();
        if let Ok(there) = fs::metadata(folder) {
            ensure!(there.is_dir(), "{name} is not a folder: choose another name for --designs");
            let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder {name}"))?;
            ensure!(entries.next().is_none(), "{name} has files already: choose another folder for --designs");
        }
        Ok(())
    }

    /// Writes the models of a front into the folder for them.
    fn save_designs(&self, designs: &[Designed]) -> anyhow::Result<Vec<Front>> {
        let Some(folder) = &self.designs else { return Ok(Vec::new()) };
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let one = |(place, designed): (usize, &Designed)| {
            let Designed { accuracy, distance, model } = designed;
            let path = folder.join(format!("{:03}.hdc", place + 1));
            save(model, &path)?;
            let model_bytes = model.as_bytes().len();
            Ok(Front { model: path.display().to_string(), accuracy: *accuracy, distance: *distance, model_bytes })
        };
        designs.iter().enumerate().map(one).collect()
    }

    /// The samples with those that the options add, if they do.
    fn more_samples(&self, data: &Dataset) -> anyhow::Result<Option<Dataset>> {
        let balanced = self.balance.then(|| data.balanced());
        let Some(copies) = self.augment else { return Ok(balanced) };
        let seed = self.settings.seed();
        Ok(Some(balanced.as_ref().unwrap_or(data).augmented(Augment::default(), copies, seed)?))
    }

    fn run_stream(&self) -> anyhow::Result<String> {
        ensure!(
            self.reading.is_plain()
                && self.split.is_none()
                && self.augment.is_none()
                && !self.balance
                && self.shrink.is_none()
                && self.designs.is_none(),
            "--stream reads the training rows of a table of samples: \
             leave out --series, --window, --hop, --test, --split, --augment, --balance, --shrink and --designs"
        );
        let (trainer, epochs) = self.settings.streaming()?;
        let (display, start) = (Display::new(), Instant::now());
        let Streamed { model, like, rows } = stream::train(&self.data, &trainer, epochs, &display)?;
        save(&model, &self.out)?;
        self.report(&like, rows, &model, Choices::default(), start.elapsed().as_secs_f64(), true)
    }

    fn report(
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

fn save(model: &ModelBuf, path: &Path) -> anyhow::Result<()> {
    model.save(path).with_context(|| format!("cannot write {}", path.display()))
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

fn choose(trainer: &Trainer, data: &Dataset, budget: Duration, display: &Display) -> anyhow::Result<Choice> {
    let (start, best, tried) = (Instant::now(), Cell::new(0.0_f64), Cell::new(0));
    let report = |trial: &Trial| {
        best.set(best.get().max(trial.accuracy().mean));
        tried.set(tried.get() + 1);
        let total = display.is_drawn().then_some(budget.as_secs() as usize);
        let done = total.map_or(tried.get(), |_| start.elapsed().as_secs() as usize);
        display.update("choose", "settings", done, total);
        display.say(&format!("{} settings tried, best {:.3}", tried.get(), best.get()));
    };
    Ok(trainer.auto(data, budget, &report)?)
}

fn shrink(trainer: &Trainer, data: &Dataset, loss: f64, display: &Display) -> anyhow::Result<Shrunk> {
    let tried = Cell::new(0);
    let report = |step: &Step| {
        tried.set(tried.get() + 1);
        display.update("shrink", "settings", tried.get(), None);
        let (bits, bytes) = (step.trial.trainer.dimension_bits(), step.cost.model);
        let kept = if step.kept { "kept" } else { "too small" };
        display.say(&format!("{bits} bits, {bytes} bytes: {:.3}, {kept}", step.trial.accuracy().mean));
    };
    Ok(trainer.shrink(data, loss, &report)?)
}

fn best_seeds(trainer: &Trainer, data: &Dataset, seeds: usize, display: &Display) -> anyhow::Result<Vec<Trial>> {
    let tried = AtomicUsize::new(0);
    let report = |_: &Trial| {
        display.update("choose", "seeds", tried.fetch_add(1, Ordering::Relaxed) + 1, Some(seeds));
    };
    Ok(trainer.best_seeds(data, seeds, &report)?)
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

/// Says so if the model has hardly learned anything.
fn warn_near_chance(data: &Dataset, model: &ModelBuf) {
    let counts = hdc_datasets::counts(data).classes;
    let most = (0..counts.len()).max_by_key(|&class| counts[class]).unwrap_or(0);
    let (chance, accuracy) =
        (counts[most] as f64 / data.len() as f64, f64::from(model.view().metadata().provenance.train_accuracy));
    if accuracy - chance < 0.1 * (1.0 - chance) {
        let always = &data.classes()[most];
        let warning = format!(
            "warning: the training accuracy is {accuracy:.3}, where always saying `{always}` gives {chance:.3}: \
             check the labels and the columns, or try --encoder auto"
        );
        // Nobody may be reading, which is no reason to fail.
        let _ = writeln!(io::stderr(), "{warning}");
    }
}
