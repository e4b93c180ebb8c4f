//! `hdc search`.

mod plot;
mod report;
mod test;

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use hdc_datasets::{DataError, Options};
use hdc_train::{
    Budget, Candidate, Cost, Dataset, Evaluation, FlipTarget, Flips, Found, ModelBuf, Part, Search, Spread, Target,
};

use self::report::Report;
use self::test::Test;
use crate::common::{DATA_HELP, Reading, thousands};
use crate::progress::Display;
use crate::settings::minutes;

const EXAMPLES: &str = "\
Examples:
  hdc search spar --flash 16KiB --ram 4KiB --instructions 500k --minutes 5 --out spar-search
  hdc search Basic_TRAIN.ts --test Basic_TEST.ts --flash 8KiB --target cortex-m0+ --out basic-search";

/// Finds the most accurate and most robust model that fits a chip
///
/// Flash is that of the model and RAM its working memory; code and stack come on top, and the page says how much. Settings are compared by cross-validation on the training rows. Every trial is kept in the folder, so that
/// the same command goes on after an interrupt. The test rows are read once, when the first choice is made, not before. The folder gets
/// `best.hdc`, all models of the trade-off in `front/`, their figures in `front.csv`, and `report.html` to look at.
#[derive(Args)]
#[command(after_help = format!("{DATA_HELP}\n\n{EXAMPLES}"))]
pub(crate) struct Command {
    /// What to learn from: a data set's name, a .csv or a .ts file
    data: String,
    /// The folder to write; it is made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Most bytes of flash for the model, such as 8KiB [default: no limit]
    #[arg(long, value_name = "BYTES", value_parser = amount)]
    flash: Option<u64>,
    /// Most bytes of RAM for its working memory, such as 1KiB [default: no limit]
    #[arg(long, value_name = "BYTES", value_parser = amount)]
    ram: Option<u64>,
    /// Most instructions of one classification, such as 50k [default: no limit]
    #[arg(long, value_name = "COUNT", value_parser = amount)]
    instructions: Option<u64>,
    /// The chip: cortex-m0+, cortex-m4 or riscv32
    #[arg(long, default_value = "cortex-m4")]
    target: Target,
    /// How long to search, all runs into the same folder together
    #[arg(long, default_value = "10", value_parser = minutes)]
    minutes: Duration,
    /// The seed of memories, folds and proposals
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    reading: Reading,
}

