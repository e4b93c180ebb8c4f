//! The command `hdc`: trains, evaluates and inspects hyperdimensional-computing classifiers.

mod common;
mod data;
mod eval;
mod inspect;
mod progress;
mod reduce;
mod search;
mod settings;
mod stream;
mod train;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

const EXAMPLES: &str = "\
Examples:
  hdc data list                              what there is to learn from
  hdc train spar --out watch.hdc             train on the data set that comes with hdc
  hdc train mine.csv --out mine.hdc          train on your own table (columns: `label` and features)
  hdc search spar --flash 64KiB --ram 4KiB --out found   the best model that fits a chip
  hdc eval mine.hdc new.csv                  measure on rows that the model has not seen
  hdc inspect mine.hdc                       what is in the file, and the RAM that it needs on a chip";

/// Trains, evaluates and inspects hyperdimensional-computing classifiers: small models of bits that run
/// on a microcontroller as they do here.
#[derive(Parser)]
#[command(name = "hdc", version, after_help = EXAMPLES, arg_required_else_help = true)]
enum Command {
    Train(Box<train::Command>),
    Eval(eval::Command),
    Search(search::Command),
    Reduce(reduce::Command),
    Inspect(inspect::Command),
    #[command(subcommand)]
    Data(data::Command),
}

fn main() -> ExitCode {
    // Nothing is printed before all is done, so that the standard output is either whole or empty.
    let done = match Command::parse() {
        Command::Train(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Search(command) => command.run(),
        Command::Reduce(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Data(command) => command.run(),
    };
    match done.and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where the error output is closed, the exit status has to say it alone.
            let _ = writeln!(io::stderr(), "error: {}", common::chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// Writes `text` to the standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to the standard output"),
    }
}
