/// Bit i of `target` is whether the product of row i of `weights` with `values` is above threshold i.
///
/// The compiler vectorises the inner loop with the machine's features; integers add up to the same in any order.
#[inline(always)]
pub(in super::super) fn project(weights: &[i8], values: &[i16], thresholds: &[u32], target: &mut [u32]) {
    let columns = values.len().max(1);
    let mut rows = weights.chunks_exact(columns);
    for (word, thresholds) in target.iter_mut().zip(thresholds.chunks_exact(32)) {
        let mut bits = 0_u32;
        for threshold in thresholds {
            let row = rows.next().unwrap_or(&[]);
            let mut sum = 0_i32;
            for (&weight, &value) in row.iter().zip(values) {
                sum = sum.wrapping_add(i32::from(weight) * i32::from(value));
            }
            bits = bits >> 1 | u32::from(sum > threshold.cast_signed()) << 31;
        }
        *word = bits;
    }
}
