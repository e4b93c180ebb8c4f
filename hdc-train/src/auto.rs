//! The choice of encoding, training method and their settings by cross-validation.

pub(crate) mod rounds;
pub(crate) mod settings;

use std::time::{Duration, Instant};

use self::rounds::{FIRST_ROUND, Fold, OPERATIONS_A_SECOND, measure, round};
use crate::dataset::Dataset;
use crate::encoding::Encoding;
use crate::error::TrainError;
use crate::evaluate::Spread;
use crate::split::{Split, folds};
use crate::trainer::{Trainer, check_labels};

/// Settings that were tried, and how well they did on samples that they had not learned from.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The settings.
    pub trainer: Trainer,
    /// Samples that one fold trained on, at most.
    pub samples: usize,
    /// The accuracy on the test side of each fold, 0 to 1.
    pub accuracies: Vec<f64>,
}

impl Trial {
    /// Cross-validates each of `trainers` on `splits` of `data`, in their order. Those next to each other that encode alike
    /// are trained on the same encoded samples.
    ///
    /// # Errors
    /// If the data cannot be learned from with these settings.
    pub fn of(trainers: &[Trainer], data: &Dataset, splits: &[Split]) -> Result<Vec<Self>, TrainError> {
        check_labels(data)?;
        let new = |trainer: &Trainer| Self { trainer: trainer.clone(), samples: 0, accuracies: Vec::new() };
        let mut trials: Vec<Self> = trainers.iter().map(new).collect();
        for alike in trials.chunk_by_mut(|one, next| one.trainer.encodes_as(&next.trainer)) {
            let trainers: Vec<Trainer> = alike.iter().map(|trial| trial.trainer.clone()).collect();
            let (_, filtered) = trainers[0].filtered(data)?;
            trainers[0].check_settings(&filtered)?;
            let folds = round(&filtered, splits, data.len())?;
            let samples = folds.iter().map(|fold| fold.train.len()).max().unwrap_or(0);
            alike.iter_mut().for_each(|trial| trial.samples = samples);
            measure(&trainers.iter().collect::<Vec<_>>(), &folds, |place, prototypes, test| {
                alike[place].accuracies.push(test.accuracy(&prototypes.memory(test.words())).into());
            })?;
        }
        Ok(trials)
    }

    /// Mean and deviation of the accuracy over the folds.
    pub fn accuracy(&self) -> Spread {
        Spread::of(&self.accuracies)
    }

    /// Whether it beats `other` fold by fold: on average by more than half the standard error of the difference.
    pub(crate) fn beats(&self, other: &Self) -> bool {
        let gains: Vec<f64> = self.accuracies.iter().zip(&other.accuracies).map(|(own, other)| own - other).collect();
        let Spread { mean, deviation } = Spread::of(&gains);
        mean > 0.5 * deviation / (gains.len() as f64).sqrt()
    }
}

/// What [`Trainer::auto`] chose, and from what.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The settings that did best.
    pub best: Trial,
    /// All that was tried, in that order. The same settings return with more samples.
    pub trials: Vec<Trial>,
    /// How many settings were left out since trying them, or training with them, would have taken too long.
    pub left_out: usize,
}

impl Trainer {
    /// The encoding and training method, with their settings, that do best in cross-validation within `data`, at this
    /// trainer's front end, dimension and seed; its own encodings and method do not matter. With an early exit, the choice is
    /// among what can exit early, compared in all dimensions. Train with [`Choice::best`] afterwards.
    ///
    /// Folds keep together what belongs together: see [`folds`]. First, encodings and methods of all kinds are compared on
    /// few samples, and the better third goes on with four times as many (successive halving, Jamieson & Talwalkar 2016);
    /// then one setting of the best at a time is changed as long as that helps. `report` is told every trial. It ends
    /// when no change helps, or after `budget`: the trial that runs then is finished. Training with the choice takes no
    /// longer than the budget either, by estimate. With enough time the same data give the same choice, else it depends on
    /// the speed of the machine.
    ///
    /// # Errors
    /// If the data cannot be learned from, or no class has two samples.
    pub fn auto(&self, data: &Dataset, budget: Duration, report: &dyn Fn(&Trial)) -> Result<Choice, TrainError> {
        let (_, filtered) = self.filtered(data)?;
        let data = &*filtered;
        check_labels(data)?;
        // The simplest that there is.
        self.with_only(Encoding::record().ngram(1, 1)).check_settings(data)?;
        let folds = folds(data, self.seed)?;
        let start = Instant::now();
        let mut search = Search { data, folds, start, budget, report, trials: Vec::new(), left_out: 0 };
        let (best, samples) = search.halving(settings::starts(self, data))?;
        let best = search.climb(best, samples)?;
        Ok(Choice { best, trials: search.trials, left_out: search.left_out })
    }
}

