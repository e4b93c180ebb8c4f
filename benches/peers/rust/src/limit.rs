//! What the machine allows: scans of all rows without finding anything, and the plain loop.

use std::arch::x86_64::*;
use std::hint::black_box;

/// Vectors of 256 bits that one step of the 16-way adder takes.
const STEP: usize = 16;

/// A query as a scan wants it: repeated until the rows' phase against the vectors comes round again.
///
/// The scans add up the bits of `query ^ row` over the whole array as if it were one long row: no tail, no
/// reduction and no comparison at a row's end. No search can do less with each bit.
pub struct Repeated {
    words: Vec<u32>,
    period: usize,
}

impl Repeated {
    pub fn new(query: &[u32]) -> Self {
        assert!(query.len() >= STEP, "a step is at most one period");
        // `query.len()` vectors of 8 words hold the query 8 times; one step more can be read at any place.
        let period = query.len();
        let words = query.iter().copied().cycle().take(8 * (period + STEP)).collect();
        Self { words, period }
    }

    /// The phase, in vectors of 8 words, one step after `phase`.
    #[inline]
    fn after(&self, phase: usize) -> usize {
        let phase = phase + STEP;
        if phase < self.period { phase } else { phase - self.period }
    }
}

/// Carry and sum, as textbooks have it: what the scan of rows is fastest with.
#[target_feature(enable = "avx2")]
fn add(a: __m256i, b: __m256i, c: __m256i) -> (__m256i, __m256i) {
    let half = _mm256_xor_si256(a, b);
    let carry = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(half, c));
    (carry, _mm256_xor_si256(half, c))
}

/// The same, with the sum so far, `a`, one operation away from the next one: what adders alone are fastest with.
#[target_feature(enable = "avx2")]
fn add_last(a: __m256i, b: __m256i, c: __m256i) -> (__m256i, __m256i) {
    let differ = _mm256_xor_si256(b, c);
    let carry = _mm256_xor_si256(b, _mm256_and_si256(differ, _mm256_xor_si256(a, b)));
    (carry, _mm256_xor_si256(a, differ))
}

/// The same with AVX-512, an instruction each.
#[target_feature(enable = "avx512f")]
fn add_wide(a: __m512i, b: __m512i, c: __m512i) -> (__m512i, __m512i) {
    let carry = _mm512_ternarylogic_epi64(a, b, c, 0b1110_1000);
    (carry, _mm512_ternarylogic_epi64(a, b, c, 0b1001_0110))
}

/// Adds eight vectors to the ones, twos and fours of `$sums` with seven of these adders, and what they carry to the last.
macro_rules! add_eight {
    ($add:ident, $xor:ident, $sums:ident, $rows:ident) => {
        let (twos_a, one) = $add($sums[0], $rows[0], $rows[1]);
        let (twos_b, one) = $add(one, $rows[2], $rows[3]);
        let (fours_a, two) = $add($sums[1], twos_a, twos_b);
        let (twos_a, one) = $add(one, $rows[4], $rows[5]);
        let (twos_b, one) = $add(one, $rows[6], $rows[7]);
        let (fours_b, two) = $add(two, twos_a, twos_b);
        let (eights, four) = $add($sums[2], fours_a, fours_b);
        $sums = [one, two, four, $xor($sums[3], eights)];
    };
}

/// Bits of each 64-bit lane.
#[target_feature(enable = "avx2")]
fn count(v: __m256i) -> __m256i {
    let table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    );
    let low = _mm256_set1_epi8(15);
    let a = _mm256_shuffle_epi8(table, _mm256_and_si256(v, low));
    let b = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi32(v, 4), low));
    _mm256_sad_epu8(_mm256_add_epi8(a, b), _mm256_setzero_si256())
}

