//! Majorities, by bit-sliced counters and carry-save adders (Harley & Seal).

use super::super::vector::Vector;
use super::{Blocks, blocks};
use crate::Tie;
use crate::bundle::HELD;

/// Adds `hypervector` to counters that hold `count` of them: `planes + HELD` times as many words, plane by
/// plane.
///
/// Plane l has weight 2^l. At the lowest [`HELD`] levels an incoming word waits in a held plane until a
/// second one comes, and a full adder takes both; so one addition costs one full adder on average. What
/// leaves those levels, every eighth time, ripples upwards.
#[inline(always)]
pub(crate) fn bundle_add<V: Vector>(counters: &mut [u32], words: usize, count: usize, hypervector: &[u32]) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    let to = words.min(hypervector.len());
    if planes == 0 {
        return;
    }
    let counters = Counters { planes: counters.as_mut_ptr(), words, count: planes };
    let hypervector = hypervector.as_ptr();
    // SAFETY: `counters` has `planes + HELD` times `words` words, `hypervector` has `to`, at most `words`; as there
    // is room for one more, there are at least as many planes as levels that pass a carry on.
    unsafe {
        match count.trailing_ones() {
            0 => blocks::<V>(AddOne::<0> { counters, hypervector }, 0, to),
            1 => blocks::<V>(AddOne::<1> { counters, hypervector }, 0, to),
            2 => blocks::<V>(AddOne::<2> { counters, hypervector }, 0, to),
            _ => blocks::<V>(AddOne::<3> { counters, hypervector }, 0, to),
        }
    }
}

/// As [`bundle_add`] for eight hypervectors at once (`8 x words`), when none is held.
#[inline(always)]
pub(crate) fn bundle_add_eight<V: Vector>(counters: &mut [u32], words: usize, hypervectors: &[u32]) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    if planes <= HELD || hypervectors.len() < 8 * words {
        return;
    }
    let counters = Counters { planes: counters.as_mut_ptr(), words, count: planes };
    // SAFETY: `counters` has `planes + HELD` times `words` words, `hypervectors` eight times.
    unsafe { blocks::<V>(AddEight { counters, hypervectors: hypervectors.as_ptr() }, 0, words) };
}

/// The counters of a bundle: `count` planes and then [`HELD`] held ones, each of `words` words.
#[derive(Clone, Copy)]
struct Counters {
    planes: *mut u32,
    words: usize,
    count: usize,
}

impl Counters {
    /// The words from `at` on of plane `level`.
    ///
    /// # Safety
    /// `level < count` and `at < words`.
    #[inline(always)]
    unsafe fn plane(self, level: usize, at: usize) -> *mut u32 {
        // SAFETY: as the caller promises.
        unsafe { self.planes.add(level * self.words + at) }
    }

    /// The words from `at` on of the plane that is held at `level`.
    ///
    /// # Safety
    /// `level < HELD` and `at < words`.
    #[inline(always)]
    unsafe fn held(self, level: usize, at: usize) -> *mut u32 {
        // SAFETY: as the caller promises.
        unsafe { self.planes.add((self.count + level) * self.words + at) }
    }

    /// Adds `carry` to the planes above those that are held, from the lowest of them on.
    ///
    /// # Safety
    /// `at + V::WORDS <= words`.
    #[inline(always)]
    unsafe fn ripple<V: Vector>(self, mut carry: V, at: usize) {
        for level in HELD..self.count {
            // SAFETY: the level is one of the planes.
            unsafe {
                let before = V::read(self.plane(level, at));
                before.xor(carry).write(self.plane(level, at));
                carry = before.and(carry);
            }
        }
    }
}

/// Adds one hypervector where the lowest `LEVELS` levels hold a word already.
#[derive(Clone, Copy)]
struct AddOne<const LEVELS: usize> {
    counters: Counters,
    hypervector: *const u32,
}

impl<const LEVELS: usize> Blocks for AddOne<LEVELS> {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let counters = self.counters;
        // SAFETY: the block is in the hypervector, and every level is one of the counters'.
        unsafe {
            let mut carry = V::read(self.hypervector.add(at));
            for level in 0..LEVELS {
                let sum;
                let plane = counters.plane(level, at);
                (sum, carry) = V::read(plane).full_add(V::read(counters.held(level, at)), carry);
                sum.write(plane);
            }
            if LEVELS < HELD {
                carry.write(counters.held(LEVELS, at));
            } else {
                counters.ripple(carry, at);
            }
        }
    }
}

/// Adds eight hypervectors where none is held.
#[derive(Clone, Copy)]
struct AddEight {
    counters: Counters,
    hypervectors: *const u32,
}

