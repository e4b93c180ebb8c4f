//! How our cost grows: one size doubles, the others stay, and all data stays in one level of the cache.
//! N is the size that grows.

use hdc_core::{AssociativeMemory, Bundle, Tie};

use crate::timer::Contest;

pub fn run() {
    for dimension in [4096, 8192, 16_384, 32_768] {
        search("scaling: D, search of 100 rows", dimension, dimension, 100);
    }
    for n in [250, 500, 1000, 2000, 4000] {
        search("scaling: N, search at D = 1,024", n, 1024, n);
    }
    for n in [400_000, 800_000, 1_600_000, 3_200_000] {
        search("scaling: N, search at D = 1,024 from memory", n, 1024, n);
    }
    for features in [64, 128, 256, 512, 1024] {
        samples("scaling: features, record at D = 4,096", features, features, 1);
    }
    for count in [16, 32, 64, 128, 256] {
        samples("scaling: samples, record of 128 features at D = 4,096", count, 128, count);
    }
    for count in [64, 128, 256, 512, 1024] {
        bundle(count);
    }
}

fn search(work: &str, size: usize, dimension: usize, n: usize) {
    let words = dimension / 32;
    let rows = hdc_benches::words(7, n * words);
    let (query, _) = hdc_benches::queries(&rows, words, 1);
    let memory = AssociativeMemory::new(&rows[..], words);
    let mut contest = Contest::new(work, size);
    contest.ours(dimension, 1, || memory.nearest(&query));
    contest.run();
}

fn samples(work: &str, size: usize, features: usize, count: usize) {
    let dimension = 4096;
    let encoder = hdc_benches::record_encoder(features, dimension);
    let samples = hdc_benches::samples(5, count * features);
    let (mut scratch, mut targets) = (vec![0; features], vec![0; count * dimension / 32]);
    let mut contest = Contest::new(work, size);
    contest.ours(dimension, 1, || {
        for (sample, target) in samples.chunks_exact(features).zip(targets.chunks_exact_mut(dimension / 32)) {
            encoder.encode_into(sample, &mut scratch, target).unwrap();
        }
    });
    contest.run();
}

fn bundle(count: usize) {
    let (dimension, words) = (4096, 4096 / 32);
    let rows = hdc_benches::words(3, count * words);
    let (mut storage, mut majority) = (vec![0; Bundle::storage(count, words)], vec![0; words]);
    let mut contest = Contest::new("scaling: vectors, bundle at D = 4,096", count);
    contest.ours(dimension, 1, || {
        let mut bundle = Bundle::new(&mut storage[..], words);
        rows.chunks_exact(words).for_each(|row| bundle.add(row).unwrap());
        bundle.majority_into(Tie::Zero, &mut majority);
    });
    contest.run();
}
