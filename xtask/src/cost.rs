//! The cost model against emulated chips.

pub(crate) mod case;
mod combinations;
mod draw;
mod fit;
pub(crate) mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Result, ensure};
use hdc_train::{Cost, Target, Work};

use crate::firmware::models;
use crate::tools;
use case::{Case, Kind};
use program::Programs;

/// Models of each kind that are fitted to.
const FITTED: u64 = 64;

/// Models of each kind that are checked.
const CHECKED: u64 = 6;

/// Instructions may be predicted wrongly by this share.
const TOLERANCE: f64 = 0.05;

pub(crate) fn run(calibrate: bool) -> Result<()> {
    if calibrate { self::calibrate() } else { check() }
}

/// Runs models on all targets, fits coefficients, and writes the tables of `hdc-train`.
fn calibrate() -> Result<()> {
    for target in Target::ALL {
        ensure!(program::available(target)?, "the table needs all targets");
    }
    let chips = std::thread::scope(|scope| {
        let threads = Target::ALL.map(|target| scope.spawn(move || Chip::of(target)));
        threads.map(|thread| thread.join().expect("no measurement panics"))
    });
    let chips = chips.into_iter().collect::<Result<Vec<Chip>>>()?;
    let folder = tools::root().join("hdc-train/src/cost/table");
    let [programs, instructions] = texts(&chips);
    fs::write(folder.join("programs.rs"), programs)?;
    fs::write(folder.join("instructions.rs"), instructions)?;
    tools::run(tools::cargo().args(["fmt", "--package", "hdc-train"]))?;
    println!("wrote {}; `cargo xtask cost` checks it", folder.display());
    Ok(())
}

/// What is measured on a target.
struct Chip {
    /// Bytes of code and of stack, by what models need of the library.
    programs: BTreeMap<String, [u64; 2]>,
    /// Instructions by kind of work, with samples of `i16` and of `f32`.
    instructions: [BTreeMap<String, f64>; 2],
}

impl Chip {
    /// Runs models of all kinds, and with everything they may need of the library.
    fn of(target: Target) -> Result<Self> {
        let (mut programs, mut bytes) = (Programs::new(target), BTreeMap::new());
        let mut measure = |case: &Case| -> Result<f64> {
            let measured = programs.measure(case)?;
            let found = [measured.code, measured.stack];
            let before = *bytes.entry(case.program()).or_insert(found);
            ensure!(
                found == before,
                "{target}, {}: {found:?} bytes, others with the same program {before:?}",
                case.name
            );
            Ok(measured.instructions)
        };
        let mut instructions = [BTreeMap::new(), BTreeMap::new()];
        for (float, found) in [false, true].into_iter().zip(&mut instructions) {
            let mut models = Vec::new();
            for kind in Kind::ALL.into_iter().filter(|kind| kind.takes(float)) {
                for number in 0..FITTED {
                    let case = kind.case(number, float)?;
                    models.push((Work::of(&case.model.view()), measure(&case)?));
                }
            }
            *found = fit::fit(&models)?;
            combinations::all(float)?.iter().try_for_each(|case| measure(case).map(drop))?;
            println!("{target}, {}: {} models", if float { "f32" } else { "i16" }, models.len());
        }
        println!("{target}: {} programs", bytes.len());
        Ok(Self { programs: bytes, instructions })
    }
}

/// The tables of `chips`: programs and instructions.
fn texts(chips: &[Chip]) -> [String; 2] {
    // What one column lacks, such as symbols of `f32`, no model has.
    let rows = |names: BTreeSet<&String>, cell: &dyn Fn(&Chip, &String) -> String| -> String {
        let cells = |name| chips.iter().map(|chip| cell(chip, name)).collect::<Vec<_>>().join(", ");
        names.into_iter().map(|name| format!("({name:?}, [{}]),\n", cells(name))).collect()
    };
    let programs = rows(chips.iter().flat_map(|chip| chip.programs.keys()).collect(), &|chip, name| {
        format!("{:?}", chip.programs.get(name).unwrap_or(&[0; 2]))
    });
    let work = chips.iter().flat_map(|chip| &chip.instructions).flat_map(BTreeMap::keys);
    let instructions = rows(work.collect(), &|chip, name| {
        chip.instructions.each_ref().map(|found| format!("{:.3}", found.get(name).unwrap_or(&0.0))).join(", ")
    });
    let written = "//! Written by `cargo xtask cost --calibrate`.\n\n";
    [
        format!(
            "{written}\
             /// Bytes of code and constants in flash, and of stack, on Cortex-M0+, Cortex-M4 and RISC-V, by what models need of the\n\
             /// library.\n\
             pub(in super::super) static PROGRAMS: &[(&str, [[u64; 2]; 3])] = &[\n{programs}];\n"
        ),
        format!(
            "{written}\
             /// Instructions of one unit of each kind of work, by name, on Cortex-M0+ with samples of `i16` and of `f32`, on Cortex-M4\n\
             /// with both, and on RISC-V with both.\n\
             #[allow(clippy::approx_constant, reason = \"what is measured may come near to one\")]\n\
             pub(in super::super) static INSTRUCTIONS: &[(&str, [f64; 6])] = &[\n{instructions}];\n"
        ),
    ]
}

/// Compares predictions with the emulator on models that were not fitted to.
fn check() -> Result<()> {
    let mut cases: Vec<Case> = Vec::new();
    for kind in Kind::ALL {
        for number in FITTED..FITTED + CHECKED {
            cases.push(kind.case(number, number % 2 == 1 && kind.takes(true))?);
        }
    }
    for (name, trainer, data) in models::of_every_kind()? {
        cases.push(Case::new(name, &trainer, &data)?);
    }
    // The cost of the others is that of their last stage.
    cases.retain(|case| case.model.view().early_exit().is_none());
    let (mut wrong, mut summary) = (Vec::new(), String::new());
    println!("| target | model | instructions | predicted | error | flash | RAM |\n|---|---|---|---|---|---|---|");
    for target in Target::ALL {
        if !program::available(target)? {
            continue;
        }
        let mut programs = Programs::new(target);
        let mut errors = Vec::new();
        for case in &cases {
            let measured = programs.measure(case)?;
            let cost = Cost::of(&case.model.view(), target);
            let (flash, ram) = (measured.code + case.model.as_bytes().len() as u64, measured.working + measured.stack);
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
