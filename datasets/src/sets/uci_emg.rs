//! `uci-emg`: forearm EMG of Lobov et al. 2018 with a Myo armband, "EMG data for gestures" in the UCI repository.
//!
//! 36 subjects, two series each, six gestures (a seventh by some) of 3 s, each twice a series. A row is a time in ms,
//! 8 channels and a class; 0 is unmarked, and 0 and 7 are left out here. Values are multiples of 1e-5 and become the
//! armband's own counts of -128 to 127. A recording is one run of rows of one class. Series 1 is for training,
//! series 2 for testing.
//!
//! **Rows repeat.** The stamps are about 1 ms apart, but 89 % of rows repeat the row before: the armband delivered
//! about 100 new rows a second. In the 12 subjects measured here a run has 1,052 to 2,690 rows (median 1,679), of
//! which 118 to 311 (median 179) are new.
//!
//! - `uci-emg` keeps every row, so that the literature's window of 200 ms every 100 ms is 200 rows every 100. This
//!   gives 4,283 windows; without the repeats, 200 rows are about 2 s, longer than most runs, and 66 windows remain.
//! - `uci-emg-distinct` drops every row that repeats the one before, before the runs are cut. 20 rows every 10 are then
//!   about the same 200 ms every 100 ms: 4,597 windows with a tenth of the numbers. The rows are not evenly spaced.

use std::path::Path;

use hdc_train::{Part, Recording, Recordings, Values};

use crate::error::DataError;
use crate::folders::{entries, read_text};
use crate::registry::{File, Info, Loader, Parameter};
use crate::request::Request;

const ARCHIVE: &str = "https://archive.ics.uci.edu/static/public/481/emg+data+for+gestures.zip";

macro_rules! file {
    ($name:literal, $sha256:literal) => {
        File { path: concat!("uci-emg-gestures/", $name), sha256: $sha256, url: Some(ARCHIVE) }
    };
}

/// The files of 12 of the 36 subjects: those that could be checked, and are fetched. Others are read all the same.
static FILES: [File; 23] = [
    file!("01/1_raw_data_13-12_22.03.16.txt", "0ac3ab3b5fc845f7b0eaaf11b8e1899fec40fcba1fe80e9e48047afe2a678d86"),
    file!("01/2_raw_data_13-13_22.03.16.txt", "8bb0b279f2140afd16b52f2b93bc495537f5c8b757aaa17ce566431e286f8a44"),
    file!("02/2_raw_data_14-21_22.03.16.txt", "4a85fc242db4eb8002d116d90aa8a72116dfd9840a60b94f5d177e89de019697"),
    file!("03/1_raw_data_09-32_11.04.16.txt", "f31e37bdd31353e91b1089e7a6a49cf68385b0cca93e3fbd5cd3212b15d872f9"),
    file!("03/2_raw_data_09-34_11.04.16.txt", "1372dde703486ebef5def5e6abd7cd20788c4762f6f37877aac344276c60dbed"),
    file!("04/1_raw_data_18-02_24.04.16.txt", "4c01d4bda684832d81e2d785bb0e0df637068e88ceacbdad5f175d1dd177471b"),
    file!("04/2_raw_data_18-03_24.04.16.txt", "88157a3502d7cbd246db6d81d279263c76dab50b231786356c61d0b50f5e9524"),
    file!("05/1_raw_data_10-28_30.03.16.txt", "2defdae18a6d4ca38053c5ae4cff680d31df264e4fcaef9a10172c776b1cb59a"),
    file!("05/2_raw_data_10-29_30.03.16.txt", "2b54287ad7da9a77ee6bfe017a5b8edb28f83844f30d80952f75dc0dd7b809ae"),
    file!("06/1_raw_data_10-38_11.04.16.txt", "b1072368a1305a1cb53c2764d9322e0a3d1c6fe79e15ca804825159bcbb76452"),
    file!("06/2_raw_data_10-40_11.04.16.txt", "d6826e2aa3c54b7c9c2665d857501e2ff066435a1e66eef307a272d4c2d2bd3b"),
    file!("07/1_raw_data_18-48_22.03.16.txt", "facbb90167a97fbd2a0668d761e65d800ac7ce13a8e481548a8bb64d26062758"),
    file!("07/2_raw_data_18-50_22.03.16.txt", "5b1f8089eb97ea765c481c61ae17a03c1d7cbcd38c18254d44aa958841b7b681"),
    file!("08/1_raw_data_12-14_23.03.16.txt", "33e37f49849886302d857d55679ea9dbb19adf475923c1d6e537af7085312a2e"),
    file!("08/2_raw_data_12-16_23.03.16.txt", "55dbff46a4b9c2836cc444463297dadf4c044bf7520300830393debaa8524678"),
    file!("09/1_raw_data_12-41_23.03.16.txt", "ac152766bb768d96fe0c6bc5bef82000dd8c84676421f7b0e7c4a6161041d2d4"),
    file!("09/2_raw_data_12-43_23.03.16.txt", "d50f0ef891bb50473aa05ee1232496ee6420ac692332a62d28410c8e4451b503"),
    file!("10/1_raw_data_11-08_21.03.16.txt", "548bc3eae2383cb2bb2a533fd568d8aac98653afb97a41ff74d3c6bdec52bd44"),
    file!("10/2_raw_data_11-10_21.03.16.txt", "616504a48d9f5a72eb7b08474a5b9e0b557f3fecc8364c5171904e4528e5fc62"),
    file!("12/1_raw_data_11-35_28.03.16.txt", "5e8fd2456656effb29f9a2a74df17ec5d51eb29f2ac63eb8d6557cb40ddbb1dc"),
    file!("12/2_raw_data_11-36_28.03.16.txt", "cccbcad1d492551f84d329f83b5a591645135402beea11a5226d07818a96f052"),
    file!("14/1_raw_data_09-50_15.04.16.txt", "669b539edf2aa4f947af3e109bc8a19ac2275ff84b76f51b3acf1bcca861f755"),
    file!("14/2_raw_data_09-51_15.04.16.txt", "b88d34d421a8520cf71588c9bdf63d1e17e8fcbcd3263cc3a99d7ab518a07bc4"),
];

