//! Random settings and data for costs.

use anyhow::Result;
use hdc_train::{Centroid, Dataset, Encoding, Feature, FeatureSet, Map, Projection, Shape, Trainer, Values};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

/// Random settings and data.
pub(super) struct Draw(SplitMix64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(SplitMix64::seed_from_u64(seed))
    }

    /// From `least` to `most`, small ones more often.
    pub(super) fn size(&mut self, least: usize, most: usize) -> usize {
        let share = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let size = least as f64 * ((most + 1) as f64 / least as f64).powf(share);
        (size as usize).clamp(least, most)
    }

    pub(super) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.0.next_u64() as usize % choices.len()].clone()
    }

    /// A dimension of up to `words` words; class hypervectors by counting.
    pub(super) fn trainer(&mut self, words: usize) -> Trainer {
        Trainer::new().dimension(32 * self.size(1, words)).seed(self.0.next_u64() % 1000).method(Centroid)
    }

    /// Windows of `channels` channels, and an encoding of their steps.
    pub(super) fn windows(&mut self, channels: usize, encoding: Encoding) -> (Shape, Encoding) {
        let steps = self.size(4, 60);
        let order = self.size(1, steps.min(6));
        let most = if order > 1 { (steps - 1) / (order - 1) } else { 1 };
        let stride = if self.0.next_u64().is_multiple_of(2) { 1 } else { self.size(1, most.min(10)) };
        let encoding = encoding.levels(self.size(4, 64)).ngram(order as u16, stride as u16);
        (Shape { steps, channels }, encoding)
    }

    /// Windows of some steps, and a front end before their encoding.
    pub(super) fn filtered(&mut self, number: u64) -> (Shape, Trainer) {
        let front_end = hdc_train::FrontEnd::new(1000.0).high_pass(20.0);
        let front_end = if number.is_multiple_of(2) { front_end } else { front_end.notch(50.0, 10.0) };
        let front_end = if number.is_multiple_of(3) { front_end } else { front_end.low_pass(400.0) };
        let front_end = if number % 5 < 2 { front_end } else { front_end.envelope(0.02) };
        let channels = self.size(1, 8);
        let steps = self.size(30, 200);
        let decimation = self.size(1, 6);
        let encoding = Encoding::record().levels(self.size(4, 64)).ngram(1, 1);
        let trainer = self.trainer(32).encoding(encoding).front_end(front_end.decimate(decimation));
        (Shape { steps, channels }, trainer)
    }

    pub(super) fn hyperplanes(&mut self) -> Projection {
        Projection::random(self.of(&[Map::Standardised, Map::Whitened]))
    }

    pub(super) fn set(&mut self) -> FeatureSet {
        let others: Vec<Feature> = Feature::ALL.into_iter().filter(|_| self.0.next_u64().is_multiple_of(2)).collect();
        self.of(&[
            FeatureSet::EMG,
            FeatureSet::EMG.with(Feature::Correlation),
            FeatureSet::MOTION,
            FeatureSet::of(&[Feature::Rms]),
            FeatureSet::of(&[Feature::Mean, Feature::Deviation]),
            FeatureSet::ALL,
            FeatureSet::of(&[&[Feature::Mean], &others[..]].concat()),
        ])
    }

    pub(super) fn features(&mut self, encoding: Encoding) -> (Shape, Encoding) {
        let shape = Shape { steps: self.size(20, 200), channels: self.size(1, 8) };
        let (set, parts) = (self.set(), self.size(1, 4));
        (shape, encoding.features(set, parts).levels(self.size(4, 64)))
    }

    /// A wave for each class and channel, with noise.
    pub(super) fn signals(&mut self, shape: Shape, classes: usize, float: bool) -> Result<Dataset> {
        let samples = 4 * classes;
        let loudness = i64::from(self.of(&[20_i16, 200, 2000, 8000]));
        let offset = self.of(&[0, 0, 1]) * loudness;
        let mut values = Vec::new();
        for sample in 0..samples {
            let phase = self.0.next_u64() % 64;
            for step in 0..shape.steps as u64 {
                for channel in 0..shape.channels as u64 {
                    let speed = 1 + (channel * 7 + (sample % classes) as u64 * 5) % 13;
                    let place = (phase + channel * 11 + step * speed) % 64;
                    let wave = place.cast_signed().min(64 - place.cast_signed()) - 16;
                    let noise = (self.0.next_u64() % 64).cast_signed() - 32;
                    values.push(i16::try_from(offset + (wave * 4 + noise) * loudness / 64)?);
                }
            }
        }
        let values = match float {
            true => Values::F32(values.into_iter().map(|value| f32::from(value) / 100.0).collect()),
            false => Values::I16(values),
        };
        self::data(shape, values, classes, samples)
    }

    pub(super) fn letters(&mut self, shape: Shape, classes: usize) -> Result<Dataset> {
        let samples = 4 * classes;
        let letters = (0..samples * shape.steps).map(|_| (self.0.next_u64() % 27) as i16).collect();
        self::data(shape, Values::I16(letters), classes, samples)
    }
}

fn data(shape: Shape, values: Values, classes: usize, samples: usize) -> Result<Dataset> {
    let names = (0..classes).map(|class| class.to_string()).collect();
    Ok(Dataset::new("drawn", shape, values, names, (0..samples).map(|sample| sample % classes).collect())?)
}
