//! Bind, permute and Hamming distance of a pair, in place.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hdc_benches::{WIDE, backend};
use hdc_core::Hypervector;

fn kernel(criterion: &mut Criterion) {
    for dimension in [1024, WIDE] {
        let at = format!("{}/D={dimension}", backend());
        let (mut a, b) = (Hypervector::random(dimension, 1, 0), Hypervector::random(dimension, 1, 1));
        let mut target = Hypervector::zero(dimension);
        criterion.bench_function(&format!("bind/{at}"), |bencher| {
            bencher.iter(|| black_box(&mut a).bind_assign(black_box(&b)));
        });
        criterion.bench_function(&format!("hamming/{at}"), |bencher| {
            bencher.iter(|| black_box(&a).hamming(black_box(&b)));
        });
        for by in [1, 32, 577] {
            criterion.bench_function(&format!("permute/{at}/by={by}"), |bencher| {
                bencher.iter(|| black_box(&a).permute_into(black_box(by), black_box(&mut target)));
            });
        }
    }
}

criterion_group! { name = benches; config = hdc_benches::short!(); targets = kernel }
criterion_main!(benches);