/// Harley-Seal (Mula, Kurz, Lemire 2017): a tree of carry-save adders counts once for 16 vectors.
#[target_feature(enable = "avx2")]
pub fn harley_seal(query: &Repeated, rows: &[u32]) -> u64 {
    let zero = _mm256_setzero_si256();
    let (mut ones, mut twos, mut fours, mut eights, mut total) = (zero, zero, zero, zero, zero);
    let mut phase = 0;
    let steps = rows.chunks_exact(8 * STEP);
    let rest = steps.remainder();
    for step in steps {
        let part = &query.words[8 * phase..8 * (phase + STEP)];
        // SAFETY: `step` and `part` hold 16 vectors each and `at` is below 16.
        let x = |at: usize| unsafe {
            let row = _mm256_loadu_si256(step.as_ptr().add(8 * at).cast());
            _mm256_xor_si256(row, _mm256_loadu_si256(part.as_ptr().add(8 * at).cast()))
        };
        let (twos_a, one) = add(ones, x(0), x(1));
        let (twos_b, one) = add(one, x(2), x(3));
        let (fours_a, two) = add(twos, twos_a, twos_b);
        let (twos_a, one) = add(one, x(4), x(5));
        let (twos_b, one) = add(one, x(6), x(7));
        let (fours_b, two) = add(two, twos_a, twos_b);
        let (eights_a, four) = add(fours, fours_a, fours_b);
        let (twos_a, one) = add(one, x(8), x(9));
        let (twos_b, one) = add(one, x(10), x(11));
        let (fours_a, two) = add(two, twos_a, twos_b);
        let (twos_a, one) = add(one, x(12), x(13));
        let (twos_b, one) = add(one, x(14), x(15));
        let (fours_b, two) = add(two, twos_a, twos_b);
        let (eights_b, four) = add(four, fours_a, fours_b);
        let (sixteens, eight) = add(eights, eights_a, eights_b);
        (ones, twos, fours, eights) = (one, two, four, eight);
        total = _mm256_add_epi64(total, _mm256_slli_epi64(count(sixteens), 4));
        phase = query.after(phase);
    }
    for (weight, bits) in [ones, twos, fours, eights].into_iter().enumerate() {
        total = _mm256_add_epi64(total, _mm256_sll_epi64(count(bits), _mm_cvtsi32_si128(weight as i32)));
    }
    let lanes = [
        _mm256_extract_epi64(total, 0),
        _mm256_extract_epi64(total, 1),
        _mm256_extract_epi64(total, 2),
        _mm256_extract_epi64(total, 3),
    ];
    let rest = rest.iter().zip(&query.words[8 * phase..]).map(|(row, query)| u64::from((row ^ query).count_ones()));
    lanes.iter().sum::<i64>().cast_unsigned() + rest.sum::<u64>()
}

/// The same with the population count of AVX-512, eight vectors of 512 bits a step.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
pub fn vpopcnt(query: &Repeated, rows: &[u32]) -> u64 {
    let mut totals = [_mm512_setzero_si512(); 8];
    let mut phase = 0;
    let steps = rows.chunks_exact(8 * STEP);
    let rest = steps.remainder();
    for step in steps {
        let part = &query.words[8 * phase..8 * (phase + STEP)];
        for (at, total) in totals.iter_mut().enumerate() {
            // SAFETY: `step` and `part` hold 8 vectors each and `at` is below 8.
            let differ = unsafe {
                let row = _mm512_loadu_si512(step.as_ptr().add(16 * at).cast());
                _mm512_xor_si512(row, _mm512_loadu_si512(part.as_ptr().add(16 * at).cast()))
            };
            *total = _mm512_add_epi64(*total, _mm512_popcnt_epi64(differ));
        }
        phase = query.after(phase);
    }
    let total: i64 = totals.into_iter().map(|total| _mm512_reduce_add_epi64(total)).sum();
    let rest = rest.iter().zip(&query.words[8 * phase..]).map(|(row, query)| u64::from((row ^ query).count_ones()));
    total.cast_unsigned() + rest.sum::<u64>()
}

/// A chain of full adders over `vectors` vectors of 512 bits, eight rows side by side, and counting what it carries: what
/// arithmetic alone takes of a search for many queries. Rows are in registers, queries in the first-level cache; rows are not
/// put side by side, the chain does not end with them, and there are no distances to compare.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
pub fn arithmetic_avx512(vectors: usize) -> u64 {
    const WORDS: usize = 16;
    let rows = black_box([_mm512_set1_epi64(0x5555); WORDS]);
    let queries = black_box(&[[3_u64; WORDS]; 64]);
    let (mut left, mut twos) = (_mm512_setzero_si512(), _mm512_setzero_si512());
    for query in queries.iter().cycle().take(vectors.div_ceil(WORDS)) {
        let differ = |at: usize| {
            // SAFETY: 8 bytes are read of a number that has as many. Plain numbers would be loaded together and taken apart.
            let word = unsafe { _mm_loadl_epi64((&raw const query[at]).cast()) };
            _mm512_xor_si512(rows[at], _mm512_broadcastq_epi64(word))
        };
        for at in (0..WORDS).step_by(2) {
            let after = differ(at + 1);
            let carry = _mm512_ternarylogic_epi64(left, differ(at), after, 0b1101_0100);
            twos = _mm512_add_epi64(twos, _mm512_popcnt_epi64(carry));
            left = after;
        }
    }
    let total = _mm512_add_epi64(_mm512_popcnt_epi64(left), _mm512_add_epi64(twos, twos));
    _mm512_reduce_add_epi64(total).cast_unsigned()
}

