use crate::command::{CENTROIDS, Folder, good_csv, recordings_csv};

#[test]
fn the_train_rows_are_learned_from_unless_told_otherwise() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let train = |more: &[&str]| folder.json(&[&["train", "good.csv", "--out", "m.hdc"], &CENTROIDS[..], more].concat());
    let report = train(&[]);
    assert_eq!(report["samples"], 40);
    assert_eq!((&report["steps"], &report["channels"]), (&1.into(), &3.into()));
    assert_eq!(report["dimension"], 256);
    assert_eq!(report["classes"], serde_json::json!(["high", "low", "mid"]));
    assert_eq!(report["model_bytes"], folder.read("m.hdc").len());
    // 4 of the 40 rows have the features of another class.
    assert!((report["train_accuracy"].as_f64().unwrap() - 0.9).abs() < 1e-6, "{report}");
    assert!(report["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(train(&["--split", "train"])["samples"], 40);
    assert_eq!(train(&["--split", "all"])["samples"], 60);
}

#[test]
fn the_report_ends_with_the_next_command() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let train = |more: &[&str]| folder.ok(&[&["train", "good.csv", "--out", "m.hdc"], &CENTROIDS[..], more].concat());
    let text = train(&[]);
    for part in ["256 bits", "0.900", "40 samples", "3 classes", " s\n"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let next: Vec<&str> = text.trim_end().rsplit_once(": hdc ").unwrap().1.split(' ').collect();
    assert_eq!(next, ["eval", "m.hdc", "good.csv"]);
    assert_eq!(folder.json(&next)["n"], 20);
    let text = train(&["--split", "all"]);

    assert!(text.contains("hdc eval m.hdc OTHER-DATA"), "{text}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let bytes = |data: &str, seed: &str, threads: &str| {
        let args = ["train", data, "--out", "m.hdc", "--dim", "512", "--seed", seed];
        let output = folder.command(&args).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder.read("m.hdc")
    };
    for data in ["good.csv", "spar:side=left"] {
        let one = bytes(data, "5", "1");
        assert!(bytes(data, "5", "1") == one, "{data}");
        assert!(bytes(data, "5", "2") == one, "{data}");
        assert!(bytes(data, "6", "2") != one, "{data}");
    }
}

#[test]
fn recordings_are_cut_and_their_order_is_learned() {
    let folder = Folder::new();
    folder.write("takes.csv", recordings_csv());
    let read = ["--series", "take", "--window", "16", "--hop", "8"];
    let train = |more: &[&str]| {
        folder.json(&[&["train", "takes.csv", "--out", "m.hdc", "--dim", "512"], &read[..], more].concat())
    };
    let report = train(&[]);
    // (40 - 16) / 8 + 1 windows of each of the four recordings.
    assert_eq!((&report["samples"], &report["steps"], &report["channels"]), (&16.into(), &16.into(), &2.into()));
    assert_eq!(report["train_accuracy"], 1.0);
    let ngram = |folder: &Folder| folder.json(&["inspect", "m.hdc"])["encoders"][0]["input"]["steps"].clone();
    assert_eq!(ngram(&folder), serde_json::json!({"order": 3, "stride": 1}));
    train(&["--order", "4", "--stride", "2"]);
    assert_eq!(ngram(&folder), serde_json::json!({"order": 4, "stride": 2}));
    // Both classes have the same values equally often: without their order there is nothing to tell them apart.
    let report = train(&["--encoder", "record"]);
    assert_eq!(ngram(&folder), serde_json::json!({"order": 1, "stride": 1}));
    assert!(report["train_accuracy"].as_f64().unwrap() < 1.0, "{report}");
}

#[test]
fn every_option_reaches_the_model() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let options = ["--dim", "320", "--levels", "9", "--scale", "quantile", "--seed", "77", "--epochs", "3"];
    let regenerated = ["--memories", "regenerated"];
    folder.ok(&[&["train", "good.csv", "--out", "m.hdc"], &options[..], &regenerated].concat());
    let model = folder.json(&["inspect", "m.hdc"]);
    let encoder = &model["encoders"][0];
    assert_eq!((&model["dimension"], &encoder["levels"]), (&320.into(), &9.into()));
    let record = serde_json::json!({"seed": 77, "items": "regenerated", "level_rows": "regenerated"});
    assert_eq!(encoder["spatial"]["record"], record);
    let method = model["provenance"]["method"].as_str().unwrap();
    assert!(method.contains("Quantile") && method.contains("epochs: 3"), "{method}");
    let regenerated = folder.json(&["eval", "m.hdc", "good.csv"]);
    folder.ok(&[&["train", "good.csv", "--out", "m.hdc"], &options[..]].concat());
    let stored = folder.json(&["eval", "m.hdc", "good.csv"]);
    assert_eq!(regenerated["confusion"], stored["confusion"]);
    assert!(regenerated["model_bytes"].as_u64() < stored["model_bytes"].as_u64());
}

