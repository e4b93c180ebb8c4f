//! Encoders out of a specification and sections of rows, and back.

use super::{CalibrationSpec, EncoderSpec, FrontEndSpec, InputSpec, Metadata, ModelError, Source, SpatialSpec};
use crate::encoder::bytes_to_words;
use crate::{
    AdditiveTable, Biquad, Calibration, Component, Convolutions, EarlyExit, Encoder, Features, FrontEnd, Input,
    IntegerBundle, ItemMemory, LevelMemory, Measure, ProjectionEncoder, Quantiser, RecordEncoder,
};
use crate::{Rows, Spatial, SymbolEncoder, TernaryEncoder};

type Words<'a> = &'a [u32];

/// The bound on each count in the metadata, so that no product of two of them overflows 64 bits and a
/// model that passes costs no more than it says.
const MOST: u32 = 1 << 22;

/// The features that a quantiser can have thresholds for.
const MOST_FEATURES: usize = (1 << 16) - 1;

/// Takes sections off the front of the rows of a file.
pub(super) struct Reader<'a>(pub(super) Words<'a>);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, words: Option<usize>) -> Result<Words<'a>, ModelError> {
        let (section, rest) = words.and_then(|words| self.0.split_at_checked(words)).ok_or(rows())?;
        self.0 = rest;
        Ok(section)
    }
}

const fn rows() -> ModelError {
    ModelError::Field { name: "rows" }
}

fn check(fields: &[(&'static str, bool)]) -> Result<(), ModelError> {
    match fields.iter().find(|(_, good)| !good) {
        Some(&(name, _)) => Err(ModelError::Field { name }),
        None => Ok(()),
    }
}

/// Whether every field is one that a model can have, besides those of the encoders.
pub(super) fn check_metadata(metadata: &Metadata<'_>) -> Result<(), ModelError> {
    let within = |value: u32| (1..=MOST).contains(&value);
    check(&[
        ("steps", within(metadata.steps)),
        ("channels", (1..1 << 16).contains(&metadata.channels)),
        ("prototypes", (1..1 << 16).contains(&metadata.prototypes)),
        ("labels", metadata.labels().count() >= 2 && metadata.labels().all(|label| !label.is_empty())),
        ("joined", metadata.joined.is_none() || !metadata.encoders().any(|encoder| encoder.spatial.is_additive())),
    ])
}

/// A quantiser of `features` numbers to `levels` levels, with its thresholds from `rows`.
fn quantiser<'a>(features: usize, levels: usize, rows: &mut Reader<'a>) -> Result<Quantiser<Words<'a>>, ModelError> {
    let quantiser = Quantiser::new(rows.take(features.checked_mul(levels - 1))?, levels);
    let rising = |cuts: &[u32]| cuts.windows(2).all(|pair| pair[0].cast_signed() <= pair[1].cast_signed());
    check(&[("thresholds", (0..features).all(|feature| rising(quantiser.thresholds(feature))))])?;
    Ok(quantiser)
}

impl CalibrationSpec {
    /// The calibration of this specification for `classes` classes, with its rows from `rows`.
    pub(super) fn calibration<'a>(
        self,
        classes: usize,
        rows: &mut Reader<'a>,
    ) -> Result<Calibration<Words<'a>>, ModelError> {
        check(&[("false rejects", (0.0..=1.0).contains(&self.false_rejects)), ("steps", self.steps > 0)])?;
        let (limits, steps) = (rows.take(Some(classes))?, rows.take(Some(self.steps as usize))?);
        let rising = steps.windows(2).all(|pair| pair[0] >> 8 < pair[1] >> 8 && pair[0] & 0xff <= pair[1] & 0xff);
        check(&[("confidence", rising && steps.iter().all(|step| step & 0xff <= 100))])?;
        Ok(Calibration { limits, steps })
    }
}

/// The early exit of a model with this encoder, whose margins are all `rows` that are left.
pub(super) fn early_exit<'a>(
    metadata: &Metadata<'_>,
    encoder: &Encoder<Words<'a>>,
    rows: &mut Reader<'a>,
) -> Result<EarlyExit<Words<'a>>, ModelError> {
    Component::EarlyExit.require()?;
    // A calibration is of distances in all dimensions.
    let alone = metadata.joined.is_none() && metadata.calibration.is_none();
    let margins = rows.take(Some(rows.0.len()))?;
    let shortest = u32::try_from(margins.len()).ok().and_then(|stages| encoder.words.checked_shr(stages));
    let stages = !margins.is_empty() && shortest.is_some_and(|words| words > 0);
    check(&[("early exit", alone && encoder.is_separable()), ("stages", stages)])?;
    Ok(EarlyExit { margins })
}

