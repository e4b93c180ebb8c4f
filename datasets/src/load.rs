//! From a name or a path to samples.

use std::path::Path;

use hdc_train::{Dataset, Part, Recordings};

use crate::csv::read_csv;
use crate::error::DataError;
use crate::folders::Folders;
use crate::options::Options;
use crate::registry::Loader;
use crate::request::Request;
use crate::ts::{read_named_pair, read_ts};

/// Loads the data set that `spec` names: a path that ends in `.csv` or `.ts`, or a name from [`crate::list`] with
/// optional parameters, such as `spar`, `spar:side=left` or `hdc-emg:subject=1`.
///
/// # Errors
/// If there is no such set, a parameter or option does not fit it, or its files are missing or malformed.
pub fn load(spec: &str, options: &Options) -> Result<Dataset, DataError> {
    load_from(spec, options, &Folders::from_env())
}

/// Loads the recordings of a named set, uncut: for streaming, or to be cut in more than one way.
///
/// # Errors
/// As [`load`], and if the set has samples only.
pub fn load_recordings(spec: &str) -> Result<Recordings, DataError> {
    let folders = Folders::from_env();
    let request = Request::parse(spec, &folders)?;
    match request.info.loader {
        Loader::Recordings { load, .. } => load(&request),
        Loader::Samples(_) => Err(DataError::NoRecordings { name: spec.into() }),
    }
}

pub(crate) fn load_from(spec: &str, options: &Options, folders: &Folders) -> Result<Dataset, DataError> {
    let data = read(spec, options, folders)?;
    match options.part {
        Some(Part::Test) if data.parts().is_none() => Err(DataError::no_part(spec, Part::Test)),
        _ => Ok(data),
    }
}

fn read(spec: &str, options: &Options, folders: &Folders) -> Result<Dataset, DataError> {
    let path = Path::new(spec);
    let extension = path.extension().unwrap_or_default();
    if extension.eq_ignore_ascii_case("csv") {
        refuse(options.test.is_some(), "test", spec, "mark the rows with a column `split` of train and test")?;
        return read_csv(path, options);
    }
    refuse(options.series.is_some(), "series", spec, "it is for .csv files")?;
    let fixed = || DataError::FixedWindows { name: spec.into() };
    let cut = options.window.is_some() || options.hop.is_some();
    if extension.eq_ignore_ascii_case("ts") {
        return match &options.test {
            _ if cut => Err(fixed()),
            Some(test) => read_named_pair(None, path, test, options.part),
            None => read_ts(path),
        };
    }
    refuse(options.test.is_some(), "test", spec, "it is for .ts files")?;
    let mut request = Request::parse(spec, folders)?;
    request.part = options.part;
    match request.info.loader {
        Loader::Samples(_) if cut => Err(fixed()),
        Loader::Samples(load) => load(&request),
        Loader::Recordings { window, hop, load } => {
            // A hop that suits the usual window would leave gaps between shorter ones.
            let hop = options.hop.or(options.window.map(|window| window.div_ceil(2))).unwrap_or(hop);
            Ok(load(&request)?.windows(options.window.unwrap_or(window), hop)?)
        }
    }
}

fn refuse(given: bool, option: &'static str, name: &str, remedy: &'static str) -> Result<(), DataError> {
    if given { Err(DataError::Option { option, name: name.into(), remedy }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::registry::info;

    fn error(spec: &str, options: &Options) -> String {
        load_from(spec, options, &Folders(Vec::new())).unwrap_err().to_string()
    }

    #[test]
    fn options_that_do_not_fit_are_refused() {
        let window = Options { window: Some(5), ..Options::default() };
        let hop = Options { hop: Some(5), ..Options::default() };
        for options in [&window, &hop] {
            assert!(error("basicmotions", options).contains("leave out window and hop"));
            assert!(error("x.ts", options).contains("leave out window and hop"));
        }
        let series = Options { series: Some("s".into()), ..Options::default() };
        assert!(error("spar", &series).contains("it is for .csv files"));
        assert!(error("x.ts", &series).contains("it is for .csv files"));
        let test = Options { test: Some("y.ts".into()), ..Options::default() };
        assert!(error("spar", &test).contains("it is for .ts files"));
        assert!(error("x.CSV", &test).contains("column `split`"));
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(error("no/such.csv", &Options::default()).contains("no/such.csv"));
        assert!(error("no/such.ts", &Options::default()).contains("no/such.ts"));
        assert!(error("basicmotions", &Options::default()).contains("basicmotions/BasicMotions_TRAIN.ts"));
        assert!(error("no-such", &Options::default()).contains("there are spar"));
    }

    /// What is in `from`, in the same folders, but no file whose path has one of `without` in it.
    fn link(from: &Path, to: &Path, without: &[&str]) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let (path, to) = {
                let entry = entry.unwrap();
                (entry.path(), to.join(entry.file_name()))
            };
            if path.is_dir() {
                link(&path, &to, without);
            } else if !without.iter().any(|part| path.to_str().unwrap().contains(part)) {
                fs::hard_link(&path, &to).or_else(|_| fs::copy(&path, &to).map(|_| ())).unwrap();
            }
        }
    }

    #[test]
    fn a_side_is_loaded_where_the_files_of_the_other_are_missing() {
        let Some(root) = std::env::var_os("HDC_DATASETS").map(PathBuf::from) else {
            eprintln!("skipped: set HDC_DATASETS");
            return;
        };
        let train = Options { part: Some(Part::Train), ..Options::default() };
        let test = Options { part: Some(Part::Test), ..Options::default() };
        for (spec, without) in [
            ("basicmotions", &["_TEST.ts"][..]),
            ("racketsports", &["_TEST.ts"]),
            ("hdc-emg:subject=1", &["_test_"]),
            ("uci-emg:subject=3", &["/2_raw_data"]),
            ("mnist", &["/t10k-"]),
            ("isolet", &["isolet_test"]),
            ("european-languages", &["/testing/"]),
            ("libemg-myodisco:subject=1,day=1", &["/R_1"]),
            ("libemg-myodisco:subject=1", &["/day2/"]),
            ("flexemg:subject=1", &["Session1Test"]),
        ] {
            let set = info(spec.split(':').next().unwrap()).unwrap().folder;
            let here = tempfile::tempdir().unwrap();
            // The second repetition is no test.
            link(&root.join(set), &here.path().join(set), without);
            if spec.ends_with("day=1") {
                let name = |class| format!("{set}/S1/day1/R_1_C_{class}_EMG.csv");
                for class in 0..10 {
                    fs::copy(root.join(name(class)), here.path().join(name(class))).unwrap();
                }
            }
            let folders = Folders(vec![here.path().into()]);
            let data = load_from(spec, &train, &folders).unwrap();
            assert!(data.parts().unwrap().iter().all(|&part| part == Part::Train), "{spec}");
            assert!(load_from(spec, &test, &folders).is_err(), "{spec}");
        }
    }

    #[test]
    fn data_without_a_split_are_for_training() {
        let part = |part| load("spar", &Options { part: Some(part), ..Options::default() });
        assert_eq!(part(Part::Train).unwrap(), load("spar", &Options::default()).unwrap());
        let error = part(Part::Test).unwrap_err().to_string();
        assert!(error.contains("`spar` has no test samples"), "{error}");
    }

    #[test]
    fn samples_have_no_recordings() {
        assert!(matches!(load_recordings("basicmotions"), Err(DataError::NoRecordings { .. })));
        assert_eq!(load_recordings("spar").unwrap().list.len(), 140);
    }
}