#[test]
fn a_stage_is_one_line_where_there_is_no_terminal() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let output = folder.run(&["train", "good.csv", "--out", "m.hdc", "--dim", "256"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stages: Vec<&str> = stderr.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(stages[0], "encode: 40 samples");
    assert!(stages.len() == 2 && stages[1].starts_with("retrain: "), "{stderr}");
}

#[test]
fn an_automatic_choice_is_explained_and_the_same_each_time() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let command = ["train", "good.csv", "--out", "m.hdc", "--encoder", "auto", "--dim", "128", "--minutes", "60"];
    let text = folder.ok(&command);
    assert!(text.contains("chosen: the best of ") && text.contains(" in 5 folds of the training data"), "{text}");
    let first = folder.read("m.hdc");
    let report = folder.json(&command);
    assert!(first == folder.read("m.hdc"), "the same data give the same choice");
    let tried = report["tried"].as_array().unwrap();
    let best = &tried[0];
    assert!(tried.len() > 10 && best["samples"].as_u64().unwrap() <= 40, "{report}");
    assert!(text.contains(best["settings"].as_str().unwrap()), "{text}");
    assert!(folder.json(&["eval", "m.hdc", "good.csv"])["accuracy"].as_f64().unwrap() > 0.8);
}

#[test]
fn a_model_that_learned_nothing_is_warned_of() {
    let folder = Folder::new();
    let rows: String = (0..60).map(|row| format!("1,{}\n", if row % 3 == 0 { "a" } else { "b" })).collect();
    folder.write("flat.csv", format!("x,label\n{rows}"));
    let output = folder.command(&["train", "flat.csv", "--out", "m.hdc"]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && stderr.contains("warning: the training accuracy is 0.667, where always"),
        "{stderr}"
    );
    folder.write("good.csv", good_csv());
    let output = folder.command(&["train", "good.csv", "--out", "m.hdc"]).output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("warning"));
}

#[test]
fn a_table_is_learned_in_pieces() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let report = folder.json(&["train", "good.csv", "--out", "s.hdc", "--stream", "--dim", "256"]);
    assert_eq!((&report["samples"], &report["train_accuracy"]), (&40.into(), &serde_json::Value::Null));
    assert!(folder.json(&["eval", "s.hdc", "good.csv"])["accuracy"].as_f64().unwrap() > 0.8);
    assert!(folder.ok(&["inspect", "s.hdc"]).contains("not measured"));
    // One pass gives the centroids, as in memory.
    let centroids = ["--method", "centroid", "--dim", "256"];
    folder.ok(&[&["train", "good.csv", "--out", "s.hdc", "--stream"], &centroids[..]].concat());
    folder.ok(&[&["train", "good.csv", "--out", "m.hdc"], &centroids[..]].concat());
    let confusion = |model| folder.json(&["eval", model, "good.csv", "--split", "all"])["confusion"].clone();
    assert_eq!(confusion("s.hdc"), confusion("m.hdc"));
    let refuse = |more: &[&str], parts: &[&str]| {
        folder.fails(&[&["train", "good.csv", "--out", "s.hdc", "--stream"], more].concat(), parts);
    };
    refuse(&["--method", "lehdc"], &["--method centroid or margin"]);
    refuse(&["--encoder", "auto"], &["--encoder auto"]);
    refuse(&["--seeds", "2"], &["--seeds"]);
    refuse(&["--series", "a", "--window", "2"], &["leave out --series"]);
    folder.fails(&["train", "spar", "--out", "s.hdc", "--stream"], &[".csv"]);
}

