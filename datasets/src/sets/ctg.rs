//! `ctg`: cardiotocograms of Ayres de Campos et al. 2000, "Cardiotocography" in the UCI repository.
//!
//! 2,126 recordings of the fetal heart rate, each a feature row of 21 numbers that `SisPorto` 2.0 measured, and the
//! state of the fetus on which three obstetricians agreed (`NSP`). The source gives no split: use k folds.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, DataType, Range, Reader, Xls};
use hdc_train::{Dataset, Shape, Values};

use crate::error::DataError;
use crate::folders::read_bytes;
use crate::registry::{File, Info, Loader};
use crate::request::Request;
use crate::verify::digest;

static FILES: [File; 1] = [File {
    path: "ctg/CTG.xls",
    sha256: "8a3791f113843be03fa1a8977488240311dbb7d730ff1a9688f5f870b7302ddc",
    url: Some("https://archive.ics.uci.edu/static/public/193/cardiotocography.zip"),
}];

/// The features, next to each other in the sheet. Some of these names are also those of counts in front of them.
const FEATURES: [&str; 21] = [
    "LB", "AC", "FM", "UC", "DL", "DS", "DP", "ASTV", "MSTV", "ALTV", "MLTV", "Width", "Min", "Max", "Nmax", "Nzeros",
    "Mode", "Mean", "Median", "Variance", "Tendency",
];
const SHEET: &str = "Data";
const LABEL: &str = "NSP";
/// More than is in the file.
const MOST_BYTES: u64 = 1 << 24;

pub(super) const INFO: Info = Info {
    name: "ctg",
    about: "fetal cardiotocograms, 2,126 rows of 21 features, 3 states, no split",
    licence: "CC BY 4.0",
    source: "https://archive.ics.uci.edu/dataset/193/cardiotocography",
    classes: &["normal", "suspect", "pathologic"],
    group: "all",
    parameters: &[],
    folder: "ctg",
    layout: "as CTG.xls",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let path = request.folders.file(request.info.name, FILES[0].path)?;
    // The reader of old Excel files panics on some that are truncated, so it gets none but the published one.
    let (got, expected) = (digest(&path)?, FILES[0].sha256);
    if got != expected {
        return Err(DataError::Checksum { what: path.display().to_string(), expected: expected.into(), got });
    }
    let broken = |error: &dyn std::fmt::Display| DataError::byte(&path, 0, format!("not an Excel 97 file ({error})"));
    let bytes = Cursor::new(read_bytes(&path, MOST_BYTES)?);
    let mut book = Xls::new(bytes).map_err(|error| broken(&error))?;
    let sheet = book.worksheet_range(SHEET).map_err(|error| broken(&error))?;
    let (values, labels) = read(&path, &sheet)?;
    let shape = Shape { steps: 1, channels: FEATURES.len() };
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    let data = Dataset::new(request.spec, shape, Values::F32(values), classes, labels)?;
    Ok(data.with_columns(FEATURES.map(String::from).to_vec())?)
}

