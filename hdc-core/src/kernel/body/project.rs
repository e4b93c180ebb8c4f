/// Bit i of `target` is whether the product of row i of `weights` with `values` is above threshold i.
///
/// The compiler vectorises the inner loop with the machine's features; integers add up to the same in any order.
#[cfg(not(hdc_backend = "dsp"))]
#[inline(always)]
pub(in super::super) fn project(weights: &[u32], values: &[u32], thresholds: &[u32], target: &mut [u32]) {
    let (weights, values): (&[i8], &[i16]) = (bytemuck::cast_slice(weights), bytemuck::cast_slice(values));
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

/// Sums of four values, each times -1, 0 or 1, by their code; filled up to a power of two.
const SUMS: usize = 128;

/// Bit i of `target` is whether the product of row i of a ternary matrix with `values` is above threshold i.
///
/// `codes` has for every four values `stride` words of bytes, the first ones for the dimensions of `target`, one each. `sums`
/// has a word a dimension, 0 at the start.
#[inline(always)]
pub(in super::super) fn project_ternary(
    codes: &[u32],
    stride: usize,
    values: &[u32],
    thresholds: &[u32],
    sums: &mut [u32],
    target: &mut [u32],
) {
    let mut table = [0_u32; SUMS];
    let codes = codes.chunks(stride.max(1));
    for (codes, four) in codes.zip(values.chunks_exact(4)) {
        // From the sum with -1 everywhere, digit by digit.
        table[0] = four.iter().fold(0, |sum: u32, value| sum.wrapping_sub(*value));
        let mut size = 1;
        for &value in four {
            for at in 0..size {
                let sum = table[at % SUMS].wrapping_add(value);
                table[(at + size) % SUMS] = sum;
                table[(at + 2 * size) % SUMS] = sum.wrapping_add(value);
            }
            size *= 3;
        }
        for (sums, &codes) in sums.chunks_exact_mut(4).zip(codes) {
            for (place, sum) in sums.iter_mut().enumerate() {
                *sum = sum.wrapping_add(table[(codes >> (8 * place)) as usize % SUMS]);
            }
        }
    }
    let sums = sums.iter().zip(thresholds).map(|(sum, threshold)| sum.cast_signed() > threshold.cast_signed());
    let mut bits = sums.map(u32::from);
    for word in target {
        *word = (0..32).fold(0, |word, bit| word | bits.next().unwrap_or(0) << bit);
    }
}
