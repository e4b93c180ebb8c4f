//! The laws of the algebra, and every shortcut against an oracle that works bit by bit.

mod sizes;

use hdc_core::{
    Accumulator, AssociativeMemory, Bundle, Encoder, Hypervector, Input, ItemMemory, LevelMemory, Nearest, Ngram,
    ProjectionEncoder, Quantiser, RecordEncoder, Spatial, Tie, kernel,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Miri is some thousand times slower.
const AWKWARD: &[usize] = if cfg!(miri) { &[1, 9, 65] } else { &[1, 2, 3, 31, 32, 33, 313] };
const WORDS: usize = if cfg!(miri) { 10 } else { 40 };
const VECTORS: usize = if cfg!(miri) { 40 } else { 70 };
const LEVELS: &[usize] = if cfg!(miri) { &[2, 5] } else { &[2, 3, 5, 21, 64] };

fn words() -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(AWKWARD), 1..WORDS]
}

/// Some hypervectors of one dimension.
fn hypervectors(count: usize) -> impl Strategy<Value = Vec<Hypervector<Vec<u32>>>> {
    words().prop_flat_map(move |words| vec(vec(any::<u32>(), words).prop_map(Hypervector::new), count))
}

fn bools(words: &[u32]) -> Vec<bool> {
    words.iter().flat_map(|word| (0..32).map(move |bit| word >> bit & 1 == 1)).collect()
}

fn tie() -> impl Strategy<Value = Tie> {
    prop::sample::select(&[Tie::Zero, Tie::One, Tie::Alternating][..])
}

fn majority_of(all: &[Vec<bool>], tie: Tie) -> Vec<bool> {
    let decide = |bit: usize| {
        let ones = all.iter().filter(|bits| bits[bit]).count();
        let tie = tie.word() >> (bit % 32) & 1 == 1;
        2 * ones > all.len() || 2 * ones == all.len() && tie
    };
    (0..all[0].len()).map(decide).collect()
}

fn rotated(bits: &[bool], by: usize) -> Vec<bool> {
    (0..bits.len()).map(|bit| bits[(bit + bits.len() - by % bits.len()) % bits.len()]).collect()
}

