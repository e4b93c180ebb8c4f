//! Backends for x86-64: AVX2 (with `popcnt`), and AVX-512 with vector population counts.

#[allow(clippy::wildcard_imports, reason = "the list of intrinsics would be longer than the code")]
use core::arch::x86_64::*;

use super::vector::Vector;
use crate::Nearest;

mod columns;
mod lookup;

/// 8 words. Only [`avx2`] makes these, and only where the machine has AVX2.
#[derive(Clone, Copy)]
struct Avx2(__m256i);

// SAFETY (of every intrinsic below): a function of `avx2` or `avx512` is at the root of every call, and the
// dispatch in `kernel.rs` enters those only after it saw that the machine has the features they enable.
impl Vector for Avx2 {
    const WORDS: usize = 8;
    const CARRY_SAVE: bool = true;
    const TILED: usize = 128;
    const QUERIES: usize = 1;
    type Tail = u32;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises 8 words there; the load may be unaligned.
        Self(unsafe { _mm256_loadu_si256(from.cast()) })
    }

    #[inline(always)]
    unsafe fn read_first(from: *const u32, count: usize) -> Self {
        // SAFETY: AVX2, see above; the caller promises `count` words there, and no others are touched.
        unsafe {
            let places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
            let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((count as u32).cast_signed()), places);
            Self(_mm256_maskload_epi32(from.cast(), mask))
        }
    }

    #[inline(always)]
    unsafe fn write(self, to: *mut u32) {
        // SAFETY: the caller promises 8 words there; the store may be unaligned.
        unsafe { _mm256_storeu_si256(to.cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: AVX2, see above.
        Self(unsafe { _mm256_set1_epi32(word.cast_signed()) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: AVX2, see above.
        Self(unsafe { _mm256_xor_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: AVX2, see above.
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: AVX2, see above.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn without(self, other: Self) -> Self {
        // SAFETY: AVX2, see above.
        Self(unsafe { _mm256_andnot_si256(other.0, self.0) })
    }

    /// What comes last to `self`, the sum so far, is one instruction away from the next one. The carry is chosen: `self`
    /// where the others differ, else `b`. `c` is read once, so that it can stay in memory.
    #[inline(always)]
    fn full_add(self, b: Self, c: Self) -> (Self, Self) {
        let differ = b.xor(c);
        (self.xor(differ), b.xor(differ.and(self.xor(b))))
    }

    #[inline(always)]
    fn shift_in(self, before: u32, bits: u32) -> Self {
        // SAFETY: AVX2, see above.
        unsafe {
            let before = _mm256_set1_epi32(before.cast_signed());
            // The words one place up: within each half by a byte shift, into it from the half below.
            let below = _mm256_alignr_epi8(self.0, _mm256_permute2x128_si256(before, self.0, 0x20), 12);
            let (up, down) = (_mm_cvtsi32_si128(bits.cast_signed()), _mm_cvtsi32_si128((32 - bits).cast_signed()));
            Self(_mm256_or_si256(_mm256_sll_epi32(self.0, up), _mm256_srl_epi32(below, down)))
        }
    }

    #[inline(always)]
    unsafe fn at_most(from: *const u32, count: usize, key: i32) -> u32 {
        // SAFETY: AVX2, see above; as the caller promises.
        unsafe {
            let words = if count == Self::WORDS { Self::read(from) } else { Self::read_first(from, count) };
            let above = _mm256_cmpgt_epi32(words.0, _mm256_set1_epi32(key));
            let at_most = !_mm256_movemask_ps(_mm256_castsi256_ps(above)).cast_unsigned();
            (at_most & ((1 << count) - 1)).count_ones()
        }
    }

    /// The sums of the bytes.
    type Counts = __m256i;
    /// 31 times 8 fits a byte.
    const MOST_COUNTS: usize = 31;

    #[inline(always)]
    fn no_counts() -> __m256i {
        // SAFETY: AVX2, see above.
        unsafe { _mm256_setzero_si256() }
    }

    /// Half bytes are looked up in a table of 16 (Muła, Kurz & Lemire 2018).
    #[inline(always)]
    fn count(self, counts: __m256i) -> __m256i {
        // SAFETY: AVX2, see above.
        unsafe {
            let table = _mm256_setr_epi8(
                0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            );
            let low = _mm256_set1_epi8(15);
            let lows = _mm256_shuffle_epi8(table, _mm256_and_si256(self.0, low));
            let highs = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(self.0, 4), low));
            _mm256_add_epi8(counts, _mm256_add_epi8(lows, highs))
        }
    }

    /// Four sums of 64 bits.
    type Sums = __m256i;

    #[inline(always)]
    fn sums(counts: __m256i) -> __m256i {
        // SAFETY: AVX2, see above.
        unsafe { _mm256_sad_epu8(counts, _mm256_setzero_si256()) }
    }

    /// 40 and twice 8 fit a byte.
    #[inline(always)]
    fn weighted(one: __m256i, two: __m256i, four: __m256i) -> __m256i {
        // SAFETY: AVX2, see above.
        unsafe {
            let few = _mm256_add_epi8(one, _mm256_add_epi8(two, two));
            _mm256_add_epi64(Self::sums(few), _mm256_slli_epi64(Self::sums(four), 2))
        }
    }

    #[inline(always)]
    fn total(sums: __m256i) -> u32 {
        // SAFETY: AVX2, see above.
        unsafe {
            let half = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
            let sum = _mm_add_epi64(half, _mm_unpackhi_epi64(half, half));
            _mm_cvtsi128_si32(sum).cast_unsigned()
        }
    }

    /// Four rows of four sums below 2^15 are put beside each other, and neighbours added.
    #[inline(always)]
    fn totals([a, b, c, d]: [__m256i; 4]) -> [u32; 4] {
        // SAFETY: AVX2, see above.
        unsafe {
            let all = _mm256_packus_epi32(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
            let all = _mm256_madd_epi16(all, _mm256_set1_epi16(1));
            words_of(_mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1)))
        }
    }

    #[inline(always)]
    fn ask_for(place: *const u32) {
        ask_for(place);
    }

    #[inline(always)]
    unsafe fn side_by_side(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> bool {
        let pays = lookup::pays(found.len(), rows.len() / words, words);
        if pays {
            // SAFETY: AVX2, see above; as the caller promises.
            unsafe { lookup::nearest(queries, rows, words, found) };
        }
        pays
    }
}

/// The four words of `all`.
///
/// # Safety
/// The machine has AVX2.
#[inline(always)]
unsafe fn words_of(all: __m128i) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: as the caller promises; four words are written to an array of four.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), all) };
    words
}

