use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use hdc_core::model::Source;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::front::{Race, front};
use super::journal::{Journal, Record};
use super::proposals::{DIMENSIONS, Proposals};
use super::{Candidate, Search, SearchError};
use crate::auto::rounds::{FIRST_ROUND, Fold, OPERATIONS_A_SECOND, measure, round};
use crate::auto::{Trial, settings};
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::split::{Split, folds};
use crate::trainer::Trainer;

/// The probability that a bit is flipped where robustness is measured.
const FLIPPED: f64 = 0.1;

/// The dimension in which kinds are compared first, and that of learned hyperplanes, which need few.
const MODEST: usize = 512;
const FEW: usize = 128;

/// How often the levels are halved for more dimensions.
const HALVINGS: usize = 2;

/// Kinds that are tried in other dimensions.
const RESIZED: usize = 3;

/// Samples of each class, on average, that are worth a round.
const LEAST: usize = 8;

/// Settings in a generation: few, so that the best of them are soon tried throughout, and the next ones start there.
const GENERATION: usize = 6;

/// Changes that are looked at for one new setting, before there are said to be none.
const ATTEMPTS: usize = 40;

/// A search on its way.
pub(super) struct Run<'a> {
    search: &'a Search,
    data: &'a Dataset,
    report: &'a dyn Fn(&Candidate),
    pub(super) splits: Vec<Split>,
    pub(super) proposals: Proposals<'a>,
    pub(super) tried: Vec<Candidate>,
    seen: HashSet<String>,
    generations: usize,
    random: Xoshiro256PlusPlus,
    start: Instant,
}

