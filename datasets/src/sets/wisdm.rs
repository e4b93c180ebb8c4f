//! `wisdm`: activities of 36 users with a phone in the pocket, Kwapisz et al. 2010, transformed to 43 features.
//!
//! A sample is 10 s of an accelerometer at 20 Hz. The features are three histograms of 10 bins, means, the times
//! between peaks, mean and standard deviations of the axes, and the mean length of the acceleration; the mean of x is
//! 0 throughout. The numbers of row and user are left out. Users 1 to 24 are for training, 25 to 36 for testing; the
//! source has no split.
//!
//! The times between peaks are missing (`?`) where there are too few peaks. **A missing value is the median of its
//! column over the rows of users 1 to 24 that have one**, in train and test rows alike.

use std::path::Path;

use hdc_train::{Dataset, Part, Shape, Values};

use crate::error::DataError;
use crate::folders::read_text;
use crate::registry::{File, Info, Loader};
use crate::request::Request;

static FILES: [File; 1] = [File {
    path: "wisdm-transformed/WISDM_ar_v1.1_transformed.arff",
    sha256: "8cb3fbbad6398ac4b817cc7b98f387efa89ac24b26d1270a5e7a1049a8f9c31a",
    url: Some(concat!(
        "https://raw.githubusercontent.com/bhumeshchopda/WISDM_Challenge/f8a548f9ba6685c50545066521ee68be1723692d",
        "/WISDM_ar_v1.1_transformed.arff"
    )),
}];

const USERS: usize = 36;
const TRAIN_USERS: usize = 24;
const SHAPE: Shape = Shape { steps: 1, channels: 43 };
/// Row, user, features and class.
const FIELDS: usize = SHAPE.channels + 3;

pub(super) const INFO: Info = Info {
    name: "wisdm",
    about: "phone accelerometer, 6 activities, 36 users, 43 features of 10 s, users 1 to 24 -> users 25 to 36",
    licence: "none stated; the source asks to cite Kwapisz et al. 2010",
    source: "https://www.cis.fordham.edu/wisdm/dataset.php",
    classes: &["Walking", "Jogging", "Upstairs", "Downstairs", "Sitting", "Standing"],
    group: "subject",
    parameters: &[],
    folder: "wisdm-transformed",
    layout: "as WISDM_ar_v1.1_transformed.arff",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let path = request.folders.file(request.info.name, FILES[0].path)?;
    // The median of the training users is that of test rows too.
    let table = Table::read(&path, &read_text(&path)?, request.reads(Part::Test))?;
    let values = table.filled(&path)?;
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    let parts = table.users.iter().map(|&user| if user < TRAIN_USERS { Part::Train } else { Part::Test }).collect();
    let users = (1..=USERS).map(|user| user.to_string()).collect();
    let data = Dataset::new(request.spec, SHAPE, Values::F32(values), classes, table.labels)?;
    let data = data.with_columns(table.columns)?.with_groups(users, table.users)?.with_parts(parts)?;
    if request.reads(Part::Train) {
        return Ok(data);
    }
    let test: Vec<usize> = (0..data.len()).filter(|&row| data.group_of()[row] >= TRAIN_USERS).collect();
    if test.is_empty() { Err(DataError::no_part(request.spec, Part::Test)) } else { Ok(data.subset(&test)?) }
}

#[derive(Default)]
struct Table {
    columns: Vec<String>,
    /// Row by row, nothing where a value is missing.
    values: Vec<Option<f32>>,
    /// Index of the user of each row.
    users: Vec<usize>,
    labels: Vec<usize>,
}

impl Table {
    /// The rows of all users, or of those that train only.
    fn read(path: &Path, text: &str, all: bool) -> Result<Self, DataError> {
        let mut table = Self::default();
        let mut lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
        let mut names = Vec::new();
        loop {
            let Some((number, line)) = lines.next() else {
                return Err(DataError::line(path, 1, "there is no line `@data`"));
            };
            if let Some(attribute) = line.strip_prefix("@attribute") {
                names.extend(attribute.split_ascii_whitespace().next().map(|name| name.trim_matches('"').to_owned()));
            } else if line == "@data" {
                let [_, user, columns @ .., class] = names.as_slice() else {
                    return Err(DataError::line(path, number, "there are no attributes"));
                };
                if columns.len() != SHAPE.channels || user != "user" || class != "class" {
                    let problem = "the attributes are not a number, `user`, 43 features and `class`";
                    return Err(DataError::line(path, number, problem));
                }
                table.columns = columns.to_vec();
                break;
            }
        }
        for (number, line) in lines {
            let user = line.split(',').nth(1).and_then(|user| user.trim().parse::<usize>().ok());
            if all || user.is_none_or(|user| user <= TRAIN_USERS) {
                table.push(path, number, line)?;
            }
        }
        Ok(table)
    }

