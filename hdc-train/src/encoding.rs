//! The settings of encoders.

mod convolutions;
mod design;
mod fit;
mod kernel;
mod map;
mod projection;
mod record;
mod symbols;

pub(crate) use design::Cut;
pub use design::{Design, Designed, Optimiser};
pub(crate) use fit::with_thresholds;
use fit::{Fit, Samples};
pub use kernel::Kernel;
pub use map::Map;
pub use projection::Projection;

use std::fmt;

use hdc_core::model::{InputSpec, Source};
use hdc_core::{Convolutions, EncodeError, Feature, FeatureSet, Measure, Ngram};

use crate::dataset::{Dataset, Shape};
use crate::error::TrainError;
use crate::learn::Learn;
use crate::quantise::Scale;
use crate::values::{Sample, Values};

/// What is encoded of a sample, and how: settings from which an [`Encoder`](hdc_core::Encoder) is fitted to training samples.
///
/// [`Encoding::record`] binds levels to channels, step by step, and bundles n-grams over a window.
/// [`Encoding::projection`] compares weighted sums of features with thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    pub(crate) input: Option<InputSpec>,
    pub(crate) levels: usize,
    pub(crate) scale: Scale,
    pub(crate) kernel: Option<Kernel>,
    pub(crate) spatial: SpatialSettings,
    /// Whether the bundle of a record is left as it is, and how that is written.
    pub(crate) integer: Option<Form>,
}

/// How a model of integer bundles is written. All forms give the same distances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The one with the smaller product of model bytes and instructions on a Cortex-M4.
    #[default]
    Cheapest,
    /// Memories and class hypervectors: `(F + M + K) D` bits.
    Hypervectors,
    /// A table with an entry for each number, level and class: `F M K` entries of 8 or 16 bits.
    Table,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SpatialSettings {
    /// With levels that are designed, or spread as the scale says.
    Record(Source, Option<Design>),
    LearnedRecord(Learn),
    Projection(Projection),
    Symbols(Source),
    LearnedSymbols(Learn),
}

impl Default for Encoding {
    fn default() -> Self {
        Self::record()
    }
}

impl Encoding {
    /// Record encoding: 16 levels by quantile, [`Ngram::spread`] over a window, stored memories.
    pub fn record() -> Self {
        let spatial = SpatialSettings::Record(Source::Stored, None);
        Self { input: None, levels: 16, scale: Scale::Quantile, kernel: None, spatial, integer: None }
    }

    /// Record encoding with item memory, level memory and thresholds learned by gradient: 16 levels by quantile; of a
    /// window, the features of [`FeatureSet::MOTION`]. LDC's form (Duan, Xu & Ren 2022): small dimensions, and no
    /// multiplication on the chip.
    pub fn learned_record(learn: Learn) -> Self {
        Self { spatial: SpatialSettings::LearnedRecord(learn), ..Self::record() }
    }

    /// Projection encoding: 32 levels by quantile; of a window, the features of [`FeatureSet::MOTION`].
    pub fn projection(projection: Projection) -> Self {
        let spatial = SpatialSettings::Projection(projection);
        Self { levels: 32, spatial, ..Self::record() }
    }

    /// Symbol encoding, of sequences of the numbers 0 to `symbols - 1` (letters of a text, states of a machine): a random
    /// hypervector for each symbol, 3-grams of neighbours, bundled over the sequence (Joshi, Halseth & Kanerva 2016).
    pub fn symbols(symbols: usize) -> Self {
        Self { levels: symbols, spatial: SpatialSettings::Symbols(Source::Stored), ..Self::record() }
    }

    /// Symbol encoding with an item memory learned by gradient for the n-grams that it makes: 3-grams of neighbours. Small
    /// dimensions, and the same model and work on the chip as with a random one, which is stored. The end-to-end training
    /// of LDC (Duan, Xu & Ren 2022), taken through binding. Costs `O(epochs n T N D)` for n texts of T symbols.
    pub fn learned_symbols(symbols: usize, learn: Learn) -> Self {
        Self { spatial: SpatialSettings::LearnedSymbols(learn), ..Self::symbols(symbols) }
    }

