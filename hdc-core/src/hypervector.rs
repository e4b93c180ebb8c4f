use core::fmt;

use bitvec::order::Lsb0;
use bitvec::slice::BitSlice;

use crate::kernel;

/// A binary hypervector over any storage of words: an array on a chip's stack, a `Vec` in a trainer, a
/// slice of flash.
///
/// Its dimension is `32 * words`. Bit i is bit `i % 32` of word `i / 32`.
///
/// ```
/// use hdc_core::Hypervector;
///
/// let key = Hypervector::new([0x00ff_00ff_u32, 0x1234_5678]);
/// let mut bound = Hypervector::new([0xdead_beef_u32, 0xcafe_f00d]);
/// bound.bind_assign(&key);
/// bound.bind_assign(&key); // bind is its own inverse
/// assert_eq!(bound.words(), [0xdead_beef, 0xcafe_f00d]);
/// assert_eq!(bound.dimension(), 64);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hypervector<S> {
    words: S,
}

impl<S: AsRef<[u32]>> Hypervector<S> {
    /// The hypervector made of `words`.
    pub const fn new(words: S) -> Self {
        Self { words }
    }

    /// Its words, the lowest bits first.
    pub fn words(&self) -> &[u32] {
        self.words.as_ref()
    }

    /// Its dimension D, in bits.
    pub fn dimension(&self) -> usize {
        self.words().len() * 32
    }

    /// Its bits, to index, iterate and display.
    ///
    /// ```
    /// let hypervector = hdc_core::Hypervector::new([0b101_u32]);
    /// assert!(hypervector.bits()[2]);
    /// assert_eq!(hypervector.bits().iter_ones().collect::<Vec<_>>(), [0, 2]);
    /// ```
    pub fn bits(&self) -> &BitSlice<u32, Lsb0> {
        BitSlice::from_slice(self.words())
    }

    /// Hamming distance to `other`: the number of differing bits, `0..=D`. Costs `D / 32` XORs and
    /// population counts.
    ///
    /// # Panics
    /// If the dimensions differ.
    pub fn hamming<T: AsRef<[u32]>>(&self, other: &Hypervector<T>) -> u32 {
        assert_eq!(self.dimension(), other.dimension(), "hypervectors of one dimension are compared");
        kernel::hamming(self.words(), other.words())
    }

    /// Writes `permute(self, by)` to `target`: bit i goes to bit `(i + by) mod D`.
    ///
    /// # Panics
    /// If the dimensions differ.
    pub fn permute_into<T: AsRef<[u32]> + AsMut<[u32]>>(&self, by: usize, target: &mut Hypervector<T>) {
        assert_eq!(self.dimension(), target.dimension(), "permute keeps the dimension");
        target.words.as_mut().fill(0);
        kernel::rotate_xor_assign(target.words.as_mut(), self.words(), by);
    }
}

impl<S: AsRef<[u32]> + AsMut<[u32]>> Hypervector<S> {
    /// Its words, to write.
    pub fn words_mut(&mut self) -> &mut [u32] {
        self.words.as_mut()
    }

    /// Binds `key` to it: `self = self XOR key`.
    ///
    /// # Panics
    /// If the dimensions differ.
    pub fn bind_assign<T: AsRef<[u32]>>(&mut self, key: &Hypervector<T>) {
        assert_eq!(self.dimension(), key.dimension(), "hypervectors of one dimension are bound");
        kernel::xor_assign(self.words.as_mut(), key.words());
    }
}

#[cfg(feature = "alloc")]
impl Hypervector<alloc::vec::Vec<u32>> {
    /// The hypervector of dimension `dimension` whose bits are all 0.
    ///
    /// # Panics
    /// If `dimension` is not a multiple of 32.
    pub fn zero(dimension: usize) -> Self {
        assert!(dimension.is_multiple_of(32), "a dimension is a multiple of 32");
        Self { words: alloc::vec![0; dimension / 32] }
    }

    /// The `index`-th of the independent random hypervectors that `seed` stands for; each bit is 1 with
    /// probability 1/2. It is what an [`ItemMemory`](crate::ItemMemory) of that seed holds.
    ///
    /// # Panics
    /// If `dimension` is not a multiple of 32.
    pub fn random(dimension: usize, seed: u64, index: usize) -> Self {
        let mut result = Self::zero(dimension);
        crate::ItemMemory::seeded(seed, index + 1, dimension / 32).bind_row(index, &mut result.words);
        result
    }
}

#[cfg(feature = "alloc")]
impl<S: AsRef<[u32]>> Hypervector<S> {
    /// `self XOR key`.
    ///
    /// # Panics
    /// If the dimensions differ.
    #[must_use]
    pub fn bind<T: AsRef<[u32]>>(&self, key: &Hypervector<T>) -> Hypervector<alloc::vec::Vec<u32>> {
        let mut result = Hypervector::new(self.words().to_vec());
        result.bind_assign(key);
        result
    }

    /// `self` rotated: bit i goes to bit `(i + by) mod D`.
    #[must_use]
    pub fn permute(&self, by: usize) -> Hypervector<alloc::vec::Vec<u32>> {
        let mut result = Hypervector::zero(self.dimension());
        self.permute_into(by, &mut result);
        result
    }
}

impl<S: AsRef<[u32]>> fmt::Debug for Hypervector<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hypervector(D = {}", self.dimension())?;
        for word in self.words().iter().take(4) {
            write!(f, " {word:08x}")?;
        }
        f.write_str(if self.words().len() > 4 { " ..)" } else { ")" })
    }
}

impl<S> AsRef<[u32]> for Hypervector<S>
where
    S: AsRef<[u32]>,
{
    fn as_ref(&self) -> &[u32] {
        self.words()
    }
}
