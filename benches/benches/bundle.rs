//! From N hypervectors to their majority, by counters in memory or at once, and to integer sums.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdc_benches::{WIDE, backend};
use hdc_core::{Accumulator, Bundle, Tie};

fn bundle(criterion: &mut Criterion) {
    let words = WIDE / 32;
    let mut group = criterion.benchmark_group("bundle");
    for count in [3, 21, 64, 617] {
        let rows = hdc_benches::words(3, count * words);
        let (mut storage, mut majority) = (vec![0; Bundle::storage(count, words)], vec![0; words]);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{}/D={WIDE}/N={count}", backend()), |bencher| {
            bencher.iter(|| {
                let mut bundle = Bundle::new(&mut storage[..], words);
                bundle.add_all(&rows).expect("the storage is for all");
                bundle.majority_into(Tie::default(), &mut majority);
            });
        });
        group.bench_function(format!("at once/{}/D={WIDE}/N={count}", backend()), |bencher| {
            bencher.iter(|| Bundle::majority_of(&rows, Tie::default(), &mut majority));
        });
    }
}

/// Sums of one hypervector, and of all that a bundle of 64 counted.
fn accumulate(criterion: &mut Criterion) {
    let words = WIDE / 32;
    let rows = hdc_benches::words(3, 64 * words);
    let mut bundle = Bundle::new(vec![0; Bundle::storage(64, words)], words);
    bundle.add_all(&rows).expect("the storage is for all");
    let mut sums = Accumulator::new(vec![0; WIDE]);
    let mut majority = vec![0; words];
    let mut group = criterion.benchmark_group("accumulate");
    group.bench_function(format!("one/{}/D={WIDE}", backend()), |bencher| {
        bencher.iter(|| sums.add(&rows[..words], 3));
    });
    group.bench_function(format!("a bundle/{}/D={WIDE}/N=64", backend()), |bencher| {
        bencher.iter(|| sums.add_bundle(&bundle, 1));
    });
    group.bench_function(format!("majority/{}/D={WIDE}", backend()), |bencher| {
        bencher.iter(|| sums.majority_into(Tie::default(), &mut majority));
    });
    group.bench_function(format!("dot/{}/D={WIDE}", backend()), |bencher| bencher.iter(|| sums.dot(&rows[..words])));
}

criterion_group! { name = benches; config = hdc_benches::short!(); targets = bundle, accumulate }
criterion_main!(benches);
