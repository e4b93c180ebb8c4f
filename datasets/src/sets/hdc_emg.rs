//! `hdc-emg`: forearm EMG of Rahimi et al. 2016, as the windows that the HDCC compiler publishes.
//!
//! Every window is 256 steps of 4 channels, envelope amplitudes rounded to whole numbers of 0 to 20. Train and test
//! windows are a shuffled 70/30 split of the same recording, so neighbours in time are on both sides: accuracies are
//! optimistic, and a result should say so. The files number the classes 0 to 4; 0 is rest (its amplitude is near
//! nothing), and which gesture each of the others is the files do not say, so they stay numbers here.

use std::path::Path;

use hdc_train::{Dataset, Part, Shape};

use crate::error::DataError;
use crate::folders::read_text;
use crate::numbers::Numbers;
use crate::registry::{File, Info, Loader, Parameter};
use crate::request::Request;

macro_rules! file {
    ($name:literal, $sha256:literal) => {
        File {
            path: concat!("hdc-emg/hdcc/patient_", $name),
            sha256: $sha256,
            url: Some(concat!(
                "https://raw.githubusercontent.com/pereverges/hdcc/e2c612041d65d7e9a351598da59e578ba7026ee8",
                "/data/EMG/patient_",
                $name
            )),
        }
    };
}

static FILES: [File; 20] = [
    file!("1_test_data", "53c4107143d353f6b019d216b8fc760852cad7a37bc8f70c2f12d4755f90d49c"),
    file!("1_test_labels", "acd9f8276a59c30b375c9de6a549f6028b3943d49fe83a2404874ce5dbf610c9"),
    file!("1_train_data", "565179877e2d10995fe8fd4f211966e40ba52d75d7ad7c1bb28b5462ef2ea4ff"),
    file!("1_train_labels", "327e5e1f35e55a14e4cdc55a83f8628ac2dffe541f7b271dc01ff930fe2fd82a"),
    file!("2_test_data", "2596570084a561285ce73562d12aec54586a375190d42622737a60c3956b1d4b"),
    file!("2_test_labels", "dc04e81bfd3ca8ebba0a28850ca7b83f5178b1bceaa5478e173f879459577578"),
    file!("2_train_data", "ebb56212bcd67078750ba1ab9bcaad4e3eb69e6b847b7d73a3e4620c3f6ed123"),
    file!("2_train_labels", "3a74c8379e01410477ad07326d1890186310e8e4eee1bb48c7bdc0a3df3496e6"),
    file!("3_test_data", "8b936b88e5aab11fcd3ec2a90d66bd24a6aab7ba6f3c067dd478fca33e39883c"),
    file!("3_test_labels", "6f713ce2846552a2b4c0fc06773fc5539ac2d624ace072cab6b0c5fb3c48066c"),
    file!("3_train_data", "262d66efa448ee02cb2800ce2acbd5e7b841c15e28ffd0790ab41285958ee095"),
    file!("3_train_labels", "2ce733af3fa71d59f21383194d0bcffea452944398bed242d74aa7a9ece47dc1"),
    file!("4_test_data", "62db5f1e3db8a06a6bb4c5dd4963d389d076ec5c88458d9283c401989ab559f8"),
    file!("4_test_labels", "226961a8fcac34b880215a32ba2dc893291536a1ec3ca84e70839a8bd6fe3d98"),
    file!("4_train_data", "6194f9dd124373634979030a70458c76b2a84ae114122b512e32e52bd0729d48"),
    file!("4_train_labels", "06b2762318f9f0cf8098ce3bbc42a66b8b1b916e56d547cdc2df313c8800d008"),
    file!("5_test_data", "fca920d733501daedbd3209590fb61385702f9cf3b3f6ac726225cf83f338c8e"),
    file!("5_test_labels", "e7e18948a110cd0d05f421ce84d3723ca31b0e06c52fd35e903b46cba578a9d3"),
    file!("5_train_data", "fa15d866f9c5cd81801a1ef42d8c8694134f2ea47d9ea6d0b84107978e65ef37"),
    file!("5_train_labels", "3153ef640d5faa6218ccc7c32a16aafa9ff6aed41f8226bfea8fe55506c4c414"),
];

const SUBJECTS: u8 = 5;
const SHAPE: Shape = Shape { steps: 256, channels: 4 };

