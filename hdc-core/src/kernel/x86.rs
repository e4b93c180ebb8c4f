//! Backends for x86-64: AVX2 (with `popcnt`), and AVX-512 with vector population counts.

#[allow(clippy::wildcard_imports, reason = "the list of intrinsics would be longer than the code")]
use core::arch::x86_64::*;

use super::vector::Vector;

/// 8 words. Only [`avx2`] makes these, and only where the machine has AVX2.
#[derive(Clone, Copy)]
struct Avx2(__m256i);

// SAFETY (of every intrinsic below): a function of `avx2` or `avx512` is at the root of every call, and the
// dispatch in `kernel.rs` enters those only after it saw that the machine has the features they enable.
impl Vector for Avx2 {
    const WORDS: usize = 8;
    const CARRY_SAVE: bool = true;
    type Tail = u32;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises 8 words there; the load may be unaligned.
        Self(unsafe { _mm256_loadu_si256(from.cast()) })
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

    /// Four sums of 64 bits.
    type Counts = __m256i;

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
            let bytes = _mm256_add_epi8(lows, highs);
            _mm256_add_epi64(counts, _mm256_sad_epu8(bytes, _mm256_setzero_si256()))
        }
    }

    #[inline(always)]
    fn total(counts: __m256i) -> u32 {
        // SAFETY: AVX2, see above.
        unsafe {
            let half = _mm_add_epi64(_mm256_castsi256_si128(counts), _mm256_extracti128_si256(counts, 1));
            let sum = _mm_add_epi64(half, _mm_unpackhi_epi64(half, half));
            _mm_cvtsi128_si32(sum).cast_unsigned()
        }
    }
}

/// 16 words. Only [`avx512`] makes these, and only where the machine has AVX-512 with VPOPCNTDQ.
#[derive(Clone, Copy)]
struct Avx512(__m512i);

impl Vector for Avx512 {
    const WORDS: usize = 16;
    const CARRY_SAVE: bool = false;
    type Tail = Avx2;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises 16 words there; the load may be unaligned.
        Self(unsafe { _mm512_loadu_si512(from.cast()) })
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

    #[inline(always)]
    fn total(counts: __m512i) -> u32 {
        // SAFETY: AVX-512, see above.
        unsafe { _mm512_reduce_add_epi64(counts) as u32 }
    }
}

super::stamp!(avx2, super::Avx2, "avx2,popcnt,bmi1,bmi2");
super::stamp!(avx512, super::Avx512, "avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx2,popcnt,bmi1,bmi2");
