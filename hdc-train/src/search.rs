//! The best model within a budget of flash, RAM and instructions.

mod front;
mod journal;
mod proposals;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hdc_core::model::Source;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use thiserror::Error;

use self::front::{choice, front};
use self::journal::{Journal, Record};
use self::proposals::Proposals;
use crate::auto::rounds::{FIRST_ROUND, OPERATIONS_A_SECOND, measure, round};
use crate::auto::{Trial, settings};
use crate::cost::{Cost, Target};
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::split::{Split, folds};
use crate::trainer::{Trainer, check_labels};

/// The most that a model may take on a chip; `None` is no limit.
///
/// Code and stack come on top. They are those of the program that uses the model, and differ little between models;
/// [`Cost`] has them for one that does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The chip.
    pub target: Target,
    /// Bytes of flash, for the model file.
    pub flash: Option<u64>,
    /// Bytes of RAM, for working memory.
    pub ram: Option<u64>,
    /// Instructions of one classification.
    pub instructions: Option<u64>,
}

impl Budget {
    /// No limit on `target`.
    pub fn new(target: Target) -> Self {
        Self { target, flash: None, ram: None, instructions: None }
    }

    /// Whether `cost` is within all limits.
    pub fn fits(&self, cost: &Cost) -> bool {
        self.excess(cost) <= 1.0
    }

    /// The largest share of a limit that is used; above 1 where it does not fit.
    fn excess(&self, cost: &Cost) -> f64 {
        let pairs = [(cost.model, self.flash), (cost.working, self.ram), (cost.instructions, self.instructions)];
        let share = |(cost, limit): (u64, Option<u64>)| limit.map(|limit| cost as f64 / limit as f64);
        pairs.into_iter().filter_map(share).fold(0.0, f64::max)
    }
}

/// In words.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = [(self.flash, "bytes of flash"), (self.ram, "bytes of RAM"), (self.instructions, "instructions")];
        let limits: Vec<String> =
            limits.iter().filter_map(|(limit, unit)| limit.map(|limit| format!("{limit} {unit}"))).collect();
        let limits = if limits.is_empty() { "no limit".into() } else { limits.join(", ") };
        write!(f, "{limits} on {}", self.target)
    }
}

/// Settings that fit the budget, and how well they did on samples that they had not learned from.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The settings and their accuracy in cross-validation.
    pub trial: Trial,
    /// What a model with these settings takes.
    pub cost: Cost,
    /// The accuracy in cross-validation when a tenth of the bits of each hypervector is flipped, 0 to 1.
    pub robustness: f64,
    /// When the trial was finished, in seconds of searching.
    pub seconds: f64,
}

/// What a [`Search`] found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The choice: the most robust of those that the most accurate one does not beat by more than half a standard error.
    pub best: Candidate,
    /// Candidates that no other one dominates, of those that were tried on most samples; the most accurate first.
    pub front: Vec<Candidate>,
    /// All candidates in the order in which they were tried. The same settings return with more samples.
    pub tried: Vec<Candidate>,
    /// The folds of the cross-validation.
    pub folds: Vec<Split>,
    /// Settings that were discarded untrained, since they cost more than the budget.
    pub discarded: usize,
}

