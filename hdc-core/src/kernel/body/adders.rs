//! Carry-save adders of words in registers, and what is read from their planes.

use super::super::vector::Vector;
use crate::Tie;

/// Words to be counted, in rows.
pub(super) trait Rows: Copy {
    /// The words from `at` on of `row`.
    ///
    /// # Safety
    /// There is such a row, and the block at `at` is within its words.
    unsafe fn row<V: Vector>(self, row: usize, at: usize) -> V;
}

/// Rows of which the first ones can be left out.
pub(super) trait Rest: Rows {
    /// The rows from `row` on.
    ///
    /// # Safety
    /// There are at least `row` rows.
    unsafe fn after(self, row: usize) -> Self;
}

/// Adds the words from `at` on of `count` rows to at least four counters, sixteen or eight at a time, and returns what
/// overflows.
/// No more may be added than twice what the counters can hold, so that at most one of the carries is 1.
///
/// # Safety
/// There are `count` rows, and the block at `at` is within their words.
#[inline(always)]
pub(super) unsafe fn add_rows<V: Vector, const N: usize>(
    planes: &mut [V; N],
    rows: impl Rest,
    count: usize,
    at: usize,
) -> V {
    let mut carry = V::splat(0);
    let mut row = 0;
    // SAFETY: every row named is below their number, and the block is in it.
    unsafe {
        // A carry of sixteen goes up half as often, but takes more registers than a chip has.
        while V::WORDS > 1 && count - row >= 16 {
            carry = carry.or(add_sixteen(planes, eight(rows, row, at), eight(rows, row + 8, at)));
            row += 16;
        }
        while count - row >= 8 {
            carry = carry.or(add_eight(planes, eight(rows, row, at)));
            row += 8;
        }
        // The code of these takes more than a kilobyte of a chip's flash.
        if V::WORDS > 1 {
            let mut rows = rows.after(row);
            if count & 4 != 0 {
                carry = carry.or(add_four(planes, four(rows, 0, at)));
                rows = rows.after(4);
            }
            if count & 2 != 0 {
                carry = carry.or(add_two(planes, rows.row(0, at), rows.row(1, at)));
                rows = rows.after(2);
            }
            if count & 1 != 0 {
                carry = carry.or(ripple(planes, rows.row(0, at)));
            }
            return carry;
        }
        while row < count {
            carry = carry.or(ripple(planes, rows.row(row, at)));
            row += 1;
        }
    }
    carry
}

/// The words from `at` on of the four rows from `row` on.
///
/// # Safety
/// As for [`Rows::row`].
#[inline(always)]
unsafe fn four<V: Vector>(rows: impl Rows, row: usize, at: usize) -> [V; 4] {
    // SAFETY: as the caller promises.
    unsafe { [rows.row(row, at), rows.row(row + 1, at), rows.row(row + 2, at), rows.row(row + 3, at)] }
}

/// The words from `at` on of the eight rows from `row` on.
///
/// # Safety
/// As for [`Rows::row`].
#[inline(always)]
unsafe fn eight<V: Vector>(rows: impl Rows, row: usize, at: usize) -> [[V; 4]; 2] {
    // SAFETY: as the caller promises.
    unsafe { [four(rows, row, at), four(rows, row + 4, at)] }
}

/// Adds sixteen words to at least four counters: fifteen full adders and a ripple, whose carry is returned.
#[inline(always)]
fn add_sixteen<V: Vector, const N: usize>(planes: &mut [V; N], a: [[V; 4]; 2], b: [[V; 4]; 2]) -> V {
    let (a, b) = (sum_eight(planes, a), sum_eight(planes, b));
    let [_, _, _, eights, higher @ ..] = &mut planes[..] else { return V::splat(0) };
    let (eight, sixteen) = eights.full_add(a, b);
    *eights = eight;
    ripple(higher, sixteen)
}

/// Adds eight words to at least three counters: seven full adders and a ripple, whose carry is returned.
#[inline(always)]
fn add_eight<V: Vector, const N: usize>(planes: &mut [V; N], words: [[V; 4]; 2]) -> V {
    let carry = sum_eight(planes, words);
    ripple(&mut planes[3..], carry)
}

/// Adds eight words to the three lowest counters, and returns the carry.
#[inline(always)]
fn sum_eight<V: Vector, const N: usize>(planes: &mut [V; N], [low, high]: [[V; 4]; 2]) -> V {
    let [ones, twos, fours, ..] = &mut planes[..] else { return V::splat(0) };
    let (one, two_a) = ones.full_add(low[0], low[1]);
    let (one, two_b) = one.full_add(low[2], low[3]);
    let (two, four_a) = twos.full_add(two_a, two_b);
    let (one, two_a) = one.full_add(high[0], high[1]);
    let (one, two_b) = one.full_add(high[2], high[3]);
    let (two, four_b) = two.full_add(two_a, two_b);
    let (four, eight) = fours.full_add(four_a, four_b);
    (*ones, *twos, *fours) = (one, two, four);
    eight
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

/// Adds two words to at least one counter: a full adder and a ripple, whose carry is returned.
#[inline(always)]
fn add_two<V: Vector, const N: usize>(planes: &mut [V; N], a: V, b: V) -> V {
    let [ones, higher @ ..] = &mut planes[..] else { return V::splat(0) };
    let (one, two) = ones.full_add(a, b);
    *ones = one;
    ripple(higher, two)
}

/// Adds `carry` to the lowest of `planes` and returns what overflows.
#[inline(always)]
fn ripple<V: Vector>(planes: &mut [V], mut carry: V) -> V {
    for plane in planes {
        let sum = plane.xor(carry);
        carry = plane.and(carry);
        *plane = sum;
    }
    carry
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

/// Compares the counters in `planes` with `limit`.
#[inline(always)]
pub(super) fn compare<V: Vector>(planes: &[V], limit: usize) -> Compare<V> {
    let mut compare = Compare::new(limit);
    for &plane in planes {
        compare.digit(plane);
    }
    compare
}

/// The bits of a tie among `count`: half of an odd number is no tie.
#[inline(always)]
pub(super) fn tie_of(tie: Tie, count: usize) -> u32 {
    if count.is_multiple_of(2) { tie.word() } else { 0 }
}

/// Adds one bit to each of 32 counters that lie across `planes`.
#[inline]
pub(crate) fn count(planes: &mut [u32], bits: u32) {
    ripple(planes, bits);
}

/// The majority of `total` bits counted in `planes`.
#[inline]
pub(crate) fn majority(planes: &[u32], total: usize, tie: Tie) -> u32 {
    compare(planes, total / 2).majority(tie_of(tie, total))
}
