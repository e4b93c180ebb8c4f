//! Majorities, by bit-sliced counters and carry-save adders (Harley & Seal).

use super::super::vector::Vector;
use super::{Blocks, blocks};
use crate::Tie;
use crate::bundle::{HELD, Sum};

/// Adds `hypervector` to `counters` with `sum` in them: `planes + HELD` times as many words, plane by plane.
///
/// Plane l has weight 2^l, and what is in it counts as 0 while there are fewer than 2^l hypervectors. At the lowest
/// [`HELD`] levels an incoming word waits in a held plane until a second one comes, and a full adder takes both; so one
/// addition costs one full adder on average. What leaves those levels, every eighth time, ripples upwards.
#[inline(always)]
pub(crate) fn bundle_add<V: Vector>(counters: &mut [u32], words: usize, sum: Sum, hypervector: &[u32]) {
    let to = words.min(hypervector.len());
    let Some(counters) = Counters::new(counters, words, sum.count, 1, 0) else { return };
    let hypervector = hypervector.as_ptr();
    // SAFETY: the counters have `words` words in each plane, the hypervector has `to`, at most `words`. What is held is
    // part of the sum, so that the planes of its levels are in use.
    unsafe {
        match sum.held.trailing_ones() {
            0 => blocks::<V>(AddOne::<0> { counters, hypervector }, 0, to),
            1 => blocks::<V>(AddOne::<1> { counters, hypervector }, 0, to),
            2 => blocks::<V>(AddOne::<2> { counters, hypervector }, 0, to),
            _ => blocks::<V>(AddOne::<3> { counters, hypervector }, 0, to),
        }
    }
}

/// As [`bundle_add`] for up to [`MOST`] hypervectors at once (`n x words`), when none is held.
#[inline(always)]
pub(crate) fn bundle_add_many<V: Vector>(counters: &mut [u32], words: usize, count: usize, hypervectors: &[u32]) {
    let rows = (hypervectors.len() / words.max(1)).min(MOST);
    let Some(counters) = Counters::new(counters, words, count, rows, IN_REGISTERS) else { return };
    let work = AddMany { counters, hypervectors: hypervectors.as_ptr(), rows };
    // SAFETY: the counters have `words` words in each plane, and so has each of the rows.
    unsafe { blocks::<V>(work, 0, words) };
}

/// How many hypervectors are added in one pass: what leaves the registers is one carry then.
pub(crate) const MOST: usize = (1 << IN_REGISTERS) - 1;

/// Planes that stay in registers while many hypervectors are added.
const IN_REGISTERS: usize = 6;

/// The counters of a bundle: planes and then [`HELD`] held ones, each of `words` words.
#[derive(Clone, Copy)]
struct Counters {
    planes: *mut u32,
    words: usize,
    /// All planes that there are.
    count: usize,
    /// Planes in use before and after an addition.
    before: usize,
    after: usize,
}

impl Counters {
    /// The counters in `storage` with `count` hypervectors in them, to which `more` come, if there is room. Planes that
    /// come into use are cleared, but for the lowest `new` ones, of which the addition takes care.
    #[inline(always)]
    fn new(storage: &mut [u32], words: usize, count: usize, more: usize, new: usize) -> Option<Self> {
        let planes = storage.len().checked_div(words)?.checked_sub(HELD)?;
        let (before, after) = (planes_of(count), planes_of(count + more));
        if after > planes {
            return None;
        }
        if let Some(cleared) = storage.get_mut(before.max(new) * words..after * words) {
            cleared.fill(0);
        }
        Some(Self { planes: storage.as_mut_ptr(), words, count: planes, before, after })
    }

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

    /// Adds `carry` to the planes from `level` on.
    ///
    /// # Safety
    /// `at + V::WORDS <= words`.
    #[inline(always)]
    unsafe fn ripple<V: Vector>(self, level: usize, mut carry: V, at: usize) {
        // SAFETY: the levels are those of planes.
        unsafe {
            for level in level..self.after {
                let plane = V::read(self.plane(level, at));
                plane.xor(carry).write(self.plane(level, at));
                carry = plane.and(carry);
            }
        }
    }
}

/// The planes in use with `count` hypervectors.
#[inline(always)]
fn planes_of(count: usize) -> usize {
    (usize::BITS - count.leading_zeros()) as usize
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
        // SAFETY: the block is in the hypervector, and the planes of the levels are in use.
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
                counters.ripple(HELD, carry, at);
            }
        }
    }
}

/// Adds `rows` hypervectors where none is held.
#[derive(Clone, Copy)]
struct AddMany {
    counters: Counters,
    hypervectors: *const u32,
    rows: usize,
}

impl AddMany {
    /// The words from `at` on of `row`, or 0 if there is no such row.
    ///
    /// # Safety
    /// The block at `at` is within the words of a row.
    #[inline(always)]
    unsafe fn row<V: Vector>(self, row: usize, at: usize) -> V {
        // SAFETY: as the caller promises, and the row is one of them.
        if row < self.rows { unsafe { self.row_of(row, at) } } else { V::splat(0) }
    }

