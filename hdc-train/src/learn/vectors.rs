//! Vectors of numbers that may be fewer than a vector holds.

use pulp::Simd;

/// The first vector of `numbers`; where there are fewer, zeros follow.
#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, numbers: &[f32]) -> S::f32s {
    // A masked load or store of a whole vector takes many times as long.
    match S::as_simd_f32s(numbers).0 {
        [whole, ..] => *whole,
        [] => simd.partial_load_f32s(numbers),
    }
}

/// Writes `vector` to `numbers`, as many as there are.
#[inline(always)]
pub(super) fn store<S: Simd>(simd: S, numbers: &mut [f32], vector: S::f32s) {
    match S::as_mut_simd_f32s(numbers).0 {
        [whole, ..] => *whole = vector,
        [] => simd.partial_store_f32s(numbers, vector),
    }
}
