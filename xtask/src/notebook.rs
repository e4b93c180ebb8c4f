//! The notebooks, run as programs: their cells must compile and do what they say.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::tools;

const FOLDER: &str = "examples/notebooks";

/// Runs every notebook; with `kernel`, in Jupyter with the evcxr kernel, which keeps the outputs in the file.
pub(crate) fn run(kernel: bool) -> Result<()> {
    let mut paths: Vec<_> = fs::read_dir(tools::root().join(FOLDER))?.collect::<Result<_, _>>()?;
    paths.retain(|entry| entry.path().extension().is_some_and(|extension| extension == "ipynb"));
    for entry in paths {
        if kernel {
            let mut jupyter = std::process::Command::new("jupyter");
            jupyter.args(["nbconvert", "--to", "notebook", "--execute", "--inplace"]).arg(entry.path());
            let options = ["--ExecutePreprocessor.timeout=900", "--ExecutePreprocessor.record_timing=False"];
            tools::run(jupyter.args(options))?;
        } else {
            program(&entry.path()).with_context(|| format!("{} does not run", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Makes a program of the cells and runs it.
fn program(notebook: &Path) -> Result<()> {
    let cells: serde_json::Value = serde_json::from_slice(&fs::read(notebook)?)?;
    let (mut dependencies, mut body) = (String::new(), String::new());
    for cell in cells["cells"].as_array().context("it has no cells")? {
        if cell["cell_type"] == "code" {
            let lines: Vec<&str> =
                cell["source"].as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
            translate(&lines.concat(), &mut dependencies, &mut body)?;
        }
    }
    let folder = tools::root().join("target/notebook");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"notebook\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\nopt-level = 2\ndebug = 0\n\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The versions of the workspace, as far as it has them.
    fs::copy(tools::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::write(
        folder.join("src/main.rs"),
        format!("fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}    Ok(())\n}}\n"),
    )?;
    // Drawings are long, and nobody looks at them here.
    tools::run(tools::cargo().args(["run", "--quiet"]).current_dir(&folder).stdout(std::process::Stdio::null()))
}

/// One cell as evcxr takes it: `:dep` lines, statements, and the value of the last line, which draws itself.
fn translate(cell: &str, dependencies: &mut String, body: &mut String) -> Result<()> {
    let (deps, code): (Vec<&str>, Vec<&str>) = cell.lines().partition(|line| line.starts_with(":dep "));
    for dep in deps {
        let dep = dep.trim_start_matches(":dep ");
        // Paths are relative to the notebook.
        let folder = tools::root().join(FOLDER);
        writeln!(dependencies, "{}", dep.replace("path = \"", &format!("path = \"{}/", folder.display())))?;
    }
    for (at, line) in code.iter().enumerate() {
        let is_value = at + 1 == code.len() && !line.starts_with(' ') && !line.ends_with([';', '}']);
        match is_value {
            true => writeln!(body, "({line}).evcxr_display();")?,
            false => writeln!(body, "{line}")?,
        }
    }
    Ok(())
}
