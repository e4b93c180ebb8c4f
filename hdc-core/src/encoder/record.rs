use super::EncodeError;
use crate::{Component, ItemMemory, LevelMemory, Quantiser, Tie, Value, kernel};

/// Record encoding of one row of C numbers (channels of a time step, or features):
/// `S = majority_c( ID_c XOR L(x_c) )` (Rahimi et al. 2016; "record-based" in Ge & Parhi 2020).
///
/// ID is an [`ItemMemory`] with one item a channel, L a [`LevelMemory`] shared by all channels. Where C is
/// even, [`Tie`] decides.
///
/// In a learned encoder both memories are fitted to the data and a bit has a threshold of its own,
/// `S_i = 1 where sum_c (ID_c XOR L(x_c))_i >= theta_i`: the form of LDC (Duan, Xu & Ren 2022, arXiv 2203.04894), whose
/// batch normalisation is folded into theta. It costs the same, since the counters start at `2^(P-1) - theta_i`, and the
/// bit is their top digit.
#[derive(Clone, Debug)]
pub struct RecordEncoder<S> {
    /// From numbers to levels, a set of thresholds a channel.
    pub quantiser: Quantiser<S>,
    /// One hypervector a channel.
    pub items: ItemMemory<S>,
    /// One hypervector a level.
    pub levels: LevelMemory<S>,
    /// The rule for even C.
    pub tie: Tie,
    /// Of a learned encoder, the P planes of the counters at the start, from the lowest digit ([`Self::start_planes`]
    /// of `D / 32` words); otherwise empty.
    pub starts: S,
}

impl<S: AsRef<[u32]>> RecordEncoder<S> {
    /// The number of channels C.
    pub fn channels(&self) -> usize {
        self.items.len()
    }

    /// P, the digits of the counters of a learned encoder of C channels: the least for which `2^(P-1) > C`.
    pub const fn start_planes(channels: usize) -> usize {
        kernel::start_planes(channels)
    }

    /// Whether memories and thresholds are learned.
    pub fn is_learned(&self) -> bool {
        !self.starts.as_ref().is_empty()
    }

    /// Encodes `row` (C numbers) into `target` (`D / 32` words), with C words of working memory for the
    /// levels. Costs `C D / 32` steps of two loads, a XOR and a full adder.
    ///
    /// # Errors
    /// If `row` or `scratch` have the wrong length or a number is not finite.
    pub fn encode_into<V: Value>(&self, row: &[V], scratch: &mut [u32], target: &mut [u32]) -> Result<(), EncodeError> {
        let channels = self.channels();
        if row.len() != channels {
            return Err(EncodeError::Length { expected: channels, got: row.len() });
        }
        self.encode_keys(row.iter().map(|value| value.key()), scratch, target)
    }

    /// Encodes the row whose numbers have these [keys](Value::key); a number that is not finite has none.
    pub(crate) fn encode_keys(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        scratch: &mut [u32],
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        let levels = self.levels_of(keys, scratch)?;
        self.bundle_levels(levels, target.len(), 0, target)
    }

    /// The words of `target` from `from` on, of a hypervector of `words` words.
    #[inline]
    pub(crate) fn bundle_levels(
        &self,
        levels: &[u32],
        words: usize,
        from: usize,
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        match self.stored_rows() {
            Some((items, level_rows)) if self.is_learned() => {
                Component::LearnedRecord.require()?;
                kernel::record_started(items, level_rows, words, levels, self.starts.as_ref(), from, target);
            }
            Some((items, level_rows)) => {
                Component::Record.require()?;
                kernel::record(items, level_rows, words, levels, self.tie, from, target);
            }
            None => {
                Component::Regenerated.require()?;
                self.regenerate_into(levels, from, target);
            }
        }
        Ok(())
    }

    /// All items and all levels, if both are stored.
    pub fn stored_rows(&self) -> Option<(&[u32], &[u32])> {
        self.items.stored_rows().zip(self.levels.stored_rows())
    }

    /// The level of each channel, in the first words of `scratch`.
    pub(super) fn levels_of<'a>(
        &self,
        keys: impl Iterator<Item = Option<i32>>,
        scratch: &'a mut [u32],
    ) -> Result<&'a [u32], EncodeError> {
        let (expected, got) = (self.channels(), scratch.len());
        let levels = scratch.get_mut(..expected).ok_or(EncodeError::Scratch { expected, got })?;
        for (channel, (level, key)) in levels.iter_mut().zip(keys).enumerate() {
            *level = key.ok_or(EncodeError::NotFinite { index: channel })?.cast_unsigned();
        }
        self.quantiser.quantise(levels);
        Ok(levels)
    }

    /// The same where an item or a level has to be computed, which takes longer than all else.
    fn regenerate_into(&self, levels: &[u32], from: usize, target: &mut [u32]) {
        for ((word, target), rank) in target.iter_mut().enumerate().zip(self.levels.ranks()).skip(from) {
            let mut planes = [0; 16];
            for (channel, &level) in levels.iter().enumerate() {
                let level = self.levels.word_from(level as usize, word, rank);
                kernel::count(&mut planes, self.items.word(channel, word) ^ level);
            }
            *target = kernel::majority(&planes, levels.len(), self.tie);
        }
    }
}