    /// The number of levels M that a number is quantised to.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// How the levels are spread over the values of a channel or feature.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Encodes step by step, and binds `order` steps, `stride` steps apart, to n-grams. Order 1 binds none.
    #[must_use]
    pub fn ngram(mut self, order: u16, stride: u16) -> Self {
        self.input = Some(InputSpec::Steps(Ngram { order, stride }));
        self
    }

    /// Encodes all numbers of a sample as one row.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.input = Some(InputSpec::Whole);
        self
    }

    /// Encodes the features `set` of every channel, measured in each of `parts` equal parts of the window.
    #[must_use]
    pub fn features(mut self, set: FeatureSet, parts: usize) -> Self {
        self.input = Some(InputSpec::Features { set, parts: u32::try_from(parts).unwrap_or(u32::MAX) });
        self
    }

    /// Encodes how often patterns of its course are in the window: those of 84 kernels on every channel with `dilations`
    /// dilations, 1, 2, 4, ... ([`Convolutions`], Dempster, Schmidt & Webb 2021). The bias of a kernel is a quantile of its
    /// sums over a training sample.
    #[must_use]
    pub fn convolutions(mut self, dilations: usize) -> Self {
        self.input = Some(InputSpec::Convolutions { dilations: u32::try_from(dilations).unwrap_or(u32::MAX) });
        self
    }

    /// Whether the memories of record or symbol encoding are stored in the model (fast) or regenerated
    /// on the chip (small). The classification is the same.
    #[must_use]
    pub fn memories(mut self, memories: Source) -> Self {
        if let SpatialSettings::Record(source, _) | SpatialSettings::Symbols(source) = &mut self.spatial {
            *source = memories;
        }
        self
    }

    /// Levels designed for the data (Basaklar et al. 2021), for record encoding: a search chooses the thresholds of each
    /// feature, where the [scale](Self::scale) only says how finely. The model is an ordinary record.
    #[must_use]
    pub fn designed(mut self, levels: Design) -> Self {
        if let SpatialSettings::Record(_, design) = &mut self.spatial {
            *design = Some(levels);
        }
        self
    }

    /// Levels whose similarity follows `kernel`, for record encoding. They are always stored.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = Some(kernel);
        self
    }

    /// Leaves the bundle of record encoding as the integers that it is, where a sample else becomes binary by majority
    /// (Basaklar et al. 2021 classify so). Class hypervectors stay binary. Rows are encoded whole, or step by step without
    /// n-grams; of a window, the usual input is the features of [`FeatureSet::MOTION`].
    ///
    /// Such a model is additive: the score of a class is a sum over numbers and does not depend on their combinations, and
    /// it equals a table with an entry for each number, level and class, however large D is. So D only says how freely the
    /// entries can be learned.
    #[must_use]
    pub fn integer(mut self, form: Form) -> Self {
        self.integer = Some(form);
        self
    }

    /// Whether levels are designed.
    pub(crate) fn is_designed(&self) -> bool {
        matches!(self.spatial, SpatialSettings::Record(_, Some(_)))
    }

    /// Whether a number is a symbol.
    pub(crate) fn is_symbols(&self) -> bool {
        matches!(self.spatial, SpatialSettings::Symbols(_) | SpatialSettings::LearnedSymbols(_))
    }

    /// What is encoded of a sample of `data`.
    pub(crate) fn input(&self, data: &Dataset) -> InputSpec {
        let Shape { steps, .. } = data.shape();
        let usual = || match &self.spatial {
            _ if self.is_symbols() => InputSpec::Steps(Ngram { order: 3, stride: 1 }),
            _ if data.is_sequences() => InputSpec::Steps(Ngram::spread(data.least_steps())),
            _ if steps == 1 => InputSpec::Whole,
            SpatialSettings::Record(..) if self.integer.is_none() => InputSpec::Steps(Ngram::spread(steps)),
            _ => InputSpec::Features { set: FeatureSet::MOTION, parts: 1 },
        };
        match self.input.unwrap_or_else(usual) {
            InputSpec::Steps(ngram) if self.is_symbols() || data.is_sequences() => InputSpec::Sequence(ngram),
            input => input,
        }
    }

    /// The settings that an encoder does not show.
    pub(crate) fn summary(&self) -> String {
        match &self.spatial {
            SpatialSettings::Symbols(_) => "symbols".into(),
            SpatialSettings::LearnedSymbols(learn) => format!("symbols, {learn:?}"),
            SpatialSettings::Record(_, None) => match self.kernel {
                None => format!("{:?}", self.scale),
                Some(kernel) => format!("{:?}, {kernel:?}", self.scale),
            },
            SpatialSettings::LearnedRecord(learn) => format!("{:?}, {learn:?}", self.scale),
            SpatialSettings::Record(_, Some(design)) => format!("{:?}, {design:?}", self.scale),
            SpatialSettings::Projection(projection) => format!("{:?}, {projection:?}", self.scale),
        }
    }

    /// Whether an encoder can be fitted for the samples of `data`.
    pub(crate) fn check(&self, data: &Dataset) -> Result<(), TrainError> {
        let most = if matches!(self.spatial, SpatialSettings::Projection(_)) { 257 } else { 1 << 16 };
        if !(2..most).contains(&self.levels) {
            return Err(TrainError::Levels { got: self.levels, most: most - 1 });
        }
        if let (SpatialSettings::Record(..), Some(kernel)) = (&self.spatial, self.kernel) {
            kernel.check(self.levels)?;
        }
        if let Scale::Uniform { clip } = self.scale
            && !(0.0..0.5).contains(&clip)
        {
            return Err(TrainError::Clip { got: clip });
        }
        let steps = data.shape().steps;
        match self.input(data) {
            InputSpec::Steps(ngram) | InputSpec::Sequence(ngram)
                if ngram.order == 0 || ngram.stride == 0 || ngram.span() > data.least_steps() =>
            {
                return Err(TrainError::Window { ngram, steps: data.least_steps() });
            }
            InputSpec::Whole | InputSpec::Features { .. } | InputSpec::Convolutions { .. } if data.is_sequences() => {
                return Err(TrainError::Sequences);
            }
            InputSpec::Features { set, parts }
                if set.is_empty() || parts == 0 || parts as usize > steps || steps > Measure::MOST_SAMPLES =>
            {
                return Err(TrainError::Features { parts: parts as usize, steps, most: Measure::MOST_SAMPLES });
            }
            InputSpec::Convolutions { dilations } => {
                let most = Convolutions::most_dilations(steps);
                if steps > Convolutions::MOST_STEPS || !(1..=most).contains(&(dilations as usize)) {
                    return Err(TrainError::Convolutions { dilations: dilations as usize, most, steps });
                }
            }
            _ => {}
        }
        if self.is_symbols() {
            let steps = matches!(self.input(data), InputSpec::Sequence(_));
            if !steps || data.shape().channels != 1 || matches!(data.values(), Values::F32(_)) {
                return Err(TrainError::Symbols);
            }
            self.check_symbols(data)?;
        }
        if let SpatialSettings::Projection(Projection { ternary, map, offsets, .. }) = self.spatial {
            if ternary && map != Map::Standardised {
                return Err(TrainError::Ternary);
            }
            if !(0.0..f32::INFINITY).contains(&offsets) {
                return Err(TrainError::Offsets { got: offsets });
            }
        }
        if self.integer.is_some() {
            let additive = match self.input(data) {
                InputSpec::Steps(ngram) => ngram.order == 1,
                InputSpec::Sequence(_) => false,
                InputSpec::Whole | InputSpec::Features { .. } | InputSpec::Convolutions { .. } => true,
            };
            if !additive || !matches!(self.spatial, SpatialSettings::Record(..)) {
                return Err(TrainError::Integer);
            }
        }
        match self.columns(data) {
            got @ 65_536.. => Err(TrainError::Channels { got }),
            _ => Ok(()),
        }
    }

    /// Whether all symbols of `data` are known.
    fn check_symbols(&self, data: &Dataset) -> Result<(), EncodeError> {
        let known = |symbol: i16| usize::try_from(symbol).is_ok_and(|symbol| symbol < self.levels);
        for sample in 0..data.len() {
            if let Sample::I16(symbols) = data.sample(sample)
                && let Some(index) = symbols.iter().position(|&symbol| !known(symbol))
            {
                return Err(EncodeError::Symbol { index, symbol: symbols[index].into(), symbols: self.levels });
            }
        }
        Ok(())
    }

    /// Numbers in a row that is encoded at once.
    pub(crate) fn columns(&self, data: &Dataset) -> usize {
        let shape = data.shape();
        match self.input(data) {
            InputSpec::Steps(_) | InputSpec::Sequence(_) => shape.channels,
            InputSpec::Whole => shape.len(),
            InputSpec::Features { set, parts } => {
                (parts as usize).saturating_mul(shape.channels).saturating_mul(set.len())
            }
            InputSpec::Convolutions { dilations } => {
                (dilations as usize).saturating_mul(shape.channels).saturating_mul(Convolutions::KERNELS)
            }
        }
    }

    /// About how many floating-point operations fitting takes.
    pub(crate) fn operations(&self, data: &Dataset, samples: usize, dimension: usize) -> f64 {
        let stepwise = matches!(self.input(data), InputSpec::Steps(_) | InputSpec::Sequence(_));
        let shape = data.shape();
        // Texts have not all the length of the longest.
        let rows = samples * if stepwise { data.values().len() / (data.len() * shape.channels).max(1) } else { 1 };
        match &self.spatial {
            SpatialSettings::Projection(projection) => {
                projection.operations(rows, self.columns(data), data.classes().len(), dimension)
            }
            SpatialSettings::LearnedRecord(learn) => {
                // Looking up what is added takes several times as long as adding.
                let a_row = 6 * learn.epochs * dimension * (8 * self.columns(data) + data.classes().len());
                rows as f64 * a_row as f64
            }
            SpatialSettings::LearnedSymbols(learn) => {
                let order = match self.input(data) {
                    InputSpec::Sequence(ngram) => usize::from(ngram.order),
                    _ => 1,
                };
                rows as f64 * (4 * learn.epochs * dimension * order) as f64
            }
            SpatialSettings::Record(_, Some(design)) => design.operations(rows, self.columns(data), dimension),
            SpatialSettings::Record(_, None) | SpatialSettings::Symbols(_) => 0.0,
        }
    }
}

