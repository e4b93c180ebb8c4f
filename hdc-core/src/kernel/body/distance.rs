//! Hamming distance and search.

use super::super::vector::{Vector, settle};
use crate::Nearest;

/// Words after which a row is looked at again: can it still win? The last stretch is up to twice as long.
const STRETCH: usize = 240;

/// Words of rows of which four are one stretch of memory for the machine. Four longer ones are four streams.
const SHORT: usize = 128;

/// Words of all rows that stay in the second-level cache, or nearly: 2 MB. Four streams from memory are slower than one.
const CACHED: usize = 1 << 19;

/// Words of rows that stay in the first-level cache: 16 KB.
const BLOCK: usize = 4096;

/// Words of a line of the cache.
const LINE: usize = 16;

/// How many words ahead a row is asked for: 16 KB. That is for the page that it is in, as the machine itself reads ahead
/// within a page only.
const AHEAD: usize = 4096;

/// How many words ahead each part of a row is asked for, where the machine does not see that it is going to be read.
const NEAR_AHEAD: usize = 1024;

/// The number of differing bits of `a` and `b`, over the shorter length.
#[inline(always)]
pub(crate) fn hamming<V: Vector>(a: &[u32], b: &[u32]) -> u32 {
    // SAFETY: both have the words.
    unsafe { hamming_of::<V>(a.as_ptr(), b.as_ptr(), a.len().min(b.len())) }
}

