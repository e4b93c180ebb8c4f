use alloc::vec::Vec;

use super::header::{self, Header};
use super::{InputSpec, Metadata, ModelError};

/// The bytes of the model file that `metadata` and the rows make, as aligned words ready to be
/// [opened](super::Model::open); the file is exactly these words. The rows are the
/// [sections](crate::Encoder::sections) of each encoder, then the class hypervectors, and what a calibration or an early exit
/// has.
///
/// # Errors
/// If what was written would not open again, with the field that is wrong.
pub fn write<'a>(
    metadata: &Metadata<'_>,
    sections: impl IntoIterator<Item = &'a [u32]>,
) -> Result<Vec<u32>, ModelError> {
    let encoded = postcard::to_allocvec(metadata).map_err(|_| ModelError::Metadata)?;
    let convolutions = metadata.encoders().any(|encoder| matches!(encoder.input, InputSpec::Convolutions { .. }));
    let format = match metadata.early_exit {
        true => header::EARLY_EXIT,
        false if convolutions => header::CONVOLUTIONS,
        false => header::LIKE_NEWEST,
    };
    let header = Header { format, metadata_len: encoded.len() };
    let too_long = ModelError::Field { name: "length" };
    let rows_at = header.rows_at().ok_or(too_long)?;
    let mut words = alloc::vec![0; rows_at / 4];
    for section in sections {
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