/// The same with AVX2, `words` words of rows and as many of a query: of three half bytes of 32 rows and two queries the
/// differing bits are looked up and added, operands in the first-level cache and in registers. Half bytes are not put side by
/// side, and sums not widened.
#[target_feature(enable = "avx2")]
pub fn lookup_avx2(words: usize) -> u64 {
    let (tables, rows) = (black_box(&[[5_u8; 16]; 3 * THREES]), &Tile([[[5; 32]; 4]; 3 * THREES]));
    let (mut sums, low) = ([[_mm256_setzero_si256(); 2]; 4], _mm256_set1_epi8(15));
    // A step takes 3 half bytes of 128 rows and 2 queries: 96 words.
    let steps = words.div_ceil(96);
    for first in (0..steps).step_by(THREES) {
        let threes = tables.chunks_exact(3).zip(black_box(rows).0.chunks_exact(3));
        for (tables, rows) in threes.take(steps - first) {
            // SAFETY: a table has 16 bytes.
            let table = |at: usize| unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(tables[at].as_ptr().cast())) };
            let tables = [table(0), table(1), table(2)];
            for (group, sums) in sums.iter_mut().enumerate() {
                let found = |at: usize| {
                    // SAFETY: so many rows have 32 bytes.
                    let rows = unsafe { _mm256_loadu_si256(rows[at][group].as_ptr().cast()) };
                    _mm256_shuffle_epi8(tables[at], rows)
                };
                let three = _mm256_add_epi8(_mm256_add_epi8(found(0), found(1)), found(2));
                sums[0] = _mm256_add_epi8(sums[0], three);
                sums[1] = _mm256_add_epi8(sums[1], _mm256_and_si256(_mm256_srli_epi16(three, 4), low));
            }
        }
    }
    let all = sums.into_iter().flatten().reduce(|a, b| _mm256_xor_si256(a, b));
    all.map_or(0, |all| _mm256_extract_epi64(all, 0).cast_unsigned())
}

/// Half bytes of 128 rows, aligned so that no register is loaded from two lines of the cache.
#[repr(align(32))]
struct Tile([[[u8; 32]; 4]; 3 * THREES]);

/// Threes of half bytes of a row that one pass over a tile takes.
const THREES: usize = 19;

/// The Harley-Seal scan of rows that stay in the first-level cache, until `words` words are through: XOR and counting alone.
#[target_feature(enable = "avx2")]
pub fn arithmetic_avx2(query: &Repeated, rows: &[u32], words: usize) -> u64 {
    let rows = &rows[..rows.len().min(4096)];
    let whole: u64 = (0..words / rows.len()).map(|_| harley_seal(query, black_box(rows))).sum();
    whole + harley_seal(query, &rows[..words % rows.len()])
}

/// What carry-save adders alone take of a bundle of `count` hypervectors of `words` words: they turn the bits of a place into
/// the digits of their sum, so all but as many as these have ones go through a full adder each. Operands are in the
/// first-level cache and in registers, digits are not compared.
#[target_feature(enable = "avx2")]
pub fn adders_avx2(count: usize, words: usize) -> u64 {
    let (mut rows, mut sums) = ([_mm256_set1_epi8(5); 8], [_mm256_setzero_si256(); 4]);
    for _ in 0..(count - count.count_ones() as usize) * words.div_ceil(8) / 7 {
        let rows = black_box(&mut rows);
        add_eight!(add_last, _mm256_xor_si256, sums, rows);
    }
    let all = sums.into_iter().reduce(|a, b| _mm256_xor_si256(a, b));
    all.map_or(0, |all| _mm256_extract_epi64(all, 0).cast_unsigned())
}

/// The same with AVX-512.
#[target_feature(enable = "avx512f")]
pub fn adders_avx512(count: usize, words: usize) -> u64 {
    let (mut rows, mut sums) = ([_mm512_set1_epi64(5); 8], [_mm512_setzero_si512(); 4]);
    for _ in 0..(count - count.count_ones() as usize) * words.div_ceil(16) / 7 {
        let rows = black_box(&mut rows);
        add_eight!(add_wide, _mm512_xor_si512, sums, rows);
    }
    let all = sums.into_iter().reduce(|a, b| _mm512_xor_si512(a, b));
    all.map_or(0, |all| _mm512_reduce_add_epi64(all).cast_unsigned())
}

/// Reads everything and does next to nothing with it.
#[target_feature(enable = "avx2")]
pub fn stream(rows: &[u32]) -> u64 {
    let mut sums = [_mm256_setzero_si256(); 8];
    for step in rows.chunks_exact(64) {
        for (at, sum) in sums.iter_mut().enumerate() {
            // SAFETY: `step` holds 8 vectors and `at` is below 8.
            let row = unsafe { _mm256_loadu_si256(step.as_ptr().add(8 * at).cast()) };
            *sum = _mm256_xor_si256(*sum, row);
        }
    }
    let all = sums.into_iter().reduce(|a, b| _mm256_xor_si256(a, b));
    all.map_or(0, |all| _mm256_extract_epi64(all, 0).cast_unsigned())
}

/// What anyone would write, built for this machine: a row at a time, 64 bits at a time.
#[target_feature(enable = "popcnt")]
pub fn scalar(query: &[u64], rows: &[u64]) -> usize {
    let distance = |row: &[u64]| row.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
    let rows = rows.chunks_exact(query.len()).map(distance).enumerate();
    rows.min_by_key(|&(_, distance)| distance).map_or(0, |(row, _)| row)
}
