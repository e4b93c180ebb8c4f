//! The model file: what is written opens again, and nothing else does.

mod early_exit;
mod hostile;

use hdc_core::model::{
    CalibrationSpec, EncoderSpec, FrontEndSpec, InputSpec, Metadata, Model, ModelError, Provenance, Source,
    SpatialSpec, write,
};
use hdc_core::{Convolutions, EncodeError, Feature, FeatureSet, Input, Nearest, Ngram, Spatial, Tie, confidence_step};

const RECORD: EncoderSpec = EncoderSpec {
    dimension: 64,
    input: InputSpec::Steps(Ngram { order: 2, stride: 1 }),
    levels: 3,
    spatial: SpatialSpec::Record { seed: 5, items: Source::Stored, level_rows: Source::Stored },
    tie: Tie::Alternating,
};

/// Two features of two channels make four columns.
const PROJECTION: EncoderSpec = EncoderSpec {
    dimension: 32,
    input: InputSpec::Features { set: FeatureSet::of(&[Feature::Mean, Feature::Maximum]), parts: 1 },
    levels: 2,
    spatial: SpatialSpec::Projection,
    tie: Tie::Alternating,
};

const METADATA: Metadata<'static> = Metadata {
    steps: 3,
    channels: 2,
    float: false,
    columns: 0,
    encoder: RECORD,
    joined: None,
    prototypes: 1,
    labels: "rest\nfist",
    provenance: Provenance { data: "toy", samples: 4, method: "by hand", train_accuracy: 0.75, library: "test" },
    calibration: None,
    front_end: None,
    early_exit: false,
};

const THRESHOLDS: &[u32] = &[0, 10, 5, 15];
const ITEMS: &[u32] = &[0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444];
const LEVELS: &[u32] = &[1, 2, 3, 4, 5, 6];
const CLASSES: &[u32] = &[0xaaaa_aaaa, 0xbbbb_bbbb, 0xcccc_cccc, 0xdddd_dddd];
const ROWS: [&[u32]; 4] = [THRESHOLDS, ITEMS, LEVELS, CLASSES];

fn bytes(words: &[u32]) -> &[u8] {
    bytemuck::cast_slice(words)
}

