//! What was tried for the accuracies that were hoped for and not reached, beside their recipes.

use anyhow::Result;
use hdc_train::{Augment, Clusters, Encoding, FeatureSet, Form, LeHdc, Learn, Map, Margin, Projection, Scale};

use super::{Case, UCI_ALL, Ways, compare, halves, speakers, ways};
use crate::recipe::{self, ELECTRODES, Recipe, UNIFORM};

const EMG: Ways = ways(&[
    ("recipe", recipe::raw_emg),
    ("all features", |dimension, seed| emg(FeatureSet::ALL, learned(Learn::default()), dimension, seed)),
    ("noise 1", |dimension, seed| emg(ELECTRODES, learned(Learn { noise: 1.0, ..Learn::default() }), dimension, seed)),
    ("sharpness 0.5", |dimension, seed| {
        emg(ELECTRODES, learned(Learn { sharpness: 0.5, ..Learn::default() }), dimension, seed)
    }),
    ("decay 0.1", |dimension, seed| {
        emg(ELECTRODES, learned(Learn { decay: 0.1, ..Learn::default() }), dimension, seed)
    }),
    ("300 epochs", |dimension, seed| {
        emg(ELECTRODES, learned(Learn { epochs: 300, ..Learn::default() }), dimension, seed)
    }),
    ("offsets 0.5", |dimension, seed| emg(ELECTRODES, learned(Learn::default()).offsets(0.5), dimension, seed)),
    ("joined to a record", |dimension, seed| {
        let record = Encoding::record().features(ELECTRODES, 1).scale(Scale::Logarithmic);
        recipe::raw_emg(dimension, seed).join(record, dimension / 4)
    }),
    ("two noisy copies", |dimension, seed| recipe::raw_emg(dimension, seed).augmented(Augment::NOISY, 2)),
    ("LeHDC, two prototypes", |dimension, seed| recipe::raw_emg(dimension, seed).method(several(2))),
]);

/// Hyperplanes of these features of `uci-emg`.
fn emg(set: FeatureSet, planes: Projection, dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::projection(planes).features(set, 1).scale(Scale::Logarithmic))
}

fn learned(learn: Learn) -> Projection {
    Projection { learn: Some(learn), ..Projection::random(Map::Whitened) }
}

fn several(prototypes: usize) -> LeHdc {
    LeHdc { prototypes, ..LeHdc::default() }
}

const SPOKEN: Ways = ways(&[
    ("recipe", recipe::spoken),
    ("learned hyperplanes alone", recipe::spoken_learned),
    ("hyperplanes between the classes alone", |dimension, seed| Recipe::new(dimension, seed, recipe::between_spoken())),
    ("learned ones, 16 levels", |dimension, seed| Recipe::new(dimension, seed, recipe::spoken_planes(0.5).levels(16))),
    ("learned ones, noise 1", |dimension, seed| Recipe::new(dimension, seed, recipe::spoken_planes(1.0))),
    ("learned ones, whitened", |dimension, seed| {
        let whitened = Encoding::projection(Projection::learned(Map::Whitened)).levels(4);
        Recipe::new(dimension, seed, whitened.scale(UNIFORM))
    }),
    ("LeHDC", |dimension, seed| recipe::spoken(dimension, seed).method(LeHdc::default())),
    ("LeHDC, two prototypes", |dimension, seed| recipe::spoken(dimension, seed).method(several(2))),
]);

const ROWS: Ways = Ways {
    split: halves,
    ..ways(&[
        ("recipe", recipe::emg_rows),
        ("margin", |dimension, seed| recipe::emg_rows(dimension, seed).method(Margin::default())),
        ("LeHDC, eight prototypes", |dimension, seed| recipe::emg_rows(dimension, seed).method(several(8))),
        ("eight clusters", |dimension, seed| {
            recipe::emg_rows(dimension, seed).method(Clusters { prototypes: 8, ..Clusters::default() })
        }),
        ("64 levels", |dimension, seed| rows(Encoding::record().levels(64).scale(UNIFORM), dimension, seed)),
        ("levels of equally many values", |dimension, seed| rows(Encoding::record().levels(16), dimension, seed)),
        ("integers", |dimension, seed| {
            rows(Encoding::record().levels(16).scale(UNIFORM).integer(Form::Cheapest), dimension, seed)
        }),
        ("learned record", |dimension, seed| {
            rows(Encoding::learned_record(Learn::memories()).levels(16).scale(UNIFORM), dimension, seed)
        }),
        ("hyperplanes", |dimension, seed| planes(Projection::random(Map::Whitened), dimension, seed)),
        ("hyperplanes, offsets 0.5", |dimension, seed| {
            planes(Projection::random(Map::Whitened).offsets(0.5), dimension, seed)
        }),
        ("hyperplanes, offsets 1", |dimension, seed| {
            planes(Projection::random(Map::Whitened).offsets(1.0), dimension, seed)
        }),
        ("hyperplanes, offsets 1, margin", |dimension, seed| {
            planes(Projection::random(Map::Whitened).offsets(1.0), dimension, seed).method(Margin::default())
        }),
        ("hyperplanes, learned", |dimension, seed| planes(learned(Learn::default()), dimension, seed)),
        ("hyperplanes, learned, offsets 1", |dimension, seed| {
            planes(learned(Learn::default()).offsets(1.0), dimension, seed)
        }),
    ])
};

/// Single rows of `hdc-emg-time` that are encoded like this.
fn rows(encoding: Encoding, dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, encoding).method(LeHdc::default())
}

fn planes(projection: Projection, dimension: usize, seed: u64) -> Recipe {
    rows(Encoding::projection(projection).scale(UNIFORM), dimension, seed)
}

const CASES: [Case<Ways>; 4] = [
    ("uci-emg", UCI_ALL, EMG),
    ("isolet", &["isolet"], Ways { split: speakers, folds: 3, ..SPOKEN }),
    ("hdc-emg-time-1, rows", &["hdc-emg-time:subject=1"], ROWS),
    ("hdc-emg-time-5, rows", &["hdc-emg-time:subject=5"], ROWS),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    compare(&CASES, sets, "what differs", &[1024])
}
