//! Hamming distance and search.

use super::super::vector::Vector;
use crate::Nearest;

/// Words after which a row is looked at again: can it still win?
const STRETCH: usize = 240;

/// Words of rows that are short.
const SHORT: usize = 128;

/// Words of rows that stay in the first-level cache: 16 KB.
const BLOCK: usize = 4096;

/// The number of differing bits of `a` and `b`, over the shorter length.
#[inline(always)]
pub(crate) fn hamming<V: Vector>(a: &[u32], b: &[u32]) -> u32 {
    // SAFETY: both have the words.
    unsafe { hamming_of::<V>(a, b, 0, a.len().min(b.len())) }
}

/// The number of differing bits of words `from..to`.
///
/// Where counting is dear, eight vectors go through seven full adders first, and only their carry is
/// counted (Harley & Seal; Muła, Kurz & Lemire 2018).
///
/// # Safety
/// `from <= to`, and both have `to` words.
#[inline(always)]
unsafe fn hamming_of<V: Vector>(a: &[u32], b: &[u32], from: usize, to: usize) -> u32 {
    let (mut at, mut total) = (from, 0);
    while V::CARRY_SAVE && to - at >= 8 * V::WORDS {
        let blocks = ((to - at) / (8 * V::WORDS)).min(V::MOST_COUNTS);
        // SAFETY: there are so many blocks of eight vectors from `at` on.
        total += unsafe { hamming_blocks::<V>(a.as_ptr().add(at), b.as_ptr().add(at), blocks) };
        at += blocks * 8 * V::WORDS;
    }
    while to - at >= V::WORDS {
        let mut single = V::no_counts();
        for _ in 0..V::MOST_COUNTS.min((to - at) / V::WORDS) {
            // SAFETY: a whole vector is left.
            single = unsafe { V::load(a, at).xor(V::load(b, at)) }.count(single);
            at += V::WORDS;
        }
        total += V::total(single);
    }
    if V::WORDS > 1 && at < to {
        // SAFETY: as the caller promises.
        total += unsafe { hamming_of::<V::Tail>(a, b, at, to) };
    }
    total
}

/// The bits in which the vectors number `index` from `p` and from `q` on differ.
///
/// # Safety
/// Both can be read.
#[inline(always)]
unsafe fn differ<V: Vector>(p: *const u32, q: *const u32, index: usize) -> V {
    // SAFETY: as the caller promises.
    unsafe { V::read(p.add(index * V::WORDS)).xor(V::read(q.add(index * V::WORDS))) }
}

/// The number of differing bits of `blocks` times eight vectors.
///
/// # Safety
/// They can be read from `p` and `q` on, and there are at most `MOST_COUNTS` blocks.
#[inline(always)]
unsafe fn hamming_blocks<V: Vector>(mut p: *const u32, mut q: *const u32, blocks: usize) -> u32 {
    let (mut ones, mut twos, mut fours) = (V::splat(0), V::splat(0), V::splat(0));
    let mut eights = V::no_counts();
    // SAFETY: the end of what can be read.
    let end = unsafe { p.add(blocks * 8 * V::WORDS) };
    while p != end {
        let (mut one, mut two_a, mut two_b, two, four_a);
        // SAFETY: eight vectors are left, from `p` and `q` on.
        unsafe {
            ((one, two_a), p, q) = V::settle(ones.full_add(differ(p, q, 0), differ(p, q, 1)), p, q);
            ((one, two_b), p, q) = V::settle(one.full_add(differ(p, q, 2), differ(p, q, 3)), p, q);
            ((two, four_a), p, q) = V::settle(twos.full_add(two_a, two_b), p, q);
            ((one, two_a), p, q) = V::settle(one.full_add(differ(p, q, 4), differ(p, q, 5)), p, q);
            ((one, two_b), p, q) = V::settle(one.full_add(differ(p, q, 6), differ(p, q, 7)), p, q);
        }
        let (two, four_b) = two.full_add(two_a, two_b);
        let (four, eight) = fours.full_add(four_a, four_b);
        eights = eight.count(eights);
        (ones, twos, fours) = (one, two, four);
        // SAFETY: at most the end of what can be read.
        (p, q) = unsafe { (p.add(8 * V::WORDS), q.add(8 * V::WORDS)) };
    }
    8 * V::total(eights) + V::total_of_digits([ones, twos, fours])
}

