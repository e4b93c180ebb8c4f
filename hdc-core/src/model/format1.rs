//! The metadata of format 1, which had record encoders only.

use serde::Deserialize;

use super::format2::Metadata2;
use super::metadata::{EncoderSpec, InputSpec, Metadata, Provenance, Source, SpatialSpec};
use crate::{Ngram, Tie};

#[derive(Deserialize)]
pub(super) struct Metadata1<'a> {
    dimension: u32,
    steps: u32,
    channels: u32,
    float: bool,
    columns: u32,
    levels: u32,
    seed: u64,
    items: Source,
    level_rows: Source,
    ngram: Ngram,
    tie: Tie,
    labels: &'a str,
    #[serde(borrow)]
    provenance: Provenance<'a>,
}

impl<'a> From<Metadata1<'a>> for Metadata<'a> {
    fn from(old: Metadata1<'a>) -> Self {
        let Metadata1 { dimension, steps, channels, float, columns, levels, seed, items, level_rows, .. } = old;
        let input = if steps == 1 && old.ngram.span() == 1 { InputSpec::Whole } else { InputSpec::Steps(old.ngram) };
        let spatial = SpatialSpec::Record { seed, items, level_rows };
        let encoder = EncoderSpec { dimension, input, levels, spatial, tie: old.tie };
        let (labels, provenance) = (old.labels, old.provenance);
        let (joined, prototypes) = (None, 1);
        Metadata2 { steps, channels, float, columns, encoder, joined, prototypes, labels, provenance }.into()
    }
}