impl FrontEndSpec {
    /// The front end of this specification for the samples of `metadata`, with its rows from `rows`.
    pub(super) fn front_end<'a>(
        self,
        metadata: &Metadata<'_>,
        rows: &mut Reader<'a>,
    ) -> Result<FrontEnd<Words<'a>>, ModelError> {
        Component::FrontEnd.require()?;
        let Self { sections, envelope, decimation, gain } = self;
        let sequence = |encoder: &EncoderSpec| matches!(encoder.input, InputSpec::Sequence(_));
        check(&[
            ("float", !metadata.float),
            ("envelope", envelope <= MOST),
            ("decimation", (1..=metadata.steps).contains(&decimation)),
            ("gain", gain <= FrontEnd::MOST_GAIN),
            ("input", !metadata.encoders().any(sequence)),
        ])?;
        let sections = rows.take((sections as usize).checked_mul(Biquad::WORDS))?;
        let front_end = FrontEnd { channels: metadata.channels as usize, sections, envelope, decimation, gain };
        check(&[("sections", front_end.biquads().all(Biquad::is_sound))])?;
        Ok(front_end)
    }
}

impl<S: AsRef<[u32]>> FrontEnd<S> {
    /// What a model file says of this front end besides its rows, which are [`sections`](Self::sections).
    pub fn spec(&self) -> FrontEndSpec {
        let sections = (self.sections.as_ref().len() / Biquad::WORDS) as u32;
        FrontEndSpec { sections, envelope: self.envelope, decimation: self.decimation, gain: self.gain }
    }
}

impl InputSpec {
    /// The input of this specification for the samples of `metadata`, with its rows from `rows`.
    fn input<'a>(self, metadata: &Metadata<'_>, rows: &mut Reader<'a>) -> Result<Input<Words<'a>>, ModelError> {
        let (steps, channels) = (metadata.encoded_steps() as usize, metadata.channels as usize);
        Ok(match self {
            Self::Steps(ngram) | Self::Sequence(ngram) => {
                check(&[("n-gram", ngram.order > 0 && ngram.stride > 0), ("n-gram span", ngram.span() <= steps)])?;
                if let Self::Steps(_) = self { Input::Steps(ngram) } else { Input::Sequence(ngram) }
            }
            Self::Whole => Input::Whole,
            Self::Features { set, parts } => {
                Component::WindowFeatures.require()?;
                check(&[
                    ("features", set.is_known() && !set.is_empty()),
                    ("parts", (1..=metadata.encoded_steps()).contains(&parts)),
                    ("steps", steps <= Measure::MOST_SAMPLES),
                ])?;
                let scale = rows.take(Some(if metadata.float { channels } else { 0 }))?;
                Input::Features(Features { set, parts: parts as usize, steps, channels, scale })
            }
            Self::Convolutions { dilations } => {
                Component::Convolutions.require()?;
                let dilations = dilations as usize;
                check(&[
                    ("dilations", (1..=Convolutions::most_dilations(steps)).contains(&dilations)),
                    ("steps", steps <= Convolutions::MOST_STEPS),
                ])?;
                let scale = rows.take(Some(if metadata.float { channels } else { 0 }))?;
                let mut convolutions = Convolutions { dilations, steps, channels, biases: &[][..], scale };
                convolutions.biases = rows.take(Some(convolutions.len()))?;
                Input::Convolutions(convolutions)
            }
        })
    }
}

