//! The best model within a budget of flash, RAM and instructions.

mod budget;
mod front;
mod journal;
mod proposals;
mod run;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

pub use self::budget::Budget;
use self::front::{choice, front};
use self::journal::Journal;
use self::run::Run;
use crate::auto::Trial;
use crate::cost::Cost;
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::split::Split;
use crate::trainer::check_labels;

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

impl Candidate {
    /// Training samples of a fold, and folds that it was tried in. The accuracies of candidates compare where this is equal.
    pub fn effort(&self) -> (usize, usize) {
        (self.trial.samples, self.trial.accuracies.len())
    }
}

/// What a [`Search`] found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The choice: the most robust of those that the most accurate one does not beat by more than half a standard error.
    pub best: Candidate,
    /// Candidates that no other one dominates, of those that were tried most; the most accurate first.
    pub front: Vec<Candidate>,
    /// All candidates in the order in which they were tried. The same settings return with more samples and folds.
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
/// settings; so is what would take more than a fifth of the time. The others race through cross-validation: all are tried
/// in one fold, of many samples first on few (successive halving, Jamieson & Talwalkar 2016), and in the other folds only the
/// better third, as far as it is not behind what has been tried already (Maron & Moore 1994). Encodings of all kinds, in modest
/// dimensions and with the fastest good method, begin; the best of them are tried in other dimensions, up to the largest that
/// fits, also with fewer levels; then come changes of single settings, of the most accurate candidate twice and of others on the
/// front once by turns, half of them in as many dimensions as the change leaves room for. Trials run in all threads.
/// Settings that differ in stored or regenerated memories only are measured once.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The limits.
    pub budget: Budget,
    /// How long it takes, all runs on one journal together. The trial that runs then is finished.
    pub time: Duration,
    /// The seed of memories, folds and proposals.
    pub seed: u64,
}

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
        let mut run = Run::new(self, data, report)?;
        let first = run.first();
        if first.is_empty() {
            return Err(run.proposals.nothing());
        }
        // A budget that nothing fits leaves no journal behind.
        run.go(first, Journal::open(journal, data, &self.budget, self.seed)?)?;
        let front = front(&run.finals());
        let best = choice(&front).cloned().ok_or(SearchError::Nothing)?;
        Ok(Found { best, front, tried: run.tried, folds: run.splits, discarded: run.proposals.discarded })
    }
}
