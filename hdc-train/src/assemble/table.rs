use hdc_core::{AdditiveTable, Encoder, Input, IntegerBundle, RecordEncoder, Spatial, kernel};
use rayon::prelude::*;

use crate::method::Prototypes;

/// Entries that a table has at most: what does not fit a chip is not worth a try.
const MOST: usize = 1 << 26;

/// The encoder of integer bundles `record` and the class hypervectors as a table that gives the same distances; `None` if
/// that would be absurdly large, or its entries need more than 16 bits.
///
/// The distance of the counters' start to class k is `a D + hamming(tie, C_k)`, a the start of all counters, the tie only if
/// it is counted; every row adds `sum_f hamming(ID_f XOR L_l, C_k)`, of which the least of each column is the same in every
/// row and joins the start.
pub(super) fn compile(
    encoder: &Encoder<Vec<u32>>,
    record: &RecordEncoder<Vec<u32>>,
    prototypes: &Prototypes,
) -> Option<Encoder<Vec<u32>>> {
    let (words, columns, levels) = (encoder.words, encoder.row_len(), record.quantiser.levels());
    let classes: Vec<&[u32]> = prototypes.rows.chunks_exact(words).collect();
    if columns.saturating_mul(levels).saturating_mul(classes.len()) > MOST {
        return None;
    }
    let item_rows: Vec<u32> = (0..columns * words).map(|at| record.items.word(at / words, at % words)).collect();
    let level_rows: Vec<u32> = (0..levels * words).map(|at| record.levels.word(at / words, at % words)).collect();
    // Of each column, a row of distances a level.
    let distances: Vec<Vec<u32>> = item_rows
        .par_chunks_exact(words)
        .map(|item| {
            let of_level = |level: &[u32]| {
                let bound: Vec<u32> = item.iter().zip(level).map(|(item, level)| item ^ level).collect();
                classes.iter().map(|class| kernel::hamming(&bound, class)).collect::<Vec<u32>>()
            };
            level_rows.chunks_exact(words).flat_map(of_level).collect()
        })
        .collect();
    let least = |column: &[u32], class: usize| column.iter().skip(class).step_by(classes.len()).copied().min();
    let least: Vec<Vec<u32>> = distances
        .iter()
        .map(|column| (0..classes.len()).map(|class| least(column, class).unwrap_or(0)).collect())
        .collect();
    let above = |column: usize| {
        let least = least[column].iter().cycle();
        distances[column].iter().zip(least).map(|(distance, least)| distance - least)
    };
    let largest = (0..columns).flat_map(above).max()?;
    let wide = largest > u32::from(u8::MAX);
    if largest > u32::from(u16::MAX) {
        return None;
    }
    let mut table = AdditiveTable {
        quantiser: record.quantiser.clone(),
        classes: classes.len(),
        wide,
        starts: Vec::new(),
        entries: Vec::new(),
    };
    let rows = if let Input::Steps(_) = encoder.input { encoder.steps as u32 } else { 1 };
    let bundle = IntegerBundle { total: encoder.total(), tie: record.tie };
    let tie = vec![record.tie.word(); words];
    let start = |(class, row): (usize, &&[u32])| {
        let counters = bundle.start() as u32 * words as u32 * 32;
        let tie = if bundle.counts_tie() { kernel::hamming(&tie, row) } else { 0 };
        counters + tie + rows * least.iter().map(|least| least[class]).sum::<u32>()
    };
    table.starts = classes.iter().enumerate().map(start).collect();
    table.starts.resize(table.distance_words(), 0);
    let bits = if wide { 16 } else { 8 };
    for column in 0..columns {
        let entries: Vec<u32> = above(column).collect();
        for row in entries.chunks_exact(classes.len()) {
            let word = |entries: &[u32]| entries.iter().rev().fold(0, |word, entry| word << bits | entry);
            table.entries.extend(row.chunks(32 / bits).map(word));
        }
    }
    Some(Encoder { input: encoder.input.clone(), spatial: Spatial::Table(table), ..*encoder })
}
