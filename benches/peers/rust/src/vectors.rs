//! Bind, permute, Hamming distance of a pair, and bundles. Ours writes where the caller says; the peers
//! return a new vector, which is the only way they offer.

use std::hint::black_box;

use csm_core_lib::{BHVec10240, HVec10240};
use hdc_benches::WIDE;
use hdc_core::{Bundle, Hypervector, Tie};
use holos_core::Hypervector as Holos;

use crate::limit;
use crate::search::{csm_vector, holos_bytes};
use crate::timer::Contest;

pub fn run() {
    pairs();
    for count in [3, 8, 21, 64, 200, 617, 2000] {
        bundle(count);
    }
}

fn holos_vector(row: &[u32]) -> Holos {
    Holos::from_bytes(&holos_bytes(row, 10_000)).unwrap()
}

fn pairs() {
    let (a, b) = (Hypervector::random(WIDE, 1, 0), Hypervector::random(WIDE, 1, 1));
    let (csm_a, csm_b) = (csm_vector(a.words()), csm_vector(b.words()));
    let (bits_a, bits_b) = (BHVec10240::from_hvec(&csm_a), BHVec10240::from_hvec(&csm_b));
    let (holos_a, holos_b) = (holos_vector(a.words()), holos_vector(b.words()));
    assert_eq!(a.hamming(&b), csm_a.hamming_distance(&csm_b));

    let mut bound = a.clone();
    let mut contest = Contest::new("bind", 2);
    contest.ours(WIDE, 1, || black_box(&mut bound).bind_assign(black_box(&b)));
    contest.enter("csm-core-lib", HVec10240::DIMENSION, 1, || black_box(&csm_a).bind(black_box(&csm_b)));
    contest.enter("csm-core-lib BHVec", HVec10240::DIMENSION, 1, || black_box(&bits_a).xor(black_box(&bits_b)));
    contest.enter("holos_core", 10_000, 1, || black_box(&holos_a).bind(black_box(&holos_b)));
    contest.run();

    // A bit, a word, a word of 128 bits and some more.
    for by in [1, 32, 256, 4567] {
        let mut target = Hypervector::zero(WIDE);
        let mut contest = Contest::new(format!("permute by {by}"), 1);
        contest.ours(WIDE, 1, || black_box(&a).permute_into(black_box(by), black_box(&mut target)));
        contest.enter("csm-core-lib", HVec10240::DIMENSION, 1, || black_box(&csm_a).permute(black_box(by)));
        contest.enter("csm-core-lib BHVec", HVec10240::DIMENSION, 1, || black_box(&bits_a).permute(black_box(by)));
        contest.enter("holos_core", 10_000, 1, || holos_core::permute(black_box(&holos_a), black_box(by as i64)));
        contest.run();
    }

    let mut contest = Contest::new("hamming", 2);
    contest.ours(WIDE, 1, || black_box(&a).hamming(black_box(&b)));
    contest.enter("csm-core-lib", HVec10240::DIMENSION, 1, || black_box(&csm_a).hamming_distance(black_box(&csm_b)));
    contest.enter("csm-core-lib BHVec", HVec10240::DIMENSION, 1, || black_box(&bits_a).hamming(black_box(&bits_b)));
    contest.enter("holos_core", 10_000, 1, || black_box(&holos_a).hamming(black_box(&holos_b)));
    contest.run();
}

/// From vectors to their majority.
fn bundle(count: usize) {
    let words = WIDE / 32;
    let rows = hdc_benches::words(3, count * words);
    let csm: Vec<HVec10240> = rows.chunks_exact(words).map(csm_vector).collect();
    let bits: Vec<BHVec10240> = csm.iter().map(BHVec10240::from_hvec).collect();
    let bits: Vec<&BHVec10240> = bits.iter().collect();
    let holos: Vec<Holos> = rows.chunks_exact(words).map(holos_vector).collect();

    let mut majority = vec![0; words];
    let mut ours = || {
        Bundle::majority_of(&rows, Tie::Zero, &mut majority);
        majority[0]
    };
    let first = u128::from(ours());
    assert_eq!(HVec10240::bundle(&csm).unwrap().data[0] & u128::from(u32::MAX), first);

    let mut contest = Contest::new("bundle", count);
    contest.ours(WIDE, 1, ours);
    contest.enter("csm-core-lib", HVec10240::DIMENSION, 1, || HVec10240::bundle(black_box(&csm)));
    contest.enter("csm-core-lib BHVec", HVec10240::DIMENSION, 1, || BHVec10240::bundle(black_box(&bits)));
    contest.enter("holos_core", 10_000, 1, || holos_core::bundle(black_box(&holos)));
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the feature was asked for, here and below.
        contest.enter("limit: arithmetic, avx2", WIDE, 1, || unsafe { limit::adders_avx2(count, words) });
    }
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: as above.
        contest.enter("limit: arithmetic, avx512", WIDE, 1, || unsafe { limit::adders_avx512(count, words) });
    }
    contest.run();
}
