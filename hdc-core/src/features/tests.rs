use super::*;

fn measured(samples: &[i16]) -> [i32; 10] {
    let mut measure = Measure::default();
    samples.iter().for_each(|&sample| measure.push(sample));
    Feature::ALL.map(|feature| measure.value(feature))
}

#[test]
fn features_are_what_their_names_say() {
    // Mean 2, squares 9 + 1 + 25 + 1 = 36, variance 9 - 4 = 5, slopes -2, +4 (after -2 -> turns), -6.
    assert_eq!(measured(&[3, 1, 5, -1]), [8, 10, 48, 35, 12, 1, 2, -1, 5, 1 << 14]);
    assert_eq!(measured(&[7]), [7, 7, 112, 0, 0, 0, 0, 7, 7, 1 << 14]);
    // A pause on the way up is no turn.
    assert_eq!(measured(&[0, 1, 1, 2])[6], 0);
    assert_eq!(measured(&[0, 1, 1, 0])[6], 1);
}

#[test]
fn the_longest_and_loudest_window_does_not_overflow() {
    let loud: [i16; 2] = [i16::MIN, i16::MAX];
    let mut measure = Measure::default();
    (0..Measure::MOST_SAMPLES).for_each(|step| measure.push(loud[step % 2]));
    assert_eq!(measure.value(Feature::MeanAbsolute), (32_768_i64 * 16_384 + 32_767 * 16_383) as i32);
    assert_eq!(measure.value(Feature::WaveformLength), 65_535 * 32_766);
    assert!((measure.value(Feature::Rms) - 16 * 32_768).abs() < 16);
    assert!((measure.value(Feature::Deviation) - 16 * 32_768).abs() < 16);
}

#[test]
fn parts_are_measured_by_themselves() {
    let set = FeatureSet::of(&[Feature::Mean, Feature::Maximum]);
    let features = Features { set, parts: 2, steps: 5, channels: 2, scale: [] };
    let mut row = [0; 8];
    features.measure_into(&[1_i16, 10, 2, 20, 3, 30, 4, 40, 5, 50], &mut row).unwrap();
    assert_eq!(row, [3, 2, 30, 20, 12, 5, 120, 50]);
}

#[test]
fn a_channel_is_compared_with_the_next_and_the_last_with_the_first() {
    let set = FeatureSet::of(&[Feature::Minimum, Feature::Correlation]);
    let features = Features { set, parts: 1, steps: 3, channels: 3, scale: [] };
    let mut row = [0; 6];
    features.measure_into(&[1_i16, 2, 6, 2, 4, 4, 3, 6, 2], &mut row).unwrap();
    assert_eq!(row, [1, 2 << 14, 2, 0, 2, 0]);
}

#[test]
#[cfg(feature = "float")]
fn real_samples_are_scaled() {
    let set = FeatureSet::of(&[Feature::Mean]);
    let features = Features { set, parts: 1, steps: 2, channels: 1, scale: [4] };
    let mut row = [0];
    features.measure_into(&[0.5_f32, 0.25], &mut row).unwrap();
    assert_eq!(row, [12]);
    assert_eq!(features.measure_into(&[0.5, f32::NAN], &mut row), Err(1));
}
