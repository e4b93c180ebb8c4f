//! Trainers that differ from another in one setting.

use std::sync::Arc;

use hdc_core::model::Source;

use super::Trainer;
use crate::encoding::Encoding;

impl Trainer {
    /// The same in another dimension, of which a second encoding keeps its share.
    pub(crate) fn resized(&self, dimension: usize) -> Self {
        let share = |part: usize| (part * dimension / self.dimension / 32 * 32).max(32);
        let joined = self.joined.as_ref().map(|(encoding, part)| (encoding.clone(), share(*part)));
        Self { dimension, joined, ..self.clone() }
    }

    /// The same with as many class hypervectors a class, if the method can have them.
    pub(crate) fn with_prototypes(&self, each: usize) -> Self {
        let method = self.method.with_prototypes(each).map_or_else(|| self.method.clone(), Arc::from);
        Self { method, ..self.clone() }
    }

    /// The same with stored or regenerated memories in all encodings: the model classifies alike.
    #[must_use]
    pub fn with_memories(&self, memories: Source) -> Self {
        let mut trainer = self.clone();
        trainer.encoding = trainer.encoding.memories(memories);
        trainer.joined = trainer.joined.map(|(encoding, dimension)| (encoding.memories(memories), dimension));
        trainer
    }

    /// The same with half as many levels, at least two.
    pub(crate) fn with_half_levels(&self) -> Self {
        let half = |encoding: Encoding| {
            let levels = (encoding.levels / 2).max(2);
            if encoding.is_symbols() { encoding } else { encoding.levels(levels) }
        };
        let mut trainer = self.clone();
        trainer.encoding = half(trainer.encoding);
        trainer.joined = trainer.joined.map(|(encoding, dimension)| (half(encoding), dimension));
        trainer
    }

    /// The same with this encoding alone.
    pub(crate) fn with_only(&self, encoding: Encoding) -> Self {
        Self { encoding, joined: None, ..self.clone() }
    }

    /// The same with another first (0) or second (1) encoding.
    pub(crate) fn replace(&self, place: usize, encoding: Encoding) -> Self {
        let mut trainer = self.clone();
        match &mut trainer.joined {
            Some((second, _)) if place == 1 => *second = encoding,
            _ => trainer.encoding = encoding,
        }
        trainer
    }

    /// The same with a second encoding in half of the dimension.
    pub(crate) fn join_half(&self, encoding: Encoding) -> Self {
        self.clone().join(encoding, self.dimension / 64 * 32)
    }
}
