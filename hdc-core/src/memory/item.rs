use super::{Rows, random_word};
use crate::kernel;

/// Independent random hypervectors, one for each item (channel, feature, symbol): `n x D` bits.
///
/// Any two of them differ in about D / 2 bits (Kanerva 2009).
#[derive(Clone, Copy, Debug)]
pub struct ItemMemory<S> {
    seed: u64,
    rows: Rows<S>,
    len: usize,
    words: usize,
}

impl ItemMemory<&'static [u32]> {
    /// The memory of `len` items of `words` words that `seed` stands for, regenerated on the fly.
    pub const fn seeded(seed: u64, len: usize, words: usize) -> Self {
        Self { seed, rows: Rows::Regenerated, len, words }
    }
}

impl<S: AsRef<[u32]>> ItemMemory<S> {
    /// A memory of `len` items of `words` words from `rows`. The seed matters for regenerated rows only.
    pub const fn new(seed: u64, rows: Rows<S>, len: usize, words: usize) -> Self {
        Self { seed, rows, len, words }
    }

    /// The seed of regenerated rows.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How many items it holds.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All items, `n x words`, if they are stored.
    #[inline]
    pub fn stored_rows(&self) -> Option<&[u32]> {
        self.rows.all()
    }

    /// Item `index`, if it is stored.
    #[inline]
    pub fn row(&self, index: usize) -> Option<&[u32]> {
        self.rows.row(index, self.words)
    }

    /// Word `word` of item `index`. Stored: one load. Regenerated: one step of `SplitMix64`.
    #[inline]
    pub fn word(&self, index: usize, word: usize) -> u32 {
        match &self.rows {
            Rows::Stored(rows) => rows.as_ref().get(index * self.words + word).copied().unwrap_or(0),
            Rows::Regenerated => random_word(self.seed, index as u64, word),
        }
    }

    /// Binds item `index` to `target`: `target ^= item`.
    pub fn bind_row(&self, index: usize, target: &mut [u32]) {
        match self.row(index) {
            Some(row) => kernel::xor_assign(target, row),
            None => target.iter_mut().enumerate().for_each(|(word, bits)| *bits ^= self.word(index, word)),
        }
    }
}

#[cfg(feature = "alloc")]
impl ItemMemory<alloc::vec::Vec<u32>> {
    /// The memory of `len` items of `words` words that `seed` stands for, stored.
    pub fn stored(seed: u64, len: usize, words: usize) -> Self {
        let source = ItemMemory::seeded(seed, len, words);
        let rows = (0..len * words).map(|at| source.word(at / words, at % words)).collect();
        Self { seed, rows: Rows::Stored(rows), len, words }
    }
}
