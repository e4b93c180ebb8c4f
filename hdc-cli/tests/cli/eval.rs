use serde_json::{Value, json};

use crate::command::{Folder, recordings_csv};

fn rows(confusion: &Value) -> Vec<Vec<u64>> {
    serde_json::from_value(confusion.clone()).unwrap()
}

/// Checks that all figures of `report` follow from its confusion matrix.
#[track_caller]
fn consistent(report: &Value) {
    let rows = rows(&report["confusion"]);
    let n: u64 = rows.iter().flatten().sum();
    let right: Vec<u64> = rows.iter().enumerate().map(|(class, row)| row[class]).collect();
    let near = |figure: &Value, expected: f64| (figure.as_f64().unwrap() - expected).abs() < 1e-9;
    assert_eq!(report["n"], n);
    assert_eq!(report["classes"].as_array().unwrap().len(), rows.len());
    assert!(near(&report["accuracy"], right.iter().sum::<u64>() as f64 / n as f64), "{report}");
    let recalls: Vec<f64> = rows
        .iter()
        .zip(&right)
        .map(|(row, &right)| right as f64 / row.iter().sum::<u64>() as f64)
        .filter(|recall| recall.is_finite())
        .collect();
    assert!(near(&report["balanced_accuracy"], recalls.iter().sum::<f64>() / recalls.len() as f64), "{report}");
    if let Some(groups) = report.get("groups") {
        let groups = groups.as_array().unwrap();
        let sum = |figure: &dyn Fn(&Value) -> f64| groups.iter().map(figure).sum::<f64>();
        let count = |group: &Value| group["n"].as_f64().unwrap();
        assert!(groups.len() > 1);
        assert!((sum(&count) - n as f64).abs() < 1e-9);
        let right_in_groups = sum(&|group| group["accuracy"].as_f64().unwrap() * count(group));
        assert!((right_in_groups - right.iter().sum::<u64>() as f64).abs() < 1e-6, "{report}");
    }
}

#[test]
fn the_test_rows_are_measured_unless_told_otherwise() {
    let folder = Folder::with_model();
    let eval = |split: &[&str]| folder.json(&[&["eval", "good.hdc", "good.csv"], split].concat());
    for (split, name, n, wrong) in [
        (&[][..], "test", 20, 2),
        (&["--split", "test"], "test", 20, 2),
        (&["--split", "train"], "train", 40, 4),
        (&["--split", "all"], "all", 60, 6),
    ] {
        let report = eval(split);
        consistent(&report);
        assert_eq!((&report["n"], &report["split"]), (&n.into(), &name.into()));
        // Exactly the rows that have the features of another class are wrong.
        assert!((report["accuracy"].as_f64().unwrap() - (1.0 - f64::from(wrong) / f64::from(n))).abs() < 1e-9);
        assert_eq!(report["classes"], json!(["high", "low", "mid"]));
        assert_eq!(report["dimension"], 256);
        assert_eq!(report["model_bytes"], folder.read("good.hdc").len());
        assert!(report["seconds"].as_f64().unwrap() >= 0.0);
        let groups: Vec<&str> =
            report["groups"].as_array().unwrap().iter().map(|group| group["group"].as_str().unwrap()).collect();
        assert_eq!(groups, ["p", "q"]);
    }
}

#[test]
fn rows_are_the_truth_and_both_are_in_the_order_of_the_model() {
    let folder = Folder::with_model();
    // The features of `low`, twice called `mid`; the file lists two of the model's three classes.
    folder.write("new.csv", "a,b,label,c\n0.0,2.0,mid,0.0\n0.1,2.0,mid,0.0\n0.1,2.0,low,0.0\n");
    let report = folder.json(&["eval", "good.hdc", "new.csv"]);
    consistent(&report);
    assert_eq!(rows(&report["confusion"]), [[0, 0, 0], [0, 1, 0], [0, 2, 0]]);
    assert_eq!((&report["n"], &report["split"]), (&3.into(), &"all".into()));
    assert!(report.get("groups").is_none(), "{report}");
}

#[test]
fn the_table_has_the_figures_of_the_json() {
    let folder = Folder::with_model();
    let text = folder.ok(&["eval", "good.hdc", "good.csv"]);
    let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(words.contains(&vec!["all", "20", "0.900", "0.905"]), "{text}");
    assert!(words.contains(&vec!["high", "low", "mid"]), "{text}");
    let report = folder.json(&["eval", "good.hdc", "good.csv"]);
    for (class, row) in ["high", "low", "mid"].iter().zip(rows(&report["confusion"])) {
        let counts = row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let expected = format!("{class} {counts}");
        assert!(words.iter().any(|line| line.join(" ") == expected), "{expected}: {text}");
    }
    assert!(words.iter().any(|line| line.starts_with(&["group", "p", "10"])), "{text}");
    // Both wrong rows, 49 and 59, are in group q.
    assert!(text.contains("accuracy 0.900 +- 0.141"), "{text}");
}

