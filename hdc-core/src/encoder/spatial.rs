use super::{
    AdditiveTable, EncodeError, IntegerBundle, ProjectionEncoder, RecordEncoder, SymbolEncoder, TernaryEncoder,
};
use crate::{Component, Tie, Value};

/// The encoder of one row of numbers: the channels of a time step, or the features of a window.
#[derive(Clone, Debug)]
pub enum Spatial<S> {
    /// Bound items and levels, bundled.
    Record(RecordEncoder<S>),
    /// Weighted sums against thresholds.
    Projection(ProjectionEncoder<S>),
    /// The same with weights of -1, 0 and 1.
    Ternary(TernaryEncoder<S>),
    /// The item of one symbol.
    Symbol(SymbolEncoder<S>),
    /// Bound items and levels, bundled to integers: see [`IntegerBundle`].
    Integer(RecordEncoder<S>),
    /// The distances of such a bundle to the classes, in place of a hypervector.
    Table(AdditiveTable<S>),
}

impl<S: AsRef<[u32]>> Spatial<S> {
    /// How many levels or symbols a number can be.
    pub const fn levels(&self) -> usize {
        match self {
            Self::Record(record) | Self::Integer(record) => record.quantiser.levels(),
            Self::Table(table) => table.quantiser.levels(),
            Self::Projection(projection) => projection.quantiser.levels(),
            Self::Ternary(ternary) => ternary.quantiser.levels(),
            Self::Symbol(symbol) => symbol.symbols.len(),
        }
    }

    /// Words of working memory for rows of `features` numbers and hypervectors of `words` words.
    pub const fn scratch_words(&self, features: usize, words: usize) -> usize {
        match self {
            Self::Record(_) | Self::Integer(_) | Self::Table(_) => features,
            Self::Projection(_) => ProjectionEncoder::<S>::scratch_words(features),
            Self::Ternary(_) => TernaryEncoder::<S>::scratch_words(features, words),
            Self::Symbol(_) => 0,
        }
    }

    /// Whether the encoding of several rows is the sum of theirs.
    pub const fn is_additive(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Table(_))
    }

    /// Words of the encoding of rows of `total` numbers together, for hypervectors of `words` words.
    pub fn query_words(&self, words: usize, total: usize) -> usize {
        match self {
            Self::Integer(record) => IntegerBundle { total, tie: record.tie }.digits().saturating_mul(words),
            Self::Table(table) => table.distance_words(),
            Self::Record(_) | Self::Projection(_) | Self::Ternary(_) | Self::Symbol(_) => words,
        }
    }

    /// Where the sum over rows of `total` numbers together starts, if it is one.
    pub(crate) fn begin(&self, total: usize, target: &mut [u32]) {
        match self {
            Self::Integer(record) => IntegerBundle { total, tie: record.tie }.begin(target),
            Self::Table(table) => table.begin(target),
            Self::Record(_) | Self::Projection(_) | Self::Ternary(_) | Self::Symbol(_) => {}
        }
    }

    /// Encodes `row` into `target` ([`query_words`](Self::query_words) words).
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
        self.begin(features, target);
        self.add_keys(keys, (features, features), scratch, target)
    }

    /// The same, of a row of `features` numbers out of `total`; where the encoding is additive, the row is added to what is
    /// in `target`.
    pub(crate) fn add_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        (features, total): (usize, usize),
        scratch: &mut [u32],
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        match self {
            Self::Integer(record) => {
                Component::IntegerRecord.require()?;
                // The tie does not change the number of digits.
                let digits = IntegerBundle { total, tie: Tie::Zero }.digits();
                record.add_keys(keys, target.len().checked_div(digits).unwrap_or(0), scratch, target)
            }
            Self::Table(table) => {
                Component::Table.require()?;
                table.add_keys(keys, features, scratch, target)
            }
            Self::Record(record) => record.encode_keys(keys, scratch, target),
            Self::Projection(projection) => {
                Component::Projection.require()?;
                projection.encode_keys(keys, features, scratch, target)
            }
            Self::Ternary(ternary) => {
                Component::TernaryProjection.require()?;
                ternary.encode_keys(keys, features, scratch, target)
            }
            Self::Symbol(symbol) => {
                Component::Symbols.require()?;
                symbol.encode_keys(keys, target)
            }
        }
    }
}
