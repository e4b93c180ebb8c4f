//! `cargo xtask demo` and `cargo xtask test`: the two commands of the README, and `accuracy`, which makes
//! its tables.

mod accuracy;
mod chip;
mod cost;
mod demo;
mod firmware;
mod folds;
mod notebook;
mod peers;
mod recipe;
mod reduction;
mod search;
mod test;
mod tools;
mod training;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Trains a gesture recogniser on the shipped recordings and runs it on an emulated Cortex-M4F.
    Demo,
    /// Runs all tests: host, documentation, `no_std` builds, emulated firmware.
    Test,
    /// Runs what is too slow for every change: the laws under Miri and the address sanitizer (needs a nightly toolchain).
    Nightly,
    /// Makes the tables of accuracies.
    Accuracy {
        /// Data sets; all if none is named.
        sets: Vec<String>,
    },
    /// Makes the table of small dimensions.
    Reduction {
        /// Data sets; all if none is named.
        sets: Vec<String>,
    },
    /// Looks for settings with `hdc search`, a grid and random search in the same time, and draws `benches/record/settings.svg`,
    /// or `settings-small.svg`.
    Search {
        /// Data sets; all that the plot has if none is named.
        sets: Vec<String>,
        /// The time of each run.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// What a model may take.
        #[arg(long, value_enum, default_value_t = search::Room::Large)]
        room: search::Room,
    },
    /// Measures on folds of the training sides what a way to make or choose hypervectors is worth.
    Folds {
        /// What is compared.
        table: folds::Table,
        /// Data sets; all that the table has if none is named.
        sets: Vec<String>,
    },
    /// Counts the instructions of each part of an inference on emulated chips.
    Chip,
    /// Compares the cost model with emulated chips, on models that it was not fitted to.
    Cost {
        /// Fits it first, and writes its table.
        #[arg(long)]
        calibrate: bool,
    },
    /// Runs the cells of the notebooks as programs.
    Notebook {
        /// In Jupyter instead, with the evcxr kernel; the outputs are kept in the files.
        #[arg(long)]
        kernel: bool,
    },
    /// Times the library beside its peers and writes a folder of `benches/record`.
    Peers {
        /// How often everything is run; medians are taken over the rounds.
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Training alone, beside torchhd; the other readings of the record stay.
        #[arg(long)]
        training: bool,
    },
    /// One training of `peers`, in a process of its own.
    #[command(hide = true)]
    Training {
        /// The data set.
        set: String,
        /// The training method.
        method: String,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Demo => demo::run(),
        Command::Test => test::run(),
        Command::Nightly => test::nightly(),
        Command::Accuracy { sets } => accuracy::run(&sets),
        Command::Reduction { sets } => reduction::run(&sets),
        Command::Search { sets, seconds, room } => search::run(&sets, seconds, room),
        Command::Folds { table, sets } => folds::run(table, &sets),
        Command::Chip => chip::run(),
        Command::Cost { calibrate } => cost::run(calibrate),
        Command::Notebook { kernel } => notebook::run(kernel),
        Command::Peers { rounds, training } => peers::run(rounds, training),
        Command::Training { set, method } => training::run(&set, &method),
    }
}
