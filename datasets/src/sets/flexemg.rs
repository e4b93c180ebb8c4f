//! `flexemg`: forearm EMG of Moin et al. 2018, "An EMG gesture recognition system with flexible high-density sensors
//! and brain-inspired high-dimensional classifier": 64 electrodes at 1 kHz, session 1.
//!
//! 3 subjects, 5 gestures. A file is a trial: 5 s of rest, then the four gestures of 5 s each in the order that the
//! file says, then rest. As in the source's `genlabels.m` the first and the last second of each are left out, and so is
//! the rest at the end: a recording is 3 s. Values are the raw counts of the converter. The trials of `Session1Train`
//! train, those of `Session1Test` test. The groups are the subjects.

use std::path::Path;

use hdc_train::{Part, Recording, Recordings, Values};

use crate::error::DataError;
use crate::folders::entries;
use crate::mat::{Matrix, read_mat};
use crate::registry::{File, Info, Loader, Parameter};
use crate::request::Request;

macro_rules! file {
    ($name:literal, $commit:literal, $sha256:literal) => {
        File {
            path: concat!("flexemg-iscas18/data/", $name),
            sha256: $sha256,
            url: Some(concat!("https://raw.githubusercontent.com/a-moin/flexemg/", $commit, "/data/", $name)),
        }
    };
}

/// Three of the ten trials of each subject on each side: those that could be checked, and are fetched. Others are read
/// all the same.
static FILES: [File; 18] = [
    file!(
        "001-Session1Train/001-001.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "380d31b2bb4c89c79202712ab3a38c2a84f500efc6ff062e20c0cf9791315de8"
    ),
    file!(
        "001-Session1Train/001-002.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "08ae5b86008b516d580a02aa8add929349bef6d59945ae2a24c76147964f6978"
    ),
    file!(
        "001-Session1Train/001-003.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "d4f26d530c5bad3e3bd5d8edfb131565bbbaa9c910b5e3566ba11a3ac5881b7c"
    ),
    file!(
        "001-Session1Test/001-001.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "e17f80bc7274f6a59c0b2e713a40d11a2c3b9a1d14d1ba5b08fc7ab27ab3535c"
    ),
    file!(
        "001-Session1Test/001-002.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "cad75942f927a87b726feba391c1dce926880d0e6cd311be94fcd66d3782f548"
    ),
    file!(
        "001-Session1Test/001-003.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "596ece7f83010024d63aebdab026850269fecaade39f8adf6ab3326ac26ea9ff"
    ),
    file!(
        "002-Session1Train/002-001.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "52f1e4b415f9040044444e22a76f9b6ed259985c748a9b6cb678e8fc176b719d"
    ),
    file!(
        "002-Session1Train/002-002.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "f306d066db952c68bc3f47a61849e0932511596a81074404707d6f3f6dcebfff"
    ),
    file!(
        "002-Session1Train/002-003.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "4915e5b9a85dab77da9879efa6fd9a22b62818b73fceaa5e8bcfb6bd9e611a21"
    ),
    file!(
        "002-Session1Test/002-001.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "329ac13f4dc58141deee615994056a77345f133fc9eb6bdfdc2bbc0fc11395a7"
    ),
    file!(
        "002-Session1Test/002-002.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "8e725076589e17426ff6e3b793de0e27f1498dca1f5fad03571f415febe0669e"
    ),
    file!(
        "002-Session1Test/002-003.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "2775038e48eac8658b4c36d1a879c9cfce2c196e9b4015d9ac85d8986ac9a850"
    ),
    file!(
        "003-Session1Train/003-001.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "6c33e9c0f2731c5ba5af1befbb1276f94428a1bb8032ab3a90c8b89cb42fb3f3"
    ),
    file!(
        "003-Session1Train/003-002.mat",
        "9ffa0c94bd992f3de8590e81a310c6375fd2259a",
        "1752065fcfaa084ce35a2c74f67ee379fb8d8139c4110c06030fb548614ee025"
    ),
    file!(
        "003-Session1Train/003-003.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "a13fd00edc46a1ffa46899a29a5b7f706a3e909b6570a8dc6c9b253f5238cc37"
    ),
    file!(
        "003-Session1Test/003-001.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "f207ac523bb7fe085fa68a0e78e1cb9d09ba1cadc14435d9e96654fb3078b567"
    ),
    file!(
        "003-Session1Test/003-002.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "70dd2bd8323bba3712a1e5c50021f307a42c098e6fe861955acc1be9ce07e75a"
    ),
    file!(
        "003-Session1Test/003-003.mat",
        "04e0ce101d6369b6e8d3319e21cda4eb2d21c0fe",
        "5682b8b9dfe667a5c4a988e5f398001e2549d61a574e1690d28eaf11481f5baa"
    ),
];

const FOLDER: &str = "flexemg-iscas18";
const SUBJECTS: u8 = 3;
const CHANNELS: usize = 64;
/// Steps of rest and of every gesture.
const HELD: usize = 5_000;
/// Steps left out at both ends.
const MARGIN: usize = 1_000;

