//! What the order of dimensions is worth: prefixes of a model beside models trained at their dimension, on folds of the
//! training sides.

use anyhow::Result;
use hdc_train::reduce::{order, retrain, truncate};
use hdc_train::{Dataset, Evaluation, LeHdc, Margin, Method, ModelBuf, Spread};

use super::{Case, Trained, UCI, named, pairs};
use crate::recipe;

const WHOLE: usize = 1024;

/// Models whose dimensions are independent.
const CASES: [Case<Trained>; 5] = [
    ("wisdm", &["wisdm"], recipe::activities),
    ("uci-emg", UCI, recipe::raw_emg),
    ("uci-emg-record", UCI, recipe::raw_emg_record),
    ("lis-alphabet", &["lis-alphabet"], recipe::letters_random),
    ("hdc-emg-time", &["hdc-emg-time:subject=1", "hdc-emg-time:subject=5"], recipe::emg_rows),
];

/// Measures the sets named, or all.
pub(super) fn run(sets: &[String]) -> Result<()> {
    println!(
        "| data | D | trained at D | prefix of {WHOLE} | ordered | ordered, margin again | ordered, LeHDC again |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, parts, recipe) in named(&CASES, sets)? {
        let mut figures = vec![Vec::new(); 4];
        for (train, test) in pairs(parts)? {
            let whole = recipe(WHOLE, 1).fit(&train)?;
            let ordered = order(&whole.view(), &train)?;
            for (figures, dimension) in figures.iter_mut().zip([64, 128, 256, 512]) {
                let part = truncate(&ordered.view(), dimension)?;
                let again = |method: &dyn Method| retrain(&part.view(), &train, method, 1, &|_| {});
                figures.push([
                    accuracy(&recipe(dimension, 1).fit(&train)?, &test)?,
                    accuracy(&truncate(&whole.view(), dimension)?, &test)?,
                    accuracy(&part, &test)?,
                    accuracy(&again(&Margin::default())?, &test)?,
                    accuracy(&again(&LeHdc::default())?, &test)?,
                ]);
            }
        }
        for (figures, dimension) in figures.iter().zip([64, 128, 256, 512]) {
            let mean = |at: usize| Spread::of(&figures.iter().map(|fold| fold[at]).collect::<Vec<_>>()).mean;
            let cells: Vec<String> = (0..5).map(|at| format!("{:.3}", mean(at))).collect();
            println!("| {name} | {dimension} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}

fn accuracy(model: &ModelBuf, data: &Dataset) -> Result<f64> {
    Ok(Evaluation::of(&model.view(), data)?.accuracy())
}
