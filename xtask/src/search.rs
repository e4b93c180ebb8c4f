//! Our search beside a grid and random search: the same budget, folds and time.

mod grid;
mod plot;

use std::cell::RefCell;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdc_datasets::Options;
use hdc_train::{
    Budget, Cost, Dataset, Evaluation, Part, Search, Split, Spread, Target, Trainer, Trial, folds, k_fold,
};

use crate::tools;

const SETS: [&str; 3] = ["lis-alphabet", "wisdm", "isolet"];
const SEEDS: [u64; 3] = [1, 2, 3];

/// What a model may take, for all three sets.
const BUDGET: Budget =
    Budget { target: Target::CortexM4, flash: Some(64 * 1024), ram: Some(8 * 1024), instructions: Some(500_000) };

/// A way to look for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// [`Search`].
    Ours,
    /// The grid in the order of its loops.
    Grid,
    /// The grid in random order.
    Random,
}

impl Way {
    const ALL: [Self; 3] = [Self::Ours, Self::Grid, Self::Random];

    const fn name(self) -> &'static str {
        match self {
            Self::Ours => "hdc search",
            Self::Grid => "grid",
            Self::Random => "random",
        }
    }
}

/// What a way found on the training side of a set, with one seed.
struct Run {
    way: Way,
    /// Seconds of processor time and the accuracy of settings in cross-validation, as they came.
    tried: Vec<(f64, f64)>,
    /// Processor time at the end.
    end: f64,
    /// The accuracy of the choice on samples that no way has seen.
    held_out: f64,
}

impl Run {
    /// The best accuracy up to `time`.
    fn best(&self, time: f64) -> f64 {
        self.tried.iter().filter(|trial| trial.0 <= time).map(|trial| trial.1).fold(0.0, f64::max)
    }
}

/// The runs on one set.
struct Panel {
    set: &'static str,
    /// Processor time that all runs had.
    end: f64,
    runs: Vec<Run>,
}

/// Searches each way for `seconds` on each set with each seed, prints a table and draws a plot.
pub(crate) fn run(sets: &[String], seconds: u64) -> Result<()> {
    let unknown = sets.iter().find(|set| !SETS.contains(&set.as_str()));
    ensure!(unknown.is_none(), "choose from {}", SETS.join(", "));
    let time = Duration::from_secs(seconds);
    println!(
        "| data | way | best in folds | seeds | settings tried | held out | seeds |\n|---|---|---|---|---|---|---|"
    );
    let mut panels = Vec::new();
    for set in SETS.into_iter().filter(|set| sets.is_empty() || sets.iter().any(|name| name == set)) {
        let data = hdc_datasets::load(set, &Options { part: Some(Part::Train), ..Options::default() })?;
        let mut runs = Vec::new();
        for seed in SEEDS {
            let outer = outer(&data, seed)?;
            let (inside, outside) = (data.subset(&outer.train)?, data.subset(&outer.test)?);
            for way in Way::ALL {
                runs.push(measure(way, &inside, &outside, seed, time).with_context(|| format!("{set}, {way:?}"))?);
            }
        }
        let end = runs.iter().map(|run| run.end).fold(f64::MAX, f64::min);
        let panel = Panel { set, end, runs };
        panel.print();
        panels.push(panel);
    }
    if sets.is_empty() {
        let path = tools::root().join("benches/record/settings.svg");
        fs::write(&path, plot::svg(&panels)?)?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// What no way may see, and the rest: other people where there are groups, else a fifth of the samples.
fn outer(data: &Dataset, seed: u64) -> Result<Split> {
    let mut splits = if data.groups().len() > 2 { folds(data, seed)? } else { k_fold(data, 5, 1)? };
    let place = seed as usize % splits.len();
    Ok(splits.swap_remove(place))
}

fn measure(way: Way, data: &Dataset, held_out: &Dataset, seed: u64, time: Duration) -> Result<Run> {
    let (wall, start) = (Instant::now(), processor_seconds());
    let (tried, chosen) = match way {
        Way::Ours => ours(data, seed, time, start)?,
        Way::Grid | Way::Random => {
            let mut points = grid::points(data, &BUDGET, seed);
            if way == Way::Random {
                grid::shuffle(&mut points, seed);
            }
            let splits = folds(data, seed)?;
            let (mut tried, mut best) = (Vec::new(), None::<Trial>);
            for point in points {
                if wall.elapsed() >= time {
                    break;
                }
                let fits = |trainer: &Trainer| {
                    Cost::of_settings(trainer, data, BUDGET.target).is_ok_and(|cost| BUDGET.fits(&cost))
                };
                let fitting: Vec<Trainer> = point.into_iter().filter(fits).collect();
                for trial in Trial::of(&fitting, data, &splits)? {
                    let accuracy = trial.accuracy().mean;
                    tried.push((processor_seconds() - start, accuracy));
                    if best.as_ref().is_none_or(|best| accuracy > best.accuracy().mean) {
                        best = Some(trial);
                    }
                }
            }
            (tried, best.context("nothing was tried")?.trainer)
        }
    };
    let end = processor_seconds() - start;
    let model = chosen.fit(data)?;
    let held_out = Evaluation::of(&model.view(), held_out)?.accuracy();
    println!(
        "<!-- {} {} seed {seed}: {} tried in {end:.0} s of the processor; {chosen} at D = {} -->",
        data.name(),
        way.name(),
        tried.len(),
        chosen.dimension_bits()
    );
    Ok(Run { way, tried, end, held_out })
}

/// The trials on most samples of a [`Search`], and its choice.
fn ours(data: &Dataset, seed: u64, time: Duration, start: f64) -> Result<(Vec<(f64, f64)>, Trainer)> {
    let folder = tempfile::tempdir()?;
    let all = RefCell::new(Vec::new());
    let found = Search { budget: BUDGET, time, seed }.run(data, &folder.path().join("journal"), &|candidate| {
        let trial = &candidate.trial;
        all.borrow_mut().push((candidate.effort(), processor_seconds() - start, trial.accuracy().mean));
    })?;
    let most = found.best.effort();
    let tried = all.into_inner().into_iter().filter(|trial| trial.0 == most).map(|(_, at, mean)| (at, mean)).collect();
    Ok((tried, found.best.trial.trainer))
}

/// Seconds of all processors that this program has used; of the clock where the system does not say.
fn processor_seconds() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let clock = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    let ticks = || -> Option<f64> {
        let text = fs::read_to_string("/proc/self/stat").ok()?;
        // Fields after the name, which is in brackets: the 12th and the 13th are times in hundredths of a second.
        let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
        Some((fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?) / 100.0)
    };
    ticks().unwrap_or(clock)
}

impl Panel {
    fn print(&self) {
        for way in Way::ALL {
            let runs = || self.runs.iter().filter(|run| run.way == way);
            let best: Vec<f64> = runs().map(|run| run.best(self.end)).collect();
            let held_out: Vec<f64> = runs().map(|run| run.held_out).collect();
            let list =
                |figures: &[f64]| figures.iter().map(|figure| format!("{figure:.3}")).collect::<Vec<_>>().join(" ");
            println!(
                "| {} | {} | {:.3} | {} | {} | {:.3} | {} |",
                self.set,
                way.name(),
                Spread::of(&best).mean,
                list(&best),
                runs().map(|run| run.tried.len().to_string()).collect::<Vec<_>>().join(" "),
                Spread::of(&held_out).mean,
                list(&held_out)
            );
        }
    }
}
