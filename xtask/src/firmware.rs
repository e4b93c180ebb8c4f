//! Builds the firmware with a model and windows, runs it in the emulator, and compares it with the host.

pub(crate) mod models;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use hdc_train::{Dataset, ModelBuf, Nearest, Values, predict};
use object::{Object, ObjectSegment, ObjectSymbol};

use crate::tools;

pub(crate) const TARGET: &str = "thumbv7em-none-eabihf";

/// What the chip did.
pub(crate) struct Report {
    /// Windows on which chip and host gave the same decision: all of them.
    pub(crate) windows: usize,
    /// Instructions of one inference, the most of any window.
    pub(crate) instructions: u64,
    /// Instructions to open the model, which checks its checksum.
    pub(crate) open: u64,
    /// Bytes of flash: program with printing, model, without the recorded windows.
    pub(crate) flash: u64,
    /// Bytes of working memory.
    pub(crate) scratch: u64,
    /// Bytes of stack at the deepest.
    pub(crate) stack: u64,
}

/// Runs `model` on all windows of `data` in the emulator and on the host.
///
/// The firmware has only the components of the library that the model needs.
///
/// Fails if they differ in class, distance, margin, confidence or acceptance of any window.
pub(crate) fn compare(name: &str, model: &ModelBuf, data: &Dataset) -> Result<Report> {
    let folder = tools::root().join("target/firmware").join(name);
    fs::create_dir_all(&folder)?;
    model.save(folder.join("model.hdc"))?;
    let Values::I16(values) = data.values() else { bail!("the firmware takes integer samples") };
    let windows: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(folder.join("windows.bin"), &windows)?;

    let view = model.view();
    let needs: Vec<String> = view.components().map(|component| format!("hdc-embedded/{component}")).collect();
    let program = build(&folder, TARGET, "firmware", &needs.join(","))?;
    let printed = emulate(&program)?;
    let decision = |found: &Nearest| (*found, view.confidence(found).unwrap_or(0), view.accepts(found));
    let expected: Vec<Decision> = predict(&view, data)?.iter().map(decision).collect();
    let (lines, figures) = parse(&printed)?;
    ensure!(lines.len() == expected.len(), "the chip classified {} windows of {}", lines.len(), expected.len());
    for (index, (chip, host)) in lines.iter().zip(&expected).enumerate() {
        ensure!(chip == host, "window {index}: the chip says {chip:?}, the host {host:?}");
    }
    let figure = |name: &str| figures.get(name).copied().with_context(|| format!("the chip printed no `{name}`"));
    Ok(Report {
        windows: lines.len(),
        instructions: figure("inference")?,
        open: figure("open")?,
        flash: flash_of(&program)? - windows.len() as u64,
        scratch: figure("scratch")?,
        stack: figure("stack")?,
    })
}

/// What the parts of a time step take on a chip.
pub(crate) struct Parts {
    /// Instructions, and bytes of RAM and of stack, by name.
    pub(crate) figures: BTreeMap<String, u64>,
    /// The bytes of each function of hdc-core in flash.
    pub(crate) functions: Vec<(String, u64)>,
}

/// Measures the parts of a time step of `model`, compiled for `target`.
pub(crate) fn parts(target: &str, model: &ModelBuf) -> Result<Parts> {
    let folder = tools::root().join("target/firmware/parts");
    fs::create_dir_all(&folder)?;
    model.save(folder.join("model.hdc"))?;
    fs::write(folder.join("windows.bin"), [])?;
    let program = build(&folder, target, "parts", "default")?;
    let bytes = fs::read(&program)?;
    let file = object::File::parse(&*bytes)?;
    let functions = file.symbols().filter_map(|symbol| {
        let name = symbol.name().ok().filter(|name| name.contains("8hdc_core"))?;
        Some((name.to_owned(), symbol.size()))
    });
    Ok(Parts { figures: parse(&emulate(&program)?)?.1, functions: functions.collect() })
}

/// Builds all programs with those `features`, the model and the windows in `folder`, among them the one that links only if no
/// path of the classifier panics; returns the path of `program`.
fn build(folder: &std::path::Path, target: &str, program: &str, features: &str) -> Result<PathBuf> {
    let mut command = tools::cargo();
    command.args(["build", "--package", "firmware", "--profile", "chip", "--quiet", "--locked", "--target", target]);
    command.args(["--no-default-features", "--features", &format!("chip,{features}"), "--target-dir"]);
    command.arg(tools::root().join("target/chip")).current_dir(tools::root());
    command.env("HDC_MODEL", folder.join("model.hdc")).env("HDC_WINDOWS", folder.join("windows.bin"));
    ensure!(command.status()?.success(), "the firmware does not build");
    Ok(tools::root().join("target/chip").join(target).join("chip").join(program))
}

/// What `program` prints in the emulator.
fn emulate(program: &std::path::Path) -> Result<String> {
    let mut command = Command::new("qemu-system-arm");
    command.args(["-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none", "-icount", "shift=6"]);
    command.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(program);
    let output = command.output().context("cannot start the emulator")?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = printed.lines().last().unwrap_or("nothing");
    ensure!(output.status.success(), "the firmware failed, last it printed: {last}");
    Ok(printed)
}

/// The nearest class, the confidence in it, and whether it is accepted.
type Decision = (Nearest, u8, bool);

/// The decision on each window and the named figures, from lines such as `12 3 701 98 84 1` and
/// `inference 1234 instructions`.
fn parse(printed: &str) -> Result<(Vec<Decision>, BTreeMap<String, u64>)> {
    let (mut windows, mut figures) = (Vec::new(), BTreeMap::new());
    for line in printed.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |word: &str| word.parse::<u32>().with_context(|| format!("unexpected line `{line}`"));
        match words[..] {
            [name, value, _unit] => {
                figures.insert(name.to_string(), u64::from(number(value)?));
            }
            [index, class, distance, margin, confidence, accepted] => {
                ensure!(number(index)? as usize == windows.len(), "window {} is missing", windows.len());
                let class = number(class)? as usize;
                let found = Nearest { class, distance: number(distance)?, margin: number(margin)? };
                windows.push((found, u8::try_from(number(confidence)?)?, number(accepted)? == 1));
            }
            _ => bail!("unexpected line `{line}`"),
        }
    }
    Ok((windows, figures))
}

/// Bytes of `program` that are in flash.
pub(crate) fn flash_of(program: &std::path::Path) -> Result<u64> {
    let bytes = fs::read(program)?;
    let file = object::File::parse(&*bytes)?;
    // What is loaded and has bytes in the file: not .bss, which is RAM.
    Ok(file.segments().map(|segment| segment.file_range().1).sum())
}
