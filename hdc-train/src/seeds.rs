//! The choice of the seed by cross-validation.

use rayon::prelude::*;

use crate::auto::Trial;
use crate::auto::rounds::{measure, round};
use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::split::folds;
use crate::trainer::Trainer;

impl Trainer {
    /// Tries this trainer with `seeds` seeds, its own and those that follow it, in cross-validation within `data`, and returns
    /// all trials, the most accurate first; of equals the lower seed.
    ///
    /// A seed draws memories or hyperplanes, so some are luckier than others, and a lucky one costs a chip nothing. But
    /// folds see little of that luck: with 64 or 128 dimensions the best of 16 seeds was a point better than their mean on
    /// samples apart, with 256 no better. Choosing among twice as many dimensions gains more and takes one training, so
    /// where [`order`](crate::reduce::order) goes, prefer that. All seeds are measured on the same [`folds`], the best of
    /// which is optimistic: measure the model on other samples.
    ///
    /// Takes `seeds` cross-validations, several at once, which tell `report` their results in any order. The same data give
    /// the same trials, on any number of threads. Train with `trainer` of the first afterwards.
    ///
    /// # Errors
    /// If the data cannot be learned from, no class has two samples, or there is no seed to try.
    pub fn best_seeds(
        &self,
        data: &Dataset,
        seeds: usize,
        report: &(dyn Fn(&Trial) + Sync),
    ) -> Result<Vec<Trial>, TrainError> {
        if seeds == 0 {
            return Err(TrainError::Seeds);
        }
        let (_, filtered) = self.filtered(data)?;
        self.check(&filtered)?;
        let folds = round(&filtered, &folds(&filtered, self.seed)?, data.len())?;
        let samples = folds.iter().map(|fold| fold.train.len()).max().unwrap_or(0);
        let trial = |number: usize| {
            let trainer = self.clone().seed(self.seed.wrapping_add(number as u64));
            let mut accuracies = Vec::new();
            measure(&[&trainer], &folds, |_, prototypes, test| {
                accuracies.push(test.accuracy(&prototypes.memory(test.words())).into());
            })?;
            let trial = Trial { trainer, samples, accuracies };
            report(&trial);
            Ok(trial)
        };
        let mut trials = (0..seeds).into_par_iter().map(trial).collect::<Result<Vec<Trial>, TrainError>>()?;
        trials.sort_by(|a, b| b.accuracy().mean.total_cmp(&a.accuracy().mean));
        Ok(trials)
    }
}
