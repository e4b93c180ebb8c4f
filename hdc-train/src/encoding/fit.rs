//! Encoders out of settings and samples.

use hdc_core::model::{InputSpec, Source};
use hdc_core::{
    Convolutions, Encoder, Features, Input, ItemMemory, LevelMemory, Quantiser, RecordEncoder, Spatial, SymbolEncoder,
};
use hdc_core::{Tie, Value};
use rayon::prelude::*;

use super::design::Cut;
use super::{Encoding, SpatialSettings, convolutions, design, record, symbols};
use crate::dataset::{Dataset, Shape};
use crate::progress::Progress;
use crate::quantise::{self, Rows};
use crate::values::{Sample, Values};

/// The rows that an encoder is fitted to, with the class of each.
#[derive(Clone, Copy)]
pub(super) struct Samples<'a> {
    pub(super) rows: Rows<'a>,
    pub(super) columns: usize,
    pub(super) labels: &'a [usize],
    pub(super) classes: usize,
}

/// What fitting needs to know besides the rows.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) dimension: usize,
    pub(super) seed: u64,
    pub(super) progress: &'a (dyn Fn(Progress) + Sync),
}

impl Encoding {
    /// Fits an encoder of `dimension` bits to the samples of `data`, which [`check`](Self::check) has passed.
    pub(crate) fn fit(
        &self,
        data: &Dataset,
        dimension: usize,
        tie: Tie,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Encoder<Vec<u32>> {
        self.fit_designs(data, dimension, tie, seed, progress).0
    }

    /// The encoder, and the front of designs that it is taken from; none if the levels are not designed.
    pub(crate) fn fit_designs(
        &self,
        data: &Dataset,
        dimension: usize,
        tie: Tie,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> (Encoder<Vec<u32>>, Vec<Cut>) {
        let (Shape { steps, channels }, words) = (data.shape(), dimension / 32);
        let (input, measured) = match self.input(data) {
            InputSpec::Steps(ngram) => (Input::Steps(ngram), None),
            InputSpec::Sequence(ngram) => (Input::Sequence(ngram), None),
            InputSpec::Whole => (Input::Whole, None),
            InputSpec::Features { set, parts } => {
                let features = Features { set, parts: parts as usize, steps, channels, scale: exponents(data) };
                let measured = measure(features.len(), data, &features);
                (Input::Features(features), Some(measured))
            }
            InputSpec::Convolutions { dilations } => {
                let convolutions = convolutions::fit(data, dilations as usize, exponents(data), seed);
                let measured = measure(convolutions.len(), data, &convolutions);
                (Input::Convolutions(convolutions), Some(measured))
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
            SpatialSettings::LearnedSymbols(learn) => {
                Spatial::Symbol(symbols::learn(data, self.levels, &input, *learn, job))
            }
            SpatialSettings::Record(..) => Spatial::Record(RecordEncoder {
                quantiser: quantiser(),
                items: ItemMemory::stored(seed, columns, words),
                levels: match self.kernel {
                    None => LevelMemory::stored(seed, self.levels, words),
                    Some(kernel) => {
                        let rows = kernel.levels(self.levels, dimension, seed);
                        LevelMemory::new(seed, hdc_core::Rows::Stored(rows), self.levels, words)
                    }
                },
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
        let mut front = Vec::new();
        if let SpatialSettings::Record(_, Some(design)) = &self.spatial {
            let bins = Quantiser::new(quantise::fit(rows, columns, self.scale, design::BINS), design::BINS);
            front = design.fit(data, rows, &bins, &encoder, job);
            encoder = with_thresholds(encoder, front[design.choose(&front)].thresholds.clone(), self.levels);
        }
        let encoder = match encoder.spatial {
            Spatial::Record(record) if self.integer.is_some() => {
                Encoder { spatial: Spatial::Integer(record), ..encoder }
            }
            spatial => Encoder { spatial, ..encoder },
        };
        (encoder, front)
    }

    /// The same encoder as it is written: memories that the settings leave out are regenerated.
    pub(crate) fn stripped(&self, encoder: Encoder<Vec<u32>>) -> Encoder<Vec<u32>> {
        let words = encoder.words;
        let regenerated = |record: RecordEncoder<Vec<u32>>| {
            let (seed, columns) = (record.items.seed(), record.items.len());
            let items = ItemMemory::new(seed, hdc_core::Rows::Regenerated, columns, words);
            let levels = match self.kernel {
                None => LevelMemory::new(seed, hdc_core::Rows::Regenerated, record.levels.levels(), words),
                // No seed stands for these.
                Some(_) => record.levels,
            };
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

/// The same record with other thresholds, `F x (M - 1)`.
pub(crate) fn with_thresholds(
    mut encoder: Encoder<Vec<u32>>,
    thresholds: Vec<u32>,
    levels: usize,
) -> Encoder<Vec<u32>> {
    if let Spatial::Record(record) | Spatial::Integer(record) = &mut encoder.spatial {
        record.quantiser = Quantiser::new(thresholds, levels);
    }
    encoder
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
        Input::Whole | Input::Features(_) | Input::Convolutions(_) => 1,
    };
    let labels = data.labels().iter().enumerate();
    labels.flat_map(|(sample, &label)| std::iter::repeat_n(label, rows_of(sample))).collect()
}

/// What one row of numbers is measured of a window by.
trait Measures: Sync {
    fn measure<V: Value>(&self, sample: &[V], row: &mut [u32]) -> Result<(), usize>;
}

impl Measures for Features<Vec<u32>> {
    fn measure<V: Value>(&self, sample: &[V], row: &mut [u32]) -> Result<(), usize> {
        self.measure_into(sample, row)
    }
}

impl Measures for Convolutions<Vec<u32>> {
    fn measure<V: Value>(&self, sample: &[V], row: &mut [u32]) -> Result<(), usize> {
        self.count_into(sample, row)
    }
}

/// The `columns` numbers of every sample, row by row.
fn measure(columns: usize, data: &Dataset, measures: &impl Measures) -> Vec<i32> {
    let mut rows = vec![0_i32; data.len() * columns];
    rows.par_chunks_exact_mut(columns).enumerate().for_each(|(index, row)| {
        let row = bytemuck::cast_slice_mut(row);
        // The values of a data set are finite, which is all that can fail.
        let _ = match data.sample(index) {
            Sample::I16(sample) => measures.measure(sample, row),
            Sample::F32(sample) => measures.measure(sample, row),
        };
    });
    rows
}
