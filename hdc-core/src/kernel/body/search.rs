//! Search for the nearest rows.

use super::super::vector::Vector;
use super::distance::{LINE, carry_save, hamming_of, widest};
use crate::Nearest;

/// Words after which a row is looked at again: can it still win? The last stretch is up to twice as long.
const STRETCH: usize = 480;

/// Words of rows of which four are one stretch of memory for the machine. Four longer ones are four streams.
const SHORT: usize = 128;

/// Words of all rows that stay in the second-level cache, or nearly: 2 MB. Four streams from memory are slower than one.
const CACHED: usize = 1 << 19;

/// Words of rows that stay in the first-level cache: 16 KB.
const BLOCK: usize = 4096;

/// How many words ahead a row is asked for: 16 KB. That is for the page that it is in, as the machine itself reads ahead
/// within a page only.
const AHEAD: usize = 4096;

/// How many words ahead each part of a row is asked for, where the machine does not see that it is going to be read.
const NEAR_AHEAD: usize = 1024;

/// The nearest row to `query` among `rows` (`n x words`), the lowest index among equals; `None` without
/// rows. A long row from memory is abandoned when it is too far to be first or second.
#[inline(always)]
pub(crate) fn nearest<V: Vector>(query: &[u32], rows: &[u32], words: usize) -> Option<Nearest> {
    let width = words.max(1);
    let to = width.min(query.len());
    if rows.len() < width {
        return None;
    }
    let mut nearest = [start(words)];
    let tiled = width <= widest::<V>() && (width <= SHORT || rows.len() <= CACHED);
    if to == width && tiled {
        // SAFETY: the query has `width` words.
        unsafe { tiles::<V, 1>(&mut nearest, query.as_ptr(), rows, width, 0) };
        return Some(nearest[0]);
    }
    for (class, row) in rows.chunks_exact(width).enumerate() {
        offer_row::<V>(&mut nearest[0], class, &query[..to], row);
    }
    Some(nearest[0])
}

