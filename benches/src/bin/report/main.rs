//! Makes `peers.md` and the plots from `peers.json`, which `cargo xtask peers` has written into a folder of `benches/record`.

mod plot;
mod record;
mod table;
mod targets;

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result};
use record::Record;

fn main() -> Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).context("name the folder of the record")?);
    let json = fs::read_to_string(folder.join("peers.json")).context("run `cargo xtask peers` first")?;
    let record: Record = serde_json::from_str(&json)?;
    let report = format!("{}\n{}\n{}", head(&record), targets::section(&record), table::section(&record));
    print!("{report}");
    fs::write(folder.join("peers.md"), report)?;
    plot::search(&record, &folder.join("search.svg"))?;
    plot::bundle(&record, &folder.join("bundle.svg"))?;
    plot::scaling(&record, &folder.join("scaling.svg"))
}

fn head(record: &Record) -> String {
    let left_out = match record.left_out.as_slice() {
        [] => String::new(),
        names => format!("\nCould not be installed and left out: {}.\n", names.join(", ")),
    };
    format!(
        "# The library beside its peers\n\n\
         Written by `cargo xtask peers` on {}, {} rounds, one thread, default build flags, processor time.\n{left_out}\n\
         The engines take turns inside one program, sample by sample; the Python peers run between two of our\n\
         runs. Arrays of the Rust engines begin at lines of the cache. Figures are medians of the rounds'\n\
         medians, ratios are taken inside a round. Beside the peers' 10,000 bits ours does 10,016 (records:\n\
         10,048 both), csm-core-lib does 10,240. Our search also gives the margin to the second nearest.\n",
        record.cpu, record.rounds
    )
}
