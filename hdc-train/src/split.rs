//! Ways to divide a data set into samples to fit and samples to measure.

use thiserror::Error;

use crate::dataset::{Dataset, Part};
use crate::shuffle::Shuffle;

/// Indices of the samples to train on and of those to test on; disjoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What the test side is called: a fold's number, a group's name.
    pub name: String,
    /// Samples to fit.
    pub train: Vec<usize>,
    /// Samples to measure.
    pub test: Vec<usize>,
}

/// Why a data set cannot be divided that way.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum SplitError {
    /// The source assigns no parts, or only one.
    #[error("`{name}` has no {missing} samples of its own: choose another split")]
    NoPart {
        /// The data set.
        name: String,
        /// `train` or `test`.
        missing: &'static str,
    },
    /// There is nothing to leave out.
    #[error("`{name}` has {got} group(s) with samples, leaving one out takes at least 2")]
    Groups {
        /// The data set.
        name: String,
        /// Groups with samples.
        got: usize,
    },
    /// The number of folds does not fit.
    #[error("{folds} folds of {samples} samples: choose between 2 and the number of samples")]
    Folds {
        /// Folds asked for.
        folds: usize,
        /// Samples there are.
        samples: usize,
    },
    /// No class can be both trained and tested.
    #[error("no class of `{name}` has samples on both sides of a fold: add samples, or groups that share classes")]
    Alone {
        /// The data set.
        name: String,
    },
    /// The share is not a share.
    #[error("the training share {share} is not between 0 and 1")]
    Share {
        /// Share asked for.
        share: f64,
    },
}

/// The split that the source itself gives.
///
/// # Errors
/// If it gives none, or one side is empty.
pub fn given(data: &Dataset) -> Result<Split, SplitError> {
    let side = |wanted: Part| -> Vec<usize> {
        let parts = data.parts().unwrap_or(&[]);
        (0..parts.len()).filter(|&index| parts[index] == wanted).collect()
    };
    let split = Split { name: "test".into(), train: side(Part::Train), test: side(Part::Test) };
    match (split.train.is_empty(), split.test.is_empty()) {
        (true, _) => Err(SplitError::NoPart { name: data.name().into(), missing: "train" }),
        (_, true) => Err(SplitError::NoPart { name: data.name().into(), missing: "test" }),
        _ => Ok(split),
    }
}

/// `folds` splits in which every sample is tested once, shuffled by `seed` and stratified: each fold has
/// its share of every class.
///
/// Overlapping windows of one recording end up on both sides: for recordings, prefer
/// [`leave_one_group_out`] or [`by_time`].
///
/// # Errors
/// If there are fewer than two folds or more folds than samples.
pub fn k_fold(data: &Dataset, folds: usize, seed: u64) -> Result<Vec<Split>, SplitError> {
    if folds < 2 || folds > data.len() {
        return Err(SplitError::Folds { folds, samples: data.len() });
    }
    let mut order: Vec<usize> = (0..data.len()).collect();
    Shuffle::new(seed).shuffle(&mut order);
    order.sort_by_key(|&index| data.labels()[index]);
    let fold_of = |place: usize| place % folds;
    let splits = (0..folds).map(|fold| {
        let pick = |test: bool| {
            let mut side: Vec<usize> =
                (0..order.len()).filter(|&place| (fold_of(place) == fold) == test).map(|place| order[place]).collect();
            side.sort_unstable();
            side
        };
        Split { name: format!("fold {}", fold + 1), train: pick(false), test: pick(true) }
    });
    Ok(splits.collect())
}

/// One split for each group with samples: the group is tested, all others train.
///
/// # Errors
/// If fewer than two groups have samples.
pub fn leave_one_group_out(data: &Dataset) -> Result<Vec<Split>, SplitError> {
    let splits: Vec<Split> = data
        .groups()
        .iter()
        .enumerate()
        .map(|(group, name)| {
            let (test, train) = (0..data.len()).partition(|&index| data.group_of()[index] == group);
            Split { name: name.clone(), train, test }
        })
        .filter(|split| !split.test.is_empty())
        .collect();
    if splits.len() < 2 {
        return Err(SplitError::Groups { name: data.name().into(), got: splits.len() });
    }
    Ok(splits)
}

