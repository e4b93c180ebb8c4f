//! `hdc data`.

use clap::Subcommand;
use hdc_datasets::{Info, Windowing};

use crate::common::pairs;
use crate::progress::Display;

const EXAMPLES: &str = "\
Examples:
  hdc data list
  hdc data info uci-emg
  hdc data fetch basicmotions";

/// Lists, describes and downloads the data sets that have a name
#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Command {
    /// Lists the data sets, one a line
    List,
    /// Says what a data set holds, where it comes from and under which licence
    Info {
        /// The name, as `hdc data list` shows it
        name: String,
    },
    /// Downloads the files of a data set into the cache and checks them
    Fetch {
        /// The name, as `hdc data list` shows it
        name: String,
    },
}

impl Command {
    pub(crate) fn run(&self) -> anyhow::Result<String> {
        match self {
            Self::List => Ok(list()),
            Self::Info { name } => Ok(describe(hdc_datasets::info(name)?)),
            Self::Fetch { name } => fetch(name),
        }
    }
}

fn list() -> String {
    let names: Vec<_> = hdc_datasets::list().iter().map(|info| (info.name, info.about.to_string())).collect();
    pairs(&names)
}

fn describe(info: &Info) -> String {
    let mut lines = vec![
        ("name", info.name.to_string()),
        ("about", info.about.to_string()),
        ("classes", info.classes.join(", ")),
        ("group", info.group.to_string()),
    ];
    for parameter in info.parameters {
        lines.push(("parameter", format!("{}:{}={}", info.name, parameter.key, parameter.values)));
    }
    let samples = match info.windowing() {
        Windowing::Fixed => "fixed by the source".to_string(),
        Windowing::Cut { window, hop } => {
            format!("recordings, cut into windows of {window} steps every {hop} (--window, --hop)")
        }
    };
    let files = if info.shipped() {
        "part of hdc".to_string()
    } else if info.fetchable() {
        format!("{} in the folder {}: {}", info.files.len(), info.folder, info.layout)
    } else {
        format!("to be put by hand into the folder {}: {}", info.folder, info.layout)
    };
    lines.extend([
        ("samples", samples),
        ("licence", info.licence.to_string()),
        ("source", info.source.to_string()),
        ("files", files),
    ]);
    pairs(&lines)
}

fn fetch(name: &str) -> anyhow::Result<String> {
    let display = Display::new();
    let paths = hdc_datasets::fetch(name, &mut |progress| {
        display.update(progress.file, "bytes", progress.done as usize, progress.total.map(|total| total as usize));
    })?;
    display.finish();
    if paths.is_empty() {
        return Ok(format!("{name} is part of hdc: there is nothing to fetch"));
    }
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    Ok(paths.join("\n"))
}
