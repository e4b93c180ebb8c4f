use super::EncodeError;
use crate::{Quantiser, kernel};

/// Projection encoding of one row of F numbers: bit i is 1 where `sum_f W[i][f] v(x_f) > theta_i`.
///
/// `v` maps the level of a number to a small integer, the same for all features; W has a row of `i8` for
/// every dimension. Rows of random numbers make random hyperplanes, whose bits differ in proportion to the
/// angle between two inputs (Charikar 2002); a map into a better space (whitened, discriminant) is folded
/// into W when it is fitted, and so are learned hyperplanes.
#[derive(Clone, Debug)]
pub struct ProjectionEncoder<S> {
    /// From numbers to levels, a set of thresholds a feature.
    pub quantiser: Quantiser<S>,
    /// `v`: one `i8` a level, four a word.
    pub values: S,
    /// W: `D x F` of `i8`, four a word, every row filled up to whole words with zeros.
    pub weights: S,
    /// theta: one `i32` a dimension.
    pub thresholds: S,
}

/// Words that hold `count` numbers of `i8`.
pub(crate) const fn bytes_to_words(count: usize) -> usize {
    count.div_ceil(4)
}

impl<S: AsRef<[u32]>> ProjectionEncoder<S> {
    /// Words of working memory for rows of `features` numbers: the values as `i16`, as many as W has columns.
    pub const fn scratch_words(features: usize) -> usize {
        bytes_to_words(features) * 2
    }

    /// Encodes the row whose `features` numbers have these [keys](crate::Value::key) into `target` (`D / 32` words).
    /// Costs `D F` multiplications of 8 by 16 bits, and `F log2(M)` comparisons.
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
        let values = self.values_of(keys, features, scratch)?;
        self.project_values(values, 0, target);
        Ok(())
    }

    /// The value of each feature as `i16`, two a word, in the first words of `scratch`.
    #[inline]
    pub(crate) fn values_of<'a>(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        features: usize,
        scratch: &'a mut [u32],
    ) -> Result<&'a [u32], EncodeError> {
        let (expected, got) = (Self::scratch_words(features), scratch.len());
        let values = scratch.get_mut(..expected).ok_or(EncodeError::Scratch { expected, got })?;
        values.fill(0);
        let table: &[i8] = bytemuck::cast_slice(self.values.as_ref());
        let numbers: &mut [i16] = bytemuck::cast_slice_mut(values);
        for (feature, (value, key)) in numbers.iter_mut().zip(keys).enumerate() {
            let level = self.quantiser.level_of(feature, key.ok_or(EncodeError::NotFinite { index: feature })?);
            *value = table.get(level).copied().unwrap_or(0).into();
        }
        Ok(values)
    }

    /// The words of `target` from `from` on, for these values.
    #[inline]
    pub(crate) fn project_values(&self, values: &[u32], from: usize, target: &mut [u32]) {
        let first = from.saturating_mul(32);
        // Half as many words of weights as of values.
        let weights = self.weights.as_ref().get(first.saturating_mul(values.len() / 2)..).unwrap_or(&[]);
        let thresholds = self.thresholds.as_ref().get(first..).unwrap_or(&[]);
        kernel::project(weights, values, thresholds, target.get_mut(from..).unwrap_or_default());
    }
}