/// The journal, and its seconds when this run began.
struct Clock {
    journal: Journal,
    before: f64,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        search: &'a Search,
        data: &'a Dataset,
        report: &'a dyn Fn(&Candidate),
    ) -> Result<Self, SearchError> {
        Ok(Self {
            start: Instant::now(),
            search,
            data,
            report,
            splits: folds(data, search.seed).map_err(TrainError::from)?,
            proposals: Proposals::new(data, &search.budget)?,
            tried: Vec::new(),
            seen: HashSet::new(),
            generations: 0,
            random: Xoshiro256PlusPlus::seed_from_u64(search.seed),
        })
    }

    /// Tries `first`, and what follows from it, until the time is over or there is nothing new.
    pub(super) fn go(&mut self, first: Vec<Trainer>, journal: Journal) -> Result<(), SearchError> {
        let mut clock = Clock { before: journal.seconds, journal };
        if !self.race(first, Race::Accuracy, &mut clock)? {
            return Ok(());
        }
        let resized = self.resized();
        if !self.race(resized, Race::Accuracy, &mut clock)? {
            return Ok(());
        }
        for race in [Race::Accuracy, Race::Accuracy, Race::Front].into_iter().cycle() {
            let next = self.next(race);
            if (next.is_empty() && race == Race::Front) || !self.race(next, race, &mut clock)? {
                break;
            }
        }
        Ok(())
    }

    /// Those that were tried most.
    pub(super) fn finals(&self) -> Vec<Candidate> {
        let most = self.tried.iter().map(Candidate::effort).max();
        self.tried.iter().filter(|candidate| Some(candidate.effort()) == most).cloned().collect()
    }

    /// Notes the settings; whether they are new and do not take too long.
    fn is_new(&mut self, trainer: &Trainer) -> bool {
        self.is_short(trainer) && self.seen.insert(key(trainer))
    }

    /// Whether trying the settings in all folds takes a small part of the time.
    fn is_short(&self, trainer: &Trainer) -> bool {
        let seconds = trainer.operations(self.data, self.data.len()) * self.splits.len() as f64 / OPERATIONS_A_SECOND;
        seconds <= self.search.time.as_secs_f64() / 5.0
    }

    /// The largest of `sizes`, which fall, in at most `most` dimensions that does not take too long.
    fn largest<'s>(&self, sizes: &'s [Trainer], most: usize) -> Option<&'s Trainer> {
        sizes.iter().find(|trainer| trainer.dimension <= most && self.is_short(trainer))
    }

    /// One of each kind, in a modest dimension: a kind is soon tried there, and what is good is good in others too.
    pub(super) fn first(&mut self) -> Vec<Trainer> {
        let base = Trainer::new().dimension(256).seed(self.search.seed);
        let mut kinds: Vec<(Trainer, usize)> =
            settings::starts(&base, self.data).into_iter().map(|kind| (kind, MODEST)).collect();
        kinds.extend(settings::learned(&base, self.data).into_iter().map(|kind| (kind, FEW)));
        let mut first = Vec::new();
        let mut cheapest = None;
        for (kind, dimension) in kinds {
            cheapest = cheapest.or_else(|| self.proposals.sizes(&kind).pop());
            let modest = self.modest(kind, dimension);
            first.extend(modest.filter(|trainer| self.is_new(trainer)));
        }
        // What is sooner tried comes first.
        first.sort_by(|a, b| a.operations(self.data, 1).total_cmp(&b.operations(self.data, 1)));
        // Without time, the cheapest still has to be tried.
        if first.is_empty() { cheapest.into_iter().collect() } else { first }
    }

    /// `kind` in `dimension` dimensions, or in as many as fit and do not take too long, with fewer levels if then there are more.
    fn modest(&mut self, mut kind: Trainer, dimension: usize) -> Option<Trainer> {
        let mut most: Option<Trainer> = None;
        // What takes too long in few dimensions need not be sketched.
        let halvings = if self.is_short(&kind.resized(DIMENSIONS[0])) { HALVINGS } else { return None };
        for _ in 0..=halvings {
            let sizes = self.proposals.sizes(&kind);
            let largest = self.largest(&sizes, dimension).or(sizes.last());
            let before = most.as_ref().map_or(0, |trainer| trainer.dimension);
            most = largest.filter(|trainer| trainer.dimension > before).cloned().or(most);
            if most.as_ref().is_some_and(|trainer| trainer.dimension == dimension) {
                break;
            }
            kind = kind.with_half_levels();
        }
        most
    }

    /// The most accurate kinds so far in other dimensions: about twice, four times and half as many, and the largest that fits,
    /// also with fewer levels.
    fn resized(&mut self) -> Vec<Trainer> {
        let mut parents: Vec<Trainer> = Vec::new();
        for candidate in front(&self.finals()) {
            let trainer = candidate.trial.trainer.with_memories(Source::Stored);
            if !parents.iter().any(|parent| parent.encodes_as(&trainer)) {
                parents.push(trainer);
            }
        }
        let mut resized = Vec::new();
        for parent in parents.iter().take(RESIZED) {
            let dimension = parent.dimension;
            let fewer = parent.with_half_levels();
            let fewest = fewer.with_half_levels();
            for (trainer, most) in [
                (parent, &[2 * dimension, 4 * dimension, usize::MAX, dimension / 2][..]),
                (&fewest, &[usize::MAX]),
                (&fewer, &[usize::MAX]),
            ] {
                let sizes = self.proposals.sizes(trainer);
                resized.extend(most.iter().filter_map(|&most| self.largest(&sizes, most).cloned()));
            }
        }
        resized.retain(|trainer| self.is_new(trainer));
        resized
    }

    /// Changes of the most accurate one, or of others on the front.
    fn next(&mut self, race: Race) -> Vec<Trainer> {
        let parents = front(&self.finals());
        let mut next = Vec::new();
        for _ in 0..GENERATION * ATTEMPTS {
            let parent = if race == Race::Accuracy { 0 } else { self.below(parents.len()) };
            let parent = parents[parent].trial.trainer.with_memories(Source::Stored);
            let mut changes = settings::neighbours(&parent, self.data);
            changes.extend(Proposals::resizings(&parent));
            let change = self.below(changes.len());
            let mut child = changes.swap_remove(change);
            // What takes less leaves room for more dimensions, what takes more for fewer.
            let grown = self.below(2) == 1;
            if grown || self.proposals.variants(&child).is_empty() {
                let sizes = self.proposals.sizes(&child);
                let Some(other) = self.largest(&sizes, usize::MAX).or(sizes.last()) else { continue };
                child = other.clone();
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

    /// Tries `trainers` on more and more samples and folds, fewer and fewer of them; whether there was time for all.
    fn race(&mut self, mut trainers: Vec<Trainer>, race: Race, clock: &mut Clock) -> Result<bool, SearchError> {
        // Another fold begins each time, so that settings do not come to suit one.
        let count = self.splits.len();
        let order: Vec<usize> = (0..count).map(|place| (place + self.generations) % count).collect();
        self.generations += 1;
        let others: Vec<Trainer> = trainers.iter().flat_map(|trainer| self.other_methods(trainer)).collect();
        // The name of another method may be what is too much.
        trainers.extend(
            others.into_iter().filter(|other| !self.proposals.variants(other).is_empty() && self.is_new(other)),
        );
        for (samples, folds) in self.rounds() {
            let Some(tried) = self.round(&trainers, samples, &order[..folds], clock)? else { return Ok(false) };
            trainers = self.promising(tried, &order[..folds], race);
        }
        Ok(true)
    }

    /// Training samples and number of folds: one fold with few samples and four times as many each time, then one fold more
    /// each time.
    fn rounds(&self) -> Vec<(usize, usize)> {
        let all = self.splits.iter().map(|split| split.train.len()).max().unwrap_or(0);
        let few = std::iter::successors(Some(FIRST_ROUND), |samples| Some(4 * samples));
        let few = few.take_while(|samples| 4 * samples <= all);
        let few = few.filter(|&samples| samples >= LEAST * self.data.classes().len()).map(|samples| (samples, 1));
        few.chain((1..=self.splits.len()).map(|folds| (all, folds))).collect()
    }

    /// The same with other methods, where these are little work beside the encoding.
    fn other_methods(&self, trainer: &Trainer) -> Vec<Trainer> {
        let work = |trainer: &Trainer| trainer.method_operations(self.data, self.data.len());
        let encoding = trainer.operations(self.data, self.data.len()) - work(trainer);
        let others = settings::methods(trainer).into_iter().filter(|other| 4.0 * work(other) <= encoding);
        others.filter(|other| other.check_settings(self.data).is_ok()).collect()
    }

    /// What was tried in `folds`, without what is ruled out by one that was tried in all folds; of a first fold, the better
    /// third of the encodings.
    fn promising(&self, mut tried: Vec<Vec<Candidate>>, folds: &[usize], race: Race) -> Vec<Trainer> {
        let encodings = alike(tried.iter().filter_map(|twins| Some(&twins.first()?.trial.trainer))).len();
        let kept = if folds.len() == 1 { encodings.div_ceil(3) } else { usize::MAX };
        let all = self.splits.len();
        let rivals: Vec<Candidate> =
            front(&self.finals()).into_iter().filter(|rival| rival.effort().1 == all).collect();
        tried.retain(|twins| !twins.iter().all(|twin| rivals.iter().any(|rival| rival.rules_out(twin, folds, race))));
        tried.sort_by(|a, b| b[0].trial.accuracy().mean.total_cmp(&a[0].trial.accuracy().mean));
        let groups = alike(tried.iter().map(|twins| &twins[0].trial.trainer));
        groups.into_iter().take(kept).flatten().map(|trainer| trainer.with_memories(Source::Stored)).collect()
    }

    /// Tries all of `trainers`, or returns nothing if there is no time for that. Each one is a list of its variants.
    fn round(
        &mut self,
        trainers: &[Trainer],
        samples: usize,
        folds: &[usize],
        clock: &mut Clock,
    ) -> Result<Option<Vec<Vec<Candidate>>>, SearchError> {
        let splits: Vec<Split> = folds.iter().map(|&fold| self.splits[fold].clone()).collect();
        let parts = round(self.data, &splits, samples)?;
        let groups = alike(trainers);
        let mut tasks = VecDeque::new();
        for (group, trainers) in groups.iter().enumerate() {
            for (&fold, part) in folds.iter().zip(&parts) {
                let known = |trainer: &&Trainer| clock.journal.get(&key(trainer), samples, fold).is_some();
                let missing: Vec<&Trainer> = trainers.iter().copied().filter(|trainer| !known(trainer)).collect();
                if !missing.is_empty() {
                    tasks.push_back(Task { group, trainers: missing, fold, part });
                }
            }
        }
        let mut tried = Vec::new();
        for (group, trainers) in groups.iter().enumerate() {
            // A task for each thread at a time.
            while tasks.front().is_some_and(|task| task.group == group) {
                // As the journal says, not the clock: going on later then stops at the same place.
                if clock.journal.seconds >= self.search.time.as_secs_f64() && !self.tried.is_empty() {
                    return Ok(None);
                }
                let some: Vec<Task> = tasks.drain(..rayon::current_num_threads().min(tasks.len())).collect();
                let run = |task: &Task| task.run(self.search.seed);
                let results = some.par_iter().map(run).collect::<Result<Vec<_>, TrainError>>()?;
                let seconds = clock.before + self.start.elapsed().as_secs_f64();
                for (task, results) in some.iter().zip(results) {
                    for (trainer, (accuracy, flipped)) in task.trainers.iter().zip(results) {
                        let (key, fold) = (key(trainer), task.fold);
                        clock.journal.append(Record { key, samples, fold, accuracy, flipped, seconds })?;
                    }
                }
            }
            for trainer in trainers {
                let key = key(trainer);
                let mut records: Vec<&Record> =
                    folds.iter().filter_map(|&fold| clock.journal.get(&key, samples, fold)).collect();
                records.sort_by_key(|record| record.fold);
                tried.push(self.note(trainer, &records));
            }
        }
        Ok(Some(tried))
    }

    /// Adds what was measured of a trainer, with either kind of memory that fits.
    fn note(&mut self, trainer: &Trainer, records: &[&Record]) -> Vec<Candidate> {
        let accuracies: Vec<f64> = records.iter().map(|record| record.accuracy.into()).collect();
        let robustness = records.iter().map(|record| f64::from(record.flipped)).sum::<f64>() / records.len() as f64;
        let samples = records.iter().map(|record| record.samples).max().unwrap_or(0);
        let seconds = records.iter().map(|record| record.seconds).fold(0.0, f64::max);
        let variants = self.proposals.variants(trainer).into_iter();
        let noted: Vec<Candidate> = variants
            .map(|(trainer, cost)| {
                let trial = Trial { trainer, samples, accuracies: accuracies.clone() };
                Candidate { trial, cost, robustness, seconds }
            })
            .collect();
        noted.iter().for_each(self.report);
        self.tried.extend(noted.iter().cloned());
        noted
    }
}

/// Trainers that encode alike, on one fold.
struct Task<'a> {
    /// Their place among the groups of a round.
    group: usize,
    trainers: Vec<&'a Trainer>,
    fold: usize,
    part: &'a Fold,
}

impl Task<'_> {
    /// The accuracy of each trainer, and that with flipped bits.
    fn run(&self, seed: u64) -> Result<Vec<(f32, f32)>, TrainError> {
        let mut results = Vec::new();
        measure(&self.trainers, std::slice::from_ref(self.part), |_, prototypes, test| {
            let accuracy = test.accuracy(&prototypes.memory(test.words()));
            // A flip in a query and one in a class hypervector change their distance alike.
            let flipped = test.flipped(FLIPPED, seed);
            results.push((accuracy, flipped.accuracy(&prototypes.memory(test.words()))));
        })?;
        Ok(results)
    }
}

/// Those that encode alike in groups, in the order of their first ones.
fn alike<'a>(trainers: impl IntoIterator<Item = &'a Trainer>) -> Vec<Vec<&'a Trainer>> {
    let mut groups: Vec<Vec<&Trainer>> = Vec::new();
    for trainer in trainers {
        match groups.iter_mut().find(|group| group[0].encodes_as(trainer)) {
            Some(group) => group.push(trainer),
            None => groups.push(vec![trainer]),
        }
    }
    groups
}

/// All settings in a line.
pub(super) fn key(trainer: &Trainer) -> String {
    format!("{trainer:?}")
}
