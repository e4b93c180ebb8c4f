use hdc_core::model::{InputSpec, columns_checksum};
use hdc_core::{EncodeError, Exit, Model, Nearest};
use rayon::prelude::*;
use thiserror::Error;

use crate::dataset::{Dataset, Shape};
use crate::values::Sample;

/// Why a data set cannot be classified by a model.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum PredictError {
    /// Samples have another shape than the model takes.
    #[error(
        "`{data}` has samples of {} steps x {} channels, the model takes {} x {}: use the columns, window and hop \
         that it was trained with", got.steps, got.channels, expected.steps, expected.channels
    )]
    Shape {
        /// The data set.
        data: String,
        /// What the model takes.
        expected: Shape,
        /// What the data set has.
        got: Shape,
    },
    /// The columns have other names than those the model was trained on.
    #[error("the columns of `{data}` are not those that the model was trained on, or not in that order: {columns}")]
    Columns {
        /// The data set.
        data: String,
        /// Its columns.
        columns: String,
    },
    /// A label that the model does not know.
    #[error("label `{label}` of sample {sample} is not one of the model's: {known}")]
    UnknownLabel {
        /// The label.
        label: String,
        /// The first sample with it.
        sample: usize,
        /// The labels that the model knows.
        known: String,
    },
    /// A sample cannot be encoded.
    #[error("sample {sample} cannot be classified")]
    Encode {
        /// Index of the sample.
        sample: usize,
        /// What is wrong with it.
        source: EncodeError,
    },
}

/// The nearest class for every sample of `data`, in parallel, in the order of the data.
///
/// Integer samples are widened for a model of real values; real samples are refused by a model of integers.
///
/// # Errors
/// If the samples do not fit the model.
pub fn predict(model: &Model<'_>, data: &Dataset) -> Result<Vec<Nearest>, PredictError> {
    Ok(predict_early(model, data)?.iter().map(|exit| exit.nearest).collect())
}

/// The same, and how many dimensions each sample took.
///
/// # Errors
/// As [`predict`].
pub fn predict_early(model: &Model<'_>, data: &Dataset) -> Result<Vec<Exit>, PredictError> {
    check(model, data)?;
    let classify = |(scratch, buffer): &mut (Vec<u32>, Vec<f32>), sample: usize| {
        let exit = match widen(model, data.sample(sample), buffer) {
            Sample::I16(values) => model.classify_early(values, scratch),
            Sample::F32(values) => model.classify_early(values, scratch),
        };
        exit.map_err(|source| PredictError::Encode { sample, source })
    };
    let memory = || (vec![0; model.scratch_words()], Vec::new());
    // The first error of the samples, not of the threads.
    let found: Vec<Result<Exit, PredictError>> = (0..data.len()).into_par_iter().map_init(memory, classify).collect();
    found.into_iter().collect()
}

/// The hypervector of every sample of `data` as `model` encodes it, `n x D / 32` words.
pub(crate) fn queries(model: &Model<'_>, data: &Dataset) -> Result<Vec<u32>, PredictError> {
    check(model, data)?;
    let mut rows = vec![0; data.len() * model.words()];
    let memory = || (vec![0; model.scratch_words()], Vec::new());
    rows.par_chunks_exact_mut(model.words()).enumerate().try_for_each_init(
        memory,
        |(scratch, buffer), (sample, row)| {
            let encoded = match widen(model, data.sample(sample), buffer) {
                Sample::I16(values) => model.encode_into(values, scratch, row),
                Sample::F32(values) => model.encode_into(values, scratch, row),
            };
            encoded.map_err(|source| PredictError::Encode { sample, source })
        },
    )?;
    Ok(rows)
}

/// Whether samples have the shape and the columns that the model takes.
fn check(model: &Model<'_>, data: &Dataset) -> Result<(), PredictError> {
    let metadata = model.metadata();
    let expected = Shape { steps: metadata.steps as usize, channels: metadata.channels as usize };
    let sequences = matches!(metadata.encoder.input, InputSpec::Sequence(_));
    let fits = if sequences { data.shape().channels == expected.channels } else { data.shape() == expected };
    if !fits {
        return Err(PredictError::Shape { data: data.name().into(), expected, got: data.shape() });
    }
    let columns = columns_checksum(data.columns().iter().map(String::as_str));
    if columns != metadata.columns && columns != 0 && metadata.columns != 0 {
        return Err(PredictError::Columns { data: data.name().into(), columns: data.columns().join(", ") });
    }
    Ok(())
}

/// The sample; in `buffer`, widened, if it has integers and the model takes real values.
fn widen<'a>(model: &Model<'_>, sample: Sample<'a>, buffer: &'a mut Vec<f32>) -> Sample<'a> {
    match sample {
        Sample::I16(values) if model.metadata().float => {
            buffer.clear();
            buffer.extend(values.iter().copied().map(f32::from));
            Sample::F32(buffer)
        }
        sample => sample,
    }
}

/// The class of every sample of `data` as `model` numbers it, by name: a data set may list its classes in
/// another order, or lack some.
///
/// # Errors
/// If a sample has a label that the model does not know.
pub fn align(model: &Model<'_>, data: &Dataset) -> Result<Vec<usize>, PredictError> {
    let known: Vec<&str> = model.labels().collect();
    let places: Vec<Option<usize>> =
        data.classes().iter().map(|class| known.iter().position(|label| label == class)).collect();
    let class = |(sample, &label): (usize, &usize)| {
        places[label].ok_or_else(|| PredictError::UnknownLabel {
            label: data.classes()[label].clone(),
            sample,
            known: known.join(", "),
        })
    };
    data.labels().iter().enumerate().map(class).collect()
}