impl EncoderSpec {
    /// The encoder of this specification for the samples of `metadata`, with its rows from `rows`.
    pub(super) fn encoder<'a>(
        &self,
        metadata: &Metadata<'_>,
        rows: &mut Reader<'a>,
    ) -> Result<Encoder<Words<'a>>, ModelError> {
        let (steps, channels) = (metadata.encoded_steps() as usize, metadata.channels as usize);
        let (words, levels) = (self.dimension as usize / 32, self.levels as usize);
        check(&[
            ("dimension", (32..=MOST).contains(&self.dimension) && self.dimension.is_multiple_of(32)),
            ("levels", (2..1 << 16).contains(&self.levels)),
        ])?;
        let input = self.input.input(metadata, rows)?;
        // The spatial encoder is put in its place as soon as the length of its rows is known.
        let row_len = match &input {
            Input::Steps(_) | Input::Sequence(_) => channels,
            Input::Whole => steps.saturating_mul(channels),
            Input::Features(features) => features.len(),
            Input::Convolutions(convolutions) => convolutions.len(),
        };
        check(&[("features", row_len <= MOST_FEATURES)])?;
        if self.spatial.is_additive() {
            let (total, stepwise) = match &input {
                Input::Steps(ngram) => (steps.saturating_mul(channels), ngram.order == 1),
                Input::Sequence(_) => (steps, false),
                Input::Whole | Input::Features(_) | Input::Convolutions(_) => (row_len, true),
            };
            let digits = IntegerBundle { total, tie: self.tie }.digits();
            // Distances have 24 bits, as margins are stored with.
            let fits = digits <= IntegerBundle::MOST_DIGITS && (self.dimension as usize) <= 1 << 24 >> digits;
            check(&[("n-gram", stepwise), ("digits", fits)])?;
        }
        let memory = |rows: &mut Reader<'a>, source, count: usize| match source {
            Source::Stored => rows.take(count.checked_mul(words)).map(Rows::Stored),
            Source::Regenerated => Ok(Rows::Regenerated),
        };
        let spatial = match self.spatial {
            SpatialSpec::Symbol { seed, symbols } => {
                Component::Symbols.require()?;
                check(&[("features", row_len == 1), ("float", !metadata.float)])?;
                let symbols = ItemMemory::new(seed, memory(rows, symbols, levels)?, levels, words);
                Spatial::Symbol(SymbolEncoder { symbols })
            }
            SpatialSpec::Record { seed, items, level_rows } => {
                let quantiser = quantiser(row_len, levels, rows)?;
                let items = ItemMemory::new(seed, memory(rows, items, row_len)?, row_len, words);
                let levels = LevelMemory::new(seed, memory(rows, level_rows, levels)?, levels, words);
                Spatial::Record(RecordEncoder { quantiser, items, levels, tie: self.tie, starts: &[] })
            }
            SpatialSpec::IntegerRecord { seed, items, level_rows } => {
                Component::IntegerRecord.require()?;
                let quantiser = quantiser(row_len, levels, rows)?;
                let items = ItemMemory::new(seed, memory(rows, items, row_len)?, row_len, words);
                let levels = LevelMemory::new(seed, memory(rows, level_rows, levels)?, levels, words);
                Spatial::Integer(RecordEncoder { quantiser, items, levels, tie: self.tie, starts: &[] })
            }
            SpatialSpec::Table { wide } => {
                Component::Table.require()?;
                let quantiser = quantiser(row_len, levels, rows)?;
                let too_many = ModelError::Field { name: "prototypes" };
                let classes = metadata.class_rows().ok_or(too_many)?;
                let mut table = AdditiveTable { quantiser, classes, wide, starts: &[][..], entries: &[][..] };
                let entries = table.row_words().checked_mul(row_len).and_then(|words| words.checked_mul(levels));
                (table.starts, table.entries) = (rows.take(Some(table.distance_words()))?, rows.take(entries)?);
                // So that no sum overflows, whatever the entries are.
                let total = if let Input::Steps(_) = input { steps.saturating_mul(channels) } else { row_len };
                let largest = if wide { u32::from(u16::MAX) } else { u32::from(u8::MAX) };
                let sum = u32::try_from(total).ok().and_then(|total| total.checked_mul(largest));
                let fits = |start: &u32| sum.is_some_and(|sum| start.checked_add(sum).is_some());
                check(&[("starts", table.starts.iter().all(fits))])?;
                Spatial::Table(table)
            }
            SpatialSpec::LearnedRecord => {
                Component::LearnedRecord.require()?;
                let quantiser = quantiser(row_len, levels, rows)?;
                let items = ItemMemory::new(0, memory(rows, Source::Stored, row_len)?, row_len, words);
                let levels = LevelMemory::new(0, memory(rows, Source::Stored, levels)?, levels, words);
                let planes = RecordEncoder::<Words<'_>>::start_planes(row_len);
                let starts = rows.take(planes.checked_mul(words))?;
                Spatial::Record(RecordEncoder { quantiser, items, levels, tie: self.tie, starts })
            }
            SpatialSpec::Ternary => {
                Component::TernaryProjection.require()?;
                Spatial::Ternary(TernaryEncoder {
                    quantiser: quantiser(row_len, levels, rows)?,
                    values: rows.take(Some(bytes_to_words(levels)))?,
                    gains: rows.take(Some(bytes_to_words(row_len)))?,
                    weights: rows.take((words * 8).checked_mul(bytes_to_words(row_len)))?,
                    thresholds: rows.take(Some(words * 32))?,
                })
            }
            SpatialSpec::Projection => {
                Component::Projection.require()?;
                Spatial::Projection(ProjectionEncoder {
                    quantiser: quantiser(row_len, levels, rows)?,
                    values: rows.take(Some(bytes_to_words(levels)))?,
                    weights: rows.take((words * 32).checked_mul(bytes_to_words(row_len)))?,
                    thresholds: rows.take(Some(words * 32))?,
                })
            }
        };
        Ok(Encoder { steps, channels, input, spatial, words, tie: self.tie })
    }
}

