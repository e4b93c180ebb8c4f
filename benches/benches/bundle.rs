//! From N hypervectors to their majority, by counters in memory or at once.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdc_benches::{WIDE, backend};
use hdc_core::{Bundle, Tie};

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

criterion_group! { name = benches; config = hdc_benches::short!(); targets = bundle }
criterion_main!(benches);
