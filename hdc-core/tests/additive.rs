//! Integer bundles against an oracle that counts bit by bit, and tables against integer bundles.

use hdc_core::{
    AdditiveTable, AssociativeMemory, Encoder, Input, IntegerBundle, ItemMemory, LevelMemory, Ngram, Quantiser,
    RecordEncoder, Rows, Spatial, Tie,
};
use proptest::prelude::*;

const MOST: usize = if cfg!(miri) { 12 } else { 90 };

/// Whether bit `at` of `words` is 1.
fn bit(words: &[u32], at: usize) -> bool {
    words[at / 32] >> (at % 32) & 1 == 1
}

proptest! {
    /// The digits hold `(sum of bipolar hypervectors + 2^P - 1) / 2`, and the weighted distance is
    /// `((2^P - 1) D - <S, C>) / 2`; regenerated memories give the same.
    #[test]
    fn an_integer_bundle_is_the_sum_and_its_distance_the_dot_product(
        (words, channels, steps) in (1_usize..5, 1_usize..MOST, 1_usize..5),
        levels in 2_usize..6,
        tie in prop::sample::select(&[Tie::Zero, Tie::One, Tie::Alternating][..]),
        sample in prop::collection::vec(-100_i16..100, MOST * 4),
        classes in prop::collection::vec(any::<u32>(), 15),
        seed in any::<u64>(),
        whole in any::<bool>(),
    ) {
        let (sample, row_len) = (&sample[..steps * channels], if whole { steps * channels } else { channels });
        let cuts: Vec<u32> = (0..row_len * (levels - 1)).map(|at| (at as u32 % (levels as u32 - 1) * 30).wrapping_sub(50)).collect();
        let (items, level_rows) = (ItemMemory::stored(seed, row_len, words), LevelMemory::stored(seed, levels, words));
        let record = RecordEncoder {
            quantiser: Quantiser::new(cuts, levels), items, levels: level_rows, tie, starts: Vec::new(),
        };
        let regenerated = RecordEncoder {
            quantiser: record.quantiser.clone(),
            items: ItemMemory::new(seed, Rows::Regenerated, row_len, words),
            levels: LevelMemory::new(seed, Rows::Regenerated, levels, words),
            tie,
            starts: Vec::new(),
        };
        let input = if whole { Input::Whole } else { Input::Steps(Ngram::NONE) };
        let encoder = |record| Encoder { steps, channels, input: input.clone(), spatial: Spatial::Integer(record), words, tie };
        let stored = encoder(record.clone());
        let query = encode(&stored, sample);
        prop_assert_eq!(&encode(&encoder(regenerated), sample), &query);

        let total = steps * channels;
        let digits = IntegerBundle { total, tie }.digits();
        prop_assert_eq!(query.len(), digits * words);
        let most = (1 << digits) - 1;
        let mut sums = vec![0_i64; words * 32];
        for (at, &number) in sample.iter().enumerate() {
            let column = at % row_len;
            let level = record.quantiser.level(column, number).unwrap();
            for (j, sum) in sums.iter_mut().enumerate() {
                let one = bit(record.items.row(column).unwrap(), j) != bit(record.levels.row(level).unwrap(), j);
                *sum += if one { 1 } else { -1 };
            }
        }
        if total % 2 == 0 {
            sums.iter_mut().enumerate().for_each(|(j, sum)| *sum += if tie.word() >> (j % 32) & 1 == 1 { 1 } else { -1 });
        }
        for (j, sum) in sums.iter().enumerate() {
            let count = (0..digits).map(|digit| i64::from(bit(&query[digit * words..], j)) << digit).sum::<i64>();
            prop_assert_eq!(2 * count - most, *sum);
        }
        let memory = AssociativeMemory::new(&classes[..3 * words], words);
        let distances: Vec<u32> = memory.distances(&query).collect();
        for (class, &distance) in distances.iter().enumerate() {
            let row = memory.row(class).unwrap();
            let product: i64 = sums.iter().enumerate().map(|(j, sum)| if bit(row, j) { *sum } else { -sum }).sum();
            prop_assert_eq!(2 * i64::from(distance), most * sums.len().cast_signed() as i64 - product);
        }
        let mut order: Vec<_> = distances.iter().enumerate().map(|(class, &distance)| (distance, class)).collect();
        order.sort_unstable();
        let found = memory.nearest(&query).unwrap();
        prop_assert_eq!((found.distance, found.class, found.margin), (order[0].0, order[0].1, order[1].0 - order[0].0));
    }

    /// Entries of both widths, more of them than 16 bits of a sum can hold.
    #[test]
    fn a_table_adds_the_entries_of_the_levels(
        (columns, classes, levels) in (1_usize..if cfg!(miri) { 20 } else { 700 }, 1_usize..11, 2_usize..5),
        (wide, steps) in (any::<bool>(), 1_usize..3),
        seed in any::<u32>(),
    ) {
        let mask = if wide { 0xffff } else { 0xff };
        let draw = |at: usize| (at as u32).wrapping_mul(0x9e37_79b9).wrapping_add(seed).rotate_left(13).wrapping_mul(0x85eb_ca6b) >> 7;
        // Large ones are likely.
        let entry = |column: usize, level: usize, class: usize| {
            let drawn = draw((column * levels + level) * classes + class);
            if drawn % 3 == 0 { drawn & mask } else { mask - (drawn & 7) }
        };
        let mut table = AdditiveTable {
            quantiser: Quantiser::new((0..columns * (levels - 1)).map(|at| (at % (levels - 1)) as u32 + 1).collect(), levels),
            classes,
            wide,
            starts: (0..classes).map(|class| draw(class) & 0xffff).collect::<Vec<u32>>(),
            entries: Vec::new(),
        };
        table.starts.resize(table.distance_words(), 0);
        let bits = if wide { 16 } else { 8 };
        for row in 0..columns * levels {
            let entries: Vec<u32> = (0..classes).map(|class| entry(row / levels, row % levels, class)).collect();
            table.entries.extend(entries.chunks(32 / bits).map(|entries| entries.iter().rev().fold(0, |word, entry| word << bits | entry)));
        }
        let starts = table.starts.clone();
        let input = if steps == 1 { Input::Whole } else { Input::Steps(Ngram::NONE) };
        let spatial = Spatial::Table(table);
        let encoder = Encoder { steps, channels: columns, input, spatial, words: 1, tie: Tie::Zero };
        let sample: Vec<i16> = (0..steps * columns).map(|at| (draw(at + 7) % levels as u32) as i16).collect();
        let distances = encode(&encoder, &sample);
        for class in 0..classes {
            let added = sample.iter().enumerate().map(|(at, &level)| entry(at % columns, level as usize, class));
            prop_assert_eq!(distances[class], starts[class] + added.sum::<u32>());
        }
    }
}

fn encode(encoder: &Encoder<Vec<u32>>, sample: &[i16]) -> Vec<u32> {
    let (mut scratch, mut query) = (vec![7; encoder.scratch_words()], vec![7; encoder.query_words()]);
    encoder.encode_into(sample, &mut scratch, &mut query).unwrap();
    query
}
