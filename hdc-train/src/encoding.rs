//! Fits encoders to training data.

mod design;
mod map;
mod projection;
mod record;

pub use design::Design;
pub use map::Map;
pub use projection::Projection;

use std::fmt;

use hdc_core::model::{InputSpec, Source};
use hdc_core::{Encoder, Feature, FeatureSet, Features, Input, ItemMemory, LevelMemory, Measure, Ngram, Quantiser};
use hdc_core::{RecordEncoder, Spatial, SymbolEncoder, Tie, Value};
use rayon::prelude::*;

use crate::dataset::{Dataset, Shape};
use crate::error::TrainError;
use crate::learn::Learn;
use crate::progress::Progress;
use crate::quantise::{self, Rows, Scale};
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
    /// Whether the bundle of a record is left as it is, and how that is written.
    pub(crate) integer: Option<Form>,
}

/// How a model of integer bundles is written. All forms give the same distances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The one with the smaller product of model bytes and instructions on a Cortex-M4.
    #[default]
    Cheapest,
    /// Memories and class hypervectors: `(F + M + K) D` bits.
    Hypervectors,
    /// A table with an entry for each number, level and class: `F M K` entries of 8 or 16 bits.
    Table,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SpatialSettings {
    /// With levels that are designed, or spread as the scale says.
    Record(Source, Option<Design>),
    LearnedRecord(Learn),
    Projection(Projection),
    Symbols(Source),
}

/// The rows that an encoder is fitted to, with the class of each.
#[derive(Clone, Copy)]
struct Samples<'a> {
    rows: Rows<'a>,
    columns: usize,
    labels: &'a [usize],
    classes: usize,
}

/// What fitting needs to know besides the rows.
#[derive(Clone, Copy)]
struct Fit<'a> {
    dimension: usize,
    seed: u64,
    progress: &'a (dyn Fn(Progress) + Sync),
}

impl Default for Encoding {
    fn default() -> Self {
        Self::record()
    }
}

impl Encoding {
    /// Record encoding: 16 levels by quantile, [`Ngram::spread`] over a window, stored memories.
    pub fn record() -> Self {
        let spatial = SpatialSettings::Record(Source::Stored, None);
        Self { input: None, levels: 16, scale: Scale::Quantile, spatial, integer: None }
    }

    /// Record encoding with item memory, level memory and thresholds learned by gradient: 16 levels by quantile; of a
    /// window, the features of [`FeatureSet::MOTION`]. LDC's form (Duan, Xu & Ren 2022): small dimensions, and no
    /// multiplication on the chip.
    pub fn learned_record(learn: Learn) -> Self {
        Self { spatial: SpatialSettings::LearnedRecord(learn), ..Self::record() }
    }

    /// Projection encoding: 32 levels by quantile; of a window, the features of [`FeatureSet::MOTION`].
    pub fn projection(projection: Projection) -> Self {
        let spatial = SpatialSettings::Projection(projection);
        Self { input: None, levels: 32, scale: Scale::Quantile, spatial, integer: None }
    }

