//! The table of named data sets.

use hdc_train::{Dataset, Recordings};

use crate::error::DataError;
use crate::request::Request;
use crate::sets::TABLE;

/// One data set that has a name.
#[derive(Debug)]
#[non_exhaustive]
pub struct Info {
    /// The name that [`crate::load`] takes.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The licence of the data.
    pub licence: &'static str,
    /// The page of the source.
    pub source: &'static str,
    /// The names of the classes.
    pub classes: &'static [&'static str],
    /// What a group is: `subject`, or `all` where everything is in one.
    pub group: &'static str,
    /// What can follow the name, as `:key=value`.
    pub parameters: &'static [Parameter],
    /// The folder of its files in the data folder; empty if the set is part of the crate.
    pub folder: &'static str,
    /// How the files lie in that folder, in words.
    pub layout: &'static str,
    /// The files with a known checksum; none if the set is part of the crate, or has too many.
    pub files: &'static [File],
    pub(crate) loader: Loader,
}

/// A `:key=value` of a data set's name.
#[derive(Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The key.
    pub key: &'static str,
    /// The values it takes, for people.
    pub values: &'static str,
}

/// A published file.
#[derive(Debug)]
#[non_exhaustive]
pub struct File {
    /// Its place in the data folder.
    pub path: &'static str,
    /// SHA-256 of the plain (not gzipped) file, in hexadecimal.
    pub sha256: &'static str,
    /// Where it is fetched: its own address, plain or as `.gz`, or that of a `.zip` archive that holds it, in whatever
    /// folder. Nothing if it has to be put there by hand.
    pub url: Option<&'static str>,
}

/// Whether the samples of a set are cut by the reader or by the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Windowing {
    /// The source gives samples.
    Fixed,
    /// The source gives recordings; these are the windows they are cut into by default.
    Cut {
        /// Steps in a window.
        window: usize,
        /// Steps between the starts of two windows.
        hop: usize,
    },
}

#[cfg(any(feature = "fetch", test))]
impl File {
    /// Whether it is fetched in a zip archive.
    pub(crate) fn is_archived(&self) -> bool {
        self.is("zip")
    }

    /// Whether it is fetched gzipped; it is stored plain.
    pub(crate) fn is_gzipped(&self) -> bool {
        self.is("gz")
    }

    fn is(&self, extension: &str) -> bool {
        self.url.is_some_and(|url| std::path::Path::new(url).extension().is_some_and(|found| found == extension))
    }
}

#[derive(Debug)]
pub(crate) enum Loader {
    Samples(fn(&Request<'_>) -> Result<Dataset, DataError>),
    Recordings { window: usize, hop: usize, load: fn(&Request<'_>) -> Result<Recordings, DataError> },
}

impl Info {
    /// How samples come about.
    pub fn windowing(&self) -> Windowing {
        match self.loader {
            Loader::Samples(_) => Windowing::Fixed,
            Loader::Recordings { window, hop, .. } => Windowing::Cut { window, hop },
        }
    }

    /// Whether the set is part of the crate, so that nothing needs to be fetched.
    pub fn shipped(&self) -> bool {
        self.folder.is_empty()
    }

    /// Whether [`crate::fetch`] can fetch it. If not, its files have to be put into the data folder by hand.
    pub fn fetchable(&self) -> bool {
        !self.files.is_empty() && self.files.iter().all(|file| file.url.is_some())
    }
}

/// All data sets that have a name.
pub fn list() -> &'static [Info] {
    TABLE
}

/// The data set `name`, without any `:key=value`.
///
/// # Errors
/// If there is none of that name; the error lists them all.
pub fn info(name: &str) -> Result<&'static Info, DataError> {
    TABLE.iter().find(|info| info.name == name).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> DataError {
    let nearest = TABLE.iter().map(|info| (edits(name, info.name), info.name)).min();
    let hint = match nearest {
        Some((edits, near)) if edits <= near.len() / 3 => format!(", did you mean `{near}`?"),
        _ => String::new(),
    };
    let known: Vec<&str> = TABLE.iter().map(|info| info.name).collect();
    DataError::UnknownSet { name: name.into(), hint, known: known.join(", ") }
}

/// Levenshtein distance.
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, r) in right.chars().enumerate() {
            let replaced = diagonal + usize::from(l != r);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_lists_all_and_suggests_the_nearest() {
        let error = info("basicmotion").unwrap_err().to_string();
        assert!(error.contains("did you mean `basicmotions`?"), "{error}");
        assert!(TABLE.iter().all(|info| error.contains(info.name)), "{error}");
        assert!(!info("zzz").unwrap_err().to_string().contains("did you mean"));
    }

    #[test]
    fn edits_are_levenshtein() {
        assert_eq!((edits("kitten", "sitting"), edits("", "abc"), edits("same", "same")), (3, 3, 0));
    }

    #[test]
    fn every_entry_is_complete() {
        for info in list() {
            assert!(!info.shipped() || info.files.is_empty(), "{}", info.name);
            assert!(!info.layout.is_empty() || info.shipped(), "{}", info.name);
            assert!(info.classes.len() > 1 && !info.about.is_empty() && info.source.starts_with("https://"));
            for file in info.files {
                assert!(file.path.starts_with(info.folder), "{}", file.path);
                assert!(file.sha256.len() == 64 && file.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let Some(url) = file.url else { continue };
                let name = file.path.rsplit('/').next().unwrap();
                assert!(url.starts_with("https://"));
                assert!(url.strip_suffix(".gz").unwrap_or(url).ends_with(name) || file.is_archived(), "{url}");
            }
        }
    }
}
