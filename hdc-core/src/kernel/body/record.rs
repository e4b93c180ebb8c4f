//! Record encoding: bind and count in one pass.

mod grams;
mod many;

pub(crate) use self::grams::{Steps, record_grams};
use self::many::{Counting, Majority, Many, Starts};
use super::super::vector::{THUMB_2, Vector, kept_place};
use super::adders::{Rest, Rows, compare, tie_of};
use super::{Blocks, blocks};
use crate::Tie;

/// Planes of the counters that start at a number: of F numbers, the top one is 1 at F + 1 and is never overflown.
pub(crate) const fn start_planes(features: usize) -> usize {
    (features + 1).next_power_of_two().trailing_zeros() as usize + 1
}

/// `target = majority_c( items[c] XOR levels[level_c] )` for stored rows of `words` words, from word `from` to the last one
/// that `target` has. Nothing is stored on the way: the counters stay in registers.
#[inline(always)]
pub(crate) fn record<V: Vector>(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    tie: Tie,
    from: usize,
    target: &mut [u32],
) {
    let Some(record) = Record::new(items, levels, words, level_of, tie) else { return };
    let to = target.len();
    if from > to || to > words {
        return;
    }
    let target = target.as_mut_ptr();
    // SAFETY: `target` and the rows have the words up to `to`, and `record` the channels.
    unsafe {
        match level_of.len() {
            0 => {}
            1 => few::<V, 1>(record, target, from, to),
            2 => few::<V, 2>(record, target, from, to),
            3 => few::<V, 3>(record, target, from, to),
            4 if V::WORDS == 1 && THUMB_2 => match tie {
                Tie::Zero => four::<{ Tie::Zero.word() }>(record, target, from, to),
                Tie::One => four::<{ Tie::One.word() }>(record, target, from, to),
                Tie::Alternating => four::<{ Tie::Alternating.word() }>(record, target, from, to),
            },
            4 => few::<V, 4>(record, target, from, to),
            5 => few::<V, 5>(record, target, from, to),
            6 => few::<V, 6>(record, target, from, to),
            7 => few::<V, 7>(record, target, from, to),
            8..128 => blocks::<V, _>(Many::<7, _>(record, Majority, target), from, to),
            128..2048 if V::WORDS > 1 => blocks::<V, _>(Many::<11, _>(record, Majority, target), from, to),
            _ => blocks::<V, _>(Many::<16, _>(record, Majority, target), from, to),
        }
    }
}

/// The same with counters that start at the numbers in the planes of `starts` ([`start_planes`] of `words` words): a bit
/// is the top digit of its counter.
#[inline(always)]
pub(crate) fn record_started<V: Vector>(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    starts: &[u32],
    from: usize,
    target: &mut [u32],
) {
    let Some(record) = Record::new(items, levels, words, level_of, Tie::Zero) else { return };
    let (to, digits) = (target.len(), start_planes(record.channels));
    if from > to || to > words || starts.len() < digits.saturating_mul(words) {
        return;
    }
    let target = target.as_mut_ptr();
    let starts = Starts { planes: starts.as_ptr(), digits };
    // SAFETY: `target` and the rows have the words up to `to`, `starts` the planes, and `record` the channels.
    unsafe {
        match record.channels {
            0..64 => blocks::<V, _>(Many::<7, _>(record, starts, target), from, to),
            64..1024 if V::WORDS > 1 => blocks::<V, _>(Many::<11, _>(record, starts, target), from, to),
            _ => blocks::<V, _>(Many::<17, _>(record, starts, target), from, to),
        }
    }
}

/// Adds `items[c] XOR levels[level_c]` of all channels to the counters in `planes`, whole rows of `words` words from the
/// lowest digit, which have room for them.
#[inline(always)]
pub(crate) fn record_count<V: Vector>(
    items: &[u32],
    levels: &[u32],
    words: usize,
    level_of: &[u32],
    planes: &mut [u32],
) {
    let Some(record) = Record::new(items, levels, words, level_of, Tie::Zero) else { return };
    let digits = planes.len().checked_div(words).unwrap_or(0);
    let planes = planes.as_mut_ptr();
    // SAFETY: there are `digits` planes of the words, and `record` has the channels.
    unsafe {
        match digits {
            0..8 => blocks::<V, _>(Counting::<7> { record, planes, digits }, 0, words),
            8..12 if V::WORDS > 1 => blocks::<V, _>(Counting::<11> { record, planes, digits }, 0, words),
            _ => blocks::<V, _>(Counting::<19> { record, planes, digits }, 0, words),
        }
    }
}

#[derive(Clone, Copy)]
struct Record {
    items: *const u32,
    levels: *const u32,
    words: usize,
    level_of: *const u32,
    channels: usize,
    tie: u32,
}

impl Record {
    /// The record of these channels, if there is an item for every channel and a row for every level.
    #[inline(always)]
    fn new(items: &[u32], levels: &[u32], words: usize, level_of: &[u32], tie: Tie) -> Option<Self> {
        let channels = level_of.len();
        let level_rows = levels.len().checked_div(words).unwrap_or(0);
        let good =
            items.len() / words.max(1) >= channels && level_of.iter().all(|&level| (level as usize) < level_rows);
        let (items, levels, level_of) = (items.as_ptr(), levels.as_ptr(), level_of.as_ptr());
        good.then_some(Self { items, levels, words, level_of, channels, tie: tie_of(tie, channels) })
    }

    /// The majority of the channels, whose counters are `planes`, from the lowest.
    #[inline(always)]
    fn majority<V: Vector>(self, planes: &[V]) -> V {
        compare(planes, self.channels / 2).majority(self.tie)
    }
}