pub(super) const INFO: Info = Info {
    name: "hdc-emg",
    about: "forearm EMG envelope, 5 gestures, 5 subjects, windows of 256 x 4, shuffled 70/30 split (optimistic)",
    licence: "GPL-3.0 (data of HDC-EMG)",
    source: "https://github.com/abbas-rahimi/HDC-EMG",
    classes: &["rest", "gesture 1", "gesture 2", "gesture 3", "gesture 4"],
    group: "subject",
    parameters: &[Parameter { key: "subject", values: "1..5" }],
    folder: "hdc-emg/hdcc",
    layout: "as patient_1_train_data, patient_1_train_labels and so on",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let subjects = match request.number("subject", SUBJECTS)? {
        Some(subject) => vec![subject],
        None => (1..=SUBJECTS).collect(),
    };
    let (mut numbers, mut labels, mut group_of, mut parts) = (Numbers::new(), Vec::new(), Vec::new(), Vec::new());
    for (group, subject) in subjects.iter().enumerate() {
        for (word, part) in
            [("train", Part::Train), ("test", Part::Test)].into_iter().filter(|side| request.reads(side.1))
        {
            let file = |what: &str| {
                request.folders.file(request.info.name, &format!("hdc-emg/hdcc/patient_{subject}_{word}_{what}"))
            };
            let (data, classes) = (file("data")?, file("labels")?);
            let windows = read_windows(&data, &read_text(&data)?, &mut numbers)?;
            let start = labels.len();
            read_labels(&classes, &read_text(&classes)?, &mut labels)?;
            if labels.len() - start != windows {
                let problem = format!("{} labels for {windows} windows", labels.len() - start);
                return Err(DataError::Pair { train: data, test: classes, problem });
            }
            group_of.resize(labels.len(), group);
            parts.resize(labels.len(), part);
        }
    }
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    let groups = subjects.iter().map(ToString::to_string).collect();
    let data = Dataset::new(request.spec, SHAPE, numbers.finish(), classes, labels)?;
    Ok(data.with_groups(groups, group_of)?.with_parts(parts)?)
}

/// Appends one window a line and returns how many there are.
fn read_windows(path: &Path, text: &str, numbers: &mut Numbers) -> Result<usize, DataError> {
    let mut windows = 0;
    for (line, row) in (1..).zip(text.lines()) {
        let start = numbers.len();
        for field in row.split(',') {
            numbers.push(field.trim()).map_err(|problem| DataError::line(path, line, problem))?;
        }
        if numbers.len() - start != SHAPE.len() {
            let problem =
                format!("{} numbers, expected {} (256 steps x 4 channels)", numbers.len() - start, SHAPE.len());
            return Err(DataError::line(path, line, problem));
        }
        windows += 1;
    }
    Ok(windows)
}

fn read_labels(path: &Path, text: &str, labels: &mut Vec<usize>) -> Result<(), DataError> {
    for (line, word) in (1..).zip(text.lines().map(str::trim)) {
        match word.parse::<usize>() {
            Ok(class) if class < INFO.classes.len() => labels.push(class),
            _ => return Err(DataError::line(path, line, format!("class `{word}` is not one of 0 to 4"))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;

    fn error(data: &str, labels: &str) -> String {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("hdc-emg/hdcc");
        fs::create_dir_all(&folder).unwrap();
        for part in ["train", "test"] {
            fs::write(folder.join(format!("patient_2_{part}_data")), data).unwrap();
            fs::write(folder.join(format!("patient_2_{part}_labels")), labels).unwrap();
        }
        let folders = Folders(vec![root.path().into()]);
        match load(&Request::parse("hdc-emg:subject=2", &folders).unwrap()) {
            Ok(data) => format!("{:?} {:?} {:?}", data.labels(), data.groups(), data.parts()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        let window = vec!["7"; 1024].join(",");
        assert_eq!(error(&window, "4\n"), "[4, 4] [\"2\"] Some([Train, Test])");
        assert!(error(&window, "5").contains("class `5` is not one of 0 to 4"));
        assert!(error(&window, "0\n1\n").contains("2 labels for 1 windows"));
        assert!(error("1,2,3", "0").contains("line 1: 3 numbers, expected 1024"));
        assert!(error("1,x", "0").contains("line 1: `x` is not a number"));
        assert!(error("", "").contains("no samples"));
    }
}
