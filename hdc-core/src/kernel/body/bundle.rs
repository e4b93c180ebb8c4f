//! Majorities, by bit-sliced counters and carry-save adders (Harley & Seal).

use super::super::vector::Vector;
use super::adders::{Compare, Rest, Rows, add_rows, tie_of};
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
            0 => blocks::<V, _>(AddOne::<0> { counters, hypervector }, 0, to),
            1 => blocks::<V, _>(AddOne::<1> { counters, hypervector }, 0, to),
            2 => blocks::<V, _>(AddOne::<2> { counters, hypervector }, 0, to),
            _ => blocks::<V, _>(AddOne::<3> { counters, hypervector }, 0, to),
        }
    }
}

/// As [`bundle_add`], `weight` times: once for each digit of `weight` that is 1, at its level.
#[inline(always)]
pub(crate) fn bundle_add_weighted<V: Vector>(
    storage: &mut [u32],
    words: usize,
    mut sum: Sum,
    hypervector: &[u32],
    weight: usize,
) {
    let (to, mut left) = (words.min(hypervector.len()), weight);
    let hypervector = hypervector.as_ptr();
    while left != 0 {
        let from = left.trailing_zeros() as usize;
        let Some(counters) = Counters::new(storage, words, sum.count, 1 << from, 0) else { return };
        // At so many levels from there on a word is held.
        let last = from + (sum.held >> from.min(HELD)).trailing_ones() as usize;
        // SAFETY: as in `bundle_add`.
        unsafe { blocks::<V, _>(AddAt { counters, hypervector, from, last }, 0, to) };
        sum = Sum { count: sum.count + (1 << from), held: (sum.held + (1 << from)) % (1 << HELD) };
        left &= left - 1;
    }
}

/// As [`bundle_add`] for up to [`MOST`] hypervectors at once (`n x words`), when none is held.
#[inline(always)]
pub(crate) fn bundle_add_many<V: Vector>(counters: &mut [u32], words: usize, count: usize, hypervectors: &[u32]) {
    let rows = (hypervectors.len() / words.max(1)).min(MOST);
    let Some(counters) = Counters::new(counters, words, count, rows, IN_REGISTERS) else { return };
    let hypervectors = Hypervectors { first: hypervectors.as_ptr(), words };
    let work = AddMany { counters, hypervectors, count: rows };
    // SAFETY: the counters have `words` words in each plane, and so has each of the rows.
    unsafe { blocks::<V, _>(work, 0, words) };
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
pub(super) fn planes_of(count: usize) -> usize {
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

/// Adds one hypervector of weight `2^from` where the levels `from..last` hold a word already, and `last` does not. It does not
/// share the loop of [`AddOne`], whose levels are known to the compiler: shared, a window took 18 instructions a step more on a chip.
#[derive(Clone, Copy)]
struct AddAt {
    counters: Counters,
    hypervector: *const u32,
    from: usize,
    last: usize,
}

impl Blocks for AddAt {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let counters = self.counters;
        // SAFETY: the block is in the hypervector, and the planes of the levels are in use.
        unsafe {
            let mut carry = V::read(self.hypervector.add(at));
            for level in self.from..self.last {
                let sum;
                let plane = counters.plane(level, at);
                (sum, carry) = V::read(plane).full_add(V::read(counters.held(level, at)), carry);
                sum.write(plane);
            }
            if self.last < HELD {
                carry.write(counters.held(self.last, at));
            } else {
                counters.ripple(self.last, carry, at);
            }
        }
    }
}

/// Hypervectors of `words` words, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Hypervectors {
    first: *const u32,
    words: usize,
}

impl Rows for Hypervectors {
    #[inline(always)]
    unsafe fn row<V: Vector>(self, row: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        unsafe { V::read(self.first.add(row * self.words + at)) }
    }
}

impl Rest for Hypervectors {
    #[inline(always)]
    unsafe fn after(self, row: usize) -> Self {
        // SAFETY: as the caller promises.
        Self { first: unsafe { self.first.add(row * self.words) }, ..self }
    }
}

/// Adds `count` hypervectors where none is held.
#[derive(Clone, Copy)]
struct AddMany {
    counters: Counters,
    hypervectors: Hypervectors,
    count: usize,
}

