//! The laws of the algebra, and every shortcut against an oracle that works bit by bit.

use hdc_core::{
    AssociativeMemory, Bundle, EncodeError, Encoder, Hypervector, Input, ItemMemory, LevelMemory, Nearest, Ngram,
    ProjectionEncoder, Quantiser, RecordEncoder, Rows, Spatial, Tie, Value, kernel,
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

/// Distances as large as they can be, and rows that are searched in other ways than short ones.
/// Steps are quantised many at a time where memories are stored, and one by one where they are not.
#[test]
fn long_windows_are_the_same_in_blocks() {
    let (steps, channels, levels, words, seed) = (150, 7, 5, 3, 9);
    let cuts: Vec<u32> = (1..levels).map(|cut| (cut as f32 * 20.0).key().unwrap().cast_unsigned()).collect();
    let regenerated = RecordEncoder {
        quantiser: Quantiser::new(cuts.repeat(channels), levels),
        items: ItemMemory::new(seed, Rows::Regenerated, channels, words),
        levels: LevelMemory::new(seed, Rows::Regenerated, levels, words),
        tie: Tie::Alternating,
        starts: vec![],
    };
    let stored = RecordEncoder {
        items: ItemMemory::stored(seed, channels, words),
        levels: LevelMemory::stored(seed, levels, words),
        ..regenerated.clone()
    };
    let encode = |record: RecordEncoder<Vec<u32>>, sample: &[f32]| {
        let input = Input::Steps(Ngram { order: 3, stride: 1 });
        let encoder =
            Encoder { steps, channels, input, spatial: Spatial::Record(record), words, tie: Tie::Alternating };
        let (mut scratch, mut query) = (vec![0; encoder.scratch_words()], vec![0; words]);
        encoder.encode_into(sample, &mut scratch, &mut query).map(|()| query)
    };
    let mut sample: Vec<f32> = (0..steps * channels).map(|at| (at * at % 103) as f32).collect();
    let query = encode(stored.clone(), &sample).unwrap();
    assert_eq!(Ok(&query), encode(regenerated, &sample).as_ref());
    // Another last step is another window.
    sample[steps * channels - 1] += 60.0;
    assert_ne!(Ok(query), encode(stored.clone(), &sample));
    sample[800] = f32::NAN;
    assert_eq!(encode(stored, &sample), Err(EncodeError::NotFinite { index: 800 }));
}

#[test]
fn long_rows_are_searched_exactly() {
    // All that can be left over after whole blocks, and what is as much as is counted at a time.
    let left_over = 128..=160;
    let sizes: &[usize] = if cfg!(miri) { &[961] } else { &[959, 960, 992, 993, 1000, 8176, 8177, 20_000] };
    for words in left_over.step_by(if cfg!(miri) { 11 } else { 1 }).chain(sizes.iter().copied()) {
        // All bits but 5, 3, 3, 9, 2 and 4 differ from the queries, which are all the same.
        let row = |zeros: u32| [vec![!0 << zeros], vec![!0; words - 1]].concat();
        let rows = [5, 3, 3, 9, 2, 4].map(row).concat();
        let memory = AssociativeMemory::new(&rows, words);
        let expected = Nearest { class: 3, distance: words as u32 * 32 - 9, margin: 4 };
        let queries = vec![0; 6 * words];
        assert_eq!(memory.nearest(&queries[..words]), Some(expected), "{words} words");
        let mut found = [Nearest::default(); 6];
        assert_eq!(memory.nearest_batch(&queries, &mut found), 6);
        assert_eq!(found, [expected; 6], "{words} words");
    }
}

#[test]
fn many_queries_find_what_each_of_them_finds() {
    // Fewer than a tile of rows, one, and some more; words of a part, of some and of none that is whole; more bits than
    // 16 bits count.
    let sizes = [(6, 127, 7), (5, 128, 7), (6, 128, 7), (7, 129, 6), (63, 191, 8), (64, 192, 32), (65, 193, 14)];
    let large = [(130, 200, 15), (8, 256, 1), (200, 300, 33), (10, 383, 313), (8, 130, 2047), (8, 128, 2048)];
    for (count, rows, words) in if cfg!(miri) { vec![(7, 192, 8)] } else { [&sizes[..], &large].concat() } {
        let memory = ItemMemory::stored(9, rows, words);
        let mut rows: Vec<u32> = (0..rows).flat_map(|row| memory.row(row).unwrap().to_vec()).collect();
        let random = ItemMemory::stored(10, count, words);
        let mut queries: Vec<u32> = (0..count).flat_map(|query| random.row(query).unwrap().to_vec()).collect();
        // The same row twice, the nearest of a query; all bits of a row and a query, and none.
        rows.copy_within(..words, 40 * words);
        queries[words..2 * words].copy_from_slice(&rows[..words]);
        rows[70 * words..71 * words].fill(0);
        queries[2 * words..3 * words].fill(!0);
        queries[3 * words..4 * words].fill(0);
        let memory = AssociativeMemory::new(&rows, words);
        let expected: Vec<_> = queries.chunks_exact(words).map(|query| memory.nearest(query).unwrap()).collect();
        // Words that are no whole query, and places that there is no query for.
        queries.extend(vec![0; words - 1]);
        let mut found = vec![Nearest::default(); count + 2];
        assert_eq!(memory.nearest_batch(&queries, &mut found), count);
        assert_eq!(found[..count], expected, "{count} queries, {words} words");
        assert_eq!(found[count..], [Nearest::default(); 2]);
        assert_eq!(memory.nearest_batch(&queries, &mut found[..count - 1]), count - 1);
        found.truncate(count);
        assert_eq!(found[1], Nearest { class: 0, distance: 0, margin: 0 });
        assert_eq!((found[3].class, found[3].distance), (70, 0));
        // All rows are as far away as can be, and the first is the nearest.
        let far = vec![0; rows.len()];
        AssociativeMemory::new(&far, words).nearest_batch(&vec![!0; queries.len()], &mut found);
        assert_eq!(found, vec![Nearest { class: 0, distance: 32 * words as u32, margin: 0 }; count]);
    }
}

#[test]
fn a_full_bundle_refuses_more() {
    let mut bundle = Bundle::new([0; Bundle::storage(3, 2)], 2);
    for _ in 0..bundle.capacity() {
        bundle.add(&[1, 2]).unwrap();
    }
    assert_eq!(bundle.add(&[1, 2]).unwrap_err().capacity, 3);
    assert_eq!(bundle.add_all(&[1, 2]).unwrap_err().capacity, 3);
    let mut majority = [0; 2];
    bundle.majority_into(Tie::Zero, &mut majority);
    assert_eq!(majority, [1, 2]);
    assert!(Bundle::new([0; 1], 2).add(&[1, 2]).is_err());
}

#[test]
fn majorities_of_many_and_of_none() {
    let mut majority = [0; 3];
    Bundle::majority_of(&[], Tie::Alternating, &mut majority);
    assert_eq!(majority, [Tie::Alternating.word(); 3]);
    Bundle::majority_of(&[1, 2, 3], Tie::Zero, &mut []);
    // Where the counters get another plane, and where hypervectors are read along strips: as many as whole groups of them
    // and some more, as long as whole strips, half of one and some words more.
    let few = [(127, 3), (128, 3)];
    let many = [(31, 3), (32, 3), (2047, 3), (2048, 3), (2100, 3), (383, 313), (384, 313), (385, 127), (400, 128)];
    let strips = [(447, 192), (448, 193), (449, 384), (463, 391), (511, 400), (512, 600), (2047, 313), (2048, 319)];
    let most = [(2100, 313), (65_535, 192), (65_536, 192)];
    let all = [&few[..], &many, &strips, &most].concat();
    for &(count, words) in if cfg!(miri) { &few } else { &all[..] } {
        let all = ItemMemory::stored(5, count, words);
        let all: Vec<u32> = (0..count).flat_map(|item| all.row(item).unwrap().to_vec()).collect();
        let mut bundle = Bundle::new(vec![0; Bundle::storage(count, words)], words);
        all.chunks_exact(words).for_each(|hypervector| bundle.add(hypervector).unwrap());
        let (mut counted, mut majority) = (vec![0; words], vec![0; words]);
        bundle.majority_into(Tie::Alternating, &mut counted);
        Bundle::majority_of(&all, Tie::Alternating, &mut majority);
        assert_eq!(majority, counted, "{count} hypervectors of {words} words");
    }
}

#[test]
fn majorities_of_few_ones_and_of_many() {
    // Where the counters get another plane, and the fewest and the most that planes can count.
    let counts: &[usize] =
        if cfg!(miri) { &[1, 31, 32] } else { &[1, 2, 31, 32, 127, 128, 511, 512, 2047, 2048, 65_534, 65_535, 65_536] };
    for (&count, tie) in counts.iter().flat_map(|count| [Tie::Zero, Tie::One, Tie::Alternating].map(|tie| (count, tie)))
    {
        // Bit b of every word is 1 in so many of the hypervectors.
        let ones: Vec<usize> = (0..32).map(|bit| [0, 1, count / 2, count / 2 + 1, count - 1, count][bit % 6]).collect();
        let words = if count > 2100 { 192 } else { 200 };
        let row = |row: usize| ones.iter().enumerate().map(|(bit, &ones)| u32::from(row < ones) << bit).sum();
        let all: Vec<u32> = (0..count).flat_map(|number| vec![row(number); words]).collect();
        let mut majority = vec![0; words];
        Bundle::majority_of(&all, tie, &mut majority);
        let expected = |bit: usize| 2 * ones[bit] > count || 2 * ones[bit] == count && tie.word() >> bit & 1 == 1;
        let expected: u32 = (0..32).map(|bit| u32::from(expected(bit)) << bit).sum();
        assert_eq!(majority, vec![expected; words], "{count} hypervectors, {tie:?}");
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