impl<S: AsRef<[u32]>> Encoder<S> {
    /// What a model file says of this encoder besides its rows.
    pub fn spec(&self) -> EncoderSpec {
        let input = match &self.input {
            Input::Steps(ngram) => InputSpec::Steps(*ngram),
            Input::Sequence(ngram) => InputSpec::Sequence(*ngram),
            Input::Whole => InputSpec::Whole,
            Input::Features(features) => InputSpec::Features { set: features.set, parts: features.parts as u32 },
            Input::Convolutions(Convolutions { dilations, .. }) => {
                InputSpec::Convolutions { dilations: *dilations as u32 }
            }
        };
        let source = |rows: Option<&[u32]>| if rows.is_some() { Source::Stored } else { Source::Regenerated };
        let spatial = match &self.spatial {
            Spatial::Record(record) if record.is_learned() => SpatialSpec::LearnedRecord,
            Spatial::Record(RecordEncoder { items, levels, .. }) => SpatialSpec::Record {
                seed: items.seed(),
                items: source(items.stored_rows()),
                level_rows: source(levels.stored_rows()),
            },
            Spatial::Projection(_) => SpatialSpec::Projection,
            Spatial::Ternary(_) => SpatialSpec::Ternary,
            Spatial::Integer(RecordEncoder { items, levels, .. }) => SpatialSpec::IntegerRecord {
                seed: items.seed(),
                items: source(items.stored_rows()),
                level_rows: source(levels.stored_rows()),
            },
            Spatial::Table(AdditiveTable { wide, .. }) => SpatialSpec::Table { wide: *wide },
            Spatial::Symbol(SymbolEncoder { symbols }) => {
                SpatialSpec::Symbol { seed: symbols.seed(), symbols: source(symbols.stored_rows()) }
            }
        };
        let levels = self.spatial.levels() as u32;
        EncoderSpec { dimension: self.words as u32 * 32, input, levels, spatial, tie: self.tie }
    }

    /// The rows that a model file has of this encoder, section by section, in order.
    pub fn sections(&self) -> [&[u32]; 7] {
        let (scale, biases) = match &self.input {
            Input::Features(features) => (features.scale.as_ref(), &[][..]),
            Input::Convolutions(Convolutions { scale, biases, .. }) => (scale.as_ref(), biases.as_ref()),
            Input::Steps(_) | Input::Sequence(_) | Input::Whole => (&[][..], &[][..]),
        };
        let stored = |rows: Option<_>| rows.unwrap_or(&[][..]);
        match &self.spatial {
            Spatial::Symbol(SymbolEncoder { symbols }) => {
                [scale, biases, stored(symbols.stored_rows()), &[], &[], &[], &[]]
            }
            Spatial::Table(AdditiveTable { quantiser, starts, entries, .. }) => {
                [scale, biases, quantiser.all(), starts.as_ref(), entries.as_ref(), &[], &[]]
            }
            Spatial::Record(RecordEncoder { quantiser, items, levels, starts, .. })
            | Spatial::Integer(RecordEncoder { quantiser, items, levels, starts, .. }) => {
                let (items, levels) = (stored(items.stored_rows()), stored(levels.stored_rows()));
                [scale, biases, quantiser.all(), items, levels, starts.as_ref(), &[]]
            }
            Spatial::Projection(ProjectionEncoder { quantiser, values, weights, thresholds }) => {
                [scale, biases, quantiser.all(), values.as_ref(), weights.as_ref(), thresholds.as_ref(), &[]]
            }
            Spatial::Ternary(TernaryEncoder { quantiser, values, gains, weights, thresholds }) => {
                let (values, gains) = (values.as_ref(), gains.as_ref());
                [scale, biases, quantiser.all(), values, gains, weights.as_ref(), thresholds.as_ref()]
            }
        }
    }
}