/// A row for each channel: `items[channel] XOR levels[level of channel]`.
impl Rows for Record {
    #[inline(always)]
    unsafe fn row<V: Vector>(self, channel: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        unsafe {
            let level = *self.level_of.add(channel) as usize;
            V::read(self.items.add(channel * self.words + at)).xor(V::read(self.levels.add(level * self.words + at)))
        }
    }
}

impl Rest for Record {
    #[inline(always)]
    unsafe fn after(self, channel: usize) -> Self {
        // SAFETY: as the caller promises.
        let (items, level_of) = unsafe { (self.items.add(channel * self.words), self.level_of.add(channel)) };
        Self { items, level_of, ..self }
    }
}

/// The same for N channels, whose level rows are found once, in place of once a block: a chip has too few registers for that.
#[derive(Clone, Copy)]
struct Found<const N: usize> {
    items: *const u32,
    words: usize,
    levels: [*const u32; N],
}

impl<const N: usize> Found<N> {
    /// # Safety
    /// `record` has N channels.
    #[inline(always)]
    unsafe fn new(record: Record) -> Self {
        let mut levels = [record.levels; N];
        for (channel, row) in levels.iter_mut().enumerate() {
            // SAFETY: there is such a channel, and a row for its level.
            *row = unsafe { row.add(*record.level_of.add(channel) as usize * record.words) };
        }
        Self { items: record.items, words: record.words, levels }
    }
}

impl<const N: usize> Rows for Found<N> {
    #[inline(always)]
    unsafe fn row<V: Vector>(self, channel: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        unsafe { V::read(self.items.add(channel * self.words + at)).xor(V::read(self.levels[channel].add(at))) }
    }
}

/// What encodes a record.
trait OfRecord: Blocks {
    /// # Safety
    /// `record` has as many channels as this can encode, and its rows and `target` have the words of all blocks.
    unsafe fn new(record: Record, target: *mut u32) -> Self;
}

/// Up to seven channels, rows of R: summed to three digits by four full adders.
#[derive(Clone, Copy)]
struct Few<const N: usize, R> {
    rows: R,
    tie: u32,
    target: *mut u32,
}

/// # Safety
/// There are N channels, and `target` and their rows have the words `from` to `to`.
#[inline(always)]
unsafe fn few<V: Vector, const N: usize>(record: Record, target: *mut u32, from: usize, to: usize) {
    // SAFETY: as the caller promises.
    unsafe {
        if V::WORDS == 1 {
            blocks::<V, _>(Few::<N, _> { rows: record, tie: record.tie, target }, from, to);
        } else {
            blocks::<V, _>(Few::<N, Found<N>>::new(record, target), from, to);
        }
    }
}

impl<const N: usize> OfRecord for Few<N, Found<N>> {
    #[inline(always)]
    unsafe fn new(record: Record, target: *mut u32) -> Self {
        // SAFETY: as the caller promises.
        Self { rows: unsafe { Found::new(record) }, tie: record.tie, target }
    }
}

impl<const N: usize, R: Rows> Few<N, R> {
    /// The bound words of `channel`, or 0 if there is no such channel.
    ///
    /// # Safety
    /// There are N channels, and the block at `at` is in the record.
    #[inline(always)]
    unsafe fn word<V: Vector>(self, channel: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        if channel < N { unsafe { self.rows.row(channel, at) } } else { V::splat(0) }
    }
}

impl<const N: usize, R: Rows> Blocks for Few<N, R> {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        // SAFETY: there are N channels, and the block is in the record.
        unsafe {
            let (sum, two_a) = self.word::<V>(0, at).full_add(self.word(1, at), self.word(2, at));
            let (sum, two_b) = sum.full_add(self.word(3, at), self.word(4, at));
            let (one, two_c) = sum.full_add(self.word(5, at), self.word(6, at));
            let (two, four) = two_a.full_add(two_b, two_c);
            compare(&[one, two, four], N / 2).majority(self.tie).write(self.target.add(at));
        }
    }
}

/// Four channels, word by word, with as few pointers as a chip has registers for: one for each level row, and one for
/// all item rows, which lie multiples of `words` apart. The tie is known to the compiler for the same reason.
///
/// # Safety
/// There are four channels, and `target` and their rows have the words `from` to `to`.
#[inline(never)]
unsafe fn four<const TIE: u32>(record: Record, mut target: *mut u32, from: usize, to: usize) {
    let Record { mut items, mut levels, words, level_of, .. } = record;
    // SAFETY: all rows have `words` words, the target has `to`, and no place is beyond their ends.
    unsafe {
        let end = target.add(to);
        (items, levels, target) = (items.add(from), levels.add(from), target.add(from));
        let row = |channel: usize| levels.add(*level_of.add(channel) as usize * words);
        let mut level = [row(0), row(1), row(2), row(3)];
        while target != end {
            let second = kept_place(items.add(words));
            let fourth = second.cast::<[u32; 2]>().add(words).cast();
            let item = [items, second, second.add(words), fourth];
            let mut bound = [0; 4];
            for channel in 0..4 {
                bound[channel] = *level[channel] ^ *item[channel];
                level[channel] = kept_place(level[channel].add(1));
            }
            items = kept_place(items.add(1));
            let [a, b, c, d] = bound;
            let (sum, carry) = a.full_add(b, c);
            // Two or more of four, and three or more.
            let (two, three) = (carry | sum & d, carry & (sum | d));
            *target = three | two & TIE;
            target = target.add(1);
        }
    }
}
