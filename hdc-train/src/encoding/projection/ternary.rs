//! Hyperplanes with normals of -1, 0 and 1.

use hdc_core::{Quantiser, TernaryEncoder};
use nalgebra::DVector;

use super::pack;
use crate::learn::{Hyperplanes, ternary};

/// The encoder of `planes`, made [`ternary`], in the standardised space of these factors about `mean`.
///
/// With gains `g_f` in proportion to the factors of that space, `t z + b > 0` is `sum_f t_f g_f v_f > sum_f t_f g_f mean_f -
/// b / r`, where t is a normal and r the ratio of its numbers and of factors to gains.
pub(super) fn encoder(
    quantiser: Quantiser<Vec<u32>>,
    values: Vec<u32>,
    planes: &Hyperplanes,
    factors: &DVector<f64>,
    mean: &DVector<f64>,
) -> TernaryEncoder<Vec<u32>> {
    let most = factors.amax();
    let to_gains = if most > 0.0 { 127.0 / most } else { 0.0 };
    let gains: Vec<i8> = factors.iter().map(|factor| (factor * to_gains).round() as i8).collect();
    let normals = ternary(&planes.normals);
    let (dimension, columns) = (planes.offsets.len(), gains.len());
    let weight = |dimension: usize, feature: usize| {
        let number = if feature < columns { normals.row(dimension)[feature] } else { 0.0 };
        i8::from(number > 0.0) - i8::from(number < 0.0)
    };
    let code = |dimension: usize, first: usize| {
        (first..first + 4).rev().fold(0_u8, |code, feature| code * 3 + (weight(dimension, feature) + 1).cast_unsigned())
    };
    let codes = (0..columns).step_by(4).flat_map(|first| (0..dimension).map(move |dimension| code(dimension, first)));
    let codes: Vec<i8> = codes.map(u8::cast_signed).collect();
    let threshold = |dimension: usize| {
        let scale = normals.row(dimension).iter().fold(0.0_f32, |most, number| most.max(number.abs()));
        let centre: f64 = (0..columns)
            .map(|feature| f64::from(weight(dimension, feature)) * f64::from(gains[feature]) * mean[feature])
            .sum();
        let offset = if scale > 0.0 { f64::from(planes.offsets[dimension] / scale) * to_gains } else { 0.0 };
        ((centre - offset).floor() as i32).cast_unsigned()
    };
    TernaryEncoder {
        quantiser,
        values,
        gains: pack(&gains),
        weights: pack(&codes),
        thresholds: (0..dimension).map(threshold).collect(),
    }
}