/// Why nothing was found.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SearchError {
    /// No settings fit the budget.
    #[error(
        "no model fits {budget}: the nearest takes {} bytes of flash, {} of RAM and {} instructions; the least found of \
         each, in different models, is {flash}, {ram} and {instructions}",
        nearest.model, nearest.working, nearest.instructions
    )]
    Budget {
        /// What was asked for.
        budget: Budget,
        /// The cost of the model that is nearest to it.
        nearest: Cost,
        /// The least flash of any model that was looked at.
        flash: u64,
        /// The least RAM.
        ram: u64,
        /// The fewest instructions.
        instructions: u64,
    },
    /// No encoder takes the data.
    #[error("no encoder takes samples of this shape: check the data")]
    Nothing,
    /// The journal is of another search.
    #[error("{} is of another search, with {what}: choose another folder, or the options of that search", path.display())]
    Other {
        /// The journal.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// The journal has a line that is not a trial.
    #[error("{} is damaged in line {line}: remove that line and all after it, and search again", path.display())]
    Broken {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The journal cannot be read or written.
    #[error("cannot keep the journal {}", path.display())]
    Journal {
        /// The journal.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The data cannot be learned from.
    #[error(transparent)]
    Train(#[from] TrainError),
}

/// A search for the most accurate and most robust model within a [`Budget`].
///
/// What costs more than the budget is discarded before it is trained, since size and work of a model follow from its
/// settings. First, encodings and methods of all kinds, in modest dimensions, are compared by cross-validation on few samples,
/// and the better third goes on with four times as many (successive halving, Jamieson & Talwalkar 2016); the best of them
/// are tried in other dimensions, up to the largest that fits. Then generations of changed settings of the front go the same way: those of the most accurate
/// candidate and of others by turns. Settings that differ in stored or regenerated memories only are measured once.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The limits.
    pub budget: Budget,
    /// How long it takes, all runs on one journal together. The trial that runs then is finished.
    pub time: Duration,
    /// The seed of memories, folds and proposals.
    pub seed: u64,
}

/// The probability that a bit is flipped where robustness is measured.
const FLIPPED: f64 = 0.1;

/// The dimension in which kinds are compared first, and that of learned hyperplanes, which need few.
const MODEST: usize = 512;
const FEW: usize = 128;

/// Kinds that are tried in other dimensions.
const RESIZED: usize = 3;

/// Samples of each class, on average, that are worth a round.
const LEAST: usize = 8;

/// Settings in a generation: few, so that the best of them are soon tried on all samples, and the next ones start there.
const GENERATION: usize = 6;

/// Changes that are looked at for one new setting, before there are said to be none.
const ATTEMPTS: usize = 40;

impl Search {
    /// Searches on `data`, the training side, and appends each finished trial to the file `journal`: a search that is
    /// interrupted at any time goes on there, and goes the same way as without the interrupt. `report` is told every
    /// candidate. The same data, budget, seed and time give the same trials in the same order, as far as the time reaches;
    /// with more time, settings that take longer are tried too.
    ///
    /// # Errors
    /// If no settings fit the budget, the data cannot be learned from, or the journal is of another search or cannot be
    /// written.
    pub fn run(&self, data: &Dataset, journal: &Path, report: &dyn Fn(&Candidate)) -> Result<Found, SearchError> {
        check_labels(data)?;
        let splits = folds(data, self.seed).map_err(TrainError::from)?;
        let proposals = Proposals::new(data, &self.budget)?;
        let mut run = Run {
            search: self,
            data,
            splits,
            proposals,
            journal: None,
            report,
            before: 0.0,
            start: Instant::now(),
            seen: HashSet::new(),
            tried: Vec::new(),
            random: Xoshiro256PlusPlus::seed_from_u64(self.seed),
        };
        let mut left = run.first();
        if left.is_empty() {
            return Err(run.proposals.nothing());
        }
        // A budget that nothing fits leaves no journal behind.
        let journal = Journal::open(journal, data, &self.budget, self.seed)?;
        (run.before, run.start) = (journal.seconds, Instant::now());
        run.journal = Some(journal);
        let mut resized = false;
        while !left.is_empty() {
            let generation = left.drain(..left.len().min(GENERATION)).collect();
            if !run.halving(generation)? {
                break;
            }
            if left.is_empty() && !resized {
                left = run.resized();
                resized = true;
            }
            if left.is_empty() {
                left = run.next();
            }
        }
        let front = front(&finals(&run.tried));
        let best = choice(&front).cloned().ok_or(SearchError::Nothing)?;
        Ok(Found { best, front, tried: run.tried, folds: run.splits, discarded: run.proposals.discarded })
    }
}

/// Those that were tried on most samples.
fn finals(tried: &[Candidate]) -> Vec<Candidate> {
    let most = tried.iter().map(|candidate| candidate.trial.samples).max();
    tried.iter().filter(|candidate| Some(candidate.trial.samples) == most).cloned().collect()
}

struct Run<'a> {
    search: &'a Search,
    data: &'a Dataset,
    splits: Vec<Split>,
    proposals: Proposals<'a>,
    journal: Option<Journal>,
    report: &'a dyn Fn(&Candidate),
    /// Seconds of searching before the start.
    before: f64,
    start: Instant,
    seen: HashSet<String>,
    tried: Vec<Candidate>,
    random: Xoshiro256PlusPlus,
}

impl Run<'_> {
    /// Notes the settings; whether they are new and do not take too long.
    fn is_new(&mut self, trainer: &Trainer) -> bool {
        let seconds = trainer.operations(self.data, self.data.len()) * self.splits.len() as f64 / OPERATIONS_A_SECOND;
        seconds <= self.search.time.as_secs_f64() / 8.0 && self.seen.insert(key(trainer))
    }

    /// One of each kind, in a modest dimension: a kind is soon tried there, and what is good is good in others too.
    fn first(&mut self) -> Vec<Trainer> {
        let base = Trainer::new().dimension(256).seed(self.search.seed);
        let mut kinds: Vec<(Trainer, usize)> =
            settings::starts(&base, self.data).into_iter().map(|kind| (kind, MODEST)).collect();
        kinds.extend(settings::learned(&base, self.data).into_iter().map(|kind| (kind, FEW)));
        let mut first = Vec::new();
        let mut cheapest = None;
        for (kind, dimension) in kinds {
            let sizes = self.proposals.sizes(&kind);
            cheapest = cheapest.or_else(|| sizes.last().cloned());
            let modest = sizes.iter().find(|trainer| trainer.dimension <= dimension).or(sizes.last());
            first.extend(modest.filter(|trainer| self.is_new(trainer)).cloned());
        }
        // Without time, the cheapest still has to be tried.
        if first.is_empty() { cheapest.into_iter().collect() } else { first }
    }

    /// The most accurate kinds so far in other dimensions: the largest that fits, about twice, four times and half as many.
    fn resized(&mut self) -> Vec<Trainer> {
        let mut parents: Vec<Trainer> = Vec::new();
        for candidate in front(&finals(&self.tried)) {
            let trainer = candidate.trial.trainer.with_memories(Source::Stored);
            if !parents.iter().any(|parent| parent.is(&trainer)) {
                parents.push(trainer);
            }
        }
        let mut resized = Vec::new();
        for parent in parents.iter().take(RESIZED) {
            let sizes = self.proposals.sizes(parent);
            let nearest = |dimension: usize| sizes.iter().find(|trainer| trainer.dimension <= dimension);
            let wanted = [2, 4, usize::MAX].map(|times| nearest(parent.dimension.saturating_mul(times)));
            let wanted = wanted.into_iter().chain([nearest(parent.dimension / 2)]).flatten();
            let wanted: Vec<Trainer> = wanted.cloned().collect();
            resized.extend(wanted.into_iter().filter(|trainer| self.is_new(trainer)));
        }
        resized
    }

    /// Changes of what is on the front.
    fn next(&mut self) -> Vec<Trainer> {
        let parents = front(&finals(&self.tried));
        let mut next = Vec::new();
        for attempt in 0..GENERATION * ATTEMPTS {
            let parent = if attempt % 2 == 0 { 0 } else { self.below(parents.len()) };
            let parent = parents[parent].trial.trainer.with_memories(Source::Stored);
            let mut changes = settings::neighbours(&parent, self.data);
            changes.extend(Proposals::resizings(&parent));
            let change = self.below(changes.len());
            let mut child = changes.swap_remove(change);
            if self.proposals.variants(&child).is_empty() {
                let Some(smaller) = self.proposals.sizes(&child).into_iter().next() else { continue };
                child = smaller;
            }
            if self.is_new(&child) {
                next.push(child);
            }
            if next.len() == GENERATION {
                break;
            }
        }
        next
    }

    /// A random number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        (u128::from(self.random.next_u64()) * bound as u128 >> 64) as usize
    }

    /// Tries `trainers` on more and more samples, fewer and fewer of them; whether there was time for all.
    fn halving(&mut self, mut trainers: Vec<Trainer>) -> Result<bool, SearchError> {
        let all = self.splits.iter().map(|split| split.train.len()).max().unwrap_or(0);
        let few = FIRST_ROUND.min(all.div_ceil(4));
        let mut samples = if few < LEAST * self.data.classes().len() { all } else { few };
        loop {
            let Some(mut trials) = self.round(&trainers, samples)? else { return Ok(false) };
            if samples == all {
                return Ok(true);
            }
            trials.sort_by(|a, b| b.accuracy().mean.total_cmp(&a.accuracy().mean));
            trials.truncate(trials.len().div_ceil(3));
            trainers = trials.into_iter().map(|trial| trial.trainer).collect();
            samples = (samples * 4).min(all);
        }
    }

    /// Tries all of `trainers`, or returns nothing if there is no time for that.
    fn round(&mut self, trainers: &[Trainer], samples: usize) -> Result<Option<Vec<Trial>>, SearchError> {
        let folds = round(self.data, &self.splits, samples)?;
        let samples = folds.iter().map(|fold| fold.train.len()).max().unwrap_or(0);
        let (mut trials, mut left) = (Vec::new(), trainers.iter().collect::<Vec<&Trainer>>());
        while let Some(&first) = left.first() {
            let (alike, others): (Vec<&Trainer>, Vec<&Trainer>) =
                left.into_iter().partition(|trainer| trainer.encodes_as(first));
            left = others;
            let Some(journal) = &mut self.journal else { return Ok(None) };
            let known = |trainer: &Trainer| journal.get(&key(trainer), samples).cloned();
            let missing: Vec<&Trainer> = alike.iter().copied().filter(|trainer| known(trainer).is_none()).collect();
            if !missing.is_empty() {
                // As the journal says, not the clock: going on later then stops at the same place.
                if journal.seconds >= self.search.time.as_secs_f64() && !self.tried.is_empty() {
                    return Ok(None);
                }
                let mut results = vec![(Vec::new(), Vec::new()); missing.len()];
                measure(&missing, &folds, |place, prototypes, test| {
                    results[place].0.push(test.accuracy(&prototypes.memory(test.words())));
                    // A flip in a query and one in a class hypervector change their distance alike.
                    let flipped = test.flipped(FLIPPED, self.search.seed);
                    results[place].1.push(flipped.accuracy(&prototypes.memory(test.words())));
                })?;
                let seconds = self.before + self.start.elapsed().as_secs_f64();
                for (trainer, (accuracies, flipped)) in missing.iter().zip(results) {
                    journal.append(&Record { key: key(trainer), samples, accuracies, flipped, seconds })?;
                }
            }
            let records: Vec<(&Trainer, Record)> = alike
                .into_iter()
                .filter_map(|trainer| Some((trainer, journal.get(&key(trainer), samples)?.clone())))
                .collect();
            trials.extend(records.iter().map(|(trainer, record)| self.note(trainer, record)));
        }
        Ok(Some(trials))
    }

    /// Adds what was measured of a trainer, with either kind of memory that fits.
    fn note(&mut self, trainer: &Trainer, record: &Record) -> Trial {
        let accuracies: Vec<f64> = record.accuracies.iter().copied().map(f64::from).collect();
        let robustness = record.flipped.iter().copied().map(f64::from).sum::<f64>() / record.flipped.len() as f64;
        let trial = |trainer| Trial { trainer, samples: record.samples, accuracies: accuracies.clone() };
        for (twin, cost) in self.proposals.variants(trainer) {
            let candidate = Candidate { trial: trial(twin), cost, robustness, seconds: record.seconds };
            (self.report)(&candidate);
            self.tried.push(candidate);
        }
        trial(trainer.clone())
    }
}

/// All settings in a line.
fn key(trainer: &Trainer) -> String {
    format!("{trainer:?}")
}
