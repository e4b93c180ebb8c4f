//! Limits of distances and confidence of margins, from decisions on held-out samples.

use hdc_core::model::CalibrationSpec;
use hdc_core::{EncodeError, Nearest, confidence_step};

use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::progress::{Progress, Stage};
use crate::split::folds;
use crate::trainer::Trainer;

/// A decision on a sample that the model has not learned from.
#[derive(Clone, Copy, Debug)]
struct Decision {
    found: Nearest,
    right: bool,
}

/// The rows of a [`Calibration`](hdc_core::Calibration).
pub(crate) struct Fitted {
    pub(crate) spec: CalibrationSpec,
    pub(crate) limits: Vec<u32>,
    pub(crate) steps: Vec<u32>,
}

/// Fits a calibration to the decisions that models of `trainer`, each trained on some [`folds`] of `data`, take on the
/// other fold. Costs one more training a fold.
pub(crate) fn calibrate(
    trainer: &Trainer,
    data: &Dataset,
    false_rejects: f64,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Fitted, TrainError> {
    let folds = folds(data, trainer.seed)?;
    let (mut decisions, mut farthest) = (Vec::new(), 0);
    for (done, fold) in folds.iter().enumerate() {
        progress(Progress { stage: Stage::Fold, done, total: folds.len() });
        let (train, test) = (data.subset(&fold.train)?, data.subset(&fold.test)?);
        let (encoders, train) = trainer.encoded(&train, progress)?;
        let test = encoders.encode(&test, progress)?;
        let prototypes = trainer.prototypes(&train, progress);
        let memory = prototypes.memory(train.words());
        farthest = train.farthest();
        for (sample, &label) in test.labels().iter().enumerate() {
            let none = EncodeError::Length { expected: 0, got: 0 };
            let found = memory.nearest(test.row(sample)).ok_or(none)?;
            decisions.push(Decision { found, right: found.class == label });
        }
    }
    progress(Progress { stage: Stage::Fold, done: folds.len(), total: folds.len() });
    let limits =
        (0..data.classes().len()).map(|class| limit(&decisions, class, false_rejects).unwrap_or(farthest)).collect();
    let steps = steps(&mut decisions);
    Ok(Fitted {
        spec: CalibrationSpec { false_rejects: false_rejects as f32, steps: steps.len() as u32 },
        limits,
        steps,
    })
}

/// The conformal quantile of the distances at which `class` was rightly found: the next sample of the class that is
/// named rightly lies farther with a probability of at most `false_rejects`. None if there are too few to tell.
fn limit(decisions: &[Decision], class: usize, false_rejects: f64) -> Option<u32> {
    let own = decisions.iter().filter(|decision| decision.right && decision.found.class == class);
    let mut distances: Vec<u32> = own.map(|decision| decision.found.distance).collect();
    distances.sort_unstable();
    let rank = ((distances.len() + 1) as f64 * (1.0 - false_rejects)).ceil() as usize;
    distances.get(rank.max(1) - 1).copied()
}

/// Decisions in a step of the confidence, at least.
const STEP: usize = 20;

/// The most steps.
const MOST_STEPS: usize = 16;

/// The steps of the confidence: isotonic regression of right or wrong on the margin, by pooling adjacent violators. No
/// number of samples makes it 100 percent.
fn steps(decisions: &mut [Decision]) -> Vec<u32> {
    struct Pool {
        margin: u32,
        right: usize,
        all: usize,
    }
    decisions.sort_by_key(|decision| decision.found.margin);
    let size = decisions.len().div_ceil(MOST_STEPS).max(STEP);
    let mut pools: Vec<Pool> = Vec::new();
    for decision in &*decisions {
        let Nearest { margin, .. } = decision.found;
        let right = usize::from(decision.right);
        match pools.last_mut() {
            // Equal margins have one confidence.
            Some(last) if last.all < size || last.margin == margin => {
                last.right += right;
                last.all += 1;
            }
            _ => pools.push(Pool { margin, right, all: 1 }),
        }
    }
    let share = |pool: &Pool| (pool.right as f64 + 0.5) / (pool.all as f64 + 1.0);
    let mut rising: Vec<Pool> = Vec::new();
    for mut pool in pools {
        while let Some(last) = rising.pop_if(|last| share(last) >= share(&pool)) {
            pool = Pool { margin: last.margin, right: last.right + pool.right, all: last.all + pool.all };
        }
        rising.push(pool);
    }
    // What lies below the least margin seen has the confidence of that.
    if let Some(first) = rising.first_mut() {
        first.margin = 0;
    }
    rising.iter().map(|pool| confidence_step(pool.margin, (share(pool) * 100.0).round().min(99.0) as u8)).collect()
}

/// The expected calibration error: how far the confidence is from the share of right decisions, on average over ten
/// ranges of confidence (Guo et al. 2017), 0 to 1. `confidences` are in percent; NaN without any.
///
/// # Panics
/// If there is not one confidence a decision.
pub fn calibration_error(confidences: &[u8], right: &[bool]) -> f64 {
    assert_eq!(confidences.len(), right.len(), "one confidence a decision");
    let mut ranges = [(0.0, 0.0); 10];
    for (&confidence, &right) in confidences.iter().zip(right) {
        let (sum, rights) = &mut ranges[usize::from(confidence / 10).min(9)];
        *sum += f64::from(confidence) / 100.0;
        *rights += f64::from(u8::from(right));
    }
    ranges.iter().map(|(sum, rights): &(f64, f64)| (sum - rights).abs()).sum::<f64>() / right.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(distance: u32, margin: u32, right: bool) -> Decision {
        Decision { found: Nearest { class: 0, distance, margin }, right }
    }

    #[test]
    fn the_limit_rejects_the_stated_share() {
        let decisions: Vec<Decision> = (1..=99).map(|distance| decision(distance, 0, true)).collect();
        assert_eq!(limit(&decisions, 0, 0.1), Some(90));
        assert_eq!(limit(&decisions, 0, 0.01), Some(99));
        assert_eq!(limit(&decisions, 0, 0.005), None);
        assert_eq!(limit(&decisions, 1, 0.5), None);
        assert_eq!(limit(&[decision(5, 0, false)], 0, 0.5), None);
    }

    #[test]
    fn confidence_rises_and_fits_the_share_that_was_right() {
        // Right in 1 of 2 up to margin 99, in all cases from there on.
        let mut decisions: Vec<Decision> =
            (0..200).map(|at| decision(0, at, at >= 100 || at.is_multiple_of(2))).collect();
        let found = steps(&mut decisions);
        let margins: Vec<u32> = found.iter().map(|step| step >> 8).collect();
        let percents: Vec<u32> = found.iter().map(|step| step & 0xff).collect();
        assert!(margins[0] == 0 && margins.is_sorted() && percents.is_sorted(), "{margins:?} {percents:?}");
        assert_eq!((percents.first(), percents.last(), margins.last()), (Some(&50), Some(&99), Some(&100)));
        let confidences: Vec<u8> = vec![50; 4].into_iter().chain([100; 4]).collect();
        let right = [true, false, true, false, true, true, true, false];
        assert!((calibration_error(&confidences, &right) - 0.125).abs() < 1e-12);
    }
}
