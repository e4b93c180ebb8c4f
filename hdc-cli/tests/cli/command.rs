//! The command and what it is run on.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Options for a small model that no retraining draws to the samples with the features of another class.
pub(crate) const CENTROIDS: [&str; 8] = ["--dim", "256", "--levels", "16", "--scale", "uniform", "--epochs", "0"];

/// A temporary folder in which the command runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with `good.csv` and the model `good.hdc` made of its train rows.
    pub(crate) fn with_model() -> Self {
        let folder = Self::new();
        folder.write("good.csv", good_csv());
        folder.ok(&[&["train", "good.csv", "--out", "good.hdc"], &CENTROIDS[..]].concat());
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The command in this folder, with no data sets but the one that is part of it.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hdc"));
        command.args(args).current_dir(self.0.path()).env_remove("HDC_DATASETS").env_remove("XDG_CACHE_HOME");
        command.env("HOME", self.0.path());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// The standard output of a command that succeeds.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.run(args);
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(status.success(), "{args:?}: {stderr}");
        assert!(!stderr.contains("error"), "{args:?}: {stderr}");
        String::from_utf8(stdout).unwrap()
    }

    /// The JSON of a command that succeeds: all of its standard output.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[args, &["--json"]].concat())).unwrap()
    }

    /// Runs a command that must fail, say all of `words` in its error, and print nothing.
    #[track_caller]
    pub(crate) fn fails(&self, args: &[&str], words: &[&str]) {
        let Output { status, stdout, stderr } = self.run(args);
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(matches!(status.code(), Some(1 | 2)), "{args:?}: {status}: {stderr}");
        let error = stderr.find("error: ").map_or("", |at| &stderr[at..]);
        assert!(!error.is_empty(), "{args:?}: {stderr}");
        assert!(words.iter().all(|word| error.contains(word)), "{args:?}: {words:?} are not all in: {error}");
        assert!(stdout.is_empty(), "{args:?} printed: {}", String::from_utf8_lossy(&stdout));
    }

    /// Like [`fails`](Self::fails) for `train ... --out old.hdc`: an older output must stay as it is, and no other
    /// file may appear.
    #[track_caller]
    pub(crate) fn train_fails(&self, args: &[&str], words: &[&str]) {
        self.write("old.hdc", "old");
        let before = names(self.0.path());
        self.fails(&[&["train"], args, &["--out", "old.hdc"]].concat(), words);
        assert_eq!(self.read("old.hdc"), b"old", "{args:?} touched the output");
        assert_eq!(names(self.0.path()), before, "{args:?} left files behind");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// 60 rows of 3 real features: classes low, mid and high, groups p and q; 40 rows train and 20 test. Every tenth row
/// has the features of another class, so that no model gets all right.
pub(crate) fn good_csv() -> String {
    let mut text = String::from("a,b,label,split,group,c\n");
    for row in 0..60 {
        let class = row % 3;
        let center = f64::from(if row % 10 == 9 { (class + 1) % 3 } else { class });
        let wiggle = f64::from(row * 7 % 11) / 50.0;
        let (split, group) = (if row < 40 { "train" } else { "test" }, if row % 2 == 0 { "p" } else { "q" });
        let label = ["low", "mid", "high"][class as usize];
        writeln!(text, "{:.3},{:.3},{label},{split},{group},{:.3}", center + wiggle, 2.0 - center, center - wiggle)
            .unwrap();
    }
    text
}

/// Two recordings of 40 steps of each of two classes, in counts: a slow and a fast square wave on two channels.
pub(crate) fn recordings_csv() -> String {
    let mut text = String::from("x,y,label,take\n");
    for (take, (label, period)) in [("slow", 8), ("fast", 2), ("slow", 8), ("fast", 2)].into_iter().enumerate() {
        for step in 0..40 {
            let up = (step + take) % period < period / 2;
            writeln!(text, "{},{},{label},{take}", if up { 100 } else { -100 }, if up { -50 } else { 50 }).unwrap();
        }
    }
    text
}