impl Blocks for AddMany {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let counters = self.counters;
        // SAFETY: the block is in each of the hypervectors and in each plane that is in use.
        unsafe {
            let mut planes = [V::splat(0); IN_REGISTERS];
            for (level, plane) in planes.iter_mut().enumerate() {
                if level < counters.before {
                    *plane = V::read(counters.plane(level, at));
                }
            }
            let carry = add_rows(&mut planes, self.hypervectors, self.count, at);
            for (level, plane) in planes.into_iter().enumerate() {
                if level < counters.after {
                    plane.write(counters.plane(level, at));
                }
            }
            counters.ripple(IN_REGISTERS, carry, at);
        }
    }
}

/// The majority of all `hypervectors` (`n x target.len()` words): the counters stay in registers.
#[inline(always)]
pub(crate) fn majority_of<V: Vector>(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
    let words = target.len();
    // SAFETY: `target` has the words, and so has each of the hypervectors.
    unsafe {
        match planes_of(hypervectors.len().checked_div(words).unwrap_or(0)) {
            0..=5 => blocks::<V, _>(MajorityOf::<5>::new(hypervectors, tie, target), 0, words),
            6..=7 => blocks::<V, _>(MajorityOf::<7>::new(hypervectors, tie, target), 0, words),
            8..=9 => blocks::<V, _>(MajorityOf::<9>::new(hypervectors, tie, target), 0, words),
            10..=11 => blocks::<V, _>(MajorityOf::<11>::new(hypervectors, tie, target), 0, words),
            12..=16 => blocks::<V, _>(MajorityOf::<16>::new(hypervectors, tie, target), 0, words),
            _ => blocks::<V, _>(MajorityOf::<{ usize::BITS as usize }>::new(hypervectors, tie, target), 0, words),
        }
    }
}

/// The majority of `count` hypervectors, which PLANES planes can count. The planes start so that the top one is 1 after more
/// than half of the bits were 1, and after half of them where a tie is 1.
#[derive(Clone, Copy)]
pub(super) struct MajorityOf<const PLANES: usize> {
    pub(super) hypervectors: Hypervectors,
    pub(super) count: usize,
    starts: [u32; PLANES],
    pub(super) target: *mut u32,
}

impl<const PLANES: usize> MajorityOf<PLANES> {
    #[inline(always)]
    pub(super) fn new(hypervectors: &[u32], tie: Tie, target: &mut [u32]) -> Self {
        let words = target.len();
        let count = hypervectors.len().checked_div(words).unwrap_or(0);
        let (start, tie) = ((1 << (PLANES - 1)) - 1 - count / 2, tie_of(tie, count));
        let mut starts = [0; PLANES];
        for (level, plane) in starts.iter_mut().enumerate() {
            let digit = |number: usize| if number >> level & 1 == 1 { !0 } else { 0 };
            *plane = digit(start) & !tie | digit(start + 1) & tie;
        }
        let hypervectors = Hypervectors { first: hypervectors.as_ptr(), words };
        Self { hypervectors, count, starts, target: target.as_mut_ptr() }
    }

    #[inline(always)]
    pub(super) fn planes<V: Vector>(self) -> [V; PLANES] {
        let mut planes = [V::splat(0); PLANES];
        for (plane, start) in planes.iter_mut().zip(self.starts) {
            *plane = V::splat(start);
        }
        planes
    }
}

impl<const PLANES: usize> Blocks for MajorityOf<PLANES> {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let mut planes: [V; PLANES] = self.planes();
        // SAFETY: the block is in each of the hypervectors and in `target`.
        unsafe {
            add_rows(&mut planes, self.hypervectors, self.count, at);
            planes[PLANES - 1].write(self.target.add(at));
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
    unsafe { blocks::<V, _>(work, 0, to) };
}

#[derive(Clone, Copy)]
struct Majority {
    counters: Counters,
    sum: Sum,
    tie: u32,
    target: *mut u32,
}

impl Blocks for Majority {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let mut carry = V::splat(0);
        let mut compare = Compare::<V>::new(self.sum.count / 2);
        for level in 0..self.counters.before {
            // SAFETY: the level is one of the counters'.
            let mut plane = unsafe { V::read(self.counters.plane(level, at)) };
            if self.sum.held != 0 {
                let is_held = level < HELD && self.sum.held >> level & 1 == 1;
                // SAFETY: as above.
                let held = if is_held { unsafe { V::read(self.counters.held(level, at)) } } else { V::splat(0) };
                (plane, carry) = plane.full_add(held, carry);
            }
            compare.digit(plane);
        }
        // SAFETY: the block is in `target`.
        unsafe { compare.majority(self.tie).write(self.target.add(at)) };
    }
}
