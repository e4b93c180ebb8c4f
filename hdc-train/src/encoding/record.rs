//! Learns the memories of record encoders.

use hdc_core::{ItemMemory, LevelMemory, Quantiser, RecordEncoder, Rows, Tie};
use rayon::prelude::*;

use super::{Fit, Samples};
use crate::learn::{Learn, Tables};

/// A record encoder whose memories and thresholds are learned from `data`.
pub(super) fn learn(
    quantiser: Quantiser<Vec<u32>>,
    data: &Samples<'_>,
    learn: Learn,
    Fit { dimension, seed, progress }: Fit<'_>,
) -> RecordEncoder<Vec<u32>> {
    let Samples { rows, columns, labels, classes } = *data;
    let (count, words) = (quantiser.levels(), dimension / 32);
    // There are fewer than 2^16 levels.
    let level = |at: usize| quantiser.level_of(at % columns, rows.key(at)) as u16;
    let levels: Vec<u16> = (0..rows.len()).into_par_iter().map(level).collect();
    let start = Tables::random(columns, count, dimension, seed);
    let tables = start.learn(&levels, (labels, classes), learn, seed, progress);
    RecordEncoder {
        quantiser,
        items: ItemMemory::new(0, Rows::Stored(tables.items.bits()), columns, words),
        // A bound bit is 1 where the product of the signs is positive, which is where the bits differ.
        levels: LevelMemory::new(
            0,
            Rows::Stored(tables.levels.bits().iter().map(|word| !word).collect()),
            count,
            words,
        ),
        tie: Tie::Zero,
        starts: starts(&tables.offsets, columns),
    }
}

/// The planes of counters that start at `2^(P-1) - theta`: a bit is 1 where `2 count - F + offset sqrt(F) > 0`.
fn starts(offsets: &[f32], columns: usize) -> Vec<u32> {
    let (planes, words) = (RecordEncoder::<Vec<u32>>::start_planes(columns), offsets.len() / 32);
    let mut starts = vec![0; planes * words];
    let root = (columns as f32).sqrt();
    for (bit, offset) in offsets.iter().enumerate() {
        let half = (columns as f32 - offset * root) / 2.0;
        let threshold = (half.floor() + 1.0).clamp(0.0, columns as f32 + 1.0) as usize;
        let start = (1 << (planes - 1)) - threshold;
        for plane in 0..planes {
            starts[plane * words + bit / 32] |= ((start >> plane & 1) as u32) << (bit % 32);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The top digit of start and count is 1 where the sum of the signs and the offset is positive.
    #[test]
    fn counters_start_so_that_the_top_digit_is_the_sign() {
        for columns in [1, 2, 3, 7, 8, 40, 63, 64] {
            let root = (columns as f32).sqrt();
            let offsets: Vec<f32> = (0..64_i16).map(|at| (f32::from(at) - 31.7) / 20.0 * root / 1.3).collect();
            let (planes, starts) = (RecordEncoder::<Vec<u32>>::start_planes(columns), starts(&offsets, columns));
            for (bit, offset) in offsets.iter().enumerate() {
                let start = (0..planes).map(|plane| (starts[plane * 2 + bit / 32] >> (bit % 32) & 1) << plane);
                let start: u32 = start.sum();
                for count in 0..=columns {
                    let sum = (2.0 * count as f32 - columns as f32) + offset * root;
                    let top = (start + count as u32) >> (planes - 1);
                    assert_eq!(top, u32::from(sum > 0.0), "{columns} columns, {count} counted, offset {offset}");
                }
            }
        }
    }
}
