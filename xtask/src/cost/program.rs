//! The program that is measured, `examples/cost`, on an emulated chip.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use hdc_train::Target;

use super::case::Case;
use crate::{firmware, tools};

/// The programs for one target, each with what its models need of the library.
pub(crate) struct Programs {
    target: Target,
    /// By what their models need.
    built: BTreeMap<String, Program>,
}

/// A program.
#[derive(Clone)]
struct Program {
    /// The one that counts.
    count: PathBuf,
    /// Bytes in flash of the one that only classifies.
    code: u64,
}

/// What the emulator says of a model.
pub(crate) struct Measured {
    /// Bytes of code in flash.
    pub(super) code: u64,
    /// Instructions of one classification, the mean over the samples.
    pub(crate) instructions: f64,
    /// The fewest and the most of any sample.
    pub(crate) range: [f64; 2],
    /// Bytes of working memory.
    pub(super) working: u64,
    /// Bytes of stack.
    pub(super) stack: u64,
}

const fn triple(target: Target) -> &'static str {
    match target {
        Target::CortexM0Plus => "thumbv6m-none-eabi",
        Target::CortexM4 => "thumbv7em-none-eabihf",
        _ => "riscv32imc-unknown-none-elf",
    }
}

/// Whether `target` can be built for and emulated.
pub(crate) fn available(target: Target) -> Result<bool> {
    let emulator = match target {
        Target::RiscV32 => tools::program("qemu-system-riscv32", "qemu-system-misc"),
        _ => tools::emulator(),
    };
    let name = target.to_string();
    Ok(tools::target(triple(target)).or_skip(&name)? && emulator.or_skip(&name)?)
}

impl Programs {
    pub(crate) const fn new(target: Target) -> Self {
        Self { target, built: BTreeMap::new() }
    }

    /// The program for models that need `needs` of the library.
    fn program(&mut self, needs: &str) -> Result<Program> {
        if let Some(program) = self.built.get(needs) {
            return Ok(program.clone());
        }
        let triple = triple(self.target);
        let folder = tools::root().join("target/cost").join(triple);
        let feature = |need| if need == "float" { "float".into() } else { format!("hdc-embedded/{need}") };
        let features = needs.split(',').map(feature).collect::<Vec<String>>().join(",");
        let mut command = tools::cargo();
        command.args(["build", "--package", "cost", "--profile", "chip", "--quiet", "--locked", "--target", triple]);
        command.arg("--target-dir").arg(&folder).args(["--features", &format!("chip,{features}")]);
        command.current_dir(tools::root());
        ensure!(command.status()?.success(), "the program for {} with {needs} does not build", self.target);
        let built = folder.join(triple).join("chip");
        // The next one takes its place.
        let count = built.join(format!("count-{}", self.built.len()));
        fs::copy(built.join("count"), &count)?;
        let program = Program { count, code: firmware::flash_of(&built.join("bare"))? };
        self.built.insert(needs.to_owned(), program.clone());
        Ok(program)
    }

    /// Runs `case`.
    pub(super) fn measure(&mut self, case: &Case) -> Result<Measured> {
        self.measure_with(&case.program(), case)
    }

    /// The same in the program for models that need `needs` of the library.
    pub(crate) fn measure_with(&mut self, needs: &str, case: &Case) -> Result<Measured> {
        let program = self.program(needs)?;
        let model = case.model.as_bytes();
        let mut input = Vec::new();
        for number in [model.len(), case.samples.len(), 0, 0] {
            input.extend(u32::try_from(number)?.to_le_bytes());
        }
        input.extend(model);
        input.resize(input.len().next_multiple_of(16), 0);
        input.extend(&case.samples);
        ensure!(input.len() < 8 << 20, "{}: too large for the emulated board", case.name);
        let path = program.count.with_extension("input");
        fs::write(&path, input)?;
        self.emulate(&program, &path).with_context(|| case.name.clone())
    }

    fn emulate(&self, program: &Program, input: &Path) -> Result<Measured> {
        // Where examples/cost looks for its input, and how it counts.
        let (emulator, board, address) = match self.target {
            Target::RiscV32 => ("qemu-system-riscv32", "-M virt -bios none -icount shift=0", "0x84000000"),
            _ => ("qemu-system-arm", "-M mps2-an386 -icount shift=6", "0x21000000"),
        };
        let mut command = Command::new(emulator);
        command.args(board.split(' ')).args(["-nographic", "-monitor", "none", "-serial", "none"]);
        command.args(["-semihosting-config", "enable=on,target=native", "-device"]);
        command.arg(format!("loader,file={},addr={address},force-raw=on", input.display()));
        let output = command.arg("-kernel").arg(&program.count).output().context("cannot start the emulator")?;
        ensure!(output.status.success(), "the program failed in the emulator");
        let (mut instructions, mut figures) = (Vec::new(), BTreeMap::new());
        for line in String::from_utf8(output.stdout)?.lines() {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["instructions", count] => instructions.push(count.parse::<f64>()?),
                [name, bytes] => _ = figures.insert(name.to_owned(), bytes.parse()?),
                _ => bail!("unexpected line `{line}`"),
            }
        }
        ensure!(!instructions.is_empty(), "no sample was classified");
        let figure = |name: &str| figures.get(name).copied().with_context(|| format!("no `{name}` was printed"));
        Ok(Measured {
            code: program.code,
            instructions: instructions.iter().sum::<f64>() / instructions.len() as f64,
            range: [f64::min, f64::max].map(|pick| instructions.iter().copied().reduce(pick).unwrap_or_default()),
            working: figure("working")?,
            stack: figure("stack")?,
        })
    }
}
