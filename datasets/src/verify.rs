//! Files against their SHA-256.

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::DataError;
use crate::folders::{Folders, open};
use crate::registry::info;

/// Checks every file of the data set `name` that has a known checksum, and returns how many there are.
///
/// # Errors
/// If there is no such set, or a file is missing or is not the published one.
pub fn verify(name: &str) -> Result<usize, DataError> {
    let (info, folders) = (info(name)?, Folders::from_env());
    for file in info.files {
        let path = folders.file(name, file.path)?;
        let got = digest(&path)?;
        if got != file.sha256 {
            let what = path.display().to_string();
            return Err(DataError::Checksum { what, expected: file.sha256.into(), got });
        }
    }
    Ok(info.files.len())
}

/// SHA-256 of the file at `path`, unpacked if it is gzipped.
pub(crate) fn digest(path: &Path) -> Result<String, DataError> {
    let mut reader = open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer).map_err(DataError::io(path))? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
