//! The cost model against emulated chips.

mod case;
mod fit;
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Result, ensure};
use hdc_train::{Cost, Target, Work};

use crate::{recipe, tools};
use case::{Case, Kind};
use program::Program;

/// Models of each kind that are fitted to.
const FITTED: u64 = 64;

/// Models of each kind that are checked.
const CHECKED: u64 = 6;

/// Instructions may be predicted wrongly by this share.
const TOLERANCE: f64 = 0.05;

pub(crate) fn run(calibrate: bool) -> Result<()> {
    if calibrate { self::calibrate() } else { check() }
}

/// Runs models on all targets, fits coefficients, and writes the table of `hdc-train`.
fn calibrate() -> Result<()> {
    for target in Target::ALL {
        ensure!(program::available(target)?, "the table needs all targets");
    }
    let columns = std::thread::scope(|scope| {
        let threads =
            Target::ALL.map(|target| scope.spawn(move || [false, true].map(|float| Column::of(target, float))));
        threads.map(|thread| thread.join().expect("no measurement panics"))
    });
    let columns = columns.into_iter().flatten().collect::<Result<Vec<Column>>>()?;
    let path = tools::root().join("hdc-train/src/cost/table.rs");
    fs::write(&path, text(&columns))?;
    tools::run(tools::cargo().args(["fmt", "--package", "hdc-train"]))?;
    println!("wrote {}; `cargo xtask cost` checks it", path.display());
    Ok(())
}

/// What is measured of a program: a column of the table.
struct Column {
    code: u64,
    /// Bytes, by kind of encoder.
    stack: BTreeMap<String, u64>,
    /// Instructions, by kind of work.
    instructions: BTreeMap<String, f64>,
}

impl Column {
    /// Runs models of all kinds.
    fn of(target: Target, float: bool) -> Result<Self> {
        let program = Program::build(target, float)?;
        let (mut stack, mut models) = (BTreeMap::new(), Vec::new());
        for kind in Kind::ALL.into_iter().filter(|kind| kind.takes(float)) {
            for number in 0..FITTED {
                let case = kind.case(number, float)?;
                let measured = program.measure(&case)?;
                let model = case.model.view();
                if let [kind] = &Work::kinds(&model)[..] {
                    let before = *stack.entry(kind.clone()).or_insert(measured.stack);
                    ensure!(measured.stack == before, "{}: another stack than others of {kind}", case.name);
                }
                models.push((Work::of(&model), measured.instructions));
            }
        }
        println!("{target}, {}: {} models", if float { "f32" } else { "i16" }, models.len());
        Ok(Self { code: program.code, stack, instructions: fit::fit(&models)? })
    }
}

/// The table of `columns`.
fn text(columns: &[Column]) -> String {
    // What one column lacks, such as symbols of `f32`, no model has.
    let rows = |names: BTreeSet<&String>, cell: &dyn Fn(&Column, &String) -> String| -> String {
        let cells = |name| columns.iter().map(|column| cell(column, name)).collect::<Vec<_>>().join(", ");
        names.into_iter().map(|name| format!("({name:?}, [{}]),\n", cells(name))).collect()
    };
    let code: Vec<u64> = columns.iter().map(|column| column.code).collect();
    let stack = rows(columns.iter().flat_map(|column| column.stack.keys()).collect(), &|column, name| {
        column.stack.get(name).unwrap_or(&0).to_string()
    });
    let instructions = rows(columns.iter().flat_map(|column| column.instructions.keys()).collect(), &|column, name| {
        format!("{:.3}", column.instructions.get(name).unwrap_or(&0.0))
    });
    format!(
        "//! Written by `cargo xtask cost --calibrate`.\n//!\n\
         //! Columns: Cortex-M0+ with samples of `i16` and of `f32`, Cortex-M4 with both, RISC-V with both.\n\n\
         /// Bytes of code and constants of the program in flash.\n\
         pub(super) static CODE: [u64; 6] = {code:?};\n\n\
         /// Bytes of stack for each kind of encoder, by name.\n\
         pub(super) static STACK: &[(&str, [u64; 6])] = &[\n{stack}];\n\n\
         /// Instructions of one unit of each kind of work, by name.\n\
         pub(super) static INSTRUCTIONS: &[(&str, [f64; 6])] = &[\n{instructions}];\n"
    )
}

/// Compares predictions with the emulator on models that were not fitted to.
fn check() -> Result<()> {
    let mut cases: Vec<Case> = Vec::new();
    for kind in Kind::ALL {
        for number in FITTED..FITTED + CHECKED {
            cases.push(kind.case(number, number % 2 == 1 && kind.takes(true))?);
        }
    }
    for (name, trainer, data) in recipe::firmware_tests()? {
        cases.push(Case::new(name, &trainer, &data)?);
    }
    let (mut wrong, mut summary) = (Vec::new(), String::new());
    println!("| target | model | instructions | predicted | error | flash | RAM |\n|---|---|---|---|---|---|---|");
    for target in Target::ALL {
        if !program::available(target)? {
            continue;
        }
        let programs = [Program::build(target, false)?, Program::build(target, true)?];
        let mut errors = Vec::new();
        for case in &cases {
            let program = &programs[usize::from(case.float)];
            let measured = program.measure(case)?;
            let cost = Cost::of(&case.model.view(), target);
            let (flash, ram) = (program.code + case.model.as_bytes().len() as u64, measured.working + measured.stack);
            let error = cost.instructions as f64 / measured.instructions - 1.0;
            println!(
                "| {target} | {} | {:.0} ({:.0} to {:.0}) | {} | {:+.1} % | {flash} | {ram} |",
                case.name,
                measured.instructions,
                measured.range[0],
                measured.range[1],
                cost.instructions,
                100.0 * error
            );
            errors.push(error.abs());
            if error.abs() > TOLERANCE {
                wrong.push(format!("{target}, {}: instructions are {:+.1} % off", case.name, 100.0 * error));
            }
            if (cost.flash, cost.ram) != (flash, ram) {
                wrong.push(format!(
                    "{target}, {}: flash and RAM are {flash} and {ram}, not {} and {}",
                    case.name, cost.flash, cost.ram
                ));
            }
        }
        let (mean, most) =
            (errors.iter().sum::<f64>() / errors.len() as f64, errors.iter().fold(0.0_f64, |a, &b| a.max(b)));
        summary += &format!("| {target} | {} | {:.1} % | {:.1} % |\n", errors.len(), 100.0 * mean, 100.0 * most);
    }
    println!("\n| target | models | mean error | largest |\n|---|---|---|---|\n{summary}");
    let wrong_ones = wrong.join("\n");
    ensure!(wrong.is_empty(), "if code has changed, run `cargo xtask cost --calibrate`; wrong are:\n{wrong_ones}");
    Ok(())
}
