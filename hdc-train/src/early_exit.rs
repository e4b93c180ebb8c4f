//! The margins at which a classification stops early, from decisions on held-out samples.

use hdc_core::model::{self, Metadata, ModelError, Provenance};
use hdc_core::{Component, EarlyExit, Encoder, Model, Nearest};
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::model::ModelBuf;
use crate::predict::{PredictError, queries};
use crate::progress::{Progress, Stage};
use crate::reduce::{front_end, order};
use crate::split::folds;
use crate::trainer::Trainer;

/// Stages before that of the whole hypervector, at most: the first looks at a sixteenth of it.
const MOST_STAGES: usize = 4;

/// The share of the samples that stop at the first stage, at least: if fewer do, it takes longer to compare all than these
/// save.
const WORTH_A_STAGE: f64 = 0.25;

/// The stages that a model of `words` words may have.
pub(crate) fn most_stages(words: usize) -> usize {
    MOST_STAGES.min(words.max(1).ilog2() as usize)
}

/// The model that `trainer`, which knows of no early exit, makes of `data`, its most useful dimensions first, with the margins
/// that models of it, each trained on some [`folds`] of `data`, need on the other fold. Costs one more training a fold.
pub(crate) fn fit(
    trainer: &Trainer,
    data: &Dataset,
    disagreement: f64,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ModelBuf, TrainError> {
    let folds = folds(data, trainer.seed)?;
    let mut decisions = Vec::new();
    for (done, fold) in folds.iter().enumerate() {
        progress(Progress { stage: Stage::Fold, done, total: folds.len() });
        let (train, test) = (data.subset(&fold.train)?, data.subset(&fold.test)?);
        decisions.extend(decide(&ordered(trainer, &train, progress)?.view(), &test)?);
    }
    progress(Progress { stage: Stage::Fold, done: folds.len(), total: folds.len() });
    let margins = margins(trainer.dimension / 32, &decisions, disagreement);
    let margins = margins.ok_or(TrainError::NoEarlyExit { disagreement })?;
    Ok(with_margins(&ordered(trainer, data, progress)?.view(), &margins, disagreement)?)
}

/// The model of `data`, its most useful dimensions first, unless its memories are regenerated from a seed.
fn ordered(trainer: &Trainer, data: &Dataset, progress: &(dyn Fn(Progress) + Sync)) -> Result<ModelBuf, TrainError> {
    let model = trainer.fit_with(data, progress)?;
    let stored = !model.view().components().any(|component| component == Component::Regenerated);
    Ok(if stored { order(&model.view(), data)? } else { model })
}

/// What the stages say of each sample, the one that looks at the whole hypervector last.
fn decide(model: &Model<'_>, data: &Dataset) -> Result<Vec<Vec<Nearest>>, PredictError> {
    let (words, classes) = (model.words(), model.classes());
    let prefixes = prefixes(words);
    let decide = |query: &[u32]| -> Vec<Nearest> {
        prefixes.iter().map(|&words| classes.nearest(&query[..words]).unwrap_or_default()).collect()
    };
    Ok(queries(model, data)?.par_chunks_exact(words).map(decide).collect())
}

/// The words that the stages look at, as many as there may be.
fn prefixes(words: usize) -> Vec<usize> {
    EarlyExit { margins: vec![0; most_stages(words)] }.stages(words).map(|(words, _)| words).collect()
}

/// The margins at which stages answer, for as many stages as are worth it, if any are.
///
/// A stage of d dimensions answers from a margin of `c sqrt(d (1 - d / D))` on: by so much, up to a factor, the margin in d
/// dimensions drawn out of D differs from its share of that in all of them. So there is one number to fit, whatever the
/// stages. It is the least for which `(w + 1) / (n + 1)` is at most `disagreement`, where w of n samples get another class than
/// from all dimensions: the bound of conformal risk control (Angelopoulos, Bates, Fisch, Lei & Schuster 2022).
fn margins(words: usize, decisions: &[Vec<Nearest>], disagreement: f64) -> Option<Vec<u32>> {
    let prefixes = prefixes(words);
    let most = prefixes.len() - 1;
    // The first stages are left out, one after the other, until there is one that is worth it.
    for first in 0..most {
        let decisions: Vec<&[Nearest]> = decisions.iter().map(|all| &all[first..]).collect();
        let margins = least(&prefixes[first..], &decisions, disagreement)?;
        let stop = decisions.iter().filter(|decisions| decisions[0].margin >= margins[0]).count();
        let worth = stop as f64 >= WORTH_A_STAGE * decisions.len() as f64;
        if worth || first + 1 == most && stop > 0 {
            return Some(margins);
        }
    }
    None
}

/// The model with these margins.
fn with_margins(model: &Model<'_>, margins: &[u32], disagreement: f64) -> Result<ModelBuf, ModelError> {
    let Metadata { provenance, .. } = *model.metadata();
    let method = format!("{}; early exit, {disagreement} decided differently", provenance.method);
    let provenance = Provenance { method: &method, ..provenance };
    let metadata = Metadata { early_exit: true, provenance, ..*model.metadata() };
    let classes = (0..model.classes().len()).filter_map(|class| model.classes().row(class));
    let sections = front_end(model).chain(model.encoders().flat_map(Encoder::sections)).chain(classes);
    Ok(ModelBuf::from_written(model::write(&metadata, sections.chain([margins]))?))
}

/// The least margins for which few enough of the `decisions` differ from those of all dimensions, if there are any.
fn least(prefixes: &[usize], decisions: &[&[Nearest]], disagreement: f64) -> Option<Vec<u32>> {
    let (&whole, stages) = prefixes.split_last()?;
    let margins = |factor: f64| -> Vec<u32> {
        let margin = |&words: &usize| (factor * ((words * (whole - words)) as f64 / whole as f64).sqrt()).ceil() as u32;
        stages.iter().map(|words| margin(words).max(1)).collect()
    };
    let fits = |factor: f64| {
        let margins = margins(factor);
        let answer = |decisions: &&[Nearest]| {
            let stage = decisions.iter().zip(&margins).position(|(found, &margin)| found.margin >= margin);
            decisions[stage.unwrap_or(stages.len())].class
        };
        let wrong = decisions.iter().filter(|decisions| answer(decisions) != decisions[stages.len()].class).count();
        (wrong + 1) as f64 <= disagreement * (decisions.len() + 1) as f64
    };
    // No margin is as large as that of this factor.
    let (mut low, mut high) = (0.0, 64.0 * (whole as f64).sqrt());
    if !fits(high) {
        return None;
    }
    for _ in 0..24 {
        let middle = f64::midpoint(low, high);
        if fits(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(margins(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 samples of four words, whose margin in two words is their number; those of `wrong` are wrong then.
    fn least_of(wrong: &[usize], disagreement: f64) -> Option<Vec<u32>> {
        let decide = |at: usize| {
            let found = |class, margin| Nearest { class, distance: 0, margin };
            [found(usize::from(wrong.contains(&at)), at as u32), found(0, 9)]
        };
        let decisions: Vec<[Nearest; 2]> = (0..100).map(decide).collect();
        least(&[2, 4], &decisions.iter().map(|pair| &pair[..]).collect::<Vec<_>>(), disagreement)
    }

    #[test]
    fn margins_are_the_least_that_keep_within_the_share() {
        assert_eq!(least_of(&[], 0.009), None, "1 of 101 is more");
        assert_eq!(least_of(&[], 0.01), Some(vec![1]));
        assert_eq!(least_of(&[7, 40, 60], 0.01), Some(vec![61]));
        assert_eq!(least_of(&[7, 40, 60], 0.02), Some(vec![41]));
        assert_eq!(least_of(&[7, 40, 60], 0.03), Some(vec![8]));
        assert_eq!(least_of(&[7, 40, 60], 0.04), Some(vec![1]));
    }

    #[test]
    fn a_stage_of_fewer_dimensions_has_a_margin_as_its_deviation() {
        // Wrong at 8 of 16 words up to a margin of 40.
        let found = |class, margin| Nearest { class, distance: 0, margin };
        let decide = |margin| [found(0, 0), found(usize::from(margin <= 40), margin), found(0, 9)];
        let decisions: Vec<[Nearest; 3]> = (0..100).map(decide).collect();
        let decisions: Vec<&[Nearest]> = decisions.iter().map(|all| &all[..]).collect();
        // sqrt(2 x 14) / sqrt(8 x 8), rounded up.
        assert_eq!(least(&[2, 8, 16], &decisions, 0.01), Some(vec![27, 41]));
    }
}
