//! All tests.

use std::process::Command;

use anyhow::{Context, Result};

use crate::firmware::{self, models};
use crate::{notebook, tools};

/// Chips without `std` that the library must build for.
const BARE: [&str; 3] = ["thumbv6m-none-eabi", firmware::TARGET, "riscv32imc-unknown-none-elf"];

pub(crate) fn run() -> Result<()> {
    if std::env::var_os("HDC_DATASETS").is_none() {
        println!("skipped: tests on data that is not shipped: set HDC_DATASETS to its folder");
    }
    tools::run(tools::cargo().args(["test", "--workspace", "--locked", "--quiet"]))?;
    notebook::run(false)?;
    let few = ["--no-default-features", "--features", "record,learned-record,old-formats"];
    tools::run(tools::cargo().args(["test", "--package", "hdc-core", "--test", "components", "--locked"]).args(few))?;
    backends()?;
    for target in BARE {
        if tools::target(target).or_skip(&format!("build for {target}"))? {
            for features in [&[][..], &["--features", "float"]] {
                let build = ["build", "--package", "hdc-embedded", "--locked", "--quiet", "--target", target];
                tools::run(tools::cargo().args(build).args(features))?;
            }
        }
    }
    let can = tools::target(firmware::TARGET).or_skip("emulated firmware")?
        && tools::emulator().or_skip("emulated firmware")?;
    if can {
        emulated()?;
    }
    Ok(())
}

/// The laws of hdc-core under Miri, which sees every access out of bounds and every undefined value, on the
/// portable backend and on AVX2; and on the best backend of the machine, which Miri may not know, and on AVX2 at sizes that
/// are too large for Miri, with the address sanitizer and a standard library that checks what it is promised.
pub(crate) fn nightly() -> Result<()> {
    let components = ["component", "add", "--toolchain", "nightly", "miri", "rust-src"];
    tools::run(Command::new("rustup").args(components))
        .context("this takes a nightly toolchain: `rustup toolchain install nightly`")?;
    let laws = ["--package", "hdc-core", "--test", "laws", "--test", "golden"];
    // rustup's own `cargo` understands which toolchain is meant.
    let nightly = || {
        let mut command = tools::cargo();
        command.env_remove("RUSTUP_TOOLCHAIN").arg("+nightly");
        command
    };
    // Interpreted vector instructions take longest, and each test case runs all lengths of loops.
    for (backend, cases) in [("portable", "4"), ("avx2", "2")] {
        println!("backend {backend}, under Miri:");
        let mut command = nightly();
        command.args(["miri", "test"]).args(laws).env("PROPTEST_CASES", cases);
        command.env("RUSTFLAGS", format!("--cfg hdc_backend=\"{backend}\""));
        command.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        tools::run(command.env("CARGO_TARGET_DIR", tools::root().join("target/miri")))?;
    }
    let target = "x86_64-unknown-linux-gnu";
    for (backend, flags) in [("best", ""), ("avx2", " --cfg hdc_backend=\"avx2\"")] {
        println!("backend {backend}, with the address sanitizer:");
        let mut command = nightly();
        command.arg("test").args(laws).args(["-Zbuild-std", "--target", target]);
        command.env("RUSTFLAGS", format!("-Zsanitizer=address -Cdebug-assertions=yes{flags}"));
        tools::run(command.env("CARGO_TARGET_DIR", tools::root().join("target/sanitizer")))?;
    }
    Ok(())
}

/// The laws of hdc-core hold for every backend that this machine can run, not only for the one it chooses.
fn backends() -> Result<()> {
    let test = ["test", "--package", "hdc-core", "--locked", "--quiet"];
    let folder = |name: &str| tools::root().join("target/backends").join(name);
    for backend in ["portable", "avx2"] {
        let flags = format!("--cfg hdc_backend=\"{backend}\"");
        println!("backend {backend}:");
        tools::run(tools::cargo().args(test).env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", folder(backend)))?;
    }
    let target = "aarch64-unknown-linux-gnu";
    let can = tools::target(target).or_skip("backend neon")?
        && tools::program("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross")
            .or_skip("backend neon")?
        && tools::program("qemu-aarch64", "qemu-user").or_skip("backend neon")?;
    if can {
        println!("backend neon, in the emulator:");
        let mut command = tools::cargo();
        command.args(test).args(["--target", target]).env("CARGO_TARGET_DIR", folder("neon"));
        command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc");
        let runner = "qemu-aarch64 -L /usr/aarch64-linux-gnu";
        tools::run(command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", runner))?;
    }
    Ok(())
}

/// The firmware must print what the host computes, whatever kind of model it has.
fn emulated() -> Result<()> {
    for (name, trainer, data) in models::of_every_kind()? {
        let model = trainer.fit(&data)?;
        let report = firmware::compare(name, &model, &data)?;
        println!("firmware {name}: {} windows, chip and host agree bit for bit", report.windows);
    }
    Ok(())
}
