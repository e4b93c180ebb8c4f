use super::header::{self, Header};
use super::{Metadata, ModelError, Source};
use crate::{AssociativeMemory, EncodeError, Encoder, ItemMemory, LevelMemory, Nearest, Quantiser, RecordEncoder};
use crate::{Rows, Value};

/// The bound on each count in the metadata, so that no product of two of them overflows 64 bits and a
/// model that passes costs no more than it says.
const MOST: u32 = 1 << 22;

/// The rows of one section, or nothing, by the source that the metadata names.
type Words<'a> = &'a [u32];

/// A model opened in place: a view of bytes in flash or in memory, without copy or allocation.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    metadata: Metadata<'a>,
    encoder: Encoder<Words<'a>>,
    classes: AssociativeMemory<Words<'a>>,
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
        let (metadata, rest) = postcard::take_from_bytes(encoded).map_err(|_| ModelError::Metadata)?;
        if !rest.is_empty() || padding.iter().any(|&byte| byte != 0) {
            return Err(ModelError::Metadata);
        }
        let rows = bytes.get(rows_at..).unwrap_or(&[]);
        let rows = bytemuck::try_cast_slice(rows).map_err(|error| match error {
            bytemuck::PodCastError::TargetAlignmentGreaterAndInputNotAligned => ModelError::Misaligned,
            _ => ModelError::Field { name: "rows" },
        })?;
        Self::assemble(metadata, rows)
    }

    fn assemble(metadata: Metadata<'a>, rows: Words<'a>) -> Result<Self, ModelError> {
        check(&metadata)?;
        let sections = metadata.sections().ok_or(ModelError::Field { name: "dimension" })?;
        let mut rest = rows;
        let mut take = |words: usize| {
            let (section, after) = rest.split_at_checked(words)?;
            rest = after;
            Some(section)
        };
        let mut section = |words| take(words).ok_or(ModelError::Field { name: "rows" });
        let thresholds = section(sections.thresholds)?;
        let items = section(sections.items)?;
        let levels = section(sections.levels)?;
        let classes = section(sections.classes)?;
        if !rest.is_empty() {
            return Err(ModelError::Field { name: "rows" });
        }
        let words = metadata.dimension as usize / 32;
        let (channels, level_count) = (metadata.channels as usize, metadata.levels as usize);
        let quantiser = Quantiser::new(thresholds, level_count);
        let rising = |cuts: &[u32]| cuts.windows(2).all(|pair| pair[0].cast_signed() <= pair[1].cast_signed());
        if !(0..channels).all(|channel| rising(quantiser.thresholds(channel))) {
            return Err(ModelError::Field { name: "thresholds" });
        }
        let rows_from = |source, stored| match source {
            Source::Stored => Rows::Stored(stored),
            Source::Regenerated => Rows::Regenerated,
        };
        let record = RecordEncoder {
            quantiser,
            items: ItemMemory::new(metadata.seed, rows_from(metadata.items, items), channels, words),
            levels: LevelMemory::new(metadata.seed, rows_from(metadata.level_rows, levels), level_count, words),
            tie: metadata.tie,
        };
        let steps = metadata.steps as usize;
        let encoder = Encoder { record, steps, ngram: metadata.ngram, words, tie: metadata.tie };
        Ok(Self { metadata, encoder, classes: AssociativeMemory::new(classes, words) })
    }

    /// What the file says besides its rows.
    pub fn metadata(&self) -> &Metadata<'a> {
        &self.metadata
    }

    /// The encoder, over rows in the file.
    pub fn encoder(&self) -> &Encoder<Words<'a>> {
        &self.encoder
    }

    /// The class hypervectors.
    pub fn classes(&self) -> &AssociativeMemory<Words<'a>> {
        &self.classes
    }

    /// The names of the classes, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.metadata.labels()
    }

    /// The name of class `class`.
    pub fn label(&self, class: usize) -> Option<&'a str> {
        self.labels().nth(class)
    }

    /// Words of working memory that [`classify`](Self::classify) needs: the encoder's and a query.
    pub fn scratch_words(&self) -> usize {
        self.encoder.words + self.encoder.scratch_words()
    }

    /// The class nearest to `sample` (`steps x channels` numbers, time-major), with its distance and its
    /// margin to the runner-up.
    ///
    /// # Errors
    /// If the sample has another length or type than the model takes, a number is not finite, or `scratch`
    /// has fewer than [`scratch_words`](Self::scratch_words) words.
    pub fn classify<V: Value>(&self, sample: &[V], scratch: &mut [u32]) -> Result<Nearest, EncodeError> {
        if V::FLOAT != self.metadata.float {
            return Err(EncodeError::ValueType { float: self.metadata.float });
        }
        let (expected, got) = (self.scratch_words(), scratch.len());
        let too_small = EncodeError::Scratch { expected, got };
        let (query, scratch) = scratch.split_at_mut_checked(self.encoder.words).ok_or(too_small)?;
        // A scratch that is too small for the encoder is reported with the size of the whole.
        self.encoder.encode_into(sample, scratch, query).map_err(|error| match error {
            EncodeError::Scratch { .. } => too_small,
            other => other,
        })?;
        self.classes.nearest(query).ok_or(EncodeError::Length { expected: 0, got: 0 })
    }
}

/// Whether every field of `metadata` is one that a model can have.
fn check(metadata: &Metadata<'_>) -> Result<(), ModelError> {
    let within = |value: u32, least: u32| (least..=MOST).contains(&value);
    let fields = [
        ("dimension", within(metadata.dimension, 32) && metadata.dimension.is_multiple_of(32)),
        ("steps", within(metadata.steps, 1)),
        ("channels", (1..1 << 16).contains(&metadata.channels)),
        ("levels", (2..1 << 16).contains(&metadata.levels)),
        ("n-gram", metadata.ngram.order > 0 && metadata.ngram.stride > 0),
        ("n-gram span", metadata.ngram.span() <= metadata.steps as usize),
        ("labels", metadata.labels().count() >= 2 && metadata.labels().all(|label| !label.is_empty())),
    ];
    match fields.iter().find(|(_, good)| !good) {
        Some(&(name, _)) => Err(ModelError::Field { name }),
        None => Ok(()),
    }
}
