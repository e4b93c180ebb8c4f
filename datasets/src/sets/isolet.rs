//! `isolet`: spoken names of the letters, Fanty and Cole 1990, as 617 features of -1 to 1.
//!
//! 30 speakers said every letter twice in each of the five parts of the original. `Isolet.mat` of scikit-feature has
//! 1,560 rows, the size of one part, and `isolet_test.choir_dat` of `OpenHD` is the official test part ISOLET5, of
//! which one `M` is missing. **This is a quarter of the official training data**, so accuracies are not comparable with
//! published ones.

use std::path::Path;

use hdc_train::{Dataset, Part, Shape, Values};

use crate::error::DataError;
use crate::folders::read_bytes;
use crate::mat::read_mat;
use crate::registry::{File, Info, Loader};
use crate::request::Request;

static FILES: [File; 2] = [
    File {
        path: "isolet/Isolet.mat",
        sha256: "ea73c69b1342a7def8199458e53a70307a83d557eceb2579863dda57c3ccd2b1",
        url: Some(concat!(
            "https://raw.githubusercontent.com/jundongl/scikit-feature/25ed50df6a9e724568121c607adfb6c9f6810bef",
            "/PyFeaST/data/Isolet.mat"
        )),
    },
    File {
        path: "isolet/isolet_test.choir_dat",
        sha256: "2dafca6b7f8356bf24cdfd119df03fc298d0912f020300a0e412c1b1a2971501",
        url: Some(concat!(
            "https://raw.githubusercontent.com/UCSD-SEELab/openhd/318a7cf06469b665eab3a4983ea8b28e12bafd19",
            "/examples/dataset/isolet_test.choir_dat"
        )),
    },
];

const SHAPE: Shape = Shape { steps: 1, channels: 617 };
/// More than is in either file.
const MOST_BYTES: u64 = 1 << 26;

pub(super) const INFO: Info = Info {
    name: "isolet",
    about: "spoken letters, 617 features, 1,560 train rows (a quarter of the official ones) and the official 1,559 test rows",
    licence: "CC BY 4.0",
    source: "https://archive.ics.uci.edu/dataset/54/isolet",
    classes: &[
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V",
        "W", "X", "Y", "Z",
    ],
    group: "all",
    parameters: &[],
    folder: "isolet",
    layout: "as Isolet.mat and isolet_test.choir_dat",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    let file = |index: usize| request.folders.file(request.info.name, FILES[index].path);
    if request.reads(Part::Train) {
        read_train(&file(0)?, &mut values, &mut labels)?;
    }
    let mut parts = vec![Part::Train; labels.len()];
    if request.reads(Part::Test) {
        read_test(&file(1)?, &mut values, &mut labels)?;
    }
    parts.resize(labels.len(), Part::Test);
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    Ok(Dataset::new(request.spec, SHAPE, Values::F32(values), classes, labels)?.with_parts(parts)?)
}

/// A row of `X` is a sample, and the row of `Y` has its letter, from 1.
fn read_train(path: &Path, values: &mut Vec<f32>, labels: &mut Vec<usize>) -> Result<(), DataError> {
    let wrong = |problem: String| DataError::byte(path, 128, problem);
    let matrices = read_mat(path)?;
    let find = |name: &str| matrices.iter().find(|matrix| matrix.name == name);
    let (Some(x), Some(y)) = (find("X"), find("Y")) else {
        return Err(wrong("there are no matrices `X` and `Y`".into()));
    };
    if x.columns != SHAPE.channels || (y.rows, y.columns) != (x.rows, 1) {
        let problem = format!(
            "`X` is {} x {} and `Y` is {} x {}, expected n x 617 and n x 1",
            x.rows, x.columns, y.rows, y.columns
        );
        return Err(wrong(problem));
    }
    for (row, letter) in y.row(0).chain((1..y.rows).flat_map(|row| y.row(row))).enumerate() {
        let class =
            INFO.classes.iter().zip(1_u8..).position(|(_, number)| f64::from(number).total_cmp(&letter).is_eq());
        labels.push(class.ok_or_else(|| wrong(format!("row {} of `Y` is {letter}, not one of 1 to 26", row + 1)))?);
        for (column, value) in x.row(row).enumerate() {
            values.push(feature(value).ok_or_else(|| {
                wrong(format!("row {}, column {} of `X` is {value}, not within -1 to 1", row + 1, column + 1))
            })?);
        }
    }
    Ok(())
}