/// As [`nearest`] for every query of `queries` (`q x words`), into `found`; returns how many there are: as
/// many as both have, or none without rows.
///
/// Rows are put side by side ([`Vector::side_by_side`]) or taken in blocks.
#[inline(always)]
pub(crate) fn nearest_batch<V: Vector>(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> usize {
    let width = words.max(1);
    let count = if rows.len() < width { 0 } else { found.len().min(queries.len() / width) };
    let (Some(found), Some(queries)) = (found.get_mut(..count), queries.get(..count * width)) else { return 0 };
    found.fill(start(words));
    // SAFETY: there are as many queries as places in `found`, and they have at least a word.
    let done = unsafe { V::side_by_side(queries, rows, width, found) };
    if !done {
        nearest_in_blocks::<V>(queries, rows, width, found, 0);
    }
    count
}

/// Compares the `queries` (`q x width`), as many as `found` has, with all `rows` (`n x width`). Row 0 is number `first`.
///
/// Rows are taken in blocks that stay in the first-level cache while all queries pass over them, so that a row comes from
/// memory once, and the next block comes meanwhile.
#[inline(always)]
pub(in super::super) fn nearest_in_blocks<V: Vector>(
    queries: &[u32],
    rows: &[u32],
    width: usize,
    found: &mut [Nearest],
    first: usize,
) {
    let count = found.len();
    let queries = &queries[..count * width];
    let in_block = (BLOCK / 4 / width).max(1) * 4;
    for (block, rows) in rows.chunks(in_block * width).enumerate() {
        let first = first + block * in_block;
        let mut query = 0;
        while query < count {
            let left = &mut found[query..];
            let at = queries[query * width..].as_ptr();
            let before = query;
            // SAFETY: from `at` on there are as many queries as places are left in `found`.
            query += unsafe {
                if width > widest::<V>() {
                    let query = &queries[query * width..][..width];
                    let rows = rows.chunks_exact(width).enumerate();
                    rows.for_each(|(index, row)| offer_row::<V>(&mut left[0], first + index, query, row));
                    1
                } else if V::QUERIES == 4 && left.len() >= 4 {
                    tiles::<V, 4>(left, at, rows, width, first);
                    4
                } else {
                    tiles::<V, 1>(left, at, rows, width, first);
                    1
                }
            };
            // Their share of the next block.
            let mut ahead = rows.len() * before / count;
            while ahead < rows.len() * query / count {
                V::ask_for(rows.as_ptr().wrapping_add(rows.len() + ahead));
                ahead += LINE;
            }
        }
    }
}

/// Compares the `Q` queries, 1 or 4, of `width` words from `queries` on with all `rows`, four at a time. Row 0 is number
/// `first`.
///
/// # Safety
/// The queries can be read, and `found` has places for them; `width` is at most `widest`.
#[inline(always)]
unsafe fn tiles<V: Vector, const Q: usize>(
    found: &mut [Nearest],
    queries: *const u32,
    rows: &[u32],
    width: usize,
    first: usize,
) {
    let mut limits: [u32; 4] = core::array::from_fn(|query| limit(&found[query % Q]));
    let mut class = first;
    let mut fours = rows.chunks_exact(4 * width);
    for four in &mut fours {
        V::ask_for(four.as_ptr().wrapping_add(AHEAD));
        // SAFETY: the queries have `width` words, `four` four times as many.
        let sums = unsafe { sum_tile::<V, Q>(queries, four.as_ptr(), width) };
        // Most rows are far from most queries.
        if Q == 4 {
            let (below, distances) = V::totals_below(core::array::from_fn(|query| sums[query % Q]), limits);
            if below != 0 {
                for (query, nearest) in found.iter_mut().enumerate().take(Q) {
                    if below >> (4 * query) & 15 != 0 {
                        for row in 0..4 {
                            offer(nearest, class + row, distances[4 * query + row]);
                        }
                        limits[query] = limit(nearest);
                    }
                }
            }
        } else {
            let [a, b, c, d] = V::totals(sums[0]);
            if a.min(b).min(c.min(d)) < limits[0] {
                for (row, distance) in [a, b, c, d].into_iter().enumerate() {
                    offer(&mut found[0], class + row, distance);
                }
                limits[0] = limit(&found[0]);
            }
        }
        class += 4;
    }
    for row in fours.remainder().chunks_exact(width) {
        for (place, nearest) in found.iter_mut().enumerate().take(Q) {
            // SAFETY: the queries and the row have `width` words.
            let distance = unsafe { hamming_of::<V>(queries.add(place * width), row.as_ptr(), width) };
            offer(nearest, class, distance);
        }
        class += 1;
    }
}

/// The differing bits of `Q` queries and four rows, of `words` words each. A vector is read once for all that it is
/// compared with.
///
/// # Safety
/// They can be read from `queries` and from `rows` on, and `words` is at most `widest`.
#[inline(always)]
unsafe fn sum_tile<V: Vector, const Q: usize>(
    queries: *const u32,
    rows: *const u32,
    words: usize,
) -> [[V::Sums; 4]; Q] {
    if V::CARRY_SAVE && words > V::TILED {
        // SAFETY: as the caller promises.
        let [pair, next] = unsafe {
            [carry_save::<V, 2>(queries, rows, words), carry_save::<V, 2>(queries, rows.add(2 * words), words)]
        };
        return [[pair[0], pair[1], next[0], next[1]]; Q];
    }
    let mut counts = [[V::no_counts(); 4]; Q];
    let mut at = 0;
    // SAFETY: all that is read is within the words.
    unsafe {
        // Apart from the others, whose counts are added to these: here there is nothing to add to.
        if V::WORDS > 1 && words >= V::WORDS {
            counts = count_vectors::<V, Q>(counts, queries, rows, words, V::WORDS);
            at = V::WORDS;
        }
        while words - at >= V::WORDS {
            if Q == 1 && words > SHORT {
                let ahead = rows.wrapping_add(4 * at + NEAR_AHEAD);
                (0..4 * V::WORDS).step_by(LINE).for_each(|line| V::ask_for(ahead.wrapping_add(line)));
            }
            counts = count_vectors::<V, Q>(counts, queries.add(at), rows.add(at), words, V::WORDS);
            at += V::WORDS;
        }
        if V::WORDS > 1 && at < words {
            counts = count_vectors::<V, Q>(counts, queries.add(at), rows.add(at), words, words - at);
        }
    }
    let mut sums = [[V::sums(V::no_counts()); 4]; Q];
    for (sums, counts) in sums.as_flattened_mut().iter_mut().zip(counts.as_flattened()) {
        *sums = V::sums(*counts);
    }
    sums
}

/// `counts` and the differing bits of one vector of each query and each row, or of its first `count` words.
///
/// # Safety
/// `count` words, at most `V::WORDS`, can be read at `Q` and at four places `words` words apart.
#[inline(always)]
unsafe fn count_vectors<V: Vector, const Q: usize>(
    mut counts: [[V::Counts; 4]; Q],
    queries: *const u32,
    rows: *const u32,
    words: usize,
    count: usize,
) -> [[V::Counts; 4]; Q] {
    let mut query = [V::splat(0); Q];
    for (place, query) in query.iter_mut().enumerate() {
        // SAFETY: as the caller promises.
        *query = unsafe { read_some(queries.add(place * words), count) };
    }
    for place in 0..4 {
        // SAFETY: as the caller promises.
        let row: V = unsafe { read_some(rows.add(place * words), count) };
        for (counts, query) in counts.iter_mut().zip(query) {
            counts[place] = row.xor(query).count(counts[place]);
        }
    }
    counts
}

/// The `count` words from `from` on, at most `V::WORDS`, and zeros after them.
///
/// # Safety
/// They can be read.
#[inline(always)]
pub(in super::super) unsafe fn read_some<V: Vector>(from: *const u32, count: usize) -> V {
    // SAFETY: as the caller promises.
    unsafe { if count == V::WORDS { V::read(from) } else { V::read_first(from, count) } }
}

/// Takes `row` of class `class` into account, but only as far as it can still be first or second.
#[inline(always)]
fn offer_row<V: Vector>(nearest: &mut Nearest, class: usize, query: &[u32], row: &[u32]) {
    let to = query.len().min(row.len());
    let (mut from, mut distance) = (0, 0);
    while from < to && distance < limit(nearest) {
        let end = if to - from < 2 * STRETCH { to } else { from + STRETCH };
        V::ask_for(row.as_ptr().wrapping_add(from + AHEAD));
        // SAFETY: `from < end <= to`, which both have.
        distance += unsafe { hamming_of::<V>(query.as_ptr().add(from), row.as_ptr().add(from), end - from) };
        from = end;
    }
    offer(nearest, class, distance);
}

/// Below this a distance is one of a query's two shortest.
#[inline(always)]
pub(in super::super) fn limit(nearest: &Nearest) -> u32 {
    nearest.distance + nearest.margin
}

/// Before the first row: it is going to be the nearest, and is no farther than a row can be.
#[inline(always)]
fn start(words: usize) -> Nearest {
    Nearest { class: 0, distance: (words * 32) as u32, margin: 0 }
}

/// Takes `class` into account, which comes after all before it.
#[inline(always)]
pub(in super::super) fn offer(nearest: &mut Nearest, class: usize, distance: u32) {
    if distance < nearest.distance {
        *nearest = Nearest { class, distance, margin: nearest.distance - distance };
    } else if class > 0 {
        nearest.margin = nearest.margin.min(distance - nearest.distance);
    }
}
