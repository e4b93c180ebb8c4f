//! The word loops under everything else: slices in, slices out.
//!
//! Each loop is written once, in `body`, for any vector of words. `x86` and `aarch64` supply vectors and
//! stamp the loops for them; on other machines a vector is one `u32`. With the feature `std` the best
//! backend of the machine is chosen at run time, without it at compile time. `--cfg hdc_backend="portable"`
//! (or `"avx2"`, `"avx512"`, `"neon"`) forces one. `"dsp"` is for chips with the DSP extension: the build script sets it for
//! Cortex-M4 and M7. All give the same bits.
#![allow(unsafe_code)]

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod body;
mod choose;
#[cfg(hdc_backend = "dsp")]
mod dsp;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod stamp;
mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use body::{MOST as BUNDLE_MOST, Steps, count, majority, start_planes};
pub use choose::{Backend, backend};
#[cfg(target_arch = "x86_64")]
use choose::{apart, chosen};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use stamp::stamp;
pub(crate) use vector::{THUMB_2, kept_index};

use crate::bundle::Sum;
use crate::{Nearest, Tie};

/// Calls one loop of the backend in use.
macro_rules! call {
    ($name:ident $(::<$portable:ty>)? ($($argument:expr),*)) => {{
        // Choosing and the portable loops stay apart: here they would need registers that have to be saved first.
        #[cfg(target_arch = "x86_64")]
        let result = on!(
            chosen(),
            $name($($argument),*),
            apart(|| on!(backend(), $name($($argument),*), body::$name $(::<$portable>)? ($($argument),*)))
        );
        #[cfg(not(target_arch = "x86_64"))]
        let result = on!(backend(), $name($($argument),*), body::$name $(::<$portable>)? ($($argument),*));
        result
    }};
}

