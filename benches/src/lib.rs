//! Inputs that the benchmarks and the run beside the peers share. All are made outside the timer.
//!
//! D is a multiple of 32 here, so what the peers do with 10,000 bits is done with 10,016: 0.16 % more work.

use hdc_core::kernel::{self, Backend};
use hdc_core::{Encoder, Input, ItemMemory, LevelMemory, Ngram, Quantiser, RecordEncoder, Spatial, Tie};

/// The dimension that stands beside the peers' 10,000 bits.
pub const WIDE: usize = 10_016;
/// Levels of every encoder here, ours and the peers'.
pub const LEVELS: usize = 16;
/// Samples are in `0..RANGE`.
const RANGE: usize = 1024;

/// The backend in use, as the names of benchmarks say it.
pub fn backend() -> &'static str {
    match kernel::backend() {
        Backend::Portable => "portable",
        Backend::Avx2 => "avx2",
        Backend::Avx512 => "avx512",
        Backend::Neon => "neon",
        _ => "other",
    }
}

/// Random words; for each `seed` others.
pub fn words(seed: u64, count: usize) -> Vec<u32> {
    let rows = ItemMemory::seeded(seed, 1, count);
    (0..count).map(|word| rows.word(0, word)).collect()
}

/// `row` with a quarter of its bits flipped: a query whose nearest row is known.
pub fn noisy(row: &[u32], seed: u64) -> Vec<u32> {
    let (a, b) = (words(seed, row.len()), words(seed + 1, row.len()));
    row.iter().zip(a.iter().zip(&b)).map(|(row, (a, b))| row ^ (a & b)).collect()
}

/// A query near each of `queries` rows spread over `rows`, and which rows those are.
pub fn queries(rows: &[u32], words: usize, queries: usize) -> (Vec<u32>, Vec<usize>) {
    let total = rows.len() / words;
    let near: Vec<usize> = (0..queries).map(|query| (query * 2 + 1) * total / (queries * 2)).collect();
    let row = |&near: &usize| noisy(&rows[near * words..][..words], 1000 + 2 * near as u64);
    (near.iter().flat_map(row).collect(), near)
}

/// A record encoder with stored memories and 16 equal levels.
pub fn record_encoder(features: usize, dimension: usize) -> RecordEncoder<Vec<u32>> {
    let cuts: Vec<u32> = (1..LEVELS).map(|cut| (cut * RANGE / LEVELS) as u32).collect();
    RecordEncoder {
        quantiser: Quantiser::new(cuts.repeat(features), LEVELS),
        items: ItemMemory::stored(1, features, dimension / 32),
        levels: LevelMemory::stored(2, LEVELS, dimension / 32),
        tie: Tie::default(),
        starts: Vec::new(),
    }
}

/// The EMG window of the tables: 4 channels, 256 steps, 4-grams of neighbouring steps.
pub fn window_encoder(dimension: usize) -> Encoder<Vec<u32>> {
    Encoder {
        steps: 256,
        channels: 4,
        input: Input::Steps(Ngram { order: 4, stride: 1 }),
        spatial: Spatial::Record(record_encoder(4, dimension)),
        words: dimension / 32,
        tie: Tie::default(),
    }
}

/// Random samples for those encoders.
pub fn samples(seed: u64, count: usize) -> Vec<i16> {
    words(seed, count).iter().map(|word| (word % RANGE as u32) as u16).map(u16::cast_signed).collect()
}

/// The settings of criterion for all benchmarks: short, so that all of them take a few minutes.
#[macro_export]
macro_rules! short {
    () => {
        criterion::Criterion::default()
            .warm_up_time(std::time::Duration::from_millis(300))
            .measurement_time(std::time::Duration::from_secs(1))
            .sample_size(20)
    };
}
