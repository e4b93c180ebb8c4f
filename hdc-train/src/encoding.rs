//! Fits encoders to training data.

mod map;
mod projection;

pub use map::Map;
pub use projection::Projection;

use std::fmt;

use hdc_core::model::{InputSpec, Source};
use hdc_core::{Encoder, Feature, FeatureSet, Features, Input, ItemMemory, LevelMemory, Measure, Ngram, Quantiser};
use hdc_core::{RecordEncoder, Spatial, Tie, Value};
use rayon::prelude::*;

use crate::dataset::{Dataset, Shape};
use crate::progress::Progress;
use crate::quantise::{self, Rows, Scale};
use crate::trainer::TrainError;
use crate::values::{Sample, Values};

/// What is encoded of a sample, and how: settings from which an [`Encoder`] is fitted to training samples.
///
/// [`Encoding::record`] binds levels to channels, step by step, and bundles n-grams over a window.
/// [`Encoding::projection`] compares weighted sums of features with thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    pub(crate) input: Option<InputSpec>,
    pub(crate) levels: usize,
    pub(crate) scale: Scale,
    pub(crate) spatial: SpatialSettings,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SpatialSettings {
    Record(Source),
    Projection(Projection),
}

impl Default for Encoding {
    fn default() -> Self {
        Self::record()
    }
}

impl Encoding {
    /// Record encoding: 16 levels by quantile, [`Ngram::spread`] over a window, stored memories.
    pub fn record() -> Self {
        Self { input: None, levels: 16, scale: Scale::Quantile, spatial: SpatialSettings::Record(Source::Stored) }
    }

    /// Projection encoding: 32 levels by quantile; of a window, the features of [`FeatureSet::MOTION`].
    pub fn projection(projection: Projection) -> Self {
        let spatial = SpatialSettings::Projection(projection);
        Self { input: None, levels: 32, scale: Scale::Quantile, spatial }
    }

    /// The number of levels M that a number is quantised to.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// How the levels are spread over the values of a channel or feature.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Encodes step by step, and binds `order` steps, `stride` steps apart, to n-grams. Order 1 binds none.
    #[must_use]
    pub fn ngram(mut self, order: u16, stride: u16) -> Self {
        self.input = Some(InputSpec::Steps(Ngram { order, stride }));
        self
    }

