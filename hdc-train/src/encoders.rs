use hdc_core::{EncodeError, Encoder};

use crate::dataset::Dataset;
use crate::encoded::Encoded;
use crate::progress::Progress;

/// The fitted encoders of a model: one, or two whose hypervectors are joined.
#[derive(Clone, Debug)]
pub(crate) struct Encoders(pub(crate) Vec<Encoder<Vec<u32>>>);

impl PartialEq for Encoders {
    fn eq(&self, other: &Self) -> bool {
        let same = |(own, other): (&Encoder<Vec<u32>>, &Encoder<Vec<u32>>)| {
            own.spec() == other.spec() && own.sections() == other.sections()
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
}

impl Encoders {
    /// The hypervectors of all samples of `data`.
    pub(crate) fn encode(&self, data: &Dataset, progress: &(dyn Fn(Progress) + Sync)) -> Result<Encoded, EncodeError> {
        let mut encoded = Encoded::new(&self.0[0], data, progress)?;
        for encoder in &self.0[1..] {
            encoded = encoded.join(&Encoded::new(encoder, data, progress)?);
        }
        Ok(encoded)
    }
}
