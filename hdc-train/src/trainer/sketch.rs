//! Models that cost what trained ones do.

use hdc_core::Spatial;

use super::Trainer;
use crate::assemble::{About, Assembly};
use crate::dataset::Dataset;
use crate::early_exit;
use crate::encoding::{Encoding, Map, Projection, SpatialSettings};
use crate::error::TrainError;
use crate::learn::Learn;
use crate::method::Prototypes;
use crate::model::ModelBuf;
use crate::progress::silent;

impl Trainer {
    /// A model of the same size and the same work as one trained on data like `few`, of `samples` samples: its
    /// hyperplanes are random and its class hypervectors zero, so that it takes no training; a table of integers has entries
    /// of 16 bits if any class hypervectors could make it so. `few` has all shapes of samples that the data have.
    pub(crate) fn sketch(&self, few: &Dataset, samples: usize) -> Result<ModelBuf, TrainError> {
        let (front_end, filtered) = self.filtered(few)?;
        self.check_settings(&filtered)?;
        let mut plain = self.clone();
        let places: Vec<Encoding> = self.encodings().map(|(encoding, _)| encoding.clone()).collect();
        for (place, encoding) in places.into_iter().enumerate() {
            let spatial = match encoding.spatial {
                SpatialSettings::Projection(Projection { ternary, .. }) => {
                    SpatialSettings::Projection(Projection { ternary, ..Projection::random(Map::Standardised) })
                }
                SpatialSettings::LearnedRecord(learn) => SpatialSettings::LearnedRecord(Learn { epochs: 0, ..learn }),
                SpatialSettings::Record(memories, _) => SpatialSettings::Record(memories, None),
                SpatialSettings::LearnedSymbols(learn) => SpatialSettings::LearnedSymbols(Learn { epochs: 0, ..learn }),
                symbols @ SpatialSettings::Symbols(_) => symbols,
            };
            plain = plain.replace(place, Encoding { spatial, ..encoding });
        }
        let each = self.method.prototypes();
        let encoders = plain.encoders(&filtered, &silent);
        let words = 0..self.dimension / 32;
        let class: Vec<u32> = match &encoders.0[0].spatial {
            // As near to a level of a column as can be, and as far from another.
            Spatial::Integer(record) => words.map(|at| record.items.word(0, at) ^ record.levels.word(0, at)).collect(),
            _ => words.map(|_| 0).collect(),
        };
        let rows = class.repeat(few.classes().len() * each);
        // In the worst case no stage answers.
        let stages = self.disagreement.map_or(0, |_| early_exit::most_stages(self.dimension / 32));
        let margins = vec![u32::MAX; stages];
        let assembly = Assembly {
            trainer: self,
            data: few.name(),
            about: &About::new(few),
            encoders: &encoders,
            front_end: front_end.as_ref(),
            prototypes: &Prototypes { rows, each },
            samples,
            train_accuracy: 0.0,
            method: &self.summary_of(&self.method),
            calibration: None,
            margins: &margins,
        };
        assembly.write()
    }
}
