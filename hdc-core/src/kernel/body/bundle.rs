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
    let mut work = Add { counters, words, planes, levels: count.trailing_ones() as usize, hypervector };
    // SAFETY: `counters` has `planes + HELD` times `words` words, `hypervector` has `to`, at most `words`.
    unsafe { blocks::<V>(&mut work, 0, to) };
}

struct Add<'a> {
    counters: &'a mut [u32],
    words: usize,
    planes: usize,
    /// How many levels hold a word already and pass a carry on.
    levels: usize,
    hypervector: &'a [u32],
}

impl Blocks for Add<'_> {
    #[inline(always)]
    unsafe fn block<V: Vector>(&mut self, at: usize) {
        let held = |level: usize| (self.planes + level) * self.words + at;
        // SAFETY: `at` is in the hypervector, and every index below in one of the planes.
        unsafe {
            let mut carry = V::load(self.hypervector, at);
            for level in 0..self.levels.min(HELD).min(self.planes) {
                let plane = level * self.words + at;
                let sum;
                (sum, carry) = V::load(self.counters, plane).full_add(V::load(self.counters, held(level)), carry);
                sum.store(self.counters, plane);
            }
            if self.levels < HELD {
                carry.store(self.counters, held(self.levels));
                return;
            }
            for level in HELD..self.planes {
                let plane = level * self.words + at;
                let before = V::load(self.counters, plane);
                before.xor(carry).store(self.counters, plane);
                carry = before.and(carry);
            }
        }
    }
}

/// The majority of the `count` hypervectors in `counters`, laid out as in [`bundle_add`].
#[inline(always)]
pub(crate) fn bundle_majority<V: Vector>(counters: &[u32], words: usize, count: usize, tie: Tie, target: &mut [u32]) {
    let planes = counters.len().checked_div(words).unwrap_or(0).saturating_sub(HELD);
    let to = words.min(target.len());
    let mut work = Majority { counters, words, planes, count, tie: tie_of(tie, count), target };
    // SAFETY: `counters` has `planes + HELD` times `words` words (if any), `target` has `to`.
    unsafe { blocks::<V>(&mut work, 0, if counters.is_empty() { 0 } else { to }) };
}

struct Majority<'a> {
    counters: &'a [u32],
    words: usize,
    planes: usize,
    count: usize,
    tie: u32,
    target: &'a mut [u32],
}

impl Blocks for Majority<'_> {
    #[inline(always)]
    unsafe fn block<V: Vector>(&mut self, at: usize) {
        let mut carry = V::splat(0);
        let mut compare = Compare::<V>::new(self.count / 2);
        for level in 0..self.planes {
            // SAFETY: every index is in one of the planes.
            let plane = unsafe { V::load(self.counters, level * self.words + at) };
            let waiting = if level < HELD && self.count >> level & 1 == 1 {
                // SAFETY: as above.
                unsafe { V::load(self.counters, (self.planes + level) * self.words + at) }
            } else {
                V::splat(0)
            };
            let sum;
            (sum, carry) = plane.full_add(waiting, carry);
            compare.digit(sum);
        }
        // SAFETY: the block is in `target`.
        unsafe { compare.majority(self.tie).store(self.target, at) };
    }
}

/// Compares counters with a constant, digit by digit from the lowest.
struct Compare<V> {
    above: V,
    equal: V,
    limit: usize,
}

impl<V: Vector> Compare<V> {
    #[inline(always)]
    fn new(limit: usize) -> Self {
        Self { above: V::splat(0), equal: V::splat(!0), limit }
    }

    #[inline(always)]
    fn digit(&mut self, digit: V) {
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
    fn majority(self, tie: u32) -> V {
        self.above.or(self.equal.and(V::splat(tie)))
    }
}

/// The bits of a tie among `count`: half of an odd number is no tie.
#[inline(always)]
fn tie_of(tie: Tie, count: usize) -> u32 {
    if count.is_multiple_of(2) { tie.word() } else { 0 }
}

/// `target = majority_c( items[c] XOR levels[level_c] )` for stored rows of `words` words. Nothing is
/// stored on the way: the counters stay in registers.
#[inline(always)]
pub(crate) fn record<V: Vector>(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    tie: Tie,
    target: &mut [u32],
) {
    let channels = level_of.len();
    let level_rows = levels.len().checked_div(words).unwrap_or(0);
    let good = items.len() / words.max(1) >= channels && level_of.iter().all(|&level| (level as usize) < level_rows);
    if !good || target.len() < words {
        return;
    }
    let tie = tie_of(tie, channels);
    let mut record = Record { items, levels, words, level_of, tie, target };
    /// Runs the body for one number of channels or planes, which keeps all counters in registers.
    macro_rules! run {
        ($work:expr) => {
            // SAFETY: there is an item for every channel, and a row for every level, as was checked.
            unsafe { blocks::<V>(&mut $work, 0, words) }
        };
    }
    match channels {
        0 => {}
        1 => run!(Few::<1>(&mut record)),
        2 => run!(Few::<2>(&mut record)),
        3 => run!(Few::<3>(&mut record)),
        4 => run!(Few::<4>(&mut record)),
        5 => run!(Few::<5>(&mut record)),
        6 => run!(Few::<6>(&mut record)),
        7 => run!(Few::<7>(&mut record)),
        8..128 => run!(Many::<7>(&mut record)),
        _ => run!(Many::<16>(&mut record)),
    }
}

struct Record<'a> {
    items: &'a [u32],
    levels: &'a [u32],
    words: usize,
    level_of: &'a [u32],
    tie: u32,
    target: &'a mut [u32],
}

