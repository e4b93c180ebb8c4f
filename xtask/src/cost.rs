//! The cost model against emulated chips.

mod case;
mod fit;
mod program;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use anyhow::{Result, ensure};
use hdc_train::{Cost, Target, Work};

use crate::{recipe, tools};
use case::{Case, Kind};
use program::Program;

/// Models of each kind that are fitted to.
const FITTED: u64 = 40;

/// Models of each kind that are checked.
const CHECKED: u64 = 6;

/// Instructions may be predicted wrongly by this share.
const TOLERANCE: f64 = 0.05;

pub(crate) fn run(calibrate: bool) -> Result<()> {
    if calibrate { self::calibrate() } else { check() }
}

/// The programs for samples of `i16` and of `f32`.
fn programs(target: Target) -> Result<[Program; 2]> {
    Ok([Program::build(target, false)?, Program::build(target, true)?])
}

/// Runs models on all targets, fits coefficients, and writes the table of `hdc-train`.
fn calibrate() -> Result<()> {
    let cases: Vec<Case> =
        Kind::ALL.iter().flat_map(|kind| (0..FITTED).map(|number| kind.case(number))).collect::<Result<_>>()?;
    let (mut sizes, mut coefficients) = (String::new(), BTreeMap::<String, Vec<f64>>::new());
    for target in Target::ALL {
        ensure!(program::available(target)?, "the table needs all targets");
        let programs = programs(target)?;
        let mut stack = [0; 2];
        let mut models = Vec::new();
        for case in &cases {
            let measured = programs[usize::from(case.float)].measure(case)?;
            let stack = &mut stack[usize::from(case.float)];
            *stack = measured.stack.max(*stack);
            models.push((Work::of(&case.model.view()), measured.instructions));
        }
        let fitted = fit::fit(&models)?;
        let errors = models.iter().map(|(work, measured)| {
            let predicted: f64 = work.iter().map(|work| work.amount * fitted[&work.name]).sum();
            (predicted / measured - 1.0).abs()
        });
        let mut errors: Vec<(f64, &str)> = errors.zip(cases.iter().map(|case| &*case.name)).collect();
        errors.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("{target}: {} models fitted, the farthest:", models.len());
        errors.iter().take(12).for_each(|(error, name)| println!("  {:>5.1} % {name}", 100.0 * error));
        let program = |kind: usize| format!("Program {{ code: {}, stack: {} }}", programs[kind].code, stack[kind]);
        writeln!(sizes, "    [{}, {}],", program(0), program(1))?;
        for (name, coefficient) in fitted {
            coefficients.entry(name).or_default().push(coefficient);
        }
    }
    let rows: String = coefficients
        .iter()
        .map(|(name, of)| format!("    ({name:?}, [{:.3}, {:.3}, {:.3}]),\n", of[0], of[1], of[2]))
        .collect();
    let table = format!(
        "//! Written by `cargo xtask cost --calibrate`.\n\nuse super::Program;\n\n\
         /// For each target, the program for samples of `i16` and of `f32`.\n\
         pub(super) static PROGRAMS: [[Program; 2]; {}] = [\n{sizes}];\n\n\
         /// Instructions of one unit of each kind of work on each target, by name.\n\
         pub(super) static COEFFICIENTS: &[(&str, [f64; {}])] = &[\n{rows}];\n",
        Target::ALL.len(),
        Target::ALL.len()
    );
    let path = tools::root().join("hdc-train/src/cost/table.rs");
    fs::write(&path, table)?;
    println!("wrote {}; `cargo xtask cost` checks it", path.display());
    Ok(())
}

/// Compares predictions with the emulator on models that were not fitted to.
fn check() -> Result<()> {
    let mut cases: Vec<Case> = Vec::new();
    for kind in Kind::ALL {
        for number in FITTED..FITTED + CHECKED {
            cases.push(kind.case(number)?);
        }
    }
    for (name, trainer, data) in recipe::firmware_tests()? {
        cases.push(Case::new(name, &trainer, &data)?);
    }
    let mut wrong = Vec::new();
    println!("| target | model | instructions | predicted | error | flash | RAM |\n|---|---|---|---|---|---|---|");
    for target in Target::ALL {
        if !program::available(target)? {
            continue;
        }
        let programs = programs(target)?;
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
    }
    ensure!(wrong.is_empty(), "the cost model is wrong:\n{}", wrong.join("\n"));
    Ok(())
}
