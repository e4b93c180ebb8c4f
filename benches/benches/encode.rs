//! From a sample to its hypervector: 617 features, and an EMG window of 4 channels and 256 steps.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use criterion::{Criterion, criterion_group, criterion_main};
use hdc_benches::backend;

fn encode(criterion: &mut Criterion) {
    for dimension in [1024, 10_048] {
        let features = 617;
        let encoder = hdc_benches::record_encoder(features, dimension);
        let sample = hdc_benches::samples(5, features);
        let (mut scratch, mut target) = (vec![0; features], vec![0; dimension / 32]);
        criterion.bench_function(&format!("record/{}/D={dimension}/N={features}", backend()), |bencher| {
            bencher.iter(|| encoder.encode_into(&sample, &mut scratch, &mut target));
        });
        let encoder = hdc_benches::window_encoder(dimension);
        let sample = hdc_benches::samples(6, encoder.sample_len());
        let (mut scratch, mut target) = (vec![0; encoder.scratch_words()], vec![0; dimension / 32]);
        criterion.bench_function(&format!("window/{}/D={dimension}/N={}", backend(), encoder.steps), |bencher| {
            bencher.iter(|| encoder.encode_into(&sample, &mut scratch, &mut target));
        });
    }
}

criterion_group! { name = benches; config = hdc_benches::short!(); targets = encode }
criterion_main!(benches);
