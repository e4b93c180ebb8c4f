//! Writes models.

mod table;

use hdc_core::model::{self, Metadata, Provenance};
use hdc_core::{Encoder, Spatial};

use crate::calibrate::Fitted;
use crate::cost::{Cost, Target};
use crate::dataset::Dataset;
use crate::encoders::Encoders;
use crate::encoding::Form;
use crate::error::TrainError;
use crate::front_end;
use crate::method::Prototypes;
use crate::model::ModelBuf;
use crate::trainer::Trainer;
use crate::values::Values;

/// What a model remembers of the kind of data that it has learned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    channels: usize,
    columns: u32,
    float: bool,
    classes: Vec<String>,
}

impl About {
    pub(crate) fn new(data: &Dataset) -> Self {
        Self {
            channels: data.shape().channels,
            columns: model::columns_checksum(data.columns().iter().map(String::as_str)),
            float: matches!(data.values(), Values::F32(_)),
            classes: data.classes().to_vec(),
        }
    }

    /// The name of class `class`.
    pub(crate) fn class(&self, class: usize) -> &str {
        &self.classes[class]
    }
}

/// All that makes a model.
pub(crate) struct Assembly<'a> {
    pub(crate) trainer: &'a Trainer,
    /// The name of the data.
    pub(crate) data: &'a str,
    pub(crate) about: &'a About,
    pub(crate) front_end: Option<&'a front_end::Fitted>,
    pub(crate) encoders: &'a Encoders,
    pub(crate) prototypes: &'a Prototypes,
    /// Training samples.
    pub(crate) samples: usize,
    pub(crate) train_accuracy: f32,
    /// The training method, in words.
    pub(crate) method: &'a str,
    pub(crate) calibration: Option<Fitted>,
    /// Of an early exit; none without one.
    pub(crate) margins: &'a [u32],
}

impl Assembly<'_> {
    /// The model. Integer bundles and class hypervectors may as well be a table: what is cheaper is written.
    pub(crate) fn write(&self) -> Result<ModelBuf, TrainError> {
        let encoders = self.trainer.encodings().zip(&self.encoders.0);
        let encoders: Vec<Encoder<Vec<u32>>> =
            encoders.map(|((encoding, _), encoder)| encoding.stripped(encoder.clone())).collect();
        let form = self.trainer.encodings().find_map(|(encoding, _)| encoding.integer).unwrap_or_default();
        let hypervectors = || self.write_with(&encoders, &self.prototypes.rows);
        let Spatial::Integer(record) = &encoders[0].spatial else { return hypervectors() };
        let table =
            || table::compile(&encoders[0], record, self.prototypes).map(|table| self.write_with(&[table], &[]));
        match form {
            Form::Hypervectors => hypervectors(),
            Form::Table => table().unwrap_or_else(|| {
                let (columns, levels) = (record.items.len(), record.quantiser.levels());
                Err(TrainError::Table { columns, levels, classes: self.about.classes.len() * self.prototypes.each })
            }),
            Form::Cheapest => {
                let hypervectors = hypervectors()?;
                let Some(table) = table() else { return Ok(hypervectors) };
                let (table, product) = (table?, |model: &ModelBuf| Cost::of(&model.view(), Target::CortexM4).product());
                Ok(if product(&table) <= product(&hypervectors) { table } else { hypervectors })
            }
        }
    }

    fn write_with(&self, encoders: &[Encoder<Vec<u32>>], classes: &[u32]) -> Result<ModelBuf, TrainError> {
        let About { channels, columns, float, classes: labels } = self.about;
        let metadata = Metadata {
            // Of sequences, the longest that the encoder takes.
            steps: self.front_end.map_or(encoders[0].steps, |fitted| fitted.steps) as u32,
            channels: *channels as u32,
            columns: *columns,
            float: *float,
            encoder: encoders[0].spec(),
            joined: encoders.get(1).map(Encoder::spec),
            prototypes: self.prototypes.each as u32,
            labels: &labels.join("\n"),
            provenance: Provenance {
                data: self.data,
                samples: u32::try_from(self.samples).unwrap_or(u32::MAX),
                method: self.method,
                train_accuracy: self.train_accuracy,
                library: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
            },
            calibration: self.calibration.as_ref().map(|calibration| calibration.spec),
            front_end: self.front_end.map(|fitted| fitted.front_end.spec()),
            early_exit: !self.margins.is_empty(),
        };
        let calibration = self.calibration.iter().flat_map(|fitted| [&fitted.limits[..], &fitted.steps]);
        let front_end = self.front_end.iter().map(|fitted| &fitted.front_end.sections[..]);
        let sections = encoders.iter().flat_map(Encoder::sections).chain([classes, self.margins]);
        Ok(ModelBuf::from_written(model::write(&metadata, front_end.chain(sections).chain(calibration))?))
    }
}
