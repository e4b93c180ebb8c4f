//! Public files into the cache, by themselves, gzipped or out of a zip archive, each checked against its SHA-256.

use std::fs;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use tempfile::NamedTempFile;
use zip::ZipArchive;

use crate::error::DataError;
use crate::folders::cache_folder;
use crate::registry::{File, Info, info};
use crate::verify::digest;

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
/// If there is no such set or it has no addresses, the network or the cache fails, an archive lacks a file, or a
/// checksum is wrong.
pub fn fetch(name: &str, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Vec<PathBuf>, DataError> {
    let info = info(name)?;
    if info.shipped() {
        return Ok(Vec::new());
    }
    let root = cache_folder().ok_or(DataError::NoCache)?;
    if info.fetchable() { fetch_into(&root, info, info.files, progress) } else { Err(by_hand(&root, info)) }
}

fn by_hand(root: &Path, info: &Info) -> DataError {
    let folder = root.join(info.folder);
    DataError::ByHand { set: info.name, source_page: info.source, folder, layout: info.layout }
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
    let mut archive: Option<Archive> = None;
    let mut paths = Vec::new();
    for file in files {
        let path = root.join(file.path);
        if !(path.is_file() && digest(&path)? == file.sha256) {
            let url = file.url.ok_or_else(|| by_hand(root, info))?;
            let source = Source { root, info, file, url };
            let folder = path.parent().unwrap_or(root);
            fs::create_dir_all(folder).map_err(DataError::io(folder))?;
            // In the same folder, so that the rename at the end stays within one file system.
            let mut temporary = NamedTempFile::new_in(folder).map_err(DataError::io(folder))?;
            if file.is_archived() {
                let archive = match &mut archive {
                    Some(archive) if archive.url == url => archive,
                    other => other.insert(Archive::download(&agent, &source, progress)?),
                };
                archive.unpack(&source, &mut temporary)?;
            } else if file.is_gzipped() {
                let packed = download_unnamed(&agent, &source, progress)?;
                let broken = |error: &io::Error| source.archive(format!("is not a whole gzip file ({error})"));
                copy(MultiGzDecoder::new(io::BufReader::new(packed)), &mut temporary, broken)?;
            } else {
                download(&agent, &source, temporary.as_file_mut(), progress)?;
            }
            let got = digest(temporary.path())?;
            if got != file.sha256 {
                return Err(DataError::Checksum { what: source.name(), expected: file.sha256.into(), got });
            }
            temporary.persist(&path).map_err(|error| DataError::io(&path)(error.error))?;
        }
        paths.push(path);
    }
    Ok(paths)
}

/// The most that is taken from a server or out of an archive for one file: no set has a larger one.
const MOST_BYTES: u64 = 1 << 29;

struct Source<'a> {
    root: &'a Path,
    info: &'a Info,
    file: &'a File,
    url: &'static str,
}

impl Source<'_> {
    fn unreachable(&self) -> DataError {
        let url = self.url;
        let host = url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or(url);
        DataError::Unreachable { host: host.into(), folder: self.root.join(self.info.folder), root: self.root.into() }
    }

    fn refused(&self, answer: String) -> DataError {
        DataError::Refused { url: self.url.into(), answer, source_page: self.info.source.into() }
    }

    fn archive(&self, problem: impl Into<String>) -> DataError {
        let (url, source_page) = (self.url.into(), self.info.source);
        DataError::Archive { url, problem: problem.into(), source_page }
    }

    /// The file's place in the folder of its set, and in an archive.
    fn member(&self) -> &'static str {
        self.file.path.strip_prefix(self.info.folder).unwrap_or(self.file.path).trim_start_matches('/')
    }

    /// What a wrong checksum is of.
    fn name(&self) -> String {
        let url = self.url;
        if self.file.is_archived() { format!("{} in {url}", self.member()) } else { url.into() }
    }
}

/// A zip archive on the disk, as long as the files of a set are taken from it.
struct Archive {
    url: &'static str,
    zip: ZipArchive<fs::File>,
}

impl Archive {
    fn download(
        agent: &ureq::Agent,
        source: &Source<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, DataError> {
        let file = download_unnamed(agent, source, progress)?;
        let zip =
            ZipArchive::new(file).map_err(|error| source.archive(format!("is not a whole zip archive ({error})")))?;
        Ok(Self { url: source.url, zip })
    }

    /// Writes the member of the source's file, in whatever folder it is, to `target`.
    fn unpack(&mut self, source: &Source<'_>, target: &mut NamedTempFile) -> Result<(), DataError> {
        let wanted = source.member();
        let is_wanted =
            |name: &String| name.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        let name = self.zip.file_names().flatten().map(String::from).find(is_wanted);
        let name = name.ok_or_else(|| source.archive(format!("has no file {wanted}")))?;
        let broken = |error: &dyn std::fmt::Display| source.archive(format!("has a broken file {wanted} ({error})"));
        let member = self.zip.by_name(&name).map_err(|error| broken(&error))?;
        copy(member, target, |error| broken(error))
    }
}

/// Writes what `packed` unpacks to, or the most that is taken of it, to `target`.
fn copy(
    packed: impl Read,
    target: &mut NamedTempFile,
    broken: impl Fn(&io::Error) -> DataError,
) -> Result<(), DataError> {
    let mut packed = packed.take(MOST_BYTES);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match packed.read(&mut buffer).map_err(|error| broken(&error))? {
            0 => return Ok(()),
            length => target.write_all(&buffer[..length]).map_err(DataError::io(target.path()))?,
        }
    }
}

/// What is fetched, in a file that has no name, so that nothing is left of it whatever happens.
fn download_unnamed(
    agent: &ureq::Agent,
    source: &Source<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<fs::File, DataError> {
    let mut file = tempfile::tempfile_in(source.root).map_err(DataError::io(source.root))?;
    download(agent, source, &mut file, progress)?;
    file.rewind().map_err(DataError::io(source.root))?;
    Ok(file)
}

fn download(
    agent: &ureq::Agent,
    source: &Source<'_>,
    target: &mut fs::File,
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
    let mut body = body.into_reader();
    let (mut buffer, mut done) = (vec![0; 64 * 1024], 0);
    loop {
        let length = match body.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(source.unreachable()),
        };
        target.write_all(&buffer[..length]).map_err(DataError::io(&source.root.join(source.file.path)))?;
        done += length as u64;
        if done > MOST_BYTES {
            return Err(source.refused(format!("with more than {MOST_BYTES} bytes")));
        }
        progress(Progress { file: source.file.path, done, total });
    }
}

#[cfg(test)]
mod tests;
