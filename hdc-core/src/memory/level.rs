use super::{Rows, random_word};
use crate::kernel;

/// Where the base hypervectors of level memories lie among the random rows of a seed, beyond all items.
const BASE_ROW: u64 = 1 << 40;

/// Hypervectors for the levels of a quantity, more similar the closer the levels (continuous item memory):
/// `M x D` bits.
///
/// Level 0 is random; level l is level 0 with `flips(l) = round(l D / (M - 1))` bits flipped, always the
/// first ones of one fixed order of the dimensions. So `hamming(L_k, L_l) = |flips(k) - flips(l)|` exactly,
/// and the two ends are opposite (Ge & Parhi 2020; Rahimi et al. 2016 stop at D / 2, which does worse with
/// n-grams). The order is the rank `r_j = (a j) mod D` with `a` near `D / golden ratio` and coprime to D:
/// it scatters any run of flips evenly over the dimensions, needs no stored permutation, and a rotation
/// moves it far from itself, as n-grams need.
#[derive(Clone, Copy, Debug)]
pub struct LevelMemory<S> {
    seed: u64,
    rows: Rows<S>,
    levels: usize,
    words: usize,
    step: u32,
}

impl LevelMemory<&'static [u32]> {
    /// The memory of `levels` levels of `words` words that `seed` stands for, regenerated on the fly.
    pub const fn seeded(seed: u64, levels: usize, words: usize) -> Self {
        Self::new(seed, Rows::Regenerated, levels, words)
    }
}

impl<S> LevelMemory<S> {
    /// A memory of `levels` levels of `words` words from `rows`. The seed matters for regenerated rows
    /// only.
    pub const fn new(seed: u64, rows: Rows<S>, levels: usize, words: usize) -> Self {
        Self { seed, rows, levels, words, step: rank_step(words as u32 * 32) }
    }

    /// The number of levels M.
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// How many bits differ between level 0 and level `level`.
    pub fn flips(&self, level: usize) -> u32 {
        let ends = (self.levels as u64).saturating_sub(1).max(1);
        ((level as u64 * self.words as u64 * 32 + ends / 2) / ends) as u32
    }

    /// The rank of the first dimension of each word, in order.
    pub(crate) fn ranks(&self) -> impl Iterator<Item = u32> + use<S> {
        let dimension = (self.words as u32).saturating_mul(32).max(1);
        let next = (u64::from(self.step) * 32 % u64::from(dimension)) as u32;
        core::iter::successors(Some(0), move |&rank| Some(advance(rank, next, dimension)))
    }

    /// The 32 dimensions from that of rank `rank` on that are flipped in level `level`.
    fn flipped(&self, level: usize, mut rank: u32) -> u32 {
        let (dimension, flips) = ((self.words as u32).saturating_mul(32), self.flips(level));
        let mut flipped = 0;
        for _ in 0..32 {
            flipped = flipped >> 1 | u32::from(rank < flips) << 31;
            rank = advance(rank, self.step, dimension);
        }
        flipped
    }
}

/// `(rank + step) mod dimension`, for both below `dimension`.
#[inline]
fn advance(rank: u32, step: u32, dimension: u32) -> u32 {
    let next = rank.wrapping_add(step);
    if next >= dimension { next.wrapping_sub(dimension) } else { next }
}

impl<S: AsRef<[u32]>> LevelMemory<S> {
    /// All levels, `M x words`, if they are stored.
    #[inline]
    pub fn stored_rows(&self) -> Option<&[u32]> {
        self.rows.all()
    }

    /// Level `level`, if it is stored.
    #[inline]
    pub fn row(&self, level: usize) -> Option<&[u32]> {
        self.rows.row(level, self.words)
    }

    /// Word `word` of level `level`. Stored: one load. Regenerated: about 300 instructions.
    #[inline]
    pub fn word(&self, level: usize, word: usize) -> u32 {
        let dimension = (self.words as u64 * 32).max(1);
        self.word_from(level, word, (u64::from(self.step) * (word as u64 * 32) % dimension) as u32)
    }

    /// The same, for a caller that knows the rank of the word's first dimension.
    #[inline]
    pub(crate) fn word_from(&self, level: usize, word: usize, rank: u32) -> u32 {
        match &self.rows {
            Rows::Stored(rows) => rows.as_ref().get(level * self.words + word).copied().unwrap_or(0),
            Rows::Regenerated => random_word(self.seed, BASE_ROW, word) ^ self.flipped(level, rank),
        }
    }

    /// Binds level `level` to `target`: `target ^= level`.
    pub fn bind_row(&self, level: usize, target: &mut [u32]) {
        match self.row(level) {
            Some(row) => kernel::xor_assign(target, row),
            None => target.iter_mut().enumerate().for_each(|(word, bits)| *bits ^= self.word(level, word)),
        }
    }
}

#[cfg(feature = "alloc")]
impl LevelMemory<alloc::vec::Vec<u32>> {
    /// The memory of `levels` levels of `words` words that `seed` stands for, stored.
    pub fn stored(seed: u64, levels: usize, words: usize) -> Self {
        let source = LevelMemory::seeded(seed, levels, words);
        let rows = (0..levels * words).map(|at| source.word(at / words, at % words)).collect();
        Self::new(seed, Rows::Stored(rows), levels, words)
    }
}

/// The number nearest above `dimension / golden ratio` that has no common divisor with `dimension`.
const fn rank_step(dimension: u32) -> u32 {
    const GOLDEN: u64 = 0x9e37_79b9; // 2^32 / golden ratio
    if dimension == 0 {
        return 0;
    }
    let mut step = (dimension as u64 * GOLDEN >> 32) as u32;
    while greatest_common_divisor(step, dimension) != 1 {
        step += 1;
    }
    step
}

const fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