const SUBJECTS: u8 = 36;
const CHANNELS: usize = 8;
const FOLDER: &str = "uci-emg-gestures";

pub(super) const INFO: Info = Info {
    name: "uci-emg",
    about: "forearm EMG of a Myo armband, 6 gestures, up to 36 subjects, 8 channels, series 1 -> series 2",
    licence: "CC BY 4.0",
    source: "https://archive.ics.uci.edu/dataset/481/emg+data+for+gestures",
    classes: &["rest", "fist", "wrist flexion", "wrist extension", "radial deviation", "ulnar deviation"],
    group: "subject",
    parameters: &[Parameter { key: "subject", values: "1..36" }],
    folder: FOLDER,
    layout: "one folder a subject, 01 to 36, as in the zip",
    files: &FILES,
    loader: Loader::Recordings { window: 200, hop: 100, load: |request| load(request, false) },
};

pub(super) const DISTINCT: Info = Info {
    name: "uci-emg-distinct",
    about: "uci-emg without the 89 % of rows that repeat the row before (about 100 rows a second)",
    loader: Loader::Recordings { window: 20, hop: 10, load: |request| load(request, true) },
    ..INFO
};

fn load(request: &Request<'_>, distinct: bool) -> Result<Recordings, DataError> {
    let root = request.folders.folder(request.info.name, FOLDER)?;
    let mut subjects: Vec<String> = entries(&root)?.into_iter().filter(|name| is_subject(name)).collect();
    if let Some(subject) = request.number("subject", SUBJECTS)? {
        let wanted = format!("{subject:02}");
        subjects.retain(|name| *name == wanted);
        if subjects.is_empty() {
            return Err(missing(request, &wanted));
        }
    }
    let mut list = Vec::new();
    for (group, subject) in subjects.iter().enumerate() {
        let folder = root.join(subject);
        let names = entries(&folder)?;
        let mut any = false;
        for (series, part) in [("1_raw_data", Part::Train), ("2_raw_data", Part::Test)] {
            // `x.txt` sorts before `x.txt.gz`, so the plain file wins where both are there.
            let name = names.iter().find(|name| name.starts_with(series));
            any |= name.is_some();
            if let Some(name) = name.filter(|_| request.reads(part)) {
                let path = folder.join(name);
                let runs = runs(&path, &read_text(&path)?, distinct)?;
                list.extend(runs.into_iter().map(|(class, values)| Recording {
                    values: Values::I16(values),
                    class,
                    group,
                    part: Some(part),
                }));
            }
        }
        if !any {
            return Err(missing(request, subject));
        }
    }
    match request.part {
        _ if subjects.is_empty() => return Err(missing(request, "01")),
        // A subject may have one series only.
        Some(part) if list.is_empty() => return Err(DataError::no_part(request.spec, part)),
        _ => {}
    }
    Ok(request.recordings(CHANNELS, subjects, list))
}

