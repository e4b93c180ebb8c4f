//! How the cost grows with D, N and the number of features: throughput should stay the same in each group.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdc_benches::backend;
use hdc_core::AssociativeMemory;

fn scaling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scaling");
    let dimensions = [2048, 8192, 32_768].map(|dimension| ("D", dimension, 100));
    let rows = [250, 1000, 4000].map(|n| ("N", 1024, n));
    for (what, dimension, n) in dimensions.into_iter().chain(rows) {
        let words = dimension / 32;
        let rows = hdc_benches::words(7, n * words);
        let (query, _) = hdc_benches::queries(&rows, words, 1);
        let memory = AssociativeMemory::new(&rows[..], words);
        group.throughput(Throughput::Elements((dimension * n) as u64));
        group.bench_function(format!("{what}/nearest/{}/D={dimension}/N={n}", backend()), |bencher| {
            bencher.iter(|| memory.nearest(&query));
        });
    }
    let dimension = 4096;
    for features in [64, 256, 1024] {
        let encoder = hdc_benches::record_encoder(features, dimension);
        let sample = hdc_benches::samples(5, features);
        let (mut scratch, mut target) = (vec![0; features], vec![0; dimension / 32]);
        group.throughput(Throughput::Elements(features as u64));
        group.bench_function(format!("features/record/{}/D={dimension}/N={features}", backend()), |bencher| {
            bencher.iter(|| encoder.encode_into(&sample, &mut scratch, &mut target));
        });
    }
}

criterion_group! { name = benches; config = hdc_benches::short!(); targets = scaling }
criterion_main!(benches);