#[test]
fn windows_are_as_long_as_those_of_the_model() {
    let folder = Folder::new();
    folder.write("takes.csv", recordings_csv());
    let read = ["--series", "take", "--window", "16", "--hop", "4", "--dim", "512"];
    folder.ok(&[&["train", "takes.csv", "--out", "m.hdc"], &read[..]].concat());
    let eval = |more: &[&str]| folder.json(&[&["eval", "m.hdc", "takes.csv", "--series", "take"], more].concat());
    // Hop: half the window, unless given.
    assert_eq!(eval(&[])["n"], 16);
    assert_eq!(eval(&["--hop", "4"])["n"], 28);
    assert_eq!(eval(&["--window", "16", "--hop", "24"])["n"], 8);
    folder.fails(
        &["eval", "m.hdc", "takes.csv", "--series", "take", "--window", "10", "--hop", "5"],
        &["takes.csv", "10 steps x 2 channels", "16 x 2"],
    );
}

#[test]
fn spar_is_measured_by_subject() {
    let folder = Folder::new();
    let train = folder.json(&["train", "spar", "--out", "m.hdc", "--dim", "512"]);
    let report = folder.json(&["eval", "m.hdc", "spar"]);
    consistent(&report);
    assert_eq!(report["n"], train["samples"]);
    assert_eq!(report["groups"].as_array().unwrap().len(), 10);
    assert_eq!(report["classes"], json!(["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]));
    let (measured, trained) = (report["accuracy"].as_f64().unwrap(), train["train_accuracy"].as_f64().unwrap());
    assert!((measured - trained).abs() < 1e-6, "{measured} {trained}");
    // Seven classes: guessing gives 0.14.
    assert!(measured > 0.5, "{measured}");
    let left = folder.json(&["eval", "m.hdc", "spar:side=left"]);
    assert!(left["n"].as_u64() < report["n"].as_u64());
    assert!(folder.ok(&["eval", "m.hdc", "spar"]).contains("note: the model has learned from this data"));
    // A window of another length than usual is taken from the model.
    let train = folder.json(&["train", "spar:side=left", "--window", "60", "--out", "short.hdc", "--dim", "256"]);
    assert_eq!(train["steps"], 60);
    assert_eq!(folder.json(&["eval", "short.hdc", "spar:side=left"])["n"], train["samples"]);
}

const TS: &str =
    "@problemName waves\n@univariate true\n@equalLength true\n@seriesLength 8\n@classLabel true up down\n@data\n";

#[test]
fn a_ts_file_is_measured_whole_and_a_pair_on_its_test_half() {
    let folder = Folder::new();
    let (up, down) = ("1,2,3,4,5,6,7,8:up\n", "8,7,6,5,4,3,2,1:down\n");
    folder.write("A_TRAIN.ts", [TS, up, down, up, down].concat());
    folder.write("A_TEST.ts", [TS, down, up, down].concat());
    let train = folder.ok(&["train", "A_TRAIN.ts", "--test", "A_TEST.ts", "--out", "m.hdc", "--dim", "512"]);
    assert!(train.trim_end().ends_with("hdc eval m.hdc A_TRAIN.ts --test A_TEST.ts"), "{train}");
    let whole = folder.json(&["eval", "m.hdc", "A_TEST.ts"]);
    let pair = folder.json(&["eval", "m.hdc", "A_TRAIN.ts", "--test", "A_TEST.ts"]);
    consistent(&whole);
    assert_eq!(rows(&whole["confusion"]), [[1, 0], [0, 2]]);
    assert_eq!((&whole["n"], &whole["split"]), (&3.into(), &"all".into()));
    assert_eq!((&pair["n"], &pair["split"]), (&3.into(), &"test".into()));
    assert_eq!(pair["confusion"], whole["confusion"]);
}

#[test]
fn counts_are_widened_for_a_model_of_real_values() {
    let folder = Folder::with_model();
    assert_eq!(folder.json(&["inspect", "good.hdc"])["values"], "f32");
    folder.write("counts.csv", "a,b,c,label\n0,2,0,low\n2,0,2,high\n");
    assert_eq!(folder.json(&["eval", "good.hdc", "counts.csv"])["accuracy"], 1.0);
}

#[test]
fn a_calibrated_model_says_what_it_accepts_and_how_sure_it_is() {
    let folder = Folder::with_model();
    let plain = folder.json(&["eval", "good.hdc", "good.csv"]);
    assert!(plain.get("accepted").is_none(), "{plain}");
    folder.ok(&["train", "good.csv", "--out", "c.hdc", "--dim", "256", "--false-rejects", "0.25"]);
    let report = folder.json(&["eval", "c.hdc", "good.csv", "--split", "all"]);
    let figure = |name: &str| report[name].as_f64().unwrap_or_else(|| panic!("{name}: {report}"));
    assert!(figure("accepted") >= 30.0 && figure("accepted") < figure("n"));
    assert!((0.0..0.5).contains(&figure("false_rejects")), "{report}");
    assert!(figure("accuracy_of_accepted") > 0.85 && figure("expected_calibration_error") < 0.2);
    assert!(folder.ok(&["eval", "c.hdc", "good.csv"]).contains("of these right; of the right ones 0."));
    assert!(folder.ok(&["inspect", "c.hdc"]).contains("25.0 % false rejects"));
    let model = folder.json(&["inspect", "c.hdc"]);
    let bytes = |name: &str| model[name].as_u64().unwrap();
    let encoder = model["encoders"][0]["bytes"].as_u64().unwrap();
    let sum = bytes("header_bytes") + encoder + bytes("class_bytes") + bytes("calibration_bytes");
    assert_eq!(bytes("model_bytes"), sum);
    folder.fails(&["train", "good.csv", "--out", "c.hdc", "--false-rejects", "2"], &["above 0 and below 1"]);
}

#[test]
fn a_model_with_an_early_exit_says_how_many_dimensions_it_took() {
    let folder = Folder::with_model();
    let plain = folder.json(&["eval", "good.hdc", "good.csv"]);
    assert!(plain.get("mean_dimension").is_none(), "{plain}");
    assert!(folder.json(&["inspect", "good.hdc"]).get("early_exit").is_none());
    folder.ok(&["train", "good.csv", "--out", "e.hdc", "--dim", "256", "--early-exit", "0.1"]);
    let report = folder.json(&["eval", "e.hdc", "good.csv", "--split", "all"]);
    let mean = report["mean_dimension"].as_f64().unwrap();
    assert!((32.0..200.0).contains(&mean), "{report}");
    assert!(report["accuracy"].as_f64().unwrap() > 0.85, "{report}");
    assert!(folder.ok(&["eval", "e.hdc", "good.csv"]).contains("dimension 256 ("));
    let model = folder.json(&["inspect", "e.hdc"]);
    let stages = model["early_exit"].as_array().unwrap();
    assert_eq!((stages.last().unwrap()["dimension"].as_u64(), model["format"].as_u64()), (Some(128), Some(7)));
    assert!(model["needs"].as_array().unwrap().contains(&"early-exit".into()), "{model}");
    let bytes = |name: &str| model[name].as_u64().unwrap();
    let rows = model["encoders"][0]["bytes"].as_u64().unwrap() + 4 * stages.len() as u64;
    assert_eq!(bytes("model_bytes"), bytes("header_bytes") + rows + bytes("class_bytes"));
    assert!(folder.ok(&["inspect", "e.hdc"]).contains(" at 128 bits"));
    assert!(folder.ok(&["inspect", "e.hdc", "--target", "cortex-m4"]).contains("bytes of flash"));
    folder.fails(&["train", "good.csv", "--out", "e.hdc", "--early-exit", "2"], &["above 0 and below 1"]);
    let both = ["train", "good.csv", "--out", "e.hdc", "--early-exit", "0.1", "--false-rejects", "0.1"];
    folder.fails(&both, &["choose that, or an early exit"]);
    folder.ok(&["train", "good.csv", "--out", "auto.hdc", "--early-exit", "0.1", "--encoder", "auto"]);
    assert!(!folder.json(&["inspect", "auto.hdc"])["early_exit"].as_array().unwrap().is_empty());
}

#[test]
fn flips_are_measured_where_they_are_asked_for() {
    let folder = Folder::with_model();
    assert!(folder.json(&["eval", "good.hdc", "good.csv"]).get("flips").is_none());
    let report = folder.json(&["eval", "good.hdc", "good.csv", "--flips"]);
    let curves = report["flips"].as_array().unwrap();
    let names: Vec<&str> = curves.iter().map(|curve| curve["flipped"].as_str().unwrap()).collect();
    assert_eq!(names, ["classes", "memories", "stored", "queries"]);
    let text = folder.ok(&["eval", "good.hdc", "good.csv", "--flips"]);
    for curve in curves {
        let points = curve["points"].as_array().unwrap();
        assert_eq!((points.len(), &points[0]["rate"], &points[8]["rate"]), (9, &0.0.into(), &0.3.into()));
        let near = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-6;
        assert!(near(&points[0]["accuracy"], &report["accuracy"]), "{report}");
        let cell = format!(
            "{:.3} +- {:.3}",
            points[8]["accuracy"].as_f64().unwrap(),
            points[8]["deviation"].as_f64().unwrap()
        );
        assert!(text.contains(&cell), "{cell}: {text}");
    }
}
