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
/// one word, so one addition of `planes` logic steps counts 32 bits at once. Storage is
/// `D / 32 x planes` words of the caller's.
///
/// ```
/// use hdc_core::{Bundle, Tie};
///
/// let mut bundle = Bundle::new([0; 2], 1); // one word, two planes: up to three hypervectors
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
    planes: S,
    depth: usize,
    count: usize,
}

/// A bundle holds as many hypervectors as its counters can count: give it more planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleFull {
    /// The most it can hold.
    pub capacity: usize,
}

impl fmt::Display for BundleFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bundle holds {} hypervectors already: give it one more plane of counters", self.capacity)
    }
}

impl core::error::Error for BundleFull {}

/// Planes needed to count `total` hypervectors.
pub(crate) const fn planes_for(total: usize) -> usize {
    (usize::BITS - total.leading_zeros()) as usize
}

impl<S: AsRef<[u32]> + AsMut<[u32]>> Bundle<S> {
    /// An empty bundle of hypervectors of `words` words over `storage`, which is overwritten. It has
    /// `storage / words` planes and so holds up to `2^planes - 1` hypervectors.
    pub fn new(mut storage: S, words: usize) -> Self {
        storage.as_mut().fill(0);
        let depth = storage.as_ref().len().checked_div(words).unwrap_or(0);
        Self { planes: storage, depth, count: 0 }
    }

    /// How many hypervectors are in it.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Adds `hypervector` in `D / 32 * planes` steps.
    ///
    /// # Errors
    /// If the counters are full; nothing is added then.
    pub fn add(&mut self, hypervector: &[u32]) -> Result<(), BundleFull> {
        let capacity = u32::try_from(self.depth).ok().and_then(|depth| 1_usize.checked_shl(depth)).unwrap_or(0);
        if self.count >= capacity.wrapping_sub(1) {
            return Err(BundleFull { capacity: capacity.wrapping_sub(1) });
        }
        self.count += 1;
        for (planes, &bits) in self.planes.as_mut().chunks_exact_mut(self.depth.max(1)).zip(hypervector) {
            kernel::count(planes, bits);
        }
        Ok(())
    }

    /// Writes the majority of the hypervectors in it to `target`; `tie` decides where half are 1.
    pub fn majority_into(&self, tie: Tie, target: &mut [u32]) {
        let planes = self.planes.as_ref().chunks_exact(self.depth.max(1));
        for (target, planes) in target.iter_mut().zip(planes) {
            *target = kernel::majority(planes, self.count, tie.word());
        }
    }
}
