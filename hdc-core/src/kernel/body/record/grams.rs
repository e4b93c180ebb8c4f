//! The n-grams of records, many steps in one call.

use super::super::super::vector::Vector;
use super::super::{Blocks, blocks};
use super::many::{Majority, Many};
use super::{Few, Found, OfRecord, Record};
use crate::Tie;

/// Steps whose n-grams are wanted.
pub(crate) struct Steps<'a> {
    /// Their levels, T rows of `channels`.
    pub(crate) level_of: &'a [u32],
    pub(crate) channels: usize,
    /// N + 1 rows: a ring of the N steps before, in which the next one goes to row `place`.
    pub(crate) ring: &'a mut [u32],
    pub(crate) place: usize,
    /// The n-gram before, then the T n-grams that they end.
    pub(crate) grams: &'a mut [u32],
}

/// `gram = rotate(gram before, 1) XOR rotate(oldest step, N) XOR step`, with N below 32 and steps encoded as in
/// [`record`](super::record()), from stored rows of `words` words.
#[inline(always)]
pub(crate) fn record_grams<V: Vector>(items: &[u32], levels: &[u32], words: usize, tie: Tie, steps: Steps<'_>) {
    let Steps { level_of, channels, ring, place, grams } = steps;
    let Some(first) = level_of.get(..channels) else { return };
    let Some(record) = Record::new(items, levels, words, first, tie) else { return };
    let highest = level_of.iter().fold(0, |highest, &level| level.max(highest)) as usize;
    let rows_of = |slice: &[u32]| slice.len().checked_div(words).unwrap_or(0);
    let (count, slots) = (level_of.len().checked_div(channels).unwrap_or(0), rows_of(ring));
    if rows_of(levels) <= highest || rows_of(grams) <= count || slots <= place || slots > 32 {
        return;
    }
    // It may read the levels of all steps.
    let record = Record { level_of: level_of.as_ptr(), ..record };
    let sequence = Sequence { record, count, ring: ring.as_mut_ptr(), slots, place, gram: grams.as_mut_ptr() };
    // SAFETY: all that the fields of `Sequence` say was checked.
    unsafe {
        match channels {
            0 => {}
            1 => sequence.encode::<V, Few<1, Found<1>>>(),
            2 => sequence.encode::<V, Few<2, Found<2>>>(),
            3 => sequence.encode::<V, Few<3, Found<3>>>(),
            4 => sequence.encode::<V, Few<4, Found<4>>>(),
            5 => sequence.encode::<V, Few<5, Found<5>>>(),
            6 => sequence.encode::<V, Few<6, Found<6>>>(),
            7 => sequence.encode::<V, Few<7, Found<7>>>(),
            8..128 => sequence.encode::<V, Many<7, Majority>>(),
            128..2048 => sequence.encode::<V, Many<11, Majority>>(),
            _ => sequence.encode::<V, Many<16, Majority>>(),
        }
    }
}

/// [`Steps`] of which it is known that they have all rows.
#[derive(Clone, Copy)]
struct Sequence {
    /// The first of `count` records, whose levels are one after the other.
    record: Record,
    count: usize,
    /// `slots` rows, from 1 to 32. `place` is below `slots`.
    ring: *mut u32,
    slots: usize,
    place: usize,
    /// `count + 1` rows.
    gram: *mut u32,
}

impl Sequence {
    /// # Safety
    /// All is as the fields say, and E encodes records of so many channels.
    #[inline(always)]
    unsafe fn encode<V: Vector, E: OfRecord>(self) {
        let Self { mut record, count, ring, slots, mut place, mut gram } = self;
        let words = record.words;
        for _ in 0..count {
            let next = if place + 1 == slots { 0 } else { place + 1 };
            // SAFETY: both rows are in the ring, another one is behind `gram`, and the record has the levels of this step.
            unsafe {
                let (newest, oldest) = (ring.add(place * words), ring.add(next * words));
                blocks::<V, _>(E::new(record, newest), 0, words);
                let before = gram;
                gram = gram.add(words);
                blocks::<V, _>(Next { before, oldest, order: slots as u32 - 1, newest, gram, words }, 0, words);
            }
            place = next;
            record.level_of = record.level_of.wrapping_add(record.channels);
        }
    }
}

/// An n-gram from the one before.
#[derive(Clone, Copy)]
struct Next {
    before: *const u32,
    /// The step that leaves it, and how far it was rotated.
    oldest: *const u32,
    order: u32,
    newest: *const u32,
    gram: *mut u32,
    words: usize,
}

impl Blocks for Next {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        // The last word of a row comes before its first one.
        let below = if at == 0 { self.words } else { at } - 1;
        // SAFETY: the block is in all rows.
        unsafe {
            let gram = V::read(self.before.add(at)).shift_in(*self.before.add(below), 1);
            let oldest = V::read(self.oldest.add(at)).shift_in(*self.oldest.add(below), self.order);
            gram.xor(oldest).xor(V::read(self.newest.add(at))).write(self.gram.add(at));
        }
    }
}
