//! Loops that a compiler turns into vector instructions by itself.

use core::array;

use super::super::vector::{THUMB_2, Vector, kept, kept_place};

/// `a ^= b`.
#[inline(always)]
pub(crate) fn xor_assign(a: &mut [u32], b: &[u32]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a ^= b;
    }
}

/// `target ^= rotate(source, by)`.
#[inline(always)]
pub(crate) fn rotate_xor_assign(target: &mut [u32], source: &[u32], by: usize) {
    let words = target.len().min(source.len());
    let (Some(target), Some(source)) = (target.get_mut(..words), source.get(..words)) else { return };
    let Some(&last) = source.last() else { return };
    let (whole, bits) = ((by / 32) % words, (by % 32) as u32);
    // Source word w goes to target word w + whole, its high bits to the word after it.
    let (Some((head, tail)), Some((low, high))) =
        (target.split_at_mut_checked(whole), source.split_at_checked(words - whole))
    else {
        return;
    };
    if bits == 0 {
        xor_assign(tail, low);
        xor_assign(head, high);
        return;
    }
    let shifted = |word: u32, before: u32| word << bits | before >> (32 - bits);
    let shift = |target: &mut [u32], source: &[u32], before: u32| {
        let Some((first, rest)) = target.split_first_mut() else { return };
        *first ^= shifted(source.first().copied().unwrap_or(0), before);
        let pairs = source.iter().zip(source.get(1..).unwrap_or(&[]));
        for (target, (&before, &word)) in rest.iter_mut().zip(pairs) {
            *target ^= shifted(word, before);
        }
    };
    shift(tail, low, last);
    shift(head, high, low.last().copied().unwrap_or(last));
}

/// `target = rotate(target, 1) ^ source`, of the same length.
#[inline(always)]
pub(crate) fn rotate_one_xor<V: Vector>(target: &mut [u32], source: &[u32]) {
    let Some(&last) = target.last() else { return };
    if V::WORDS == 1 && THUMB_2 {
        let (fours, rest) = target.as_chunks_mut();
        let (source_fours, source_rest) = source.as_chunks();
        let before = shift_one_xor_by_four(fours, source_fours, last);
        return shift_one_xor(rest, source_rest, before);
    }
    shift_one_xor(target, source, last);
}

/// `target = (target << 1) ^ source`, with `before` in front of it.
#[inline(always)]
fn shift_one_xor(target: &mut [u32], source: &[u32], mut before: u32) {
    for (target, &source) in target.iter_mut().zip(source) {
        let word = *target;
        *target = (word << 1 | before >> 31) ^ source;
        before = word;
    }
}

/// The same; returns the last word of `target`. A chip loads and stores several words with one instruction, and shifts
/// for free as it XORs.
#[inline(always)]
fn shift_one_xor_by_four(target: &mut [[u32; 4]], source: &[[u32; 4]], mut before: u32) -> u32 {
    let fours = target.len().min(source.len());
    let (mut to, mut from) = (target.as_mut_ptr(), source.as_ptr());
    // SAFETY: four words are left at both places, until the end.
    unsafe {
        let end = to.add(fours);
        while to != end {
            let ([a, b, c, d], source) = (*to, *from);
            let (words, befores) = ([a, b, c, d], [before, a, b, c]);
            *to = array::from_fn(|word| kept(source[word] ^ words[word] << 1) ^ befores[word] >> 31);
            before = d;
            (to, from) = (kept_place(to.add(1)).cast_mut(), kept_place(from.add(1)));
        }
    }
    before
}