    fn push(&mut self, path: &Path, number: u64, line: &str) -> Result<(), DataError> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [_, user, features @ .., class] = fields.as_slice() else {
            return Err(DataError::line(path, number, format!("{} fields, expected {FIELDS}", fields.len())));
        };
        if features.len() != SHAPE.channels {
            return Err(DataError::line(path, number, format!("{} fields, expected {FIELDS}", fields.len())));
        }
        match user.parse::<usize>() {
            Ok(user @ 1..=USERS) => self.users.push(user - 1),
            _ => return Err(DataError::cell(path, number, "user", format!("`{user}` is not one of 1 to 36"))),
        }
        for (field, column) in features.iter().zip(&self.columns) {
            let value = match (*field, field.parse::<f32>()) {
                ("?", _) => None,
                (_, Ok(value)) if value.is_finite() => Some(value),
                _ => {
                    let problem = format!("`{field}` is not a finite number, nor `?` for a missing one");
                    return Err(DataError::cell(path, number, column, problem));
                }
            };
            self.values.push(value);
        }
        let index = INFO.classes.iter().position(|name| name == class);
        self.labels.push(index.ok_or_else(|| {
            DataError::cell(path, number, "class", format!("`{class}` is not one of {}", INFO.classes.join(", ")))
        })?);
        Ok(())
    }

    /// All values, with the medians of the training users where one is missing.
    fn filled(&self, path: &Path) -> Result<Vec<f32>, DataError> {
        let train: Vec<&[Option<f32>]> = self
            .values
            .chunks_exact(SHAPE.channels)
            .zip(&self.users)
            .filter(|&(_, &user)| user < TRAIN_USERS)
            .map(|(row, _)| row)
            .collect();
        let medians: Vec<Option<f32>> =
            (0..SHAPE.channels).map(|column| median(train.iter().filter_map(|row| row[column]).collect())).collect();
        let values = self.values.chunks_exact(SHAPE.channels).flat_map(|row| row.iter().zip(&medians).enumerate());
        values
            .map(|(column, (value, median))| {
                let problem = "is missing, and users 1 to 24 have none to replace it by";
                let located = || DataError::line(path, 1, format!("a value of `{}` {problem}", self.columns[column]));
                value.or(*median).ok_or_else(located)
            })
            .collect()
    }
}

/// The middle one of `values`, or the mean of the middle two; nothing if there are none.
fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(f32::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;

    fn header() -> String {
        let features: String = (0..43).map(|index| format!("@attribute \"F{index}\" numeric\n")).collect();
        format!("@relation x\n\n@attribute \"ID\" numeric\n@attribute \"user\" \n{features}@attribute class\n\n@data\n")
    }

    /// Rows of user, first feature and class.
    fn rows(rows: &[(&str, &str, &str)]) -> String {
        let zeros = ",0.5".repeat(42);
        rows.iter().map(|(user, first, class)| format!("7,{user},{first}{zeros},{class}\n")).collect()
    }

    fn read(text: &str) -> Result<Dataset, DataError> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("wisdm-transformed")).unwrap();
        fs::write(root.path().join(FILES[0].path), text).unwrap();
        load(&Request::parse("wisdm", &Folders(vec![root.path().into()])).unwrap())
    }

    #[test]
    fn a_missing_value_is_the_median_of_the_training_users() {
        let list = [
            ("1", "1", "Walking"),
            ("24", "4", "Jogging"),
            ("2", "?", "Upstairs"),
            ("25", "?", "Sitting"),
            ("36", "100", "Standing"),
        ];
        let data = read(&(header() + &rows(&list))).unwrap();
        let Values::F32(values) = data.values() else { panic!("reals") };
        let firsts: Vec<u32> = values.iter().step_by(43).map(|value| value.to_bits()).collect();
        assert_eq!(firsts, [1.0_f32, 4.0, 2.5, 2.5, 100.0].map(f32::to_bits));
        assert_eq!((data.labels(), data.group_of()), (&[0, 1, 2, 4, 5][..], &[0, 23, 1, 24, 35][..]));
        let (train, test) = (Part::Train, Part::Test);
        assert_eq!(data.parts(), Some(&[train, train, train, test, test][..]));
        assert_eq!((data.columns()[0].as_str(), data.columns()[42].as_str()), ("F0", "F42"));
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn rows_of_the_test_users_are_read_only_if_they_are_wanted() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("wisdm-transformed")).unwrap();
        let write = |first, class| {
            let list = [("1", "1", "Walking"), ("24", "3", "Jogging"), ("25", first, class)];
            fs::write(root.path().join(FILES[0].path), header() + &rows(&list)).unwrap();
        };
        let folders = Folders(vec![root.path().into()]);
        let read = |part| {
            let mut request = Request::parse("wisdm", &folders).unwrap();
            request.part = part;
            load(&request)
        };
        write("nonsense", "nonsense");
        assert_eq!(read(Some(Part::Train)).unwrap().labels(), [0, 1]);
        assert!(read(None).is_err() && read(Some(Part::Test)).is_err());
        write("?", "Sitting");
        let test = read(Some(Part::Test)).unwrap();
        assert_eq!((test.labels(), test.parts()), (&[4][..], Some(&[Part::Test][..])));
        let Values::F32(values) = test.values() else { panic!("reals") };
        assert_eq!(values[0].to_bits(), 2.0_f32.to_bits());
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        let good = header();
        for (text, part) in [
            (String::new(), "line 1: there is no line `@data`"),
            ("@data\n".into(), "line 1: there are no attributes"),
            (good.replace("@attribute \"F3\" numeric\n", ""), "line 49: the attributes are not a number, `user`, 43"),
            (good.replace("\"user\"", "\"who\""), "the attributes are not a number, `user`"),
            (good.clone(), "no samples"),
            (good.clone() + "1,2\n", "line 51: 2 fields, expected 46"),
            (good.clone() + "1\n", "line 51: 1 fields, expected 46"),
            (good.clone() + rows(&[("1", "1,1", "Walking")]).as_str(), "line 51: 47 fields, expected 46"),
            (good.clone() + rows(&[("37", "1", "Walking")]).as_str(), "line 51, column `user`: `37` is not one of"),
            (good.clone() + rows(&[("1", "inf", "Walking")]).as_str(), "line 51, column `F0`: `inf` is not a finite"),
            (good.clone() + rows(&[("1", "1", "Flying")]).as_str(), "line 51, column `class`: `Flying` is not one of"),
            (good.clone() + rows(&[("1", "?", "Walking")]).as_str(), "a value of `F0` is missing, and users 1 to 24"),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
