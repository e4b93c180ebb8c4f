//! Hamming distances of many queries and many rows by looking half bytes up.
//!
//! The half bytes at one place of 32 rows lie side by side in a register, and a table of 16 bytes has the bits in which any
//! half byte differs from those of two queries, half a byte for each: one shuffle looks 4 bits of 32 rows and two queries up.
//! That is how codes of product quantisation are scanned (André, Kermarrec & Le Scouarnec 2015), but exact, and for two.

#[allow(clippy::wildcard_imports, reason = "the list of intrinsics would be longer than the code")]
use core::arch::x86_64::*;

use super::super::body::{LINE, limit, nearest_in_blocks, offer};
use super::{Avx2, ask_for};
use crate::Nearest;

/// Rows of a tile.
const ROWS: usize = 32 * GROUPS;

/// Registers that hold one half byte of every row: so many, for two queries, have room beside their tables.
const GROUPS: usize = 4;

/// Words of each row that are looked up before the sums are widened: 56 times 4 bits fit a byte, 64 times do not.
const WORDS: usize = 7;

/// Queries that go over a tile: the sums of so many stay in the first-level cache beside it.
const QUERIES: usize = 64;

/// With fewer queries it does not pay to put half bytes side by side.
const FEWEST_QUERIES: usize = 6;

/// The most words of a row, whose bits can be counted in 16 bits.
const MOST_WORDS: usize = 2047;

/// The differing bits of half byte n and of two others: in table 16 b + a, byte n has those of a, and 16 times those of b.
static DIFFERING: [[u8; 16]; 256] = {
    let mut tables = [[0; 16]; 256];
    let mut place = 0_usize;
    while place < 256 * 16 {
        let (half, a, b) = (place % 16, place / 16 % 16, place / 256);
        tables[place / 16][half] = ((half ^ a).count_ones() + 16 * (half ^ b).count_ones()) as u8;
        place += 1;
    }
    tables
};

/// Places of half bytes, in threes: three times 4 bits fit half a byte.
const PLACES: usize = 3 * (8 * WORDS).div_ceil(3);

/// Half bytes of [`ROWS`] rows, place by place.
type Tile = [[__m256i; GROUPS]; PLACES];

/// The differing bits of a query and of each row of a tile, 16 bits each: of 32 rows, the even ones and the odd ones.
type Sums = [[__m256i; 2]; GROUPS];

/// Whether [`nearest`] can compare so many queries with so many rows of `words` words, and takes less time.
#[inline(always)]
pub(super) fn pays(queries: usize, rows: usize, words: usize) -> bool {
    queries >= FEWEST_QUERIES && rows >= ROWS && words <= MOST_WORDS
}

/// Compares the `queries` (`q x words`), as many as `found` has, with all `rows` (`n x words`), if that [`pays`]. In a function
/// of its own: what it needs on the stack, others need not set up.
///
/// # Safety
/// The machine has AVX2 and POPCNT, and `queries` has as many as `found`.
#[target_feature(enable = "avx2,popcnt")]
#[inline(never)]
pub(super) unsafe fn nearest(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) {
    let count = rows.len() / words;
    let mut done = 0;
    let zero = _mm256_setzero_si256();
    let mut tile: Tile = [[zero; GROUPS]; PLACES];
    let mut tables = [[0; 64]; QUERIES / 2];
    let mut sums: [Sums; QUERIES] = [[[zero; 2]; GROUPS]; QUERIES];
    // Parts of equal size: the last part of 200 queries would be too few.
    let parts = found.len().div_ceil(QUERIES);
    let together = found.len().div_ceil(parts);
    // The last rows come with some that are done, if they are not few.
    while count - done >= ROWS / 2 {
        let first = done.min(count - ROWS);
        let rows = &rows[first * words..][..ROWS * words];
        let (mut ahead, mut share) = (0, 0);
        for (queries, found) in queries.chunks(together * words).zip(found.chunks_mut(together)) {
            sums[..found.len()].fill([[zero; 2]; GROUPS]);
            let pairs = found.len().div_ceil(2);
            let each = rows.len().div_ceil(words.div_ceil(WORDS) * pairs * parts);
            for at in (0..words).step_by(WORDS) {
                let part = WORDS.min(words - at);
                // SAFETY: so many words are left in every row and in every query, and there are as many queries as places
                // in `found`. An odd query is paired with itself.
                unsafe {
                    for group in 0..GROUPS {
                        fill(&mut tile, group, rows.as_ptr().add(32 * group * words + at), words, part);
                    }
                    for (pair, tables) in tables.iter_mut().enumerate().take(pairs) {
                        let (a, b) = (2 * pair, (2 * pair + 1).min(found.len() - 1));
                        let [a, b] = [a, b].map(|query| queries.as_ptr().add(query * words + at));
                        *tables = tables_of(a, b, part);
                    }
                    for (sums, tables) in sums.as_chunks_mut().0.iter_mut().zip(&tables).take(pairs) {
                        add_differing(sums, &tile, tables, 8 * part);
                        // Their share of the next rows.
                        share += each;
                        while ahead < share {
                            ask_for(rows.as_ptr().wrapping_add(rows.len() + ahead));
                            ahead += LINE;
                        }
                    }
                }
            }
            for (sums, nearest) in sums.iter().zip(found) {
                offer_rows(nearest, sums, first, done);
            }
        }
        done = first + ROWS;
    }
    // Few are left, or none.
    nearest_in_blocks::<Avx2>(queries, &rows[done * words..], words, found, done);
}