struct Search<'a> {
    data: &'a Dataset,
    folds: Vec<Split>,
    start: Instant,
    budget: Duration,
    report: &'a dyn Fn(&Trial),
    trials: Vec<Trial>,
    left_out: usize,
}

impl Search<'_> {
    fn left(&self) -> Duration {
        self.budget.saturating_sub(self.start.elapsed())
    }

    /// The best of `trainers`, and on how many samples it was found.
    fn halving(&mut self, mut trainers: Vec<Trainer>) -> Result<(Trial, usize), TrainError> {
        let all = self.folds.iter().map(|split| split.train.len()).max().unwrap_or(0);
        let mut samples = FIRST_ROUND.min(all);
        loop {
            let (start, folds) = (Instant::now(), round(self.data, &self.folds, samples)?);
            let mut tried = Vec::new();
            for trainer in &trainers {
                tried.extend(self.trial(trainer, &folds, tried.is_empty())?);
            }
            // The first of equals is the simpler one.
            tried.sort_by(|a, b| b.accuracy().mean.total_cmp(&a.accuracy().mean));
            let kept = tried.len().div_ceil(3);
            let next = start.elapsed() * 4 * kept as u32 / tried.len() as u32;
            if samples == all || next > self.left() / 2 {
                return Ok((tried.swap_remove(0), samples));
            }
            samples = (samples * 4).min(all);
            trainers.retain(|trainer| tried[..kept].iter().any(|trial| trial.trainer.is(trainer)));
        }
    }

    /// Changes one setting at a time as long as that helps.
    fn climb(&mut self, mut best: Trial, samples: usize) -> Result<Trial, TrainError> {
        let folds = round(self.data, &self.folds, samples)?;
        let mut seen: Vec<Trainer> = self.trials.iter().map(|trial| trial.trainer.clone()).collect();
        'better: loop {
            for trainer in settings::neighbours(&best.trainer, self.data) {
                if seen.iter().any(|seen| seen.is(&trainer)) {
                    continue;
                }
                seen.push(trainer.clone());
                if let Some(trial) = self.trial(&trainer, &folds, false)?
                    && trial.beats(&best)
                {
                    best = trial;
                    continue 'better;
                }
            }
            return Ok(best);
        }
    }

    /// Cross-validates `trainer`; not where there is no time, unless it is `needed`.
    fn trial(&mut self, trainer: &Trainer, folds: &[Fold], needed: bool) -> Result<Option<Trial>, TrainError> {
        let samples = folds.iter().map(|fold| fold.train.len()).max().unwrap_or(0);
        let seconds = |samples: usize| trainer.operations(self.data, samples) / OPERATIONS_A_SECOND;
        let too_long = seconds(samples) * folds.len() as f64 >= self.left().as_secs_f64()
            || seconds(self.data.len()) >= self.budget.as_secs_f64();
        if too_long && !needed {
            self.left_out += 1;
            return Ok(None);
        }
        let mut trial = Trial { trainer: trainer.clone(), samples, accuracies: Vec::new() };
        measure(&[trainer], folds, |_, prototypes, test| {
            trial.accuracies.push(test.accuracy(&prototypes.memory(test.words())).into());
        })?;
        (self.report)(&trial);
        self.trials.push(trial.clone());
        Ok(Some(trial))
    }
}
