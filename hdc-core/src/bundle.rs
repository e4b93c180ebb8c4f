use core::fmt;

use crate::kernel;

/// What the majority of an even number of bits is where exactly half of them are 1.
///
/// The rule is part of the model: it is never left to chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "model", derive(serde::Serialize, serde::Deserialize))]
pub enum Tie {
    /// Always 0.
    Zero,
    /// Always 1.
    One,
    /// 1 in the even dimensions, 0 in the odd ones: as many of each, and nothing to store.
    #[default]
    Alternating,
}

impl Tie {
    /// Any word of the hypervector that decides ties.
    #[inline]
    pub const fn word(self) -> u32 {
        match self {
            Self::Zero => 0,
            Self::One => !0,
            Self::Alternating => 0x5555_5555,
        }
    }
}

/// Counts hypervectors, bit by bit, to take their majority: a bundle.
///
/// The counters are bit-sliced: of 32 neighbouring dimensions, plane p holds bit p of all 32 counters in
/// one word. Three more planes hold what waits for a second of its weight, so that an addition costs one
/// carry-save adder on average, five logic operations for 32 bits (Harley & Seal). Storage is the
/// caller's, [`Bundle::storage`] words.
///
/// ```
/// use hdc_core::{Bundle, Tie};
///
/// let mut bundle = Bundle::new([0; Bundle::storage(3, 1)], 1); // three hypervectors of one word
/// for hypervector in [[0b0011], [0b0101], [0b1001]] {
///     bundle.add(&hypervector)?;
/// }
/// let mut majority = [0];
/// bundle.majority_into(Tie::Zero, &mut majority);
/// assert_eq!(majority, [0b0001]);
/// # Ok::<(), hdc_core::BundleFull>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bundle<S> {
    counters: S,
    words: usize,
    sum: Sum,
}

/// What is in the counters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    /// Hypervectors.
    pub(crate) count: usize,
    /// Those of them that wait in the held planes: bit l says whether one does at level l.
    pub(crate) held: usize,
}

/// A bundle holds as many hypervectors as its counters can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleFull {
    /// The most it can hold.
    pub capacity: usize,
}

impl fmt::Display for BundleFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bundle holds {} hypervectors already: give it more storage", self.capacity)
    }
}

impl core::error::Error for BundleFull {}

/// Levels at which a plane holds what waits for a second of its weight.
pub(crate) const HELD: usize = 3;

impl Bundle<&mut [u32]> {
    /// Words of storage for a bundle of up to `total` hypervectors of `words` words.
    pub const fn storage(total: usize, words: usize) -> usize {
        let planes = (usize::BITS - total.leading_zeros()) as usize;
        words.saturating_mul(planes + HELD)
    }

    /// Writes the majority of `hypervectors` (`n x D / 32` words, D that of `target`) to `target`; `tie` decides where half
    /// are 1. The counters stay in registers: for hypervectors that are all at hand, with no storage, a full adder for each of
    /// their words (Harley & Seal). Words after the last whole hypervector are not looked at; the majority of none is `tie`.
    ///
    /// ```
    /// use hdc_core::{Bundle, Tie};
    ///
    /// let mut majority = [0];
    /// Bundle::majority_of(&[0b0011, 0b0101, 0b1001], Tie::Zero, &mut majority); // three hypervectors of one word
    /// assert_eq!(majority, [0b0001]);
    /// ```
    pub fn majority_of(hypervectors: &[u32], tie: Tie, target: &mut [u32]) {
        kernel::majority_of(hypervectors, tie, target);
    }
}

impl<S: AsRef<[u32]>> Bundle<S> {
    /// The counters, the words of a hypervector, and what is in them.
    pub(crate) fn counted(&self) -> (&[u32], usize, Sum) {
        (self.counters.as_ref(), self.words, self.sum)
    }
}

impl<S: AsRef<[u32]> + AsMut<[u32]>> Bundle<S> {
    /// An empty bundle of hypervectors of `words` words over `storage`, which is overwritten.
    pub fn new(storage: S, words: usize) -> Self {
        Self { counters: storage, words, sum: Sum::default() }
    }

    /// How many hypervectors are in it.
    pub const fn count(&self) -> usize {
        self.sum.count
    }

    /// How many hypervectors it can hold: `2^planes - 1`.
    pub fn capacity(&self) -> usize {
        let planes = self.counters.as_ref().len().checked_div(self.words).unwrap_or(0).saturating_sub(HELD);
        1_usize.checked_shl(planes as u32).unwrap_or(0).wrapping_sub(1)
    }

    /// Adds `hypervector`: one full adder for each of its words, on average.
    ///
    /// # Errors
    /// If the counters are full; nothing is added then.
    pub fn add(&mut self, hypervector: &[u32]) -> Result<(), BundleFull> {
        let capacity = self.capacity();
        if self.sum.count >= capacity {
            return Err(BundleFull { capacity });
        }
        kernel::bundle_add(self.counters.as_mut(), self.words, self.sum, hypervector);
        self.sum = Sum { count: self.sum.count + 1, held: (self.sum.held + 1) % (1 << HELD) };
        Ok(())
    }

    /// Adds `hypervector` `weight` times: a full adder or so for each of its words and each 1 among the digits of `weight`.
    ///
    /// # Errors
    /// If they do not all fit; nothing is added then.
    pub fn add_weighted(&mut self, hypervector: &[u32], weight: usize) -> Result<(), BundleFull> {
        let capacity = self.capacity();
        if weight > capacity.saturating_sub(self.sum.count) {
            return Err(BundleFull { capacity });
        }
        kernel::bundle_add_weighted(self.counters.as_mut(), self.words, self.sum, hypervector, weight);
        self.sum = Sum { count: self.sum.count + weight, held: (self.sum.held + weight) % (1 << HELD) };
        Ok(())
    }

    /// Adds all of `hypervectors` (`n x D / 32` words): the same as one by one, but the counters are read and written
    /// once for many.
    ///
    /// # Errors
    /// If they do not all fit; nothing is added then.
    pub fn add_all(&mut self, hypervectors: &[u32]) -> Result<(), BundleFull> {
        let (width, capacity) = (self.words.max(1), self.capacity());
        if hypervectors.len() / width > capacity.saturating_sub(self.sum.count) {
            return Err(BundleFull { capacity });
        }
        // Until none is held.
        let first = (self.sum.held.next_multiple_of(1 << HELD) - self.sum.held) * width;
        let (first, mut rest) = hypervectors.split_at_checked(first).unwrap_or((hypervectors, &[]));
        first.chunks_exact(width).try_for_each(|hypervector| self.add(hypervector))?;
        while rest.len() >= width {
            let left = rest.len() / width;
            let count = if left > kernel::BUNDLE_MOST { kernel::BUNDLE_MOST / 8 * 8 } else { left };
            let (these, others) = rest.split_at_checked(count * width).unwrap_or((rest, &[]));
            kernel::bundle_add_many(self.counters.as_mut(), self.words, self.sum.count, these);
            self.sum.count += count;
            rest = others;
        }
        Ok(())
    }

    /// Writes the majority of the hypervectors in it to `target`; `tie` decides where half are 1.
    pub fn majority_into(&self, tie: Tie, target: &mut [u32]) {
        kernel::bundle_majority(self.counters.as_ref(), self.words, self.sum, tie, target);
    }
}
