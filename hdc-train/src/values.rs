//! Numbers as they were delivered.

use std::ops::Range;

/// The values of many samples or time steps, in the type the sensor or the file delivered.
///
/// Integer counts stay integers, so that a model trained on them needs no floating point on the chip.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Sensor counts.
    I16(Vec<i16>),
    /// Real-valued features.
    F32(Vec<f32>),
}

/// The values of one sample, borrowed: `steps * channels` numbers, time-major.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample<'a> {
    /// Sensor counts.
    I16(&'a [i16]),
    /// Real-valued features.
    F32(&'a [f32]),
}

impl Values {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::I16(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }

    /// Whether there are no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers at `range`.
    ///
    /// # Panics
    /// If `range` reaches past the end.
    pub fn slice(&self, range: Range<usize>) -> Sample<'_> {
        match self {
            Self::I16(values) => Sample::I16(&values[range]),
            Self::F32(values) => Sample::F32(&values[range]),
        }
    }

    /// An empty list of the same type.
    pub(crate) fn empty_like(&self) -> Self {
        match self {
            Self::I16(_) => Self::I16(Vec::new()),
            Self::F32(_) => Self::F32(Vec::new()),
        }
    }

    /// Appends `sample`; `false` if the types differ.
    pub(crate) fn extend(&mut self, sample: Sample<'_>) -> bool {
        match (self, sample) {
            (Self::I16(values), Sample::I16(more)) => values.extend_from_slice(more),
            (Self::F32(values), Sample::F32(more)) => values.extend_from_slice(more),
            _ => return false,
        }
        true
    }

    /// Keeps the numbers at `ranges` alone, which rise.
    pub(crate) fn keep(&mut self, ranges: impl Iterator<Item = Range<usize>>) {
        fn keep<T: Copy>(values: &mut Vec<T>, ranges: impl Iterator<Item = Range<usize>>) {
            let mut end = 0;
            for range in ranges {
                let length = range.len();
                values.copy_within(range, end);
                end += length;
            }
            values.truncate(end);
            values.shrink_to_fit();
        }
        match self {
            Self::I16(values) => keep(values, ranges),
            Self::F32(values) => keep(values, ranges),
        }
    }

    pub(crate) fn first_not_finite(&self) -> Option<usize> {
        match self {
            Self::I16(_) => None,
            Self::F32(values) => values.iter().position(|value| !value.is_finite()),
        }
    }
}
