use crc::{CRC_32_ISO_HDLC, Crc, Table};

use super::ModelError;

/// The newest format that is read. All older ones are read too.
pub const FORMAT: u16 = 7;

/// The oldest format whose metadata are those of the newest: what has nothing newer in it is written as this one, so that
/// older versions of the library can read it.
pub(super) const LIKE_NEWEST: u16 = 5;

/// The first format with [`InputSpec::Convolutions`](super::InputSpec::Convolutions).
#[cfg(feature = "alloc")]
pub(super) const CONVOLUTIONS: u16 = 6;

/// The format of models that exit early.
pub(super) const EARLY_EXIT: u16 = 7;

/// Bytes in the header.
pub(super) const LEN: usize = 20;

/// The model's rows start at a multiple of this many bytes.
pub(super) const ROW_ALIGNMENT: usize = 16;

const MAGIC: [u8; 4] = *b"\x89HDC";

/// The bytes of the checksum itself.
const CHECKSUM: core::ops::Range<usize> = 12..16;

/// The first format whose checksum has the bytes before it, too: there a flipped bit could make another format of one.
const CHECKED_WHOLE: u16 = 5;

/// The first 20 bytes of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The format of what follows.
    pub(super) format: u16,
    /// Bytes of metadata right after the header.
    pub(super) metadata_len: usize,
}

impl Header {
    /// Where the rows start.
    pub(super) const fn rows_at(self) -> Option<usize> {
        match LEN.checked_add(self.metadata_len) {
            Some(end) => end.checked_next_multiple_of(ROW_ALIGNMENT),
            None => None,
        }
    }

    /// Reads the header of `bytes` and checks all that it says of them.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(ModelError::NotAModel)?;
        if *magic != MAGIC {
            return Err(ModelError::NotAModel);
        }
        let truncated = ModelError::Length { expected: LEN, got: bytes.len() };
        let (format, rest) = rest.split_first_chunk::<2>().ok_or(truncated)?;
        let format = u16::from_le_bytes(*format);
        if !(1..=FORMAT).contains(&format) {
            return Err(ModelError::Format { expected: FORMAT, got: format });
        }
        let (reserved, rest) = rest.split_first_chunk::<2>().ok_or(truncated)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(truncated)?;
        let (checksum, rest) = rest.split_first_chunk::<4>().ok_or(truncated)?;
        let (metadata_len, _) = rest.split_first_chunk::<4>().ok_or(truncated)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length != bytes.len() {
            return Err(ModelError::Length { expected: length, got: bytes.len() });
        }
        let (expected, got) = (u32::from_le_bytes(*checksum), checksum_of(format, bytes));
        if expected != got {
            return Err(ModelError::Checksum { expected, got });
        }
        if *reserved != [0, 0] {
            return Err(ModelError::Field { name: "reserved" });
        }
        Ok(Self { format, metadata_len: u32::from_le_bytes(*metadata_len) as usize })
    }

    /// Writes the header of `bytes`, a whole file of at most `u32::MAX` bytes whose first [`LEN`] bytes are
    /// still 0.
    #[cfg(feature = "alloc")]
    pub(super) fn write(self, bytes: &mut [u8]) {
        let length = bytes.len() as u32;
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..6].copy_from_slice(&self.format.to_le_bytes());
        bytes[8..12].copy_from_slice(&length.to_le_bytes());
        bytes[16..20].copy_from_slice(&(self.metadata_len as u32).to_le_bytes());
        let checksum = checksum_of(self.format, bytes);
        bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// Tables for as many bytes at once. On a chip there is none, as it would be a kilobyte of flash.
const AT_ONCE: usize = if cfg!(feature = "std") { 16 } else { 0 };

/// CRC-32 (ISO-HDLC, as in zip and PNG).
const CRC: Crc<u32, Table<AT_ONCE>> = Crc::<u32, Table<AT_ONCE>>::new(&CRC_32_ISO_HDLC);

/// What a model remembers of the names of its channels: their CRC-32, each name followed by a line feed; 0
/// without names.
pub fn columns_checksum<'a>(names: impl IntoIterator<Item = &'a str>) -> u32 {
    let mut digest = CRC.digest();
    names.into_iter().for_each(|name| {
        digest.update(name.as_bytes());
        digest.update(b"\n");
    });
    digest.finalize()
}

/// The checksum of everything but the checksum itself; up to format 4, of everything after it.
fn checksum_of(format: u16, bytes: &[u8]) -> u32 {
    let mut digest = CRC.digest();
    if format >= CHECKED_WHOLE {
        digest.update(bytes.get(..CHECKSUM.start).unwrap_or(&[]));
    }
    digest.update(bytes.get(CHECKSUM.end..).unwrap_or(&[]));
    digest.finalize()
}
