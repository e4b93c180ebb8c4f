//! All tests.

use anyhow::Result;

use crate::{firmware, recipe, tools};

/// Chips without `std` that the library must build for.
const BARE: [&str; 3] = ["thumbv6m-none-eabi", firmware::TARGET, "riscv32imc-unknown-none-elf"];

pub(crate) fn run() -> Result<()> {
    if std::env::var_os("HDC_DATASETS").is_none() {
        println!("skipped: tests on data that is not shipped: set HDC_DATASETS to its folder");
    }
    tools::run(tools::cargo().args(["test", "--workspace", "--locked", "--quiet"]))?;
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

/// The firmware must print what the host computes, whatever kind of model it has.
fn emulated() -> Result<()> {
    for (name, trainer, data) in recipe::firmware_tests()? {
        let model = trainer.fit(&data)?;
        let report = firmware::compare(name, &model, &data)?;
        println!("firmware {name}: {} windows, chip and host agree bit for bit", report.windows);
    }
    Ok(())
}
