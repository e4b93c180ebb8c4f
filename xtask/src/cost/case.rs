//! Models of all kinds and sizes, drawn by a seed.

use anyhow::{Result, bail};
use hdc_train::{
    Clusters, Cost, Dataset, Encoding, Form, Learn, ModelBuf, Projection, Shape, Source, Trainer, Values, predict,
};

use super::draw::Draw;

/// A model, and samples that it classifies on the chip.
pub(crate) struct Case {
    pub(super) name: String,
    pub(super) model: ModelBuf,
    /// Little-endian numbers.
    pub(super) samples: Vec<u8>,
    /// Whether a sample equals the hypervectors of two classes, as may be in very few dimensions: the others are not
    /// compared then.
    abandons: bool,
}

impl Case {
    /// The model that `trainer` makes of `data`, and up to four samples across the data.
    pub(super) fn new(name: impl Into<String>, trainer: &Trainer, data: &Dataset) -> Result<Self> {
        // A quarter of the data on, and one: not all of the same class.
        Self::of(name, trainer.fit(data)?, data, 4)
    }

    /// `model` with up to `count` samples across `data`.
    pub(crate) fn of(name: impl Into<String>, model: ModelBuf, data: &Dataset, count: usize) -> Result<Self> {
        let count = data.len().min(count);
        let chosen: Vec<usize> = (0..count).map(|place| (place * data.len() / count + place) % data.len()).collect();
        let few = data.subset(&chosen)?;
        let abandons = predict(&model.view(), &few)?.iter().any(|found| found.distance + found.margin == 0);
        let samples = match few.values() {
            Values::I16(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::F32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        Ok(Self { name: name.into(), model, samples, abandons })
    }
}

impl Case {
    /// What its program has of the library.
    pub(super) fn program(&self) -> String {
        Cost::program(&self.model.view())
    }
}

/// A kind of model.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// n-grams of records of few channels.
    Windows,
    /// The same of eight or more channels.
    ManyChannels,
    /// Memories are regenerated.
    Regenerated,
    /// A feature row as a record.
    Rows,
    /// A feature row as a projection.
    Projection,
    /// Features of a window as a record.
    FeatureRecord,
    /// Features of a window as a projection.
    FeatureProjection,
    /// Sequences of symbols.
    Symbols,
    /// Two encoders.
    Joined,
    /// Several hypervectors a class.
    Prototypes,
    /// Search takes most of the time.
    ManyClasses,
    /// A row with learned memories.
    Learned,
    /// The same of features.
    FeatureLearned,
    /// A signal front end before n-grams.
    FrontEnd,
    /// A row as a ternary projection.
    Ternary,
    /// Features as a ternary projection.
    FeatureTernary,
    /// A row, or steps, as integers.
    Integer,
    /// Features as integers.
    FeatureInteger,
    /// Integers of regenerated memories.
    RegeneratedInteger,
    /// A row, or steps, in a table.
    Table,
    /// Features in a table.
    FeatureTable,
    /// Memories of a row, or of features, are regenerated.
    RegeneratedRows,
    /// n-grams of projections.
    StepProjection,
    /// n-grams of ternary projections.
    StepTernary,
    /// n-grams of learned records.
    StepLearned,
    /// Steps as integers, stored or regenerated.
    StepInteger,
    /// Features as integers of regenerated memories.
    FeatureRegeneratedInteger,
    /// Steps in a table.
    StepTable,
    /// Many features as a record, stored, learned or of integers.
    ManyFeatures,
    /// Convolutions as a record or a projection.
    Convolutions,
}

impl Kind {
    pub(super) const ALL: [Self; 30] = [
        Self::Windows,
        Self::ManyChannels,
        Self::Regenerated,
        Self::Rows,
        Self::Projection,
        Self::FeatureRecord,
        Self::FeatureProjection,
        Self::Symbols,
        Self::Joined,
        Self::Prototypes,
        Self::ManyClasses,
        Self::Learned,
        Self::FeatureLearned,
        Self::FrontEnd,
        Self::Ternary,
        Self::FeatureTernary,
        Self::Integer,
        Self::FeatureInteger,
        Self::RegeneratedInteger,
        Self::Table,
        Self::FeatureTable,
        Self::RegeneratedRows,
        Self::StepProjection,
        Self::StepTernary,
        Self::StepLearned,
        Self::StepInteger,
        Self::FeatureRegeneratedInteger,
        Self::StepTable,
        Self::ManyFeatures,
        Self::Convolutions,
    ];

    /// Whether there are models of this kind for samples of `f32`, or else of `i16`.
    pub(super) const fn takes(self, float: bool) -> bool {
        !(float && matches!(self, Self::Symbols | Self::FrontEnd))
    }

