//! Public files into the cache, each checked against its SHA-256.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::error::DataError;
use crate::folders::{Folders, cache_folder, open};
use crate::registry::{File, Info, info};

/// How far [`fetch`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file, relative to the data folder.
    pub file: &'a str,
    /// Bytes received of it.
    pub done: u64,
    /// Its size, if the server says so.
    pub total: Option<u64>,
}

/// Downloads the files of the data set `name` that [`cache_folder`] does not have yet, and returns where all of them
/// are; nothing for a set that is part of the crate.
///
/// A file appears under its name only once it is complete and its checksum is right.
///
/// # Errors
/// If there is no such set, its source has no single files, the network or the cache fails, or a checksum is wrong.
pub fn fetch(name: &str, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Vec<PathBuf>, DataError> {
    let info = info(name)?;
    if info.shipped() {
        return Ok(Vec::new());
    }
    fetch_into(&cache_folder().ok_or(DataError::NoCache)?, info, info.files, progress)
}

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

fn fetch_into(
    root: &Path,
    info: &Info,
    files: &[File],
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<PathBuf>, DataError> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_per_read(Some(Duration::from_mins(1)))
        .user_agent(concat!("hdc-datasets/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    // Before anything is fetched: half a set is of no use.
    let urls = files.iter().map(|file| file.url).collect::<Option<Vec<&str>>>().ok_or_else(|| DataError::Manual {
        set: info.name.into(),
        source_page: info.source,
        folder: root.join(info.folder),
        layout: info.layout,
    })?;
    let mut paths = Vec::new();
    for (file, url) in files.iter().zip(urls) {
        let path = root.join(file.path);
        if !(path.is_file() && digest(&path)? == file.sha256) {
            download(&agent, &Source { root, info, file, url }, &path, progress)?;
        }
        paths.push(path);
    }
    Ok(paths)
}

struct Source<'a> {
    root: &'a Path,
    info: &'a Info,
    file: &'a File,
    url: &'a str,
}

impl Source<'_> {
    fn unreachable(&self) -> DataError {
        let host = self.url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or(self.url);
        DataError::Unreachable { host: host.into(), folder: self.root.join(self.info.folder), root: self.root.into() }
    }

    fn refused(&self, answer: String) -> DataError {
        DataError::Refused { url: self.url.into(), answer, source_page: self.info.source.into() }
    }
}

fn download(
    agent: &ureq::Agent,
    source: &Source<'_>,
    target: &Path,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), DataError> {
    let response = agent.get(source.url).call().map_err(|error| match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Io(_) | ureq::Error::Timeout(_) => {
            source.unreachable()
        }
        other => source.refused(other.to_string()),
    })?;
    if !response.status().is_success() {
        return Err(source.refused(response.status().to_string()));
    }
    let body = response.into_body();
    let total = body.content_length();
    let folder = target.parent().unwrap_or(source.root);
    fs::create_dir_all(folder).map_err(DataError::io(folder))?;
    // In the same folder, so that the rename at the end stays within one file system.
    let mut temporary = NamedTempFile::new_in(folder).map_err(DataError::io(folder))?;
    let (mut hash, mut done) = (Sha256::new(), 0);
    let mut body = body.into_reader();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = match body.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(source.unreachable()),
        };
        if length == 0 {
            break;
        }
        let bytes = &buffer[..length];
        hash.update(bytes);
        temporary.write_all(bytes).map_err(DataError::io(target))?;
        done += length as u64;
        progress(Progress { file: source.file.path, done, total });
    }
    let got = hex(&hash.finalize());
    if got != source.file.sha256 {
        return Err(DataError::Checksum { what: source.url.into(), expected: source.file.sha256.into(), got });
    }
    temporary.persist(target).map_err(|error| DataError::io(target)(error.error))?;
    Ok(())
}

/// SHA-256 of the file at `path`, unpacked if it is gzipped.
fn digest(path: &Path) -> Result<String, DataError> {
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

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests;