/// The nearest row to `query` among `rows` (`n x words`), the lowest index among equals; `None` without
/// rows. A row is abandoned when it is too far to be first or second.
#[inline(always)]
pub(crate) fn nearest<V: Vector>(query: &[u32], rows: &[u32], words: usize) -> Option<Nearest> {
    let width = words.max(1);
    let to = width.min(query.len());
    let mut each = rows.chunks_exact(width).enumerate();
    let mut nearest = only(hamming::<V>(query, each.next()?.1), words);
    if !V::CARRY_SAVE && to == width && width <= SHORT {
        // Four short rows at a time, for which the query is loaded once. Of long rows, four at a time would be four
        // streams from memory, which is slower than one.
        for (index, four) in rows.chunks_exact(4 * width).enumerate() {
            // SAFETY: the query has `width` words, `four` four times as many.
            let distances = unsafe { hamming_four::<V>(four, query.get_unchecked(..width), 0, width) };
            for (place, &distance) in distances.iter().enumerate() {
                offer(&mut nearest, 4 * index + place, distance);
            }
        }
        // The first row was left out of `each` before.
        if let Some(others) = (rows.len() / width / 4 * 4).checked_sub(2) {
            each.nth(others);
        }
    }
    for (class, row) in each {
        let (mut from, mut distance) = (0, 0);
        while from < to && distance < nearest.distance + nearest.margin {
            let end = stretch_end(from, to);
            // SAFETY: `from < end <= to`, which both have.
            distance += unsafe { hamming_of::<V>(query, row, from, end) };
            from = end;
        }
        offer(&mut nearest, class, distance);
    }
    Some(nearest)
}

/// Where the stretch that starts at word `from` ends; the last one is up to twice as long.
#[inline(always)]
fn stretch_end(from: usize, to: usize) -> usize {
    if to - from < 2 * STRETCH { to } else { from + STRETCH }
}

/// As [`nearest`] for every query of `queries` (`q x words`), into `found`; returns how many there are: as
/// many as both have, or none without rows.
///
/// Rows are taken in blocks that stay in the first-level cache while all queries pass over them, four at a
/// time, so that a row comes from memory once, and from the cache once for four queries.
#[inline(always)]
pub(crate) fn nearest_batch<V: Vector>(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> usize {
    let width = words.max(1);
    let Some(first) = rows.get(..width) else { return 0 };
    let count = found.len().min(queries.len() / width);
    let (Some(found), Some(queries)) = (found.get_mut(..count), queries.get(..count * width)) else { return 0 };
    for (nearest, query) in found.iter_mut().zip(queries.chunks_exact(width)) {
        *nearest = only(hamming::<V>(query, first), words);
    }
    let in_block = (BLOCK / width).max(1);
    for (block, rows) in rows.chunks(in_block * width).enumerate() {
        let (mut found, mut queries) = (found.chunks_exact_mut(4), queries.chunks_exact(4 * width));
        for (found, queries) in found.by_ref().zip(queries.by_ref()) {
            for (index, row) in rows.chunks_exact(width).enumerate() {
                // SAFETY: `row` has `width` words and `queries` four times as many.
                let distances = unsafe { hamming_four::<V>(queries, row, 0, width) };
                for (nearest, distance) in found.iter_mut().zip(distances) {
                    offer(nearest, block * in_block + index, distance);
                }
            }
        }
        let queries = queries.remainder().chunks_exact(width);
        for (nearest, query) in found.into_remainder().iter_mut().zip(queries) {
            for (index, row) in rows.chunks_exact(width).enumerate() {
                offer(nearest, block * in_block + index, hamming::<V>(query, row));
            }
        }
    }
    count
}

/// The number of bits in words `from..to` in which `row` differs from each of four queries (`4 x row`).
///
/// # Safety
/// `from <= to <= row.len()` and `queries` has four times as many words as `row`.
#[inline(always)]
unsafe fn hamming_four<V: Vector>(queries: &[u32], row: &[u32], from: usize, to: usize) -> [u32; 4] {
    let words = row.len();
    if V::CARRY_SAVE {
        let mut total = [0; 4];
        for (index, total) in total.iter_mut().enumerate() {
            let query = &queries[index * words..(index + 1) * words];
            // SAFETY: both have `words` words.
            *total = unsafe { hamming_of::<V>(query, row, from, to) };
        }
        return total;
    }
    let mut at = from;
    let (mut a, mut b, mut c, mut d) = (V::no_counts(), V::no_counts(), V::no_counts(), V::no_counts());
    while to - at >= V::WORDS {
        // SAFETY: a whole vector is left in the row and in each query.
        unsafe {
            let word = V::load(row, at);
            a = V::load(queries, at).xor(word).count(a);
            b = V::load(queries, words + at).xor(word).count(b);
            c = V::load(queries, 2 * words + at).xor(word).count(c);
            d = V::load(queries, 3 * words + at).xor(word).count(d);
        }
        at += V::WORDS;
    }
    let mut total = [V::total(a), V::total(b), V::total(c), V::total(d)];
    if V::WORDS > 1 && at < to {
        // SAFETY: as the caller promises.
        let rest = unsafe { hamming_four::<V::Tail>(queries, row, at, to) };
        total.iter_mut().zip(rest).for_each(|(total, rest)| *total += rest);
    }
    total
}

/// The first row is the nearest, and the second nearest is as far as can be.
#[inline(always)]
fn only(distance: u32, words: usize) -> Nearest {
    let most = (words * 32) as u32;
    Nearest { class: 0, distance, margin: most.saturating_sub(distance) }
}

/// Takes `class` into account, which comes after all before it.
#[inline(always)]
fn offer(nearest: &mut Nearest, class: usize, distance: u32) {
    if distance < nearest.distance {
        *nearest = Nearest { class, distance, margin: nearest.distance - distance };
    } else if class > 0 {
        nearest.margin = nearest.margin.min(distance - nearest.distance);
    }
}