/// Trains on the first `share` of the samples of every class in every group and tests on the rest, in the
/// order of the data.
///
/// Where windows overlap, the last one that trains shares steps with the first one that tests.
///
/// # Errors
/// If `share` is not between 0 and 1, or leaves one side empty.
pub fn by_time(data: &Dataset, share: f64) -> Result<Split, SplitError> {
    if !(share > 0.0 && share < 1.0) {
        return Err(SplitError::Share { share });
    }
    let classes = data.classes().len();
    let cell = |index: usize| data.group_of()[index] * classes + data.labels()[index];
    let mut left = vec![0_usize; data.groups().len() * classes];
    (0..data.len()).for_each(|index| left[cell(index)] += 1);
    left.iter_mut().for_each(|count| *count = (*count as f64 * share).round() as usize);
    let (train, test): (Vec<usize>, Vec<usize>) = (0..data.len()).partition(|&index| {
        let left = &mut left[cell(index)];
        let trains = *left > 0;
        *left = left.saturating_sub(1);
        trains
    });
    if train.is_empty() || test.is_empty() {
        return Err(SplitError::Share { share });
    }
    Ok(Split { name: "later".into(), train, test })
}

/// The folds on which settings are chosen: no sample is tested by a model that learned from its close kin.
///
/// Where there are three groups or more, each is tested once, in at most five folds. Windows of one or two groups are
/// tested by halves, the earlier and the later half of every class and group, and feature rows in five random folds. A
/// sample whose class would not be trained otherwise is never tested.
///
/// # Errors
/// If no class has two samples that could be told apart.
pub fn folds(data: &Dataset, seed: u64) -> Result<Vec<Split>, SplitError> {
    let mut rank = vec![None; data.groups().len()];
    let mut groups = 0;
    for &group in data.group_of() {
        rank[group].get_or_insert_with(|| {
            groups += 1;
            groups - 1
        });
    }
    let mut splits = if groups >= 3 {
        let folds = groups.min(5);
        let fold_of = |sample: usize| rank[data.group_of()[sample]].unwrap_or(0) % folds;
        let split = |fold| {
            let (test, train) = (0..data.len()).partition(|&sample| fold_of(sample) == fold);
            Split { name: format!("fold {}", fold + 1), train, test }
        };
        (0..folds).map(split).collect()
    } else if data.shape().steps > 1 {
        let Split { train, test, .. } = by_time(data, 0.5)?;
        let halves = [("later half", train.clone(), test.clone()), ("earlier half", test, train)];
        halves.map(|(name, train, test)| Split { name: name.into(), train, test }).into()
    } else {
        k_fold(data, data.len().min(5), seed)?
    };
    for split in &mut splits {
        let mut trained = vec![false; data.classes().len()];
        split.train.iter().for_each(|&sample| trained[data.labels()[sample]] = true);
        let (test, moved) = split.test.iter().partition(|&&sample| trained[data.labels()[sample]]);
        split.test = test;
        split.train.extend::<Vec<usize>>(moved);
        split.train.sort_unstable();
    }
    splits.retain(|split| !split.test.is_empty());
    if splits.is_empty() {
        return Err(SplitError::Alone { name: data.name().into() });
    }
    Ok(splits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Shape;
    use crate::values::Values;

    fn data() -> Dataset {
        let names = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let labels = vec![0, 0, 0, 0, 1, 1, 1, 1, 0, 1];
        let shape = Shape { steps: 1, channels: 1 };
        Dataset::new("x", shape, Values::I16((0..10).collect()), names(&["a", "b"]), labels)
            .unwrap()
            .with_groups(names(&["g", "h", "nobody"]), vec![0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
            .unwrap()
    }

    fn is_partition(split: &Split, samples: usize) -> bool {
        let mut all = [split.train.clone(), split.test.clone()].concat();
        all.sort_unstable();
        all == (0..samples).collect::<Vec<_>>()
    }

    #[test]
    fn folds_test_every_sample_once_and_keep_the_classes() {
        let data = data();
        let folds = k_fold(&data, 5, 1).unwrap();
        let mut tested: Vec<usize> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
        tested.sort_unstable();
        assert_eq!(tested, (0..10).collect::<Vec<_>>());
        for fold in &folds {
            assert!(is_partition(fold, 10));
            assert_eq!(fold.test.iter().filter(|&&index| data.labels()[index] == 0).count(), 1);
        }
        assert_ne!(folds, k_fold(&data, 5, 2).unwrap());
        assert!(k_fold(&data, 1, 0).is_err() && k_fold(&data, 11, 0).is_err());
    }

    #[test]
    fn groups_without_samples_are_not_left_out() {
        let splits = leave_one_group_out(&data()).unwrap();
        assert_eq!(splits.iter().map(|split| split.name.as_str()).collect::<Vec<_>>(), ["g", "h"]);
        assert_eq!(splits[1].test, [8, 9]);
        assert!(splits.iter().all(|split| is_partition(split, 10)));
        let one = data().subset(&[8, 9]).unwrap();
        assert!(matches!(leave_one_group_out(&one), Err(SplitError::Groups { got: 1, .. })));
    }

    #[test]
    fn time_splits_each_class_of_each_group() {
        let split = by_time(&data(), 0.5).unwrap();
        assert_eq!(split.train, [0, 1, 4, 5, 8, 9]);
        assert!(is_partition(&split, 10));
        assert!(by_time(&data(), 1.0).is_err() && by_time(&data(), f64::NAN).is_err());
    }

    #[test]
    fn a_missing_part_is_named() {
        assert!(matches!(given(&data()), Err(SplitError::NoPart { missing: "train", .. })));
        let all_train = data().with_parts(vec![Part::Train; 10]).unwrap();
        assert!(matches!(given(&all_train), Err(SplitError::NoPart { missing: "test", .. })));
    }

    /// A data set of feature rows or windows with these labels and groups.
    fn kin(steps: usize, labels: &[usize], groups: &[usize]) -> Dataset {
        let names = |list: &[usize]| (0..=*list.iter().max().unwrap()).map(|name| name.to_string()).collect();
        let values = Values::I16(vec![0; labels.len() * steps]);
        let shape = Shape { steps, channels: 1 };
        let data = Dataset::new("kin", shape, values, names(labels), labels.to_vec()).unwrap();
        data.with_groups(names(groups), groups.to_vec()).unwrap()
    }

    #[test]
    fn folds_keep_groups_together() {
        let groups: Vec<usize> = (0..40).map(|sample| sample / 4 % 7).collect();
        let labels: Vec<usize> = (0..40).map(|sample| sample % 2).collect();
        let splits = folds(&kin(1, &labels, &groups), 1).unwrap();
        assert_eq!(splits.len(), 5);
        for split in &splits {
            assert!(split.test.iter().all(|&test| split.train.iter().all(|&train| groups[train] != groups[test])));
        }
        assert_eq!(splits.iter().map(|split| split.test.len()).sum::<usize>(), 40);
    }

    #[test]
    fn folds_of_windows_are_halves_in_time() {
        let labels = [0, 0, 0, 0, 1, 1, 1, 1];
        let splits = folds(&kin(3, &labels, &[0; 8]), 1).unwrap();
        assert_eq!(splits[0].train, [0, 1, 4, 5]);
        assert_eq!((&splits[0].test, &splits[1].test), (&splits[1].train, &splits[0].train));
    }

    #[test]
    fn a_class_that_only_one_fold_has_is_never_tested_untrained() {
        let labels = [0, 0, 0, 1, 1, 1, 2];
        let splits = folds(&kin(1, &labels, &[0; 7]), 1).unwrap();
        assert!(splits.iter().all(|split| split.train.contains(&6) && !split.test.contains(&6)), "{splits:?}");
        // A group that alone has a class.
        let splits = folds(&kin(1, &[0, 1, 0, 1, 0, 1, 2, 2], &[0, 0, 1, 1, 2, 2, 2, 2]), 1).unwrap();
        assert!(splits.iter().all(|split| split.train.contains(&6)), "{splits:?}");
        assert!(matches!(folds(&kin(1, &[0, 1], &[0, 0]), 1), Err(SplitError::Alone { .. })));
    }
}