#[test]
fn what_is_written_opens_again() {
    let words = write(&METADATA, ROWS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    assert_eq!(*model.metadata(), METADATA);
    assert_eq!(model.labels().collect::<Vec<_>>(), ["rest", "fist"]);
    assert_eq!(model.label(1), Some("fist"));
    assert_eq!(model.classes().row(1), Some(&CLASSES[2..]));
    let encoder = model.encoders().next().unwrap();
    let Spatial::Record(record) = &encoder.spatial else { panic!("{encoder:?}") };
    assert_eq!(record.items.row(1), Some(&ITEMS[2..]));
    assert_eq!(record.levels.row(2), Some(&LEVELS[4..]));
    assert_eq!(record.quantiser.thresholds(1), [5, 15]);
    assert_eq!((encoder.spec(), encoder.sections()), (RECORD, [&[][..], &[], THRESHOLDS, ITEMS, LEVELS, &[], &[]]));
}

/// A record encoder with 64 bits and a projection with 32, joined, and two prototypes a class.
#[test]
fn joined_encoders_open_again_and_classify() {
    let metadata = Metadata { joined: Some(PROJECTION), prototypes: 2, ..METADATA };
    // Levels 0 and 1 are worth -1 and 1; bit 0 is whether the sum of all four values is above 0.
    let (cuts, values) = ([0, 0, 2, 2], [0x0000_01ff]);
    let (mut weights, mut thresholds) = ([0; 32], [0; 32]);
    weights[0] = 0x0101_0101;
    thresholds[31] = (-1_i32).cast_unsigned();
    // Three words a hypervector: all prototypes agree in the first encoder's words.
    let classes: Vec<u32> = [0, 1, 0x8000_0001, 0x8000_0000].iter().flat_map(|&last| [7, 7, last]).collect();
    let rows = [THRESHOLDS, ITEMS, LEVELS, &cuts, &values, &weights, &thresholds, &classes];
    let words = write(&metadata, rows).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    assert_eq!((model.words(), model.metadata().dimension(), model.classes().len()), (3, 96, 2));
    let encoder = model.encoders().nth(1).unwrap();
    let Input::Features(features) = &encoder.input else { panic!("{encoder:?}") };
    assert_eq!(features.len(), 4);
    assert_eq!(
        (encoder.spec(), encoder.sections()),
        (PROJECTION, [&[][..], &[], &cuts, &values, &weights, &thresholds, &[]])
    );

    let mut query = [0; 3];
    let mut scratch = vec![0; model.scratch_words()];
    // Channel sums 6 and -6, greatest 3 and -1: levels 1, 1, 0, 0 (a cut a column), sum 0: bit 0 is 0, bit 31 is 1.
    model.encode_into(&[1_i16, -1, 2, -2, 3, -3], &mut scratch, &mut query).unwrap();
    assert_eq!(query[2], 0x8000_0000);
    assert_eq!(model.classify(&[1_i16, -1, 2, -2, 3, -3], &mut scratch).unwrap().class, 1);
    // Three columns reach their cuts: the sum is 2.
    model.encode_into(&[1_i16, 2, 2, 3, 1, 1], &mut scratch, &mut query).unwrap();
    assert_eq!(query[2], 0x8000_0001);
}

#[test]
fn a_calibration_opens_again() {
    let calibration = Some(CalibrationSpec { false_rejects: 0.1, steps: 2 });
    let metadata = Metadata { calibration, ..METADATA };
    let (limits, steps) = ([10, 20], [confidence_step(0, 50), confidence_step(4, 90)]);
    let with = |limits, steps| write(&metadata, ROWS.into_iter().chain([limits, steps]));
    let words = with(&limits, &steps).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let found = Nearest { class: 1, distance: 15, margin: 3 };
    assert_eq!((model.accepts(&found), model.confidence(&found)), (true, Some(50)));
    let found = Nearest { class: 0, distance: 15, margin: 4 };
    assert_eq!((model.accepts(&found), model.confidence(&found)), (false, Some(90)));
    let words = write(&METADATA, ROWS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    assert_eq!((model.accepts(&found), model.confidence(&found)), (true, None));

    let confidence = Err(ModelError::Field { name: "confidence" });
    for (second, percent, first) in [(0, 90, 50), (4, 50, 90), (4, 101, 50)] {
        let steps = [confidence_step(0, first), confidence_step(second, percent)];
        assert_eq!(write(&metadata, ROWS.into_iter().chain([&limits[..], &steps])), confidence);
    }
    assert_eq!(with(&limits, &[50]), Err(ModelError::Field { name: "rows" }));
    for (calibration, name) in [
        (CalibrationSpec { false_rejects: f32::NAN, steps: 2 }, "false rejects"),
        (CalibrationSpec { false_rejects: 0.1, steps: 0 }, "steps"),
    ] {
        let metadata = Metadata { calibration: Some(calibration), ..METADATA };
        let rows = ROWS.into_iter().chain([&limits[..], &steps]);
        assert_eq!(write(&metadata, rows), Err(ModelError::Field { name }));
    }
}

const FRONT_END: FrontEndSpec = FrontEndSpec { sections: 1, envelope: 0, decimation: 2, gain: 1 };

/// `y_t = (x_t + x_{t-1}) / 2`, in 1 / 2^30.
const MEAN_OF_TWO: &[u32] = &[1 << 29, 1 << 29, 0, 0, 0];

#[test]
fn a_front_end_opens_again_and_filters_what_is_encoded() {
    let metadata = Metadata { steps: 7, front_end: Some(FRONT_END), ..METADATA };
    let sections = || [MEAN_OF_TWO].into_iter().chain(ROWS);
    let words = write(&metadata, sections()).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let front_end = model.front_end().unwrap();
    assert_eq!((front_end.spec(), front_end.sections), (FRONT_END, MEAN_OF_TWO));
    assert_eq!(model.sample_len(), 14);

    // The same with what the front end makes: steps 2, 4 and 6 of 7, times 2.
    let plain = write(&METADATA, ROWS).unwrap();
    let plain = Model::open(bytes(&plain)).unwrap();
    let window = [0_i16, 9, 2, 8, 1, 1, 3, 1, 4, 4, -8, 2, 100, 100];
    let mut scratch = vec![0; model.scratch_words()];
    let found = model.classify(&window, &mut scratch).unwrap();
    assert_eq!(found, plain.classify(&[2_i16, 17, 4, 2, -4, 6], &mut scratch).unwrap());
    // A query of 2 words and three steps of two channels, then what the encoder needs, which is more than the state.
    assert_eq!(scratch.len(), 3 + plain.scratch_words());
    let expected = scratch.len();
    let error = EncodeError::Scratch { expected, got: expected - 1 };
    assert_eq!(model.classify(&window, &mut scratch[1..]), Err(error));
    assert_eq!(model.classify(&window[1..], &mut scratch), Err(EncodeError::Length { expected: 14, got: 13 }));

    let field = |metadata: &Metadata<'_>, section: &[u32]| {
        let rows = [section].into_iter().chain(ROWS);
        match write(metadata, rows).unwrap_err() {
            ModelError::Field { name } => name,
            other => panic!("{other}"),
        }
    };
    let with = |front_end| Metadata { front_end: Some(front_end), ..metadata };
    assert_eq!(field(&metadata, &[1 << 29, 1 << 29, 1, 0, 0]), "sections");
    assert_eq!(field(&metadata, &[0, 0, 0, 0, 1 << 30]), "sections");
    assert_eq!(field(&with(FrontEndSpec { sections: u32::MAX, ..FRONT_END }), MEAN_OF_TWO), "rows");
    assert_eq!(field(&with(FrontEndSpec { decimation: 0, ..FRONT_END }), MEAN_OF_TWO), "decimation");
    assert_eq!(field(&with(FrontEndSpec { decimation: 8, ..FRONT_END }), MEAN_OF_TWO), "decimation");
    assert_eq!(field(&with(FrontEndSpec { decimation: 7, ..FRONT_END }), MEAN_OF_TWO), "n-gram span");
    assert_eq!(field(&with(FrontEndSpec { envelope: u32::MAX, ..FRONT_END }), MEAN_OF_TWO), "envelope");
    assert_eq!(field(&with(FrontEndSpec { gain: 13, ..FRONT_END }), MEAN_OF_TWO), "gain");
    assert_eq!(field(&Metadata { float: true, ..metadata }, MEAN_OF_TWO), "float");
    let encoder = EncoderSpec { input: InputSpec::Sequence(Ngram { order: 2, stride: 1 }), ..RECORD };
    assert_eq!(field(&Metadata { encoder, ..metadata }, MEAN_OF_TWO), "input");
}

#[test]
fn sequences_of_symbols_open_again_and_may_have_any_length() {
    let encoder = EncoderSpec {
        dimension: 32,
        input: InputSpec::Sequence(Ngram { order: 2, stride: 1 }),
        levels: 3,
        spatial: SpatialSpec::Symbol { seed: 5, symbols: Source::Stored },
        tie: Tie::Zero,
    };
    let metadata = Metadata { steps: 4, channels: 1, encoder, ..METADATA };
    let (symbols, classes) = ([1, 2, 4], [2, 8]);
    let words = write(&metadata, [&symbols[..], &classes]).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let read = model.encoders().next().unwrap();
    assert_eq!((read.spec(), read.sections()), (encoder, [&[][..], &[], &symbols, &[], &[], &[], &[]]));

    let mut scratch = vec![0; model.scratch_words()];
    let mut query = [0];
    // 2 then 0: item 2 turned by one bit, and item 0.
    model.encode_into(&[2_i16, 0], &mut scratch, &mut query).unwrap();
    assert_eq!(query, [8 ^ 1]);
    // 1 2 0: the bits of both pairs, 4 ^ 4 and 8 ^ 1: no majority.
    model.encode_into(&[1_i16, 2, 0], &mut scratch, &mut query).unwrap();
    assert_eq!(query, [0]);
    assert!(model.classify(&[1_i16, 2, 0, 0], &mut scratch).is_ok());
    for got in [0, 1, 5] {
        let error = model.classify(&vec![0_i16; got], &mut scratch).unwrap_err();
        assert_eq!(error, EncodeError::Sequence { least: 2, most: 4, got });
    }
    for symbol in [-1, 3] {
        let error = model.classify(&[0, symbol, 0], &mut scratch).unwrap_err();
        assert_eq!(error, EncodeError::Symbol { index: 1, symbol: symbol.into(), symbols: 3 });
    }
    let channels = Metadata { channels: 2, ..metadata };
    assert_eq!(write(&channels, [&symbols[..], &classes]), Err(ModelError::Field { name: "features" }));
    let float = Metadata { float: true, ..metadata };
    assert_eq!(write(&float, [&symbols[..], &classes]), Err(ModelError::Field { name: "float" }));
}

const INTEGER: EncoderSpec = EncoderSpec {
    input: InputSpec::Steps(Ngram::NONE),
    spatial: SpatialSpec::IntegerRecord { seed: 5, items: Source::Stored, level_rows: Source::Stored },
    ..RECORD
};

/// Six numbers and a tie have three digits.
#[test]
fn integer_records_open_again_and_classify() {
    let metadata = Metadata { encoder: INTEGER, ..METADATA };
    let words = write(&metadata, ROWS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let encoder = model.encoders().next().unwrap();
    assert_eq!((encoder.spec(), encoder.sections()), (INTEGER, [&[][..], &[], THRESHOLDS, ITEMS, LEVELS, &[], &[]]));
    assert_eq!((model.words(), model.scratch_words()), (6, 8));
    let mut scratch = vec![0; model.scratch_words()];
    let sample = [-1_i16, 5, 0, 20, 100, 4];
    let found = model.classify(&sample, &mut scratch).unwrap();
    // Bit by bit, with the levels 0 1, 1 2, 2 0.
    let bound: Vec<[u32; 2]> = [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2), (1, 0)]
        .map(|(channel, level)| [0, 1].map(|word| ITEMS[2 * channel + word] ^ LEVELS[2 * level + word]))
        .into_iter()
        .chain([[0x5555_5555; 2]])
        .collect();
    let distance = |class: usize| -> u32 {
        bound
            .iter()
            .map(|bound| (0..2).map(|word| (bound[word] ^ CLASSES[2 * class + word]).count_ones()).sum::<u32>())
            .sum()
    };
    let (first, second) = (distance(0), distance(1));
    let nearest =
        Nearest { class: usize::from(second < first), distance: first.min(second), margin: first.abs_diff(second) };
    assert_eq!(found, nearest);

    let field = |metadata: &Metadata<'_>| write(metadata, ROWS).unwrap_err();
    let with = |encoder| Metadata { encoder, ..METADATA };
    let name = |name| ModelError::Field { name };
    assert_eq!(field(&with(EncoderSpec { input: RECORD.input, ..INTEGER })), name("n-gram"));
    assert_eq!(field(&with(EncoderSpec { input: InputSpec::Sequence(Ngram::NONE), ..INTEGER })), name("n-gram"));
    assert_eq!(field(&with(EncoderSpec { dimension: 1 << 22, ..INTEGER })), name("digits"));
    assert_eq!(field(&Metadata { joined: Some(PROJECTION), ..metadata }), name("joined"));
    assert_eq!(field(&Metadata { joined: Some(INTEGER), ..METADATA }), name("joined"));
}

#[test]
fn tables_open_again_and_classify() {
    let encoder = EncoderSpec { spatial: SpatialSpec::Table { wide: false }, ..INTEGER };
    let metadata = Metadata { encoder, prototypes: 2, ..METADATA };
    // Two channels of three levels, two prototypes of two classes: four entries, a word, in each row.
    let entries = [0x0403_0201, 0, 0, 0, 0xff00_0000, 0];
    let starts = [10, 20, 30, 40];
    let words = write(&metadata, [THRESHOLDS, &starts, &entries]).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let read = model.encoders().next().unwrap();
    assert_eq!((read.spec(), read.sections()), (encoder, [&[][..], &[], THRESHOLDS, &starts, &entries, &[], &[]]));
    assert_eq!(
        (model.words(), model.scratch_words(), model.classes().len(), model.metadata().dimension()),
        (4, 6, 0, 64)
    );
    let mut scratch = vec![0; model.scratch_words()];
    // Levels 0 and 1 in all three steps.
    let sample = [-1_i16, 5, -1, 5, -1, 5];
    let mut query = [0; 4];
    model.encode_into(&sample, &mut scratch, &mut query).unwrap();
    assert_eq!(query, [10 + 3, 20 + 6, 30 + 9, 40 + 3 * (4 + 255)]);
    assert_eq!(model.classify(&sample, &mut scratch), Ok(Nearest { class: 0, distance: 13, margin: 39 - 13 }));

    let field = |rows: [&[u32]; 3]| write(&metadata, rows).unwrap_err();
    assert_eq!(field([THRESHOLDS, &starts, &entries[1..]]), ModelError::Field { name: "rows" });
    let last = [0, 0, 0, u32::MAX - 6 * 255 + 1];
    assert_eq!(field([THRESHOLDS, &last, &entries]), ModelError::Field { name: "starts" });
    let last = [0, 0, 0, u32::MAX - 6 * 255];
    assert!(write(&metadata, [THRESHOLDS, &last, &[!0; 6][..]]).is_ok());
}

#[test]
fn the_sample_must_fit() {
    let words = write(&METADATA, ROWS).unwrap();
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
    let words = write(&real, ROWS).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    let sample = [0.0, 1.0, 2.0, f32::NAN, 4.0, 5.0];
    assert_eq!(model.classify(&sample, &mut scratch), Err(EncodeError::NotFinite { index: 3 }));
}

#[test]
fn what_needs_no_newer_format_is_written_in_format_5() {
    assert_eq!(Model::open(bytes(&write(&METADATA, ROWS).unwrap())).unwrap().format(), 5);
    let encoder = EncoderSpec { input: InputSpec::Convolutions { dilations: 1 }, ..PROJECTION };
    let metadata = Metadata { steps: 9, encoder, ..METADATA };
    let features = metadata.channels as usize * Convolutions::KERNELS;
    let (words, levels) = (encoder.dimension as usize / 32, encoder.levels as usize);
    let projection = levels.div_ceil(4) + words * 32 * (features.div_ceil(4) + 1);
    let rows = vec![0; features * levels + projection + words * 2];
    let words = write(&metadata, [&rows[..]]).unwrap();
    let model = Model::open(bytes(&words)).unwrap();
    assert_eq!((model.format(), model.encoders().next().unwrap().row_len()), (6, features));
    // A kernel of two dilations would be longer than the window.
    let encoder = EncoderSpec { input: InputSpec::Convolutions { dilations: 2 }, ..PROJECTION };
    let error = write(&Metadata { encoder, ..metadata }, [&rows[..]]).unwrap_err();
    assert_eq!(error, ModelError::Field { name: "dilations" });
}
