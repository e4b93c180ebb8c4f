//! Recordings of any length, cut into windows.

use crate::dataset::{Dataset, DatasetError, Part, Shape};
use crate::values::Values;

/// A stretch of a sensor stream in which one class was performed.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// `steps x channels` numbers, time-major.
    pub values: Values,
    /// Index of the class.
    pub class: usize,
    /// Index of the group (subject, session).
    pub group: usize,
    /// The side of the source's own split, if it has one.
    pub part: Option<Part>,
}

/// Recordings with the same channels, classes and groups, still to be cut into windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Recordings {
    /// What the data set is called.
    pub name: String,
    /// Channels in every time step.
    pub channels: usize,
    /// The names of the channels; empty if they have none.
    pub columns: Vec<String>,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// The recordings, in the order of the source.
    pub list: Vec<Recording>,
}

impl Recordings {
    /// Cuts every recording into windows of `window` steps that start every `hop` steps. A window never
    /// crosses from one recording into the next; what is left at a recording's end is dropped.
    ///
    /// The parts are kept if every recording has one.
    ///
    /// # Errors
    /// If `window` or `hop` is 0, no recording is long enough, a recording does not have whole steps, or
    /// value types are mixed.
    pub fn windows(&self, window: usize, hop: usize) -> Result<Dataset, DatasetError> {
        if window == 0 || hop == 0 {
            return Err(DatasetError::Windowing { window, hop });
        }
        let (mut labels, mut group_of, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = self.list.first().map_or(Values::I16(Vec::new()), |first| first.values.empty_like());
        for (index, recording) in self.list.iter().enumerate() {
            let steps = recording.values.len() / self.channels.max(1);
            if steps * self.channels != recording.values.len() {
                return Err(DatasetError::Ragged {
                    samples: 1,
                    steps: steps + 1,
                    channels: self.channels,
                    expected: (steps + 1) * self.channels,
                    got: recording.values.len(),
                });
            }
            for start in (0..(steps + 1).saturating_sub(window)).step_by(hop) {
                let range = start * self.channels..(start + window) * self.channels;
                if !values.extend(recording.values.slice(range)) {
                    return Err(DatasetError::MixedTypes { name: self.name.clone(), recording: index });
                }
                labels.push(recording.class);
                group_of.push(recording.group);
                parts.extend(recording.part);
            }
        }
        let shape = Shape { steps: window, channels: self.channels };
        let samples = labels.len();
        let mut data = Dataset::new(self.name.clone(), shape, values, self.classes.clone(), labels)?
            .with_groups(self.groups.clone(), group_of)?;
        if !self.columns.is_empty() {
            data = data.with_columns(self.columns.clone())?;
        }
        if parts.len() == samples { data.with_parts(parts) } else { Ok(data) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Sample;

    fn recordings(list: Vec<Recording>) -> Recordings {
        Recordings {
            name: "test".into(),
            channels: 2,
            columns: vec!["x".into(), "y".into()],
            classes: vec!["a".into(), "b".into()],
            groups: vec!["g".into(), "h".into()],
            list,
        }
    }

    fn recording(values: Values, class: usize) -> Recording {
        Recording { values, class, group: class, part: None }
    }

    #[test]
    fn windows_stay_inside_a_recording() {
        let first = recording(Values::I16((0..10).collect()), 0);
        let second = recording(Values::I16((100..106).collect()), 1);
        let data = recordings(vec![first, second]).windows(3, 2).unwrap();
        assert_eq!(data.labels(), &[0, 0, 1]);
        assert_eq!(data.columns(), ["x", "y"]);
        assert_eq!(data.group_of(), &[0, 0, 1]);
        assert_eq!(data.sample(1), Sample::I16(&[4, 5, 6, 7, 8, 9]));
        assert_eq!(data.sample(2), Sample::I16(&[100, 101, 102, 103, 104, 105]));
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        let short = recordings(vec![recording(Values::I16(vec![1, 2]), 0)]);
        assert!(matches!(short.windows(2, 1), Err(DatasetError::Empty { .. })));
        assert!(matches!(short.windows(0, 1), Err(DatasetError::Windowing { .. })));
        let odd = recordings(vec![recording(Values::I16(vec![1, 2, 3]), 0)]);
        assert!(matches!(odd.windows(1, 1), Err(DatasetError::Ragged { expected: 4, got: 3, .. })));
        let mixed = recordings(vec![recording(Values::I16(vec![1, 2]), 0), recording(Values::F32(vec![1.0, 2.0]), 0)]);
        assert!(matches!(mixed.windows(1, 1), Err(DatasetError::MixedTypes { recording: 1, .. })));
    }
}
