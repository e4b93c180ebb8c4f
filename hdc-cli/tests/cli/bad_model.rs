//! Files that are no models, or none of ours.

use crate::command::Folder;

/// Both commands that read a model must refuse `bytes` and say all of `words`.
#[track_caller]
fn refused(folder: &Folder, bytes: &[u8], words: &[&str]) {
    folder.write("bad.hdc", bytes);
    let words = [&["bad.hdc"], words].concat();
    folder.fails(&["inspect", "bad.hdc"], &words);
    folder.fails(&["inspect", "bad.hdc", "--json"], &words);
    folder.fails(&["eval", "bad.hdc", "good.csv"], &words);
    assert_eq!(folder.read("bad.hdc"), bytes);
}

#[test]
fn a_truncated_model_is_refused() {
    let folder = Folder::with_model();
    let good = folder.read("good.hdc");
    for length in [0, 3] {
        refused(&folder, &good[..length], &["not a model"]);
    }
    for length in [4, 19, 20, 100, good.len() / 2, good.len() - 4, good.len() - 1] {
        refused(&folder, &good[..length], &[&format!("{length} bytes"), "copy the whole file"]);
    }
    refused(&folder, &[&good[..], &[0]].concat(), &["copy the whole file"]);
}

#[test]
fn a_corrupted_model_is_refused() {
    let folder = Folder::with_model();
    let good = folder.read("good.hdc");
    for at in [12, 16, 20, 50, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        refused(&folder, &bad, &["checksum", "damaged"]);
    }
}

#[test]
fn a_newer_format_says_to_update() {
    let folder = Folder::with_model();
    let mut newer = folder.read("good.hdc");
    newer[4..6].copy_from_slice(&99_u16.to_le_bytes());
    refused(&folder, &newer, &["format 99", "up to 7", "update"]);
    newer[4..6].copy_from_slice(&0_u16.to_le_bytes());
    refused(&folder, &newer, &["format 0"]);
}

#[test]
fn a_foreign_file_is_refused() {
    let folder = Folder::with_model();
    refused(&folder, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01", &["not a model"]);
    refused(&folder, &folder.read("good.csv"), &["not a model"]);
}

#[test]
fn a_missing_model_is_named() {
    let folder = Folder::with_model();
    std::fs::create_dir(folder.path("folder.hdc")).unwrap();
    for model in ["none.hdc", "no/such.hdc", "good.csv/x.hdc", "folder.hdc"] {
        folder.fails(&["inspect", model], &[model, "cannot read"]);
        folder.fails(&["eval", model, "good.csv"], &[model, "cannot read"]);
    }
}
