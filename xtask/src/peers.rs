//! The library beside its peers: everything is timed in turn, and `benches/record/BACKEND` written, named by the machine's
//! best backend.
//!
//! A round is the Rust program with the machine's best backend, the same with AVX2 forced, and the Python
//! program, all in one thread and built with the default flags; then training on both sides, in two threads.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{tools, training};

const RUST: &str = "benches/peers/rust/Cargo.toml";
const PYTHON: &str = "benches/peers/python";

pub(crate) fn run(rounds: u32, training: bool) -> Result<()> {
    ensure!(cfg!(target_arch = "x86_64"), "the peers' limits are written for x86-64");
    let root = tools::root();
    let (python, left_out) = environment(&root)?;
    if training {
        return run_training(rounds, &python);
    }
    let mut programs = vec![build("target/peers", "")?];
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512vpopcntdq") {
        programs.push(build("target/peers-avx2", "--cfg hdc_backend=\"avx2\"")?);
    }
    let mut readings = Vec::new();
    for round in 0..rounds {
        println!("round {} of {rounds}", round + 1);
        for (index, program) in programs.iter().enumerate() {
            let run = format!(r#""round":{round},"program":"rust {index}""#);
            readings.extend(lines(&mut Command::new(program), &run, 1)?);
        }
        let mut peers = Command::new(&python);
        peers.arg(root.join(PYTHON).join("peers.py"));
        readings.extend(lines(&mut peers, &format!(r#""round":{round},"program":"python""#), 1)?);
        readings.extend(training::round(&python, round)?);
    }
    let left_out = left_out.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(",");
    write(&format!("{{\"cpu\":{:?},\"rounds\":{rounds},\"left_out\":[{left_out}],\"readings\":[", cpu()), &readings)
}

/// Training alone; the other readings of the record stay.
fn run_training(rounds: u32, python: &Path) -> Result<()> {
    let old = fs::read_to_string(record().join("peers.json")).context("run `cargo xtask peers` first")?;
    let (head, old) = old.split_once('\n').context("a record has a line a reading")?;
    let old = old.lines().map(|line| line.trim_end_matches(','));
    let mut readings: Vec<String> = old
        .filter(|line| line.starts_with("{\"round\"") && !line.contains("\"work\":\"training"))
        .map(str::to_owned)
        .collect();
    for round in 0..rounds {
        readings.extend(training::round(python, round)?);
    }
    write(head, &readings)
}

/// Writes the record, and from it the report.
fn write(head: &str, readings: &[String]) -> Result<()> {
    let folder = record();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("peers.json"), format!("{head}\n{}\n]}}\n", readings.join(",\n")))?;
    let report = ["run", "--quiet", "--release", "--package", "hdc-benches", "--bin", "report"];
    tools::run(tools::cargo().args(report).arg(folder))
}

/// The folder for machines of this kind: with other instructions all ratios are others.
fn record() -> PathBuf {
    tools::root().join("benches/record").join(format!("{:?}", hdc_core::kernel::backend()).to_lowercase())
}

/// The Python environment of the peers, and the packages that could not be installed.
fn environment(root: &Path) -> Result<(PathBuf, Vec<String>)> {
    let folder = root.join("target/peers-venv");
    let python = folder.join("bin/python");
    if !python.exists() {
        tools::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let mut left_out = Vec::new();
    for package in fs::read_to_string(root.join(PYTHON).join("requirements.txt"))?.lines() {
        if tools::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", package])).is_err() {
            println!("left out: {package} could not be installed");
            left_out.push(package.to_owned());
        }
    }
    Ok((python, left_out))
}

/// Builds the Rust program with these flags alone.
fn build(target: &str, flags: &str) -> Result<PathBuf> {
    let mut cargo = tools::cargo();
    cargo.args(["build", "--quiet", "--release", "--locked", "--manifest-path", RUST, "--target-dir", target]);
    tools::run(cargo.env("RUSTFLAGS", flags))?;
    Ok(tools::root().join(target).join("release/hdc-peers"))
}

/// What `program` prints on so many threads, a line of JSON a reading, each with the members `run` in front.
pub(crate) fn lines(program: &mut Command, run: &str, threads: usize) -> Result<Vec<String>> {
    for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"] {
        program.env(name, threads.to_string());
    }
    let name = program.get_program().to_string_lossy().into_owned();
    println!("$ {name}");
    let output = program.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {name}"))?;
    ensure!(output.status.success(), "{name} failed");
    let printed = String::from_utf8(output.stdout)?;
    Ok(printed.lines().filter_map(|line| line.strip_prefix('{')).map(|line| format!("{{{run},{line}")).collect())
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let name = value("model name").unwrap_or_else(|| env::consts::ARCH.to_owned());
    match (value("cpu family"), value("model")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => name,
    }
}
