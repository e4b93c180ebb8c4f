//! Fits the thresholds of the quantiser to the training data.

use std::fmt;

use hdc_core::Value;
use rayon::prelude::*;

use crate::values::Values;

/// How the levels of a channel are spread over its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Levels of equal width between two quantiles: `clip` and `1 - clip` of the channel's values
    /// (0: minimum and maximum). Values outside get the outermost levels.
    Uniform {
        /// The share clipped at each end, below 0.5.
        clip: f32,
    },
    /// Levels of equal width in `sign(x) ln(1 + |x|)` between the channel's minimum and maximum: for numbers that
    /// differ by factors, such as amplitudes of EMG. One level is the same factor everywhere.
    Logarithmic,
    /// Levels with equally many values.
    Quantile,
}

/// In words.
impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform { clip } => write!(f, "of equal width, {clip} clipped"),
            Self::Logarithmic => f.write_str("of equal factors"),
            Self::Quantile => f.write_str("by quantile"),
        }
    }
}

/// Numbers of one type, row by row: what a quantiser is fitted to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rows<'a> {
    /// Sensor counts.
    I16(&'a [i16]),
    /// Features of sensor counts.
    I32(&'a [i32]),
    /// Real values.
    F32(&'a [f32]),
}

impl<'a> From<&'a Values> for Rows<'a> {
    fn from(values: &'a Values) -> Self {
        match values {
            Values::I16(values) => Self::I16(values),
            Values::F32(values) => Self::F32(values),
        }
    }
}

impl Rows<'_> {
    /// The [key](Value::key) of number `index`; the values of a data set are finite.
    pub(crate) fn key(self, index: usize) -> i32 {
        match self {
            Self::I16(values) => values[index].into(),
            Self::I32(values) => values[index],
            Self::F32(values) => values[index].key().unwrap_or(0),
        }
    }

    /// How many numbers there are.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }
}

/// The thresholds for `levels` levels of the `columns` columns of `rows`: `columns x (levels - 1)`
/// [keys](Value::key), rising in each column.
///
/// Integer data gets integer thresholds: `x >= t` is `x >= ceil(t)` for an integer x.
pub(crate) fn fit(rows: Rows<'_>, columns: usize, scale: Scale, levels: usize) -> Vec<u32> {
    match rows {
        Rows::I16(values) => fit_values(values, columns, scale, levels, f64::from, |cut| cut.ceil() as i32),
        Rows::I32(values) => fit_values(values, columns, scale, levels, f64::from, |cut| cut.ceil() as i32),
        Rows::F32(values) => fit_values(values, columns, scale, levels, f64::from, |cut| {
            // Values are finite, and so is what lies between two of them.
            (cut as f32).key().unwrap_or(0)
        }),
    }
}

fn fit_values<T: Copy + Sync + PartialOrd>(
    values: &[T],
    channels: usize,
    scale: Scale,
    levels: usize,
    real: impl Fn(T) -> f64 + Sync,
    key: impl Fn(f64) -> i32 + Sync,
) -> Vec<u32> {
    let fit_channel = |channel: usize| {
        let mut sorted: Vec<f64> = values.iter().skip(channel).step_by(channels).map(|&value| real(value)).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let share = |index: usize| (index + 1) as f64 / levels as f64;
        let cuts = (0..levels - 1).map(|index| match scale {
            Scale::Uniform { clip } => {
                let (low, high) = (quantile(&sorted, f64::from(clip)), quantile(&sorted, 1.0 - f64::from(clip)));
                low + (high - low) * share(index)
            }
            Scale::Logarithmic => {
                let (low, high) = (logarithm(sorted[0]), logarithm(sorted[sorted.len() - 1]));
                exponential(low + (high - low) * share(index))
            }
            Scale::Quantile => quantile(&sorted, share(index)),
        });
        cuts.map(|cut| key(cut).cast_unsigned()).collect::<Vec<_>>()
    };
    (0..channels).into_par_iter().flat_map_iter(fit_channel).collect()
}

/// `sign(x) ln(1 + |x|)`.
fn logarithm(x: f64) -> f64 {
    libm::log1p(x.abs()).copysign(x)
}

/// The number whose [`logarithm`] is `y`.
fn exponential(y: f64) -> f64 {
    libm::expm1(y.abs()).copysign(y)
}

/// The value below which the share `at` of `sorted` lies, interpolated between neighbours.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = at.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(values: &Values, channels: usize, scale: Scale, levels: usize) -> Vec<i32> {
        fit(Rows::from(values), channels, scale, levels).into_iter().map(u32::cast_signed).collect()
    }

    #[test]
    fn thresholds_are_in_the_units_of_the_data() {
        let counts = Values::I16(vec![0, 100, 10, 200, 20, 300]);
        assert_eq!(cuts(&counts, 2, Scale::Uniform { clip: 0.0 }, 4), [5, 10, 15, 150, 200, 250]);
        assert_eq!(cuts(&counts, 2, Scale::Quantile, 2), [10, 200]);
        let odd = Values::I16(vec![0, 1]);
        assert_eq!(cuts(&odd, 1, Scale::Uniform { clip: 0.0 }, 2), [1], "x >= 0.5 is x >= 1");
        let real = Values::F32(vec![-1.0, 1.0]);
        assert_eq!(cuts(&real, 1, Scale::Uniform { clip: 0.0 }, 2), [0]);
    }

    #[test]
    fn logarithmic_levels_differ_by_factors() {
        // 1 + x from 1 to 2000 in three levels: factors of 12.6, at 12.6 and 158.7.
        assert_eq!(cuts(&Values::I16(vec![0, 1999]), 1, Scale::Logarithmic, 3), [12, 158]);
        assert_eq!(cuts(&Values::I16(vec![-200, 200]), 1, Scale::Logarithmic, 4), [-13, 0, 14]);
    }

    #[test]
    fn outliers_are_clipped() {
        let mut values: Vec<i16> = (0..=100).collect();
        values[100] = 30_000;
        assert_eq!(cuts(&Values::I16(values), 1, Scale::Uniform { clip: 0.02 }, 2), [50]);
    }

    #[test]
    fn a_constant_channel_has_one_level() {
        assert_eq!(cuts(&Values::I16(vec![5; 8]), 1, Scale::Quantile, 4), [5, 5, 5]);
    }
}
