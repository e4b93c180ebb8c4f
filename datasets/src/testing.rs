//! Files for the tests of the readers.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A file of that name and content, and the folder that removes it when dropped.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}
