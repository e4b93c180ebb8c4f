use hdc_core::model::InputSpec;
use hdc_core::{Feature, FeatureSet};

use crate::dataset::Dataset;
use crate::encoding::Encoding;
use crate::trainer::Trainer;

/// A setting with a size of at least 1; those of an encoding with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// In words.
    Dimension,
    Levels(usize),
    Parts(usize),
    /// 2 if the feature is measured.
    Feature(usize, Feature),
    Prototypes,
}

impl Setting {
    /// Those that `trainer` has.
    pub(super) fn of(trainer: &Trainer, data: &Dataset) -> Vec<Self> {
        let mut settings = vec![Self::Dimension, Self::Prototypes];
        for (place, (encoding, _)) in trainer.encodings().enumerate() {
            if !encoding.is_symbols() {
                settings.push(Self::Levels(place));
            }
            if let InputSpec::Features { set, .. } = encoding.input(data) {
                settings.push(Self::Parts(place));
                settings.extend(set.iter().map(|feature| Self::Feature(place, feature)));
            }
        }
        settings
    }

    /// The least size that makes sense.
    pub(super) fn least(self, trainer: &Trainer) -> usize {
        match self {
            Self::Dimension => trainer.encodings().count(),
            Self::Levels(_) => 2,
            Self::Parts(_) | Self::Feature(..) | Self::Prototypes => 1,
        }
    }

    /// Its size.
    pub(super) fn size(self, trainer: &Trainer, data: &Dataset) -> usize {
        match self {
            Self::Dimension => trainer.dimension / 32,
            Self::Prototypes => trainer.prototypes_each(),
            Self::Levels(place) => encoding(trainer, place).levels,
            Self::Parts(place) => features(trainer, place, data).1,
            Self::Feature(place, feature) => {
                let (set, _) = features(trainer, place, data);
                // The last one stays.
                if set.contains(feature) && set.len() > 1 { 2 } else { 1 }
            }
        }
    }

    /// The same trainer with another size of this.
    pub(super) fn resized(self, trainer: &Trainer, data: &Dataset, size: usize) -> Trainer {
        match self {
            Self::Dimension => trainer.resized(size * 32),
            Self::Prototypes => trainer.with_prototypes(size),
            Self::Levels(place) => trainer.replace(place, encoding(trainer, place).clone().levels(size)),
            Self::Parts(place) => {
                let (set, _) = features(trainer, place, data);
                trainer.replace(place, encoding(trainer, place).clone().features(set, size))
            }
            Self::Feature(place, feature) => {
                let (set, parts) = features(trainer, place, data);
                let left: Vec<Feature> = set.iter().filter(|&other| other != feature).collect();
                trainer.replace(place, encoding(trainer, place).clone().features(FeatureSet::of(&left), parts))
            }
        }
    }
}

fn encoding(trainer: &Trainer, place: usize) -> &Encoding {
    let (encoding, _) = trainer.encodings().nth(place).expect("settings have places of encodings");
    encoding
}

/// The features of an encoding, and in how many parts of a window.
fn features(trainer: &Trainer, place: usize, data: &Dataset) -> (FeatureSet, usize) {
    match encoding(trainer, place).input(data) {
        InputSpec::Features { set, parts } => (set, parts as usize),
        _ => (FeatureSet::of(&[]), 1),
    }
}
