//! Early exit: a prefix of a query is the same bits, on every backend.

use hdc_core::model::{
    CalibrationSpec, EncoderSpec, FORMAT, InputSpec, Metadata, Model, ModelError, Source, SpatialSpec, write,
};
use hdc_core::{EncodeError, Exit, Ngram, RecordEncoder, Tie};
use proptest::prelude::*;

use crate::{METADATA, RECORD, ROWS, bytes};

proptest! {
    /// Whatever the encoder, and wherever its stages begin and end: the answer is that of the first words of the whole query.
    #[test]
    fn a_prefix_answers_as_the_first_words_of_the_query(
        (words, features, stages, stop) in (2_usize..80, prop_oneof![1_usize..20, 125_usize..135], 1_usize..6, 0_usize..6),
        (spatial, tie, levels) in (0..5, prop::sample::select(vec![Tie::Zero, Tie::One, Tie::Alternating]), 2_usize..5),
        seed in any::<u64>(),
    ) {
        let stages = stages.min(words.ilog2() as usize);
        let (fours, starts) = (features.div_ceil(4), RecordEncoder::<&[u32]>::start_planes(features));
        let (record, rows) = match spatial {
            0 => (SpatialSpec::Record { seed, items: Source::Stored, level_rows: Source::Stored }, (features + levels) * words),
            1 => (SpatialSpec::Record { seed, items: Source::Regenerated, level_rows: Source::Regenerated }, 0),
            2 => (SpatialSpec::LearnedRecord, (features + levels + starts) * words),
            3 => (SpatialSpec::Projection, levels.div_ceil(4) + words * 32 * (fours + 1)),
            _ => (SpatialSpec::Ternary, levels.div_ceil(4) + fours + words * 8 * fours + words * 32),
        };
        let encoder =
            EncoderSpec { dimension: words as u32 * 32, input: InputSpec::Whole, levels: levels as u32, spatial: record, tie };
        let metadata = Metadata { steps: 1, channels: features as u32, encoder, early_exit: true, ..METADATA };
        let mut state = seed;
        let mut random = |count: usize| -> Vec<u32> {
            (0..count).map(|_| { state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1); (state >> 32) as u32 }).collect()
        };
        // Thresholds rise.
        let cuts: Vec<u32> = (0..features).flat_map(|_| (1..levels).map(|level| 10 * level as u32)).collect();
        let (rows, classes) = (random(rows), random(2 * words));
        // Thresholds of a projection are small, as its sums are: the last words.
        let rows: Vec<u32> = match spatial {
            3 | 4 => rows.iter().enumerate().map(|(at, row)| if at + words * 32 >= rows.len() { row % 64 } else { *row }).collect(),
            _ => rows,
        };
        let margins: Vec<u32> = (0..stages).map(|stage| if stage == stop { 0 } else { u32::MAX }).collect();
        let file = write(&metadata, [&cuts, &rows, &classes, &margins].map(Vec::as_slice)).unwrap();
        let model = Model::open(bytes(&file)).unwrap();
        let sample: Vec<i16> = random(features).iter().map(|number| (number % 60) as i16).collect();
        let (mut scratch, mut query) = (vec![!0; model.scratch_words()], vec![0; words]);
        model.encode_into(&sample, &mut scratch, &mut query).unwrap();
        let prefix = if stop < stages { words >> (stages - stop) } else { words };
        let nearest = model.classes().nearest(&query[..prefix]).unwrap();
        // What is in the working memory does not matter.
        scratch.fill(!0);
        prop_assert_eq!(model.classify_early(&sample, &mut scratch), Ok(Exit { nearest, dimension: prefix * 32 }));
        let too_small = EncodeError::Scratch { expected: scratch.len(), got: scratch.len() - 1 };
        let last = scratch.len() - 1;
        prop_assert_eq!(model.classify_early(&sample, &mut scratch[..last]), Err(too_small));
    }
}

#[test]
fn an_early_exit_opens_again_and_is_of_format_7() {
    let input = InputSpec::Steps(Ngram::NONE);
    let metadata = Metadata { encoder: EncoderSpec { input, ..RECORD }, early_exit: true, ..METADATA };
    let with = |metadata: &Metadata<'_>, margins: &[u32]| write(metadata, ROWS.into_iter().chain([margins]));
    for (margin, dimension) in [(0, 32), (33, 64)] {
        let words = with(&metadata, &[margin]).unwrap();
        let model = Model::open(bytes(&words)).unwrap();
        assert_eq!((model.format(), *model.metadata()), (FORMAT, metadata));
        assert_eq!(model.early_exit().unwrap().margins, [margin]);
        let (mut scratch, mut query) = (vec![0; model.scratch_words()], [0; 2]);
        let sample = [0_i16; 6];
        model.encode_into(&sample, &mut scratch, &mut query).unwrap();
        let nearest = model.classes().nearest(&query[..dimension / 32]).unwrap();
        assert_eq!(model.classify_early(&sample, &mut scratch), Ok(Exit { nearest, dimension }));
        assert_eq!(model.classify(&sample, &mut scratch), Ok(nearest));
        // The margins are checked as all rows are.
        let mut flipped = words.clone();
        *flipped.last_mut().unwrap() ^= 1;
        assert!(matches!(Model::open(bytes(&flipped)), Err(ModelError::Checksum { .. })));
    }

    let field = |metadata: &Metadata<'_>, margins: &[u32]| match with(metadata, margins).unwrap_err() {
        ModelError::Field { name } => name,
        other => panic!("{other}"),
    };
    // Not of n-grams, nor with a calibration or a second encoder.
    assert_eq!(field(&Metadata { encoder: RECORD, ..metadata }, &[0]), "early exit");
    let calibration = Some(CalibrationSpec { false_rejects: 0.1, steps: 1 });
    let calibrated = write(&Metadata { calibration, ..metadata }, ROWS.into_iter().chain([&[9, 9, 50, 0][..]]));
    assert_eq!(calibrated, Err(ModelError::Field { name: "early exit" }));
    // Of two words a half is the shortest prefix.
    for stages in [0, 2, 31, 32, 64] {
        assert_eq!(field(&metadata, &vec![0; stages]), "stages");
    }
    // Margins without an early exit.
    assert_eq!(field(&Metadata { early_exit: false, ..metadata }, &[0]), "rows");
}
