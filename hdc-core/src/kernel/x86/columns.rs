//! Hamming distances of many queries and many rows of up to 1,024 bits, eight rows side by side.
//!
//! A register holds 64 bits of eight rows, so their counts need not be summed over lanes. The differing bits of a row and a
//! query go through a chain of full adders, two words at a time, and what those carry is counted, and at last what they leave.
//! An adder leaves the XOR of all words so far, and that is a sum of the row's words and one of the query's, each computed
//! once, before they meet. So an adder is one instruction: its carry, from what is left before it, one of its words, and what is
//! left after.

#[allow(clippy::wildcard_imports, reason = "the list of intrinsics would be longer than the code")]
use core::arch::x86_64::*;

use super::super::body::{LINE, limit, offer, read_some};
use super::{Avx512, ask_for};
use crate::Nearest;

/// Rows side by side.
const ROWS: usize = 8;

/// 64 bits each of a row: so many for eight rows stay in the registers.
const PLACES: usize = 16;

/// Queries that go over some rows: so many stay in the first-level cache.
const QUERIES: usize = 64;

/// Rows ahead of those that are compared, which memory is asked for: up to 8 KB.
const AHEAD: usize = 64;

/// Eight rows or a query, ready for the adders: in every second place, from the first on, the XOR of all words up to there.
type Columns = [__m512i; PLACES];

#[derive(Clone, Copy)]
struct Query {
    words: [u64; PLACES],
    /// [`limit`] of what it found so far.
    limit: u64,
}

/// Whether [`nearest`] can compare so many queries with so many rows of `words` words of 32 bits, and takes less time, as was
/// measured: rows are put side by side for all queries, and queries made ready for all rows, both in proportion to the words.
#[inline(always)]
pub(super) fn pays(queries: usize, rows: usize, words: usize) -> bool {
    words <= 2 * PLACES && rows >= ROWS && 4 * queries >= words && queries * rows >= 128 * words
}

/// Compares the `queries` (`q x words`), as many as `found` has, with all `rows` (`n x words`), if that [`pays`]. In a function
/// of its own: what it needs on the stack, others need not set up.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
#[inline(never)]
pub(super) fn nearest(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) {
    let compare = [
        compare::<1>,
        compare::<2>,
        compare::<3>,
        compare::<4>,
        compare::<5>,
        compare::<6>,
        compare::<7>,
        compare::<8>,
    ][words.div_ceil(4) - 1];
    let mut prepared = [Query { words: [0; PLACES], limit: 0 }; QUERIES];
    for (queries, found) in queries.chunks(QUERIES * words).zip(found.chunks_mut(QUERIES)) {
        for ((to, query), nearest) in prepared.iter_mut().zip(queries.chunks_exact(words)).zip(&*found) {
            *to = Query { words: ready(query), limit: limit(nearest).into() };
        }
        for first in (0..rows.len() / words).step_by(ROWS) {
            let ahead = rows.as_ptr().wrapping_add((first + AHEAD) * words);
            (0..ROWS * words).step_by(LINE).for_each(|line| ask_for(ahead.wrapping_add(line)));
            // The last rows come with some that are done.
            let start = first.min(rows.len() / words - ROWS);
            let eight = &rows[start * words..][..ROWS * words];
            compare(eight, start, !0 << (first - start), &mut prepared[..found.len()], found);
        }
    }
}

/// The words of a query, ready for the adders.
#[target_feature(enable = "avx512f")]
fn ready(query: &[u32]) -> [u64; PLACES] {
    let (low, high) = query.split_at(query.len().min(2 * ROWS));
    // SAFETY: no more is read than the words of each half.
    let [low, high] = [low, high].map(|half| unsafe { read_some::<Avx512>(half.as_ptr(), half.len()).0 });
    let low_prefixes = prefixes(low, _mm512_setzero_si512());
    let high_prefixes = prefixes(high, low);
    let carried = _mm512_permutexvar_epi64(_mm512_set1_epi64(6), low_prefixes);
    let mut words = [0; PLACES];
    // SAFETY: 64 bytes are written to each half, which has as many.
    unsafe {
        _mm512_storeu_si512(words[..8].as_mut_ptr().cast(), low_prefixes);
        let high_prefixes = _mm512_mask_xor_epi64(high_prefixes, 0x55, high_prefixes, carried);
        _mm512_storeu_si512(words[8..].as_mut_ptr().cast(), high_prefixes);
    }
    words
}

/// In every second place, from the first on, the XOR of all words up to there and of the last one of `before`.
#[target_feature(enable = "avx512f")]
fn prefixes(words: __m512i, before: __m512i) -> __m512i {
    let zero = _mm512_setzero_si512();
    let of_two = _mm512_mask_xor_epi64(words, 0x55, words, _mm512_alignr_epi64(words, before, 7));
    let of_four = _mm512_mask_xor_epi64(of_two, 0x55, of_two, _mm512_alignr_epi64(of_two, zero, 6));
    _mm512_mask_xor_epi64(of_four, 0x55, of_four, _mm512_alignr_epi64(of_four, zero, 4))
}