/// What is measured of the chosen settings in cross-validation.
struct Held {
    evaluation: Evaluation,
    /// The rate of flipped bits of class hypervectors, and the accuracy with them.
    curve: Vec<(f64, f64)>,
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        self.check_output()?;
        let before = Test::read(&self.out)?;
        let data = self.load(Part::Train)?;
        let made = !self.out.exists();
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let search = Search { budget: self.budget(), time: self.minutes, seed: self.seed };
        let display = Display::new();
        let found = self.search(&search, &data, &display).inspect_err(|_| {
            if made {
                // Only if it is empty.
                let _ = fs::remove_dir(&self.out);
            }
        })?;
        let best = self.write_models(&found, &data, &display)?;
        let held = held_out(&found, &data)?;
        display.finish();
        let mut report = Report { command: self, data: &data, found: &found, held: &held, test: before.as_ref() };
        self.write("front.csv", &report.csv())?;
        self.write("report.html", &report.html()?)?;
        if before.is_some() || data.parts().is_none() {
            return Ok(report.text());
        }
        let test = self.test(&best, &found).with_context(|| {
            format!("the search is done and its models are in {}, but not tested", self.out.display())
        })?;
        if let Some(test) = &test {
            self.write(Test::FILE, &test.json()?)?;
            report.test = Some(test);
            self.write("report.html", &report.html()?)?;
        }
        Ok(report.text())
    }

    /// One side of the data. The other is not opened.
    fn load(&self, part: Part) -> Result<Dataset, DataError> {
        hdc_datasets::load(&self.data, &Options { part: Some(part), ..self.reading.options() })
    }

    fn budget(&self) -> Budget {
        let Self { flash, ram, instructions, target, .. } = *self;
        Budget { target, flash, ram, instructions }
    }

    fn journal(&self) -> PathBuf {
        self.out.join("trials.jsonl")
    }

    /// Refuses a folder with other things in it.
    fn check_output(&self) -> anyhow::Result<()> {
        let out = self.out.display();
        let Ok(there) = fs::metadata(&self.out) else { return Ok(()) };
        ensure!(there.is_dir(), "{out} is not a folder: choose another name for --out");
        let mut entries = fs::read_dir(&self.out).with_context(|| format!("cannot read the folder {out}"))?;
        if entries.next().is_some() && !self.journal().exists() {
            bail!("{out} has files that are not of a search: choose another folder for --out");
        }
        Ok(())
    }

    fn search(&self, search: &Search, data: &Dataset, display: &Display) -> anyhow::Result<Found> {
        let (best, tried) = (Cell::new(((0, 0), 0.0_f64)), Cell::new(0));
        let report = |candidate: &Candidate| {
            let own = (candidate.effort(), candidate.trial.accuracy().mean);
            best.set(if own > best.get() { own } else { best.get() });
            tried.set(tried.get() + 1);
            let total = display.is_drawn().then_some(self.minutes.as_secs() as usize);
            let done = total.map_or(tried.get(), |_| candidate.seconds as usize);
            display.update("search", "settings", done, total);
            display.say(&format!("{} settings tried, best {:.3}", tried.get(), best.get().1));
        };
        Ok(search.run(data, &self.journal(), &report)?)
    }

    /// Trains the front on all training rows and writes the models; returns the chosen one.
    fn write_models(&self, found: &Found, data: &Dataset, display: &Display) -> anyhow::Result<ModelBuf> {
        let folder = self.out.join("front");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot replace {}", folder.display()))?;
        }
        fs::create_dir(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let save = |model: &ModelBuf, path: &Path| {
            model.save(path).with_context(|| format!("cannot write {}", path.display()))
        };
        let fit = |candidate: &Candidate| -> anyhow::Result<ModelBuf> {
            let model = candidate.trial.trainer.fit(data)?;
            let cost = Cost::of(&model.view(), self.target);
            ensure!(self.budget().fits(&cost), "a trained model takes more than was predicted: {cost:?}");
            Ok(model)
        };
        for (place, candidate) in found.front.iter().enumerate() {
            display.update("train the front", "models", place, Some(found.front.len()));
            save(&fit(candidate)?, &folder.join(name(place)))?;
        }
        let best = fit(&found.best)?;
        save(&best, &self.out.join("best.hdc"))?;
        Ok(best)
    }

    /// The accuracy on the test rows, which are read here and nowhere else; nothing if there are none.
    fn test(&self, model: &ModelBuf, found: &Found) -> anyhow::Result<Option<Test>> {
        let data = match self.load(Part::Test) {
            Err(DataError::NoPart { .. }) => return Ok(None),
            data => data?,
        };
        let evaluation = Evaluation::of(&model.view(), &data)?;
        let settings = report::settings(&found.best);
        Ok(Some(Test { settings, samples: evaluation.samples(), accuracy: evaluation.accuracy() }))
    }

    /// Writes a file of the folder: to a temporary one first.
    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let path = self.out.join(name);
        let written = tempfile::NamedTempFile::new_in(&self.out).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            Ok(file.persist(&path)?)
        });
        written.map(|_| ()).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The file of the model at `place` of the front.
fn name(place: usize) -> String {
    format!("{:03}.hdc", place + 1)
}

/// Trains the choice on each fold once more, for its confusion and its curve.
fn held_out(found: &Found, data: &Dataset) -> anyhow::Result<Held> {
    let flips = Flips { repetitions: 3, ..Flips::default() };
    let (mut truth, mut predicted) = (Vec::new(), Vec::new());
    let mut curves = vec![Vec::new(); flips.rates.len()];
    for split in &found.folds {
        let (train, test) = (data.subset(&split.train)?, data.subset(&split.test)?);
        let model = found.best.trial.trainer.fit(&train)?;
        truth.extend_from_slice(test.labels());
        predicted.extend(hdc_train::predict(&model.view(), &test)?.iter().map(|nearest| nearest.class));
        let curve = flips.curve(&model.view(), &test, FlipTarget::Classes, &|_| {})?;
        curves.iter_mut().zip(curve.points).for_each(|(all, point)| all.push(point.accuracy.mean));
    }
    let curve = flips.rates.iter().zip(curves).map(|(&rate, all)| (rate, Spread::of(&all).mean)).collect();
    Ok(Held { evaluation: Evaluation::new(data.classes().len(), &truth, &predicted), curve })
}

/// A number, with `k` or `M` for thousands and millions, `KiB` or `MiB` for powers of two.
fn amount(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "" | "B" => 1.0,
        "k" | "K" | "kB" | "KB" => 1e3,
        "M" | "MB" => 1e6,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        unit => return Err(format!("`{unit}` is no unit: choose from k, M, KiB and MiB")),
    };
    match digits.parse::<f64>() {
        Ok(number) if number * factor >= 1.0 && number * factor < 1e15 => Ok((number * factor) as u64),
        Ok(_) => Err("choose 1 or more".into()),
        Err(_) => Err("not a number".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_units() {
        for (text, value) in [("8KiB", 8192), ("50k", 50_000), ("1.5MiB", 1_572_864), ("7", 7), ("2M", 2_000_000)] {
            assert_eq!(amount(text), Ok(value), "{text}");
        }
        for text in ["", "k", "8Kib", "-1", "0", "1e99", "nan"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