/// Into the first-level cache: a hint for the second one leaves the page to be looked up again.
#[inline(always)]
fn ask_for(place: *const u32) {
    // SAFETY: every x86-64 has the instruction, and it may name any place.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) };
}

/// 16 words. Only [`avx512`] makes these, and only where the machine has AVX-512 with VPOPCNTDQ.
#[derive(Clone, Copy)]
struct Avx512(__m512i);

impl Vector for Avx512 {
    const WORDS: usize = 16;
    const CARRY_SAVE: bool = false;
    /// Sums of 511 vectors, 64 bits of each, fit 15 bits.
    const TILED: usize = 511 * Self::WORDS;
    const QUERIES: usize = 4;
    type Tail = Avx2;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises 16 words there; the load may be unaligned.
        Self(unsafe { _mm512_loadu_si512(from.cast()) })
    }

    #[inline(always)]
    unsafe fn read_first(from: *const u32, count: usize) -> Self {
        // SAFETY: AVX-512, see above; the caller promises `count` words there, and no others are touched.
        Self(unsafe { _mm512_maskz_loadu_epi32((1 << count) - 1, from.cast()) })
    }

    #[inline(always)]
    unsafe fn write(self, to: *mut u32) {
        // SAFETY: the caller promises 16 words there; the store may be unaligned.
        unsafe { _mm512_storeu_si512(to.cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: AVX-512, see above.
        Self(unsafe { _mm512_set1_epi32(word.cast_signed()) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: AVX-512, see above.
        Self(unsafe { _mm512_xor_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: AVX-512, see above.
        Self(unsafe { _mm512_and_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: AVX-512, see above.
        Self(unsafe { _mm512_or_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn without(self, other: Self) -> Self {
        // SAFETY: AVX-512, see above.
        Self(unsafe { _mm512_andnot_si512(other.0, self.0) })
    }

    /// One instruction for the sum, one for the carry: the tables of three-way XOR and of majority.
    #[inline(always)]
    fn full_add(self, b: Self, c: Self) -> (Self, Self) {
        // SAFETY: AVX-512, see above.
        unsafe {
            let sum = _mm512_ternarylogic_epi32(self.0, b.0, c.0, 0b1001_0110);
            let carry = _mm512_ternarylogic_epi32(self.0, b.0, c.0, 0b1110_1000);
            (Self(sum), Self(carry))
        }
    }

    #[inline(always)]
    fn shift_in(self, before: u32, bits: u32) -> Self {
        // SAFETY: AVX-512, see above.
        unsafe {
            let below = _mm512_alignr_epi32(self.0, _mm512_set1_epi32(before.cast_signed()), 15);
            let (up, down) = (_mm_cvtsi32_si128(bits.cast_signed()), _mm_cvtsi32_si128((32 - bits).cast_signed()));
            Self(_mm512_or_si512(_mm512_sll_epi32(self.0, up), _mm512_srl_epi32(below, down)))
        }
    }

    #[inline(always)]
    unsafe fn at_most(from: *const u32, count: usize, key: i32) -> u32 {
        // SAFETY: AVX-512, see above; as the caller promises, and no other words are touched.
        unsafe {
            let first = ((1_u32 << count) - 1) as u16;
            let words = _mm512_maskz_loadu_epi32(first, from.cast());
            u32::from(_mm512_mask_cmple_epi32_mask(first, words, _mm512_set1_epi32(key))).count_ones()
        }
    }

    /// Eight sums of 64 bits.
    type Counts = __m512i;

    #[inline(always)]
    fn no_counts() -> __m512i {
        // SAFETY: AVX-512, see above.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn count(self, counts: __m512i) -> __m512i {
        // SAFETY: AVX-512 with VPOPCNTDQ, see above.
        unsafe { _mm512_add_epi64(counts, _mm512_popcnt_epi64(self.0)) }
    }

    type Sums = __m512i;

    #[inline(always)]
    fn sums(counts: __m512i) -> __m512i {
        counts
    }

    #[inline(always)]
    fn weighted(one: __m512i, two: __m512i, four: __m512i) -> __m512i {
        // SAFETY: AVX-512, see above.
        unsafe { _mm512_add_epi64(one, _mm512_add_epi64(_mm512_slli_epi64(two, 1), _mm512_slli_epi64(four, 2))) }
    }

    #[inline(always)]
    fn total(counts: __m512i) -> u32 {
        // SAFETY: AVX-512, see above.
        unsafe { _mm512_reduce_add_epi64(counts) as u32 }
    }

    #[inline(always)]
    fn totals(counts: [__m512i; 4]) -> [u32; 4] {
        // SAFETY: AVX-512, see above.
        unsafe {
            let all = parts(counts);
            let half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
            words_of(_mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1)))
        }
    }

    /// Each quarter of the vectors has parts of four sums: quarters are added until one vector has all sixteen.
    #[inline(always)]
    fn totals_below([a, b, c, d]: [[__m512i; 4]; 4], limits: [u32; 4]) -> (u32, [u32; 16]) {
        let mut all = [0; 16];
        // SAFETY: AVX-512, see above; four words are read of an array of four, and sixteen written to one of sixteen.
        unsafe {
            let (a, b, c, d) = (parts(a), parts(b), parts(c), parts(d));
            let ab = _mm512_add_epi32(_mm512_shuffle_i64x2(a, b, 0x44), _mm512_shuffle_i64x2(a, b, 0xee));
            let cd = _mm512_add_epi32(_mm512_shuffle_i64x2(c, d, 0x44), _mm512_shuffle_i64x2(c, d, 0xee));
            let totals = _mm512_add_epi32(_mm512_shuffle_i64x2(ab, cd, 0x88), _mm512_shuffle_i64x2(ab, cd, 0xdd));
            let limits = _mm512_broadcast_i32x4(_mm_loadu_si128(limits.as_ptr().cast()));
            let places = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
            _mm512_storeu_si512(all.as_mut_ptr().cast(), totals);
            (u32::from(_mm512_cmplt_epu32_mask(totals, _mm512_permutexvar_epi32(places, limits))), all)
        }
    }

    #[inline(always)]
    fn ask_for(place: *const u32) {
        ask_for(place);
    }

    #[inline(always)]
    unsafe fn side_by_side(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> bool {
        let pays = columns::pays(found.len(), rows.len() / words, words);
        if pays {
            // SAFETY: AVX-512 with VPOPCNTDQ, see above.
            unsafe { columns::nearest(queries, rows, words, found) };
        }
        pays
    }
}

/// Four rows of eight sums below 2^15 are put beside each other, and neighbours added: a part of each in every quarter.
///
/// # Safety
/// The machine has AVX-512.
#[inline(always)]
unsafe fn parts([a, b, c, d]: [__m512i; 4]) -> __m512i {
    // SAFETY: as the caller promises.
    unsafe {
        let all = _mm512_packus_epi32(_mm512_packus_epi32(a, b), _mm512_packus_epi32(c, d));
        _mm512_madd_epi16(all, _mm512_set1_epi16(1))
    }
}

super::stamp!(avx2, super::Avx2, "avx2,popcnt,bmi1,bmi2");
super::stamp!(avx512, super::Avx512, "avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx2,popcnt,bmi1,bmi2");
