//! Which settings are tried, all of them within the budget.

use std::collections::HashMap;

use hdc_core::model::Source;

use super::run::key;
use super::{Budget, SearchError};
use crate::cost::Cost;
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::trainer::Trainer;

/// The dimensions that are tried.
pub(super) const DIMENSIONS: [usize; 17] =
    [32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192];

/// Knows what settings cost before anything is trained.
pub(super) struct Proposals<'a> {
    budget: &'a Budget,
    /// A sample of each class, a longest and a shortest one.
    few: Dataset,
    samples: usize,
    /// What fits of settings that have been looked at.
    known: HashMap<String, Vec<(Trainer, Cost)>>,
    /// Settings whose cost was above the budget.
    pub(super) discarded: usize,
    /// The least of each resource, and what fits the budget best, of those.
    least: Option<[u64; 3]>,
    nearest: Option<(f64, Cost)>,
}

impl<'a> Proposals<'a> {
    pub(super) fn new(data: &Dataset, budget: &'a Budget) -> Result<Self, TrainError> {
        let (few, samples) = (data.few()?, data.len());
        Ok(Self { budget, few, samples, known: HashMap::new(), discarded: 0, least: None, nearest: None })
    }

    /// The settings with stored and with regenerated memories, which classify alike, as far as they fit the budget.
    pub(super) fn variants(&mut self, trainer: &Trainer) -> Vec<(Trainer, Cost)> {
        let stored = trainer.with_memories(Source::Stored);
        let key = key(&stored);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let regenerated = trainer.with_memories(Source::Regenerated);
        let twins = if stored.is(&regenerated) { vec![stored] } else { vec![stored, regenerated] };
        let mut fitting = Vec::new();
        for twin in twins {
            let Ok(model) = twin.sketch(&self.few, self.samples) else { continue };
            let cost = Cost::of(&model.view(), self.budget.target);
            if self.budget.fits(&cost) {
                fitting.push((twin, cost));
            } else {
                self.discard(cost);
            }
        }
        self.known.insert(key, fitting.clone());
        fitting
    }

    fn discard(&mut self, cost: Cost) {
        self.discarded += 1;
        let own = [cost.model, cost.working, cost.instructions];
        let least = self.least.get_or_insert(own);
        least.iter_mut().zip(own).for_each(|(least, own)| *least = own.min(*least));
        let excess = self.budget.excess(&cost);
        if self.nearest.is_none_or(|(nearest, _)| excess < nearest) {
            self.nearest = Some((excess, cost));
        }
    }

    /// The same settings in all dimensions that fit, the largest first; with fewer levels if none does otherwise.
    pub(super) fn sizes(&mut self, trainer: &Trainer) -> Vec<Trainer> {
        let mut trainer = trainer.with_memories(Source::Stored);
        loop {
            // The smallest ones may be too short for two encoders.
            let mut sizes: Vec<Trainer> = DIMENSIONS.iter().map(|&dimension| trainer.resized(dimension)).collect();
            sizes.retain(|resized| resized.check_settings(&self.few).is_ok());
            // What is larger costs more.
            let fitting = sizes.partition_point(|resized| !self.variants(resized).is_empty());
            sizes.truncate(fitting);
            sizes.reverse();
            let fewer = trainer.with_half_levels();
            if !sizes.is_empty() || fewer.is(&trainer) {
                return sizes;
            }
            trainer = fewer;
        }
    }

    /// The next larger and smaller dimension.
    pub(super) fn resizings(trainer: &Trainer) -> Vec<Trainer> {
        let larger = DIMENSIONS.into_iter().find(|&dimension| dimension > trainer.dimension);
        let smaller = DIMENSIONS.into_iter().rfind(|&dimension| dimension < trainer.dimension);
        larger.into_iter().chain(smaller).map(|dimension| trainer.resized(dimension)).collect()
    }

    /// Why there is nothing to try.
    pub(super) fn nothing(&self) -> SearchError {
        match (self.least, self.nearest) {
            (Some([flash, ram, instructions]), Some((_, nearest))) => {
                SearchError::Budget { budget: *self.budget, nearest, flash, ram, instructions }
            }
            _ => SearchError::Nothing,
        }
    }
}
