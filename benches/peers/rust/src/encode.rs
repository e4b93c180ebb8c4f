//! Encoding of a sample. The Rust peers have no such encoder; torchhd does the same work in `peers.py`.

use crate::limit::{self, Repeated};
use crate::timer::Contest;

pub fn run() {
    record(617, 10_048);
    record(617, 1024);
    window(1024);
    window(hdc_benches::WIDE);
}

/// Features to levels, levels and features bound, and their majority. N is the number of features.
fn record(features: usize, dimension: usize) {
    let encoder = hdc_benches::record_encoder(features, dimension);
    let sample = hdc_benches::samples(5, features);
    let (mut scratch, mut target) = (vec![0; features], vec![0; dimension / 32]);
    let items = hdc_benches::words(7, features * dimension / 32);
    let level = Repeated::new(&items[..dimension / 32]);
    let mut contest = Contest::new("encode record", features);
    contest.ours(dimension, 1, || encoder.encode_into(&sample, &mut scratch, &mut target).unwrap());
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the feature was asked for.
        let bind_and_count = || unsafe { limit::arithmetic_avx2(&level, &items, items.len()) };
        contest.enter("limit: arithmetic, avx2", dimension, 1, bind_and_count);
    }
    contest.run();
}

/// The EMG window: 4 channels, 256 steps, 4-grams. N is the number of steps.
fn window(dimension: usize) {
    let encoder = hdc_benches::window_encoder(dimension);
    let sample = hdc_benches::samples(6, encoder.sample_len());
    let (mut scratch, mut target) = (vec![0; encoder.scratch_words()], vec![0; dimension / 32]);
    let mut contest = Contest::new("encode EMG window", encoder.steps);
    contest.ours(dimension, 1, || encoder.encode_into(&sample, &mut scratch, &mut target).unwrap());
    contest.run();
}
