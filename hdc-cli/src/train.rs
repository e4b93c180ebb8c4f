//! `hdc train`.

mod report;

use std::cell::Cell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use hdc_train::{Choice, Dataset, Designed, ModelBuf, Part, Shrunk, Step, Trainer, Trial};

use self::report::{Choices, Front};
use crate::common::{self, DATA_HELP, Reading};
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
        let report = |progress| display.stage(progress);
        let designs = if self.designs.is_some() { trainer.designs(&data, &report)? } else { Vec::new() };
        // Of a front, the trainer would take the first.
        let model = match designs.first() {
            Some(designed) => designed.model.clone(),
            None => trainer.fit_with(&data, &report)?,
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
            self.shrink.is_none() && !self.settings.takes_folds(),
            "--designs are written as they are trained: leave out --shrink, --false-rejects and --early-exit"
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

    fn run_stream(&self) -> anyhow::Result<String> {
        ensure!(
            self.reading.is_plain() && self.split.is_none() && self.shrink.is_none() && self.designs.is_none(),
            "--stream reads the training rows of a table of samples: \
             leave out --series, --window, --hop, --test, --split, --shrink and --designs"
        );
        let (trainer, epochs) = self.settings.streaming()?;
        let (display, start) = (Display::new(), Instant::now());
        let Streamed { model, like, rows } = stream::train(&self.data, &trainer, epochs, &display)?;
        save(&model, &self.out)?;
        self.report(&like, rows, &model, Choices::default(), start.elapsed().as_secs_f64(), true)
    }
}

fn save(model: &ModelBuf, path: &Path) -> anyhow::Result<()> {
    model.save(path).with_context(|| format!("cannot write {}", path.display()))
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