    /// Symbol encoding, of sequences of the numbers 0 to `symbols - 1` (letters of a text, states of a machine): a random
    /// hypervector for each symbol, 3-grams of neighbours, bundled over the sequence (Joshi, Halseth & Kanerva 2016).
    pub fn symbols(symbols: usize) -> Self {
        let spatial = SpatialSettings::Symbols(Source::Stored);
        Self { input: None, levels: symbols, scale: Scale::Quantile, spatial, integer: None }
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

    /// Whether the memories of record or symbol encoding are stored in the model (fast) or regenerated
    /// on the chip (small). The classification is the same.
    #[must_use]
    pub fn memories(mut self, memories: Source) -> Self {
        match &mut self.spatial {
            SpatialSettings::Record(source, _) | SpatialSettings::Symbols(source) => *source = memories,
            SpatialSettings::Projection(_) | SpatialSettings::LearnedRecord(_) => {}
        }
        self
    }

    /// Levels designed for the data (Basaklar et al. 2021), for record encoding: a search chooses the thresholds of each
    /// feature, where the [scale](Self::scale) only says how finely. The model is an ordinary record.
    #[must_use]
    pub fn designed(mut self, levels: Design) -> Self {
        if let SpatialSettings::Record(_, design) = &mut self.spatial {
            *design = Some(levels);
        }
        self
    }

    /// Leaves the bundle of record encoding as the integers that it is, where a sample else becomes binary by majority
    /// (Basaklar et al. 2021 classify so). Class hypervectors stay binary. Rows are encoded whole, or step by step without
    /// n-grams; of a window, the usual input is the features of [`FeatureSet::MOTION`].
    ///
    /// Such a model is additive: the score of a class is a sum over numbers and does not depend on their combinations, and
    /// it equals a table with an entry for each number, level and class, however large D is. So D only says how freely the
    /// entries can be learned.
    #[must_use]
    pub fn integer(mut self, form: Form) -> Self {
        self.integer = Some(form);
        self
    }

    /// What is encoded of a sample of `data`.
    pub(crate) fn input(&self, data: &Dataset) -> InputSpec {
        let Shape { steps, .. } = data.shape();
        let symbols = matches!(self.spatial, SpatialSettings::Symbols(_));
        let usual = || match &self.spatial {
            SpatialSettings::Symbols(_) => InputSpec::Steps(Ngram { order: 3, stride: 1 }),
            _ if data.is_sequences() => InputSpec::Steps(Ngram::spread(data.least_steps())),
            _ if steps == 1 => InputSpec::Whole,
            SpatialSettings::Record(..) if self.integer.is_none() => InputSpec::Steps(Ngram::spread(steps)),
            SpatialSettings::Record(..) | SpatialSettings::Projection(_) | SpatialSettings::LearnedRecord(_) => {
                InputSpec::Features { set: FeatureSet::MOTION, parts: 1 }
            }
        };
        match self.input.unwrap_or_else(usual) {
            InputSpec::Steps(ngram) if symbols || data.is_sequences() => InputSpec::Sequence(ngram),
            input => input,
        }
    }

    /// The settings that an encoder does not show.
    pub(crate) fn summary(&self) -> String {
        match &self.spatial {
            SpatialSettings::Symbols(_) => "symbols".into(),
            SpatialSettings::Record(_, None) => format!("{:?}", self.scale),
            SpatialSettings::LearnedRecord(learn) => format!("{:?}, {learn:?}", self.scale),
            SpatialSettings::Record(_, Some(design)) => format!("{:?}, {design:?}", self.scale),
            SpatialSettings::Projection(projection) => format!("{:?}, {projection:?}", self.scale),
        }
    }

    /// Whether an encoder can be fitted for the samples of `data`.
    pub(crate) fn check(&self, data: &Dataset) -> Result<(), TrainError> {
        let most = if matches!(self.spatial, SpatialSettings::Projection(_)) { 257 } else { 1 << 16 };
        if !(2..most).contains(&self.levels) {
            return Err(TrainError::Levels { got: self.levels, most: most - 1 });
        }
        if let Scale::Uniform { clip } = self.scale
            && !(0.0..0.5).contains(&clip)
        {
            return Err(TrainError::Clip { got: clip });
        }
        let steps = data.shape().steps;
        match self.input(data) {
            InputSpec::Steps(ngram) | InputSpec::Sequence(ngram)
                if ngram.order == 0 || ngram.stride == 0 || ngram.span() > data.least_steps() =>
            {
                return Err(TrainError::Window { ngram, steps: data.least_steps() });
            }
            InputSpec::Whole | InputSpec::Features { .. } if data.is_sequences() => return Err(TrainError::Sequences),
            InputSpec::Features { set, parts }
                if set.is_empty() || parts == 0 || parts as usize > steps || steps > Measure::MOST_SAMPLES =>
            {
                return Err(TrainError::Features { parts: parts as usize, steps, most: Measure::MOST_SAMPLES });
            }
            _ => {}
        }
        if matches!(self.spatial, SpatialSettings::Symbols(_)) {
            let steps = matches!(self.input(data), InputSpec::Sequence(_));
            if !steps || data.shape().channels != 1 || matches!(data.values(), Values::F32(_)) {
                return Err(TrainError::Symbols);
            }
        }
        if let SpatialSettings::Projection(Projection { ternary: true, map, .. }) = self.spatial
            && map != Map::Standardised
        {
            return Err(TrainError::Ternary);
        }
        if self.integer.is_some() {
            let additive = match self.input(data) {
                InputSpec::Steps(ngram) => ngram.order == 1,
                InputSpec::Sequence(_) => false,
                InputSpec::Whole | InputSpec::Features { .. } => true,
            };
            if !additive || !matches!(self.spatial, SpatialSettings::Record(..)) {
                return Err(TrainError::Integer);
            }
        }
        match self.columns(data) {
            got @ 65_536.. => Err(TrainError::Channels { got }),
            _ => Ok(()),
        }
    }

    /// Numbers in a row that is encoded at once.
    pub(crate) fn columns(&self, data: &Dataset) -> usize {
        let shape = data.shape();
        match self.input(data) {
            InputSpec::Steps(_) | InputSpec::Sequence(_) => shape.channels,
            InputSpec::Whole => shape.len(),
            InputSpec::Features { set, parts } => {
                (parts as usize).saturating_mul(shape.channels).saturating_mul(set.len())
            }
        }
    }

    /// About how many floating-point operations fitting takes.
    pub(crate) fn operations(&self, data: &Dataset, samples: usize, dimension: usize) -> f64 {
        let stepwise = matches!(self.input(data), InputSpec::Steps(_) | InputSpec::Sequence(_));
        let rows = samples * if stepwise { data.shape().steps } else { 1 };
        match &self.spatial {
            SpatialSettings::Projection(projection) => {
                projection.operations(rows, self.columns(data), data.classes().len(), dimension)
            }
            SpatialSettings::LearnedRecord(learn) => {
                let a_row = 6 * learn.epochs * dimension * (self.columns(data) + data.classes().len());
                rows as f64 * a_row as f64
            }
            SpatialSettings::Record(_, Some(design)) => design.operations(rows, self.columns(data), dimension),
            SpatialSettings::Record(_, None) | SpatialSettings::Symbols(_) => 0.0,
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
        let (input, measured) = match self.input(data) {
            InputSpec::Steps(ngram) => (Input::Steps(ngram), None),
            InputSpec::Sequence(ngram) => (Input::Sequence(ngram), None),
            InputSpec::Whole => (Input::Whole, None),
            InputSpec::Features { set, parts } => {
                let features = Features { set, parts: parts as usize, steps, channels, scale: exponents(data) };
                let measured = measure(&features, data);
                (Input::Features(features), Some(measured))
            }
        };
        let rows = measured.as_deref().map_or(Rows::from(data.values()), Rows::I32);
        // A longer sequence may come: as long as the counters have room for it.
        let steps = if let Input::Sequence(_) = input { (steps + 1).next_power_of_two() - 1 } else { steps };
        let columns = self.columns(data);
        let quantiser = || Quantiser::new(quantise::fit(rows, columns, self.scale, self.levels), self.levels);
        let job = Fit { dimension, seed, progress };
        let samples = |labels| Samples { rows, columns, labels, classes: data.classes().len() };
        let spatial = match &self.spatial {
            SpatialSettings::Symbols(_) => {
                Spatial::Symbol(SymbolEncoder { symbols: ItemMemory::stored(seed, self.levels, words) })
            }
            SpatialSettings::Record(..) => Spatial::Record(RecordEncoder {
                quantiser: quantiser(),
                items: ItemMemory::stored(seed, columns, words),
                levels: LevelMemory::stored(seed, self.levels, words),
                tie,
                starts: Vec::new(),
            }),
            SpatialSettings::LearnedRecord(learn) => {
                let labels = row_labels(data, &input);
                Spatial::Record(record::learn(quantiser(), &samples(&labels), *learn, job))
            }
            SpatialSettings::Projection(projection) => {
                let labels = row_labels(data, &input);
                projection.fit(quantiser(), self.scale, &samples(&labels), job)
            }
        };
        let mut encoder = Encoder { steps, channels, input, spatial, words, tie };
        if let SpatialSettings::Record(_, Some(design)) = &self.spatial {
            let bins = Quantiser::new(quantise::fit(rows, columns, self.scale, design::BINS), design::BINS);
            let thresholds = design.fit(data, rows, &bins, &encoder, job);
            if let Spatial::Record(record) = &mut encoder.spatial {
                record.quantiser = Quantiser::new(thresholds, self.levels);
            }
        }
        match encoder.spatial {
            Spatial::Record(record) if self.integer.is_some() => {
                Encoder { spatial: Spatial::Integer(record), ..encoder }
            }
            spatial => Encoder { spatial, ..encoder },
        }
    }

    /// The same encoder as it is written: memories that the settings leave out are regenerated.
    pub(crate) fn stripped(&self, encoder: Encoder<Vec<u32>>) -> Encoder<Vec<u32>> {
        let words = encoder.words;
        let regenerated = |record: RecordEncoder<Vec<u32>>| {
            let (seed, columns) = (record.items.seed(), record.items.len());
            let items = ItemMemory::new(seed, hdc_core::Rows::Regenerated, columns, words);
            let levels = LevelMemory::new(seed, hdc_core::Rows::Regenerated, record.levels.levels(), words);
            RecordEncoder { items, levels, ..record }
        };
        match (encoder.spatial, &self.spatial) {
            (Spatial::Record(record), SpatialSettings::Record(Source::Regenerated, _)) => {
                Encoder { spatial: Spatial::Record(regenerated(record)), ..encoder }
            }
            (Spatial::Integer(record), SpatialSettings::Record(Source::Regenerated, _)) => {
                Encoder { spatial: Spatial::Integer(regenerated(record)), ..encoder }
            }
            (Spatial::Symbol(SymbolEncoder { symbols }), SpatialSettings::Symbols(Source::Regenerated)) => {
                let symbols = ItemMemory::new(symbols.seed(), hdc_core::Rows::Regenerated, symbols.len(), words);
                Encoder { spatial: Spatial::Symbol(SymbolEncoder { symbols }), ..encoder }
            }
            (spatial, _) => Encoder { spatial, ..encoder },
        }
    }
}

/// In words.
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spatial {
            SpatialSettings::Symbols(_) => write!(f, "{} symbols", self.levels)?,
            SpatialSettings::Record(_, None) => f.write_str("record")?,
            SpatialSettings::Record(_, Some(design)) => write!(f, "record {design}")?,
            SpatialSettings::LearnedRecord(Learn { epochs, noise, .. }) => {
                write!(f, "record learned in {epochs} epochs with noise {noise}")?;
            }
            SpatialSettings::Projection(projection) => write!(f, "{projection}")?,
        }
        if self.integer.is_some() {
            f.write_str(" of integers")?;
        }
        match &self.input {
            None => {}
            Some(InputSpec::Whole) => f.write_str(" of all numbers")?,
            Some(InputSpec::Steps(ngram) | InputSpec::Sequence(ngram)) => {
                write!(f, " of {}-grams with stride {}", ngram.order, ngram.stride)?;
            }
            Some(InputSpec::Features { set, parts }) => {
                let names: Vec<&str> = set.iter().map(Feature::name).collect();
                write!(f, " of {} in {parts} part(s)", names.join(", "))?;
            }
        }
        match &self.spatial {
            SpatialSettings::Symbols(_) => Ok(()),
            _ => write!(f, ", {} levels {}", self.levels, self.scale),
        }
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

/// The class of every row that is encoded at once.
fn row_labels(data: &Dataset, input: &Input<Vec<u32>>) -> Vec<usize> {
    let rows_of = |sample| match input {
        Input::Steps(_) | Input::Sequence(_) => data.steps(sample),
        Input::Whole | Input::Features(_) => 1,
    };
    let labels = data.labels().iter().enumerate();
    labels.flat_map(|(sample, &label)| std::iter::repeat_n(label, rows_of(sample))).collect()
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
