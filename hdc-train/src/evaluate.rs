use std::fmt;

use hdc_core::Model;

use crate::dataset::Dataset;
use crate::predict::{PredictError, align, predict};

/// How well classes were predicted: the confusion matrix and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    classes: usize,
    confusion: Vec<usize>,
}

impl Evaluation {
    /// The evaluation of `predicted` against `truth`, both class indices below `classes`.
    ///
    /// # Panics
    /// If the lengths differ or an index is out of range.
    pub fn new(classes: usize, truth: &[usize], predicted: &[usize]) -> Self {
        assert_eq!(truth.len(), predicted.len(), "one prediction a sample");
        let mut confusion = vec![0; classes * classes];
        for (&truth, &predicted) in truth.iter().zip(predicted) {
            assert!(truth < classes && predicted < classes, "classes are below {classes}");
            confusion[truth * classes + predicted] += 1;
        }
        Self { classes, confusion }
    }

    /// The evaluation of `model` on all samples of `data`, with the classes of the model.
    ///
    /// # Errors
    /// If the samples do not fit the model, or have a label that it does not know.
    pub fn of(model: &Model<'_>, data: &Dataset) -> Result<Self, PredictError> {
        let truth = align(model, data)?;
        let predicted: Vec<usize> = predict(model, data)?.iter().map(|nearest| nearest.class).collect();
        Ok(Self::new(model.labels().count(), &truth, &predicted))
    }

    /// One evaluation for each group of `data`, in the order of its groups, those without samples left
    /// out, with the group's name. `truth` and `predicted` number the classes as the model does: see
    /// [`align`](crate::align).
    ///
    /// # Panics
    /// If there is not one truth and one prediction a sample, or a class is not below `classes`.
    pub fn by_group<'a>(
        data: &'a Dataset,
        classes: usize,
        truth: &[usize],
        predicted: &[usize],
    ) -> Vec<(&'a str, Self)> {
        assert_eq!((data.len(), data.len()), (truth.len(), predicted.len()), "one truth and one prediction a sample");
        let of = |group: usize| {
            let in_group = |index: &usize| data.group_of()[*index] == group;
            let (truth, predicted): (Vec<_>, Vec<_>) =
                (0..data.len()).filter(in_group).map(|index| (truth[index], predicted[index])).unzip();
            Self::new(classes, &truth, &predicted)
        };
        let all = data.groups().iter().enumerate().map(|(group, name)| (name.as_str(), of(group)));
        all.filter(|(_, evaluation)| evaluation.samples() > 0).collect()
    }

    /// How many samples were predicted.
    pub fn samples(&self) -> usize {
        self.confusion.iter().sum()
    }

    /// The rows of the confusion matrix: `[truth][predicted]`, in samples.
    pub fn confusion(&self) -> impl Iterator<Item = &[usize]> {
        self.confusion.chunks(self.classes.max(1))
    }

    /// Share of the samples predicted right, 0 to 1; NaN without samples.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes).map(|class| self.confusion[class * (self.classes + 1)]).sum();
        right as f64 / self.samples() as f64
    }

    /// Mean over the classes that occur of the share predicted right (recall), 0 to 1; NaN without
    /// samples.
    pub fn balanced_accuracy(&self) -> f64 {
        let recalls: Vec<f64> = self
            .confusion()
            .enumerate()
            .map(|(class, row)| (row[class], row.iter().sum::<usize>()))
            .filter(|&(_, all)| all > 0)
            .map(|(right, all)| right as f64 / all as f64)
            .collect();
        recalls.iter().sum::<f64>() / recalls.len() as f64
    }
}

/// Mean and sample standard deviation of a figure over folds, subjects or seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with `n - 1`; 0 for one figure.
    pub deviation: f64,
}

impl Spread {
    /// The spread of `figures`; NaN without any.
    pub fn of(figures: &[f64]) -> Self {
        let n = figures.len() as f64;
        let mean = figures.iter().sum::<f64>() / n;
        let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
        Self { mean, deviation: (squares / (n - 1.0).max(1.0)).sqrt() }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} +- {:.3}", self.mean, self.deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_accuracy_is_the_mean_recall_of_the_classes_that_occur() {
        // Class 0: 3 of 4 right, class 1: 0 of 1, class 2 does not occur.
        let evaluation = Evaluation::new(3, &[0, 0, 0, 0, 1], &[0, 0, 0, 2, 0]);
        assert!((evaluation.accuracy() - 0.6).abs() < 1e-12);
        assert!((evaluation.balanced_accuracy() - 0.375).abs() < 1e-12);
        let rows: Vec<_> = evaluation.confusion().collect();
        assert_eq!(rows, [[3, 0, 1], [1, 0, 0], [0, 0, 0]]);
        assert!(Evaluation::new(2, &[], &[]).accuracy().is_nan());
    }

    #[test]
    fn the_spread_is_the_sample_deviation() {
        let spread = Spread::of(&[1.0, 2.0, 3.0]);
        assert!((spread.mean - 2.0).abs() < 1e-12 && (spread.deviation - 1.0).abs() < 1e-12);
        assert!(Spread::of(&[5.0]).deviation.abs() < 1e-12);
    }
}
