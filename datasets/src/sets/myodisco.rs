//! `libemg-myodisco`: discrete gestures with a Myo armband on other days and in other positions of the limb, from
//! `LibEMG`'s `MyoDisCo` repository.
//!
//! 14 subjects, 10 gestures. A file is one repetition, about 2 s at 200 Hz of 8 channels, -128 to 127. On day 1 and on
//! day 2 there are 20 repetitions, and 5 more in each of 4 positions. A window of 392 steps takes every repetition
//! whole, up to the 24 steps that some are longer. The groups are the subjects, those of them whose folders are there.
//!
//! The splits are within a subject:
//!
//! - without a parameter, day 1 trains and day 2 tests, as the source has it;
//! - with `day=1` or `day=2`, the first 10 repetitions of each gesture on that day train and the last 10 test;
//! - with `position=1` (to 4), that position trains and the three others test;
//! - with `position=all`, in every position the first 3 repetitions of each gesture train and the last 2 test.

use std::path::Path;

use hdc_train::{Part, Recording, Recordings, Values};

use crate::error::DataError;
use crate::folders::{entries, read_text};
use crate::registry::{Info, Loader, Parameter};
use crate::request::Request;

const SUBJECTS: u8 = 14;
const CHANNELS: usize = 8;
const FOLDER: &str = "libemg-myodisco";

pub(super) const INFO: Info = Info {
    name: "libemg-myodisco",
    about: "forearm EMG of a Myo armband, 10 gestures, up to 14 subjects, day 1 -> day 2, and 4 limb positions",
    licence: "unstated",
    source: "https://github.com/LibEMG/MyoDisCo",
    classes: &[
        "double tap",
        "extension",
        "finger gun",
        "flexion",
        "hand close",
        "hand open",
        "point",
        "snap",
        "thumbs up",
        "rest",
    ],
    group: "subject",
    parameters: &[
        Parameter { key: "subject", values: "1..14" },
        Parameter { key: "day", values: "1|2" },
        Parameter { key: "position", values: "1..4|all" },
    ],
    folder: FOLDER,
    layout: "one folder a subject, S1 to S14, as in the repository",
    files: &[],
    loader: Loader::Recordings { window: 392, hop: 392, load },
};

/// Repetitions in a folder of a subject, and which side of the split they are on.
#[derive(Debug, PartialEq, Eq)]
struct Session {
    folder: String,
    repetitions: usize,
    /// Repetitions that train: the first ones.
    train: usize,
}

impl Session {
    fn day(day: u8, train: usize) -> Self {
        Self { folder: format!("day{day}"), repetitions: 20, train }
    }

    fn position(position: u8, train: usize) -> Self {
        Self { folder: format!("positions/{position}"), repetitions: 5, train }
    }
}

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    let sessions = sessions(request)?;
    let root = request.folders.folder(request.info.name, FOLDER)?;
    let mut subjects: Vec<u8> =
        entries(&root)?.iter().filter_map(|name| name.strip_prefix('S')?.parse().ok()).collect();
    subjects.sort_unstable();
    if let Some(subject) = request.number("subject", SUBJECTS)? {
        subjects = vec![subject];
    }
    if subjects.is_empty() {
        subjects.push(1);
    }
    let mut list = Vec::new();
    for (group, subject) in subjects.iter().enumerate() {
        for session in &sessions {
            for repetition in 0..session.repetitions {
                let part = if repetition < session.train { Part::Train } else { Part::Test };
                if !request.reads(part) {
                    continue;
                }
                for class in 0..request.info.classes.len() {
                    let name = format!("{FOLDER}/S{subject}/{}/R_{repetition}_C_{class}_EMG.csv", session.folder);
                    let path = request.folders.file(request.info.name, &name)?;
                    let values = Values::I16(rows(&path, &read_text(&path)?)?);
                    list.push(Recording { values, class, group, part: Some(part) });
                }
            }
        }
    }
    Ok(request.recordings(CHANNELS, subjects.iter().map(ToString::to_string).collect(), list))
}