    /// Encodes all numbers of a sample as one row.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.input = Some(InputSpec::Whole);
        self
    }

    /// Encodes the features `set` of every channel, measured in each of `parts` equal parts of the window.
    #[must_use]
    pub fn features(mut self, set: FeatureSet, parts: usize) -> Self {
        self.input = Some(InputSpec::Features { set, parts: u32::try_from(parts).unwrap_or(u32::MAX) });
        self
    }

    /// Whether the item and level memories of record encoding are stored in the model (fast) or regenerated
    /// on the chip (small). The classification is the same.
    #[must_use]
    pub fn memories(mut self, memories: Source) -> Self {
        if let SpatialSettings::Record(source) = &mut self.spatial {
            *source = memories;
        }
        self
    }

    /// What is encoded of a sample of `shape`.
    pub(crate) fn input(&self, shape: Shape) -> InputSpec {
        self.input.unwrap_or(match &self.spatial {
            _ if shape.steps == 1 => InputSpec::Whole,
            SpatialSettings::Record(_) => InputSpec::Steps(Ngram::spread(shape.steps)),
            SpatialSettings::Projection(_) => InputSpec::Features { set: FeatureSet::MOTION, parts: 1 },
        })
    }

    /// The settings that an encoder does not show.
    pub(crate) fn summary(&self) -> String {
        match &self.spatial {
            SpatialSettings::Record(_) => format!("{:?}", self.scale),
            SpatialSettings::Projection(projection) => format!("{:?}, {projection:?}", self.scale),
        }
    }

    /// Whether an encoder can be fitted for samples of `shape`.
    pub(crate) fn check(&self, shape: Shape) -> Result<(), TrainError> {
        let most = if matches!(self.spatial, SpatialSettings::Projection(_)) { 257 } else { 1 << 16 };
        if !(2..most).contains(&self.levels) {
            return Err(TrainError::Levels { got: self.levels, most: most - 1 });
        }
        if let Scale::Uniform { clip } = self.scale
            && !(0.0..0.5).contains(&clip)
        {
            return Err(TrainError::Clip { got: clip });
        }
        let steps = shape.steps;
        match self.input(shape) {
            InputSpec::Steps(ngram) if ngram.order == 0 || ngram.stride == 0 || ngram.span() > steps => {
                return Err(TrainError::Window { ngram, steps });
            }
            InputSpec::Features { set, parts }
                if set.is_empty() || parts == 0 || parts as usize > steps || steps > Measure::MOST_SAMPLES =>
            {
                return Err(TrainError::Features { parts: parts as usize, steps, most: Measure::MOST_SAMPLES });
            }
            _ => {}
        }
        match self.columns(shape) {
            got @ 65_536.. => Err(TrainError::Channels { got }),
            _ => Ok(()),
        }
    }

    /// Numbers in a row that is encoded at once.
    pub(crate) fn columns(&self, shape: Shape) -> usize {
        match self.input(shape) {
            InputSpec::Steps(_) => shape.channels,
            InputSpec::Whole => shape.len(),
            InputSpec::Features { set, parts } => {
                (parts as usize).saturating_mul(shape.channels).saturating_mul(set.len())
            }
        }
    }

    /// About how many floating-point operations fitting takes.
    pub(crate) fn operations(&self, shape: Shape, samples: usize, classes: usize, dimension: usize) -> f64 {
        let rows = samples * if matches!(self.input(shape), InputSpec::Steps(_)) { shape.steps } else { 1 };
        match &self.spatial {
            SpatialSettings::Projection(projection) => {
                projection.operations(rows, self.columns(shape), classes, dimension)
            }
            SpatialSettings::Record(_) => 0.0,
        }
    }

    /// Fits an encoder of `dimension` bits to the samples of `data`, which [`check`](Self::check) has passed.
    pub(crate) fn fit(
        &self,
        data: &Dataset,
        dimension: usize,
        tie: Tie,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Encoder<Vec<u32>> {
        let (Shape { steps, channels }, words) = (data.shape(), dimension / 32);
        let (input, measured) = match self.input(data.shape()) {
            InputSpec::Steps(ngram) => (Input::Steps(ngram), None),
            InputSpec::Whole => (Input::Whole, None),
            InputSpec::Features { set, parts } => {
                let features = Features { set, parts: parts as usize, steps, channels, scale: exponents(data) };
                let measured = measure(&features, data);
                (Input::Features(features), Some(measured))
            }
        };
        let rows = measured.as_deref().map_or(Rows::from(data.values()), Rows::I32);
        let columns = self.columns(data.shape());
        let quantiser = Quantiser::new(quantise::fit(rows, columns, self.scale, self.levels), self.levels);
        let spatial = match &self.spatial {
            SpatialSettings::Record(_) => Spatial::Record(RecordEncoder {
                quantiser,
                items: ItemMemory::stored(seed, columns, words),
                levels: LevelMemory::stored(seed, self.levels, words),
                tie,
            }),
            SpatialSettings::Projection(projection) => {
                let labels: Vec<usize> = match &input {
                    Input::Steps(_) => {
                        data.labels().iter().flat_map(|&label| std::iter::repeat_n(label, steps)).collect()
                    }
                    _ => data.labels().to_vec(),
                };
                let rows = projection::Levels { rows, columns, labels: &labels, classes: data.classes().len() };
                Spatial::Projection(projection.fit(quantiser, self.scale, &rows, dimension, seed, progress))
            }
        };
        Encoder { steps, channels, input, spatial, words, tie }
    }

    /// The same encoder as it is written: memories that the settings leave out are regenerated.
    pub(crate) fn stripped(&self, encoder: Encoder<Vec<u32>>) -> Encoder<Vec<u32>> {
        match (encoder.spatial, &self.spatial) {
            (Spatial::Record(record), SpatialSettings::Record(Source::Regenerated)) => {
                let (seed, columns) = (record.items.seed(), record.items.len());
                let items = ItemMemory::new(seed, hdc_core::Rows::Regenerated, columns, encoder.words);
                let levels = LevelMemory::new(seed, hdc_core::Rows::Regenerated, record.levels.levels(), encoder.words);
                Encoder { spatial: Spatial::Record(RecordEncoder { items, levels, ..record }), ..encoder }
            }
            (spatial, _) => Encoder { spatial, ..encoder },
        }
    }
}

/// In words.
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spatial {
            SpatialSettings::Record(_) => f.write_str("record")?,
            SpatialSettings::Projection(projection) => write!(f, "{projection}")?,
        }
        match &self.input {
            None => {}
            Some(InputSpec::Whole) => f.write_str(" of all numbers")?,
            Some(InputSpec::Steps(ngram)) => write!(f, " of {}-grams with stride {}", ngram.order, ngram.stride)?,
            Some(InputSpec::Features { set, parts }) => {
                let names: Vec<&str> = set.iter().map(Feature::name).collect();
                write!(f, " of {} in {parts} part(s)", names.join(", "))?;
            }
        }
        write!(f, ", {} levels {}", self.levels, self.scale)
    }
}

/// The power of two for each channel that brings its largest magnitude near to 16 bits; none for integers.
fn exponents(data: &Dataset) -> Vec<u32> {
    let Values::F32(values) = data.values() else { return Vec::new() };
    let channels = data.shape().channels;
    let exponent = |channel: usize| {
        let most = values.iter().skip(channel).step_by(channels).fold(0.0_f32, |most, value| most.max(value.abs()));
        // The exponent of `most`, so that `most * 2^result` is from 2^13 to 2^14: a later sample may be twice as large.
        if most == 0.0 { 0 } else { 13 - ((most.to_bits() >> 23).cast_signed() - 127) }
    };
    (0..channels).map(|channel| exponent(channel).cast_unsigned()).collect()
}

/// The features of every sample, row by row.
fn measure(features: &Features<Vec<u32>>, data: &Dataset) -> Vec<i32> {
    fn one<V: Value>(features: &Features<Vec<u32>>, sample: &[V], row: &mut [i32]) {
        // The values of a data set are finite, which is all that can fail.
        let _ = features.measure_into(sample, bytemuck::cast_slice_mut(row));
    }
    let mut rows = vec![0; data.len() * features.len()];
    rows.par_chunks_exact_mut(features.len()).enumerate().for_each(|(index, row)| match data.sample(index) {
        Sample::I16(sample) => one(features, sample, row),
        Sample::F32(sample) => one(features, sample, row),
    });
    rows
}
