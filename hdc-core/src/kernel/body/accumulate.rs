//! From bits to integers and back: loops that a compiler turns into vector instructions by itself.

use super::bundle::planes_of;
use crate::Tie;
use crate::bundle::{HELD, Sum};

/// Every bit of a word: a comparison with these is what vectors without shifts of their own can do, too.
const BITS: [u32; 32] = {
    let mut bits = [0; 32];
    let mut bit = 0;
    while bit < 32 {
        bits[bit] = 1 << bit;
        bit += 1;
    }
    bits
};

/// `sums += weight` where the bit of `hypervector` is 1, `-= weight` where it is 0.
#[inline(always)]
pub(crate) fn accumulate(sums: &mut [i32], hypervector: &[u32], weight: i32) {
    for (sums, &word) in sums.as_chunks_mut::<32>().0.iter_mut().zip(hypervector) {
        for bit in 0..32 {
            sums[bit] = sums[bit].wrapping_add(if word & BITS[bit] == 0 { weight.wrapping_neg() } else { weight });
        }
    }
}

/// The same for all hypervectors in `counters`, laid out as for [`bundle_add`](super::bundle_add), with `sum` in them.
#[inline(always)]
pub(crate) fn accumulate_counters(sums: &mut [i32], counters: &[u32], words: usize, sum: Sum, weight: i32) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    let used = planes_of(sum.count);
    if used > planes {
        return;
    }
    let each = weight.wrapping_mul(2);
    let all = weight.wrapping_mul((sum.count as u32).cast_signed());
    for (at, sums) in sums.as_chunks_mut::<32>().0.iter_mut().enumerate().take(words) {
        for sum in &mut *sums {
            *sum = sum.wrapping_sub(all);
        }
        for level in 0..used {
            let digit = each.wrapping_shl(level as u32);
            let is_held = level < HELD && sum.held >> level & 1 == 1;
            let held = if is_held { counters[(planes + level) * words + at] } else { 0 };
            let plane = counters[level * words + at];
            for bit in 0..32 {
                let counted = if plane & BITS[bit] == 0 { 0 } else { digit };
                let waiting = if held & BITS[bit] == 0 { 0 } else { digit };
                sums[bit] = sums[bit].wrapping_add(counted).wrapping_add(waiting);
            }
        }
    }
}

/// 1 where a sum is positive; `tie` where it is 0.
#[inline(always)]
pub(crate) fn signs(sums: &[i32], tie: Tie, target: &mut [u32]) {
    for (sums, word) in sums.as_chunks::<32>().0.iter().zip(target) {
        let (mut positive, mut zero) = (0, 0);
        for bit in 0..32 {
            positive |= if sums[bit] > 0 { BITS[bit] } else { 0 };
            zero |= if sums[bit] == 0 { BITS[bit] } else { 0 };
        }
        *word = positive | zero & tie.word();
    }
}

/// The sum of all sums where the bit of `hypervector` is 1, minus those where it is 0. Sums are below 2^28.
#[inline(always)]
pub(crate) fn dot(sums: &[i32], hypervector: &[u32]) -> i64 {
    let mut dot = 0;
    // Lane by lane as long as there is room.
    for (sums, row) in sums.as_chunks::<32>().0.chunks(8).zip(hypervector.chunks(8)) {
        let mut parts = [0_i32; 32];
        for (sums, &word) in sums.iter().zip(row) {
            for bit in 0..32 {
                parts[bit] =
                    parts[bit].wrapping_add(if word & BITS[bit] == 0 { sums[bit].wrapping_neg() } else { sums[bit] });
            }
        }
        for part in parts {
            dot += i64::from(part);
        }
    }
    dot
}