proptest! {
    #[test]
    fn bind_is_its_own_inverse_and_commutes(hv in hypervectors(2)) {
        let [a, b] = &hv[..] else { unreachable!() };
        prop_assert_eq!(&a.bind(b).bind(b), a);
        prop_assert_eq!(a.bind(b), b.bind(a));
    }

    #[test]
    fn bind_distributes_over_permute(hv in hypervectors(2), by in 0_usize..20_000) {
        let [a, b] = &hv[..] else { unreachable!() };
        prop_assert_eq!(a.bind(b).permute(by), a.permute(by).bind(&b.permute(by)));
    }

    #[test]
    fn permute_is_the_rotation_of_the_bits(hv in hypervectors(1), by in 0_usize..20_000) {
        let hv = &hv[0];
        prop_assert_eq!(bools(hv.permute(by).words()), rotated(&bools(hv.words()), by));
        prop_assert_eq!(&hv.permute(hv.dimension()), hv);
        prop_assert_eq!(&hv.permute(by % hv.dimension()).permute(hv.dimension() - by % hv.dimension()), hv);
    }

    #[test]
    fn hamming_is_a_metric(hv in hypervectors(3), by in 0_usize..20_000) {
        let [a, b, c] = &hv[..] else { unreachable!() };
        let differing = bools(a.words()).iter().zip(bools(b.words())).filter(|(a, b)| **a != *b).count();
        prop_assert_eq!(a.hamming(b) as usize, differing);
        prop_assert_eq!(a.hamming(b) == 0, a == b);
        prop_assert_eq!(a.hamming(b), b.hamming(a));
        prop_assert!(a.hamming(c) <= a.hamming(b) + b.hamming(c));
        prop_assert_eq!(a.bind(c).hamming(&b.bind(c)), a.hamming(b));
        prop_assert_eq!(a.permute(by).hamming(&b.permute(by)), a.hamming(b));
    }

    #[test]
    fn majority_is_counting(all in (1..VECTORS).prop_flat_map(hypervectors), tie in tie(), spare in 0_usize..70) {
        let words = all[0].words().len();
        let mut bundle = Bundle::new(vec![!0; Bundle::storage(all.len() + spare, words)], words);
        for hv in &all {
            bundle.add(hv.words()).unwrap();
        }
        let mut majority = vec![0; words];
        bundle.majority_into(tie, &mut majority);
        let flat: Vec<u32> = all.iter().flat_map(|hv| hv.words().to_vec()).collect();
        let mut at_once = Bundle::new(vec![!0; Bundle::storage(all.len() + spare, words)], words);
        let some = spare % (all.len() + 1) * words;
        at_once.add_all(&flat[..some]).unwrap();
        at_once.add_all(&flat[some..]).unwrap();
        prop_assert_eq!(at_once.count(), all.len());
        let mut again = vec![0; words];
        at_once.majority_into(tie, &mut again);
        prop_assert_eq!(&again, &majority);
        Bundle::majority_of(&flat, tie, &mut again);
        prop_assert_eq!(&again, &majority);
        let all: Vec<_> = all.iter().map(|hv| bools(hv.words())).collect();
        prop_assert_eq!(bools(&majority), majority_of(&all, tie));
    }

    #[test]
    fn weights_count_hypervectors_so_often(
        weighted in (1_usize..20).prop_flat_map(|count| (hypervectors(count), vec(0_usize..40, count))),
        tie in tie(),
        spare in 0_usize..70,
    ) {
        let (all, weights) = weighted;
        let words = all[0].words().len();
        let total: usize = weights.iter().sum();
        let mut bundle = Bundle::new(vec![!0; Bundle::storage(total + spare, words)], words);
        for (hv, &weight) in all.iter().zip(&weights) {
            // Each way to add goes on where another one stopped.
            match weight % 3 {
                0 => (0..weight).for_each(|_| bundle.add(hv.words()).unwrap()),
                1 => bundle.add_all(&hv.words().repeat(weight)).unwrap(),
                _ => bundle.add_weighted(hv.words(), weight).unwrap(),
            }
        }
        prop_assert_eq!(bundle.count(), total);
        let sum = |bit: usize| -> i32 {
            let signed = |(hv, &weight): (&Hypervector<Vec<u32>>, &usize)| {
                let weight = i32::try_from(weight).unwrap();
                if hv.words()[bit / 32] >> (bit % 32) & 1 == 1 { weight } else { -weight }
            };
            all.iter().zip(&weights).map(signed).sum()
        };
        let sums: Vec<i32> = (0..words * 32).map(sum).collect();
        let majority: Vec<bool> = sums.iter().enumerate().map(|(bit, &sum)| {
            sum > 0 || sum == 0 && tie.word() >> (bit % 32) & 1 == 1
        }).collect();
        let mut found = vec![0; words];
        bundle.majority_into(tie, &mut found);
        prop_assert_eq!(bools(&found), &majority[..]);

        let mut one_by_one = Accumulator::new(vec![5; words * 32]);
        let mut at_once = one_by_one.clone();
        for (hv, &weight) in all.iter().zip(&weights) {
            one_by_one.add(hv.words(), -3 * i32::try_from(weight).unwrap());
        }
        at_once.add_bundle(&bundle, -3);
        prop_assert_eq!(&one_by_one, &at_once);
        let expected: Vec<i32> = sums.iter().map(|sum| 5 - 3 * sum).collect();
        prop_assert_eq!(at_once.sums(), expected);

        let accumulator = Accumulator::new(&sums);
        accumulator.majority_into(tie, &mut found);
        prop_assert_eq!(bools(&found), majority);
        let bits = bools(all[0].words());
        let dot: i64 = sums.iter().zip(bits).map(|(&sum, bit)| if bit { i64::from(sum) } else { -i64::from(sum) }).sum();
        prop_assert_eq!(accumulator.dot(all[0].words()), dot);
    }

    #[test]
    fn search_finds_the_nearest_and_the_lowest_among_equals(
        words in words(),
        (rows, queries) in (0_usize..40, 0_usize..11),
        seed in any::<u64>(),
        noise in 0_usize..20_000,
    ) {
        // Queries are rows with some bits flipped, some rows are there twice.
        let row = |index: usize| Hypervector::random(words * 32, seed, index * 2 / 3);
        let all: Vec<u32> = (0..rows).flat_map(|index| row(index).words().to_vec()).collect();
        let flipped = |index: usize| {
            let mut query = row(index * 7 % 41);
            (0..noise % (words * 16)).for_each(|bit| query.words_mut()[bit / 16] ^= 1 << (2 * bit % 32));
            query
        };
        let asked: Vec<_> = (0..queries).map(flipped).collect();
        let expected: Vec<_> = asked.iter().map(|query| {
            let mut order: Vec<_> = (0..rows).map(|class| (query.hamming(&row(class)), class)).collect();
            order.sort_unstable();
            let second = order.get(1).map_or(words as u32 * 32, |found| found.0);
            order.first().map(|&(distance, class)| Nearest { class, distance, margin: second - distance })
        }).collect();

        let memory = AssociativeMemory::new(&all, words);
        let one_by_one: Vec<_> = asked.iter().map(|query| memory.nearest(query.words())).collect();
        prop_assert_eq!(&one_by_one, &expected);

        let flat: Vec<u32> = asked.iter().flat_map(|query| query.words().to_vec()).collect();
        let mut found = vec![Nearest::default(); queries + 2];
        let count = memory.nearest_batch(&flat, &mut found);
        prop_assert_eq!(count, if rows == 0 { 0 } else { queries });
        let batch: Vec<_> = found[..count].iter().copied().map(Some).collect();
        prop_assert_eq!(&batch[..], &expected[..count]);
    }

    #[test]
    fn the_window_encoder_is_its_formula(
        words in words(),
        (channels, levels) in (1_usize..9, 2_usize..80),
        (order, stride, extra) in (1_u16..5, 1_u16..4, 0_usize..8),
        (seed, tie) in (any::<u64>(), tie()),
        values in vec(any::<i16>(), 1..200),
    ) {
        let ngram = Ngram { order, stride };
        let steps = ngram.span() + extra;
        let sample: Vec<i16> = values.into_iter().cycle().take(steps * channels).collect();
        let thresholds: Vec<u32> = (0..channels * (levels - 1)).map(|at| {
            let (channel, cut) = (at / (levels - 1), at % (levels - 1));
            (i32::try_from(cut * 60_000 / levels + 100 * channel).unwrap() - 30_000).cast_unsigned()
        }).collect();
        let items = ItemMemory::stored(seed, channels, words);
        let level_memory = LevelMemory::stored(seed, levels, words);
        let record = RecordEncoder { quantiser: Quantiser::new(thresholds, levels), items, levels: level_memory, tie, starts: vec![] };
        let input = Input::Steps(ngram);
        let encoder = Encoder { steps, channels, input, spatial: Spatial::Record(record.clone()), words, tie };

        let spatial: Vec<_> = sample.chunks(channels).map(|row| {
            let bound: Vec<_> = row.iter().enumerate().map(|(channel, &value)| {
                let level = record.quantiser.level(channel, value).unwrap();
                let mut bound = record.items.row(channel).unwrap().to_vec();
                record.levels.bind_row(level, &mut bound);
                bools(&bound)
            }).collect();
            majority_of(&bound, tie)
        }).collect();
        let grams: Vec<_> = (ngram.span() - 1..steps).map(|step| {
            (0..usize::from(order)).fold(vec![false; words * 32], |gram, back| {
                let past = rotated(&spatial[step - back * usize::from(stride)], back);
                gram.iter().zip(past).map(|(a, b)| a ^ b).collect()
            })
        }).collect();

        let mut query = vec![0; words];
        let mut scratch = vec![!0; encoder.scratch_words()];
        encoder.encode_into(&sample, &mut scratch, &mut query).unwrap();
        prop_assert_eq!(bools(&query), majority_of(&grams, tie));

        let regenerated = Encoder {
            spatial: Spatial::Record(RecordEncoder {
                quantiser: record.quantiser.clone(),
                items: ItemMemory::new(seed, hdc_core::Rows::Regenerated, channels, words),
                levels: LevelMemory::new(seed, hdc_core::Rows::Regenerated, levels, words),
                tie,
                starts: vec![],
            }),
            ..encoder
        };
        let mut again = vec![0; words];
        regenerated.encode_into(&sample, &mut scratch, &mut again).unwrap();
        prop_assert_eq!(query, again);
    }

    #[test]
    fn a_learned_record_counts_from_its_starts(
        words in words(),
        (channels, levels) in (prop_oneof![1_usize..12, 60_usize..70, 1020_usize..1030], 2_usize..6),
        (seed, bits, values) in (any::<u64>(), vec(any::<u32>(), 97), vec(0_i16..6, 71)),
    ) {
        let words = words.min(40);
        let some = |rows: usize, skip: usize| -> Vec<u32> {
            let salt = |at: usize| (seed as u32 ^ at as u32).wrapping_mul(0x9e37_79b9);
            bits.iter().cycle().skip(skip).take(rows * words).enumerate().map(|(at, word)| word ^ salt(at)).collect()
        };
        let planes = RecordEncoder::<Vec<u32>>::start_planes(channels);
        prop_assert!(1 << (planes - 1) > channels && (planes == 2 || 1 << (planes - 2) <= channels));
        let thresholds: Vec<u32> = (0..channels * (levels - 1)).map(|at| (at % (levels - 1)) as u32 + 1).collect();
        let (items, level_rows, mut starts) = (some(channels, 0), some(levels, 31), some(planes, 62));
        // A start is at most 2^(P-1): the planes below the top one are 0 where that is 1.
        let (low, top) = starts.split_at_mut((planes - 1) * words);
        for (at, word) in low.iter_mut().enumerate() {
            *word &= !top[at % words];
        }
        let row: Vec<i16> = values.into_iter().cycle().take(channels).collect();
        let mut expected = vec![false; words * 32];
        for (bit, expected) in expected.iter_mut().enumerate() {
            let is_set = |rows: &[u32], row: usize| rows[row * words + bit / 32] >> (bit % 32) & 1;
            let start: u32 = (0..planes).map(|plane| is_set(&starts, plane) << plane).sum();
            let level = |value: i16| (value as usize).min(levels - 1);
            let bound = row.iter().enumerate().map(|(channel, &value)| {
                is_set(&items, channel) ^ is_set(&level_rows, level(value))
            });
            *expected = start + bound.sum::<u32>() >= 1 << (planes - 1);
        }
        let record = RecordEncoder {
            quantiser: Quantiser::new(thresholds, levels),
            items: ItemMemory::new(0, hdc_core::Rows::Stored(items), channels, words),
            levels: LevelMemory::new(0, hdc_core::Rows::Stored(level_rows), levels, words),
            tie: Tie::Zero,
            starts,
        };
        let mut query = vec![0; words];
        record.encode_into(&row, &mut vec![0; channels], &mut query).unwrap();
        prop_assert_eq!(bools(&query), expected);
    }

    #[test]
    fn the_projection_encoder_is_its_formula(
        words in 1_usize..4,
        (steps, channels, levels) in (1_usize..5, 1_usize..9, 2_usize..6),
        bytes in vec(any::<i8>(), 64..300),
        cuts in vec(-300_i32..300, 7),
        values in vec(-300_i16..300, 40),
    ) {
        let (features, dimension) = (steps * channels, words * 32);
        let columns = features.next_multiple_of(4);
        let pack = |bytes: &[i8]| -> Vec<u32> {
            bytes.chunks(4).map(|four| four.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte.cast_unsigned()))).collect()
        };
        let value_of: Vec<i8> = bytes.iter().copied().take(levels).collect();
        let weights: Vec<i8> = bytes.iter().copied().cycle().take(dimension * columns).enumerate()
            .map(|(at, weight)| if at % columns < features { weight } else { 0 }).collect();
        let level_cuts: Vec<u32> = (0..features).flat_map(|feature| {
            (0..levels - 1).map(move |cut| (i32::try_from(cut * 100 + feature).unwrap() - 150).cast_unsigned())
        }).collect();
        let thresholds: Vec<i32> = cuts.iter().copied().cycle().take(dimension).collect();
        let projection = ProjectionEncoder {
            quantiser: Quantiser::new(level_cuts, levels),
            values: pack(&value_of),
            weights: pack(&weights),
            thresholds: thresholds.iter().map(|threshold| threshold.cast_unsigned()).collect(),
        };
        let sample: Vec<i16> = values[..features].to_vec();
        let expected: Vec<bool> = (0..dimension).map(|row| {
            let sum: i32 = sample.iter().enumerate().map(|(feature, &value)| {
                let level = projection.quantiser.level(feature, value).unwrap();
                i32::from(weights[row * columns + feature]) * i32::from(value_of[level])
            }).sum();
            sum > thresholds[row]
        }).collect();
        let spatial = Spatial::Projection(projection);
        let encoder = Encoder { steps, channels, input: Input::Whole, spatial, words, tie: Tie::Zero };
        let mut query = vec![0; words];
        encoder.encode_into(&sample, &mut vec![!0; encoder.scratch_words()], &mut query).unwrap();
        prop_assert_eq!(bools(&query), expected);
    }
}