impl Record<'_> {
    /// The words from `at` on of `items[channel] XOR levels[level of channel]`.
    ///
    /// # Safety
    /// `channel < level_of.len()`, for which `record` checked both rows, and `at + V::WORDS <= words`.
    #[inline(always)]
    unsafe fn bound<V: Vector>(&self, channel: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        unsafe {
            let level = *self.level_of.get_unchecked(channel) as usize;
            V::load(self.items, channel * self.words + at).xor(V::load(self.levels, level * self.words + at))
        }
    }

    /// Writes the majority of the channels, whose counters are `planes`, from the lowest.
    ///
    /// # Safety
    /// `at + V::WORDS <= words`.
    #[inline(always)]
    unsafe fn finish<V: Vector>(&mut self, at: usize, planes: impl IntoIterator<Item = V>) {
        let mut compare = Compare::<V>::new(self.level_of.len() / 2);
        planes.into_iter().for_each(|plane| compare.digit(plane));
        // SAFETY: `target` has `words` words, as `record` checked.
        unsafe { compare.majority(self.tie).store(self.target, at) };
    }
}

/// Up to seven channels: summed to three digits by four full adders.
struct Few<'a, 'r, const N: usize>(&'r mut Record<'a>);

impl<const N: usize> Blocks for Few<'_, '_, N> {
    #[inline(always)]
    unsafe fn block<V: Vector>(&mut self, at: usize) {
        // SAFETY: there are N channels.
        let word = |channel| if channel < N { unsafe { self.0.bound::<V>(channel, at) } } else { V::splat(0) };
        let (sum, two_a) = word(0).full_add(word(1), word(2));
        let (sum, two_b) = sum.full_add(word(3), word(4));
        let (one, two_c) = sum.full_add(word(5), word(6));
        let (two, four) = two_a.full_add(two_b, two_c);
        // SAFETY: the block is in the record.
        unsafe { self.0.finish(at, [one, two, four]) };
    }
}

/// Any number of channels below `2^PLANES`, eight at a time.
struct Many<'a, 'r, const PLANES: usize>(&'r mut Record<'a>);

impl<const PLANES: usize> Blocks for Many<'_, '_, PLANES> {
    #[inline(always)]
    unsafe fn block<V: Vector>(&mut self, at: usize) {
        let channels = self.0.level_of.len();
        // SAFETY: `channel` is below the number of channels.
        let word = |channel| unsafe { self.0.bound::<V>(channel, at) };
        let mut planes = [V::splat(0); PLANES];
        let whole = channels & !7;
        for first in (0..whole).step_by(8) {
            add_eight(&mut planes, |index| word(first + index));
        }
        for channel in whole..channels {
            ripple(&mut planes, word(channel));
        }
        // SAFETY: the block is in the record.
        unsafe { self.0.finish(at, planes) };
    }
}

/// Adds eight words to counters: seven full adders and a ripple.
#[inline(always)]
fn add_eight<V: Vector>(planes: &mut [V], word: impl Fn(usize) -> V) {
    let [ones, twos, fours, higher @ ..] = planes else { return };
    let (one, two_a) = ones.full_add(word(0), word(1));
    let (one, two_b) = one.full_add(word(2), word(3));
    let (two, four_a) = twos.full_add(two_a, two_b);
    let (one, two_a) = one.full_add(word(4), word(5));
    let (one, two_b) = one.full_add(word(6), word(7));
    let (two, four_b) = two.full_add(two_a, two_b);
    let (four, eight) = fours.full_add(four_a, four_b);
    (*ones, *twos, *fours) = (one, two, four);
    ripple(higher, eight);
}

/// Adds `carry` to the lowest of `planes` and passes on what overflows.
#[inline(always)]
fn ripple<V: Vector>(planes: &mut [V], mut carry: V) {
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
    planes.iter().for_each(|&plane| compare.digit(plane));
    compare.majority(tie_of(tie, total))
}
