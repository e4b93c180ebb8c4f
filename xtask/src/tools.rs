//! The tools that the demo and the tests need: installed where that is possible, named where it is not.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// `cargo`, in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    // What this program was built with must not leak into what it builds.
    command.current_dir(root()).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

/// Runs `command` and shows what it prints.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    ensure!(status.success(), "`{}` failed", shown(command));
    Ok(())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// What `command` prints, if it can be run.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a tool is there, and if not, why not and what would bring it.
pub(crate) enum Available {
    Yes,
    No(String),
}

impl Available {
    /// On a continuous-integration machine nothing may be skipped.
    pub(crate) fn or_skip(self, what: &str) -> Result<bool> {
        match self {
            Self::Yes => Ok(true),
            Self::No(reason) if env::var_os("CI").is_some() => bail!("{what}: {reason}"),
            Self::No(reason) => {
                println!("skipped: {what}: {reason}");
                Ok(false)
            }
        }
    }
}

/// The standard library for `target`, added with rustup if it is missing.
pub(crate) fn target(target: &str) -> Available {
    let installed = |list: &str| list.lines().any(|line| line == target);
    match output("rustup", &["target", "list", "--installed"]) {
        None => {
            // Without rustup, the compiler itself knows whether it has the target.
            let libraries = output("rustc", &["--print", "target-libdir", "--target", target]);
            match libraries.is_some_and(|path| PathBuf::from(path.trim()).is_dir()) {
                true => Available::Yes,
                false => Available::No(format!("install rustup, or the Rust target {target}")),
            }
        }
        Some(list) if installed(&list) => Available::Yes,
        Some(_) => match run(Command::new("rustup").args(["target", "add", target])) {
            Ok(()) => Available::Yes,
            Err(_) => Available::No(format!("`rustup target add {target}` failed: run it when online")),
        },
    }
}

/// The emulator of microcontroller boards.
pub(crate) fn emulator() -> Available {
    program("qemu-system-arm", "qemu-system-arm")
}

/// What `program` is, installed from the Debian packages `packages` where this user may do so.
pub(crate) fn program(program: &str, packages: &str) -> Available {
    let there = || output(program, &["--version"]).is_some();
    let root = || output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !there() && root() && output("apt-get", &["--version"]).is_some() {
        let install = format!("apt-get update -qq && apt-get install -y -qq --no-install-recommends {packages}");
        // Whether it worked is asked right below.
        let _ = run(Command::new("sh").args(["-c", &install]).stdout(Stdio::null()));
    }
    if there() {
        return Available::Yes;
    }
    Available::No(format!("{program} is missing: `sudo apt-get install {packages}`, or your system's package of it"))
}
