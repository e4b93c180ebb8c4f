//! Cortex-M with the DSP extension, such as M4 and M7: two products of 16 bits in an instruction. All other loops are
//! those of every chip.

use core::arch::asm;

use super::vector::kept_place;

/// In place of `body/project.rs`.
pub(super) fn project(weights: &[u32], values: &[u32], thresholds: &[u32], target: &mut [u32]) {
    let columns = values.len() / 2;
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(thresholds.len());
    let words = target.len().min(rows / 32);
    if let Some(target) = target.get_mut(..words) {
        // SAFETY: there are two words of values for each word of a row, and 32 rows and thresholds for each of `target`.
        unsafe { project_words(weights.as_ptr(), values.as_ptr(), columns, thresholds.as_ptr(), target) };
    }
}

/// Two rows at a time, so that a value is loaded once for both.
///
/// # Safety
/// There are `2 columns` words of values, and for each word of `target` 32 thresholds and as many rows of `columns` words.
unsafe fn project_words(
    weights: *const u32,
    values: *const u32,
    columns: usize,
    mut threshold: *const u32,
    target: &mut [u32],
) {
    let mut first = weights;
    for word in target {
        let mut bits = 0_u32;
        for _ in 0..16 {
            let (mut sums, mut value) = ([0; 2], values);
            // SAFETY: as the caller promises: the second row ends where the next pair begins, and the values where both do.
            unsafe {
                let mut second = first.add(columns);
                let end = second;
                while first != end {
                    let (low, high) = (*value, *value.add(1));
                    // Values 0 and 2, then 1 and 3: as the bytes of a word are spread.
                    let (even, odd) = (low & 0xffff | high << 16, low >> 16 | high & 0xffff_0000);
                    sums[0] = add_products(odd_bytes(*first), odd, add_products(even_bytes(*first), even, sums[0]));
                    sums[1] = add_products(odd_bytes(*second), odd, add_products(even_bytes(*second), even, sums[1]));
                    (first, second, value) =
                        (kept_place(first.add(1)), kept_place(second.add(1)), kept_place(value.add(2)));
                }
                first = second;
            }
            for sum in sums {
                // SAFETY: a threshold for each row.
                unsafe {
                    bits = bits >> 1 | u32::from(sum > (*threshold).cast_signed()) << 31;
                    threshold = threshold.add(1);
                }
            }
        }
        *word = bits;
    }
}

/// Bytes 0 and 2 of `word` as signed numbers of 16 bits.
#[inline(always)]
fn even_bytes(word: u32) -> u32 {
    let bytes;
    // SAFETY: one instruction on registers, which this backend's machines have.
    unsafe { asm!("sxtb16 {}, {}", out(reg) bytes, in(reg) word, options(pure, nomem, nostack, preserves_flags)) };
    bytes
}

/// Bytes 1 and 3 of `word` as signed numbers of 16 bits.
#[inline(always)]
fn odd_bytes(word: u32) -> u32 {
    let bytes;
    // SAFETY: as above.
    unsafe {
        asm!("sxtb16 {}, {}, ror #8", out(reg) bytes, in(reg) word, options(pure, nomem, nostack, preserves_flags));
    }
    bytes
}

/// `sum` and the products of both halves of `a` and `b`.
#[inline(always)]
fn add_products(a: u32, b: u32, mut sum: i32) -> i32 {
    // SAFETY: as above. Where the sum leaves 32 bits it wraps and sets a flag, so that flags are not said to be preserved.
    unsafe { asm!("smlad {0}, {1}, {2}, {0}", inout(reg) sum, in(reg) a, in(reg) b, options(pure, nomem, nostack)) };
    sum
}