/// In words.
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spatial {
            SpatialSettings::Symbols(_) => write!(f, "{} symbols", self.levels)?,
            SpatialSettings::LearnedSymbols(Learn { epochs, .. }) => {
                write!(f, "{} symbols learned in {epochs} epochs", self.levels)?;
            }
            SpatialSettings::Record(_, None) => f.write_str("record")?,
            SpatialSettings::Record(_, Some(design)) => write!(f, "record {design}")?,
            SpatialSettings::LearnedRecord(Learn { epochs, noise, .. }) => {
                write!(f, "record learned in {epochs} epochs with noise {noise}")?;
            }
            SpatialSettings::Projection(projection) => write!(f, "{projection}")?,
        }
        if self.integer.is_some() {
            f.write_str(" of integers")?;
        }
        match &self.input {
            None => {}
            Some(InputSpec::Whole) => f.write_str(" of all numbers")?,
            Some(InputSpec::Steps(ngram) | InputSpec::Sequence(ngram)) => {
                write!(f, " of {}-grams with stride {}", ngram.order, ngram.stride)?;
            }
            Some(InputSpec::Features { set, parts }) => {
                let names: Vec<&str> = set.iter().map(Feature::name).collect();
                write!(f, " of {} in {parts} part(s)", names.join(", "))?;
            }
            Some(InputSpec::Convolutions { dilations }) => write!(f, " of convolutions with {dilations} dilation(s)")?,
        }
        if !self.is_symbols() {
            write!(f, ", {} levels {}", self.levels, self.scale)?;
        }
        match (&self.spatial, self.kernel) {
            (SpatialSettings::Record(..), Some(kernel)) => write!(f, " {kernel}"),
            _ => Ok(()),
        }
    }
}
