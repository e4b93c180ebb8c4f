//! The word loops under everything else: slices in, slices out.
//!
//! Every function here works on hypervectors as slices of words and on nothing else, so that a faster body
//! for one machine is a twin of [`portable`] and is tested by the same properties.

pub mod portable;

pub use portable::{at_least, count, hamming, majority, rotate_xor_assign, xor_assign};
