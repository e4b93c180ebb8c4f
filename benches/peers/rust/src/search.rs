//! The row nearest to a query, by Hamming distance. All engines get the same rows; those of 10,000 bits
//! drop the last 16 (ours does 10,016), csm-core-lib has 10,240 always. Query i is a known row with a
//! quarter of its bits flipped, and every engine must find it.

use std::array;

use csm_core_lib::HVec10240;
use hdc_benches::WIDE;
use hdc_core::{AssociativeMemory, Nearest};
use holos_core::{Hypervector, ItemMemory};

use crate::limit::{self, Repeated};
use crate::timer::Contest;

const BATCH: usize = 64;

pub fn run() {
    for dimension in [1024, WIDE] {
        for rows in [16, 100, 1000, 10_000, 100_000] {
            one(dimension, rows);
            batch(dimension, rows);
        }
    }
}

/// One query at a time.
fn one(dimension: usize, n: usize) {
    let words = dimension / 32;
    let rows = hdc_benches::words(7, n * words);
    let (query, near) = hdc_benches::queries(&rows, words, 1);
    let near = near[0];
    // Beside 10,016 bits the peers have 10,000, with the same first bits.
    let peers = if dimension == WIDE { 10_000 } else { dimension };

    let memory = AssociativeMemory::new(&rows[..], words);
    let found = memory.nearest(&query);
    assert_eq!(found.map(|found| found.class), Some(near));

    // hamming_rs wants rows aligned to its vectors of 32 bytes, query and row alike, and counts the bytes
    // beyond whole blocks of 512 slowly: rows of 1,250 bytes start 1,280 apart.
    let hamming_rs = Aligned::new(&rows, words, peers / 8);
    let hamming_rs_query = Aligned::new(&query, words, peers / 8);
    let hamming_rs_nearest = || {
        let distance = |row| hamming_rs::distance(hamming_rs_query.row(0), hamming_rs.row(row));
        (0..n).map(distance).enumerate().min_by_key(|&(_, distance)| distance).map_or(0, |(row, _)| row)
    };
    assert_eq!(hamming_rs_nearest(), near);

    let holos_vector = |row: &[u32]| Hypervector::from_bytes(&holos_bytes(row, peers)).unwrap();
    let mut holos = ItemMemory::new(peers);
    for row in rows.chunks_exact(words) {
        holos.add(String::new(), &holos_vector(row));
    }
    let holos_query = holos_vector(&query);
    assert_eq!(holos.nearest(&holos_query).map(|(row, _)| row), Some(near));

    let csm: Vec<HVec10240> = match dimension {
        WIDE => rows.chunks_exact(words).map(csm_vector).collect(),
        _ => Vec::new(),
    };
    let csm_query = csm_vector(&query);
    let csm_nearest = || {
        let distance = |row| csm_query.hamming_distance(row);
        csm.iter().map(distance).enumerate().min_by_key(|&(_, distance)| distance).map_or(0, |(row, _)| row)
    };

    // The plain loop has 64-bit words: 157 for 10,000 bits.
    let scalar_query = words_of_64(&query);
    let scalar: Vec<u64> = rows.chunks_exact(words).flat_map(words_of_64).collect();

    let repeated = Repeated::new(&query);
    let popcnt = is_x86_feature_detected!("popcnt");
    let avx2 = is_x86_feature_detected!("avx2");
    let avx512 = is_x86_feature_detected!("avx512vpopcntdq");

    // What numpy has always, and Rust's allocator never: pages of 2 MB.
    let in_huge_pages = (rows.len() >= HUGE).then(|| huge_pages(&rows));

    let mut contest = Contest::new("search, 1 query", n);
    contest.ours(dimension, 1, || memory.nearest(&query));
    if let Some(rows) = &in_huge_pages {
        let ours = format!("hdc {}, huge pages", hdc_benches::backend());
        contest.enter(ours, dimension, 1, || AssociativeMemory::new(&rows[..], words).nearest(&query));
    }
    if avx2 {
        // SAFETY: the features were asked for, here and below.
        contest.enter("limit: Harley-Seal", dimension, 1, || unsafe { limit::harley_seal(&repeated, &rows) });
        contest.enter("limit: stream read", dimension, 1, || unsafe { limit::stream(&rows) });
        if let Some(rows) = &in_huge_pages {
            contest.enter("limit: stream read, huge pages", dimension, 1, || unsafe { limit::stream(rows) });
        }
    }
    if avx512 {
        contest.enter("limit: AVX-512 popcount", dimension, 1, || unsafe { limit::vpopcnt(&repeated, &rows) });
        // SAFETY: as above.
        unsafe { assert_eq!(limit::vpopcnt(&repeated, &rows), limit::harley_seal(&repeated, &rows)) };
    }
    contest.enter("hamming_rs", peers, 1, hamming_rs_nearest);
    contest.enter("holos_core", peers, 1, || holos.nearest(&holos_query));
    if dimension == WIDE {
        assert_eq!(csm_nearest(), near);
        contest.enter("csm-core-lib", HVec10240::DIMENSION, 1, csm_nearest);
    }
    if popcnt {
        // SAFETY: as above.
        contest.enter("scalar popcnt", dimension, 1, || unsafe { limit::scalar(&scalar_query, &scalar) });
    }
    contest.run();
}

