use crate::command::{Folder, recordings_csv};

#[test]
fn a_model_is_made_smaller() {
    let folder = Folder::with_model();
    let report = folder.json(&["reduce", "good.hdc", "good.csv", "--dim", "64", "--out", "small.hdc"]);
    assert_eq!((&report["dimension_before"], &report["dimension"]), (&256.into(), &64.into()));
    assert_eq!(report["model_bytes"], folder.read("small.hdc").len());
    assert!(folder.read("small.hdc").len() < folder.read("good.hdc").len());
    // The best that any model can do on these rows.
    assert_eq!(folder.json(&["eval", "small.hdc", "good.csv"])["accuracy"], 0.9);
    assert_eq!(folder.json(&["eval", "small.hdc", "good.csv", "--split", "train"])["accuracy"], 0.9);
    assert!((report["train_accuracy"].as_f64().unwrap() - 0.9).abs() < 1e-6, "{report}");
    assert_eq!(folder.json(&["inspect", "small.hdc"])["dimension"], 64);
    let text = folder.ok(&["reduce", "good.hdc", "good.csv", "--dim", "64", "--out", "again.hdc"]);
    assert!(text.contains("64 bits, of 256"), "{text}");
    assert_eq!(folder.read("again.hdc"), folder.read("small.hdc"));
}

#[test]
fn what_cannot_be_reduced_is_refused() {
    let folder = Folder::with_model();
    let reduce = |model: &'static str, data: &'static str, dim: &'static str| {
        ["reduce", model, data, "--dim", dim, "--out", "small.hdc"]
    };
    folder.fails(&reduce("good.hdc", "good.csv", "100"), &["good.hdc", "multiple of 32 from 32 to the model's 256"]);
    folder.fails(&reduce("good.hdc", "none.csv", "64"), &["none.csv"]);
    folder.write("takes.csv", recordings_csv());
    let read = ["--series", "take", "--window", "16", "--hop", "4", "--dim", "512"];
    folder.ok(&[&["train", "takes.csv", "--out", "m.hdc"], &read[..]].concat());
    folder.fails(&reduce("m.hdc", "takes.csv", "64"), &["n-grams of 3 steps", "order 1"]);
    let into = ["reduce", "good.hdc", "good.csv", "--dim", "64", "--out", "none/m.hdc"];
    folder.fails(&into, &["`none`", "--out", "create it"]);
    assert!(!folder.path("small.hdc").exists());
}
