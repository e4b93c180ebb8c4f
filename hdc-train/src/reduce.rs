//! Fewer dimensions for a trained model: the most useful ones first, so that a prefix is a good smaller model.

mod order;
mod select;

use hdc_core::model::{InputSpec, Metadata, ModelError, Provenance};
use hdc_core::{Encoder, Model};
use thiserror::Error;

use crate::dataset::Dataset;
use crate::encoded::Encoded;
use crate::method::{Job, Method};
use crate::model::ModelBuf;
use crate::predict::{PredictError, align, queries};
use crate::progress::Progress;

/// Why a model is not reduced.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ReduceError {
    /// The rotations of n-grams mix the dimensions.
    #[error("the model binds n-grams of {order} steps, which mix its dimensions: use n-grams of order 1, or features")]
    Ngram {
        /// Steps in an n-gram.
        order: u16,
    },
    /// Samples are not binary.
    #[error("the samples of the model are integers: train it at a smaller dimension instead")]
    Integer,
    /// The hypervector has two parts.
    #[error("the model joins two encoders: reduce a model of one")]
    Joined,
    /// The dimension is not a part of the model's.
    #[error("the dimension is {got}: choose a multiple of 32 from 32 to the model's {whole}")]
    Dimension {
        /// The dimension asked for.
        got: usize,
        /// The model's.
        whole: usize,
    },
    /// A class has nothing to learn from.
    #[error("no sample has the label `{label}`, which the model knows: add some")]
    EmptyClass {
        /// The label.
        label: String,
    },
    /// The samples do not fit the model.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The model cannot be written.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The same model with its most useful dimensions first. It answers as before; its prefixes, see [`truncate`], answer
/// better than those of the model as it was.
///
/// Greedy: the next dimension is that which adds most to the margins of the samples of `data` between their own class and
/// the nearest other one, where samples with a narrow margin so far count more (the weights of logistic boosting,
/// Friedman, Hastie & Tibshirani 2000). Even and odd dimensions take turns, so that ties fall as before. Costs
/// `O(n D^2)`.
///
/// Worth it where dimensions are random and many, as those of a record: on folds of uci-emg and wisdm, 64 of 1,024 bits
/// were right 8 points more often than a model trained at 64. Hyperplanes that were learned are each useful already, and
/// gained nothing (`cargo xtask folds prefixes`).
///
/// Memories that were regenerated are stored from now on, as no seed stands for them any more. A calibration is dropped, and
/// so is an early exit.
///
/// # Errors
/// If dimensions of the model are not independent (n-grams of more than one step, two encoders), or the samples do not
/// fit it.
pub fn order(model: &Model<'_>, data: &Dataset) -> Result<ModelBuf, ReduceError> {
    let encoder = independent(model)?;
    let encoded = encode(model, data)?;
    let order = order::by_margin(&encoded, model.classes());
    Ok(select::select(model, encoder, &order)?)
}

/// The model of the first `dimension` bits of `model`, a multiple of 32. Without its calibration or early exit, and without a training
/// accuracy, which nobody has measured.
///
/// # Errors
/// If there are not as many, or dimensions of the model are not independent.
pub fn truncate(model: &Model<'_>, dimension: usize) -> Result<ModelBuf, ReduceError> {
    let (encoder, whole) = (independent(model)?, model.metadata().dimension());
    if dimension == 0 || !dimension.is_multiple_of(32) || dimension > whole {
        return Err(ReduceError::Dimension { got: dimension, whole });
    }
    let first: Vec<usize> = (0..dimension).collect();
    Ok(select::select(model, encoder, &first)?)
}

/// The same encoders with class hypervectors trained anew by `method` on the samples of `data`: after a
/// [`truncate`], say. Without a calibration or early exit.
///
/// # Errors
/// If the samples do not fit the model, or there is none of a class.
pub fn retrain(
    model: &Model<'_>,
    data: &Dataset,
    method: &dyn Method,
    seed: u64,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ModelBuf, ReduceError> {
    if model.metadata().encoder.spatial.is_additive() {
        return Err(ReduceError::Integer);
    }
    let encoded = encode(model, data)?;
    if let Some(label) = model.labels().enumerate().find(|(class, _)| !encoded.labels().contains(class)) {
        return Err(ReduceError::EmptyClass { label: label.1.into() });
    }
    let tie = model.metadata().encoder.tie;
    let prototypes = method.train(&encoded, &Job { tie, seed, progress });
    let each = prototypes.each as u32;
    let mut metadata = Metadata { calibration: None, early_exit: false, prototypes: each, ..*model.metadata() };
    let how = format!("{}; trained again: {method:?}; seed {seed}", metadata.provenance.method);
    metadata.provenance = Provenance {
        data: data.name(),
        samples: u32::try_from(data.len()).unwrap_or(u32::MAX),
        method: &how,
        train_accuracy: encoded.accuracy(&prototypes.memory(encoded.words())),
        ..metadata.provenance
    };
    let sections = front_end(model).chain(model.encoders().flat_map(Encoder::sections)).chain([&prototypes.rows[..]]);
    Ok(ModelBuf::from_written(hdc_core::model::write(&metadata, sections)?))
}

fn encode(model: &Model<'_>, data: &Dataset) -> Result<Encoded, ReduceError> {
    let truth = align(model, data)?;
    Ok(Encoded::from_rows(queries(model, data)?, model.words(), truth, model.classes().len()))
}

/// The rows of the front end, if there is one.
pub(crate) fn front_end<'a>(model: &Model<'a>) -> impl Iterator<Item = &'a [u32]> {
    model.front_end().map(|front_end| front_end.sections).into_iter()
}

/// The encoder, if each dimension of its hypervectors depends on that dimension of its memories alone.
pub(crate) fn independent<'m, 'a>(model: &'m Model<'a>) -> Result<&'m Encoder<&'a [u32]>, ReduceError> {
    if model.metadata().joined.is_some() {
        return Err(ReduceError::Joined);
    }
    match model.metadata().encoder.input {
        _ if model.metadata().encoder.spatial.is_additive() => Err(ReduceError::Integer),
        InputSpec::Steps(ngram) | InputSpec::Sequence(ngram) if ngram.order > 1 => {
            Err(ReduceError::Ngram { order: ngram.order })
        }
        _ => model.encoders().next().ok_or(ReduceError::Joined),
    }
}
