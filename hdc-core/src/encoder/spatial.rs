use super::{EncodeError, ProjectionEncoder, RecordEncoder, SymbolEncoder};
use crate::{Component, Value};

/// The encoder of one row of numbers: the channels of a time step, or the features of a window.
#[derive(Clone, Debug)]
pub enum Spatial<S> {
    /// Bound items and levels, bundled.
    Record(RecordEncoder<S>),
    /// Weighted sums against thresholds.
    Projection(ProjectionEncoder<S>),
    /// The item of one symbol.
    Symbol(SymbolEncoder<S>),
}

impl<S: AsRef<[u32]>> Spatial<S> {
    /// How many levels or symbols a number can be.
    pub const fn levels(&self) -> usize {
        match self {
            Self::Record(record) => record.quantiser.levels(),
            Self::Projection(projection) => projection.quantiser.levels(),
            Self::Symbol(symbol) => symbol.symbols.len(),
        }
    }

    /// Words of working memory for rows of `features` numbers.
    pub const fn scratch_words(&self, features: usize) -> usize {
        match self {
            Self::Record(_) => features,
            Self::Projection(_) => ProjectionEncoder::<S>::scratch_words(features),
            Self::Symbol(_) => 0,
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
            Self::Projection(projection) => {
                Component::Projection.require()?;
                projection.encode_keys(keys, features, scratch, target)
            }
            Self::Symbol(symbol) => {
                Component::Symbols.require()?;
                symbol.encode_keys(keys, target)
            }
        }
    }
}
