mod ternary;

use std::fmt;

use hdc_core::{ProjectionEncoder, Quantiser, Spatial};
use nalgebra::DVector;
use rayon::prelude::*;

use super::map::{Coefficients, Linear, Map};
use super::{Fit, Samples};
use crate::learn::{Hyperplanes, Learn, Matrix};
use crate::quantise::Scale;

/// Settings of a [`ProjectionEncoder`]: the space of its hyperplanes, and whether they are random or learned.
///
/// Random hyperplanes through the mean keep angles (Charikar 2002): in a [whitened](Map::Whitened) space the nearest centroid
/// then comes near to a linear discriminant. With offsets they keep distances from the mean as well. Learned ones start
/// there.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Projection {
    /// The space.
    pub map: Map,
    /// The deviation of the hyperplanes' distances from the mean of the samples, in deviations of a sample along a direction,
    /// before they are learned: 0 for hyperplanes through the mean, from which bits cannot tell how far a sample is from it;
    /// with 1 they do (Knudson, Saab & Ward 2016, arXiv 1404.6853). It costs nothing, gains most where directions are few and
    /// dimensions many, and loses where directions are many and dimensions few (`cargo xtask folds offsets`).
    pub offsets: f32,
    /// How the hyperplanes are learned; random if not.
    pub learn: Option<Learn>,
    /// Whether weights are -1, 0 or 1, a quarter of the flash; only in a [standardised](Map::Standardised) space.
    pub ternary: bool,
}

impl Projection {
    /// Random hyperplanes in the space of `map`.
    pub fn random(map: Map) -> Self {
        Self { map, ..Self::default() }
    }

    /// Hyperplanes learned with the defaults of [`Learn`], in the space of `map`.
    pub fn learned(map: Map) -> Self {
        Self { map, learn: Some(Learn::default()), ..Self::default() }
    }

    /// The same with hyperplanes that lie about so many deviations beside the mean.
    #[must_use]
    pub fn offsets(self, offsets: f32) -> Self {
        Self { offsets, ..self }
    }

    /// The same with weights of -1, 0 and 1 in the standardised space: the gains of the features can stand beside a ternary
    /// matrix, where a map that mixes them cannot be folded into it.
    #[must_use]
    pub fn ternary(self) -> Self {
        Self { map: Map::Standardised, ternary: true, ..self }
    }
}

/// As derived, but that offsets of 0 are left out: every model has this in its provenance.
impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Projection");
        fields.field("map", &self.map);
        if self.offsets > 0.0 {
            fields.field("offsets", &self.offsets);
        }
        fields.field("learn", &self.learn).field("ternary", &self.ternary).finish()
    }
}

/// In words.
impl fmt::Display for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = match self.map {
            Map::Standardised => "standardised",
            Map::Whitened => "whitened",
            Map::Discriminant => "discriminant",
            Map::Principal => "principal",
        };
        let weights = if self.ternary { "ternary " } else { "" };
        match self.learn {
            None => write!(f, "{space} random {weights}projection")?,
            Some(Learn { epochs, noise, .. }) => {
                write!(f, "{space} {weights}projection learned in {epochs} epochs with noise {noise}")?;
            }
        }
        if self.offsets > 0.0 { write!(f, ", offsets {}", self.offsets) } else { Ok(()) }
    }
}

impl Projection {
    /// About how many floating-point operations fitting takes.
    pub(super) fn operations(&self, rows: usize, columns: usize, classes: usize, dimension: usize) -> f64 {
        let epochs = self.learn.map_or(0, |learn| learn.epochs);
        let a_row = 2 * columns * columns + 6 * epochs * dimension * (columns + classes);
        // Matrices are inverted, too.
        rows as f64 * a_row as f64 + 10.0 * (columns as f64).powi(3)
    }

