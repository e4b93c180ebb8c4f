//! Labelled samples: feature rows and windows of a sensor stream.

use std::ops::Range;

use crate::values::{Sample, Values};

mod error;

pub use error::DatasetError;

/// The shape of one sample: `steps` time steps of `channels` numbers. A feature row has one step. Of sequences, whose
/// lengths differ, it is the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Time steps in a window; 1 for feature rows.
    pub steps: usize,
    /// Sensor channels or features in a step.
    pub channels: usize,
}

impl Shape {
    /// Numbers in one sample.
    pub fn len(self) -> usize {
        self.steps * self.channels
    }

    /// Whether a sample has no numbers.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// Which side of a split the source itself assigns a sample to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// For fitting.
    Train,
    /// For the final measurement only.
    Test,
}

/// `n` labelled samples, each with a class, a group (subject, session) and, where the source gives one, a [`Part`].
///
/// They are feature rows or windows of one [`Shape`], or sequences of different lengths, such as texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    name: String,
    shape: Shape,
    columns: Vec<String>,
    values: Values,
    /// Of sequences, where each ends in the values.
    ends: Option<Vec<usize>>,
    classes: Vec<String>,
    labels: Vec<usize>,
    groups: Vec<String>,
    group_of: Vec<usize>,
    parts: Option<Vec<Part>>,
}

impl Dataset {
    /// A data set from `values` (`n x steps x channels`, row-major), the names of the classes and one
    /// class index a sample. All samples are in one group and have no [`Part`].
    ///
    /// # Errors
    /// If there are no samples, a value is not finite, or the lengths do not fit.
    pub fn new(
        name: impl Into<String>,
        shape: Shape,
        values: Values,
        classes: Vec<String>,
        labels: Vec<usize>,
    ) -> Result<Self, DatasetError> {
        let name = name.into();
        if labels.is_empty() || shape.is_empty() {
            return Err(DatasetError::Empty { name });
        }
        if values.len() != labels.len() * shape.len() {
            return Err(DatasetError::Ragged {
                samples: labels.len(),
                steps: shape.steps,
                channels: shape.channels,
                expected: labels.len() * shape.len(),
                got: values.len(),
            });
        }
        if let (Some(at), Values::F32(numbers)) = (values.first_not_finite(), &values) {
            return Err(DatasetError::NotFinite {
                sample: at / shape.len(),
                step: at % shape.len() / shape.channels,
                channel: at % shape.channels,
                value: numbers[at],
            });
        }
        check_indices("class", &labels, classes.len())?;
        let group_of = vec![0; labels.len()];
        let (columns, groups) = (Vec::new(), vec!["all".into()]);
        Ok(Self { name, shape, columns, values, ends: None, classes, labels, groups, group_of, parts: None })
    }

    /// A data set of sequences from `values` (`channels` numbers a step, one sequence after the other), the steps of each,
    /// the names of the classes and one class index a sequence. A text is a sequence of one channel: see
    /// [`Encoding::symbols`](crate::Encoding::symbols).
    ///
    /// # Errors
    /// As [`new`](Self::new), or if a sequence is empty.
    pub fn sequences(
        name: impl Into<String>,
        channels: usize,
        values: Values,
        steps: &[usize],
        classes: Vec<String>,
        labels: Vec<usize>,
    ) -> Result<Self, DatasetError> {
        let name = name.into();
        if steps.len() != labels.len() {
            return Err(DatasetError::Length { what: "lengths", expected: labels.len(), got: steps.len() });
        }
        if let Some(sample) = steps.iter().position(|&steps| steps == 0) {
            return Err(DatasetError::NoSteps { sample });
        }
        let (longest, all) = (steps.iter().max().copied().unwrap_or(0), steps.iter().sum());
        // All steps of all sequences are one row of samples to what checks them.
        let one = Shape { steps: all, channels };
        let data = Self::new(name, one, values, classes, labels.first().copied().into_iter().collect())?;
        check_indices("class", &labels, data.classes.len())?;
        let ends = steps.iter().scan(0, |end, steps| {
            *end += steps * channels;
            Some(*end)
        });
        let (ends, group_of) = (Some(ends.collect()), vec![0; labels.len()]);
        Ok(Self { shape: Shape { steps: longest, channels }, ends, labels, group_of, ..data })
    }

    /// The same samples with the names of their channels or features. A model remembers them (as a
    /// checksum), so that samples with other columns, or in another order, are refused.
    ///
    /// # Errors
    /// If there is not one name a channel.
    pub fn with_columns(mut self, columns: Vec<String>) -> Result<Self, DatasetError> {
        if columns.len() != self.shape.channels {
            let (expected, got) = (self.shape.channels, columns.len());
            return Err(DatasetError::Columns { expected, got });
        }
        self.columns = columns;
        Ok(self)
    }

    /// The same samples with groups (subjects, sessions): names, and one group index a sample.
    ///
    /// # Errors
    /// If the lengths do not fit or an index names no group.
    pub fn with_groups(mut self, groups: Vec<String>, group_of: Vec<usize>) -> Result<Self, DatasetError> {
        self.check_length("groups", group_of.len())?;
        check_indices("group", &group_of, groups.len())?;
        (self.groups, self.group_of) = (groups, group_of);
        Ok(self)
    }