/// Calls one loop of `$backend`, which is one of this machine, or does what comes last if that is the portable one.
macro_rules! on {
    ($backend:expr, $name:ident($($argument:expr),*), $portable:expr) => {
        match $backend {
            // SAFETY: `backend` and `chosen` give this only where the machine has the features.
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 => unsafe { x86::avx512::$name($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 => unsafe { x86::avx2::$name($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Backend::Neon => unsafe { aarch64::neon::$name($($argument),*) },
            _ => $portable,
        }
    };
}

/// Bind in place: `a ^= b`, word by word, over the shorter length.
pub fn xor_assign(a: &mut [u32], b: &[u32]) {
    call!(xor_assign(a, b));
}

/// Permute and bind: `target ^= rotate(source, by)`, where bit i of the source goes to bit
/// `(i + by) mod D`. Of slices of different lengths the first words are used.
pub fn rotate_xor_assign(target: &mut [u32], source: &[u32], by: usize) {
    call!(rotate_xor_assign(target, source, by));
}

/// `target = rotate(target, 1) XOR source`: an n-gram takes its next step. Both have the same length.
pub fn rotate_one_xor(target: &mut [u32], source: &[u32]) {
    // Sixteen words are loaded across two earlier stores, and wait for both; eight at a time mostly do not.
    #[cfg(target_arch = "x86_64")]
    if backend() == Backend::Avx512 {
        // SAFETY: a machine with this backend has all features of AVX2's.
        return unsafe { x86::avx2::rotate_one_xor(target, source) };
    }
    call!(rotate_one_xor::<u32>(target, source));
}

/// Hamming distance: the number of bits in which `a` and `b` differ, over the shorter length.
pub fn hamming(a: &[u32], b: &[u32]) -> u32 {
    call!(hamming::<u32>(a, b))
}

/// The row of `rows` (`n x words`) nearest to `query`; see
/// [`AssociativeMemory::nearest`](crate::AssociativeMemory::nearest).
pub fn nearest(query: &[u32], rows: &[u32], words: usize) -> Option<Nearest> {
    call!(nearest::<u32>(query, rows, words))
}

/// As [`nearest`] for every query of `queries` (`q x words`), into `found`; returns how many there are.
pub fn nearest_batch(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> usize {
    call!(nearest_batch::<u32>(queries, rows, words, found))
}

/// Adds to the counters of a [`Bundle`](crate::Bundle) with `sum` in them.
pub(crate) fn bundle_add(counters: &mut [u32], words: usize, sum: Sum, hypervector: &[u32]) {
    call!(bundle_add::<u32>(counters, words, sum, hypervector));
}

/// The same, `weight` times.
pub(crate) fn bundle_add_weighted(counters: &mut [u32], words: usize, sum: Sum, hypervector: &[u32], weight: usize) {
    call!(bundle_add_weighted::<u32>(counters, words, sum, hypervector, weight));
}

/// `sums += weight` where the bit of `hypervector` is 1, `-= weight` where it is 0.
pub(crate) fn accumulate(sums: &mut [i32], hypervector: &[u32], weight: i32) {
    call!(accumulate(sums, hypervector, weight));
}

/// The same for all hypervectors in the counters of a [`Bundle`](crate::Bundle).
pub(crate) fn accumulate_counters(sums: &mut [i32], counters: &[u32], words: usize, sum: Sum, weight: i32) {
    call!(accumulate_counters(sums, counters, words, sum, weight));
}

/// 1 where a sum is positive; `tie` where it is 0.
pub(crate) fn signs(sums: &[i32], tie: Tie, target: &mut [u32]) {
    call!(signs(sums, tie, target));
}

/// The sum of all sums where the bit of `hypervector` is 1, minus those where it is 0.
pub(crate) fn dot(sums: &[i32], hypervector: &[u32]) -> i64 {
    call!(dot(sums, hypervector))
}

/// Adds up to [`BUNDLE_MOST`] hypervectors to the counters of a [`Bundle`](crate::Bundle) of `count`, none
/// of which is held.
pub(crate) fn bundle_add_many(counters: &mut [u32], words: usize, count: usize, hypervectors: &[u32]) {
    call!(bundle_add_many::<u32>(counters, words, count, hypervectors));
}

/// The majority of the hypervectors in the counters of a [`Bundle`](crate::Bundle).
pub(crate) fn bundle_majority(counters: &[u32], words: usize, sum: Sum, tie: Tie, target: &mut [u32]) {
    call!(bundle_majority::<u32>(counters, words, sum, tie, target));
}

/// The majority of all `hypervectors` (`n x target.len()` words).
pub(crate) fn majority_of(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
    call!(majority_of::<u32>(hypervectors, tie, target));
}

/// The words of `target` from `from` on, in the record encoding from stored rows of `words` words; see
/// [`RecordEncoder`](crate::RecordEncoder).
pub(crate) fn record(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    tie: Tie,
    from: usize,
    target: &mut [u32],
) {
    call!(record::<u32>(items, levels, words, level_of, tie, from, target));
}

/// The same with counters that start at the numbers in the planes of `starts`, [`start_planes`] of them.
pub(crate) fn record_started(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    starts: &[u32],
    from: usize,
    target: &mut [u32],
) {
    call!(record_started::<u32>(items, levels, words, level_of, starts, from, target));
}

/// Adds the bound words of all channels to the counters in `planes`, whole rows of `words` words from the lowest digit.
pub(crate) fn record_count(items: &[u32], levels: &[u32], words: usize, level_of: &[u32], planes: &mut [u32]) {
    call!(record_count::<u32>(items, levels, words, level_of, planes));
}

/// Adds the rows of `entries` that begin at the words `rows` to `sums`; see [`AdditiveTable`](crate::AdditiveTable).
pub(crate) fn table(entries: &[u32], rows: &[u32], wide: bool, sums: &mut [u32]) {
    call!(table(entries, rows, wide, sums));
}

/// The record encodings of `steps` and the n-grams that they end:
/// `gram = rotate(gram before, 1) XOR rotate(oldest step, N) XOR step`. N is below 32.
pub(crate) fn record_grams(items: &[u32], levels: &[u32], words: usize, tie: Tie, steps: Steps<'_>) {
    call!(record_grams::<u32>(items, levels, words, tie, steps));
}

/// From [keys](crate::Value::key), one a channel, to levels; see [`Quantiser`](crate::Quantiser), which has `cuts`
/// thresholds a channel.
pub(crate) fn quantise(thresholds: &[u32], cuts: usize, keys: &mut [u32]) {
    call!(quantise::<u32>(thresholds, cuts, keys));
}

/// The same for rows of `channels` keys.
pub(crate) fn quantise_rows(thresholds: &[u32], cuts: usize, channels: usize, keys: &mut [u32]) {
    call!(quantise_rows::<u32>(thresholds, cuts, channels, keys));
}

/// The projection encoding; see [`ProjectionEncoder`](crate::ProjectionEncoder). Four weights a word, two `values` a word;
/// rows of weights are as long as the values.
pub(crate) fn project(weights: &[u32], values: &[u32], thresholds: &[u32], target: &mut [u32]) {
    call!(project(weights, values, thresholds, target));
}

/// The same by a ternary matrix, with `stride` words of codes for each four values; see
/// [`TernaryEncoder`](crate::TernaryEncoder). `sums` has a word of 0 a dimension.
pub(crate) fn project_ternary(
    codes: &[u32],
    stride: usize,
    values: &[u32],
    thresholds: &[u32],
    sums: &mut [u32],
    target: &mut [u32],
) {
    call!(project_ternary(codes, stride, values, thresholds, sums, target));
}
