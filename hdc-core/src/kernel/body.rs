//! The kernels, each written once for any [`Vector`].
//!
//! Everything that touches a vector is `#[inline(always)]`, and none of it is a closure: a function that is left on its
//! own is compiled without the features of the machine, and then every instruction becomes a call.

mod accumulate;
mod adders;
mod bundle;
mod distance;
mod project;
mod quantise;
mod record;
mod search;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod strips;
mod table;
mod words;

#[cfg(hdc_backend = "dsp")]
pub(super) use super::dsp::project;
pub(super) use accumulate::{accumulate, accumulate_counters, dot, signs};
pub(crate) use adders::{count, majority};
pub(crate) use bundle::MOST;
pub(super) use bundle::{bundle_add, bundle_add_many, bundle_add_weighted, bundle_majority, majority_of};
#[cfg(target_arch = "x86_64")]
pub(super) use distance::LINE;
pub(super) use distance::hamming;
#[cfg(not(hdc_backend = "dsp"))]
pub(super) use project::project;
pub(super) use project::project_ternary;
pub(super) use quantise::{quantise, quantise_rows};
pub(crate) use record::{Steps, start_planes};
pub(super) use record::{record, record_count, record_grams, record_started};
#[cfg(target_arch = "x86_64")]
pub(super) use search::{limit, nearest_in_blocks, offer, read_some};
pub(super) use search::{nearest, nearest_batch};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) use strips::{are_many, majority_along};
pub(super) use table::table;
pub(super) use words::{rotate_one_xor, rotate_xor_assign, xor_assign};

use super::vector::Vector;

/// What is done to the words of a hypervector, block by block. It is passed by value, with plain pointers in it: so
/// they stay in registers, where fields behind a reference would be loaded again after every store.
trait Blocks: Copy {
    /// Whether a word may be handled twice.
    const AGAIN: bool = false;

    /// Handles the `V::WORDS` words from `at` on.
    ///
    /// # Safety
    /// `at + V::WORDS` is at most the number of words that the caller of [`blocks`] names.
    unsafe fn block<V: Vector>(self, at: usize);
}

/// Hands the words `from..to` to `work` in blocks. The last block goes back to words before it if it may, else the words
/// that are left over come in shorter vectors.
///
/// # Safety
/// `from <= to`, and `work` can handle all blocks up to word `to`.
#[inline(always)]
unsafe fn blocks<V: Vector, W: Blocks>(work: W, from: usize, to: usize) {
    let mut at = from;
    // SAFETY: every block ends at `to` at the latest, as the caller promises that `work` can handle.
    unsafe {
        if V::WORDS > 1 && W::AGAIN && to - from >= V::WORDS {
            let last = to - V::WORDS;
            while at < last {
                work.block::<V>(at);
                at += V::WORDS;
            }
            return work.block::<V>(last);
        }
        while at + V::WORDS <= to {
            work.block::<V>(at);
            at += V::WORDS;
        }
        if V::WORDS > 1 && at < to {
            blocks::<V::Tail, W>(work, at, to);
        }
    }
}
