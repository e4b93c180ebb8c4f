//! The model file `.hdc`, format 7: its layout, the view that opens it in place, and the writer.
//!
//! `docs/model-format.md` describes every byte.

mod encoder;
mod format1;
mod format2;
mod format3;
mod header;
mod metadata;
mod view;
#[cfg(feature = "alloc")]
mod write;

pub use header::{FORMAT, columns_checksum};
pub use metadata::{CalibrationSpec, EncoderSpec, FrontEndSpec, InputSpec, Metadata, Provenance, Source, SpatialSpec};
pub use view::Model;
#[cfg(feature = "alloc")]
pub use write::write;

use core::fmt;

use crate::Component;

#[cfg(target_endian = "big")]
compile_error!(
    "the model file holds little-endian words that are used in place: big-endian machines are not supported"
);

/// Why bytes are not a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes do not begin as a model does.
    NotAModel,
    /// The model is of a format that this version of the library cannot read.
    Format {
        /// The newest format it reads.
        expected: u16,
        /// The model's format.
        got: u16,
    },
    /// There are fewer or more bytes than the header says.
    Length {
        /// Bytes the header says.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// The bytes do not start at a multiple of four.
    Misaligned,
    /// The checksum does not fit the bytes.
    Checksum {
        /// What the header says.
        expected: u32,
        /// What the bytes give.
        got: u32,
    },
    /// The metadata cannot be decoded.
    Metadata,
    /// A field has a value that no model has.
    Field {
        /// Name of the field.
        name: &'static str,
    },
    /// The library was built without a component that the model needs.
    LeftOut(Component),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAModel => f.write_str("not a model file: it does not start with the letters of `.hdc`"),
            Self::Format { expected, got } if got > expected => {
                write!(f, "the model has format {got}, this version reads up to {expected}: update the library")
            }
            Self::Format { got, .. } => write!(f, "format {got} does not exist: train the model again"),
            Self::Length { expected, got } => {
                write!(f, "the model has {got} bytes where its header says {expected}: copy the whole file again")
            }
            Self::Misaligned => f.write_str("the model does not start at a multiple of 4 bytes: use `include_model!`"),
            Self::Checksum { expected, got } => {
                write!(f, "the checksum is {got:08x} where the header says {expected:08x}: the file is damaged")
            }
            Self::Metadata => f.write_str("the metadata cannot be decoded: train the model again"),
            Self::Field { name } => write!(f, "the field `{name}` is out of range: train the model again"),
            Self::LeftOut(component) => {
                write!(f, "this build lacks `{component}`: add it to the features of hdc-embedded")
            }
        }
    }
}

impl core::error::Error for ModelError {}

impl From<Component> for ModelError {
    fn from(component: Component) -> Self {
        Self::LeftOut(component)
    }
}
