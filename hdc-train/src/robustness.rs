//! How much accuracy is left when bits of a model, or of its queries, are wrong.

mod damage;

pub(crate) use damage::Flipper;

use std::fmt;

use hdc_core::Model;
use hdc_core::model::ModelError;
use thiserror::Error;

use crate::dataset::Dataset;
use crate::encoded::Encoded;
use crate::evaluate::Spread;
use crate::model::ModelBuf;
use crate::predict::{PredictError, align, queries};
use crate::progress::{Progress, Stage};

/// Where bits are flipped.
///
/// Hypervectors are flipped, and the `i8` weights of projections, whose highest bits count most. What is never flipped are
/// the integers that are few and not spread over many dimensions: thresholds of quantisers, projections and learned
/// records, the values of levels, the exponents of features, the calibration. Nor are header and metadata, whose damage the checksum
/// finds before anything is classified. Memories that are regenerated have no bits in the file, which makes a model much
/// more robust: a wrong bit of an item is wrong in every sample, and an n-gram multiplies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlipTarget {
    /// The class hypervectors.
    Classes,
    /// The stored memories of the encoders: items, levels, symbols, and weights of projections.
    Memories,
    /// Both of these: all that is stored.
    Stored,
    /// The hypervector of each sample, each with flips of its own.
    Queries,
}

impl FlipTarget {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Classes, Self::Memories, Self::Stored, Self::Queries];
}

/// In a word.
impl fmt::Display for FlipTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classes => "classes",
            Self::Memories => "memories",
            Self::Stored => "stored",
            Self::Queries => "queries",
        })
    }
}

/// Which bit errors are measured: each bit is flipped with a probability, independently of all others.
///
/// An expected difference of two Hamming distances shrinks by `1 - 2 p` when bits are flipped at rate p, and gets a
/// standard deviation of `2 sqrt(d p (1 - p))` where d is the distance between the two class hypervectors. So in high
/// dimensions a third of the bits can be wrong (Kanerva 2009), in 256 they cannot: what is lost depends on D and on how
/// far apart the classes are, and is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Flips {
    /// Probabilities that a bit is flipped, 0 to 0.5, where nothing is left; in steps of 1 / 65,536.
    pub rates: Vec<f64>,
    /// How often each is measured, with other flips; at least once.
    pub repetitions: usize,
    /// The seed of the flips. In the same repetition, what is flipped at a rate is flipped at all higher rates.
    pub seed: u64,
}

impl Default for Flips {
    /// 0 to 30 %, five times.
    fn default() -> Self {
        Self { rates: vec![0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3], repetitions: 5, seed: 1 }
    }
}

/// Accuracy against the rate of flipped bits.
#[derive(Clone, Debug, PartialEq)]
pub struct FlipCurve {
    /// Where the bits are flipped.
    pub target: FlipTarget,
    /// One point a rate, in the order that was asked for.
    pub points: Vec<FlipPoint>,
}

/// A point of a [`FlipCurve`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlipPoint {
    /// The probability that a bit is flipped.
    pub rate: f64,
    /// Share of the samples that is classified right, 0 to 1, over the repetitions.
    pub accuracy: Spread,
}

/// Why the effect of flips is not measured.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum FlipError {
    /// The numbers of integer samples are no hypervectors.
    #[error(
        "the samples of the model are integers, whose bits do not count alike: flip what is stored, or its classes"
    )]
    Integer,
    /// A rate is not one.
    #[error("the rate of flipped bits is {got}: choose from 0 to 0.5")]
    Rate {
        /// The rate asked for.
        got: f64,
    },
    /// The samples do not fit the model.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The damaged model cannot be written.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl Flips {
    /// The accuracy of `model` on the samples of `data` while bits of `target` are flipped.
    ///
    /// Samples are encoded once if only classes or queries are flipped, or memories are regenerated; otherwise once for each
    /// rate and repetition.
    ///
    /// # Errors
    /// If a rate is out of range or the samples do not fit the model.
    pub fn curve(
        &self,
        model: &Model<'_>,
        data: &Dataset,
        target: FlipTarget,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<FlipCurve, FlipError> {
        if let Some(&got) = self.rates.iter().find(|rate| !(0.0..=0.5).contains(*rate)) {
            return Err(FlipError::Rate { got });
        }
        let additive = model.metadata().encoder.spatial.is_additive();
        if target == FlipTarget::Queries && additive {
            return Err(FlipError::Integer);
        }
        let bench = Bench { model, data, truth: align(model, data)?, target };
        let encoded = bench.encode(model)?;
        let total = self.rates.len();
        let point = |(done, &rate): (usize, &f64)| {
            progress(Progress { stage: Stage::Flip, done, total });
            // Without flips all repetitions are the same.
            let repetitions = if rate > 0.0 { self.repetitions.max(1) } else { 1 };
            let seeds = (0..repetitions as u64).map(|repetition| self.seed ^ repetition << 40);
            let accuracies: Result<Vec<f64>, FlipError> =
                seeds.map(|seed| bench.accuracy(&encoded, rate, seed).map(f64::from)).collect();
            Ok(FlipPoint { rate, accuracy: Spread::of(&accuracies?) })
        };
        let points = self.rates.iter().enumerate().map(point).collect::<Result<_, FlipError>>()?;
        Ok(FlipCurve { target, points })
    }
}

/// What is measured.
struct Bench<'a> {
    model: &'a Model<'a>,
    data: &'a Dataset,
    /// The classes as the model numbers them.
    truth: Vec<usize>,
    target: FlipTarget,
}

impl Bench<'_> {
    fn encode(&self, model: &Model<'_>) -> Result<Encoded, PredictError> {
        let rows = queries(model, self.data)?;
        Ok(Encoded::from_rows(rows, model.words(), self.truth.clone(), model.labels().count()))
    }

    fn accuracy(&self, encoded: &Encoded, rate: f64, seed: u64) -> Result<f32, FlipError> {
        if self.target == FlipTarget::Queries {
            return Ok(encoded.flipped(rate, seed).accuracy_of(self.model));
        }
        let damaged: ModelBuf = damage::damaged(self.model, self.target, rate, seed)?;
        let damaged = damaged.view();
        // Memories that are regenerated have nothing to flip.
        let same = self.model.encoders().zip(damaged.encoders()).all(|(own, other)| own.sections() == other.sections());
        let encoded = if same { encoded } else { &self.encode(&damaged)? };
        Ok(encoded.accuracy_of(&damaged))
    }
}
