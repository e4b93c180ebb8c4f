//! The same classifier, smaller, within a loss of accuracy that is stated.

mod setting;

use self::setting::Setting;
use crate::auto::Trial;
use crate::auto::rounds::{Fold, measure, round};
use crate::cost::{Cost, Target};
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::evaluate::Spread;
use crate::split::folds;
use crate::trainer::Trainer;

/// Settings on the way to smaller ones.
#[derive(Clone, Debug)]
pub struct Step {
    /// The settings, and how well they did on samples that they had not learned from.
    pub trial: Trial,
    /// What a model with these settings takes on a Cortex-M4.
    pub cost: Cost,
    /// Whether they lose no more than is allowed; the next settings are smaller than these, then.
    pub kept: bool,
}

/// What [`Trainer::shrink`] tried.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// All steps; the first is what it began with, and is kept.
    pub steps: Vec<Step>,
}

impl Shrunk {
    /// What it began with.
    ///
    /// # Panics
    /// If there is no step, which does not happen in what [`Trainer::shrink`] returns.
    pub fn before(&self) -> &Step {
        self.steps.first().expect("the first step is what it began with")
    }

    /// The smallest settings that lose no more than is allowed.
    ///
    /// # Panics
    /// As [`before`](Self::before).
    pub fn after(&self) -> &Step {
        self.steps.iter().rfind(|step| step.kept).unwrap_or(self.before())
    }
}

/// A setting that may become smaller, and the largest of its sizes that is known to be too small.
struct Range {
    setting: Setting,
    low: usize,
}

impl Trainer {
    /// Smaller settings than these that lose at most `loss` of the accuracy (0 to 1), in cross-validation within `data`: fewer
    /// dimensions, levels, prototypes, features of a window or parts of it.
    ///
    /// Greedy, after `MicroHD` (Ponzina & Rosing 2024): each setting is searched for its least size by halving, and the next
    /// step is always that which would save most, bytes of the model and instructions on a Cortex-M4 counted as ratios. A
    /// step is kept if what it loses against the most accurate settings so far, and one standard error of that over the
    /// samples, is within `loss`: as the same [`folds`] decide every step, luck would add up otherwise. Every step is trained
    /// anew on every fold, so this takes up to some 20 cross-validations. `report` is told each step. Train with the settings
    /// of [`Shrunk::after`] afterwards.
    ///
    /// # Errors
    /// If the data cannot be learned from, no class has two samples, or the loss is not a share.
    pub fn shrink(&self, data: &Dataset, loss: f64, report: &dyn Fn(&Step)) -> Result<Shrunk, TrainError> {
        if !(0.0..1.0).contains(&loss) {
            return Err(TrainError::Loss { got: loss });
        }
        let (_, filtered) = self.filtered(data)?;
        self.check(&filtered)?;
        let splits = folds(&filtered, self.seed)?;
        let bench = Bench { few: data.few()?, samples: data.len(), folds: round(&filtered, &splits, data.len())? };
        let settings = Setting::of(self, &filtered).into_iter();
        let mut ranges: Vec<Range> = settings.map(|setting| Range { low: setting.least(self) - 1, setting }).collect();
        let (first, mut best) = bench.step(self, bench.cost(self)?)?;
        report(&first);
        let (mut now, mut steps) = (self.clone(), vec![first]);
        loop {
            let before = bench.cost(&now)?;
            let mut next: Option<(f64, usize, usize, Trainer, Cost)> = None;
            for (place, range) in ranges.iter().enumerate() {
                let size = usize::midpoint(range.low, range.setting.size(&now, &filtered));
                if size == range.low {
                    continue;
                }
                let smaller = range.setting.resized(&now, &filtered, size);
                let cost = bench.cost(&smaller)?;
                let ratio = |before: u64, after: u64| (before as f64 / after as f64).ln();
                let saving = ratio(before.model, cost.model) + ratio(before.instructions, cost.instructions);
                if saving > next.as_ref().map_or(0.0, |(most, ..)| *most) {
                    next = Some((saving, place, size, smaller, cost));
                }
            }
            let Some((_, place, size, smaller, cost)) = next else { return Ok(Shrunk { steps }) };
            let (mut step, right) = bench.step(&smaller, cost)?;
            step.kept = most_lost(&best, &right) <= loss;
            if step.kept {
                now = smaller;
            } else {
                ranges[place].low = size;
            }
            let count = |right: &[bool]| right.iter().filter(|&&right| right).count();
            if step.kept && count(&right) > count(&best) {
                best = right;
            }
            report(&step);
            steps.push(step);
        }
    }
}

/// How much less often the `smaller` is right, and one standard error.
fn most_lost(best: &[bool], smaller: &[bool]) -> f64 {
    let losses: Vec<f64> =
        best.iter().zip(smaller).map(|(&best, &smaller)| f64::from(best) - f64::from(smaller)).collect();
    let Spread { mean, deviation } = Spread::of(&losses);
    mean + deviation / (losses.len() as f64).sqrt()
}

/// What settings are measured on.
struct Bench {
    few: Dataset,
    samples: usize,
    folds: Vec<Fold>,
}

impl Bench {
    fn cost(&self, trainer: &Trainer) -> Result<Cost, TrainError> {
        Ok(Cost::of(&trainer.sketch(&self.few, self.samples)?.view(), Target::CortexM4))
    }

    /// The step, kept, and which samples it gets right.
    fn step(&self, trainer: &Trainer, cost: Cost) -> Result<(Step, Vec<bool>), TrainError> {
        let samples = self.folds.iter().map(|fold| fold.train.len()).max().unwrap_or(0);
        let mut trial = Trial { trainer: trainer.clone(), samples, accuracies: Vec::new() };
        let mut right = Vec::new();
        measure(&[trainer], &self.folds, |_, prototypes, test| {
            let memory = prototypes.memory(test.words());
            trial.accuracies.push(test.accuracy(&memory).into());
            let is_right =
                |at: usize| memory.nearest(test.row(at)).is_some_and(|found| found.class == test.labels()[at]);
            right.extend((0..test.len()).map(is_right));
        })?;
        Ok((Step { trial, cost, kept: true }, right))
    }
}
