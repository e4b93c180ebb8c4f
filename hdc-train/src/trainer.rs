use hdc_core::model::{self, Metadata, ModelError, Parts, Provenance, Source};
use hdc_core::{EncodeError, Encoder, ItemMemory, LevelMemory, Ngram, Quantiser, RecordEncoder, Tie};
use thiserror::Error;

use crate::centroid::ClassCounts;
use crate::dataset::{Dataset, DatasetError, Shape};
use crate::encoded::Encoded;
use crate::evaluate::Evaluation;
use crate::model::ModelBuf;
use crate::predict::{PredictError, predict};
use crate::progress::{Progress, Stage, silent};
use crate::quantise::{self, Scale};
use crate::retrain::Retrain;
use crate::split::Split;
use crate::values::Values;

/// Trains a classifier: a builder with defaults that work.
///
/// A feature row is record-encoded, a window is the bundle of its n-grams; see
/// [`Encoder`](hdc_core::Encoder).
#[derive(Clone, Debug, PartialEq)]
pub struct Trainer {
    dimension: usize,
    levels: usize,
    scale: Scale,
    ngram: Option<Ngram>,
    tie: Tie,
    seed: u64,
    retrain: Retrain,
    memories: Source,
}

/// Why nothing was trained.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum TrainError {
    /// The dimension is not one.
    #[error("the dimension is {got}: choose a multiple of 32 from 32 to 4,194,272")]
    Dimension {
        /// The dimension asked for.
        got: usize,
    },
    /// The number of levels is not one.
    #[error("{got} levels: choose from 2 to 65,535")]
    Levels {
        /// The levels asked for.
        got: usize,
    },
    /// The quantiser would clip everything.
    #[error("the quantiser clips the share {got} at each end: choose from 0 up to but not including 0.5")]
    Clip {
        /// The share asked for.
        got: f32,
    },
    /// There are more channels than a model can count.
    #[error("{got} channels or features, at most 65,535 are possible: leave some out")]
    Channels {
        /// Channels of the data.
        got: usize,
    },
    /// A window is too short for one n-gram.
    #[error("an n-gram of order {} and stride {} reaches over {} steps, a window has {steps}: use longer windows \
             or a smaller order", ngram.order, ngram.stride, ngram.span())]
    Window {
        /// The n-gram asked for.
        ngram: Ngram,
        /// Steps in a window.
        steps: usize,
    },
    /// There is nothing to tell apart.
    #[error("all {samples} training samples have the label `{label}`: a classifier needs at least two")]
    OneClass {
        /// Training samples.
        samples: usize,
        /// Their label.
        label: String,
    },
    /// A class has nothing to learn from.
    #[error("no training sample has the label `{label}`: add some, or remove the label")]
    EmptyClass {
        /// The label.
        label: String,
    },
    /// A label cannot be written into a model.
    #[error("the label `{label}` is empty or has a line feed: rename it")]
    Label {
        /// The label.
        label: String,
    },
    /// The encoder refuses a sample.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The model cannot be written.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A split has an empty side.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A test sample does not fit.
    #[error(transparent)]
    Predict(#[from] PredictError),
}

impl Default for Trainer {
    fn default() -> Self {
        Self {
            dimension: 2048,
            levels: 16,
            scale: Scale::Quantile,
            ngram: None,
            tie: Tie::Alternating,
            seed: 1,
            retrain: Retrain::default(),
            memories: Source::Stored,
        }
    }
}

impl Trainer {
    /// The defaults: D = 2,048, 16 levels by quantile, [`Ngram::spread`] over a window, retraining with a
    /// margin.
    pub fn new() -> Self {
        Self::default()
    }

    /// The dimension D of all hypervectors, a multiple of 32.
    #[must_use]
    pub fn dimension(mut self, dimension: usize) -> Self {
        self.dimension = dimension;
        self
    }

    /// The number of levels M that a value is quantised to.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// How the levels are spread over the values of a channel.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// How many time steps are bound together, and how far apart they are. Order 1 binds none.
    #[must_use]
    pub fn ngram(mut self, order: u16, stride: u16) -> Self {
        self.ngram = Some(Ngram { order, stride });
        self
    }

    /// The seed of the item and level memories.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How mistakes on the training samples are learned from.
    #[must_use]
    pub fn retrain(mut self, retrain: Retrain) -> Self {
        self.retrain = retrain;
        self
    }

    /// Whether the item and level memories are stored in the model (fast) or regenerated on the chip
    /// (small). The classification is the same.
    #[must_use]
    pub fn memories(mut self, memories: Source) -> Self {
        self.memories = memories;
        self
    }

    /// Trains on all samples of `data`.
    ///
    /// # Errors
    /// If a setting is out of range or the data cannot be learned from.
    pub fn fit(&self, data: &Dataset) -> Result<ModelBuf, TrainError> {
        self.fit_with(data, &silent)
    }