    /// # Safety
    /// The block at `at` is within the words of a row, and `row < rows`.
    #[inline(always)]
    unsafe fn row_of<V: Vector>(self, row: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        unsafe { V::read(self.hypervectors.add(row * self.counters.words + at)) }
    }
}

impl Blocks for AddMany {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let counters = self.counters;
        // SAFETY: the block is in each of the rows and in each plane that is in use.
        unsafe {
            let mut planes = [V::splat(0); IN_REGISTERS];
            for (level, plane) in planes.iter_mut().enumerate() {
                if level < counters.before {
                    *plane = V::read(counters.plane(level, at));
                }
            }
            // The sum is below twice what the planes can hold, so that at most one of the carries is 1.
            let mut carry = V::splat(0);
            let mut row = 0;
            while self.rows - row >= 8 {
                let low = [
                    self.row_of(row, at),
                    self.row_of(row + 1, at),
                    self.row_of(row + 2, at),
                    self.row_of(row + 3, at),
                ];
                let high = [
                    self.row_of(row + 4, at),
                    self.row_of(row + 5, at),
                    self.row_of(row + 6, at),
                    self.row_of(row + 7, at),
                ];
                carry = carry.or(add_eight(&mut planes, low, high));
                row += 8;
            }
            while row < self.rows {
                let four = [self.row_of(row, at), self.row(row + 1, at), self.row(row + 2, at), self.row(row + 3, at)];
                carry = carry.or(add_four(&mut planes, four));
                row += 4;
            }
            for (level, plane) in planes.into_iter().enumerate() {
                if level < counters.after {
                    plane.write(counters.plane(level, at));
                }
            }
            counters.ripple(IN_REGISTERS, carry, at);
        }
    }
}

/// The majority of the hypervectors in `counters`, laid out as in [`bundle_add`].
#[inline(always)]
pub(crate) fn bundle_majority<V: Vector>(counters: &[u32], words: usize, sum: Sum, tie: Tie, target: &mut [u32]) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    let used = planes_of(sum.count);
    if used > planes || counters.is_empty() {
        return;
    }
    // Counters are only read through this.
    let planes_at = counters.as_ptr().cast_mut();
    let counters = Counters { planes: planes_at, words, count: planes, before: used, after: used };
    let to = words.min(target.len());
    let work = Majority { counters, sum, tie: tie_of(tie, sum.count), target: target.as_mut_ptr() };
    // SAFETY: `counters` has `planes + HELD` times `words` words, `target` has `to`.
    unsafe { blocks::<V>(work, 0, to) };
}

#[derive(Clone, Copy)]
struct Majority {
    counters: Counters,
    sum: Sum,
    tie: u32,
    target: *mut u32,
}

impl Blocks for Majority {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let mut carry = V::splat(0);
        let mut compare = Compare::<V>::new(self.sum.count / 2);
        for level in 0..self.counters.before {
            // SAFETY: the level is one of the counters'.
            let (plane, waiting) = unsafe {
                let is_held = level < HELD && self.sum.held >> level & 1 == 1;
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

/// Adds eight words to at least three counters: seven full adders and a ripple, whose carry is returned.
#[inline(always)]
pub(super) fn add_eight<V: Vector, const N: usize>(planes: &mut [V; N], low: [V; 4], high: [V; 4]) -> V {
    let [ones, twos, fours, higher @ ..] = &mut planes[..] else { return V::splat(0) };
    let (one, two_a) = ones.full_add(low[0], low[1]);
    let (one, two_b) = one.full_add(low[2], low[3]);
    let (two, four_a) = twos.full_add(two_a, two_b);
    let (one, two_a) = one.full_add(high[0], high[1]);
    let (one, two_b) = one.full_add(high[2], high[3]);
    let (two, four_b) = two.full_add(two_a, two_b);
    let (four, eight) = fours.full_add(four_a, four_b);
    (*ones, *twos, *fours) = (one, two, four);
    ripple(higher, eight)
}

/// Adds four words to at least two counters: three full adders and a ripple, whose carry is returned.
#[inline(always)]
fn add_four<V: Vector, const N: usize>(planes: &mut [V; N], words: [V; 4]) -> V {
    let [ones, twos, higher @ ..] = &mut planes[..] else { return V::splat(0) };
    let (one, two_a) = ones.full_add(words[0], words[1]);
    let (one, two_b) = one.full_add(words[2], words[3]);
    let (two, four) = twos.full_add(two_a, two_b);
    (*ones, *twos) = (one, two);
    ripple(higher, four)
}

/// Adds `carry` to the lowest of `planes` and returns what overflows.
#[inline(always)]
pub(super) fn ripple<V: Vector>(planes: &mut [V], mut carry: V) -> V {
    for plane in planes {
        let sum = plane.xor(carry);
        carry = plane.and(carry);
        *plane = sum;
    }
    carry
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
