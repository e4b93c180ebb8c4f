//! The nearest of N rows, for one query and for 64 at once. Throughput is in bytes of rows, once per query.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdc_benches::{WIDE, backend};
use hdc_core::{AssociativeMemory, Nearest, Neighbour};

const BATCH: usize = 64;

fn search(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    let narrow = [(256, 1000), (1024, 16), (1024, 1000), (1024, 100_000)];
    let wide = [16, 1000, 20_000].map(|n| (WIDE, n));
    for (dimension, n) in narrow.into_iter().chain(wide) {
        let at = format!("{}/D={dimension}/N={n}", backend());
        let words = dimension / 32;
        let rows = hdc_benches::words(7, n * words);
        let (queries, _) = hdc_benches::queries(&rows, words, BATCH);
        let memory = AssociativeMemory::new(&rows[..], words);
        let query = &queries[..words];
        let bytes = (n * words * 4) as u64;
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(format!("nearest/{at}"), |bencher| bencher.iter(|| memory.nearest(query)));
        let mut found = [Neighbour::default(); 5];
        group.bench_function(format!("5_nearest/{at}"), |bencher| {
            bencher.iter(|| memory.k_nearest(query, &mut found));
        });
        if n <= 1000 {
            let mut found = [Nearest::default(); BATCH];
            group.throughput(Throughput::Bytes(bytes * BATCH as u64));
            group.bench_function(format!("nearest_batch_of_{BATCH}/{at}"), |bencher| {
                bencher.iter(|| memory.nearest_batch(&queries, &mut found));
            });
        }
    }
}

criterion_group! { name = benches; config = hdc_benches::short!(); targets = search }
criterion_main!(benches);
