//! Hamming distance.

use super::super::vector::{Vector, settle};

/// Words of a line of the cache.
pub(in super::super) const LINE: usize = 16;

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
pub(super) unsafe fn hamming_of<V: Vector>(p: *const u32, q: *const u32, words: usize) -> u32 {
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
/// is rarer, but more are left over, which are counted one by one; two rows at a time hide how long an adder takes.
///
/// # Safety
/// They can be read from `query` and from `rows` on, and `words` is at most `MOST_COUNTS` times four vectors.
#[inline(always)]
pub(super) unsafe fn carry_save<V: Vector, const R: usize>(
    query: *const u32,
    rows: *const u32,
    words: usize,
) -> [V::Sums; R] {
    let (mut ones, mut twos, mut fourfold) = ([V::splat(0); R], [V::splat(0); R], [V::no_counts(); R]);
    let rest = words % (4 * V::WORDS);
    let whole = words - rest;
    let mut at = 0;
    while at < whole {
        if R > 1 {
            let ahead = rows.wrapping_add(R * at + PAIR_AHEAD);
            (0..4 * R * V::WORDS).step_by(LINE).for_each(|line| V::ask_for(ahead.wrapping_add(line)));
        }
        // SAFETY: four vectors are left in the query and in every row.
        let queries: [V; 4] = unsafe { read_four(query.add(at)) };
        for row in 0..R {
            // SAFETY: the same.
            let [a, b, c, d] = unsafe { read_four::<V>(rows.add(row * words + at)) };
            let (one, two_a) = ones[row].full_add(a.xor(queries[0]), b.xor(queries[1]));
            let (one, two_b) = one.full_add(c.xor(queries[2]), d.xor(queries[3]));
            let (two, four) = twos[row].full_add(two_a, two_b);
            (ones[row], twos[row]) = (one, two);
            fourfold[row] = four.count(fourfold[row]);
        }
        at += 4 * V::WORDS;
    }
    let mut sums = [V::sums(V::no_counts()); R];
    for row in 0..R {
        // SAFETY: so many words are left.
        let (p, q) = unsafe { (query.add(whole), rows.add(row * words + whole)) };
        let mut single = ones[row].count(V::no_counts());
        for index in 0..3 {
            if (index + 1) * V::WORDS <= rest {
                // SAFETY: the same.
                single = unsafe { differ::<V>(p, q, index) }.count(single);
            }
        }
        let few = rest % V::WORDS;
        if few > 0 {
            // SAFETY: the same.
            let (p, q) = unsafe { (V::read_first(p.add(rest - few), few), V::read_first(q.add(rest - few), few)) };
            single = p.xor(q).count(single);
        }
        sums[row] = V::weighted(single, twos[row].count(V::no_counts()), fourfold[row]);
    }
    sums
}

/// Four vectors from `from` on.
///
/// # Safety
/// They can be read.
#[inline(always)]
unsafe fn read_four<V: Vector>(from: *const u32) -> [V; 4] {
    let mut vectors = [V::splat(0); 4];
    for (index, vector) in vectors.iter_mut().enumerate() {
        // SAFETY: as the caller promises.
        *vector = unsafe { V::read(from.add(index * V::WORDS)) };
    }
    vectors
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
pub(super) fn widest<V: Vector>() -> usize {
    if V::CARRY_SAVE && V::WORDS > 1 { V::MOST_COUNTS.saturating_mul(4 * V::WORDS) } else { V::TILED }
}