    pub(super) fn fit(
        &self,
        quantiser: Quantiser<Vec<u32>>,
        scale: Scale,
        data: &Samples<'_>,
        Fit { dimension, seed, progress }: Fit<'_>,
    ) -> Spatial<Vec<u32>> {
        let values = values(scale, quantiser.levels());
        let columns = data.columns;
        let numbers = (0..data.rows.len()).into_par_iter().map(|at| {
            let level = quantiser.level_of(at % columns, data.rows.key(at));
            f32::from(values[level])
        });
        let rows = Matrix::new(numbers.collect(), columns);
        let linear = self.map.fit(&rows, data.labels, data.classes);
        let mut planes = Hyperplanes::random(linear.outputs(), dimension, self.offsets, seed);
        planes.ternary = self.ternary;
        if let Some(learn) = self.learn {
            let inputs = linear.apply(rows);
            planes = planes.learn(&inputs, (data.labels, data.classes), learn, seed, progress);
        }
        let values = pack(&values);
        match &linear.matrix {
            Coefficients::Diagonal(factors) if self.ternary => {
                Spatial::Ternary(ternary::encoder(quantiser, values, &planes, factors, &linear.mean))
            }
            _ => {
                let (weights, thresholds) = fold(&planes, &linear);
                Spatial::Projection(ProjectionEncoder { quantiser, values, weights, thresholds })
            }
        }
    }
}

/// The hyperplanes of `planes` in the space of the levels' values: `D x F` of `i8` and D thresholds of `i32`, packed.
fn fold(planes: &Hyperplanes, linear: &Linear) -> (Vec<u32>, Vec<u32>) {
    let rows: Vec<(Vec<u32>, u32)> = (0..planes.offsets.len())
        .into_par_iter()
        .map(|row| {
            let numbers = planes.normals.row(row).iter().map(|&number| f64::from(number));
            let normal = linear.before(&DVector::from_iterator(linear.outputs(), numbers));
            let most = normal.amax();
            let scale = if most > 0.0 { 127.0 / most } else { 0.0 };
            let weights: Vec<i8> = normal.iter().map(|number| (number * scale).round() as i8).collect();
            let centre: f64 = weights.iter().zip(&linear.mean).map(|(&weight, mean)| f64::from(weight) * mean).sum();
            let threshold = centre - f64::from(planes.offsets[row]) * scale;
            (pack(&weights), (threshold.floor() as i32).cast_unsigned())
        })
        .collect();
    let (weights, thresholds): (Vec<Vec<u32>>, Vec<u32>) = rows.into_iter().unzip();
    (weights.concat(), thresholds)
}

/// Four numbers a word, the last word filled up with zeros.
fn pack(numbers: &[i8]) -> Vec<u32> {
    let word = |four: &[i8]| four.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte.cast_unsigned()));
    numbers.chunks(4).map(word).collect()
}

/// The value of each level: steps of equal size for levels of equal width, and for levels with equally many values
/// the quantiles of a logistic distribution, so that they follow a bell curve again.
fn values(scale: Scale, levels: usize) -> Vec<i8> {
    let centre = |level: usize| (level as f64 + 0.5) / levels as f64;
    let shape = |level: usize| match scale {
        Scale::Uniform { .. } | Scale::Logarithmic => centre(level) - 0.5,
        Scale::Quantile => libm::log(centre(level) / (1.0 - centre(level))),
    };
    let most = shape(levels - 1);
    (0..levels).map(|level| (shape(level) / most * 127.0).round() as i8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_rise_and_are_symmetric() {
        for scale in [Scale::Quantile, Scale::Uniform { clip: 0.0 }, Scale::Logarithmic] {
            for levels in [2, 3, 16, 128] {
                let values = values(scale, levels);
                assert!(
                    values.is_sorted()
                        && values.iter().zip(values.iter().rev()).all(|(a, b)| i32::from(*a) == -i32::from(*b))
                );
                assert_eq!(values[levels - 1], 127);
            }
        }
    }

    #[test]
    fn numbers_are_packed_from_the_low_byte() {
        assert_eq!(pack(&[1, -1, 2, 0, -128]), [0x0002_ff01, 0x0000_0080]);
    }
}
