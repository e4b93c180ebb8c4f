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
