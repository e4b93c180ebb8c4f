use crate::assemble::{About, Assembly};
use crate::dataset::Dataset;
use crate::encoders::Encoders;
use crate::error::TrainError;
use crate::front_end;
use crate::method::{ClassCounts, Margin, Prototypes};
use crate::model::ModelBuf;
use crate::progress::silent;
use crate::trainer::Trainer;

/// Training in pieces: samples are learned and forgotten, so that there may be more of them than fit into memory.
///
/// Its encoders are fitted once, to the samples that it is [made with](Trainer::learner); its memory is `K D` counts of 32
/// bits. [`partial_fit`](Self::partial_fit) adds samples to the counts of their classes (Kanerva 2009), in any number of
/// pieces and any order, and shards that learned apart [merge](Self::merge): all give the same bytes.
/// [`retrain`](Self::retrain) then corrects mistakes, in as many passes as it is called for.
///
/// ```
/// # use hdc_train::{Dataset, Shape, Trainer, Values};
/// # let shape = Shape { steps: 1, channels: 1 };
/// # let piece = |values| Dataset::new("x", shape, Values::I16(values), vec!["low".into(), "high".into()], vec![0, 1]);
/// # let (first, second) = (piece(vec![1, 9])?, piece(vec![2, 8])?);
/// let mut learner = Trainer::new().dimension(256).learner(&first)?;
/// for piece in [&first, &second] {
///     learner.partial_fit(piece)?;
/// }
/// let model = learner.model()?;
/// # assert_eq!(hdc_train::predict(&model.view(), &second)?[1].class, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Learner {
    trainer: Trainer,
    data: String,
    about: About,
    front_end: Option<front_end::Fitted>,
    encoders: Encoders,
    counts: ClassCounts,
    /// Samples of each class.
    samples: Vec<usize>,
    /// Whether mistakes were corrected.
    retrained: bool,
}

/// Samples that are encoded at once.
const PIECE: usize = 4096;

impl Trainer {
    /// A learner whose encoders are fitted to `data`, which it does not learn yet. The method of this trainer is left
    /// out, and so are balanced classes, copies, a calibration and an early exit.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn learner(&self, data: &Dataset) -> Result<Learner, TrainError> {
        let (front_end, filtered) = self.filtered(data)?;
        self.check(&filtered)?;
        let encoders = self.encoders(&filtered, &silent);
        let classes = data.classes().len();
        Ok(Learner {
            trainer: self.clone(),
            data: data.name().into(),
            about: About::new(data),
            front_end,
            encoders,
            counts: ClassCounts::new(classes, self.dimension / 32),
            samples: vec![0; classes],
            retrained: false,
        })
    }
}

impl Learner {
    /// Learns all samples of `data`, in one pass.
    ///
    /// # Errors
    /// If they are of another kind than the learner was made with, or cannot be encoded. Nothing is learned then of the
    /// 4,096 samples in which that happens.
    pub fn partial_fit(&mut self, data: &Dataset) -> Result<(), TrainError> {
        self.pieces(data, |learner, piece| {
            let encoded = learner.encoders.encode(piece, &silent)?;
            learner.counts.merge(&ClassCounts::of(&encoded));
            piece.labels().iter().for_each(|&label| learner.samples[label] += 1);
            Ok(())
        })
    }

    /// One pass of retraining over `data`, as [`Margin`] does it by default, in the order of the data; the margin is that of
    /// the classes at every 4,096th sample. Returns how many samples moved a class: when that falls no more, it is time to
    /// stop.
    ///
    /// # Errors
    /// As [`partial_fit`](Self::partial_fit).
    pub fn retrain(&mut self, data: &Dataset) -> Result<usize, TrainError> {
        self.retrained = true;
        let mut moved = 0;
        self.pieces(data, |learner, piece| {
            let encoded = learner.encoders.encode(piece, &silent)?;
            let order: Vec<usize> = (0..encoded.len()).collect();
            let mut classes = learner.counts.majority(learner.trainer.tie);
            moved += Margin::default().pass(&mut learner.counts, &mut classes, &encoded, &order, learner.trainer.tie);
            Ok(())
        })?;
        Ok(moved)
    }

    /// Adds what `other` has learned, on another part of the data with the same encoders.
    ///
    /// # Errors
    /// If their encoders differ: clone one learner for all shards before it learns.
    pub fn merge(&mut self, other: &Self) -> Result<(), TrainError> {
        let same =
            self.about == other.about && self.encoders == other.encoders && self.trainer.encodes_as(&other.trainer);
        let same = same && self.front_end == other.front_end;
        if !same {
            return Err(TrainError::Shard);
        }
        self.counts.merge(&other.counts);
        self.samples.iter_mut().zip(&other.samples).for_each(|(samples, other)| *samples += other);
        self.retrained |= other.retrained;
        Ok(())
    }

    /// The model of all that was learned so far. Its training accuracy is not measured.
    ///
    /// # Errors
    /// If a class has no samples yet.
    pub fn model(&self) -> Result<ModelBuf, TrainError> {
        if let Some(class) = self.samples.iter().position(|&samples| samples == 0) {
            return Err(TrainError::EmptyClass { label: self.about.class(class).into() });
        }
        let method = if self.retrained { "centroids in pieces, retrained" } else { "centroids in pieces" };
        let assembly = Assembly {
            trainer: &self.trainer,
            data: &self.data,
            about: &self.about,
            front_end: self.front_end.as_ref(),
            encoders: &self.encoders,
            prototypes: &Prototypes::single(self.counts.majority(self.trainer.tie)),
            samples: self.samples.iter().sum(),
            train_accuracy: f32::NAN,
            method: &self.trainer.summary_of(&method),
            calibration: None,
            margins: &[],
        };
        assembly.write()
    }

    fn pieces(
        &mut self,
        data: &Dataset,
        mut learn: impl FnMut(&mut Self, &Dataset) -> Result<(), TrainError>,
    ) -> Result<(), TrainError> {
        if self.about != About::new(data) {
            return Err(TrainError::Piece { data: data.name().into() });
        }
        for from in (0..data.len()).step_by(PIECE) {
            let piece: Vec<usize> = (from..(from + PIECE).min(data.len())).collect();
            let piece = data.subset(&piece)?;
            let filtered = self.front_end.as_ref().map(|fitted| fitted.apply(&piece)).transpose()?;
            learn(self, &filtered.unwrap_or(piece))?;
        }
        Ok(())
    }
}
