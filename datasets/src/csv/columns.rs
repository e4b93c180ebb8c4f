//! What the columns of a table are for.

use std::path::Path;

use crate::error::DataError;

pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) label: usize,
    pub(super) split: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) series: Option<usize>,
    pub(super) features: Vec<usize>,
}

impl Columns {
    /// The names of the features, in order.
    pub(super) fn feature_names(&self) -> Vec<String> {
        self.features.iter().map(|&column| self.names[column].clone()).collect()
    }

    /// Finds the columns in `header`. The series column may be any, also `group` or `label`.
    pub(super) fn new(path: &Path, header: &::csv::StringRecord, series: Option<&str>) -> Result<Self, DataError> {
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        if names.is_empty() {
            return Err(DataError::Empty { path: path.into(), problem: "is empty: start it with a header row" });
        }
        for (column, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(DataError::line(path, 1, format!("column {} has no name: give it one", column + 1)));
            }
            if names[..column].contains(name) {
                return Err(DataError::DuplicateColumn { path: path.into(), column: name.clone() });
            }
        }
        let find = |name: &str| names.iter().position(|column| column == name);
        let needed = |name: &str| {
            let columns = names.join(", ");
            find(name).ok_or_else(|| DataError::MissingColumn { path: path.into(), column: name.into(), columns })
        };
        let (label, split, group) = (needed("label")?, find("split"), find("group"));
        let series = series.map(needed).transpose()?;
        let marks = [Some(label), split, group, series];
        let features: Vec<usize> = (0..names.len()).filter(|&column| !marks.contains(&Some(column))).collect();
        if features.is_empty() {
            return Err(DataError::Empty { path: path.into(), problem: "has no feature columns: add one at least" });
        }
        Ok(Self { names, label, split, group, series, features })
    }
}
