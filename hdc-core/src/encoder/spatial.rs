use super::{EncodeError, ProjectionEncoder, RecordEncoder};
use crate::{Quantiser, Value};

/// The encoder of one row of numbers: the channels of a time step, or the features of a window.
#[derive(Clone, Debug)]
pub enum Spatial<S> {
    /// Bound items and levels, bundled.
    Record(RecordEncoder<S>),
    /// Weighted sums against thresholds.
    Projection(ProjectionEncoder<S>),
}

impl<S: AsRef<[u32]>> Spatial<S> {
    /// Its quantiser.
    pub const fn quantiser(&self) -> &Quantiser<S> {
        match self {
            Self::Record(record) => &record.quantiser,
            Self::Projection(projection) => &projection.quantiser,
        }
    }

    /// Words of working memory for rows of `features` numbers.
    pub const fn scratch_words(&self, features: usize) -> usize {
        match self {
            Self::Record(_) => features,
            Self::Projection(_) => ProjectionEncoder::<S>::scratch_words(features),
        }
    }

    /// Encodes `row` into `target` (`D / 32` words).
    ///
    /// # Errors
    /// If a number is not finite or `scratch` is too small.
    pub fn encode_into<V: Value>(&self, row: &[V], scratch: &mut [u32], target: &mut [u32]) -> Result<(), EncodeError> {
        self.encode_keys(row.iter().map(|value| value.key()), row.len(), scratch, target)
    }

    /// Encodes the row whose `features` numbers have these [keys](Value::key).
    pub(crate) fn encode_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        features: usize,
        scratch: &mut [u32],
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        match self {
            Self::Record(record) => record.encode_keys(keys, scratch, target),
            Self::Projection(projection) => projection.encode_keys(keys, features, scratch, target),
        }
    }
}
