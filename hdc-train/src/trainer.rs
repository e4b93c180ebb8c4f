mod check;
mod sketch;
mod variants;

pub(crate) use self::check::check_labels;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use hdc_core::{Encoder, Tie};

use crate::assemble::{About, Assembly};
use crate::augment::Augment;
use crate::calibrate::{self, calibrate};
use crate::dataset::Dataset;
use crate::early_exit;
use crate::encoded::Encoded;
use crate::encoders::Encoders;
use crate::encoding::{Cut, Designed, Encoding, with_thresholds};
use crate::error::TrainError;
use crate::evaluate::Evaluation;
use crate::front_end::{self, FrontEnd};
use crate::method::{Job, Margin, Method, Prototypes};
use crate::model::ModelBuf;
use crate::progress::{Progress, Stage, silent};
use crate::split::Split;

/// Trains a classifier: a builder with defaults that work.
#[derive(Clone, Debug)]
pub struct Trainer {
    pub(crate) dimension: usize,
    pub(crate) front_end: Option<FrontEnd>,
    encoding: Encoding,
    joined: Option<(Encoding, usize)>,
    balanced: bool,
    copies: Option<(Augment, usize)>,
    pub(crate) tie: Tie,
    pub(crate) seed: u64,
    method: Arc<dyn Method>,
    false_rejects: Option<f64>,
    disagreement: Option<f64>,
}

impl Default for Trainer {
    fn default() -> Self {
        Self {
            dimension: 2048,
            front_end: None,
            encoding: Encoding::record(),
            joined: None,
            balanced: false,
            copies: None,
            tie: Tie::Alternating,
            seed: 1,
            method: Arc::new(Margin::default()),
            false_rejects: None,
            disagreement: None,
        }
    }
}

impl Trainer {
    /// The defaults: D = 2,048, [`Encoding::record`], centroids retrained with a [`Margin`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The dimension D of all hypervectors, a multiple of 32.
    #[must_use]
    pub fn dimension(mut self, dimension: usize) -> Self {
        self.dimension = dimension;
        self
    }

    /// What samples go through before they are encoded: filters, envelope and decimation. Windows, n-grams and features are
    /// then those of the steps that it makes.
    #[must_use]
    pub fn front_end(mut self, front_end: FrontEnd) -> Self {
        self.front_end = Some(front_end);
        self
    }

    /// The dimension D that was set.
    pub fn dimension_bits(&self) -> usize {
        self.dimension
    }

    /// What is encoded of a sample, and how.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// A second encoder, which gets the last `dimension` of the D bits: its hypervector is joined to that of the first.
    #[must_use]
    pub fn join(mut self, encoding: Encoding, dimension: usize) -> Self {
        self.joined = Some((encoding, dimension));
        self
    }

    /// The seed of memories, hyperplanes and training orders.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The seed that was set.
    pub fn seed_number(&self) -> u64 {
        self.seed
    }

    /// Trains on [balanced](Dataset::balanced) classes: samples of rarer ones are repeated. Not when samples are held out to
    /// choose or to measure: those are as they are.
    #[must_use]
    pub fn balanced(mut self) -> Self {
        self.balanced = true;
        self
    }

    /// Trains on `copies` [disturbed copies](Dataset::augmented) of each sample, too, of what the front end makes of it; 0 for
    /// none. Samples that are held out to choose or to measure are not copied.
    #[must_use]
    pub fn augmented(mut self, augment: Augment, copies: usize) -> Self {
        self.copies = (copies > 0).then_some((augment, copies));
        self
    }

    /// How class hypervectors are made of encoded samples.
    #[must_use]
    pub fn method(mut self, method: impl Method + 'static) -> Self {
        self.method = Arc::new(method);
        self
    }

    /// Adds a calibration to the model: the distance from which on a decision is rejected, as the sample is of no class
    /// that the model knows, and a confidence for each margin. Of the samples of each class that would be named rightly,
    /// about the share `false_rejects`, above 0 and below 1, is rejected. Both are measured on held-out samples, with models
    /// that are trained without them: one more training for each of the [`folds`](crate::folds). The share is exact as far
    /// as those models are like the final one and later samples like these. A class with fewer than `1 / false_rejects`
    /// held-out samples has no limit.
    #[must_use]
    pub fn calibrate(mut self, false_rejects: f64) -> Self {
        self.false_rejects = Some(false_rejects);
        self
    }

