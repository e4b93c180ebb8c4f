//! Loops at sizes where they change: what is left over, what counters hold, what is done in another way.

use hdc_core::{
    AssociativeMemory, Bundle, EncodeError, Encoder, Input, ItemMemory, LevelMemory, Nearest, Ngram, Quantiser,
    RecordEncoder, Rows, Spatial, Tie, Value,
};

/// N-grams are made many at a time where memories are stored and some rows have room, and one by one elsewhere.
#[test]
fn many_ngrams_are_the_same_as_one_by_one() {
    // Steps, channels, words and order: around what is quantised at once, 256 numbers, what is bundled at once, 4,096
    // words, and the orders and channels of other loops.
    let small = [(80, 7, 3, 3), (40, 1, 17, 31), (40, 1, 2, 32), (2, 130, 9, 2)];
    let large = [(600, 1, 1, 1), (3, 256, 2, 2), (3, 257, 2, 2), (9, 2, 1400, 4), (5, 2, 2048, 3), (5, 2, 2049, 3)];
    let large = if cfg!(miri) { &[] } else { &large[..] };
    small.iter().chain(large).for_each(|&(steps, channels, words, order)| many_ngrams(steps, channels, words, order));
}

fn many_ngrams(steps: usize, channels: usize, words: usize, order: u16) {
    let (levels, seed) = (5, 9);
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
        let input = Input::Steps(Ngram { order, stride: 1 });
        let encoder =
            Encoder { steps, channels, input, spatial: Spatial::Record(record), words, tie: Tie::Alternating };
        let (mut scratch, mut query) = (vec![!0; encoder.scratch_words()], vec![0; words]);
        encoder.encode_into(sample, &mut scratch, &mut query).map(|()| query)
    };
    let mut sample: Vec<f32> = (0..steps * channels).map(|at| (at * at % 103) as f32).collect();
    let query = encode(stored.clone(), &sample).unwrap();
    assert_eq!(Ok(&query), encode(regenerated, &sample).as_ref(), "{steps} x {channels}, {words} words, order {order}");
    let index = steps * channels - 2;
    sample[index] = f32::NAN;
    assert_eq!(encode(stored, &sample), Err(EncodeError::NotFinite { index }));
}

/// Distances as large as they can be, and rows that are searched in other ways than short ones.
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
    // Every width of rows that go side by side with AVX-512, with 0 to 7 of eight left over, and one more.
    let narrow: Vec<_> = (1..=33).map(|words| (64 + words % 3, 72 + words % 8, words)).collect();
    let all = [&sizes[..], &large, &narrow].concat();
    // Miri sees a last tile of rows that are done in part, and rows left over.
    for (count, rows, words) in if cfg!(miri) { vec![(7, 192, 8), (6, 160, 1)] } else { all } {
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
    assert_eq!(bundle.add_weighted(&[1, 2], 1).unwrap_err().capacity, 3);
    assert_eq!(bundle.add_weighted(&[1, 2], usize::MAX).unwrap_err().capacity, 3);
    assert_eq!(bundle.add_weighted(&[1, 2], 0), Ok(()));
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
