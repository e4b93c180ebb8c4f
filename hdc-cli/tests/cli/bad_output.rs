//! Places that a model cannot be written to; all are found before the training.

use std::fs;

use crate::command::{CENTROIDS, Folder, good_csv};

/// Runs the training, which must fail without having begun.
#[track_caller]
fn fails_at_once(folder: &Folder, out: &str, words: &[&str]) {
    let args = ["train", "good.csv", "--out", out, "--dim", "256"];
    folder.fails(&args, words);
    let stderr = String::from_utf8(folder.run(&args).stderr).unwrap();
    assert!(stderr.starts_with("error: ") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn folders_that_do_not_exist_or_are_files_are_named() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    folder.write("file", "");
    fs::create_dir(folder.path("there")).unwrap();
    fails_at_once(&folder, "none/m.hdc", &["`none`", "--out", "No such file", "create it"]);
    fails_at_once(&folder, "file/m.hdc", &["`file`", "--out", "Not a directory"]);
    fails_at_once(&folder, "there", &["there is not a file", "--out"]);
    fails_at_once(&folder, "..", &["--out"]);
    assert!(!folder.path("none").exists() && folder.path("there").is_dir());
}

#[test]
fn a_folder_that_is_read_only_is_named() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    fs::create_dir(folder.path("locked")).unwrap();
    folder.write("locked/m.hdc", "old");
    let set = |readonly| {
        let mut permissions = fs::metadata(folder.path("locked")).unwrap().permissions();
        permissions.set_readonly(readonly);
        fs::set_permissions(folder.path("locked"), permissions).unwrap();
    };
    set(true);
    // Permissions do not bind root.
    if fs::write(folder.path("locked/probe"), "").is_err() {
        fails_at_once(&folder, "locked/m.hdc", &["`locked`", "--out", "ermission"]);
    }
    #[allow(clippy::permissions_set_readonly_false, reason = "a temporary folder, to be removed")]
    set(false);
    assert_eq!(folder.read("locked/m.hdc"), b"old");
}

#[test]
fn the_data_is_not_overwritten() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    fails_at_once(&folder, "good.csv", &["good.csv", "--out", "replace the data"]);
    fails_at_once(&folder, "./good.csv", &["replace the data"]);
    assert_eq!(folder.read("good.csv"), good_csv().as_bytes());
}

#[cfg(unix)]
#[test]
fn devices_are_not_replaced() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    fails_at_once(&folder, "/dev/null", &["/dev/null", "not a file"]);
}

#[test]
fn an_older_model_is_replaced_when_all_went_well() {
    let folder = Folder::with_model();
    folder.write("m.hdc", "old");
    folder.ok(&[&["train", "good.csv", "--out", "m.hdc"], &CENTROIDS[..]].concat());
    assert_eq!(folder.read("m.hdc"), folder.read("good.hdc"));
    let names = fs::read_dir(folder.path("")).unwrap().count();
    assert_eq!(names, 3, "the data and two models");
}
