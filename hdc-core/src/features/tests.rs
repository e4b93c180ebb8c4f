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
fn every_set_measures_what_all_features_measure() {
    let samples = [-7_i16, 3, 3, 0, 12, -12, i16::MIN, i16::MAX, 0, 1, 2, -1];
    let channels = [0, 1].map(|channel| measured(&samples.into_iter().skip(channel).step_by(2).collect::<Vec<_>>()));
    for bits in 0..1 << 9 {
        let chosen: Vec<Feature> = Feature::ALL[..9].iter().copied().filter(|&f| bits & f as u16 != 0).collect();
        let features = Features { set: FeatureSet::of(&chosen), parts: 1, steps: 6, channels: 2, scale: [] };
        let mut row = vec![0; features.len()];
        features.measure_into(&samples, &mut row).unwrap();
        let all = |channel: &[i32; 10]| -> Vec<u32> {
            let places = Feature::ALL.iter().zip(channel).filter(|(feature, _)| features.set.contains(**feature));
            places.map(|(_, value)| value.cast_unsigned()).collect()
        };
        assert_eq!(row, channels.each_ref().map(all).concat(), "{:?}", features.set);
    }
}

#[test]
fn a_set_is_measured_by_the_cheapest_loop_that_has_it() {
    let of = |features: &[Feature]| FeatureSet::of(features).measured();
    assert_eq!(of(&[Feature::Rms, Feature::Correlation]), FeatureSet::MOMENTS);
    assert_eq!(of(&[Feature::MeanAbsolute]), FeatureSet::EMG);
    assert_eq!(of(&[Feature::Mean, Feature::SlopeChanges]), FeatureSet::MOTION);
    assert_eq!(of(&[Feature::Mean, Feature::ZeroCrossings]), FeatureSet::ALL);
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