/// Puts the half bytes of the first `count` words, at most [`WORDS`], of 32 rows that are `words` words apart side by side.
///
/// # Safety
/// The machine has AVX2, and the words can be read of every row.
#[target_feature(enable = "avx2")]
unsafe fn fill(tile: &mut Tile, group: usize, rows: *const u32, words: usize, count: usize) {
    let (first, low) = (first_words(count), _mm256_set1_epi8(15));
    // Each half of a register has the bytes of four words. Two rounds put those of one place in 16 rows together.
    let mut bytes = [[[_mm256_setzero_si256(); 4]; 4]; 2];
    for (half, bytes) in bytes.iter_mut().enumerate() {
        for (row, bytes) in bytes.iter_mut().enumerate() {
            for (step, vector) in bytes.iter_mut().enumerate() {
                // SAFETY: as the caller promises; no more than `count` words are read.
                *vector =
                    unsafe { _mm256_maskload_epi32(rows.add((16 * half + 4 * step + row) * words).cast(), first) };
            }
            *bytes = sorted(*bytes);
        }
    }
    let [a, b] = bytes;
    for round in 0..4 {
        let a = sorted([a[0][round], a[1][round], a[2][round], a[3][round]]);
        let b = sorted([b[0][round], b[1][round], b[2][round], b[3][round]]);
        for (step, (a, b)) in a.into_iter().zip(b).enumerate() {
            let halves = [_mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31)];
            for (half, bytes) in halves.into_iter().enumerate() {
                let byte = 16 * half + 4 * round + step;
                if byte < 4 * WORDS {
                    tile[2 * byte][group] = _mm256_and_si256(bytes, low);
                    tile[2 * byte + 1][group] = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low);
                }
            }
        }
    }
}

/// In each half of the registers, four neighbouring bytes from all four, and so on.
#[target_feature(enable = "avx2")]
fn sorted([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    let (even, odd) = (_mm256_unpacklo_epi8(a, c), _mm256_unpacklo_epi8(b, d));
    let (even_high, odd_high) = (_mm256_unpackhi_epi8(a, c), _mm256_unpackhi_epi8(b, d));
    [
        _mm256_unpacklo_epi8(even, odd),
        _mm256_unpackhi_epi8(even, odd),
        _mm256_unpacklo_epi8(even_high, odd_high),
        _mm256_unpackhi_epi8(even_high, odd_high),
    ]
}

/// All bits in the first `count` of eight words.
#[target_feature(enable = "avx2")]
fn first_words(count: usize) -> __m256i {
    _mm256_cmpgt_epi32(_mm256_set1_epi32((count as u32).cast_signed()), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
}

/// The numbers of the tables in [`DIFFERING`] of the half bytes of `count` words from `a` and from `b` on, and zeros.
///
/// # Safety
/// The machine has AVX2, and the words can be read.
#[target_feature(enable = "avx2")]
unsafe fn tables_of(a: *const u32, b: *const u32, count: usize) -> [u8; 64] {
    let (mut tables, low, first) = ([0_u8; 64], _mm256_set1_epi8(15), first_words(count));
    // SAFETY: as the caller promises; 64 bytes are written to as many.
    unsafe {
        let (a, b) = (_mm256_maskload_epi32(a.cast(), first), _mm256_maskload_epi32(b.cast(), first));
        let even = _mm256_or_si256(_mm256_and_si256(a, low), _mm256_slli_epi16(_mm256_and_si256(b, low), 4));
        let odd = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(a, 4), low), _mm256_andnot_si256(low, b));
        let (a, b) = (_mm256_unpacklo_epi8(even, odd), _mm256_unpackhi_epi8(even, odd));
        _mm256_storeu_si256(tables.as_mut_ptr().cast(), _mm256_permute2x128_si256(a, b, 0x20));
        _mm256_storeu_si256(tables.as_mut_ptr().add(32).cast(), _mm256_permute2x128_si256(a, b, 0x31));
    }
    tables
}

