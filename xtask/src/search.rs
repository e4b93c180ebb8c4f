//! Our search beside a grid and random search: the same budget, folds and time.

mod grid;
mod plot;

use std::cell::RefCell;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use hdc_datasets::Options;
use hdc_train::{Budget, Dataset, Evaluation, Part, Search, Split, Spread, Target, Trainer, Trial, folds, k_fold};
use rayon::prelude::*;

use crate::tools;

const SEEDS: [u64; 3] = [1, 2, 3];

/// What a model may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Room {
    /// 64 KiB of flash, 8 KiB of RAM, 500,000 instructions.
    Large,
    /// 24 KiB of flash, 4 KiB of RAM, 200,000 instructions.
    Small,
    /// 8 KiB of flash, 1 KiB of RAM, 50,000 instructions.
    Tiny,
}

impl Room {
    fn budget(self) -> Budget {
        let (flash, ram, instructions) = match self {
            Self::Large => (64 * 1024, 8 * 1024, 500_000),
            Self::Small => (24 * 1024, 4 * 1024, 200_000),
            Self::Tiny => (8 * 1024, 1024, 50_000),
        };
        let (flash, ram, instructions) = (Some(flash), Some(ram), Some(instructions));
        Budget { flash, ram, instructions, ..Budget::new(Target::CortexM4) }
    }

    /// Sets that have models of this size.
    const fn sets(self) -> &'static [&'static str] {
        match self {
            Self::Large | Self::Small => &["lis-alphabet", "wisdm", "isolet"],
            Self::Tiny => &["uci-emg", "spar", "racketsports", "wisdm"],
        }
    }

    const fn plot(self) -> &'static str {
        match self {
            Self::Large => "settings.svg",
            Self::Small => "settings-small.svg",
            Self::Tiny => "settings-tiny.svg",
        }
    }
}

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
    /// Seconds, and the accuracy of settings in cross-validation, as they came.
    tried: Vec<(f64, f64)>,
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
    /// Seconds that all runs had.
    end: f64,
    runs: Vec<Run>,
}

/// Searches each way for `seconds` on each set with each seed, prints a table and draws a plot.
pub(crate) fn run(sets: &[String], seconds: u64, room: Room) -> Result<()> {
    let all = room.sets();
    let unknown = sets.iter().find(|set| !all.contains(&set.as_str()));
    ensure!(unknown.is_none(), "choose from {}", all.join(", "));
    let time = Duration::from_secs(seconds);
    println!(
        "| data | way | best in folds | seeds | settings tried | held out | seeds |\n|---|---|---|---|---|---|---|"
    );
    let mut panels = Vec::new();
    for &set in all.iter().filter(|&&set| sets.is_empty() || sets.iter().any(|name| name == set)) {
        let data = hdc_datasets::load(set, &Options { part: Some(Part::Train), ..Options::default() })?;
        let mut runs = Vec::new();
        for seed in SEEDS {
            let outer = outer(&data, seed)?;
            let (inside, outside) = (data.subset(&outer.train)?, data.subset(&outer.test)?);
            for way in Way::ALL {
                runs.push(
                    measure(way, &inside, &outside, seed, time, room.budget())
                        .with_context(|| format!("{set}, {way:?}"))?,
                );
            }
        }
        let end = time.as_secs_f64();
        let panel = Panel { set, end, runs };
        panel.print();
        panels.push(panel);
    }
    if sets.is_empty() {
        let path = tools::root().join("benches/record").join(room.plot());
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

fn measure(way: Way, data: &Dataset, held_out: &Dataset, seed: u64, time: Duration, budget: Budget) -> Result<Run> {
    let start = Instant::now();
    let (tried, chosen) = match way {
        Way::Ours => ours(data, &Search { budget, time, seed }, start)?,
        Way::Grid | Way::Random => {
            let mut points = grid::points(data, &budget, seed);
            if way == Way::Random {
                grid::shuffle(&mut points, seed);
            }
            let splits = folds(data, seed)?;
            let (mut tried, mut best) = (Vec::new(), None::<Trial>);
            // As many at once as there are threads, as in the search.
            for some in points.chunks(rayon::current_num_threads()) {
                if start.elapsed() >= time {
                    break;
                }
                let trials: Vec<Vec<Trial>> =
                    some.par_iter().map(|point| Trial::of(point, data, &splits)).collect::<Result<_, _>>()?;
                for trial in trials.into_iter().flatten() {
                    let accuracy = trial.accuracy().mean;
                    tried.push((start.elapsed().as_secs_f64(), accuracy));
                    if best.as_ref().is_none_or(|best| accuracy > best.accuracy().mean) {
                        best = Some(trial);
                    }
                }
            }
            (tried, best.context("nothing was tried")?.trainer)
        }
    };
    let end = start.elapsed().as_secs_f64();
    let model = chosen.fit(data)?;
    let held_out = Evaluation::of(&model.view(), held_out)?.accuracy();
    println!(
        "<!-- {} {} seed {seed}: {} tried in {end:.0} s; {chosen} at D = {} -->",
        data.name(),
        way.name(),
        tried.len(),
        chosen.dimension_bits()
    );
    Ok(Run { way, tried, held_out })
}

/// The trials on most samples of a [`Search`], and its choice.
fn ours(data: &Dataset, search: &Search, start: Instant) -> Result<(Vec<(f64, f64)>, Trainer)> {
    let folder = tempfile::tempdir()?;
    let all = RefCell::new(Vec::new());
    let found = search.run(data, &folder.path().join("journal"), &|candidate| {
        let trial = &candidate.trial;
        all.borrow_mut().push((candidate.effort(), start.elapsed().as_secs_f64(), trial.accuracy().mean));
    })?;
    let most = found.best.effort();
    let tried = all.into_inner().into_iter().filter(|trial| trial.0 == most).map(|(_, at, mean)| (at, mean)).collect();
    Ok((tried, found.best.trial.trainer))
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