fn is_subject(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn missing(request: &Request<'_>, subject: &str) -> DataError {
    request.folders.not_found(request.info.name, &format!("{FOLDER}/{subject}/1_raw_data_*.txt"))
}

/// The runs of one class in a file, as class index and counts.
fn runs(path: &Path, text: &str, distinct: bool) -> Result<Vec<(usize, Vec<i16>)>, DataError> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).peekable();
    if lines.next_if(|(_, line)| line.starts_with("time")).is_none() {
        return Err(DataError::line(path, 1, "there is no header `time channel1 ... class`"));
    }
    let mut runs: Vec<(usize, Vec<i16>)> = Vec::new();
    let (mut before, mut open) = (None, 0);
    while let Some((number, line)) = lines.next() {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        if fields.len() != CHANNELS + 2 {
            // A recorder that is stopped in the middle of a row leaves a short last one.
            if lines.peek().is_none() {
                break;
            }
            let problem = format!("{} fields, expected time, 8 channels and class", fields.len());
            return Err(DataError::line(path, number, problem));
        }
        let &[_, ref channels @ .., class] = fields.as_slice() else { continue };
        let mut row = [0; CHANNELS];
        for (channel, (count, field)) in row.iter_mut().zip(channels).enumerate() {
            *count = counts(field).ok_or_else(|| {
                let problem = format!("`{field}` is not a multiple of 1e-5 within 16 bits");
                DataError::cell(path, number, &format!("channel{}", channel + 1), problem)
            })?;
        }
        let Ok(class @ 0..=7) = class.parse() else {
            return Err(DataError::cell(path, number, "class", format!("`{class}` is not one of 0 to 7")));
        };
        if distinct && before.replace(row) == Some(row) {
            continue;
        }
        if (1..=6).contains(&class) {
            if class != open {
                runs.push((class - 1, Vec::new()));
            }
            if let Some((_, values)) = runs.last_mut() {
                values.extend(row);
            }
        }
        open = class;
    }
    Ok(runs)
}

/// The armband's count behind a value in the file, which is that count times 1e-5.
fn counts(field: &str) -> Option<i16> {
    let scaled = field.parse::<f64>().ok()? * 1e5;
    let count = scaled.round();
    let exact = (scaled - count).abs() < 1e-6 && (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&count);
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
    exact.then_some(count as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(rows: &[&str], distinct: bool) -> Result<Vec<(usize, Vec<i16>)>, DataError> {
        let text = format!("time\tchannel1\tclass\r\n{}\r\n", rows.join("\r\n"));
        runs(Path::new("x.txt"), &text, distinct)
    }

    fn row(first: &str, class: &str) -> String {
        format!("1\t{first}\t0\t0\t0\t0\t0\t0\t-0.00128\t{class}")
    }

    #[test]
    fn runs_are_cut_after_repeats_are_dropped() {
        let rows = [("1e-05", "0"), ("1e-05", "2"), ("2e-05", "2"), ("2e-05", "2"), ("3e-05", "3"), ("4e-05", "7")];
        let rows: Vec<String> = rows.iter().map(|(first, class)| row(first, class)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let first = |runs: &[(usize, Vec<i16>)]| -> Vec<(usize, Vec<i16>)> {
            runs.iter().map(|(class, values)| (*class, values.iter().copied().step_by(8).collect())).collect()
        };
        assert_eq!(first(&parse(&rows, false).unwrap()), [(1, vec![1, 2, 2]), (2, vec![3])]);
        let distinct = parse(&rows, true).unwrap();
        assert_eq!(first(&distinct), [(1, vec![2]), (2, vec![3])]);
        assert_eq!(distinct[0].1[7], -128);
    }

    #[test]
    fn a_class_that_comes_again_is_another_run() {
        let rows = [row("0", "1"), row("0", "0"), row("0", "1")];
        assert_eq!(parse(&rows.each_ref().map(String::as_str), false).unwrap().len(), 2);
    }

    #[test]
    fn only_the_last_row_may_be_cut_short() {
        let (whole, short) = (row("0", "1"), "2\t0\t0");
        assert_eq!(parse(&[&whole, short], false).unwrap()[0].1.len(), 8);
        let error = parse(&[&whole, short, &whole], false).unwrap_err().to_string();
        assert!(error.contains("line 3: 3 fields"), "{error}");
    }

    #[test]
    fn faults_are_located() {
        for (first, class, part) in [
            ("1.5e-05", "1", "line 2, column `channel1`: `1.5e-05` is not a multiple"),
            ("x", "1", "line 2, column `channel1`: `x`"),
            ("NaN", "1", "line 2, column `channel1`: `NaN`"),
            ("1", "1", "line 2, column `channel1`: `1` is not a multiple of 1e-5 within 16 bits"),
            ("0", "8", "line 2, column `class`: `8` is not one of"),
            ("0", "-1", "line 2, column `class`: `-1` is not one of"),
        ] {
            let error = parse(&[&row(first, class)], false).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(runs(Path::new("x.txt"), "", false).unwrap_err().to_string().contains("no header"));
    }
}
