//! The metadata of format 2, which had no calibration.

use serde::Deserialize;

use super::metadata::{EncoderSpec, Metadata, Provenance};

#[derive(Deserialize)]
pub(super) struct Metadata2<'a> {
    pub(super) steps: u32,
    pub(super) channels: u32,
    pub(super) float: bool,
    pub(super) columns: u32,
    pub(super) encoder: EncoderSpec,
    pub(super) joined: Option<EncoderSpec>,
    pub(super) prototypes: u32,
    pub(super) labels: &'a str,
    #[serde(borrow)]
    pub(super) provenance: Provenance<'a>,
}

impl<'a> From<Metadata2<'a>> for Metadata<'a> {
    fn from(old: Metadata2<'a>) -> Self {
        let Metadata2 { steps, channels, float, columns, encoder, joined, prototypes, labels, provenance } = old;
        let (calibration, front_end, early_exit) = (None, None, false);
        Self {
            steps,
            channels,
            float,
            columns,
            encoder,
            joined,
            prototypes,
            labels,
            provenance,
            calibration,
            front_end,
            early_exit,
        }
    }
}