#[test]
fn copies_and_balance_add_training_samples() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let samples = |more: &[&str]| {
        folder.json(&[&["train", "good.csv", "--out", "m.hdc"], &CENTROIDS[..], more].concat());
        folder.json(&["inspect", "m.hdc"])["provenance"]["samples"].as_u64().unwrap()
    };
    assert_eq!((samples(&[]), samples(&["--augment", "2"])), (40, 120));
    let balanced = samples(&["--balance"]);
    assert!(balanced >= 40 && balanced.is_multiple_of(3), "{balanced}");
    assert_eq!(samples(&["--balance", "--augment", "1"]), 2 * balanced);
    let method = || folder.json(&["inspect", "m.hdc"])["provenance"]["method"].as_str().unwrap().to_string();
    assert!(method().contains("balanced classes; copies 1 ("), "{}", method());
    let turned = ["--method", "centroid", "--augment", "1", "--turn", "10"];
    folder.ok(&[&["train", "spar", "--out", "m.hdc", "--dim", "64"], &turned[..]].concat());
    assert!(method().contains("turned by 10 degrees"), "{}", method());
    folder.write("takes.csv", recordings_csv());
    let windows = ["train", "takes.csv", "--series", "take", "--window", "16", "--hop", "8", "--out", "t.hdc"];
    folder.fails(&[&windows[..], &["--augment", "1", "--turn", "10"]].concat(), &["threes"]);
    folder.fails(&["train", "spar", "--out", "t.hdc", "--turn", "10"], &["--augment"]);
}

#[test]
fn filters_reach_the_model_and_run_when_it_is_measured() {
    let folder = Folder::new();
    folder.write("takes.csv", recordings_csv());
    let read = ["--series", "take", "--window", "16", "--hop", "8", "--dim", "512", "--out", "m.hdc"];
    let filters = "--rate 100 --high-pass 2 --notch 12 --low-pass 45 --envelope 0.05 --decimate 2";
    let filters: Vec<&str> = filters.split(' ').collect();
    let train = |more: &[&str]| folder.json(&[&["train", "takes.csv"], &read[..], more].concat());
    let report = train(&filters);
    assert_eq!((&report["steps"], &report["train_accuracy"]), (&16.into(), &1.0.into()));
    let model = folder.json(&["inspect", "m.hdc"]);
    // The largest magnitude, of a wave of 100, comes to lie from 2^13 to 2^14.
    let front_end = serde_json::json!({"sections": 3, "envelope": 5, "decimation": 2, "gain": 7, "bytes": 60});
    assert_eq!((&model["front_end"], &model["steps"]), (&front_end, &16.into()));
    let text = folder.ok(&["inspect", "m.hdc"]);
    assert!(text.contains("3 biquads, envelope of 5 steps, 1 of 2 steps, times 128"), "{text}");
    assert!(text.contains("high-pass 2 Hz, notch 12 Hz (Q 10), low-pass 45 Hz, envelope 0.05 s"), "{text}");
    assert_eq!(folder.json(&["eval", "m.hdc", "takes.csv", "--series", "take"])["accuracy"], 1.0);
    assert_eq!(folder.json(&["inspect", "m.hdc"])["format"], 5);

    let refuse =
        |more: &[&str], parts: &[&str]| folder.fails(&[&["train", "takes.csv"], &read[..], more].concat(), parts);
    refuse(&["--rate", "100", "--low-pass", "50"], &["50 Hz", "not including 50 Hz"]);
    refuse(&["--rate", "100", "--decimate", "17"], &["1 of 17 steps of windows of 16"]);
    refuse(&["--low-pass", "5"], &["--rate"]);
    folder.write("good.csv", good_csv());
    let real = ["train", "good.csv", "--out", "m.hdc", "--rate", "10", "--low-pass", "2"];
    folder.fails(&real, &["feature rows have no time steps"]);
    let rows: String = (0..40).map(|row| format!("{}.5,{},{}\n", row % 7, row / 20, row / 20)).collect();
    folder.write("real.csv", format!("x,label,take\n{rows}"));
    let real = [&["train", "real.csv"], &read[..], &["--rate", "10", "--low-pass", "2"]].concat();
    folder.fails(&real, &["a front end takes integer samples"]);
}

