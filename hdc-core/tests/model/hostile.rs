//! Bytes and metadata that nobody means well by.

use hdc_core::model::{
    EncoderSpec, FORMAT, FrontEndSpec, InputSpec, Metadata, Model, ModelError, Source, SpatialSpec, write,
};
use hdc_core::{Convolutions, FeatureSet, Ngram, Tie};
use proptest::prelude::*;

use crate::{CLASSES, ITEMS, LEVELS, METADATA, RECORD, ROWS, THRESHOLDS, bytes};

proptest! {
    /// Whatever the metadata says, with a checksum that fits: an error or a model that classifies, never a
    /// panic.
    #[test]
    fn hostile_metadata_does_no_harm(
        (dimension, steps, channels) in (any::<u32>(), any::<u32>(), any::<u32>()),
        (levels, order, stride) in (any::<u32>(), any::<u16>(), any::<u16>()),
        small in prop::array::uniform7(prop::bool::weighted(0.9)),
        (items, level_rows, spatial) in (any::<bool>(), any::<bool>(), 0..7),
        (input, early, margins) in (0..5, prop::option::of(0..4_u32), prop::array::uniform4(0..40_u32)),
        labels in "[a-c]{1,2}\n?[a-c]{1,2}\n?[a-c]{0,1}",
    ) {
        let pick = |small, value: u32, least: u32| if small { least + value % 4 } else { value.max(least) };
        let source = |stored| if stored { Source::Stored } else { Source::Regenerated };
        let ngram = Ngram {
            order: pick(small[4], order.into(), 0) as u16,
            stride: pick(small[5], stride.into(), 0) as u16,
        };
        // Convolutions need some.
        let steps = pick(small[1], steps, if input == 4 { 15 } else { 1 });
        let channels = pick(small[2], channels, 1);
        let levels = pick(small[3], levels, 2);
        let encoder = EncoderSpec {
            dimension: pick(small[0], dimension, 1).wrapping_mul(if small[6] { 32 } else { 1 }),
            input: match input {
                0 => InputSpec::Steps(ngram),
                1 => InputSpec::Whole,
                2 => InputSpec::Sequence(ngram),
                4 => InputSpec::Convolutions { dilations: ngram.order.into() },
                _ => InputSpec::Features { set: FeatureSet::MOTION, parts: ngram.order.into() },
            },
            levels,
            spatial: match spatial {
                0 => SpatialSpec::Projection,
                1 => SpatialSpec::Symbol { seed: 5, symbols: source(items) },
                2 => SpatialSpec::IntegerRecord { seed: 5, items: source(items), level_rows: source(level_rows) },
                3 => SpatialSpec::Table { wide: items },
                4 => SpatialSpec::Ternary,
                _ => SpatialSpec::Record { seed: 5, items: source(items), level_rows: source(level_rows) },
            },
            tie: Tie::Alternating,
        };
        let metadata = Metadata { steps, channels, encoder, labels: &labels, early_exit: early.is_some(), ..METADATA };
        // As many rows as this metadata asks for, if that is not absurd.
        let columns = u64::from(channels) * match encoder.input {
            InputSpec::Steps(_) | InputSpec::Sequence(_) => 1,
            InputSpec::Whole => u64::from(steps),
            InputSpec::Features { set, parts } => u64::from(parts) * set.len() as u64,
            InputSpec::Convolutions { dilations } => u64::from(dilations) * Convolutions::KERNELS as u64,
        };
        let biases = if input == 4 { columns } else { 0 };
        let words = u64::from(encoder.dimension / 32);
        let stored = |stored, rows: u64| if stored { rows.saturating_mul(words) } else { 0 };
        let thresholds = if spatial == 1 { 0 } else { columns.saturating_mul(u64::from(levels) - 1) };
        let memories = match spatial {
            0 => columns.div_ceil(4).saturating_add(1).saturating_mul(words * 32).saturating_add(u64::from(levels).div_ceil(4)),
            1 => stored(items, levels.into()),
            4 => {
                let fours = columns.div_ceil(4);
                let weights = fours.saturating_mul(words * 8);
                weights.saturating_add(fours).saturating_add(words * 32).saturating_add(u64::from(levels).div_ceil(4))
            }
            3 => {
                let each = if items { 2 } else { 4 };
                let row = (labels.split('\n').count() as u64).div_ceil(each);
                row.saturating_mul(columns).saturating_mul(levels.into()).saturating_add(row * each)
            }
            _ => stored(items, columns).saturating_add(stored(level_rows, levels.into())),
        };
        let classes = if spatial == 3 { 0 } else { words * labels.split('\n').count() as u64 };
        let rows = thresholds.saturating_add(biases).saturating_add(memories).saturating_add(classes);
        let rows = vec![0; if rows < 1 << 16 { rows as usize } else { 3 }];
        let margins = &margins[..early.unwrap_or(0) as usize];
        if let Ok(words) = write(&metadata, [&rows[..], margins]) {
            let model = Model::open(bytes(&words)).unwrap();
            let mut scratch = vec![0; model.scratch_words()];
            let sample = vec![1_i16; steps as usize * channels as usize];
            prop_assert!(model.classify(&sample, &mut scratch).unwrap().class < model.labels().count());
        }
    }

    /// The same of a front end.
    #[test]
    fn a_hostile_front_end_does_no_harm(
        (sections, envelope, decimation, gain) in (0..4_u32, any::<u32>(), any::<u32>(), any::<u32>()),
        small in prop::array::uniform3(prop::bool::weighted(0.8)),
        steps in 1..40_u32,
        words in prop::collection::vec(prop::sample::select(vec![0, 1 << 29, 1 << 30, u32::MAX, 1 << 31]), 20),
    ) {
        let pick = |small, value: u32, most: u32| if small { value % most } else { value };
        let front_end = FrontEndSpec {
            sections,
            envelope: pick(small[0], envelope, 9),
            decimation: pick(small[1], decimation, 5),
            gain: pick(small[2], gain, 13),
        };
        let encoder = EncoderSpec { input: InputSpec::Steps(Ngram::NONE), ..RECORD };
        let metadata = Metadata { steps, encoder, front_end: Some(front_end), ..METADATA };
        let rows = [&words[..5 * sections as usize]].into_iter().chain(ROWS);
        if let Ok(words) = write(&metadata, rows) {
            let model = Model::open(bytes(&words)).unwrap();
            let mut scratch = vec![0; model.scratch_words()];
            let sample: Vec<i16> = (0..2 * steps).map(|at| if at % 3 == 0 { i16::MIN } else { i16::MAX }).collect();
            prop_assert!(model.classify(&sample, &mut scratch).is_ok());
        }
    }

    #[test]
    fn random_bytes_do_no_harm(mut words in prop::collection::vec(any::<u32>(), 5..40), format in 0..7_u32) {
        if format > 0 {
            words[0] = u32::from_le_bytes(*b"\x89HDC");
            words[1] = format;
            words[2] = words.len() as u32 * 4;
        }
        prop_assert!(Model::open(bytes(&words)).is_err());
    }
}

