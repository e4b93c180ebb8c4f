//! From numbers to levels.

use super::super::vector::Vector;

/// Each of `keys` becomes its level: the number of the `cuts` rising thresholds of its channel that it reaches.
///
/// Of a few thresholds all are compared: steps of a binary search wait for each other.
#[inline(always)]
pub(crate) fn quantise<V: Vector>(thresholds: &[u32], cuts: usize, keys: &mut [u32]) {
    let few = V::WORDS > 1 && cuts <= 4 * V::WORDS;
    if few && keys.len().checked_mul(cuts).is_some_and(|needed| needed <= thresholds.len()) {
        let whole = cuts / V::WORDS * V::WORDS;
        let mut from = thresholds.as_ptr();
        for key in keys {
            let mut level = 0;
            // SAFETY: there are `cuts` thresholds for every key.
            unsafe {
                for at in (0..whole).step_by(V::WORDS) {
                    level += V::at_most(from.add(at), V::WORDS, key.cast_signed());
                }
                level += V::at_most(from.add(whole), cuts - whole, key.cast_signed());
                from = from.add(cuts);
            }
            *key = level;
        }
        return;
    }
    for (channel, key) in keys.iter_mut().enumerate() {
        let thresholds = thresholds.get(channel * cuts..(channel + 1) * cuts).unwrap_or(&[]);
        *key = thresholds.partition_point(|threshold| threshold.cast_signed() <= key.cast_signed()) as u32;
    }
}

#[inline(always)]
pub(crate) fn quantise_rows<V: Vector>(thresholds: &[u32], cuts: usize, channels: usize, keys: &mut [u32]) {
    keys.chunks_exact_mut(channels.max(1)).for_each(|row| quantise::<V>(thresholds, cuts, row));
}
