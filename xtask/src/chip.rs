//! What each part of an inference costs on the chip.

use anyhow::Result;
use hdc_train::{Centroid, Dataset, Encoding, FrontEnd, Shape, Source, Trainer, Values};

use crate::firmware::Parts;
use crate::{firmware, tools};

/// The targets whose code is counted. Both run on the same emulated board: a Cortex-M4 executes what is
/// compiled for a Cortex-M0+, and what is counted are instructions.
const TARGETS: [(&str, &str); 2] = [("Cortex-M4", "thumbv7em-none-eabihf"), ("Cortex-M0+", "thumbv6m-none-eabi")];

/// The parts of a time step, and what the names of their functions contain.
const PARTS: [(&str, &[&str]); 4] = [
    ("spatial", &["record", "quantise", "spatial", "Spatial"]),
    ("n-gram", &["rotate"]),
    ("bundle", &["bundle"]),
    ("search", &["nearest", "hamming", "associative"]),
];

pub(crate) fn run() -> Result<()> {
    println!("| instructions | D | memories | spatial | n-gram | bundle | search | model bytes |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut sizes = String::new();
    for (chip, target) in TARGETS {
        if !(tools::target(target).or_skip(chip)? && tools::emulator().or_skip(chip)?) {
            continue;
        }
        for dimension in [1024, 10_048] {
            for memories in [Source::Stored, Source::Regenerated] {
                let name = format!("{memories:?}").to_lowercase();
                let model = pulp(dimension, memories).fit(&task(5)?)?;
                let Parts { figures, functions } = firmware::parts(target, &model)?;
                let figure = |name: &str| figures.get(name).copied().unwrap_or_default();
                let instructions = PARTS.map(|(part, _)| figure(part).to_string()).join(" | ");
                let bytes = model.as_bytes().len();
                println!("| {chip} | {dimension} | {name} | {instructions} | {bytes} |");
                for (part, names) in PARTS {
                    let of_part = |name: &str| names.iter().any(|part| name.contains(part));
                    let flash: u64 = functions.iter().filter(|(name, _)| of_part(name)).map(|(_, size)| size).sum();
                    let (ram, stack) = (figure(&format!("{part}-ram")), figure(&format!("{part}-stack")));
                    sizes += &format!("| {chip} | {dimension} | {name} | {part} | {flash} | {ram} | {stack} |\n");
                }
            }
        }
    }
    println!(
        "\nFlash is that of the kernels, for any number of channels, without what the compiler puts into their callers"
    );
    println!(
        "and without the memories, which are in the model; RAM is that of 5-grams, and of a window of 64 of them.\n"
    );
    println!("| bytes | D | memories | part | flash | RAM | stack |\n|---|---|---|---|---|---|---|\n{sizes}");
    if tools::target(firmware::TARGET).or_skip("front end")? && tools::emulator().or_skip("front end")? {
        front_end()?;
    }
    Ok(())
}

/// The shape of PULP-HD's task (Montagna et al. 2018): 4 channels, 22 levels, 5-grams, 5 classes. What is
/// counted does not depend on the values, so they are made up.
fn task(steps: usize) -> Result<Dataset> {
    let shape = Shape { steps, channels: 4 };
    let classes: Vec<String> = (1..=5).map(|class| format!("gesture {class}")).collect();
    let samples = 40;
    let value = |at: usize| i16::try_from(at * (7 + at / shape.len() % 5) % 256);
    let values = (0..samples * shape.len()).map(value).collect::<Result<_, _>>()?;
    let labels = (0..samples).map(|sample| sample % classes.len()).collect();
    Ok(Dataset::new("shape of PULP-HD", shape, Values::I16(values), classes, labels)?)
}

/// What a time step of 4 channels takes in a front end. Of each window one step is kept and encoded to 32 bits, so that an
/// inference is hardly more than the front end; the first row is the rest.
fn front_end() -> Result<()> {
    const STEPS: usize = 64;
    println!("| front end, Cortex-M4 | instructions a step of 4 channels |\n|---|---|");
    let at = || FrontEnd::new(1000.0);
    let stages = [
        ("nothing", at()),
        ("1 biquad", at().high_pass(20.0)),
        ("3 biquads", at().high_pass(20.0).notch(50.0, 10.0).low_pass(450.0)),
        ("3 biquads, envelope", at().high_pass(20.0).notch(50.0, 10.0).low_pass(450.0).envelope(0.1)),
    ];
    let data = task(STEPS)?;
    for (name, stage) in stages {
        let trainer = Trainer::new().dimension(32).encoding(Encoding::record().whole()).method(Centroid);
        let model = trainer.front_end(stage.decimate(STEPS)).fit(&data)?;
        let report = firmware::compare("front-end", &model, &data)?;
        println!("| {name} | {} |", report.instructions / STEPS as u64);
    }
    Ok(())
}

fn pulp(dimension: usize, memories: Source) -> Trainer {
    let encoding = Encoding::record().levels(22).ngram(5, 1).memories(memories);
    Trainer::new().dimension(dimension).encoding(encoding).method(Centroid)
}