/// 64 queries in one call, time for one. The Rust peers have nothing for it but a loop (holos_core's
/// `nearest_batch` too), so their time for one query stands for them.
fn batch(dimension: usize, n: usize) {
    let words = dimension / 32;
    let rows = hdc_benches::words(7, n * words);
    let (queries, near) = hdc_benches::queries(&rows, words, BATCH);
    let memory = AssociativeMemory::new(&rows[..], words);
    let mut found = [Nearest::default(); BATCH];
    memory.nearest_batch(&queries, &mut found);
    assert_eq!(found.map(|found| found.class).to_vec(), near);
    let mut contest = Contest::new(format!("search, {BATCH} queries"), n);
    contest.ours(dimension, BATCH, || memory.nearest_batch(&queries, &mut found));
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the feature was asked for, here and below.
        let scan = || unsafe { limit::lookup_avx2(BATCH * rows.len()) };
        contest.enter("limit: arithmetic, avx2", dimension, BATCH, scan);
    }
    if is_x86_feature_detected!("avx512vpopcntdq") {
        // SAFETY: as above.
        let scan = || unsafe { limit::arithmetic_avx512(BATCH * rows.len() / 16) };
        contest.enter("limit: arithmetic, avx512", dimension, BATCH, scan);
    }
    contest.run();
}

/// Words of the smallest array that numpy asks huge pages for: 4 MB.
const HUGE: usize = 1 << 20;

/// A copy in pages of 2 MB, if the machine has them to give.
fn huge_pages(rows: &[u32]) -> Vec<u32> {
    let mut copy: Vec<u32> = Vec::with_capacity(rows.len());
    let page = copy.as_ptr().cast::<libc::c_void>().wrapping_byte_add(4095).map_addr(|at| at & !4095);
    // SAFETY: from the first whole page on, so much is part of the new array; the advice changes no contents.
    unsafe { libc::madvise(page.cast_mut(), rows.len() * 4 - 4096, libc::MADV_HUGEPAGE) };
    copy.extend_from_slice(rows);
    copy
}

fn bytes(row: &[u32]) -> impl Iterator<Item = u8> {
    row.iter().flat_map(|word| word.to_le_bytes())
}

/// Rows of bytes that all begin at a multiple of 32 bytes.
struct Aligned {
    storage: Vec<Block>,
    /// Bytes of a row.
    bytes: usize,
}

#[derive(Clone, Copy)]
#[repr(C, align(32))]
struct Block([u8; 32]);

impl Aligned {
    fn new(rows: &[u32], words: usize, bytes: usize) -> Self {
        let mut storage = Vec::new();
        for row in rows.chunks_exact(words) {
            let row: Vec<u8> = self::bytes(row).take(bytes).collect();
            storage.extend(row.chunks(32).map(|part| Block(array::from_fn(|at| part.get(at).copied().unwrap_or(0)))));
        }
        Self { storage, bytes }
    }

    #[inline]
    fn row(&self, row: usize) -> &[u8] {
        let blocks = self.bytes.div_ceil(32);
        let blocks = &self.storage[row * blocks..(row + 1) * blocks];
        // SAFETY: blocks are plain bytes without padding, and the row is no longer than they are.
        unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), self.bytes) }
    }
}

/// The dimension, then the words, as holos_core writes its vectors.
pub fn holos_bytes(row: &[u32], dimension: usize) -> Vec<u8> {
    let mut all: Vec<u8> = (dimension as u64).to_le_bytes().into();
    all.extend(bytes(row).take(dimension / 8));
    all.resize(8 + dimension.div_ceil(64) * 8, 0);
    all
}

pub fn csm_vector(row: &[u32]) -> HVec10240 {
    let mut all: Vec<u8> = bytes(row).collect();
    all.resize(HVec10240::DIMENSION / 8, 0);
    HVec10240::from_bytes(&all).unwrap()
}

fn words_of_64(row: &[u32]) -> Vec<u64> {
    row.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(*pair.get(1).unwrap_or(&0)) << 32).collect()
}
