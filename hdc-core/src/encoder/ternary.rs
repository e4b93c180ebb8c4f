use super::EncodeError;
use super::projection::bytes_to_words;
use crate::{Quantiser, kernel};

/// Projection encoding by a matrix of -1, 0 and 1: bit i is 1 where `sum_f W[i][f] g_f v(x_f) > theta_i`.
///
/// A quarter of the flash of the [`ProjectionEncoder`](super::ProjectionEncoder), and F multiplications where that has
/// `D F`. Random sparse signs keep distances as Gaussian numbers do (Achlioptas 2003). The gains g bring the features to
/// one deviation; a space that mixes them, such as a whitened one, does not fit a ternary matrix.
///
/// Four features have one of 3^4 sums in each dimension. All of these are computed once a sample, and a dimension looks up
/// its own: one byte says which.
#[derive(Clone, Debug)]
pub struct TernaryEncoder<S> {
    /// From numbers to levels, a set of thresholds a feature.
    pub quantiser: Quantiser<S>,
    /// `v`: one `i8` a level, four a word.
    pub values: S,
    /// `g`: one `i8` a feature, four a word, filled up with zeros.
    pub gains: S,
    /// W: for every four features D bytes, each `sum_k 3^k (W[i][4 q + k] + 1)`; features that fill up the last four have 0.
    pub weights: S,
    /// theta: one `i32` a dimension.
    pub thresholds: S,
}

impl<S: AsRef<[u32]>> TernaryEncoder<S> {
    /// Words of working memory for rows of `features` numbers and hypervectors of `words` words: four features' worth of
    /// values at a time, and a sum a dimension.
    pub const fn scratch_words(features: usize, words: usize) -> usize {
        (bytes_to_words(features) * 4).saturating_add(words.saturating_mul(32))
    }

    /// Encodes the row whose `features` numbers have these [keys](crate::Value::key) into `target` (`D / 32` words).
    /// Costs `D F / 4` look-ups, and `F log2(M)` comparisons.
    ///
    /// # Errors
    /// If `scratch` is too small or a number is not finite, which is where there is no key.
    pub(crate) fn encode_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        features: usize,
        scratch: &mut [u32],
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        self.values_of(keys, features, scratch)?;
        self.project_values(features, scratch, 0, target)
    }

    /// The weighted value of each feature, in the first words of `scratch`.
    #[inline]
    pub(crate) fn values_of(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        features: usize,
        scratch: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (expected, got) = (bytes_to_words(features) * 4, scratch.len());
        let values = scratch.get_mut(..expected).ok_or(EncodeError::Scratch { expected, got })?;
        values.fill(0);
        let table: &[i8] = bytemuck::cast_slice(self.values.as_ref());
        let gains: &[i8] = bytemuck::cast_slice(self.gains.as_ref());
        for (feature, ((value, gain), key)) in values.iter_mut().zip(gains).zip(keys).enumerate() {
            let level = self.quantiser.level_of(feature, key.ok_or(EncodeError::NotFinite { index: feature })?);
            let level = i32::from(table.get(level).copied().unwrap_or(0));
            *value = (level * i32::from(*gain)).cast_unsigned();
        }
        Ok(())
    }

    /// The words of `target` from `from` on, for the values in the first words of `scratch`.
    #[inline]
    pub(crate) fn project_values(
        &self,
        features: usize,
        scratch: &mut [u32],
        from: usize,
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        let target = target.get_mut(from..).unwrap_or_default();
        let (expected, got) = (Self::scratch_words(features, target.len()), scratch.len());
        let too_small = EncodeError::Scratch { expected, got };
        let scratch = scratch.get_mut(..expected).ok_or(too_small)?;
        let (values, sums) = scratch.split_at_mut_checked(bytes_to_words(features) * 4).ok_or(too_small)?;
        sums.fill(0);
        let thresholds = self.thresholds.as_ref();
        // A byte a dimension, four in a word.
        let (stride, first) = (thresholds.len() / 4, from.saturating_mul(8));
        let codes = self.weights.as_ref().get(first..).unwrap_or(&[]);
        let thresholds = thresholds.get(from.saturating_mul(32)..).unwrap_or(&[]);
        kernel::project_ternary(codes, stride, values, thresholds, sums, target);
        Ok(())
    }
}
