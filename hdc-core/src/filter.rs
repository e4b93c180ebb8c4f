//! The signal front end: from raw samples to what is encoded, in fixed point, step by step.
//!
//! *Scaling.* Inside, a sample has 12 bits of fraction and is kept within 2^29, four times what 16 bits can hold.
//! Coefficients have 30 bits of fraction, so they are from -2 up to but not including 2, which is enough for every stable
//! section of second order. A section adds five products of at most 2^60, so no sum overflows 64 bits, whatever the
//! coefficients are.
//!
//! *Rounding.* A result is rounded down, and what was cut off is added to the next one ("fraction saving", Yates & Lyons
//! 2008). So the error has no constant part, and a filter that is slow does not stop short of its input, as one that
//! forgets fractions does in its dead band. What remains of zero-input limit cycles is a few units of the last place,
//! 1/4096 of a count.
//!
//! *Overflow.* Results saturate. A direct form of second order that is stable and saturates does not oscillate by itself
//! (Ebert, Mazo & Taylor 1969).

mod biquad;
mod front_end;
mod stream;

pub use biquad::Biquad;
pub use front_end::FrontEnd;
pub use stream::Filter;

/// Bits of fraction of a sample inside the front end.
const FRACTION: u32 = 12;

/// The largest magnitude of a sample inside.
const MOST: i64 = 1 << 29;

/// Bits of fraction of a coefficient.
const COEFFICIENT: u32 = 30;

/// 1 as a coefficient.
const ONE: i64 = 1 << COEFFICIENT;

/// What is cut off before the first result: so that this is rounded to the nearest.
const HALF: i32 = 1 << (COEFFICIENT - 1);

/// A sum of products as a sample. `rest`, what was cut off before, is added, and becomes what is cut off now.
#[inline]
fn settle(sum: i64, rest: &mut i32) -> i32 {
    let sum = sum + i64::from(*rest);
    *rest = (sum & (ONE - 1)) as i32;
    (sum >> COEFFICIENT).clamp(-MOST, MOST) as i32
}
