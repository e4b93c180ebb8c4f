//! The model file: what is written opens again, and nothing else does.

use hdc_core::model::{Metadata, Model, ModelError, Parts, Provenance, Source, write};
use hdc_core::{EncodeError, Ngram, Tie};
use proptest::prelude::*;

const METADATA: Metadata<'static> = Metadata {
    dimension: 64,
    steps: 3,
    channels: 2,
    float: false,
    columns: 0,
    levels: 3,
    seed: 5,
    items: Source::Stored,
    level_rows: Source::Stored,
    ngram: Ngram { order: 2, stride: 1 },
    tie: Tie::Alternating,
    labels: "rest\nfist",
    provenance: Provenance { data: "toy", samples: 4, method: "by hand", train_accuracy: 0.75, library: "test" },
};

const PARTS: Parts<'static> = Parts {
    thresholds: &[0, 10, 5, 15],
    items: &[0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444],
    levels: &[1, 2, 3, 4, 5, 6],
    classes: &[0xaaaa_aaaa, 0xbbbb_bbbb, 0xcccc_cccc, 0xdddd_dddd],
};

fn bytes(words: &[u32]) -> &[u8] {
    bytemuck::cast_slice(words)
}

#[test]
fn what_is_written_opens_again() {
    let words = write(&METADATA, &PARTS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    assert_eq!(*model.metadata(), METADATA);
    assert_eq!(model.labels().collect::<Vec<_>>(), ["rest", "fist"]);
    assert_eq!(model.label(1), Some("fist"));
    assert_eq!(model.classes().row(1), Some(&PARTS.classes[2..]));
    assert_eq!(model.encoder().record.items.row(1), Some(&PARTS.items[2..]));
    assert_eq!(model.encoder().record.levels.row(2), Some(&PARTS.levels[4..]));
    assert_eq!(model.encoder().record.quantiser.thresholds(1), [5, 15]);
}

#[test]
fn the_sample_must_fit() {
    let words = write(&METADATA, &PARTS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let mut scratch = vec![0; model.scratch_words()];
    assert!(model.classify(&[0_i16; 6], &mut scratch).is_ok());
    assert_eq!(model.classify(&[0_i16; 5], &mut scratch), Err(EncodeError::Length { expected: 6, got: 5 }));
    assert_eq!(model.classify(&[0_f32; 6], &mut scratch), Err(EncodeError::ValueType { float: false }));
    let expected = scratch.len();
    let short = &mut scratch[1..];
    let got = short.len();
    assert_eq!(model.classify(&[0_i16; 6], short), Err(EncodeError::Scratch { expected, got }));

    let real = Metadata { float: true, ..METADATA };
    let words = write(&real, &PARTS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let sample = [0.0, 1.0, 2.0, f32::NAN, 4.0, 5.0];
    assert_eq!(model.classify(&sample, &mut scratch), Err(EncodeError::NotFinite { index: 3 }));
}

#[test]
fn every_truncation_is_refused() {
    let words = write(&METADATA, &PARTS).unwrap();
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
    let mut words = write(&METADATA, &PARTS).unwrap();
    for bit in 0..words.len() * 32 {
        words[bit / 32] ^= 1 << (bit % 32);
        assert!(Model::open(bytes(&words)).is_err(), "bit {bit}");
        words[bit / 32] ^= 1 << (bit % 32);
    }
}

#[test]
fn foreign_newer_and_misaligned_bytes_are_named() {
    assert_eq!(Model::open(b"\x89PNG\r\n\x1a\n").unwrap_err(), ModelError::NotAModel);
    let mut words = write(&METADATA, &PARTS).unwrap();
    let len = words.len() * 4;
    let mut room = vec![0_u32; words.len() + 1];
    let shifted: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut room)[1..=len];
    shifted.copy_from_slice(bytes(&words));
    assert_eq!(Model::open(shifted).unwrap_err(), ModelError::Misaligned);
    words[1] += 1;
    let error = Model::open(bytes(&words)).unwrap_err();
    assert_eq!(error, ModelError::Format { expected: 1, got: 2 });
    assert!(error.to_string().contains("update the library"));
}

#[test]
fn rows_that_do_not_fill_the_metadata_are_not_written() {
    let field = |metadata: &Metadata<'_>, parts: &Parts<'_>| match write(metadata, parts).unwrap_err() {
        ModelError::Field { name } => name,
        other => panic!("{other}"),
    };
    assert_eq!(field(&METADATA, &Parts { classes: &PARTS.classes[1..], ..PARTS }), "rows");
    assert_eq!(field(&METADATA, &Parts { items: &[], ..PARTS }), "rows");
    assert_eq!(field(&METADATA, &Parts { thresholds: &[10, 0, 5, 15], ..PARTS }), "thresholds");
    assert_eq!(field(&Metadata { dimension: 63, ..METADATA }, &PARTS), "dimension");
    assert_eq!(field(&Metadata { levels: 1, ..METADATA }, &PARTS), "levels");
    assert_eq!(field(&Metadata { labels: "one", ..METADATA }, &PARTS), "labels");
    assert_eq!(field(&Metadata { steps: 1, ..METADATA }, &PARTS), "n-gram span");
}

proptest! {
    /// Whatever the metadata says, with a checksum that fits: an error or a model that classifies, never a
    /// panic.
    #[test]
    fn hostile_metadata_does_no_harm(
        (dimension, steps, channels) in (any::<u32>(), any::<u32>(), any::<u32>()),
        (levels, order, stride) in (any::<u32>(), any::<u16>(), any::<u16>()),
        small in prop::array::uniform7(prop::bool::weighted(0.9)),
        (items, level_rows) in (any::<bool>(), any::<bool>()),
        labels in "[a-c]{1,2}\n?[a-c]{1,2}\n?[a-c]{0,1}",
    ) {
        let pick = |small, value: u32, least: u32| if small { least + value % 4 } else { value.max(least) };
        let source = |stored| if stored { Source::Stored } else { Source::Regenerated };
        let metadata = Metadata {
            dimension: pick(small[0], dimension, 1).wrapping_mul(if small[6] { 32 } else { 1 }),
            steps: pick(small[1], steps, 1),
            channels: pick(small[2], channels, 1),
            levels: pick(small[3], levels, 2),
            ngram: Ngram {
                order: pick(small[4], order.into(), 0) as u16,
                stride: pick(small[5], stride.into(), 0) as u16,
            },
            items: source(items),
            level_rows: source(level_rows),
            labels: &labels,
            ..METADATA
        };
        // As many rows as this metadata asks for, if that is not absurd.
        let words = u64::from(metadata.dimension / 32);
        let stored = |stored, rows: u32| if stored { u64::from(rows) * words } else { 0 };
        let thresholds = u64::from(metadata.channels) * (u64::from(metadata.levels) - 1);
        let memories = stored(items, metadata.channels) + stored(level_rows, metadata.levels);
        let rows = thresholds.saturating_add(memories + words * labels.split('\n').count() as u64);
        let rows = vec![0; if rows < 1 << 16 { rows as usize } else { 3 }];
        let parts = Parts { thresholds: &rows, items: &[], levels: &[], classes: &[] };
        if let Ok(words) = write(&metadata, &parts) {
            let model = Model::open(bytes(&words)).unwrap();
            let mut scratch = vec![0; model.scratch_words()];
            let sample = vec![3_i16; model.encoder().sample_len()];
            prop_assert!(model.classify(&sample, &mut scratch).unwrap().class < model.labels().count());
        }
    }

    #[test]
    fn random_bytes_do_no_harm(mut words in prop::collection::vec(any::<u32>(), 5..40), header in any::<bool>()) {
        if header {
            words[0] = u32::from_le_bytes(*b"\x89HDC");
            words[1] = 1;
            words[2] = words.len() as u32 * 4;
        }
        prop_assert!(Model::open(bytes(&words)).is_err());
    }
}
