use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use hdc_core::Model;
use hdc_core::model::ModelError;
use tempfile::NamedTempFile;
use thiserror::Error;

/// A model that owns its bytes: what [`Model`] is a view of, as `PathBuf` is to `Path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelBuf {
    words: Vec<u32>,
}

/// Why a file is not opened as a model.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// What it holds is not a model.
    #[error("{} is not usable", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ModelError,
    },
}

impl ModelBuf {
    /// The model in `bytes`, which are copied.
    ///
    /// # Errors
    /// If the bytes are not a model.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut words = vec![0_u32; bytes.len().div_ceil(4)];
        for (word, bytes) in words.iter_mut().zip(bytes.chunks(4)) {
            let mut four = [0; 4];
            four[..bytes.len()].copy_from_slice(bytes);
            *word = u32::from_le_bytes(four);
        }
        // A length that is not whole words is refused with the length that it really has.
        let padded: &[u8] = bytemuck::cast_slice(&words);
        Model::open(&padded[..bytes.len()])?;
        Ok(Self { words })
    }

    /// The model made of words that [`hdc_core::model::write`] returned.
    pub(crate) fn from_written(words: Vec<u32>) -> Self {
        Self { words }
    }

    /// Opens the model file at `path`.
    ///
    /// # Errors
    /// If it cannot be read or is not a model.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|source| OpenError::Read { path: path.into(), source })?;
        Self::from_bytes(&bytes).map_err(|source| OpenError::Model { path: path.into(), source })
    }

    /// Writes the model file to `path`: to a temporary file in the same folder first, which then takes the
    /// name, so that an older file stays whole until the new one is.
    ///
    /// # Errors
    /// If the folder does not exist, the disk is full, or writing is not allowed.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = temporary(folder)?;
        file.write_all(self.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    /// The bytes of the file.
    pub fn as_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words)
    }

    /// The model, opened in place.
    ///
    /// # Panics
    /// Never: the bytes were checked when the buffer was made.
    pub fn view(&self) -> Model<'_> {
        Model::open(self.as_bytes()).expect("a model buffer holds a model")
    }
}

/// A temporary file that others may read as they may read any new file; by itself it would be private.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