/// The number of differing bits of the `words` words from `p` and from `q` on.
///
/// # Safety
/// Both have the words.
#[inline(always)]
unsafe fn hamming_of<V: Vector>(p: *const u32, q: *const u32, words: usize) -> u32 {
    let most = match V::CARRY_SAVE {
        true if V::WORDS == 1 => V::MOST_COUNTS.saturating_mul(8),
        true => widest::<V>(),
        false => V::MOST_COUNTS.saturating_mul(V::WORDS),
    };
    let (mut at, mut total) = (0, 0);
    while at < words {
        let part = most.min(words - at);
        // SAFETY: so many words are left, and no more than can be counted.
        total += unsafe {
            let (p, q) = (p.add(at), q.add(at));
            match V::CARRY_SAVE {
                true if V::WORDS == 1 => hamming_apart(p, q, part),
                true => V::total(carry_save::<V, 1>(p, q, part)[0]),
                false => V::total(V::sums(count_differing::<V>(p, q, part))),
            }
        };
        at += part;
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

/// The number of differing bits of the `words` words from `p` and from `q` on, in a function of its own: it needs all
/// registers of a chip. Eight words go through seven full adders first, and only their carry is counted (Harley & Seal;
/// Muła, Kurz & Lemire 2018).
///
/// # Safety
/// Both have the words, and they are at most `MOST_COUNTS` times eight.
#[inline(never)]
unsafe fn hamming_apart(mut p: *const u32, mut q: *const u32, words: usize) -> u32 {
    let (mut ones, mut twos, mut fours, mut eights) = (0_u32, 0_u32, 0_u32, 0_u32);
    let rest = words % 8;
    // SAFETY: at most the end of what can be read.
    let end = unsafe { p.add(words - rest) };
    while p != end {
        let (mut one, mut two_a, mut two_b, two, four_a);
        // SAFETY: eight words are left, from `p` and `q` on.
        unsafe {
            ((one, two_a), p, q) = settle(ones.full_add(differ(p, q, 0), differ(p, q, 1)), p, q);
            ((one, two_b), p, q) = settle(one.full_add(differ(p, q, 2), differ(p, q, 3)), p, q);
            ((two, four_a), p, q) = settle(twos.full_add(two_a, two_b), p, q);
            ((one, two_a), p, q) = settle(one.full_add(differ(p, q, 4), differ(p, q, 5)), p, q);
            ((one, two_b), p, q) = settle(one.full_add(differ(p, q, 6), differ(p, q, 7)), p, q);
        }
        let (two, four_b) = two.full_add(two_a, two_b);
        let (four, eight) = fours.full_add(four_a, four_b);
        eights = eight.count(eights);
        (ones, twos, fours) = (one, two, four);
        // SAFETY: at most the end of what can be read.
        (p, q) = unsafe { (p.add(8), q.add(8)) };
    }
    // SAFETY: so many words are left.
    let single = unsafe { count_differing::<u32>(p, q, rest) };
    // Summed byte by byte first: 8 times 8 and 8 times 7 fit a byte.
    8 * u32::total(u32::sums(eights))
        + u32::total(u32::sums(ones.count(single) + 2 * twos.count(0) + 4 * fours.count(0)))
}

/// How many words ahead two rows are asked for: 2 KB.
const PAIR_AHEAD: usize = 512;

/// The differing bits of the query and of `R` rows of `words` words each. Four vectors of a row go through three full
/// adders first, and only their carry is counted (Harley & Seal; Muła, Kurz & Lemire 2018). With eight vectors counting
/// is rarer, but what is left over costs as much more; two rows at a time hide how long an adder takes.
///
/// # Safety
/// They can be read from `query` and from `rows` on, and `words` is at most `MOST_COUNTS` times four vectors.
#[inline(always)]
unsafe fn carry_save<V: Vector, const R: usize>(query: *const u32, rows: *const u32, words: usize) -> [V::Sums; R] {
    let (mut ones, mut twos) = ([V::splat(0); R], [V::splat(0); R]);
    let (mut twofold, mut fourfold) = ([V::no_counts(); R], [V::no_counts(); R]);
    let mut at = 0;
    // SAFETY: all vectors are within the words.
    unsafe {
        while words - at >= 4 * V::WORDS {
            if R > 1 {
                let ahead = rows.wrapping_add(R * at + PAIR_AHEAD);
                (0..4 * R * V::WORDS).step_by(LINE).for_each(|line| V::ask_for(ahead.wrapping_add(line)));
            }
            let two_a = add_two::<V, R>(&mut ones, query.add(at), rows.add(at), words, 2 * V::WORDS);
            at += 2 * V::WORDS;
            let two_b = add_two::<V, R>(&mut ones, query.add(at), rows.add(at), words, 2 * V::WORDS);
            at += 2 * V::WORDS;
            for row in 0..R {
                let (two, four) = twos[row].full_add(two_a[row], two_b[row]);
                twos[row] = two;
                fourfold[row] = four.count(fourfold[row]);
            }
        }
        while at < words {
            let left = words - at;
            let carries = if left >= 2 * V::WORDS {
                add_two::<V, R>(&mut ones, query.add(at), rows.add(at), words, 2 * V::WORDS)
            } else {
                add_two::<V, R>(&mut ones, query.add(at), rows.add(at), words, left)
            };
            for (counts, carry) in twofold.iter_mut().zip(carries) {
                *counts = carry.count(*counts);
            }
            at += 2 * V::WORDS;
        }
    }
    let mut sums = [V::sums(V::no_counts()); R];
    for row in 0..R {
        let single = ones[row].count(V::no_counts());
        sums[row] = V::weighted(single, twos[row].count(twofold[row]), fourfold[row]);
    }
    sums
}

/// Adds to `ones` what differs in the first `count` words, at most two vectors, of the query and of `R` rows, and returns
/// the carries.
///
/// # Safety
/// `count` words can be read from `query` on, and at `R` places `words` words apart from `rows` on.
#[inline(always)]
unsafe fn add_two<V: Vector, const R: usize>(
    ones: &mut [V; R],
    query: *const u32,
    rows: *const u32,
    words: usize,
    count: usize,
) -> [V; R] {
    let (first, second) = (count.min(V::WORDS), count.saturating_sub(V::WORDS));
    // SAFETY: as the caller promises; nothing is read of a second vector of no words.
    unsafe {
        let query: [V; 2] = [read_some(query, first), read_some(query.wrapping_add(V::WORDS), second)];
        let mut carries = [V::splat(0); R];
        for (row, (one, carry)) in ones.iter_mut().zip(&mut carries).enumerate() {
            let row = rows.add(row * words);
            let (a, b): (V, V) = (read_some(row, first), read_some(row.wrapping_add(V::WORDS), second));
            (*one, *carry) = one.full_add(a.xor(query[0]), b.xor(query[1]));
        }
        carries
    }
}

/// The differing bits of the `words` words from `p` and from `q` on, each vector counted at once.
///
/// # Safety
/// Both have the words, and they are at most `MOST_COUNTS` vectors.
#[inline(always)]
unsafe fn count_differing<V: Vector>(p: *const u32, q: *const u32, words: usize) -> V::Counts {
    let mut counts = V::no_counts();
    let mut at = 0;
    // SAFETY: all vectors are within the words.
    unsafe {
        while words - at >= V::WORDS {
            counts = differ::<V>(p.add(at), q.add(at), 0).count(counts);
            at += V::WORDS;
        }
        if V::WORDS > 1 && at < words {
            let (p, q) = (V::read_first(p.add(at), words - at), V::read_first(q.add(at), words - at));
            counts = p.xor(q).count(counts);
        }
    }
    counts
}

/// Words of the longest rows that are compared four at a time.
#[inline(always)]
fn widest<V: Vector>() -> usize {
    if V::CARRY_SAVE && V::WORDS > 1 { V::MOST_COUNTS.saturating_mul(4 * V::WORDS) } else { V::TILED }
}

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
/// Rows are taken in blocks that stay in the first-level cache while all queries pass over them, so that a row comes
/// from memory once, and the next block comes meanwhile.
#[inline(always)]
pub(crate) fn nearest_batch<V: Vector>(queries: &[u32], rows: &[u32], words: usize, found: &mut [Nearest]) -> usize {
    let width = words.max(1);
    let count = if rows.len() < width { 0 } else { found.len().min(queries.len() / width) };
    let (Some(found), Some(queries)) = (found.get_mut(..count), queries.get(..count * width)) else { return 0 };
    found.fill(start(words));
    let in_block = (BLOCK / 4 / width).max(1) * 4;
    for (block, rows) in rows.chunks(in_block * width).enumerate() {
        let first = block * in_block;
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
    count
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
/// They can be read, if there are any.
#[inline(always)]
unsafe fn read_some<V: Vector>(from: *const u32, count: usize) -> V {
    // SAFETY: as the caller promises.
    unsafe {
        match count {
            0 => V::splat(0),
            _ if count == V::WORDS => V::read(from),
            _ => V::read_first(from, count),
        }
    }
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
fn limit(nearest: &Nearest) -> u32 {
    nearest.distance + nearest.margin
}

/// Before the first row: it is going to be the nearest, and is no farther than a row can be.
#[inline(always)]
fn start(words: usize) -> Nearest {
    Nearest { class: 0, distance: (words * 32) as u32, margin: 0 }
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
