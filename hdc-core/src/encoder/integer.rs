//! Record encoding that is left as integers.

use super::EncodeError;
use super::record::RecordEncoder;
use crate::{Component, Tie, kernel};

/// The bundle of N hypervectors as it is before the majority: a number in every dimension, bit-sliced into P digits.
///
/// `S = sum_i B_i` over bipolar hypervectors, with P the digits of N. An even N counts the tie's hypervector once more, so
/// that N is odd. Digit p of all dimensions is one hypervector of D bits; the counters start at `(2^P - 1 - N) / 2`, so
/// that `S_j = 2 n_j - (2^P - 1)`, and the weighted distance to a binary class hypervector,
/// `sum_p 2^p hamming(digit p, C) = ((2^P - 1) D - <S, C>) / 2`, orders as the dot product does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerBundle {
    /// How many hypervectors are bundled, N without a tie.
    pub total: usize,
    /// What is counted once more if that is even.
    pub tie: Tie,
}

impl IntegerBundle {
    /// The most digits that there are in a model.
    pub const MOST_DIGITS: usize = 19;

    /// P, the digits of N.
    pub const fn digits(self) -> usize {
        (usize::BITS - (self.total | 1).leading_zeros()) as usize
    }

    /// What every counter starts at, without the tie.
    pub const fn start(self) -> usize {
        (usize::MAX >> (usize::BITS as usize - self.digits())).saturating_sub(self.total | 1) / 2
    }

    /// Whether the tie's hypervector is counted.
    pub const fn counts_tie(self) -> bool {
        self.total.is_multiple_of(2)
    }

    /// Sets the counters in `planes` (`P x D / 32` words) to their start.
    pub(crate) fn begin(self, planes: &mut [u32]) {
        let mut digits = [0; Self::MOST_DIGITS];
        let start = self.start();
        for (digit, word) in digits.iter_mut().enumerate() {
            *word = if start >> digit & 1 == 1 { !0 } else { 0 };
        }
        if self.counts_tie() {
            kernel::count(&mut digits, self.tie.word());
        }
        let words = planes.len().checked_div(self.digits()).unwrap_or(0).max(1);
        planes.chunks_mut(words).zip(digits).for_each(|(plane, word)| plane.fill(word));
    }
}

impl<S: AsRef<[u32]>> RecordEncoder<S> {
    /// Adds the bound hypervectors of the row with these [keys](crate::Value::key) to the counters in `planes`, bit-sliced
    /// digits from the lowest, of `words` words each. Costs what encoding costs.
    pub(crate) fn add_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        words: usize,
        scratch: &mut [u32],
        planes: &mut [u32],
    ) -> Result<(), EncodeError> {
        let levels = self.levels_of(keys, scratch)?;
        if let Some((items, level_rows)) = self.stored_rows() {
            kernel::record_count(items, level_rows, words, levels, planes);
        } else {
            Component::Regenerated.require()?;
            self.count_regenerated(levels, words, planes);
        }
        Ok(())
    }

    /// The same where an item or a level has to be computed.
    fn count_regenerated(&self, levels: &[u32], words: usize, planes: &mut [u32]) {
        for (word, rank) in (0..words).zip(self.levels.ranks()) {
            let mut digits = [0; IntegerBundle::MOST_DIGITS];
            let column = || (word..planes.len()).step_by(words.max(1));
            for (digit, at) in digits.iter_mut().zip(column()) {
                *digit = planes.get(at).copied().unwrap_or(0);
            }
            for (channel, &level) in levels.iter().enumerate() {
                let level = self.levels.word_from(level as usize, word, rank);
                kernel::count(&mut digits, self.items.word(channel, word) ^ level);
            }
            for (digit, at) in digits.into_iter().zip(column()) {
                if let Some(plane) = planes.get_mut(at) {
                    *plane = digit;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_start_so_that_all_sums_are_odd_and_centred() {
        for total in 1..200_usize {
            let whole = total.cast_signed() as i64;
            for tie in [Tie::Zero, Tie::One, Tie::Alternating] {
                let bundle = IntegerBundle { total, tie };
                let (digits, mut planes) = (bundle.digits(), [7; IntegerBundle::MOST_DIGITS]);
                bundle.begin(&mut planes[..digits]);
                let most = (1 << digits) - 1;
                for bit in 0..32 {
                    let count = planes[..digits].iter().rev().fold(0, |count, plane| count << 1 | plane >> bit & 1);
                    let tied = if total % 2 == 0 { tie.word() >> bit & 1 } else { 0 };
                    // With all bits 0, the sum is -N, or one more or less with the tie.
                    let sum = 2 * i64::from(count) - most;
                    let expected = -whole + if total % 2 == 0 { 2 * i64::from(tied) - 1 } else { 0 };
                    assert_eq!(sum, expected, "{total} {tie:?} bit {bit}");
                    assert!(i64::from(count) + whole <= most);
                }
            }
        }
    }
}
