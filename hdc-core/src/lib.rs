//! Hyperdimensional computing on packed bits, for chips and hosts alike.
//!
//! The algebra is the binary spatter code (Kanerva 1996): [bind](Hypervector::bind_assign) is XOR,
//! [bundle](Bundle) is the majority of every bit, [permute](Hypervector::permute_into) is a rotation, and
//! hypervectors are compared by [Hamming distance](Hypervector::hamming). On it stand the
//! [item](ItemMemory) and [level](LevelMemory) memories, the [`RecordEncoder`] and the window
//! [`Encoder`], and the [`AssociativeMemory`] that finds the nearest class. A [`FrontEnd`] filters raw signals before.
//!
//! A hypervector of dimension D is `D / 32` words of `u32`: bit i is bit `i % 32` of word `i / 32`.
//! Everything here is integer arithmetic that gives the same bits on every machine, needs no `std`, and
//! without the feature `alloc` no allocator.
//!
//! Features: `alloc` (results that own their words), `std` (implies `alloc` and `float`), `float`
//! (samples of `f32`), `model` (the `.hdc` file), and one for each [`Component`] that a firmware may do without, all of them
//! on by default (`all`).
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod accumulator;
mod associative;
mod bundle;
mod calibration;
mod component;
mod convolutions;
mod early_exit;
mod encoder;
mod features;
mod filter;
mod hypervector;
pub mod kernel;
mod memory;
#[cfg(feature = "model")]
pub mod model;

mod quantiser;
mod value;

pub use accumulator::Accumulator;
pub use associative::{AssociativeMemory, Nearest, Neighbour};
pub use bundle::{Bundle, BundleFull, Tie};
pub use calibration::{Calibration, confidence_step};
pub use component::Component;
pub use convolutions::Convolutions;
pub use early_exit::{EarlyExit, Exit};
pub use encoder::{
    AdditiveTable, EncodeError, Encoder, Input, IntegerBundle, Ngram, Ngrams, ProjectionEncoder, RecordEncoder,
    Spatial, SymbolEncoder, TernaryEncoder,
};
pub use features::{Feature, FeatureSet, Features, Measure};
pub use filter::{Biquad, Filter, FrontEnd};
pub use hypervector::Hypervector;
pub use memory::{ItemMemory, LevelMemory, Rows};
#[cfg(feature = "model")]
pub use model::Model;
pub use quantiser::Quantiser;
pub use value::Value;
