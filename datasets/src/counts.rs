//! What a loaded data set holds, in numbers.

use hdc_train::{Dataset, Part};

/// How many samples a data set has, in all and by class, group and part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// All samples.
    pub samples: usize,
    /// Samples of every class, in the order of the classes.
    pub classes: Vec<usize>,
    /// Samples of every group, in the order of the groups.
    pub groups: Vec<usize>,
    /// Samples to train and to test with, where the source splits.
    pub parts: Option<(usize, usize)>,
}

/// Counts the samples of `data`.
pub fn counts(data: &Dataset) -> Counts {
    let tally = |names: usize, indices: &[usize]| {
        let mut counts = vec![0; names];
        for &index in indices {
            counts[index] += 1;
        }
        counts
    };
    Counts {
        samples: data.len(),
        classes: tally(data.classes().len(), data.labels()),
        groups: tally(data.groups().len(), data.group_of()),
        parts: data.parts().map(|parts| {
            let train = parts.iter().filter(|&&part| part == Part::Train).count();
            (train, parts.len() - train)
        }),
    }
}
