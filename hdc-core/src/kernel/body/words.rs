//! Loops that a compiler turns into vector instructions by itself.

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

/// `target = rotate(target, 1) ^ source`.
#[inline(always)]
pub(crate) fn rotate_one_xor(target: &mut [u32], source: &[u32]) {
    let Some(&last) = target.last() else { return };
    let mut before = last;
    for (target, &source) in target.iter_mut().zip(source) {
        let word = *target;
        *target = (word << 1 | before >> 31) ^ source;
        before = word;
    }
}
