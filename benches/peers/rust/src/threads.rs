//! Two threads on a batch, part by part, against one.

use hdc_benches::WIDE;
use hdc_core::{AssociativeMemory, Nearest};
use rayon::prelude::*;

use crate::limit;
use crate::timer::Contest;

const BATCH: usize = 256;

/// What a thread takes at a time. Each part of a batch of queries goes over all rows, so there are few of them; but not
/// only two, as the second thread, which sleeps at first, begins later than the first one.
const PART: usize = BATCH / 4;

pub fn run() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let two = format!("hdc {}, 2 threads", hdc_benches::backend());

    for (dimension, n) in [(WIDE, 1000), (1024, 1000), (WIDE, 20_000)] {
        let words = dimension / 32;
        let rows = hdc_benches::words(7, n * words);
        let (queries, _) = hdc_benches::queries(&rows, words, BATCH);
        let memory = AssociativeMemory::new(&rows[..], words);
        let (mut alone, mut together) = ([Nearest::default(); BATCH], [Nearest::default(); BATCH]);
        // Does the machine give two threads twice the arithmetic?
        let arithmetic = |queries: usize| match hdc_benches::backend() {
            // SAFETY: the library chose its backend after the same question.
            "avx512" => unsafe { limit::arithmetic_avx512(queries * rows.len() / 16) },
            // SAFETY: as above.
            "avx2" => unsafe { limit::lookup_avx2(queries * rows.len()) },
            _ => 0,
        };
        let limit = format!("limit: arithmetic, {}", hdc_benches::backend());
        let mut contest = Contest::on_the_wall("search, 256 queries", n);
        contest.ours(dimension, BATCH, || memory.nearest_batch(&queries, &mut alone));
        contest.enter(&two, dimension, BATCH, || {
            pool.install(|| {
                let parts = queries.par_chunks(words * PART).zip(together.par_chunks_mut(PART));
                parts.for_each(|(queries, found)| _ = memory.nearest_batch(queries, found));
            });
        });
        contest.enter(&limit, dimension, BATCH, || arithmetic(BATCH));
        contest.enter(format!("{limit}, 2 threads"), dimension, BATCH, || {
            pool.join(|| arithmetic(BATCH / 2), || arithmetic(BATCH / 2))
        });
        contest.run();
    }

    let (features, dimension) = (617, 10_048);
    let words = dimension / 32;
    let encoder = hdc_benches::record_encoder(features, dimension);
    let samples = hdc_benches::samples(5, BATCH * features);
    let encode = |samples: &[i16], targets: &mut [u32]| {
        let mut scratch = vec![0; features];
        for (sample, target) in samples.chunks_exact(features).zip(targets.chunks_exact_mut(words)) {
            encoder.encode_into(sample, &mut scratch, target).unwrap();
        }
    };
    let (mut alone, mut together) = (vec![0; BATCH * words], vec![0; BATCH * words]);
    let mut contest = Contest::on_the_wall("encode record, 256 samples", features);
    contest.ours(dimension, BATCH, || encode(&samples, &mut alone));
    contest.enter(&two, dimension, BATCH, || {
        pool.install(|| {
            let parts = samples.par_chunks(features * PART).zip(together.par_chunks_mut(words * PART));
            parts.for_each(|(samples, targets)| encode(samples, targets));
        });
    });
    contest.run();
}