/// What is read of every subject.
fn sessions(request: &Request<'_>) -> Result<Vec<Session>, DataError> {
    match (request.number("day", 2)?, request.value("position")) {
        (Some(day), None) => Ok(vec![Session::day(day, 10)]),
        (None, None) => Ok(vec![Session::day(1, 20), Session::day(2, 0)]),
        (None, Some("all")) => Ok((1..=4).map(|position| Session::position(position, 3)).collect()),
        (None, Some(_)) => {
            let trains = request.number("position", 4)?;
            let session = |position| Session::position(position, if trains == Some(position) { 5 } else { 0 });
            Ok((1..=4).map(session).collect())
        }
        (Some(day), Some(position)) => Err(request.refuse(&format!("day={day},position={position}"))),
    }
}

/// The rows of one repetition: 8 counts each.
fn rows(path: &Path, text: &str) -> Result<Vec<i16>, DataError> {
    let mut values = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        let start = values.len();
        for field in row.split(',').map(str::trim) {
            match field.parse() {
                Ok(count @ -128..=127) => values.push(count),
                _ => return Err(DataError::line(path, line, format!("`{field}` is not a count of -128 to 127"))),
            }
        }
        if values.len() - start != CHANNELS {
            let problem = format!("{} numbers, expected {CHANNELS}", values.len() - start);
            return Err(DataError::line(path, line, problem));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folders::Folders;

    #[test]
    fn parameters_choose_what_trains() {
        let folders = Folders(Vec::new());
        let of = |spec: &str| {
            let sessions = sessions(&Request::parse(spec, &folders).unwrap())?;
            let one = |session: &Session| format!("{} {}/{}", session.folder, session.train, session.repetitions);
            Ok::<_, DataError>(sessions.iter().map(one).collect::<Vec<String>>().join(", "))
        };
        assert_eq!(of("libemg-myodisco").unwrap(), "day1 20/20, day2 0/20");
        assert_eq!(of("libemg-myodisco:day=2").unwrap(), "day2 10/20");
        let position = of("libemg-myodisco:position=2").unwrap();
        assert_eq!(position, "positions/1 0/5, positions/2 5/5, positions/3 0/5, positions/4 0/5");
        let all = of("libemg-myodisco:subject=3,position=all").unwrap();
        assert_eq!(all, "positions/1 3/5, positions/2 3/5, positions/3 3/5, positions/4 3/5");
        for spec in ["day=3", "position=5", "position=any", "day=1,position=1"] {
            let error = of(&format!("libemg-myodisco:{spec}")).unwrap_err().to_string();
            assert!(error.contains(&format!("does not take `{spec}`: it takes subject=1..14, day=1|2")), "{error}");
        }
    }

    #[test]
    fn faults_are_located() {
        let read = |text| rows(Path::new("x.csv"), text).map_err(|error| error.to_string());
        assert_eq!(read("1,2,3,4,5,6,-128,127\r\n0,0,0,0,0,0,0,0\n").unwrap().len(), 16);
        for (text, part) in [
            ("1,2,3,4,5,6,7,128", "line 1: `128` is not a count of -128 to 127"),
            ("1,2,3,4,5,6,7,x", "line 1: `x`"),
            ("1,2,3,4,5,6,7,8\n1,2,3", "line 2: 3 numbers, expected 8"),
            ("1,2,3,4,5,6,7,8,9", "line 1: 9 numbers, expected 8"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_missing_repetition_is_named() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join(FOLDER).join("S2")).unwrap();
        let folders = Folders(vec![root.path().into()]);
        let error = load(&Request::parse("libemg-myodisco", &folders).unwrap()).unwrap_err().to_string();
        assert!(error.contains("libemg-myodisco/S2/day1/R_0_C_0_EMG.csv"), "{error}");
    }
}
