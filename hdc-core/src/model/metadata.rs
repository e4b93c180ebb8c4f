use serde::{Deserialize, Serialize};

use crate::{Ngram, Tie};

/// Where a memory's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// In the file.
    Stored,
    /// Nowhere: they are regenerated from the seed.
    Regenerated,
}

/// Everything a model file says besides its rows, encoded with postcard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metadata<'a> {
    /// D in bits, a multiple of 32.
    pub dimension: u32,
    /// Time steps T in a sample; 1 for feature rows.
    pub steps: u32,
    /// Channels C in a step.
    pub channels: u32,
    /// Whether samples are `f32`; otherwise they are `i16`.
    pub float: bool,
    /// [`columns_checksum`](super::columns_checksum) of the names of the channels; 0 if they have none.
    pub columns: u32,
    /// Levels M of the quantiser and the level memory.
    pub levels: u32,
    /// The seed of both memories.
    pub seed: u64,
    /// Where the item memory is.
    pub items: Source,
    /// Where the level memory is.
    pub level_rows: Source,
    /// The temporal n-gram.
    pub ngram: Ngram,
    /// The majority rule, over channels and over time.
    pub tie: Tie,
    /// The names of the classes, in order, separated by line feeds.
    pub labels: &'a str,
    /// Where the model comes from.
    #[serde(borrow)]
    pub provenance: Provenance<'a>,
}

/// Where a model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance<'a> {
    /// The data set it was trained on.
    pub data: &'a str,
    /// How many samples that were.
    pub samples: u32,
    /// The training method and its parameters.
    pub method: &'a str,
    /// Share of the training samples that it classifies correctly, 0 to 1.
    pub train_accuracy: f32,
    /// Name and version of the library that wrote it.
    pub library: &'a str,
}

/// Words in each section of the rows, in the order of the file.
pub(super) struct Sections {
    pub(super) thresholds: usize,
    pub(super) items: usize,
    pub(super) levels: usize,
    pub(super) classes: usize,
}

impl<'a> Metadata<'a> {
    /// The names of the classes, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        // `str::split` can panic as far as the compiler sees; this cannot.
        self.labels.as_bytes().split(|&byte| byte == b'\n').map(|label| str::from_utf8(label).unwrap_or(""))
    }

    /// The size of the sections; `None` if they do not fit into an address space.
    pub(super) fn sections(&self) -> Option<Sections> {
        let words = self.dimension as usize / 32;
        let stored = |source, rows: u32| match source {
            Source::Stored => (rows as usize).checked_mul(words),
            Source::Regenerated => Some(0),
        };
        Some(Sections {
            thresholds: (self.channels as usize).checked_mul((self.levels as usize).checked_sub(1)?)?,
            items: stored(self.items, self.channels)?,
            levels: stored(self.level_rows, self.levels)?,
            classes: self.labels().count().checked_mul(words)?,
        })
    }
}
