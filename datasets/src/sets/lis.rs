//! `lis-alphabet`: the letters of the Italian sign language with a Myo armband, of Pacifici et al. 2020, "A surface
//! electromyography and inertial measurement unit dataset for the Italian Sign Language alphabet".
//!
//! One subject, 26 letters, each 30 times for 2 s: 8 channels of EMG, and a gyroscope and an accelerometer, all as 400
//! rows (200 Hz). Values become the armband's own counts: EMG of -128 to 127, 16 counts per degree/s, 2048 counts a g.
//! Channels are emg1 to emg8, wx, wy, wz, ax, ay, az; the orientation, which drifts, is left out.
//!
//! Of each letter the first 20 files, in the order of their names, train and the last 10 test. The source gives no
//! split and its names are random, so this is a random split within one subject.

use std::path::Path;

use hdc_train::{Part, Recording, Recordings, Values};
use serde::Deserialize;

use crate::error::DataError;
use crate::folders::{entries, read_text};
use crate::registry::{Info, Loader, Parameter};
use crate::request::Request;

const FOLDER: &str = "lis-alphabet-emg-imu";
const STEPS: usize = 400;
const FILES: usize = 30;
/// The first files of a letter, which train.
const TRAIN: usize = 20;

pub(super) const INFO: Info = Info {
    name: "lis-alphabet",
    about: "Italian sign alphabet, EMG and motion of a Myo armband, 26 letters of 30, one subject, 20 -> 10 of each",
    licence: "research and education",
    source: "https://github.com/airtlab/An-EMG-and-IMU-Dataset-for-the-Italian-Sign-Language-Alphabet",
    classes: &[
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V",
        "W", "X", "Y", "Z",
    ],
    group: "all",
    parameters: &[Parameter { key: "sensors", values: "emg|imu" }],
    folder: FOLDER,
    layout: "one folder a letter, Dataset/A to Dataset/Z, as in the repository",
    files: &[],
    loader: Loader::Recordings { window: STEPS, hop: STEPS, load },
};

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    let sensors = match request.value("sensors") {
        None => Sensors { emg: true, imu: true },
        Some("emg") => Sensors { emg: true, imu: false },
        Some("imu") => Sensors { emg: false, imu: true },
        Some(other) => return Err(request.refuse(&format!("sensors={other}"))),
    };
    let mut list = Vec::new();
    for (class, letter) in request.info.classes.iter().enumerate() {
        let folder = request.folders.folder(request.info.name, &format!("{FOLDER}/Dataset/{letter}"))?;
        let mut names = entries(&folder)?;
        names.retain(|name| plain(name).is_some());
        // `x.json` sorts before `x.json.gz`, so the plain file wins where both are there.
        names.dedup_by(|next, name| plain(next) == plain(name));
        if names.len() != FILES {
            let problem = "does not have 30 files .json: get the whole set";
            return Err(DataError::Empty { path: folder, problem });
        }
        for (index, name) in names.iter().enumerate() {
            let part = if index < TRAIN { Part::Train } else { Part::Test };
            if request.reads(part) {
                let path = folder.join(name);
                let values = Values::I16(sensors.read(&path, &read_text(&path)?)?);
                list.push(Recording { values, class, group: 0, part: Some(part) });
            }
        }
    }
    let columns = sensors.columns();
    let recordings = request.recordings(columns.len(), vec!["all".into()], list);
    Ok(Recordings { columns, ..recordings })
}

/// The name of a `.json` file without its ending, gzipped or not.
fn plain(name: &str) -> Option<&str> {
    name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".json")
}

#[derive(Deserialize)]
struct Gesture {
    emg: Signal<[i16; 8]>,
    imu: Signal<Motion>,
}

#[derive(Deserialize)]
struct Signal<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Motion {
    gyroscope: [f64; 3],
    acceleration: [f64; 3],
}

#[derive(Clone, Copy)]
struct Sensors {
    emg: bool,
    imu: bool,
}

impl Sensors {
    fn columns(self) -> Vec<String> {
        let emg = (1..=8).filter(|_| self.emg).map(|channel| format!("emg{channel}"));
        let imu = ["wx", "wy", "wz", "ax", "ay", "az"].into_iter().filter(|_| self.imu).map(String::from);
        emg.chain(imu).collect()
    }

