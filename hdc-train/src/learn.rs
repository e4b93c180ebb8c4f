//! Gradient training of what ends up binary: shared by learned hyperplanes and by [`LeHdc`](crate::LeHdc).
//!
//! All arithmetic is IEEE `f32` without fused operations, in a fixed order whatever the number of threads, so that the
//! same seed gives the same bytes.

mod adam;
mod gaussian;
mod hyperplanes;
mod matrix;
mod network;
mod readout;
mod symbols;
mod tables;
mod vectors;

pub(crate) use adam::Step as AdamStep;
pub(crate) use gaussian::Gaussian;
pub(crate) use hyperplanes::{Hyperplanes, ternary};
pub(crate) use matrix::{Matrix, multiply};
pub(crate) use readout::Readout;
pub(crate) use symbols::Symbols;
pub(crate) use tables::Tables;

pub use network::Learn;

/// The gradient of the mean cross-entropy with respect to the logits, in their place: `softmax - target`, over the
/// number of samples. A class has `each` logits, one after the other, whose probabilities add up to its own; so the target of
/// a sample is shared out among those of its class by a softmax of their own.
pub(crate) fn cross_entropy_gradient(logits: &mut Matrix, labels: impl Iterator<Item = usize>, each: usize) {
    let rows = logits.rows() as f32;
    let mut target = vec![0.0; each];
    for (row, label) in logits.rows_mut().zip(labels) {
        let own = label * each..(label + 1) * each;
        target.copy_from_slice(&row[own.clone()]);
        softmax(&mut target);
        softmax(row);
        row.iter_mut().for_each(|share| *share /= rows);
        row[own].iter_mut().zip(&target).for_each(|(share, target)| *share -= target / rows);
    }
}

/// From logits to probabilities.
fn softmax(logits: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = libm::expf(*logit - most);
        sum += *logit;
    }
    logits.iter_mut().for_each(|logit| *logit /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of `-ln p(class)`, where the probabilities of a class's logits add up.
    fn loss(logits: &Matrix, labels: &[usize], each: usize) -> f64 {
        let of = |row: &[f32], label: usize| {
            let sum = |logits: &[f32]| logits.iter().map(|&logit| f64::from(logit).exp()).sum::<f64>();
            -(sum(&row[label * each..(label + 1) * each]) / sum(row)).ln()
        };
        let losses = labels.iter().enumerate().map(|(at, &label)| of(logits.row(at), label));
        losses.sum::<f64>() / labels.len() as f64
    }

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        for each in [1, 2, 3] {
            let (labels, columns) = ([1, 0, 1], 2 * each);
            let start: Vec<f32> = (0..3 * columns).map(|at| ((at * 37 % 17) as f32 - 8.0) / 5.0).collect();
            let mut gradient = Matrix::new(start.clone(), columns);
            cross_entropy_gradient(&mut gradient, labels.into_iter(), each);
            for at in 0..start.len() {
                let moved = |by: f32| {
                    let mut logits = Matrix::new(start.clone(), columns);
                    logits.values_mut()[at] += by;
                    loss(&logits, &labels, each)
                };
                let slope = (moved(0.01) - moved(-0.01)) / 0.02;
                let got = f64::from(gradient.values()[at]);
                assert!((got - slope).abs() < 1e-4, "{each} a class, logit {at}: {got} for {slope}");
            }
        }
    }

    #[test]
    fn a_class_that_is_out_of_the_question_has_a_gradient_all_the_same() {
        let mut gradient = Matrix::new(vec![-500.0, -502.0, 300.0, 0.0], 4);
        cross_entropy_gradient(&mut gradient, std::iter::once(0), 2);
        assert!(gradient.values().iter().all(|share| share.is_finite()), "{gradient:?}");
        assert!((gradient.values()[..2].iter().sum::<f32>() + 1.0).abs() < 1e-6, "{gradient:?}");
    }
}