#[test]
fn every_truncation_is_refused() {
    let words = write(&METADATA, ROWS).unwrap();
    for end in 0..words.len() * 4 {
        let error = Model::open(&bytes(&words)[..end]).unwrap_err();
        assert!(matches!(error, ModelError::NotAModel | ModelError::Length { .. }), "{end} bytes: {error}");
    }
    let mut longer = words.clone();
    longer.push(0);
    assert!(matches!(Model::open(bytes(&longer)), Err(ModelError::Length { .. })));
}

#[test]
fn every_flipped_bit_is_refused() {
    let mut words = write(&METADATA, ROWS).unwrap();
    for bit in 0..words.len() * 32 {
        words[bit / 32] ^= 1 << (bit % 32);
        assert!(Model::open(bytes(&words)).is_err(), "bit {bit}");
        words[bit / 32] ^= 1 << (bit % 32);
    }
}

#[test]
fn foreign_newer_and_misaligned_bytes_are_named() {
    assert_eq!(Model::open(b"\x89PNG\r\n\x1a\n").unwrap_err(), ModelError::NotAModel);
    let mut words = write(&METADATA, ROWS).unwrap();
    let len = words.len() * 4;
    let mut room = vec![0_u32; words.len() + 1];
    let shifted: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut room)[1..=len];
    shifted.copy_from_slice(bytes(&words));
    assert_eq!(Model::open(shifted).unwrap_err(), ModelError::Misaligned);
    words[1] = u32::from(FORMAT) + 1;
    let error = Model::open(bytes(&words)).unwrap_err();
    assert_eq!(error, ModelError::Format { expected: FORMAT, got: FORMAT + 1 });
    assert!(error.to_string().contains("update the library"));
}

#[test]
fn rows_that_do_not_fill_the_metadata_are_not_written() {
    let field = |metadata: &Metadata<'_>, rows: [&[u32]; 4]| match write(metadata, rows).unwrap_err() {
        ModelError::Field { name } => name,
        other => panic!("{other}"),
    };
    let encoder = |encoder| Metadata { encoder, ..METADATA };
    assert_eq!(field(&METADATA, [THRESHOLDS, ITEMS, LEVELS, &CLASSES[1..]]), "rows");
    assert_eq!(field(&METADATA, [THRESHOLDS, &[], LEVELS, CLASSES]), "rows");
    assert_eq!(field(&METADATA, [&[10, 0, 5, 15], ITEMS, LEVELS, CLASSES]), "thresholds");
    assert_eq!(field(&encoder(EncoderSpec { dimension: 63, ..RECORD }), ROWS), "dimension");
    assert_eq!(field(&encoder(EncoderSpec { levels: 1, ..RECORD }), ROWS), "levels");
    assert_eq!(field(&Metadata { labels: "one", ..METADATA }, ROWS), "labels");
    assert_eq!(field(&Metadata { prototypes: 0, ..METADATA }, ROWS), "prototypes");
    assert_eq!(field(&Metadata { steps: 1, ..METADATA }, ROWS), "n-gram span");
    let features = |set, parts| encoder(EncoderSpec { input: InputSpec::Features { set, parts }, ..RECORD });
    assert_eq!(field(&features(FeatureSet::default(), 1), ROWS), "features");
    assert_eq!(field(&features(FeatureSet::EMG, 4), ROWS), "parts");
}
