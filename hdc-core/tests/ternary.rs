//! Ternary projections against their formula.

use hdc_core::{Encoder, Input, Quantiser, Spatial, TernaryEncoder, Tie};
use proptest::prelude::*;

fn pack(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks(4).map(|four| four.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte))).collect()
}

proptest! {
    #[test]
    fn the_ternary_encoder_is_its_formula(
        words in 1_usize..4,
        (features, levels) in (1_usize..if cfg!(miri) { 6 } else { 40 }, 2_usize..6),
        bytes in prop::collection::vec(any::<i8>(), 40),
        weights in prop::collection::vec(-1_i8..=1, 40 * 96),
        thresholds in prop::collection::vec(-9000_i32..9000, 96),
        sample in prop::collection::vec(-300_i16..300, 40),
    ) {
        let dimension = words * 32;
        let weight = |row: usize, feature: usize| if feature < features { weights[row * 40 + feature] } else { 0 };
        let code = |row: usize, first: usize| {
            (0..4).map(|k| 3_u8.pow(k) * (weight(row, first + k as usize) + 1).cast_unsigned()).sum()
        };
        let codes: Vec<u8> =
            (0..features).step_by(4).flat_map(|first| (0..dimension).map(move |row| code(row, first))).collect();
        let unsigned: Vec<u8> = bytes.iter().map(|byte| byte.cast_unsigned()).collect();
        let cuts = (0..features * (levels - 1)).map(|at| ((at % (levels - 1)).cast_signed() as i32 * 100 - 150).cast_unsigned());
        let ternary = TernaryEncoder {
            quantiser: Quantiser::new(cuts.collect::<Vec<u32>>(), levels),
            values: pack(&unsigned[..levels]),
            gains: pack(&unsigned[..features]),
            weights: pack(&codes),
            thresholds: thresholds[..dimension].iter().map(|threshold| threshold.cast_unsigned()).collect(),
        };
        let quantiser = ternary.quantiser.clone();
        let spatial = Spatial::Ternary(ternary);
        let encoder = Encoder { steps: 1, channels: features, input: Input::Whole, spatial, words, tie: Tie::Zero };
        let (mut scratch, mut query) = (vec![7; encoder.scratch_words()], vec![7; words]);
        encoder.encode_into(&sample[..features], &mut scratch, &mut query).unwrap();
        for row in 0..dimension {
            let term = |feature: usize| {
                let level = quantiser.level(feature, sample[feature]).unwrap();
                i32::from(weight(row, feature)) * i32::from(bytes[feature]) * i32::from(bytes[level])
            };
            let sum: i32 = (0..features).map(term).sum();
            prop_assert_eq!(query[row / 32] >> (row % 32) & 1 == 1, sum > thresholds[row], "row {}", row);
        }
    }
}