    /// Lets the model stop a classification at a sixteenth, an eighth, a quarter or half of the dimensions, where these tell the
    /// classes apart ([`EarlyExit`](crate::EarlyExit)): what is easy takes a fraction of the time, on a chip above all. About the
    /// share `disagreement` of the samples, such as 0.01, or less, gets another class than from all dimensions.
    ///
    /// That is measured on held-out samples, with models that are trained without them: one more training for each of the
    /// [`folds`](crate::folds), of more than `1 / disagreement` samples together. The most useful dimensions come first, as
    /// [`order`](crate::reduce::order) puts them (`O(n D^2)`), unless memories are regenerated from their seed, as what is
    /// ordered is stored.
    ///
    /// For models of one encoder whose dimensions are independent: records and projections, without n-grams of several steps,
    /// and not of integers. Not with a calibration, whose distances are those of all dimensions.
    #[must_use]
    pub fn early_exit(mut self, disagreement: f64) -> Self {
        self.disagreement = Some(disagreement);
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
        let (front_end, filtered) = self.filtered(data)?;
        self.check(&filtered)?;
        if let Some(disagreement) = self.disagreement {
            return early_exit::fit(&Self { disagreement: None, ..self.clone() }, data, disagreement, progress);
        }
        let calibration = self.false_rejects.map(|share| calibrate(self, &filtered, share, progress)).transpose()?;
        let encoded = self.encoded(&filtered, progress)?;
        self.finish(data, front_end.as_ref(), &encoded, calibration, progress)
    }