/// The eight rows of `words` words from `rows` on, of `PAIRS` pairs of 64 bits, side by side and ready for the adders.
///
/// # Safety
/// The machine has AVX-512, and the rows can be read.
#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn columns<const PAIRS: usize>(rows: *const u32, words: usize) -> Columns {
    let mut columns = [_mm512_setzero_si512(); PLACES];
    let halves = columns.as_chunks_mut::<ROWS>().0;
    for (half, columns) in halves.iter_mut().enumerate().take(PAIRS.div_ceil(4)) {
        let (from, count) = (rows.wrapping_add(16 * half), words.saturating_sub(16 * half).min(16));
        for (row, column) in columns.iter_mut().enumerate() {
            // SAFETY: no more is read than the words of each row.
            *column = unsafe { read_some::<Avx512>(from.wrapping_add(row * words), count).0 };
        }
        transpose(columns);
    }
    for place in (2..2 * PAIRS).step_by(2) {
        columns[place] = _mm512_ternarylogic_epi64(columns[place - 2], columns[place - 1], columns[place], 0b1001_0110);
    }
    columns
}

/// Puts word `b` of register `a` where word `a` of register `b` was.
#[target_feature(enable = "avx512f")]
#[inline]
fn transpose(registers: &mut [__m512i; ROWS]) {
    let (mut even, mut odd) = ([registers[0]; 4], [registers[0]; 4]);
    for (pair, rows) in registers.as_chunks::<2>().0.iter().enumerate() {
        even[pair] = _mm512_unpacklo_epi64(rows[0], rows[1]);
        odd[pair] = _mm512_unpackhi_epi64(rows[0], rows[1]);
    }
    // A quarter of these has one word of two rows: put together are the lower or the upper words of all, then one word of all.
    for (odd, [a, b, c, d]) in [even, odd].into_iter().enumerate() {
        let (low, high) = (_mm512_shuffle_i64x2(a, b, 0x44), _mm512_shuffle_i64x2(c, d, 0x44));
        registers[odd] = _mm512_shuffle_i64x2(low, high, 0x88);
        registers[2 + odd] = _mm512_shuffle_i64x2(low, high, 0xdd);
        let (low, high) = (_mm512_shuffle_i64x2(a, b, 0xee), _mm512_shuffle_i64x2(c, d, 0xee));
        registers[4 + odd] = _mm512_shuffle_i64x2(low, high, 0x88);
        registers[6 + odd] = _mm512_shuffle_i64x2(low, high, 0xdd);
    }
}

/// Takes eight rows of `PAIRS` pairs of 64 bits into account, the first of which is number `start`, but only those whose bit
/// is set in `new`.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn compare<const PAIRS: usize>(rows: &[u32], start: usize, new: u8, queries: &mut [Query], found: &mut [Nearest]) {
    // SAFETY: so long, eight rows can be read.
    let columns = unsafe { columns::<PAIRS>(rows.as_ptr(), rows.len() / ROWS) };
    for (query, nearest) in queries.iter_mut().zip(found) {
        let distances = differing::<PAIRS>(&columns, &query.words);
        let limits = _mm512_set1_epi64(query.limit.cast_signed());
        let near = _mm512_mask_cmplt_epu64_mask(new, distances, limits);
        // Most rows are far from most queries.
        if near != 0 {
            offer_rows(nearest, distances, start, near);
            query.limit = limit(nearest).into();
        }
    }
}

/// The bits in which eight rows differ from a query: 5 instructions for 128 bits of it.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn differing<const PAIRS: usize>(columns: &Columns, query: &[u64; PLACES]) -> __m512i {
    let mut left = differ(columns, query, 0);
    let mut twos = _mm512_setzero_si512();
    for pair in 1..PAIRS {
        let (word, after) = (differ(columns, query, 2 * pair - 1), differ(columns, query, 2 * pair));
        // The adder's third word is the XOR of these three. Where `left` and `word` are equal they are its carry, elsewhere
        // the third word is: NOT `after`.
        let carry = _mm512_ternarylogic_epi64(left, word, after, 0b1101_0100);
        twos = _mm512_add_epi64(twos, _mm512_popcnt_epi64(carry));
        left = after;
    }
    // The last word has no other to be added with.
    let last = _mm512_popcnt_epi64(differ(columns, query, 2 * PAIRS - 1));
    _mm512_add_epi64(_mm512_add_epi64(twos, twos), _mm512_add_epi64(last, _mm512_popcnt_epi64(left)))
}

/// XOR of what rows and query have in a place. The word is loaded as it is: neighbours read as plain numbers are loaded
/// together, and taken apart again.
#[target_feature(enable = "avx512f")]
fn differ(columns: &Columns, query: &[u64; PLACES], place: usize) -> __m512i {
    // SAFETY: 8 bytes are read of a number that has as many.
    let word = unsafe { _mm_loadl_epi64((&raw const query[place]).cast()) };
    _mm512_xor_si512(columns[place], _mm512_broadcastq_epi64(word))
}

/// Takes the rows into account, from number `start` on, whose bit is set in `near`.
#[target_feature(enable = "avx512f")]
fn offer_rows(nearest: &mut Nearest, distances: __m512i, start: usize, near: u8) {
    if near.is_power_of_two() {
        let distance = _mm512_cvtsi512_si32(_mm512_maskz_compress_epi64(near, distances));
        offer(nearest, start + near.trailing_zeros() as usize, distance.cast_unsigned());
        return;
    }
    // Of rows as near as each other, the first one is the least.
    let keys = _mm512_or_si512(_mm512_slli_epi64(distances, 3), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    let least = _mm512_mask_reduce_min_epu64(near, keys);
    let others = _mm512_mask_cmpneq_epu64_mask(near, keys, _mm512_set1_epi64(least.cast_signed()));
    let class = start + (least % 8) as usize;
    offer(nearest, class, (least / 8) as u32);
    // Then only the nearest of the others can be the second nearest of all. It comes after the first.
    offer(nearest, class + 1, (_mm512_mask_reduce_min_epu64(others, keys) / 8) as u32);
}