    /// The counts of one file, step by step.
    fn read(self, path: &Path, text: &str) -> Result<Vec<i16>, DataError> {
        let Gesture { emg, imu } = serde_json::from_str(text)
            .map_err(|error| DataError::line(path, error.line() as u64, error.to_string()))?;
        if (emg.data.len(), imu.data.len()) != (STEPS, STEPS) {
            let problem = format!("{} rows of emg and {} of imu, expected {STEPS}", emg.data.len(), imu.data.len());
            return Err(DataError::line(path, 1, problem));
        }
        let mut values = Vec::new();
        for (row, (emg, imu)) in (1..).zip(emg.data.iter().zip(&imu.data)) {
            if self.emg {
                values.extend(emg);
            }
            if self.imu {
                let scaled = imu.gyroscope.map(|rate| rate * 16.0).into_iter();
                for count in scaled.chain(imu.acceleration.map(|acceleration| acceleration * 2048.0)) {
                    let count = whole(count).ok_or_else(|| {
                        let problem = format!("row {row} of imu is not in counts of 1/16 degree/s and 1/2048 g");
                        DataError::line(path, 1, problem)
                    })?;
                    values.push(count);
                }
            }
        }
        Ok(values)
    }
}

fn whole(value: f64) -> Option<i16> {
    let fits = value.fract() == 0.0 && (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&value);
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
    fits.then_some(value as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folders::Folders;

    const BOTH: Sensors = Sensors { emg: true, imu: true };
    const EMG: &str = "[-128,2,3,4,5,6,7,8]";
    const IMU: &str = r#"{"gyroscope": [0.0625, -1, 2], "acceleration": [1, 0, -0.5], "orientation": [0, 0, 0, 1]}"#;

    fn gesture(emg: &str, imu: &str, steps: usize) -> String {
        let (emg, imu) = (vec![emg; steps].join(","), vec![imu; steps].join(","));
        format!(r#"{{"duration": 2000, "emg": {{"data": [{emg}]}}, "imu": {{"data": [{imu}]}}}}"#)
    }

    fn read(sensors: Sensors, text: &str) -> Result<Vec<i16>, String> {
        sensors.read(Path::new("x.json"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn steps_are_counts_of_all_sensors() {
        let all = read(BOTH, &gesture(EMG, IMU, STEPS)).unwrap();
        assert_eq!(all[14..28], [-128, 2, 3, 4, 5, 6, 7, 8, 1, -16, 32, 2048, 0, -1024]);
        assert_eq!((all.len(), BOTH.columns().len()), (STEPS * 14, 14));
        let imu = Sensors { emg: false, imu: true };
        assert_eq!(read(imu, &gesture(EMG, IMU, STEPS)).unwrap()[..6], all[8..14]);
        assert_eq!(imu.columns(), ["wx", "wy", "wz", "ax", "ay", "az"]);
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        for (text, part) in [
            (gesture(EMG, IMU, 399), "x.json, line 1: 399 rows of emg and 399 of imu, expected 400"),
            (gesture("[1,2]", IMU, STEPS), "x.json, line 1: invalid length 2"),
            (gesture("[1,2,3,4,5,6,7,70000]", IMU, STEPS), "line 1: invalid value: integer `70000`"),
            (gesture(EMG, "{}", STEPS), "missing field `gyroscope`"),
            (gesture(EMG, &IMU.replace("0.0625", "0.06"), STEPS), "row 1 of imu is not in counts"),
            (gesture(EMG, &IMU.replace("0.0625", "9999"), STEPS), "row 1 of imu is not in counts"),
            (gesture(EMG, IMU, STEPS)[..500].into(), "line 1: EOF while parsing"),
            (String::new(), "line 1: EOF while parsing"),
        ] {
            let error = read(BOTH, &text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_letter_has_30_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(FOLDER).join("Dataset/A");
        std::fs::create_dir_all(&folder).unwrap();
        for file in 0..29 {
            std::fs::write(folder.join(format!("{file:02}.json")), "").unwrap();
        }
        std::fs::write(folder.join("00.json.gz"), "").unwrap();
        let folders = Folders(vec![root.path().into()]);
        let error = |spec| load(&Request::parse(spec, &folders).unwrap()).unwrap_err().to_string();
        assert!(error("lis-alphabet").contains("does not have 30 files"));
        assert!(error("lis-alphabet:sensors=x").contains("it takes sensors=emg|imu"));
        std::fs::write(folder.join("29.json"), "").unwrap();
        assert!(error("lis-alphabet").contains("00.json, line 1"));
    }
}
