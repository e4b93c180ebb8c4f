use std::process::Stdio;

use crate::command::Folder;

#[test]
fn the_list_names_the_sets_and_info_describes_each() {
    let folder = Folder::new();
    let list = folder.ok(&["data", "list"]);
    let names: Vec<&str> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(names.contains(&"spar") && names.contains(&"uci-emg"), "{list}");
    for name in names {
        let info = folder.ok(&["data", "info", name]);
        assert!(info.contains(name) && info.contains("licence") && info.contains("https://"), "{info}");
    }
    let info = folder.ok(&["data", "info", "spar"]);
    assert!(info.contains("PEN, ABD, FEL, IR, ER, TRAP, ROW") && info.contains("spar:side=left|right"), "{info}");
}

#[test]
fn what_is_shipped_needs_no_fetching() {
    let folder = Folder::new();
    assert!(folder.ok(&["data", "fetch", "spar"]).contains("nothing to fetch"));
}

#[test]
fn names_that_are_none_are_refused() {
    let folder = Folder::new();
    for command in ["info", "fetch"] {
        folder.fails(&["data", command, "spa"], &["`spa`", "did you mean `spar`?"]);
    }
    folder.fails(&["data", "bogus"], &["bogus"]);
    folder.fails(&["eval"], &["M.hdc"]);
    folder.fails(&["inspect", "spar", "--bogus"], &["--bogus"]);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = Folder::new();
    let mut child = folder.command(&["data", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_standard_output_is_an_error() {
    let folder = Folder::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["data", "list"]).stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && stderr.starts_with("error: cannot write"), "{stderr}");
}

#[test]
fn every_command_explains_itself() {
    let folder = Folder::new();
    for command in [&[][..], &["train"], &["eval"], &["inspect"], &["data"]] {
        let help = folder.ok(&[command, &["--help"]].concat());
        assert!(help.contains("Examples:\n  hdc "), "{help}");
    }
    assert!(folder.ok(&["--version"]).starts_with("hdc "));
}
