use serde::{Deserialize, Serialize};

use crate::{Component, FeatureSet, Ngram, Tie};

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
    /// Time steps T in a sample; 1 for feature rows.
    pub steps: u32,
    /// Channels C in a step.
    pub channels: u32,
    /// Whether samples are `f32`; otherwise they are `i16`.
    pub float: bool,
    /// [`columns_checksum`](super::columns_checksum) of the names of the channels; 0 if they have none.
    pub columns: u32,
    /// How samples become hypervectors.
    pub encoder: EncoderSpec,
    /// A second encoder, whose hypervector is joined to that of the first.
    pub joined: Option<EncoderSpec>,
    /// Class hypervectors of each class, at least 1.
    pub prototypes: u32,
    /// The names of the classes, in order, separated by line feeds.
    pub labels: &'a str,
    /// Where the model comes from.
    #[serde(borrow)]
    pub provenance: Provenance<'a>,
    /// Whether the model has a calibration, and of what kind.
    pub calibration: Option<CalibrationSpec>,
    /// What samples go through before they are encoded, if anything.
    pub front_end: Option<FrontEndSpec>,
    /// Whether a classification may stop early. Not in the metadata of a file, whose format says it: 7.
    #[serde(skip)]
    pub early_exit: bool,
}

/// A [`FrontEnd`](crate::FrontEnd) without its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontEndSpec {
    /// Biquads of each channel.
    pub sections: u32,
    /// The time constant of the envelope in steps; 0 for none.
    pub envelope: u32,
    /// Every how many steps one is kept, at least 1.
    pub decimation: u32,
    /// Exponent of two by which results are multiplied.
    pub gain: u32,
}

/// A [`Calibration`](crate::Calibration) without its rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationSpec {
    /// The share of the samples of each class that is rejected although they would be named rightly, 0 to 1.
    pub false_rejects: f32,
    /// Steps of the confidence, at least 1.
    pub steps: u32,
}

/// An [`Encoder`](crate::Encoder) without its rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncoderSpec {
    /// Its share of D in bits, a multiple of 32.
    pub dimension: u32,
    /// What is encoded of a sample.
    pub input: InputSpec,
    /// Levels M of the quantiser, or symbols.
    pub levels: u32,
    /// How a row is encoded.
    pub spatial: SpatialSpec,
    /// The majority rule, over channels and over time.
    pub tie: Tie,
}

impl EncoderSpec {
    fn components(&self) -> impl Iterator<Item = Component> + use<> {
        let input = match self.input {
            // Steps are added up.
            InputSpec::Steps(_) if self.spatial.is_additive() => None,
            InputSpec::Steps(_) | InputSpec::Sequence(_) => Some(Component::Ngrams),
            InputSpec::Features { .. } => Some(Component::WindowFeatures),
            InputSpec::Convolutions { .. } => Some(Component::Convolutions),
            InputSpec::Whole => None,
        };
        let regenerated = Some(Component::Regenerated);
        let (spatial, memories) = match self.spatial {
            SpatialSpec::Record { items: Source::Stored, level_rows: Source::Stored, .. } => {
                (Some(Component::Record), None)
            }
            SpatialSpec::Record { .. } => (None, regenerated),
            SpatialSpec::LearnedRecord => (Some(Component::LearnedRecord), None),
            SpatialSpec::Projection => (Some(Component::Projection), None),
            SpatialSpec::Ternary => (Some(Component::TernaryProjection), None),
            SpatialSpec::IntegerRecord { items: Source::Stored, level_rows: Source::Stored, .. } => {
                (Some(Component::IntegerRecord), None)
            }
            SpatialSpec::IntegerRecord { .. } => (Some(Component::IntegerRecord), regenerated),
            SpatialSpec::Table { .. } => (Some(Component::Table), None),
            SpatialSpec::Symbol { symbols: Source::Stored, .. } => (Some(Component::Symbols), None),
            SpatialSpec::Symbol { .. } => (Some(Component::Symbols), regenerated),
        };
        [spatial, memories, input].into_iter().flatten()
    }
}

/// An [`Input`](crate::Input) without its rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum InputSpec {
    /// Every time step is a row; n-grams are bundled.
    Steps(Ngram),
    /// The sample is one row.
    Whole,
    /// The features of the window are one row.
    Features {
        /// What is measured of each channel.
        set: FeatureSet,
        /// In how many parts of the window.
        parts: u32,
    },
    /// The same as `Steps`, of samples of any length up to T steps.
    Sequence(Ngram),
    /// How often patterns of its course are in the window is one row; from format 6 on.
    Convolutions {
        /// How many dilations its kernels have.
        dilations: u32,
    },
}

/// A [`Spatial`](crate::Spatial) encoder without its rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum SpatialSpec {
    /// Record encoding.
    Record {
        /// The seed of both memories.
        seed: u64,
        /// Where the item memory is.
        items: Source,
        /// Where the level memory is.
        level_rows: Source,
    },
    /// Projection encoding.
    Projection,
    /// The item of one symbol.
    Symbol {
        /// The seed of the memory.
        seed: u64,
        /// Where the memory is.
        symbols: Source,
    },
    /// Record encoding with learned memories and thresholds, all in the file.
    LearnedRecord,
    /// Record encoding whose bundle is not binarised.
    IntegerRecord {
        /// The seed of both memories.
        seed: u64,
        /// Where the item memory is.
        items: Source,
        /// Where the level memory is.
        level_rows: Source,
    },
    /// The same, and the class hypervectors, as a table of distances.
    Table {
        /// Whether entries have 16 bits; otherwise 8.
        wide: bool,
    },
    /// Projection encoding by a ternary matrix.
    Ternary,
}

impl SpatialSpec {
    /// Whether the encoding of several rows is the sum of theirs, as of an integer record and of a table.
    pub const fn is_additive(&self) -> bool {
        matches!(self, Self::IntegerRecord { .. } | Self::Table { .. })
    }
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

impl<'a> Metadata<'a> {
    /// Time steps that are encoded, T / d after a front end.
    pub(super) fn encoded_steps(&self) -> u32 {
        let decimation = self.front_end.map_or(1, |front_end| front_end.decimation);
        self.steps.checked_div(decimation).unwrap_or(0)
    }

    /// The names of the classes, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        // `str::split` can panic as far as the compiler sees; this cannot.
        self.labels.as_bytes().split(|&byte| byte == b'\n').map(|label| str::from_utf8(label).unwrap_or(""))
    }

    /// The encoders, one or two.
    pub fn encoders(&self) -> impl Iterator<Item = &EncoderSpec> {
        core::iter::once(&self.encoder).chain(&self.joined)
    }

    /// Class hypervectors, K P.
    pub(super) fn class_rows(&self) -> Option<usize> {
        self.labels().count().checked_mul(self.prototypes as usize)
    }

    /// What the model needs of the library; some may come twice.
    pub(super) fn components(&self) -> impl Iterator<Item = Component> {
        let front_end = self.front_end.map(|_| Component::FrontEnd);
        let early_exit = self.early_exit.then_some(Component::EarlyExit);
        self.encoders().flat_map(EncoderSpec::components).chain(front_end).chain(early_exit)
    }

    /// D in bits: the dimensions of the encoders together.
    pub fn dimension(&self) -> usize {
        self.encoders().map(|encoder| encoder.dimension as usize).sum()
    }
}
