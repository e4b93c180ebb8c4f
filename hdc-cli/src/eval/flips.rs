//! Accuracy with flipped bits.

use hdc_train::{Dataset, FlipError, FlipTarget, Flips, Model};
use serde::Serialize;

use crate::common;
use crate::progress::Display;

/// Accuracy against the rate of flipped bits.
#[derive(Serialize)]
pub(super) struct Curve {
    flipped: String,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    /// Probability that a bit is flipped.
    rate: f64,
    /// Mean over the repetitions.
    accuracy: f64,
    deviation: f64,
}

/// One curve for each place where bits can be wrong.
pub(super) fn curves(model: &Model<'_>, data: &Dataset) -> Result<Vec<Curve>, FlipError> {
    let (flips, display) = (Flips::default(), Display::new());
    let curve = |target: FlipTarget| {
        let curve = flips.curve(model, data, target, &|progress| display.stage(progress))?;
        let points = curve.points.iter().map(|point| Point {
            rate: point.rate,
            accuracy: point.accuracy.mean,
            deviation: point.accuracy.deviation,
        });
        Ok(Curve { flipped: target.to_string(), points: points.collect() })
    };
    let curves = FlipTarget::ALL.into_iter().map(curve).collect();
    display.finish();
    curves
}

/// One line a rate, one column a curve.
pub(super) fn text(curves: &[Curve]) -> String {
    let Some(first) = curves.first() else { return String::new() };
    let mut rows = vec![vec!["flipped".to_string()]];
    rows[0].extend(curves.iter().map(|curve| curve.flipped.clone()));
    for (at, point) in first.points.iter().enumerate() {
        let cells = curves.iter().map(|curve| &curve.points[at]);
        let cells = cells.map(|point| format!("{:.3} +- {:.3}", point.accuracy, point.deviation));
        rows.push(std::iter::once(format!("{:.0} %", 100.0 * point.rate)).chain(cells).collect());
    }
    format!("\naccuracy with flipped bits (mean +- standard deviation of repetitions)\n{}", common::table(&rows))
}