/// Features and classes as numbers, then a row of features and its class, from 0, after the other.
fn read_test(path: &Path, values: &mut Vec<f32>, labels: &mut Vec<usize>) -> Result<(), DataError> {
    let bytes = read_bytes(path, MOST_BYTES)?;
    let (words, rest) = bytes.as_chunks::<4>();
    let header = words.iter().take(2).map(|word| u32::from_le_bytes(*word));
    if !header.eq([617, 26]) {
        return Err(DataError::byte(path, 0, "it does not begin with 617 features and 26 classes"));
    }
    let rows = words[2..].chunks_exact(SHAPE.channels + 1);
    if !rest.is_empty() || !rows.remainder().is_empty() {
        let at = bytes.len() - rest.len() - 4 * rows.remainder().len();
        return Err(DataError::byte(path, at, "the last row is not whole: 617 features and a class have 2,472 bytes"));
    }
    for (row, words) in rows.enumerate() {
        let at = |word: usize| 8 + 4 * (row * (SHAPE.channels + 1) + word);
        let (features, class) = words.split_at(SHAPE.channels);
        for (index, word) in features.iter().enumerate() {
            let value = f32::from_le_bytes(*word);
            values.push(feature(value.into()).ok_or_else(|| {
                DataError::byte(path, at(index), format!("feature {} is {value}, not within -1 to 1", index + 1))
            })?);
        }
        let class = u32::from_le_bytes(class[0]);
        if class as usize >= INFO.classes.len() {
            return Err(DataError::byte(path, at(SHAPE.channels), format!("class {class} is not one of 0 to 25")));
        }
        labels.push(class as usize);
    }
    Ok(())
}

fn feature(value: f64) -> Option<f32> {
    (-1.0..=1.0).contains(&value).then_some(value as f32)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;
    use crate::mat::tests::mat;

    fn row(first: f32, class: u32) -> Vec<u8> {
        let features = [first].into_iter().chain([0.25; 616]).flat_map(f32::to_le_bytes);
        features.chain(class.to_le_bytes()).collect()
    }

    fn test(rows: &[(f32, u32)]) -> Vec<u8> {
        let header = [617_u32, 26].into_iter().flat_map(u32::to_le_bytes);
        header.chain(rows.iter().flat_map(|&(first, class)| row(first, class))).collect()
    }

    /// Two training rows that begin with -1 and `second`.
    fn train(second: f64, letters: &[f64]) -> Vec<u8> {
        let x: Vec<f64> = [-1.0, second].into_iter().chain([0.5; 2 * 616]).collect();
        mat(&[(b'X', 2, 617, &x), (b'Y', letters.len() as u32, 1, letters)])
    }

    fn read(train: &[u8], test: &[u8]) -> Result<Dataset, DataError> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("isolet")).unwrap();
        fs::write(root.path().join(FILES[0].path), train).unwrap();
        fs::write(root.path().join(FILES[1].path), test).unwrap();
        load(&Request::parse("isolet", &Folders(vec![root.path().into()])).unwrap())
    }

    #[test]
    fn rows_and_letters_are_read() {
        let data = read(&train(0.75, &[1.0, 26.0]), &test(&[(1.0, 25)])).unwrap();
        assert_eq!(data.labels(), [0, 25, 25]);
        assert_eq!(data.parts(), Some(&[Part::Train, Part::Train, Part::Test][..]));
        let Values::F32(values) = data.values() else { panic!("reals") };
        let firsts = [values[0], values[616], values[617], values[618], values[2 * 617]];
        assert_eq!(firsts.map(f32::to_bits), [-1.0_f32, 0.5, 0.75, 0.5, 1.0].map(f32::to_bits));
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        let (good, rest) = (train(0.5, &[1.0, 2.0]), test(&[(0.0, 0), (0.0, 1)]));
        let extra = [rest.clone(), vec![0; 3]].concat();
        for (train, test, part) in [
            (&good[..100], &rest[..], "Isolet.mat, byte 0: it does not begin as"),
            (&good[..200], &rest, "Isolet.mat, byte 128: an element"),
            (&good[..128], &rest, "no matrices `X` and `Y`"),
            (&train(0.5, &[0.0, 1.0]), &rest, "row 1 of `Y` is 0, not one of 1 to 26"),
            (&train(0.5, &[1.0, 1.5]), &rest, "row 2 of `Y` is 1.5, not one of 1 to 26"),
            (&train(0.5, &[1.0]), &rest, "`X` is 2 x 617 and `Y` is 1 x 1, expected"),
            (&train(f64::NAN, &[1.0, 2.0]), &rest, "row 2, column 1 of `X` is NaN"),
            (&good, &rest[..0], "choir_dat, byte 0: it does not begin with 617"),
            (&good, &rest[4..], "choir_dat, byte 0: it does not begin with 617"),
            (&good, &rest[..rest.len() - 1], "choir_dat, byte 2480: the last row is not whole"),
            (&good, &extra, "choir_dat, byte 4952: the last row is not whole"),
            (&good, &self::test(&[(0.0, 0), (2.0, 0)]), "choir_dat, byte 2480: feature 1 is 2"),
            (&good, &self::test(&[(0.0, 26)]), "choir_dat, byte 2476: class 26 is not one of 0 to 25"),
        ] {
            let error = read(train, test).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