#[test]
fn the_best_of_several_seeds_is_trained() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let args = ["train", "good.csv", "--out", "m.hdc", "--dim", "32", "--seed", "5", "--seeds", "6"];
    let report = folder.json(&args);
    let seeds = &report["seeds"];
    assert_eq!((&seeds["tried"], &seeds["folds"]), (&6.into(), &5.into()));
    assert!(seeds["accuracy"].as_f64() > seeds["mean"].as_f64(), "{report}");
    let chosen = seeds["chosen"].as_u64().unwrap();
    assert!((5..11).contains(&chosen), "{report}");
    let best = folder.read("m.hdc");
    let text = folder.ok(&args);
    assert!(text.contains(&format!("seed: {chosen}, the best of 6")), "{text}");
    folder.ok(&["train", "good.csv", "--out", "m.hdc", "--dim", "32", "--seed", &chosen.to_string()]);
    assert!(folder.read("m.hdc") == best);
    folder.train_fails(&["good.csv", "--seeds", "0"], &["--seeds"]);
}

#[test]
fn a_shrunk_model_is_smaller_and_says_by_how_much() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let args = ["train", "good.csv", "--out", "m.hdc", "--dim", "1024", "--shrink", "0.2"];
    let report = folder.json(&args);
    let (before, after) = (&report["shrunk"][0], &report["shrunk"][1]);
    assert_eq!(before["dimension"], 1024);
    assert_eq!(after["dimension"], report["dimension"]);
    assert_eq!(after["model_bytes"], report["model_bytes"]);
    assert!(after["model_bytes"].as_u64() < before["model_bytes"].as_u64(), "{report}");
    assert!(after["accuracy"].as_f64().unwrap() >= before["accuracy"].as_f64().unwrap() - 0.2, "{report}");
    let text = folder.ok(&args);
    assert!(text.contains("shrunk: ") && text.contains("1024 bits, "), "{text}");
    folder.train_fails(&["good.csv", "--shrink", "1.5"], &["1.5", "choose from 0 up to"]);
}

#[test]
fn the_front_of_designs_is_written_as_models() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let args = ["train", "good.csv", "--out", "m.hdc", "--encoder", "designed", "--dim", "64", "--levels", "4"];
    folder.ok(&args);
    let chosen = folder.read("m.hdc");
    let designs = folder.json(&[&args[..], &["--designs", "front"]].concat())["designs"].clone();
    let designs = designs.as_array().unwrap();
    assert!(!designs.is_empty());
    for (place, design) in designs.iter().enumerate() {
        let name = format!("front/{:03}.hdc", place + 1);
        assert_eq!(design["model"], *name);
        assert_eq!(design["model_bytes"], folder.read(&name).len());
        folder.ok(&["eval", &name, "good.csv"]);
    }
    let number = |place: usize, what: &str| designs[place][what].as_f64().unwrap();
    for place in 1..designs.len() {
        assert!(number(place, "accuracy") < number(place - 1, "accuracy"));
        assert!(number(place, "distance") > number(place - 1, "distance"));
    }
    assert_eq!(folder.read("front/001.hdc"), chosen);
    assert_eq!(folder.read("m.hdc"), chosen);
    let text = folder.ok(&[&args[..], &["--designs", "other/front"]].concat());
    assert!(text.contains("designs: ") && text.contains("other/front/001.hdc"), "{text}");

    let designed = ["good.csv", "--encoder", "designed", "--designs", "front"];
    folder.train_fails(&designed, &["front has files already", "--designs"]);
    folder.train_fails(&["good.csv", "--encoder", "designed", "--designs", "good.csv"], &["good.csv is not a folder"]);
    folder.train_fails(&["good.csv", "--designs", "new"], &["--encoder designed"]);
    folder.train_fails(&["good.csv", "--encoder", "record", "--designs", "new"], &["--encoder designed"]);
    for more in [["--shrink", "0.1"], ["--false-rejects", "0.1"], ["--early-exit", "0.1"]] {
        let args = [&["good.csv", "--encoder", "designed", "--designs", "new"], &more[..]].concat();
        folder.train_fails(&args, &["leave out --shrink, --false-rejects and --early-exit"]);
    }
}
