//! Memories of random hypervectors, stored or regenerated from a seed.

mod item;
mod level;

pub use item::ItemMemory;
pub use level::LevelMemory;

use rand_core::Rng;
use rand_core::SeedableRng;
use rand_xoshiro::SplitMix64;

/// Where the rows of a memory come from. Both give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows<S> {
    /// All rows, one after the other: fast, `rows * D / 8` bytes.
    Stored(S),
    /// Computed whenever they are needed: no bytes.
    Regenerated,
}

impl<S: AsRef<[u32]>> Rows<S> {
    /// All rows, if they are stored.
    #[inline]
    fn all(&self) -> Option<&[u32]> {
        match self {
            Self::Stored(rows) => Some(rows.as_ref()),
            Self::Regenerated => None,
        }
    }

    /// Row `index` of rows of `words` words, if it is stored.
    #[inline]
    fn row(&self, index: usize, words: usize) -> Option<&[u32]> {
        self.all()?.get(index * words..(index + 1) * words)
    }
}

/// Word `word` of random row `row` of `seed`: the `row * 2^16 + word / 2`-th output of `SplitMix64`, low
/// half first. Its state is a counter, so any output is reached at once, and rows of a shorter
/// dimension are prefixes of longer ones (up to D = 4,194,304).
#[inline]
fn random_word(seed: u64, row: u64, word: usize) -> u32 {
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15; // SplitMix64's increment (Steele et al. 2014)
    let output = (row << 16) + (word / 2) as u64;
    let state = seed.wrapping_add(GAMMA.wrapping_mul(output));
    let pair = SplitMix64::from_seed(state.to_le_bytes()).next_u64();
    (if word.is_multiple_of(2) { pair } else { pair >> 32 }) as u32
}
