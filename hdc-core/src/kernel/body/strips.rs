//! Majorities of many long hypervectors, by counters in the first-level cache.

use super::super::vector::Vector;
use super::adders::{Rest, add_rows};
use super::blocks;
use super::bundle::{MajorityOf, planes_of};
use crate::Tie;

/// From so many hypervectors on, a line of each has no room in the first-level cache: read down a column of vectors, a line
/// that has words of two columns comes from farther away twice.
const MANY: usize = 384;

/// Vectors whose counters stay in the first-level cache together.
const STRIP: usize = 24;

/// Whether [`majority_along`] takes less time: there are many hypervectors, fewer than 2^16, and they are long.
#[inline(always)]
pub(in super::super) fn are_many<V: Vector>(hypervectors: &[u32], target: &[u32]) -> bool {
    let long = target.len() >= STRIP / 2 * V::WORDS;
    long && hypervectors.len() >= MANY * target.len() && hypervectors.len() >> 16 < target.len()
}

/// As `majority_of`, if [`are_many`] says so. A few at a time are read along many columns of vectors.
#[inline(always)]
pub(in super::super) fn majority_along<V: Vector>(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
    let words = target.len();
    // SAFETY: `target` has the words, and so has each of the hypervectors.
    unsafe {
        match planes_of(hypervectors.len().checked_div(words).unwrap_or(0)) {
            ..=11 => strips::<V, 11>(MajorityOf::new(hypervectors, tie, target), words),
            _ => strips::<V, 16>(MajorityOf::new(hypervectors, tie, target), words),
        }
    }
}

/// The majority of all `words` words, strip by strip.
///
/// # Safety
/// `target` and the hypervectors have the words.
#[inline(always)]
unsafe fn strips<V: Vector, const PLANES: usize>(work: MajorityOf<PLANES>, words: usize) {
    // As many hypervectors at a time as pay for counters in memory.
    let group = 4 * V::WORDS;
    let mut at = 0;
    // What is left over at the end is not worth counters in memory.
    while words - at >= STRIP / 2 * V::WORDS {
        let vectors = ((words - at) / V::WORDS).min(STRIP);
        let mut strip = [work.planes::<V>(); STRIP];
        // SAFETY: all vectors are within the words.
        unsafe {
            for row in (0..work.count).step_by(group) {
                let (hypervectors, rows) = (work.hypervectors.after(row), group.min(work.count - row));
                for (vector, planes) in strip.iter_mut().enumerate().take(vectors) {
                    let at = at + vector * V::WORDS;
                    // The number is a constant here, so that counters stay in registers from row to row.
                    if rows == group {
                        add_rows(planes, hypervectors, group, at);
                    } else {
                        add_rows(planes, hypervectors, rows, at);
                    }
                }
            }
            for planes in strip.iter().take(vectors) {
                planes[PLANES - 1].write(work.target.add(at));
                at += V::WORDS;
            }
        }
    }
    // Less than a vector comes with words before it.
    if at < words && words - at < V::WORDS {
        at = words - V::WORDS;
    }
    // SAFETY: as the caller promises.
    unsafe { blocks::<V, _>(work, at, words) };
}