#[test]
fn levels_are_as_far_apart_as_their_numbers() {
    for &words in AWKWARD {
        for &levels in LEVELS {
            let memory = LevelMemory::stored(7, levels, words);
            assert_eq!(memory.flips(levels - 1) as usize, words * 32, "the ends are opposite");
            for (k, l) in (0..levels).flat_map(|k| (0..levels).map(move |l| (k, l))) {
                let distance = kernel::hamming(memory.row(k).unwrap(), memory.row(l).unwrap());
                assert_eq!(distance, memory.flips(k).abs_diff(memory.flips(l)));
            }
        }
    }
}

#[test]
fn items_are_nearly_orthogonal_and_prefixes_of_longer_ones() {
    let items = if cfg!(miri) { 4 } else { 20 };
    let (long, short) = (ItemMemory::stored(3, items, 320), ItemMemory::stored(3, items, 32));
    for k in 0..items {
        assert_eq!(long.row(k).unwrap()[..32], *short.row(k).unwrap());
        for l in 0..k {
            let distance = kernel::hamming(long.row(k).unwrap(), long.row(l).unwrap());
            // 10,240 fair coins: 5,120 +- 50.6; six standard deviations.
            assert!(distance.abs_diff(5120) < 304, "{distance}");
        }
    }
}
