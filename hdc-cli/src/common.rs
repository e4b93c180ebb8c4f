//! What the subcommands share.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use hdc_datasets::{Options, Windowing};
use hdc_train::{Dataset, Model, Part, SplitError};
use serde::Serialize;

pub(crate) const DATA_HELP: &str = "\
DATA is one of:
  a name        `spar`, or with parameters `uci-emg:subject=3`; `hdc data list` shows all
  a .csv file   a header row; column `label` is the class, `split` (train or test) and `group` (a person or a
                session) are optional, every other column is a feature. One row is one sample, or one time step
                if --series names the column that tells recordings apart
  a .ts file    of the UEA archive; --test adds its other half";

/// Refuses what could only fail after the work, so that no time is lost: an `--out` that cannot be written, or is one of
/// `inputs`.
pub(crate) fn check_output(out: &Path, inputs: &[Option<&Path>]) -> anyhow::Result<()> {
    if let Ok(there) = fs::metadata(out) {
        ensure!(there.is_file(), "{} is not a file: choose another name for --out", out.display());
        let same = |input: &Path| matches!((input.canonicalize(), out.canonicalize()), (Ok(a), Ok(b)) if a == b);
        let is_input = inputs.iter().flatten().any(|input| same(input));
        ensure!(!is_input, "--out {} would replace the data: choose another name", out.display());
    }
    ensure!(out.file_name().is_some(), "--out {} names no file: add a name", out.display());
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What saving will do. The file disappears again.
    tempfile::NamedTempFile::new_in(folder).with_context(|| {
        format!("the folder `{}` of --out cannot be written into, create it or choose another", folder.display())
    })?;
    Ok(())
}

#[derive(Args)]
pub(crate) struct Reading {
    /// Time steps in a window, for recordings [default: what suits the data set]
    #[arg(long, value_name = "STEPS")]
    pub(crate) window: Option<usize>,
    /// Time steps between the starts of two windows, for recordings [default: what suits the data set, or half the window]
    #[arg(long, value_name = "STEPS")]
    pub(crate) hop: Option<usize>,
    /// Column of a .csv file that tells recordings apart: its rows are then time steps
    #[arg(long, value_name = "COLUMN")]
    pub(crate) series: Option<String>,
    /// The test half of a .ts file
    #[arg(long, value_name = "FILE.ts")]
    pub(crate) test: Option<PathBuf>,
}

impl Reading {
    /// Whether nothing is asked for.
    pub(crate) fn is_plain(&self) -> bool {
        let Self { window, hop, series, test } = self;
        window.is_none() && hop.is_none() && series.is_none() && test.is_none()
    }

    pub(crate) fn options(&self) -> Options {
        Options { window: self.window, hop: self.hop, series: self.series.clone(), test: self.test.clone(), part: None }
    }
}

impl Reading {
    /// How to read `data` for `model`: recordings are cut into windows as long as the model's.
    pub(crate) fn options_for(&self, data: &str, model: &Model<'_>) -> Options {
        let mut options = self.options();
        let steps = model.metadata().steps as usize;
        let name = data.split(':').next().unwrap_or_default();
        let usual = match hdc_datasets::info(name).map(hdc_datasets::Info::windowing) {
            Ok(Windowing::Cut { window, .. }) => Some(window),
            _ => None,
        };
        // The hop of a data set goes with its usual window, so that is not spelled out.
        if options.window.is_none() && (options.series.is_some() || usual.is_some_and(|usual| usual != steps)) {
            options.window = Some(steps);
        }
        if options.series.is_some() && options.hop.is_none() {
            options.hop = options.window.map(|window| window.div_ceil(2));
        }
        options
    }
}

/// The samples of `data` that its source assigns to `part`, or all of them.
pub(crate) fn select(data: Dataset, part: Option<Part>) -> anyhow::Result<Dataset> {
    let Some(part) = part else { return Ok(data) };
    let parts = data.parts().unwrap_or(&[]);
    let chosen: Vec<usize> = (0..parts.len()).filter(|&index| parts[index] == part).collect();
    if chosen.is_empty() {
        let missing = if part == Part::Train { "train" } else { "test" };
        return Err(SplitError::NoPart { name: data.name().into(), missing }.into());
    }
    Ok(data.into_subset(&chosen)?)
}

/// The error and its causes in one line. A cause that the error before it quotes is not repeated.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

/// A share in three digits; a model that was trained in pieces does not know its own.
pub(crate) fn share(share: f32) -> String {
    if share.is_nan() { "not measured".into() } else { format!("{share:.3}") }
}

/// `12345678` as `12,345,678`.
pub(crate) fn thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}

/// Names and what belongs to them, one pair a line.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines(pairs.iter().map(|(name, value)| format!("{name:<width$}  {value}")))
}

/// Rows of cells in columns as wide as their widest cell: the first to the left, the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<String>>().join("  ")
    };
    lines(rows.iter().map(line))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line.trim_end().to_string() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cause_is_not_repeated() {
        let error = anyhow::anyhow!("disk full").context("cannot write x: disk full").context("nothing saved");
        assert_eq!(chain(&error), "nothing saved: cannot write x: disk full");
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn columns_are_aligned_by_characters() {
        let row = |cells: [&str; 3]| cells.map(String::from).to_vec();
        assert_eq!(table(&[row(["é", "n", "x"]), row(["long", "12", ""])]), "é      n  x\nlong  12\n");
    }
}