pub(super) const INFO: Info = Info {
    name: "flexemg",
    about: "forearm EMG of 64 electrodes at 1 kHz, 5 gestures, 3 subjects, 10 trials -> 10 trials (3 of each fetched)",
    licence: "GPL-3.0",
    source: "https://github.com/a-moin/flexemg",
    classes: &["rest", "fist", "raise", "lower", "open"],
    group: "subject",
    parameters: &[Parameter { key: "subject", values: "1..3" }],
    folder: FOLDER,
    layout: "as data/001-Session1Train/001-001.mat, data/001-Session1Test/001-001.mat and so on",
    files: &FILES,
    loader: Loader::Recordings { window: 200, hop: 100, load },
};

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    let subjects = match request.number("subject", SUBJECTS)? {
        Some(subject) => vec![subject],
        None => (1..=SUBJECTS).collect(),
    };
    let mut list = Vec::new();
    for (group, subject) in subjects.iter().enumerate() {
        for (side, part) in
            [("Train", Part::Train), ("Test", Part::Test)].into_iter().filter(|side| request.reads(side.1))
        {
            let name = format!("{FOLDER}/data/{subject:03}-Session1{side}");
            let folder = request.folders.folder(request.info.name, &name)?;
            let before = list.len();
            for trial in entries(&folder)?.iter().filter(|name| is_trial(name)) {
                let path = folder.join(trial);
                for (class, values) in gestures(&path, &read_mat(&path)?)? {
                    list.push(Recording { values: Values::I16(values), class, group, part: Some(part) });
                }
            }
            if list.len() == before {
                return Err(request.folders.not_found(request.info.name, &format!("{name}/{subject:03}-001.mat")));
            }
        }
    }
    Ok(request.recordings(CHANNELS, subjects.iter().map(ToString::to_string).collect(), list))
}

fn is_trial(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "mat")
}

/// The class and the counts of every gesture of a trial: rest first, then those that `p.sequence` names.
fn gestures(path: &Path, matrices: &[Matrix]) -> Result<Vec<(usize, Vec<i16>)>, DataError> {
    let broken = |problem: String| DataError::byte(path, 0, problem);
    let find = |name: &str| {
        let found = matrices.iter().find(|matrix| matrix.name == name);
        found.ok_or_else(|| broken(format!("there is no matrix `{name}`")))
    };
    let (raw, sequence) = (find("raw")?, find("p.sequence")?);
    let sequence: Vec<f64> = if sequence.rows == 1 { sequence.row(0).collect() } else { Vec::new() };
    if raw.columns < CHANNELS || raw.rows < (sequence.len() + 1) * HELD {
        let (rows, columns, held) = (raw.rows, raw.columns, sequence.len());
        return Err(broken(format!(
            "`raw` is {rows} x {columns}, too small for rest and {held} gestures of 64 channels"
        )));
    }
    let mut gestures = Vec::new();
    for (place, gesture) in [0.0].into_iter().chain(sequence).enumerate() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
        let class = match gesture {
            0.0..=4.0 if gesture.fract() == 0.0 => gesture as usize,
            _ => return Err(broken(format!("`p.sequence` has a gesture {gesture}, expected 1 to 4"))),
        };
        let mut counts = Vec::new();
        for row in place * HELD + MARGIN..(place + 1) * HELD - MARGIN {
            for value in raw.row(row).take(CHANNELS) {
                if !(value.fract() == 0.0 && (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&value)) {
                    return Err(broken(format!("`raw` has a value {value} in row {}, not a 16-bit count", row + 1)));
                }
                #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
                counts.push(value as i16);
            }
        }
        gestures.push((class, counts));
    }
    Ok(gestures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mat::tests::{mat, structure};
    use crate::testing::file;

    /// A trial of rest and one gesture, of which one value is this.
    fn read(columns: u32, gesture: f64, value: f64) -> Result<Vec<(usize, Vec<i16>)>, String> {
        let (rows, mut raw) = (2 * HELD, vec![7.0; 2 * HELD * columns as usize]);
        raw[rows + MARGIN] = value;
        let trial = mat(&[(b'r', rows as u32, columns, &raw)]);
        let (_folder, path) = file("x.mat", [trial, structure("sequence", 1, &[gesture])].concat());
        let mut matrices = read_mat(&path).unwrap();
        matrices[0].name = "raw".into();
        gestures(&path, &matrices).map_err(|error| error.to_string())
    }

    #[test]
    fn the_middle_of_each_gesture_is_kept() {
        let gestures = read(65, 3.0, 9.0).unwrap();
        assert_eq!(gestures.iter().map(|(class, _)| *class).collect::<Vec<_>>(), [0, 3]);
        assert!(gestures.iter().all(|(_, counts)| counts.len() == 3_000 * 64));
        assert_eq!(gestures[0].1[..3], [7, 9, 7]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(read(63, 1.0, 0.0).unwrap_err().contains("`raw` is 10000 x 63, too small for rest and 1 gestures"));
        assert!(read(64, 5.0, 0.0).unwrap_err().contains("a gesture 5, expected 1 to 4"));
        assert!(read(64, 1.5, 0.0).unwrap_err().contains("a gesture 1.5"));
        assert!(read(64, 1.0, 0.5).unwrap_err().contains("a value 0.5 in row 1001, not a 16-bit count"));
        assert!(read(64, 1.0, 32_768.0).unwrap_err().contains("a value 32768"));
        let error = gestures(Path::new("x.mat"), &[]).unwrap_err().to_string();
        assert!(error.contains("x.mat, byte 0: there is no matrix `raw`"), "{error}");
    }
}
