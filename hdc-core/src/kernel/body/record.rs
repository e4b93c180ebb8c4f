//! Record encoding: bind and count in one pass.

mod many;

use self::many::{Counting, Majority, Many, Starts};
use super::super::vector::{THUMB_2, Vector, kept_place};
use super::adders::{Rows, compare, tie_of};
use super::{Blocks, blocks, blocks_downwards};
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
    let output = Row(target.as_mut_ptr());
    // SAFETY: `target` and the rows have the words up to `to`, and `record` the channels.
    unsafe {
        match level_of.len() {
            0 => {}
            1 => blocks::<V, _>(Few::<1, _>(record, output), from, to),
            2 => blocks::<V, _>(Few::<2, _>(record, output), from, to),
            3 => blocks::<V, _>(Few::<3, _>(record, output), from, to),
            4 if V::WORDS == 1 && THUMB_2 => match tie {
                Tie::Zero => four::<{ Tie::Zero.word() }>(record, output, from, to),
                Tie::One => four::<{ Tie::One.word() }>(record, output, from, to),
                Tie::Alternating => four::<{ Tie::Alternating.word() }>(record, output, from, to),
            },
            4 => blocks::<V, _>(Few::<4, _>(record, output), from, to),
            5 => blocks::<V, _>(Few::<5, _>(record, output), from, to),
            6 => blocks::<V, _>(Few::<6, _>(record, output), from, to),
            7 => blocks::<V, _>(Few::<7, _>(record, output), from, to),
            8..128 => blocks::<V, _>(Many::<7, _, _>(record, Majority, output), from, to),
            128..2048 if V::WORDS > 1 => blocks::<V, _>(Many::<11, _, _>(record, Majority, output), from, to),
            _ => blocks::<V, _>(Many::<16, _, _>(record, Majority, output), from, to),
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
    let output = Row(target.as_mut_ptr());
    let starts = Starts { planes: starts.as_ptr(), digits };
    // SAFETY: `target` and the rows have the words up to `to`, `starts` the planes, and `record` the channels.
    unsafe {
        match record.channels {
            0..64 => blocks::<V, _>(Many::<7, _, _>(record, starts, output), from, to),
            64..1024 if V::WORDS > 1 => blocks::<V, _>(Many::<11, _, _>(record, starts, output), from, to),
            _ => blocks::<V, _>(Many::<17, _, _>(record, starts, output), from, to),
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

/// `gram = rotate(gram, 1) XOR rotate(step, order) XOR record, step = record`, with the record as in [`record()`].
#[inline(always)]
pub(crate) fn record_gram<V: Vector>(
    items: &[u32],
    levels: &[u32],
    level_of: &[u32],
    tie: Tie,
    order: u32,
    step: &mut [u32],
    gram: &mut [u32],
) {
    let words = step.len();
    let Some(record) = Record::new(items, levels, words, level_of, tie) else { return };
    let (Some(&last_step), Some(&last_gram)) = (step.last(), gram.last()) else { return };
    if gram.len() != words || order >= 32 {
        return;
    }
    let output = Temporal { step: step.as_mut_ptr(), gram: gram.as_mut_ptr(), order, last_step, last_gram };
    // SAFETY: `step` and `gram` have the words, and `record` the channels.
    unsafe {
        match level_of.len() {
            0 => {}
            1 => blocks_downwards::<V>(Few::<1, _>(record, output), 0, words),
            2 => blocks_downwards::<V>(Few::<2, _>(record, output), 0, words),
            3 => blocks_downwards::<V>(Few::<3, _>(record, output), 0, words),
            4 => blocks_downwards::<V>(Few::<4, _>(record, output), 0, words),
            5 => blocks_downwards::<V>(Few::<5, _>(record, output), 0, words),
            6 => blocks_downwards::<V>(Few::<6, _>(record, output), 0, words),
            7 => blocks_downwards::<V>(Few::<7, _>(record, output), 0, words),
            8..128 => blocks_downwards::<V>(Many::<7, _, _>(record, Majority, output), 0, words),
            128..2048 => blocks_downwards::<V>(Many::<11, _, _>(record, Majority, output), 0, words),
            _ => blocks_downwards::<V>(Many::<16, _, _>(record, Majority, output), 0, words),
        }
    }
}

/// Where the words of a record go, block by block.
trait Output: Copy {
    /// Whether words may come twice.
    const AGAIN: bool;

    /// Takes the words of the block at `at`.
    ///
    /// # Safety
    /// The block is within the words of the output.
    unsafe fn put<V: Vector>(self, at: usize, words: V);
}

/// They are stored.
#[derive(Clone, Copy)]
struct Row(*mut u32);

impl Output for Row {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn put<V: Vector>(self, at: usize, words: V) {
        // SAFETY: as the caller promises.
        unsafe { words.write(self.0.add(at)) };
    }
}

/// They take the place of the oldest step of an n-gram, and the n-gram takes its next step. Blocks come from the last to
/// the first.
#[derive(Clone, Copy)]
struct Temporal {
    step: *mut u32,
    gram: *mut u32,
    order: u32,
    /// The last words before anything was written: they come before the first ones.
    last_step: u32,
    last_gram: u32,
}

impl Output for Temporal {
    const AGAIN: bool = false;

    #[inline(always)]
    unsafe fn put<V: Vector>(self, at: usize, words: V) {
        // SAFETY: the block is in both; the words below it are as they were.
        unsafe {
            let (step, gram) = (self.step.add(at), self.gram.add(at));
            let (before_step, before_gram) =
                if at == 0 { (self.last_step, self.last_gram) } else { (*step.sub(1), *gram.sub(1)) };
            let oldest = V::read(step).shift_in(before_step, self.order);
            let next = V::read(gram).shift_in(before_gram, 1);
            words.write(step);
            next.xor(oldest).xor(words).write(gram);
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

    #[inline(always)]
    unsafe fn after(self, channel: usize) -> Self {
        // SAFETY: as the caller promises.
        let (items, level_of) = unsafe { (self.items.add(channel * self.words), self.level_of.add(channel)) };
        Self { items, level_of, ..self }
    }
}

/// Up to seven channels: summed to three digits by four full adders.
#[derive(Clone, Copy)]
struct Few<const N: usize, O>(Record, O);

impl<const N: usize, O: Output> Few<N, O> {
    /// The bound words of `channel`, or 0 if there is no such channel.
    ///
    /// # Safety
    /// There are N channels, and the block at `at` is in the record.
    #[inline(always)]
    unsafe fn word<V: Vector>(self, channel: usize, at: usize) -> V {
        // SAFETY: as the caller promises.
        if channel < N { unsafe { self.0.row(channel, at) } } else { V::splat(0) }
    }
}

impl<const N: usize, O: Output> Blocks for Few<N, O> {
    const AGAIN: bool = O::AGAIN;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        // SAFETY: there are N channels, and the block is in the record.
        unsafe {
            let (sum, two_a) = self.word::<V>(0, at).full_add(self.word(1, at), self.word(2, at));
            let (sum, two_b) = sum.full_add(self.word(3, at), self.word(4, at));
            let (one, two_c) = sum.full_add(self.word(5, at), self.word(6, at));
            let (two, four) = two_a.full_add(two_b, two_c);
            self.1.put(at, self.0.majority(&[one, two, four]));
        }
    }
}

/// Four channels, word by word, with as few pointers as a chip has registers for: one for each level row, and one for
/// all item rows, which lie multiples of `words` apart. The tie is known to the compiler for the same reason.
///
/// # Safety
/// There are four channels, and `target` and their rows have the words `from` to `to`.
#[inline(never)]
unsafe fn four<const TIE: u32>(record: Record, Row(mut target): Row, from: usize, to: usize) {
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
