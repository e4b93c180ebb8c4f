//! The metadata of format 2, which had no calibration.

use serde::Deserialize;

use super::metadata::{EncoderSpec, Metadata, Provenance};

#[derive(Deserialize)]
pub(super) struct Metadata2<'a> {
    steps: u32,
    channels: u32,
    float: bool,
    columns: u32,
    encoder: EncoderSpec,
    joined: Option<EncoderSpec>,
    prototypes: u32,
    labels: &'a str,
    #[serde(borrow)]
    provenance: Provenance<'a>,
}

impl<'a> From<Metadata2<'a>> for Metadata<'a> {
    fn from(old: Metadata2<'a>) -> Self {
        let Metadata2 { steps, channels, float, columns, encoder, joined, prototypes, labels, provenance } = old;
        let (calibration, front_end) = (None, None);
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
        }
    }
}