    /// Trains on all samples of `data` and reports how far it is.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_with(&self, data: &Dataset, progress: &(dyn Fn(Progress) + Sync)) -> Result<ModelBuf, TrainError> {
        self.check(data)?;
        let channels = data.shape().channels;
        progress(Progress { stage: Stage::Quantise, done: 0, total: channels });
        let encoder = self.encoder(data);
        progress(Progress { stage: Stage::Quantise, done: channels, total: channels });
        let encoded = Encoded::new(&encoder, data, progress)?;
        let mut counts = ClassCounts::of(&encoded);
        let (classes, train_accuracy) = self.retrain.run(&encoded, &mut counts, self.tie, self.seed, progress);
        self.write(data, &encoder, &classes, train_accuracy)
    }

    fn ngram_of(&self, steps: usize) -> Ngram {
        self.ngram.unwrap_or(Ngram::spread(steps))
    }

    fn encoder(&self, data: &Dataset) -> Encoder<Vec<u32>> {
        let words = self.dimension / 32;
        let record = RecordEncoder {
            quantiser: Quantiser::new(quantise::fit(data, self.scale, self.levels), self.levels),
            items: ItemMemory::stored(self.seed, data.shape().channels, words),
            levels: LevelMemory::stored(self.seed, self.levels, words),
            tie: self.tie,
        };
        let steps = data.shape().steps;
        Encoder { record, steps, ngram: self.ngram_of(steps), words, tie: self.tie }
    }

    fn write(
        &self,
        data: &Dataset,
        encoder: &Encoder<Vec<u32>>,
        classes: &[u32],
        train_accuracy: f32,
    ) -> Result<ModelBuf, TrainError> {
        let method = format!("{:?}, centroid, {:?}", self.scale, self.retrain);
        let metadata = Metadata {
            dimension: self.dimension as u32,
            steps: data.shape().steps as u32,
            channels: data.shape().channels as u32,
            columns: model::columns_checksum(data.columns().iter().map(String::as_str)),
            float: matches!(data.values(), Values::F32(_)),
            levels: self.levels as u32,
            seed: self.seed,
            items: self.memories,
            level_rows: self.memories,
            ngram: encoder.ngram,
            tie: self.tie,
            labels: &data.classes().join("\n"),
            provenance: Provenance {
                data: data.name(),
                samples: data.len() as u32,
                method: &method,
                train_accuracy,
                library: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
            },
        };
        // Training always stores them, for speed.
        let kept = |rows: Option<_>| rows.filter(|_| self.memories == Source::Stored).unwrap_or(&[][..]);
        let parts = Parts {
            thresholds: encoder.record.quantiser.all(),
            items: kept(encoder.record.items.stored_rows()),
            levels: kept(encoder.record.levels.stored_rows()),
            classes,
        };
        Ok(ModelBuf::from_written(model::write(&metadata, &parts)?))
    }

    fn check(&self, data: &Dataset) -> Result<(), TrainError> {
        if self.dimension == 0 || !self.dimension.is_multiple_of(32) || self.dimension >= 1 << 22 {
            return Err(TrainError::Dimension { got: self.dimension });
        }
        if !(2..1 << 16).contains(&self.levels) {
            return Err(TrainError::Levels { got: self.levels });
        }
        if let Scale::Uniform { clip } = self.scale
            && !(0.0..0.5).contains(&clip)
        {
            return Err(TrainError::Clip { got: clip });
        }
        let Shape { steps, channels } = data.shape();
        if channels >= 1 << 16 {
            return Err(TrainError::Channels { got: channels });
        }
        let ngram = self.ngram_of(steps);
        if ngram.order == 0 || ngram.stride == 0 || ngram.span() > steps {
            return Err(TrainError::Window { ngram, steps });
        }
        if let Some(label) = data.classes().iter().find(|label| label.is_empty() || label.contains('\n')) {
            return Err(TrainError::Label { label: label.clone() });
        }
        let mut seen = vec![false; data.classes().len()];
        data.labels().iter().for_each(|&label| seen[label] = true);
        if seen.iter().filter(|&&seen| seen).count() < 2 {
            let label = data.classes()[data.labels()[0]].clone();
            return Err(TrainError::OneClass { samples: data.len(), label });
        }
        match seen.iter().position(|&seen| !seen) {
            Some(class) => Err(TrainError::EmptyClass { label: data.classes()[class].clone() }),
            None => Ok(()),
        }
    }
}

/// Trains on one side of each split and measures on the other: one evaluation a split.
///
/// # Errors
/// As [`Trainer::fit`], for any split.
pub fn cross_validate(
    trainer: &Trainer,
    data: &Dataset,
    splits: &[Split],
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<Evaluation>, TrainError> {
    let fold = |(done, split): (usize, &Split)| {
        progress(Progress { stage: Stage::Fold, done, total: splits.len() });
        let (train, test) = (data.subset(&split.train)?, data.subset(&split.test)?);
        let model = trainer.fit_with(&train, progress)?;
        let predicted: Vec<usize> = predict(&model.view(), &test)?.iter().map(|nearest| nearest.class).collect();
        Ok(Evaluation::new(data.classes().len(), test.labels(), &predicted))
    };
    splits.iter().enumerate().map(fold).collect()
}