    /// The models of all designs that no other one dominates in accuracy and distance, the most accurate first, instead of
    /// the one that [`Design::tolerance`](crate::Design::tolerance) takes: the Pareto set of Basaklar et al. (2021). Empty
    /// if levels are not [designed](Encoding::designed); of two encodings, the designs are those of the first. Without a
    /// calibration or an early exit.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn designs(&self, data: &Dataset, progress: &(dyn Fn(Progress) + Sync)) -> Result<Vec<Designed>, TrainError> {
        let (front_end, filtered) = self.filtered(data)?;
        self.check(&filtered)?;
        let samples = self.training_samples(&filtered)?;
        let fit = |((encoding, dimension), seed): ((&Encoding, usize), u64)| {
            encoding.fit_designs(&filtered, dimension, self.tie, seed, progress)
        };
        let (encoders, mut fronts): (Vec<Encoder<Vec<u32>>>, Vec<Vec<Cut>>) =
            self.encodings().zip(self.encoder_seeds()).map(fit).unzip();
        let designed = |Cut { thresholds, accuracy, distance }| {
            let mut encoders = Encoders(encoders.clone());
            encoders.0[0] = with_thresholds(encoders.0[0].clone(), thresholds, self.encoding.levels);
            let encoded = encoders.encode(&samples, progress)?;
            let model = self.finish(data, front_end.as_ref(), &(encoders, encoded), None, progress)?;
            Ok(Designed { accuracy, distance, model })
        };
        fronts.swap_remove(0).into_iter().map(designed).collect()
    }

    /// The model of fitted encoders and of the samples as they encode them.
    fn finish(
        &self,
        data: &Dataset,
        front_end: Option<&front_end::Fitted>,
        (encoders, encoded): &(Encoders, Encoded),
        calibration: Option<calibrate::Fitted>,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<ModelBuf, TrainError> {
        let prototypes = self.prototypes(encoded, progress);
        let train_accuracy = encoded.accuracy(&prototypes.memory(encoded.words()));
        let assembly = Assembly {
            trainer: self,
            data: data.name(),
            about: &About::new(data),
            front_end,
            encoders,
            prototypes: &prototypes,
            samples: encoded.len(),
            train_accuracy,
            method: &self.summary_of(&self.method),
            calibration,
            margins: &[],
        };
        assembly.write()
    }

    /// The front end fitted to `data`, and what it makes of them; without one, the data themselves.
    pub(crate) fn filtered<'a>(
        &self,
        data: &'a Dataset,
    ) -> Result<(Option<front_end::Fitted>, Cow<'a, Dataset>), TrainError> {
        let Some(front_end) = &self.front_end else { return Ok((None, Cow::Borrowed(data))) };
        let (fitted, filtered) = front_end.fit(data)?;
        Ok((Some(fitted), Cow::Owned(filtered)))
    }

    /// The encodings, each with its share of the dimension.
    pub(crate) fn encodings(&self) -> impl Iterator<Item = (&Encoding, usize)> {
        let second = self.joined.as_ref().map(|(encoding, dimension)| (encoding, *dimension));
        let first = self.dimension - second.map_or(0, |(_, dimension)| dimension);
        std::iter::once((&self.encoding, first)).chain(second)
    }

    /// The seeds of the encoders, which differ even where their settings do not.
    fn encoder_seeds(&self) -> impl Iterator<Item = u64> {
        (0..).map(|place| self.seed.wrapping_add(place))
    }

    /// What is trained on of filtered samples: these, repeated and copied.
    fn training_samples<'a>(&self, data: &'a Dataset) -> Result<Cow<'a, Dataset>, TrainError> {
        let mut samples = Cow::Borrowed(data);
        if self.balanced {
            samples = Cow::Owned(samples.balanced());
        }
        if let Some((augment, copies)) = self.copies {
            samples = Cow::Owned(samples.augmented(augment, copies, self.seed)?);
        }
        Ok(samples)
    }

    /// Fits the encoders to filtered samples that [`check`](Self::check) has passed, and encodes all that is trained on.
    pub(crate) fn encoded(
        &self,
        data: &Dataset,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Encoders, Encoded), TrainError> {
        let samples = self.training_samples(data)?;
        // Designs are judged on a part of what they are fitted to, which must have no copies beside it.
        let designed = self.encodings().any(|(encoding, _)| encoding.is_designed());
        let encoders = self.encoders(if designed { data } else { &samples }, progress);
        let encoded = encoders.encode(&samples, progress)?;
        Ok((encoders, encoded))
    }

    /// Fits the encoders to filtered samples that [`check`](Self::check) has passed.
    pub(crate) fn encoders(&self, data: &Dataset, progress: &(dyn Fn(Progress) + Sync)) -> Encoders {
        let settings = self.encodings().zip(self.encoder_seeds());
        let fit = |((encoding, dimension), seed): ((&Encoding, usize), u64)| {
            encoding.fit(data, dimension, self.tie, seed, progress)
        };
        Encoders(settings.map(fit).collect())
    }

    /// Trains class hypervectors.
    pub(crate) fn prototypes(&self, samples: &Encoded, progress: &(dyn Fn(Progress) + Sync)) -> Prototypes {
        self.method.train(samples, &Job { tie: self.tie, seed: self.seed, progress })
    }

    /// What the metadata does not say already.
    pub(crate) fn summary_of(&self, method: &dyn fmt::Debug) -> String {
        let encodings: Vec<String> = self.encodings().map(|(encoding, _)| encoding.summary()).collect();
        let front_end = self.front_end.as_ref().map(|front_end| format!("{front_end}; ")).unwrap_or_default();
        format!("{front_end}{}; {}{method:?}; seed {}", encodings.join(" + "), self.samples_summary(), self.seed)
    }

    /// What is trained on beside the samples, if anything is.
    fn samples_summary(&self) -> String {
        let balanced = if self.balanced { "balanced classes; " } else { "" };
        let copies = self.copies.map(|(augment, copies)| format!("copies {copies} ({augment}); ")).unwrap_or_default();
        format!("{balanced}{copies}")
    }

    /// How many class hypervectors a class gets.
    pub(crate) fn prototypes_each(&self) -> usize {
        self.method.prototypes()
    }

    /// Whether both encode the same samples with the same bits.
    pub(crate) fn encodes_as(&self, other: &Self) -> bool {
        (self.dimension, self.tie, self.seed) == (other.dimension, other.tie, other.seed)
            && self.front_end == other.front_end
            && self.encoding == other.encoding
            && self.joined == other.joined
            && (self.balanced, self.copies) == (other.balanced, other.copies)
    }

    /// Whether all settings are the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.encodes_as(other) && format!("{:?}", self.method) == format!("{:?}", other.method)
    }

    /// About how many floating-point operations it takes to fit the encoders to `samples` of the samples of `data`.
    pub(crate) fn operations(&self, data: &Dataset, samples: usize) -> f64 {
        let count = self.count(data, samples);
        let of = |(encoding, dimension): (&Encoding, usize)| encoding.operations(data, count, dimension);
        let encoding: f64 = self.encodings().map(of).sum();
        encoding + self.method_operations(data, samples)
    }

    /// What is learned from where `samples` of those of `data` are given: with what is repeated of rarer classes, and copies.
    fn count(&self, data: &Dataset, samples: usize) -> usize {
        let balanced = if self.balanced { data.balanced_len() } else { data.len() };
        let samples = (samples as f64 * balanced as f64 / data.len() as f64) as usize;
        samples.saturating_mul(self.copies.map_or(1, |(_, copies)| copies.saturating_add(1)))
    }

    /// Those of the method alone.
    pub(crate) fn method_operations(&self, data: &Dataset, samples: usize) -> f64 {
        self.method.operations(self.count(data, samples), data.classes().len(), self.dimension)
    }
}

/// In words.
impl fmt::Display for Trainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(front_end) = &self.front_end {
            write!(f, "{front_end}; ")?;
        }
        write!(f, "{}", self.encoding)?;
        if let Some((encoding, dimension)) = &self.joined {
            write!(f, " + {encoding} in {dimension} bits")?;
        }
        write!(f, "; {}{}", self.samples_summary(), self.method)
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
        Ok(Evaluation::of(&model.view(), &test)?)
    };
    splits.iter().enumerate().map(fold).collect()
}
