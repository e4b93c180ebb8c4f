//! Coefficients by least squares.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use hdc_train::Work;
use nalgebra::{DMatrix, DVector};

/// The coefficients with which the sums over each model's work are nearest to what was measured: the sum of the squares
/// of the relative errors is least among coefficients that are not negative.
pub(super) fn fit(models: &[(Vec<Work>, f64)]) -> Result<BTreeMap<String, f64>> {
    let names = models.iter().flat_map(|(work, _)| work.iter().map(|work| work.name.clone()));
    let mut used: Vec<String> = names.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let mut found: BTreeMap<String, f64> = used.iter().map(|name| (name.clone(), 0.0)).collect();
    loop {
        let row = |(work, measured): &(Vec<Work>, f64)| {
            let amounts: BTreeMap<&str, f64> = work.iter().map(|work| (&*work.name, work.amount)).collect();
            used.iter().map(|name| amounts.get(&**name).unwrap_or(&0.0) / measured).collect::<Vec<f64>>()
        };
        let rows: Vec<f64> = models.iter().flat_map(row).collect();
        let mut matrix = DMatrix::from_row_slice(models.len(), used.len(), &rows);
        // Amounts differ by orders of magnitude between kinds.
        let norms: Vec<f64> = matrix.column_iter().map(|column| column.norm()).collect();
        matrix.column_iter_mut().zip(&norms).for_each(|(mut column, norm)| column /= *norm);
        let target = DVector::from_element(models.len(), 1.0);
        let solution = matrix.svd(true, true).solve(&target, 1e-9).map_err(|reason| anyhow!("no fit: {reason}"))?;
        let least = solution.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map(|(place, &least)| (place, least));
        match least {
            Some((place, least)) if least < 0.0 => _ = used.remove(place),
            _ => {
                let coefficients = solution.iter().zip(&norms).map(|(value, norm)| value / norm);
                found.extend(used.into_iter().zip(coefficients));
                return Ok(found);
            }
        }
    }
}
