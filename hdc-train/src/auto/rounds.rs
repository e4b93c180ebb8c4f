//! Cross-validation on a part of the samples.

use crate::dataset::Dataset;
use crate::encoded::Encoded;
use crate::error::TrainError;
use crate::method::Prototypes;
use crate::progress::silent;
use crate::split::Split;
use crate::trainer::Trainer;

/// Training samples of a fold in the first round; each later round has four times as many.
pub(crate) const FIRST_ROUND: usize = 1000;

/// What a slow machine does; only what is sure to take too long is left out by it.
pub(crate) const OPERATIONS_A_SECOND: f64 = 2e10;

/// The samples of one fold that a round uses.
pub(crate) struct Fold {
    pub(crate) train: Dataset,
    pub(crate) test: Dataset,
}

/// The folds `splits` of `data`, cut down to `samples` training samples, evenly in each class.
pub(crate) fn round(data: &Dataset, splits: &[Split], samples: usize) -> Result<Vec<Fold>, TrainError> {
    let fold = |split: &Split| {
        let side = |side: &[usize]| data.subset(&thin(data, side, samples));
        Ok(Fold { train: side(&split.train)?, test: side(&split.test)? })
    };
    splits.iter().map(fold).collect()
}

/// Trains trainers that encode alike on every fold, on the same encoded samples; `each` gets the place of the trainer, its
/// class hypervectors and the encoded test side, fold by fold.
pub(crate) fn measure(
    alike: &[&Trainer],
    folds: &[Fold],
    mut each: impl FnMut(usize, &Prototypes, &Encoded),
) -> Result<(), TrainError> {
    for Fold { train, test } in folds {
        let (encoders, train) = alike[0].encoded(train, &silent)?;
        let test = encoders.encode(test, &silent)?;
        for (place, trainer) in alike.iter().enumerate() {
            each(place, &trainer.prototypes(&train, &silent), &test);
        }
    }
    Ok(())
}

/// At most `most` of the samples `side`, in their order: of each class its share, at equal distances.
fn thin(data: &Dataset, side: &[usize], most: usize) -> Vec<usize> {
    let mut by_class = side.to_vec();
    by_class.sort_by_key(|&sample| data.labels()[sample]);
    let kept = most.min(side.len());
    let mut chosen: Vec<usize> = (0..kept).map(|place| by_class[place * side.len() / kept]).collect();
    // A class too small for its share keeps its first sample.
    for pair in by_class.windows(2).filter(|pair| data.labels()[pair[0]] != data.labels()[pair[1]]) {
        chosen.push(pair[1]);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
