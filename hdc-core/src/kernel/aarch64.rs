//! Backend for aarch64: NEON, which every such machine has.

#[allow(clippy::wildcard_imports, reason = "the list of intrinsics would be longer than the code")]
use core::arch::aarch64::*;

use super::vector::Vector;

/// 4 words.
#[derive(Clone, Copy)]
struct Neon(uint32x4_t);

// SAFETY (of every intrinsic below): NEON is part of aarch64.
impl Vector for Neon {
    const WORDS: usize = 4;
    const CARRY_SAVE: bool = true;
    const TILED: usize = 64;
    const QUERIES: usize = 1;
    type Tail = u32;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises 4 words there.
        Self(unsafe { vld1q_u32(from) })
    }

    #[inline(always)]
    unsafe fn read_first(from: *const u32, count: usize) -> Self {
        let mut words = [0; 4];
        for (index, word) in words.iter_mut().enumerate().take(count) {
            // SAFETY: the caller promises `count` words there.
            *word = unsafe { *from.add(index) };
        }
        // SAFETY: there are four words.
        unsafe { Self::read(words.as_ptr()) }
    }

    #[inline(always)]
    unsafe fn write(self, to: *mut u32) {
        // SAFETY: the caller promises 4 words there.
        unsafe { vst1q_u32(to, self.0) }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: NEON, see above.
        Self(unsafe { vdupq_n_u32(word) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: NEON, see above.
        Self(unsafe { veorq_u32(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: NEON, see above.
        Self(unsafe { vandq_u32(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: NEON, see above.
        Self(unsafe { vorrq_u32(self.0, other.0) })
    }

    #[inline(always)]
    fn without(self, other: Self) -> Self {
        // SAFETY: NEON, see above.
        Self(unsafe { vbicq_u32(self.0, other.0) })
    }

    /// The carry is one selection: where a and b differ it is c, elsewhere a.
    #[inline(always)]
    fn full_add(self, b: Self, c: Self) -> (Self, Self) {
        let either = self.xor(b);
        // SAFETY: NEON, see above.
        (either.xor(c), Self(unsafe { vbslq_u32(either.0, c.0, self.0) }))
    }

    #[inline(always)]
    fn shift_in(self, before: u32, bits: u32) -> Self {
        let bits = bits.cast_signed();
        // SAFETY: NEON, see above. A shift by a negative number is one to the right.
        unsafe {
            let below = vextq_u32(vdupq_n_u32(before), self.0, 3);
            let (up, down) = (vdupq_n_s32(bits), vdupq_n_s32(bits - 32));
            Self(vorrq_u32(vshlq_u32(self.0, up), vshlq_u32(below, down)))
        }
    }

    #[inline(always)]
    unsafe fn at_most(from: *const u32, count: usize, key: i32) -> u32 {
        // SAFETY: NEON, see above; as the caller promises. The zeros in place of missing words are not counted.
        unsafe {
            let words = if count == Self::WORDS { Self::read(from) } else { Self::read_first(from, count) };
            let at_most = vcleq_s32(vreinterpretq_s32_u32(words.0), vdupq_n_s32(key));
            let missing = if key >= 0 { Self::WORDS - count } else { 0 };
            vaddvq_u32(vshrq_n_u32(at_most, 31)) - missing as u32
        }
    }

    /// Four sums of 32 bits.
    type Counts = uint32x4_t;

    #[inline(always)]
    fn no_counts() -> uint32x4_t {
        Self::splat(0).0
    }

    #[inline(always)]
    fn count(self, counts: uint32x4_t) -> uint32x4_t {
        // SAFETY: NEON, see above.
        unsafe { vpadalq_u16(counts, vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u32(self.0)))) }
    }

    type Sums = uint32x4_t;

    #[inline(always)]
    fn sums(counts: uint32x4_t) -> uint32x4_t {
        counts
    }

    #[inline(always)]
    fn weighted(one: uint32x4_t, two: uint32x4_t, four: uint32x4_t) -> uint32x4_t {
        // SAFETY: NEON, see above.
        unsafe { vaddq_u32(one, vaddq_u32(vshlq_n_u32(two, 1), vshlq_n_u32(four, 2))) }
    }

    #[inline(always)]
    fn total(sums: uint32x4_t) -> u32 {
        // SAFETY: NEON, see above.
        unsafe { vaddvq_u32(sums) }
    }

    /// Four rows of four sums are added column by column.
    #[inline(always)]
    fn totals([a, b, c, d]: [uint32x4_t; 4]) -> [u32; 4] {
        let mut totals = [0; 4];
        // SAFETY: NEON, see above; four words are written to an array of four.
        unsafe { vst1q_u32(totals.as_mut_ptr(), vpaddq_u32(vpaddq_u32(a, b), vpaddq_u32(c, d))) };
        totals
    }
}

super::stamp!(neon, super::Neon, "neon");