/// Adds to the sums of two queries the bits in which the first `count` half bytes of every row differ from theirs, which
/// have these `tables`.
#[target_feature(enable = "avx2")]
fn add_differing(sums: &mut [Sums; 2], tile: &Tile, tables: &[u8; 64], count: usize) {
    let (zero, low) = (_mm256_setzero_si256(), _mm256_set1_epi8(15));
    let mut bytes = [[zero; 2]; GROUPS];
    let threes = tile.as_chunks::<3>().0.iter().zip(tables.as_chunks::<3>().0);
    for (rows, tables) in threes.take(count.div_ceil(3)) {
        let tables = [table(tables[0]), table(tables[1]), table(tables[2])];
        for (group, bytes) in bytes.iter_mut().enumerate() {
            let two = _mm256_add_epi8(
                _mm256_shuffle_epi8(tables[0], rows[0][group]),
                _mm256_shuffle_epi8(tables[1], rows[1][group]),
            );
            let three = _mm256_add_epi8(two, _mm256_shuffle_epi8(tables[2], rows[2][group]));
            bytes[0] = _mm256_add_epi8(bytes[0], three);
            bytes[1] = _mm256_add_epi8(bytes[1], _mm256_and_si256(_mm256_srli_epi16(three, 4), low));
        }
    }
    for (group, [both, b]) in bytes.into_iter().enumerate() {
        // Whatever overflows a byte does so in both.
        let a = _mm256_sub_epi8(both, _mm256_slli_epi16(_mm256_and_si256(b, low), 4));
        for (sums, bytes) in sums.iter_mut().zip([a, b]) {
            let [even, odd] = &mut sums[group];
            *even = _mm256_add_epi16(*even, _mm256_and_si256(bytes, _mm256_set1_epi16(255)));
            *odd = _mm256_add_epi16(*odd, _mm256_srli_epi16(bytes, 8));
        }
    }
}

/// A table of [`DIFFERING`] in both halves.
#[target_feature(enable = "avx2")]
fn table(number: u8) -> __m256i {
    let table = &DIFFERING[usize::from(number)];
    // SAFETY: it has 16 bytes.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}

/// Takes the rows of a tile into account, the first of which is number `first`, but not the `done` first rows.
#[target_feature(enable = "avx2")]
fn offer_rows(nearest: &mut Nearest, sums: &Sums, first: usize, done: usize) {
    for (group, &[even, odd]) in sums.iter().enumerate() {
        let (first, limit) = (first + 32 * group, _mm256_set1_epi16((limit(nearest) as u16).cast_signed()));
        let far = |sums| _mm256_cmpeq_epi16(_mm256_subs_epu16(limit, sums), _mm256_setzero_si256());
        let far = _mm256_blendv_epi8(far(even), far(odd), _mm256_set1_epi16(-256));
        let near = u64::from(!_mm256_movemask_epi8(far).cast_unsigned());
        let old = done.saturating_sub(first).min(32);
        // Most rows are far from most queries.
        let mut near = near >> old << old;
        if near != 0 {
            let mut distances = [[0_u16; 16]; 2];
            // SAFETY: 32 bytes are written to each half, which has as many.
            unsafe {
                _mm256_storeu_si256(distances[0].as_mut_ptr().cast(), even);
                _mm256_storeu_si256(distances[1].as_mut_ptr().cast(), odd);
            }
            while near != 0 {
                let row = near.trailing_zeros() as usize;
                offer(nearest, first + row, u32::from(distances[row % 2][row / 2]));
                near &= near - 1;
            }
        }
    }
}