impl Blocks for AddEight {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let (counters, words, from) = (self.counters, self.counters.words, self.hypervectors);
        // SAFETY: the block is in each of the eight hypervectors and in each plane.
        unsafe {
            let (ones, twos, fours) = (counters.plane(0, at), counters.plane(1, at), counters.plane(2, at));
            let mut planes = [V::read(ones), V::read(twos), V::read(fours), V::splat(0)];
            let low = [
                V::read(from.add(at)),
                V::read(from.add(words + at)),
                V::read(from.add(2 * words + at)),
                V::read(from.add(3 * words + at)),
            ];
            let high = [
                V::read(from.add(4 * words + at)),
                V::read(from.add(5 * words + at)),
                V::read(from.add(6 * words + at)),
                V::read(from.add(7 * words + at)),
            ];
            add_eight(&mut planes, low, high);
            let [one, two, four, eight] = planes;
            one.write(ones);
            two.write(twos);
            four.write(fours);
            counters.ripple(eight, at);
        }
    }
}

/// The majority of the `count` hypervectors in `counters`, laid out as in [`bundle_add`].
#[inline(always)]
pub(crate) fn bundle_majority<V: Vector>(counters: &[u32], words: usize, count: usize, tie: Tie, target: &mut [u32]) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    let to = if counters.is_empty() { 0 } else { words.min(target.len()) };
    // Counters are only read through this.
    let counters = Counters { planes: counters.as_ptr().cast_mut(), words, count: planes };
    let work = Majority { counters, count, tie: tie_of(tie, count), target: target.as_mut_ptr() };
    // SAFETY: `counters` has `planes + HELD` times `words` words (if any), `target` has `to`.
    unsafe { blocks::<V>(work, 0, to) };
}

#[derive(Clone, Copy)]
struct Majority {
    counters: Counters,
    count: usize,
    tie: u32,
    target: *mut u32,
}

impl Blocks for Majority {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let mut carry = V::splat(0);
        let mut compare = Compare::<V>::new(self.count / 2);
        for level in 0..self.counters.count {
            // SAFETY: the level is one of the counters'.
            let (plane, waiting) = unsafe {
                let is_held = level < HELD && self.count >> level & 1 == 1;
                let held = if is_held { V::read(self.counters.held(level, at)) } else { V::splat(0) };
                (V::read(self.counters.plane(level, at)), held)
            };
            let sum;
            (sum, carry) = plane.full_add(waiting, carry);
            compare.digit(sum);
        }
        // SAFETY: the block is in `target`.
        unsafe { compare.majority(self.tie).write(self.target.add(at)) };
    }
}

/// Compares counters with a constant, digit by digit from the lowest.
pub(super) struct Compare<V> {
    above: V,
    equal: V,
    limit: usize,
}

impl<V: Vector> Compare<V> {
    #[inline(always)]
    pub(super) fn new(limit: usize) -> Self {
        Self { above: V::splat(0), equal: V::splat(!0), limit }
    }

    #[inline(always)]
    pub(super) fn digit(&mut self, digit: V) {
        if self.limit & 1 == 0 {
            self.above = self.above.or(digit);
            self.equal = self.equal.without(digit);
        } else {
            self.above = self.above.and(digit);
            self.equal = self.equal.and(digit);
        }
        self.limit >>= 1;
    }

    /// 1 where the counter is above the limit, and the bit of `tie` where it is equal.
    #[inline(always)]
    pub(super) fn majority(self, tie: u32) -> V {
        self.above.or(self.equal.and(V::splat(tie)))
    }
}

/// The bits of a tie among `count`: half of an odd number is no tie.
#[inline(always)]
pub(super) fn tie_of(tie: Tie, count: usize) -> u32 {
    if count.is_multiple_of(2) { tie.word() } else { 0 }
}

/// Adds eight words to counters: seven full adders and a ripple.
#[inline(always)]
pub(super) fn add_eight<V: Vector>(planes: &mut [V], low: [V; 4], high: [V; 4]) {
    let [ones, twos, fours, higher @ ..] = planes else { return };
    let (one, two_a) = ones.full_add(low[0], low[1]);
    let (one, two_b) = one.full_add(low[2], low[3]);
    let (two, four_a) = twos.full_add(two_a, two_b);
    let (one, two_a) = one.full_add(high[0], high[1]);
    let (one, two_b) = one.full_add(high[2], high[3]);
    let (two, four_b) = two.full_add(two_a, two_b);
    let (four, eight) = fours.full_add(four_a, four_b);
    (*ones, *twos, *fours) = (one, two, four);
    ripple(higher, eight);
}

/// Adds `carry` to the lowest of `planes` and passes on what overflows.
#[inline(always)]
pub(super) fn ripple<V: Vector>(planes: &mut [V], mut carry: V) {
    for plane in planes {
        let sum = plane.xor(carry);
        carry = plane.and(carry);
        *plane = sum;
    }
}

/// Adds one bit to each of 32 counters that lie across `planes`.
#[inline]
pub(crate) fn count(planes: &mut [u32], bits: u32) {
    ripple(planes, bits);
}

/// The majority of `total` bits counted in `planes`.
#[inline]
pub(crate) fn majority(planes: &[u32], total: usize, tie: Tie) -> u32 {
    let mut compare = Compare::new(total / 2);
    for &plane in planes {
        compare.digit(plane);
    }
    compare.majority(tie_of(tie, total))
}
