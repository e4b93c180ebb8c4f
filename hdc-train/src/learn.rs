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

/// The gradient of the mean cross-entropy with respect to the logits, in their place: `softmax - one-hot`, over the
/// number of samples. With `smoothing` s the target is 1 - s for the label and s / K for all.
pub(crate) fn cross_entropy_gradient(logits: &mut Matrix, labels: impl Iterator<Item = usize>, smoothing: f32) {
    let (rows, classes) = (logits.rows() as f32, logits.columns() as f32);
    for (row, label) in logits.rows_mut().zip(labels) {
        let most = row.iter().copied().fold(f32::MIN, f32::max);
        let mut sum = 0.0;
        for logit in row.iter_mut() {
            *logit = libm::expf(*logit - most);
            sum += *logit;
        }
        for logit in row.iter_mut() {
            *logit = (*logit / sum - smoothing / classes) / rows;
        }
        row[label] -= (1.0 - smoothing) / rows;
    }
}