/// The features and the labels in a sheet. Rows without a label, such as sums, are no samples.
fn read(path: &Path, sheet: &Range<Data>) -> Result<(Vec<f32>, Vec<usize>), DataError> {
    let first = sheet.start().map_or(0, |(row, _)| u64::from(row));
    let mut rows = (first + 1..).zip(sheet.rows());
    let place = |row: &[Data]| {
        let is = |cell: &Data, name: &str| cell.get_string().is_some_and(|text| text.trim() == name);
        let features = row
            .windows(FEATURES.len())
            .position(|cells| cells.iter().zip(FEATURES).all(|(cell, name)| is(cell, name)))?;
        Some((features, row.iter().position(|cell| is(cell, LABEL))?))
    };
    let Some((features, label)) = rows.find_map(|(_, row)| place(row)) else {
        let problem = format!("sheet `{SHEET}` has no row with {} to {} and `{LABEL}`", FEATURES[0], FEATURES[20]);
        return Err(DataError::line(path, 1, problem));
    };
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for (number, row) in rows.filter(|(_, row)| !row[label].is_empty()) {
        let located = |column: &str, cell: &Data, expected: &str| {
            DataError::cell(path, number, column, format!("`{cell}` is not {expected}"))
        };
        match row[label].as_f64() {
            Some(1.0) => labels.push(0),
            Some(2.0) => labels.push(1),
            Some(3.0) => labels.push(2),
            _ => return Err(located(LABEL, &row[label], "one of 1 to 3")),
        }
        for (cell, name) in row[features..].iter().zip(FEATURES) {
            #[allow(clippy::cast_possible_truncation, reason = "the nearest f32 is wanted")]
            match cell.as_f64().map(|value| value as f32) {
                Some(value) if value.is_finite() => values.push(value),
                _ => return Err(located(name, cell, "a finite number")),
            }
        }
    }
    Ok((values, labels))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;

    /// A sheet with a header in its second row, and these first features and labels below it.
    fn sheet(rows: &[(Data, Data)]) -> Range<Data> {
        let mut sheet = Range::new((0, 0), (rows.len() as u32 + 1, 24));
        let mut names = vec!["AC"];
        names.extend(FEATURES);
        names.push(LABEL);
        for (column, name) in (0..).zip(names) {
            sheet.set_value((1, column), Data::String(format!("{name} ")));
        }
        for (row, (first, label)) in (2..).zip(rows) {
            (2..22).for_each(|column| sheet.set_value((row, column), Data::Float(0.5)));
            sheet.set_value((row, 1), first.clone());
            sheet.set_value((row, 22), label.clone());
        }
        sheet
    }

    #[test]
    fn rows_with_a_label_are_samples() {
        let rows = [
            (Data::Empty, Data::Empty),
            (Data::Float(120.0), Data::Float(2.0)),
            (Data::Int(7), Data::Float(3.0)),
            (Data::Float(1.0), Data::Empty),
        ];
        let (values, labels) = read(Path::new("x.xls"), &sheet(&rows)).unwrap();
        assert_eq!((labels, values.len()), (vec![1, 2], 42));
        assert_eq!([values[0], values[1], values[21]].map(f32::to_bits), [120.0_f32, 0.5, 7.0].map(f32::to_bits));
    }

    #[test]
    fn faults_are_located() {
        let text = || Data::String("x".into());
        for (first, label, part) in [
            (Data::Float(1.0), Data::Float(4.0), "x.xls, line 3, column `NSP`: `4` is not one of 1 to 3"),
            (Data::Float(1.0), text(), "line 3, column `NSP`: `x` is not one of 1 to 3"),
            (text(), Data::Float(1.0), "line 3, column `LB`: `x` is not a finite number"),
            (Data::Float(f64::NAN), Data::Float(1.0), "line 3, column `LB`: `NaN` is not a finite number"),
            (Data::Empty, Data::Float(1.0), "line 3, column `LB`: `` is not a finite number"),
        ] {
            let error = read(Path::new("x.xls"), &sheet(&[(first, label)])).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let error = read(Path::new("x.xls"), &Range::empty()).unwrap_err().to_string();
        assert!(error.contains("sheet `Data` has no row with LB to Tendency and `NSP`"), "{error}");
    }

    #[test]
    fn what_is_no_workbook_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("ctg")).unwrap();
        let magic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        for bytes in [&b""[..], b"no workbook", &magic, &[magic.as_slice(), &[0; 504]].concat()] {
            fs::write(root.path().join(FILES[0].path), bytes).unwrap();
            let folders = Folders(vec![root.path().into()]);
            let error = load(&Request::parse("ctg", &folders).unwrap()).unwrap_err().to_string();
            assert!(error.contains("CTG.xls has SHA-256"), "{error}");
        }
    }
}
