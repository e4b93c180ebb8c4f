//! The kernels in plain Rust, for every target.

/// Bind in place: `a ^= b`, word by word, over the shorter length.
#[inline]
pub fn xor_assign(a: &mut [u32], b: &[u32]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a ^= b;
    }
}

/// Hamming distance: the number of bits in which `a` and `b` differ, over the shorter length.
#[inline]
pub fn hamming(a: &[u32], b: &[u32]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// Permute and bind: `target ^= rotate(source, by)`, where bit i of the source goes to bit
/// `(i + by) mod D`. Both have the same length; a longer slice is used up to the shorter one's length.
#[inline]
pub fn rotate_xor_assign(target: &mut [u32], source: &[u32], by: usize) {
    let words = target.len().min(source.len());
    let (Some(target), Some(source)) = (target.get_mut(..words), source.get(..words)) else { return };
    if words == 0 {
        return;
    }
    let (whole, bits) = ((by / 32) % words, (by % 32) as u32);
    // Source word w goes to target word w + whole, its high bits to the word after it.
    let Some((tail, head)) = target.split_at_mut_checked(whole) else { return };
    let Some(mut carry) = source.last().copied() else { return };
    for (target, &word) in head.iter_mut().chain(tail).zip(source) {
        // The pair (carry, word) shifted left; for bits = 0 nothing of the carry enters.
        let pair = u64::from(word) << 32 | u64::from(carry);
        *target ^= (pair << bits >> 32) as u32;
        carry = word;
    }
}

/// Adds one bit to each of 32 counters that lie across `planes`: plane p holds bit p of every counter.
/// A counter wraps when it passes `2^planes - 1`.
#[inline(always)]
pub fn count(planes: &mut [u32], bits: u32) {
    let mut carry = bits;
    for plane in planes {
        let sum = *plane ^ carry;
        carry &= *plane;
        *plane = sum;
    }
}

/// The lanes whose counter in `planes` is above `limit`, and those where it is equal.
#[inline(always)]
fn compare(planes: &[u32], limit: usize) -> (u32, u32) {
    let (mut above, mut equal) = (0, !0);
    for (index, plane) in planes.iter().enumerate().rev() {
        if limit >> index & 1 == 0 {
            above |= equal & plane;
            equal &= !plane;
        } else {
            equal &= plane;
        }
    }
    if limit >> planes.len() == 0 { (above, equal) } else { (0, 0) }
}

/// The lanes whose counter in `planes` is at least `limit`.
#[inline(always)]
pub fn at_least(planes: &[u32], limit: usize) -> u32 {
    let (above, equal) = compare(planes, limit);
    above | equal
}

/// The majority of `total` bits counted in `planes`: 1 where more than half are 1, the bit of `tie` where
/// exactly half are.
#[inline(always)]
pub fn majority(planes: &[u32], total: usize, tie: u32) -> u32 {
    let (above, equal) = compare(planes, total / 2);
    if total.is_multiple_of(2) { above | equal & tie } else { above }
}
