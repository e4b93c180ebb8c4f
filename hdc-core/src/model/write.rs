use alloc::vec::Vec;

use super::header::{self, Header};
use super::{Metadata, ModelError};

/// The rows of a model, in the order of the file. Memories that are regenerated have none.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// `C x (M - 1)` thresholds, as [keys](crate::Value::key).
    pub thresholds: &'a [u32],
    /// `C x D / 32` words, or none.
    pub items: &'a [u32],
    /// `M x D / 32` words, or none.
    pub levels: &'a [u32],
    /// `classes x D / 32` words.
    pub classes: &'a [u32],
}

/// The bytes of the model file that `metadata` and `parts` make, as aligned words ready to be
/// [opened](super::Model::open); the file is exactly these words.
///
/// # Errors
/// If what was written would not open again, with the field that is wrong.
pub fn write(metadata: &Metadata<'_>, parts: &Parts<'_>) -> Result<Vec<u32>, ModelError> {
    let encoded = postcard::to_allocvec(metadata).map_err(|_| ModelError::Metadata)?;
    let header = Header { metadata_len: encoded.len() };
    let too_long = ModelError::Field { name: "length" };
    let rows_at = header.rows_at().ok_or(too_long)?;
    let mut words = alloc::vec![0; rows_at / 4];
    for section in [parts.thresholds, parts.items, parts.levels, parts.classes] {
        words.extend_from_slice(section);
    }
    if u32::try_from(words.len() * 4).is_err() {
        return Err(too_long);
    }
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[header::LEN..header::LEN + encoded.len()].copy_from_slice(&encoded);
    header.write(bytes);
    super::Model::open(bytes)?;
    Ok(words)
}
