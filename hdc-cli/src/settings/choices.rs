//! What options can be set to.

use anyhow::ensure;
use clap::ValueEnum;
use hdc_train::{Encoding, Learn, Ngram, Projection};

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Encoder {
    Auto,
    Record,
    Ngram,
    Projection,
    Learned,
    Designed,
    Symbols,
}

/// Encoders that can be the second.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Second {
    Record,
    Ngram,
    Projection,
    Learned,
}

impl Second {
    pub(super) fn encoding(self, steps: usize) -> anyhow::Result<Encoding> {
        ensure!(
            steps > 1 || self != Self::Ngram,
            "feature rows have no time steps for n-grams: choose another encoder for --join"
        );
        Ok(match self {
            Self::Record if steps > 1 => Encoding::record().ngram(1, 1),
            Self::Record => Encoding::record().whole(),
            Self::Ngram => {
                let Ngram { order, stride } = Ngram::spread(steps);
                Encoding::record().ngram(order, stride)
            }
            Self::Projection => Encoding::projection(Projection::default()),
            Self::Learned => Encoding::learned_record(Learn::memories()),
        })
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Weights {
    Integer,
    Ternary,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum IntegerForm {
    Cheapest,
    Hypervectors,
    Table,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Spacing {
    Uniform,
    Logarithmic,
    Quantile,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Similarity {
    Linear,
    Cosine,
    Gaussian,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Memories {
    Stored,
    Regenerated,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Space {
    Standardised,
    Whitened,
    Discriminant,
    Principal,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Planes {
    Random,
    Learned,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Training {
    Centroid,
    Margin,
    Perceptron,
    Onlinehd,
    Refinehd,
    Quanthd,
    Lehdc,
    Clusters,
}