    /// The same samples with the source's own split: one part a sample.
    ///
    /// # Errors
    /// If there is not one part a sample.
    pub fn with_parts(mut self, parts: Vec<Part>) -> Result<Self, DatasetError> {
        self.check_length("parts", parts.len())?;
        self.parts = Some(parts);
        Ok(self)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many samples there are, at least one.
    #[allow(clippy::len_without_is_empty, reason = "a data set is never empty")]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The shape of every sample, or of the longest sequence.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether the samples are sequences, whose lengths differ.
    pub fn is_sequences(&self) -> bool {
        self.ends.is_some()
    }

    /// How many symbols there are, if the samples can be sequences of symbols: of one channel of integers from 0 to 1,023.
    pub fn symbols(&self) -> Option<usize> {
        let Values::I16(values) = &self.values else { return None };
        let most = usize::try_from(*values.iter().max()?).ok()?;
        let fits =
            self.is_sequences() && self.shape.channels == 1 && most < 1024 && values.iter().all(|&value| value >= 0);
        fits.then_some(most + 1)
    }

    /// The steps of sample `index`.
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn steps(&self, index: usize) -> usize {
        self.range(index).len() / self.shape.channels
    }

    /// The steps of the shortest sample.
    pub fn least_steps(&self) -> usize {
        if self.is_sequences() {
            (0..self.len()).map(|index| self.steps(index)).min().unwrap_or(0)
        } else {
            self.shape.steps
        }
    }

    /// Where the values of sample `index` are.
    fn range(&self, index: usize) -> Range<usize> {
        let length = self.shape.len();
        match &self.ends {
            Some(ends) => index.checked_sub(1).map_or(0, |before| ends[before])..ends[index],
            None => index * length..(index + 1) * length,
        }
    }

    /// The names of the channels or features; empty if they have none.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All values, `n x steps x channels`, or of one sequence after the other.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The values of sample `index`, `steps x channels`.
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn sample(&self, index: usize) -> Sample<'_> {
        self.values.slice(self.range(index))
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The class of every sample.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The names of the groups.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The group of every sample.
    pub fn group_of(&self) -> &[usize] {
        &self.group_of
    }

    /// The source's own split, where it has one.
    pub fn parts(&self) -> Option<&[Part]> {
        self.parts.as_deref()
    }

    /// The samples at `indices`, in that order, with all class and group names kept.
    ///
    /// # Errors
    /// If `indices` is empty.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn subset(&self, indices: &[usize]) -> Result<Self, DatasetError> {
        if indices.is_empty() {
            return Err(DatasetError::Empty { name: self.name.clone() });
        }
        let mut values = self.values.empty_like();
        let mut ends = Vec::new();
        for &index in indices {
            values.extend(self.sample(index));
            ends.push(values.len());
        }
        Ok(Self {
            name: self.name.clone(),
            shape: self.shape,
            columns: self.columns.clone(),
            values,
            ends: self.ends.as_ref().map(|_| ends),
            classes: self.classes.clone(),
            labels: indices.iter().map(|&index| self.labels[index]).collect(),
            groups: self.groups.clone(),
            group_of: indices.iter().map(|&index| self.group_of[index]).collect(),
            parts: self.parts.as_ref().map(|parts| indices.iter().map(|&index| parts[index]).collect()),
        })
    }

    /// As [`subset`](Self::subset), in the memory of the whole where the indices rise: for sets that fill it.
    ///
    /// # Errors
    /// If `indices` is empty.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn into_subset(mut self, indices: &[usize]) -> Result<Self, DatasetError> {
        if indices.is_empty() || self.ends.is_some() || !indices.is_sorted_by(|a, b| a < b) {
            return self.subset(indices);
        }
        let length = self.shape.len();
        self.values.keep(indices.iter().map(|&index| index * length..(index + 1) * length));
        self.labels = indices.iter().map(|&index| self.labels[index]).collect();
        self.group_of = indices.iter().map(|&index| self.group_of[index]).collect();
        self.parts = self.parts.map(|parts| indices.iter().map(|&index| parts[index]).collect());
        Ok(self)
    }

    /// A sample of each class, a longest and a shortest one: what models of it can be sketched from.
    pub(crate) fn few(&self) -> Result<Self, DatasetError> {
        let all = || 0..self.len();
        let first = |class: usize| self.labels.iter().position(|&label| label == class);
        let mut few: Vec<usize> = (0..self.classes.len()).filter_map(first).collect();
        few.extend(all().max_by_key(|&sample| self.steps(sample)));
        few.extend(all().min_by_key(|&sample| self.steps(sample)));
        few.sort_unstable();
        few.dedup();
        self.subset(&few)
    }

    /// The values, which stay as many.
    pub(crate) fn values_mut(&mut self) -> &mut Values {
        &mut self.values
    }

    /// The same samples with other values, as many.
    pub(crate) fn with_values(mut self, values: Values) -> Self {
        assert_eq!(self.values.len(), values.len(), "as many values");
        self.values = values;
        self
    }

    /// The same samples with values of another shape.
    pub(crate) fn with_shape(&self, shape: Shape, values: Values) -> Self {
        assert_eq!(values.len(), self.len() * shape.len(), "values of all samples");
        Self {
            name: self.name.clone(),
            shape,
            columns: self.columns.clone(),
            values,
            ends: None,
            classes: self.classes.clone(),
            labels: self.labels.clone(),
            groups: self.groups.clone(),
            group_of: self.group_of.clone(),
            parts: self.parts.clone(),
        }
    }

    fn check_length(&self, what: &'static str, got: usize) -> Result<(), DatasetError> {
        if got == self.len() { Ok(()) } else { Err(DatasetError::Length { what, expected: self.len(), got }) }
    }
}

fn check_indices(what: &'static str, indices: &[usize], names: usize) -> Result<(), DatasetError> {
    match indices.iter().position(|&index| index >= names) {
        Some(sample) => Err(DatasetError::OutOfRange { what, sample, expected: names, got: indices[sample] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
