/// Adds the rows of `entries` that begin at the words `rows` to `sums`: entries of 8 bits, or of 16 if they are `wide`, the
/// first in the lowest bits. There is a sum for each entry of a row.
///
/// Every other entry of a word is added at once, in 16 bits each.
#[inline(always)]
pub(in super::super) fn table(entries: &[u32], rows: &[u32], wide: bool, sums: &mut [u32]) {
    let width = sums.len() / if wide { 2 } else { 4 };
    if !rows.iter().all(|&row| (row as usize).checked_add(width).is_some_and(|end| end <= entries.len())) {
        return;
    }
    if wide {
        for (at, sums) in sums.chunks_exact_mut(2).enumerate() {
            let [first, second] = sums else { return };
            for &row in rows {
                // SAFETY: `at` is below the width, with which every row ends within the entries.
                let word = unsafe { *entries.as_ptr().add(row as usize + at) };
                *first = first.wrapping_add(word & 0xffff);
                *second = second.wrapping_add(word >> 16);
            }
        }
        return;
    }
    for (at, sums) in sums.chunks_exact_mut(4).enumerate() {
        let [first, second, third, fourth] = sums else { return };
        // So many entries of 8 bits add up to 16 bits.
        for rows in rows.chunks(256) {
            let (mut even, mut odd) = (0_u32, 0_u32);
            for &row in rows {
                // SAFETY: as above.
                let word = unsafe { *entries.as_ptr().add(row as usize + at) };
                even = even.wrapping_add(word & 0x00ff_00ff);
                odd = odd.wrapping_add(word >> 8 & 0x00ff_00ff);
            }
            *first = first.wrapping_add(even & 0xffff);
            *second = second.wrapping_add(odd & 0xffff);
            *third = third.wrapping_add(even >> 16);
            *fourth = fourth.wrapping_add(odd >> 16);
        }
    }
}
