//! From a sample of numbers to a hypervector.

mod integer;
mod ngram;
#[cfg(feature = "model")]
mod part;
mod projection;
mod record;
mod spatial;
mod steps;
mod symbol;
mod table;
mod ternary;
mod window;

pub use integer::IntegerBundle;
pub use ngram::{Ngram, Ngrams};
pub use projection::ProjectionEncoder;
pub use record::RecordEncoder;
pub use spatial::Spatial;
pub use symbol::SymbolEncoder;
pub use table::AdditiveTable;
pub use ternary::TernaryEncoder;
pub use window::{Encoder, Input};

#[cfg(feature = "model")]
pub(crate) use projection::bytes_to_words;

use core::fmt;

use crate::Component;

/// Why a sample cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The sample has another number of values than the encoder was made for.
    Length {
        /// Values needed, `steps x channels`.
        expected: usize,
        /// Values given.
        got: usize,
    },
    /// The sample of a model that takes any length is too short or too long.
    Sequence {
        /// The fewest values.
        least: usize,
        /// The most values.
        most: usize,
        /// Values given.
        got: usize,
    },
    /// A symbol is none that the model knows.
    Symbol {
        /// Index of the value in the sample.
        index: usize,
        /// The value.
        symbol: i32,
        /// How many symbols there are, from 0.
        symbols: usize,
    },
    /// A value is NaN or infinite.
    NotFinite {
        /// Index of the value in the sample.
        index: usize,
    },
    /// The model was trained on samples of the other type.
    ValueType {
        /// Whether it takes `f32`; otherwise `i16`.
        float: bool,
    },
    /// The working memory is too small.
    Scratch {
        /// Words needed.
        expected: usize,
        /// Words given.
        got: usize,
    },
    /// The library was built without a component that the encoder needs.
    LeftOut(Component),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, got } => {
                write!(f, "the sample has {got} values where the model takes {expected} (steps x channels)")
            }
            Self::Sequence { least, most, got } => {
                write!(
                    f,
                    "the sample has {got} values where the model takes {least} to {most}: cut it, or leave it out"
                )
            }
            Self::Symbol { index, symbol, symbols } => {
                write!(f, "value {index} is {symbol}, the model knows the symbols 0 to {}", symbols.saturating_sub(1))
            }
            Self::NotFinite { index } => write!(f, "value {index} is not a finite number: skip the sample"),
            Self::ValueType { float: true } => f.write_str("the model takes f32 values, not i16"),
            Self::ValueType { float: false } => f.write_str("the model takes i16 values, not f32"),
            Self::Scratch { expected, got } => {
                write!(f, "the working memory has {got} words: give the encoder {expected}")
            }
            Self::LeftOut(component) => {
                write!(f, "this build lacks `{component}`: add it to the features of hdc-embedded")
            }
        }
    }
}

impl core::error::Error for EncodeError {}

impl From<Component> for EncodeError {
    fn from(component: Component) -> Self {
        Self::LeftOut(component)
    }
}
