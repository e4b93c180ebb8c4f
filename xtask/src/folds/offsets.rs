//! What it is worth that random hyperplanes lie beside the mean of the samples: bits then keep distances, not only angles.

use anyhow::Result;
use hdc_train::{Encoding, Feature, FeatureSet, Map, Projection, Scale};

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, speakers, ways};
use crate::recipe::{self, Recipe};

/// Random hyperplanes in the space of the map, whose distances from the mean have so many tenths of a deviation.
fn planes<const TENTHS: u8>(map: Map) -> Encoding {
    Encoding::projection(Projection::random(map).offsets(f32::from(TENTHS) / 10.0))
}

fn electrodes<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    let features = planes::<TENTHS>(Map::Whitened).features(FeatureSet::EMG, 1);
    Recipe::new(dimension, seed, features.scale(Scale::Logarithmic))
}

fn exercises<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Whitened).features(FeatureSet::MOTION, 1))
}

fn strokes<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    let set = FeatureSet::ALL.without(Feature::Correlation);
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Discriminant).features(set, 4).scale(Scale::Logarithmic))
}

fn patterns<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    let patterns = planes::<TENTHS>(Map::Discriminant).convolutions(2);
    Recipe::new(dimension, seed, patterns.scale(recipe::UNIFORM))
}

fn both<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    recipe::strokes_beside(dimension, seed, f32::from(TENTHS) / 10.0)
}

fn activities<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Standardised))
}

fn rows<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Whitened).scale(recipe::UNIFORM))
}

fn spoken<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Standardised).levels(16).scale(recipe::UNIFORM))
}

fn between<const TENTHS: u8>(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, planes::<TENTHS>(Map::Discriminant).levels(16).scale(recipe::UNIFORM))
}

/// The usual deviations of one kind of hyperplanes.
macro_rules! deviations {
    ($planes:ident) => {
        ways(&[("0", $planes::<0>), ("0.5", $planes::<5>), ("1", $planes::<10>), ("1.5", $planes::<15>)])
    };
}

const ELECTRODES: Ways = deviations!(electrodes);
const EXERCISES: Ways = deviations!(exercises);
const SPOKEN: Ways = deviations!(spoken);
const BETWEEN: Ways = deviations!(between);

const CASES: [Case<Ways>; 11] = [
    ("uci-emg", UCI_ALL, ELECTRODES),
    ("libemg-myodisco", MYODISCO, ELECTRODES),
    ("spar", &["spar"], Ways { windows: Some((200, 100)), ..EXERCISES }),
    ("racketsports, features", &["racketsports"], deviations!(strokes)),
    ("racketsports, convolutions", &["racketsports"], deviations!(patterns)),
    ("racketsports, both", &["racketsports"], deviations!(both)),
    ("wisdm", &["wisdm"], deviations!(activities)),
    ("hdc-emg-time-1, rows", &["hdc-emg-time:subject=1"], deviations!(rows)),
    ("hdc-emg-time-5, rows", &["hdc-emg-time:subject=5"], deviations!(rows)),
    ("isolet", &["isolet"], Ways { split: speakers, folds: 3, ..SPOKEN }),
    ("isolet, between classes", &["isolet"], Ways { split: speakers, folds: 3, ..BETWEEN }),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "offsets", &[256, 1024])
}
