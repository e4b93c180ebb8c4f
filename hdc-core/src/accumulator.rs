use crate::{Bundle, Tie, kernel};

/// The weighted sum of hypervectors, an integer for each dimension, where a bit 1 counts as 1 and a bit 0 as -1 (Kanerva 2009).
///
/// It takes `4 D` bytes where a [`Bundle`] of n takes `D / 8 (log2 n + 4)`. In return weights may be negative, so that what was
/// added can be taken out again, as retraining does, and sums of parts add up to that of the whole. Sums wrap around
/// beyond 32 bits.
///
/// ```
/// use hdc_core::{Accumulator, Tie};
///
/// let mut class = Accumulator::new([0; 32]); // one word
/// class.add(&[0b0011], 2);
/// class.add(&[0b0101], -1);
/// let mut hypervector = [0];
/// class.majority_into(Tie::Zero, &mut hypervector);
/// assert_eq!(hypervector, [0b0011]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accumulator<S> {
    sums: S,
}

impl<S> Accumulator<S> {
    /// An accumulator of `sums`, D numbers, as they are.
    pub const fn new(sums: S) -> Self {
        Self { sums }
    }
}

impl<S: AsMut<[i32]>> Accumulator<S> {
    /// Adds `hypervector` (`D / 32` words) `weight` times; a negative weight takes it out. Words and sums beyond the shorter of
    /// both are left out. An addition for each dimension.
    pub fn add(&mut self, hypervector: &[u32], weight: i32) {
        kernel::accumulate(self.sums.as_mut(), hypervector, weight);
    }

    /// The same for all hypervectors of `bundle`: `log2 n` steps a dimension where one by one they take n.
    pub fn add_bundle<B: AsRef<[u32]>>(&mut self, bundle: &Bundle<B>, weight: i32) {
        let (counters, words, sum) = bundle.counted();
        kernel::accumulate_counters(self.sums.as_mut(), counters, words, sum, weight);
    }
}

impl<S: AsRef<[i32]>> Accumulator<S> {
    /// The sums, one a dimension.
    pub fn sums(&self) -> &[i32] {
        self.sums.as_ref()
    }

    /// Writes the binary hypervector (`D / 32` words) to `target`: 1 where the sum is positive; `tie` decides where it is 0.
    pub fn majority_into(&self, tie: Tie, target: &mut [u32]) {
        kernel::signs(self.sums.as_ref(), tie, target);
    }

    /// The dot product with `hypervector`, of which a 0 counts as -1. It is exact for sums below 2^28 in size,
    /// of which eight are added in 32 bits.
    pub fn dot(&self, hypervector: &[u32]) -> i64 {
        kernel::dot(self.sums.as_ref(), hypervector)
    }
}
