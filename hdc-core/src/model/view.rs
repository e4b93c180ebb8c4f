use super::encoder::{Reader, check_metadata, early_exit};
use super::format1::Metadata1;
use super::format2::Metadata2;
use super::format3::Metadata3;
use super::header::{self, Header};
use super::{Metadata, ModelError};
use crate::associative::nearest_of;
use crate::{
    AssociativeMemory, Calibration, Component, EarlyExit, EncodeError, Encoder, Exit, FrontEnd, Nearest, Spatial, Value,
};

/// Rows in the file.
type Words<'a> = &'a [u32];

/// A model opened in place: a view of bytes in flash or in memory, without copy or allocation.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    metadata: Metadata<'a>,
    front_end: Option<FrontEnd<Words<'a>>>,
    encoder: Encoder<Words<'a>>,
    joined: Option<Encoder<Words<'a>>>,
    classes: AssociativeMemory<Words<'a>>,
    calibration: Option<Calibration<Words<'a>>>,
    early_exit: Option<EarlyExit<Words<'a>>>,
    file_len: usize,
    format: u16,
}

impl<'a> Model<'a> {
    /// Opens the model in `bytes`, which must start at a multiple of four bytes. Reads every byte once, for
    /// the checksum (about 45 instructions a byte on a Cortex-M4).
    ///
    /// # Errors
    /// If the bytes are not a whole, undamaged model of a format that this library reads.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let header = Header::read(bytes)?;
        let rows_at = header.rows_at().ok_or(ModelError::Field { name: "metadata length" })?;
        let metadata_end = header::LEN + header.metadata_len;
        let outside = ModelError::Field { name: "metadata length" };
        let encoded = bytes.get(header::LEN..metadata_end).ok_or(outside)?;
        let padding = bytes.get(metadata_end..rows_at).ok_or(outside)?;
        if header.format < header::LIKE_NEWEST {
            Component::OldFormats.require()?;
        }
        let (mut metadata, rest): (Metadata<'a>, _) = match header.format {
            1 => postcard::take_from_bytes::<Metadata1<'a>>(encoded).map(|(old, rest)| (old.into(), rest)),
            2 => postcard::take_from_bytes::<Metadata2<'a>>(encoded).map(|(old, rest)| (old.into(), rest)),
            3 => postcard::take_from_bytes::<Metadata3<'a>>(encoded).map(|(old, rest)| (old.into(), rest)),
            _ => postcard::take_from_bytes(encoded),
        }
        .map_err(|_| ModelError::Metadata)?;
        metadata.early_exit = header.format == header::EARLY_EXIT;
        if !rest.is_empty() || padding.iter().any(|&byte| byte != 0) {
            return Err(ModelError::Metadata);
        }
        let rows = bytes.get(rows_at..).unwrap_or(&[]);
        let rows = bytemuck::try_cast_slice(rows).map_err(|error| match error {
            bytemuck::PodCastError::TargetAlignmentGreaterAndInputNotAligned => ModelError::Misaligned,
            _ => ModelError::Field { name: "rows" },
        })?;
        Ok(Self { file_len: bytes.len(), format: header.format, ..Self::assemble(metadata, rows)? })
    }

    fn assemble(metadata: Metadata<'a>, rows: Words<'a>) -> Result<Self, ModelError> {
        check_metadata(&metadata)?;
        metadata.components().try_for_each(Component::require)?;
        let mut rows = Reader(rows);
        let front_end = match metadata.front_end {
            Some(front_end) => Some(front_end.front_end(&metadata, &mut rows)?),
            None => None,
        };
        let encoder = metadata.encoder.encoder(&metadata, &mut rows)?;
        let joined = match &metadata.joined {
            Some(joined) => Some(joined.encoder(&metadata, &mut rows)?),
            None => None,
        };
        let words = encoder.words + joined.as_ref().map_or(0, |joined| joined.words);
        let labels = metadata.labels().count();
        let classes = match &encoder.spatial {
            Spatial::Table(_) => Some(0),
            _ => metadata.class_rows().and_then(|classes| classes.checked_mul(words)),
        };
        let classes = rows.take(classes)?;
        let calibration = match &metadata.calibration {
            Some(calibration) => Some(calibration.calibration(labels, &mut rows)?),
            None => None,
        };
        let early_exit = if metadata.early_exit { Some(early_exit(&metadata, &encoder, &mut rows)?) } else { None };
        if !rows.0.is_empty() {
            return Err(ModelError::Field { name: "rows" });
        }
        let classes = AssociativeMemory::new(classes, words).with_prototypes(metadata.prototypes as usize);
        let (file_len, format) = (0, header::FORMAT);
        Ok(Self { metadata, front_end, encoder, joined, classes, calibration, early_exit, file_len, format })
    }

    /// Bytes of the model file.
    pub const fn file_len(&self) -> usize {
        self.file_len
    }

    /// The format of the model file.
    pub const fn format(&self) -> u16 {
        self.format
    }

    /// What the model needs of the library: the features of hdc-embedded in its firmware. Some may come twice.
    pub fn components(&self) -> impl Iterator<Item = Component> {
        let old = (self.format < header::LIKE_NEWEST).then_some(Component::OldFormats);
        self.metadata.components().chain(old)
    }

    /// What the file says besides its rows.
    pub fn metadata(&self) -> &Metadata<'a> {
        &self.metadata
    }

    /// What samples go through before they are encoded, if anything.
    pub fn front_end(&self) -> Option<&FrontEnd<Words<'a>>> {
        self.front_end.as_ref()
    }

    /// The encoders, over rows in the file: one, or two whose hypervectors are joined.
    pub fn encoders(&self) -> impl Iterator<Item = &Encoder<Words<'a>>> {
        core::iter::once(&self.encoder).chain(&self.joined)
    }

    /// The class hypervectors; none where a table stands for them.
    pub fn classes(&self) -> &AssociativeMemory<Words<'a>> {
        &self.classes
    }

    /// When a classification stops early, if it does.
    pub const fn early_exit(&self) -> Option<EarlyExit<Words<'a>>> {
        self.early_exit
    }

    /// The names of the classes, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.metadata.labels()
    }

    /// The name of class `class`.
    pub fn label(&self, class: usize) -> Option<&'a str> {
        self.labels().nth(class)
    }

    /// Whether `found` is as near to its class as samples of that class usually are; always, without a calibration.
    pub fn accepts(&self, found: &Nearest) -> bool {
        self.calibration.is_none_or(|calibration| calibration.accepts(found))
    }

    /// How likely `found` is right, in percent, if the sample is of a class that the model knows; `None` without a
    /// calibration.
    pub fn confidence(&self, found: &Nearest) -> Option<u8> {
        self.calibration.map(|calibration| calibration.confidence(found))
    }

    /// Numbers in a sample, T C; the most in a sequence.
    pub fn sample_len(&self) -> usize {
        (self.metadata.steps as usize).saturating_mul(self.metadata.channels as usize)
    }

    /// Words in a query: D / 32, or as many as [`Encoder::query_words`] says.
    pub fn words(&self) -> usize {
        self.encoders().map(Encoder::query_words).sum()
    }

    /// Words of working memory that [`classify`](Self::classify) needs: a query, the steps that a front end makes, and the
    /// more of what the encoder needs and the state of the front end, which do not run at the same time.
    pub fn scratch_words(&self) -> usize {
        let encoders = self.encoders().map(Encoder::scratch_words).max().unwrap_or(0);
        let shared = encoders.max(self.front_end.as_ref().map_or(0, FrontEnd::state_words));
        self.words().saturating_add(self.filtered_words()).saturating_add(shared)
    }

    /// Words that hold the steps that a front end makes of a window, two samples a word.
    fn filtered_words(&self) -> usize {
        if self.front_end.is_some() { self.encoder.sample_len().div_ceil(2) } else { 0 }
    }

    /// Encodes `sample` (`steps x channels` numbers, time-major) into `query`, of [`words`](Self::words) words.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn encode_into<V: Value>(
        &self,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        self.check_type::<V>()?;
        match &self.front_end {
            None => self.encode_filtered(sample, scratch, query),
            Some(front_end) => {
                let (filtered, scratch) = self.filter(front_end, sample, scratch)?;
                self.encode_filtered(filtered, scratch, query)
            }
        }
    }

    const fn check_type<V: Value>(&self) -> Result<(), EncodeError> {
        let float = self.metadata.float;
        if V::FLOAT == float { Ok(()) } else { Err(EncodeError::ValueType { float }) }
    }

    /// What the front end makes of `sample`, and the rest of `scratch`.
    // In a function of its own each sample takes twelve instructions more on a Cortex-M4.
    #[inline(always)]
    fn filter<'s, V: Value>(
        &self,
        front_end: &FrontEnd<Words<'a>>,
        sample: &[V],
        scratch: &'s mut [u32],
    ) -> Result<(&'s [i16], &'s mut [u32]), EncodeError> {
        Component::FrontEnd.require()?;
        let (expected, got) = (self.sample_len(), sample.len());
        if got != expected {
            return Err(EncodeError::Length { expected, got });
        }
        let (expected, got) = (self.scratch_words(), scratch.len().saturating_add(self.words()));
        let too_small = EncodeError::Scratch { expected, got };
        let (filtered, scratch) = scratch.split_at_mut_checked(self.filtered_words()).ok_or(too_small)?;
        let state = scratch.get_mut(..front_end.state_words()).ok_or(too_small)?;
        let filtered: &mut [i16] = bytemuck::cast_slice_mut(filtered);
        let filtered = filtered.get_mut(..self.encoder.sample_len()).ok_or(too_small)?;
        front_end.filter_into(sample, state, filtered);
        Ok((filtered, scratch))
    }

    /// Encodes what has gone through the front end, or a sample where there is none.
    fn encode_filtered<V: Value>(
        &self,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (first, second) = query.split_at_mut_checked(self.encoder.query_words()).unwrap_or_default();
        self.encoder.encode_into(sample, scratch, first)?;
        match &self.joined {
            Some(joined) => joined.encode_into(sample, scratch, second),
            None => Ok(()),
        }
    }

    /// The class nearest to `query`, which [`encode_into`](Self::encode_into) wrote.
    pub fn nearest(&self, query: &[u32]) -> Option<Nearest> {
        let Spatial::Table(table) = &self.encoder.spatial else { return self.classes.nearest(query) };
        let distances = query.get(..table.classes).unwrap_or(&[]).chunks(self.classes.prototypes().max(1));
        nearest_of(distances.map(|prototypes| prototypes.iter().copied().min().unwrap_or(0)), u32::MAX)
    }

    /// The class nearest to `sample` (`steps x channels` numbers, time-major), with its distance and its
    /// margin to the runner-up.
    ///
    /// A model with an [`EarlyExit`] stops as soon as the first dimensions tell the classes apart; then distance and margin
    /// are those of these dimensions, and the class is nearly always that of all of them. Those are
    /// [encoded](Self::encode_into) and [compared](Self::nearest) by themselves, for who wants them.
    ///
    /// # Errors
    /// If the sample has another length or type than the model takes, a number is not finite, or `scratch`
    /// has fewer than [`scratch_words`](Self::scratch_words) words.
    pub fn classify<V: Value>(&self, sample: &[V], scratch: &mut [u32]) -> Result<Nearest, EncodeError> {
        self.classify_early(sample, scratch).map(|exit| exit.nearest)
    }

    /// The same, and how many dimensions it took: all, without an early exit.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn classify_early<V: Value>(&self, sample: &[V], scratch: &mut [u32]) -> Result<Exit, EncodeError> {
        let (expected, got) = (self.scratch_words(), scratch.len());
        let too_small = EncodeError::Scratch { expected, got };
        let (query, scratch) = scratch.split_at_mut_checked(self.words()).ok_or(too_small)?;
        let found = match &self.early_exit {
            Some(early_exit) if Component::EarlyExit.is_there() => {
                self.encode_until_clear(early_exit, sample, scratch, query)
            }
            _ => self.encode_into(sample, scratch, query).and_then(|()| {
                Ok(Exit { nearest: self.nearest(query).ok_or(NO_CLASSES)?, dimension: self.metadata.dimension() })
            }),
        };
        // A scratch that is too small for the encoder is reported with the size of the whole.
        found.map_err(|error| match error {
            EncodeError::Scratch { .. } => too_small,
            other => other,
        })
    }

    /// Encodes as much of `sample` as tells the classes apart.
    fn encode_until_clear<V: Value>(
        &self,
        early_exit: &EarlyExit<Words<'a>>,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<Exit, EncodeError> {
        self.check_type::<V>()?;
        match &self.front_end {
            None => self.encode_filtered_until_clear(early_exit, sample, scratch, query),
            Some(front_end) => {
                let (filtered, scratch) = self.filter(front_end, sample, scratch)?;
                self.encode_filtered_until_clear(early_exit, filtered, scratch, query)
            }
        }
    }

    fn encode_filtered_until_clear<V: Value>(
        &self,
        early_exit: &EarlyExit<Words<'a>>,
        sample: &[V],
        scratch: &mut [u32],
        query: &mut [u32],
    ) -> Result<Exit, EncodeError> {
        self.encoder.prepare(sample, scratch)?;
        let mut from = 0;
        for (to, margin) in early_exit.stages(self.encoder.words) {
            let query = query.get_mut(..to).unwrap_or_default();
            self.encoder.encode_part(sample, scratch, from, query)?;
            let nearest = self.classes.nearest(query).ok_or(NO_CLASSES)?;
            if nearest.margin >= margin {
                return Ok(Exit { nearest, dimension: to * 32 });
            }
            from = to;
        }
        // The last stage answers at any margin.
        Err(NO_CLASSES)
    }
}

/// What a model without classes says, which does not open.
const NO_CLASSES: EncodeError = EncodeError::Length { expected: 0, got: 0 };