    /// Model number `number` of this kind, for samples of `f32` or of `i16`, whose classes differ.
    pub(super) fn case(self, number: u64, float: bool) -> Result<Case> {
        for attempt in 0..100 {
            let case = self.attempt(number, attempt, float)?;
            if !case.abandons {
                return Ok(case);
            }
        }
        bail!("{self:?} {number}: classes are the same in all attempts")
    }

    fn attempt(self, number: u64, attempt: u64, float: bool) -> Result<Case> {
        let mut draw = Draw::new(attempt << 32 | number << 8 | self as u64);
        let (shape, trainer) = match self {
            Self::Windows => {
                let (shape, encoding) = draw.windows(1 + number as usize % 7, Encoding::record());
                (shape, draw.trainer(64).encoding(encoding))
            }
            Self::ManyChannels => {
                let channels = if number % 8 == 5 { draw.size(128, 160) } else { draw.size(8, 40) };
                let (shape, encoding) = draw.windows(channels, Encoding::record());
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::Regenerated => {
                let channels = draw.size(1, 12);
                let (shape, encoding) = draw.windows(channels, Encoding::record().memories(Source::Regenerated));
                (shape, draw.trainer(20).encoding(encoding))
            }
            Self::Rows => {
                let shape = Shape { steps: 1, channels: draw.size(1, 300) };
                (shape, draw.trainer(128).encoding(Encoding::record().levels(draw.size(4, 64))))
            }
            Self::Projection => {
                let shape = Shape { steps: 1, channels: draw.size(2, 100) };
                let encoding = Encoding::projection(draw.hyperplanes()).levels(draw.size(4, 64));
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::FeatureRecord => {
                let (shape, encoding) = draw.features(Encoding::record());
                (shape, draw.trainer(64).encoding(encoding))
            }
            Self::FeatureProjection => {
                let planes = draw.hyperplanes();
                let (shape, encoding) = draw.features(Encoding::projection(planes));
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::Symbols => {
                let source = draw.of(&[Source::Stored, Source::Regenerated]);
                let (shape, encoding) = draw.windows(1, Encoding::symbols(27).memories(source));
                (shape, draw.trainer(64).encoding(encoding.levels(27)))
            }
            Self::Joined => {
                let (shape, first) = draw.windows(1 + number as usize % 9, Encoding::record());
                let (set, planes) = (draw.set(), draw.hyperplanes());
                let second = draw.of(&[Encoding::record(), Encoding::projection(planes)]);
                let trainer = draw.trainer(32).encoding(first);
                let words = draw.size(2, 48);
                let of_second = draw.size(1, words - 1);
                (shape, trainer.dimension(32 * words).join(second.features(set, 1), 32 * of_second))
            }
            Self::Prototypes => {
                let (shape, encoding) = draw.windows(4, Encoding::record());
                let prototypes = draw.size(2, 6);
                (shape, draw.trainer(128).encoding(encoding).method(Clusters { prototypes, ..Clusters::default() }))
            }
            Self::ManyClasses => {
                let shape = Shape { steps: 1, channels: draw.size(2, 7) };
                (shape, draw.trainer(470))
            }
            Self::Learned => {
                let shape = Shape { steps: 1, channels: draw.size(2, 200) };
                let encoding = Encoding::learned_record(QUICK).levels(draw.size(4, 64));
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::FeatureLearned => {
                let (shape, encoding) = draw.features(Encoding::learned_record(QUICK));
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::FrontEnd => draw.filtered(number),
            Self::Ternary => {
                let shape = Shape { steps: 1, channels: draw.size(2, 100) };
                let encoding = Encoding::projection(Projection::default().ternary()).levels(draw.size(4, 64));
                (shape, draw.trainer(32).encoding(encoding))
            }
            Self::FeatureTernary => {
                let (shape, encoding) = draw.features(Encoding::projection(Projection::default().ternary()));
                (shape, draw.trainer(32).encoding(encoding))
            }
            _ => self.drawn_later(number, &mut draw),
        };
        let classes = if let Self::ManyClasses = self { draw.size(10, 60) } else { draw.size(2, 12) };
        let data =
            if let Self::Symbols = self { draw.letters(shape, classes) } else { draw.signals(shape, classes, float) }?;
        Case::new(format!("{self:?} {number}"), &trainer, &data)
    }

    /// Shape and settings of integers, tables, and what is left.
    fn drawn_later(self, number: u64, draw: &mut Draw) -> (Shape, Trainer) {
        match self {
            Self::Integer | Self::RegeneratedInteger | Self::Table => {
                let form = if let Self::Table = self { Form::Table } else { Form::Hypervectors };
                let regenerated = matches!(self, Self::RegeneratedInteger);
                let source = if regenerated { Source::Regenerated } else { Source::Stored };
                let encoding = Encoding::record().levels(draw.size(4, 64)).integer(form).memories(source);
                let steps = if number.is_multiple_of(3) { draw.size(2, 30) } else { 1 };
                let shape = Shape { steps, channels: draw.size(1, if regenerated || steps > 1 { 12 } else { 300 }) };
                let encoding = if steps > 1 { encoding.ngram(1, 1) } else { encoding };
                let words = if let Self::Table = self {
                    OF_TABLES
                } else if regenerated {
                    12
                } else {
                    32
                };
                (shape, draw.trainer(words).encoding(encoding))
            }
            Self::FeatureInteger | Self::FeatureTable => {
                let table = matches!(self, Self::FeatureTable);
                let form = if table { Form::Table } else { Form::Hypervectors };
                let (shape, encoding) = draw.features(Encoding::record().integer(form));
                (shape, draw.trainer(if table { OF_TABLES } else { 32 }).encoding(encoding))
            }
            Self::RegeneratedRows => {
                let encoding = Encoding::record().memories(Source::Regenerated);
                if number.is_multiple_of(2) {
                    let shape = Shape { steps: 1, channels: draw.size(1, 40) };
                    (shape, draw.trainer(20).encoding(encoding.levels(draw.size(4, 64))))
                } else {
                    let (shape, encoding) = draw.features(encoding);
                    (shape, draw.trainer(20).encoding(encoding))
                }
            }
            Self::StepProjection => {
                let channels = draw.size(1, 20);
                let planes = draw.hyperplanes();
                let (shape, encoding) = draw.windows(channels, Encoding::projection(planes));
                (shape, draw.trainer(16).encoding(encoding))
            }
            Self::StepTernary => {
                let channels = draw.size(1, 20);
                let (shape, encoding) = draw.windows(channels, Encoding::projection(Projection::default().ternary()));
                (shape, draw.trainer(16).encoding(encoding))
            }
            Self::StepLearned => {
                let channels = draw.size(1, 100);
                let (shape, encoding) = draw.windows(channels, Encoding::learned_record(QUICK));
                (shape, draw.trainer(16).encoding(encoding))
            }
            Self::StepInteger | Self::StepTable => {
                let form = if let Self::StepTable = self { Form::Table } else { Form::Hypervectors };
                let encoding = Encoding::record().levels(draw.size(4, 64)).integer(form).ngram(1, 1);
                let regenerated = matches!(self, Self::StepInteger) && number % 3 == 2;
                let encoding = if regenerated { encoding.memories(Source::Regenerated) } else { encoding };
                let shape = Shape { steps: draw.size(2, 60), channels: draw.size(1, if regenerated { 8 } else { 40 }) };
                let words = if let Self::StepTable = self { OF_TABLES } else { 24 };
                (shape, draw.trainer(words).encoding(encoding))
            }
            Self::FeatureRegeneratedInteger => {
                let encoding = Encoding::record().integer(Form::Hypervectors).memories(Source::Regenerated);
                let (shape, encoding) = draw.features(encoding);
                (shape, draw.trainer(12).encoding(encoding))
            }
            Self::Convolutions => {
                let shape = Shape { steps: draw.size(17, 80), channels: draw.size(1, 3) };
                let planes = draw.hyperplanes();
                let encoding = draw.of(&[Encoding::record(), Encoding::projection(planes)]);
                (shape, draw.trainer(8).encoding(encoding.convolutions(draw.size(1, 2)).levels(draw.size(3, 8))))
            }
            // Many features.
            _ => {
                let encoding = match number % 3 {
                    0 => Encoding::record(),
                    1 => Encoding::learned_record(QUICK),
                    _ => Encoding::record().integer(Form::Hypervectors),
                };
                let shape = Shape { steps: draw.size(40, 100), channels: draw.size(4, 8) };
                let encoding = encoding.features(draw.set(), draw.size(4, 12)).levels(draw.size(4, 64));
                (shape, draw.trainer(24).encoding(encoding))
            }
        }
    }
}

/// Words of the hypervectors that tables are made of: with many, entries of a table take 16 bits.
const OF_TABLES: usize = 256;

/// Memories are costed, not used.
pub(super) const QUICK: Learn = Learn { epochs: 1, rate: 5e-3, batch: 64, noise: 0.0, decay: 0.0, sharpness: 2.0 };
