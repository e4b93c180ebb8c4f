//! The loops of a backend: those of `body`, compiled for its vectors.

/// Writes every loop for one vector type, compiled with the features of its machine.
macro_rules! stamp {
    ($name:ident, $vector:ty, $features:literal) => {
        pub(super) mod $name {
            use super::super::{Steps, body};
            use crate::bundle::Sum;
            use crate::{Nearest, Tie};

            #[target_feature(enable = $features)]
            pub(in super::super) fn xor_assign(a: &mut [u32], b: &[u32]) {
                body::xor_assign(a, b);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn rotate_xor_assign(target: &mut [u32], source: &[u32], by: usize) {
                body::rotate_xor_assign(target, source, by);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn rotate_one_xor(target: &mut [u32], source: &[u32]) {
                body::rotate_one_xor::<$vector>(target, source);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn hamming(a: &[u32], b: &[u32]) -> u32 {
                body::hamming::<$vector>(a, b)
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn nearest(query: &[u32], rows: &[u32], words: usize) -> Option<Nearest> {
                body::nearest::<$vector>(query, rows, words)
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn nearest_batch(
                queries: &[u32],
                rows: &[u32],
                words: usize,
                found: &mut [Nearest],
            ) -> usize {
                body::nearest_batch::<$vector>(queries, rows, words, found)
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn bundle_add(counters: &mut [u32], words: usize, sum: Sum, hypervector: &[u32]) {
                body::bundle_add::<$vector>(counters, words, sum, hypervector);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn bundle_add_weighted(
                counters: &mut [u32],
                words: usize,
                sum: Sum,
                hypervector: &[u32],
                weight: usize,
            ) {
                body::bundle_add_weighted::<$vector>(counters, words, sum, hypervector, weight);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn accumulate(sums: &mut [i32], hypervector: &[u32], weight: i32) {
                body::accumulate(sums, hypervector, weight);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn accumulate_counters(
                sums: &mut [i32],
                counters: &[u32],
                words: usize,
                sum: Sum,
                weight: i32,
            ) {
                body::accumulate_counters(sums, counters, words, sum, weight);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn signs(sums: &[i32], tie: Tie, target: &mut [u32]) {
                body::signs(sums, tie, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn dot(sums: &[i32], hypervector: &[u32]) -> i64 {
                body::dot(sums, hypervector)
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn bundle_add_many(
                counters: &mut [u32],
                words: usize,
                count: usize,
                hypervectors: &[u32],
            ) {
                body::bundle_add_many::<$vector>(counters, words, count, hypervectors);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn bundle_majority(
                counters: &[u32],
                words: usize,
                sum: Sum,
                tie: Tie,
                target: &mut [u32],
            ) {
                body::bundle_majority::<$vector>(counters, words, sum, tie, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn majority_of(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
                if body::are_many::<$vector>(hypervectors, target) {
                    majority_along(hypervectors, tie, target);
                } else {
                    body::majority_of::<$vector>(hypervectors, tie, target);
                }
            }
            // On its own: its counters are on the stack, which others need not set up.
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn majority_along(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
                body::majority_along::<$vector>(hypervectors, tie, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn record(
                items: &[u32],
                levels: &[u32],
                words: usize,
                level_of: &[u32],
                tie: Tie,
                from: usize,
                target: &mut [u32],
            ) {
                body::record::<$vector>(items, levels, words, level_of, tie, from, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn record_started(
                items: &[u32],
                levels: &[u32],
                words: usize,
                level_of: &[u32],
                starts: &[u32],
                from: usize,
                target: &mut [u32],
            ) {
                body::record_started::<$vector>(items, levels, words, level_of, starts, from, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn record_count(
                items: &[u32],
                levels: &[u32],
                words: usize,
                level_of: &[u32],
                planes: &mut [u32],
            ) {
                body::record_count::<$vector>(items, levels, words, level_of, planes);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn table(entries: &[u32], rows: &[u32], wide: bool, sums: &mut [u32]) {
                body::table(entries, rows, wide, sums);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn record_grams(
                items: &[u32],
                levels: &[u32],
                words: usize,
                tie: Tie,
                steps: Steps<'_>,
            ) {
                body::record_grams::<$vector>(items, levels, words, tie, steps);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn quantise(thresholds: &[u32], cuts: usize, keys: &mut [u32]) {
                body::quantise::<$vector>(thresholds, cuts, keys);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn quantise_rows(thresholds: &[u32], cuts: usize, channels: usize, keys: &mut [u32]) {
                body::quantise_rows::<$vector>(thresholds, cuts, channels, keys);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn project(weights: &[u32], values: &[u32], thresholds: &[u32], target: &mut [u32]) {
                body::project(weights, values, thresholds, target);
            }
            #[target_feature(enable = $features)]
            pub(in super::super) fn project_ternary(
                codes: &[u32],
                stride: usize,
                values: &[u32],
                thresholds: &[u32],
                sums: &mut [u32],
                target: &mut [u32],
            ) {
                body::project_ternary(codes, stride, values, thresholds, sums, target);
            }
        }
    };
}
pub(super) use stamp;
