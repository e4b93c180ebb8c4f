//! What it is worth that random hyperplanes lie beside the mean of the samples: bits then keep distances, not only angles.

use anyhow::Result;
use hdc_train::{Encoding, Feature, FeatureSet, Map, Projection, Scale};

use super::{Case, MYODISCO, UCI_ALL, Ways, compare, speakers, ways};
use crate::recipe::{self, Recipe};

/// Random hyperplanes in the space of the map, that lie so many deviations beside the mean.
fn planes(map: Map, offsets: f32) -> Encoding {
    Encoding::projection(Projection::random(map).offsets(offsets))
}

fn electrodes(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    let features = planes(Map::Whitened, offsets).features(FeatureSet::EMG, 1);
    Recipe::new(dimension, seed, features.scale(Scale::Logarithmic))
}

fn exercises(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    Recipe::new(dimension, seed, planes(Map::Whitened, offsets).features(FeatureSet::MOTION, 1))
}

fn strokes(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    let set = FeatureSet::ALL.without(Feature::Correlation);
    Recipe::new(dimension, seed, planes(Map::Discriminant, offsets).features(set, 4).scale(Scale::Logarithmic))
}

fn patterns(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    let patterns = planes(Map::Discriminant, offsets).convolutions(2);
    Recipe::new(dimension, seed, patterns.scale(recipe::UNIFORM))
}

fn activities(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    Recipe::new(dimension, seed, planes(Map::Standardised, offsets))
}

fn rows(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    Recipe::new(dimension, seed, planes(Map::Whitened, offsets).scale(recipe::UNIFORM))
}

fn spoken(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    Recipe::new(dimension, seed, planes(Map::Standardised, offsets).levels(16).scale(recipe::UNIFORM))
}

fn between(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    Recipe::new(dimension, seed, planes(Map::Discriminant, offsets).levels(16).scale(recipe::UNIFORM))
}

/// A recipe with each deviation.
macro_rules! deviations {
    ($recipe:expr) => {
        ways(&[
            ("0", |dimension, seed| $recipe(dimension, seed, 0.0)),
            ("0.5", |dimension, seed| $recipe(dimension, seed, 0.5)),
            ("1", |dimension, seed| $recipe(dimension, seed, 1.0)),
            ("1.5", |dimension, seed| $recipe(dimension, seed, 1.5)),
        ])
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
    ("racketsports, both", &["racketsports"], deviations!(recipe::strokes_beside)),
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
