//! Where the files of data sets lie.

use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::error::DataError;
use crate::registry::info;

/// The environment variable that names the data folder.
const VARIABLE: &str = "HDC_DATASETS";

/// The folders to look into, best first.
#[derive(Debug)]
pub(crate) struct Folders(pub(crate) Vec<PathBuf>);

/// The folder that [`crate::fetch`] fills: `$XDG_CACHE_HOME/hdc`, else `~/.cache/hdc`, else none.
pub fn cache_folder() -> Option<PathBuf> {
    // The XDG specification says to ignore a relative path.
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    cache.map(|cache| cache.join("hdc"))
}

impl Folders {
    /// The folder named by `HDC_DATASETS`, then the cache.
    pub(crate) fn from_env() -> Self {
        let named = env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self(named.into_iter().chain(cache_folder()).collect())
    }

    /// The file `relative`, plain or with `.gz` at its end, in the first folder that has it.
    pub(crate) fn file(&self, set: &str, relative: &str) -> Result<PathBuf, DataError> {
        let plain = self.0.iter().flat_map(|root| [root.join(relative), root.join(format!("{relative}.gz"))]);
        plain.into_iter().find(|path| path.is_file()).ok_or_else(|| self.not_found(set, relative))
    }

    /// The folder `relative`, in the first folder that has it.
    pub(crate) fn folder(&self, set: &str, relative: &str) -> Result<PathBuf, DataError> {
        let all = self.0.iter().map(|root| root.join(relative));
        all.into_iter().find(|path| path.is_dir()).ok_or_else(|| self.not_found(set, relative))
    }

    pub(crate) fn not_found(&self, set: &str, relative: &str) -> DataError {
        let remedy = match info(set) {
            Ok(info) if !info.fetchable() => format!("get it at {} and put it there by hand", info.source),
            _ => format!("run `hdc data fetch {set}`"),
        };
        DataError::NotFound { set: set.into(), file: relative.into(), looked: self.0.clone(), remedy }
    }
}

/// Opens `path`, and unpacks it on the way if its name ends in `.gz`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, DataError> {
    let file = io::BufReader::new(fs::File::open(path).map_err(DataError::io(path))?);
    if path.extension().is_some_and(|extension| extension == "gz") {
        Ok(Box::new(MultiGzDecoder::new(file)))
    } else {
        Ok(Box::new(file))
    }
}

/// All of `path` as text, unpacked if it is gzipped, without a byte-order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, DataError> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).map_err(DataError::io(path))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// All of `path`, unpacked if it is gzipped, but no more than `most` bytes.
pub(crate) fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    open(path)?.take(most).read_to_end(&mut bytes).map_err(DataError::io(path))?;
    Ok(bytes)
}

/// The names of what lies in `folder`, sorted, so that no result depends on the file system.
pub(crate) fn entries(folder: &Path) -> Result<Vec<String>, DataError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut names: Vec<String> = entries
        .map_err(DataError::io(folder))?
        .into_iter()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_first_folder_that_has_a_file_wins_and_gz_is_unpacked() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = Folders(vec![first.path().into(), second.path().into()]);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all("\u{feff}packed".as_bytes()).unwrap();
        fs::write(second.path().join("x.gz"), gz.finish().unwrap()).unwrap();
        assert_eq!(read_text(&folders.file("s", "x").unwrap()).unwrap(), "packed");
        fs::write(first.path().join("x"), "plain").unwrap();
        assert_eq!(read_text(&folders.file("s", "x").unwrap()).unwrap(), "plain");
    }

    #[test]
    fn a_missing_file_says_both_remedies() {
        let error = Folders(vec!["/nowhere".into()]).file("basicmotions", "b/x.ts").unwrap_err().to_string();
        for part in ["`basicmotions`", "b/x.ts", "/nowhere", "set HDC_DATASETS", "`hdc data fetch basicmotions`"] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_missing_file_of_a_set_without_addresses_names_its_page() {
        let error = Folders(Vec::new()).file("european-languages", "x").unwrap_err().to_string();
        assert!(error.contains("get it at https://github.com/"), "{error}");
    }

    #[test]
    fn broken_files_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.gz"), "no gzip").unwrap();
        assert!(matches!(read_text(&folder.path().join("x.gz")), Err(DataError::Io { .. })));
        fs::write(folder.path().join("y"), [0xff, 0xfe]).unwrap();
        assert!(matches!(read_text(&folder.path().join("y")), Err(DataError::Io { .. })));
    }
}
