use serde_json::{Value, json};

use crate::command::{CENTROIDS, Folder, recordings_csv};

#[test]
fn sizes_add_up_and_the_metadata_is_that_of_the_training() {
    let folder = Folder::with_model();
    let model = folder.json(&["inspect", "good.hdc"]);
    let encoder = &model["encoders"][0];
    let bytes = |of: &Value, name: &str| of[name].as_u64().unwrap();
    // 256 bits are 32 bytes: 3 channels x 15 thresholds of 4 bytes, 3 items, 16 levels, 3 classes.
    assert_eq!((bytes(encoder, "bytes"), bytes(&model, "class_bytes")), (180 + 96 + 512, 96));
    let total = bytes(&model, "header_bytes") + bytes(encoder, "bytes") + bytes(&model, "class_bytes");
    assert_eq!(total, folder.read("good.hdc").len() as u64);
    assert_eq!(model["model_bytes"], total);
    // A query of 8 words and a level for each of 3 channels.
    assert_eq!(model["scratch_bytes"], (8 + 3) * 4);
    assert_eq!(model["format"], 5);
    assert_eq!((&model["dimension"], &model["steps"], &model["channels"]), (&256.into(), &1.into(), &3.into()));
    assert_eq!((&model["values"], &model["prototypes"]), (&"f32".into(), &1.into()));
    assert_eq!((&encoder["tie"], &encoder["levels"]), (&"alternating".into(), &16.into()));
    assert_eq!(model["needs"], json!(["float", "record"]));
    assert_eq!(model["labels"], json!(["high", "low", "mid"]));
    assert_eq!(encoder["input"], "whole");
    assert_eq!(encoder["spatial"], json!({"record": {"seed": 1, "items": "stored", "level_rows": "stored"}}));
    let provenance = &model["provenance"];
    assert_eq!((&provenance["data"], &provenance["samples"]), (&"good".into(), &40.into()));
    assert!(provenance["library"].as_str().unwrap().starts_with("hdc-train "));
}

#[test]
fn distances_are_those_of_the_class_hypervectors_in_the_file() {
    let folder = Folder::with_model();
    let bytes = folder.read("good.hdc");
    let classes: Vec<&[u8]> = bytes[bytes.len() - 96..].chunks(32).collect();
    let distance = |one: usize, other: usize| -> u32 {
        classes[one].iter().zip(classes[other]).map(|(a, b)| (a ^ b).count_ones()).sum()
    };
    let all = [distance(0, 1), distance(0, 2), distance(1, 2)];
    let distances = &folder.json(&["inspect", "good.hdc"])["class_distances"];
    assert_eq!(distances["min"], *all.iter().min().unwrap());
    let mean = f64::from(all.iter().sum::<u32>()) / 3.0;
    assert!((distances["mean"].as_f64().unwrap() - mean).abs() < 1e-9, "{distances}");
}

#[test]
fn the_text_says_what_the_json_says() {
    let folder = Folder::with_model();
    let text = folder.ok(&["inspect", "good.hdc"]);
    for part in [
        "256 bits",
        "1 x 3",
        "f32",
        "3: high, low, mid",
        "44 bytes",
        "788 bytes",
        "levels stored",
        "[\"float\", \"record\"]",
        "good, 40 samples",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_chip_has_a_cost_and_an_unknown_one_is_refused_with_the_known_ones() {
    let folder = Folder::with_model();
    assert_eq!(folder.json(&["inspect", "good.hdc"]).get("cost"), None);
    let cost = |target: &str| folder.json(&["inspect", "good.hdc", "--target", target])["cost"].clone();
    let number = |cost: &Value, name: &str| cost[name].as_u64().unwrap();
    let (small, large) = (cost("cortex-m0+"), cost("cortex-m4"));
    assert_eq!(large["target"], "cortex-m4");
    assert!(number(&large, "flash_bytes") > folder.read("good.hdc").len() as u64, "{large}");
    // A query of 8 words and a level for each of 3 channels, and some stack.
    assert!(number(&large, "ram_bytes") > (8 + 3) * 4, "{large}");
    // The smaller chip has fewer registers.
    assert!(number(&small, "instructions") > number(&large, "instructions"), "{small} {large}");
    let text = folder.ok(&["inspect", "good.hdc", "--target", "riscv32"]);
    assert!(text.lines().any(|line| line.starts_with("riscv32 ") && line.contains(" bytes of flash and ")), "{text}");
    folder.fails(&["inspect", "good.hdc", "--target", "z80"], &["z80", "cortex-m0+, cortex-m4, riscv32"]);
}

#[test]
fn a_table_has_entries_and_no_class_hypervectors() {
    let folder = Folder::with_model();
    let train = |form: &str| {
        let options = [&["train", "good.csv", "--out", "m.hdc", form], &CENTROIDS[..]].concat();
        (folder.json(&options)["form"].clone(), folder.json(&["inspect", "m.hdc", "--target", "cortex-m4"]))
    };
    let (form, table) = train("--integer=table");
    assert_eq!(form, "table");
    assert_eq!(table["encoders"][0]["spatial"], json!({"table": {"entry_bits": 8}}));
    // 3 channels of 16 levels of 3 classes, filled up to 4, after 4 starts; 3 x 15 thresholds before.
    assert_eq!((&table["encoders"][0]["bytes"], &table["class_bytes"]), (&(180 + 16 + 192).into(), &0.into()));
    assert_eq!(table.get("class_distances"), None);
    assert!(folder.ok(&["inspect", "m.hdc"]).contains("table of distances, of 8 bits"));

    let (form, hypervectors) = train("--integer=hypervectors");
    assert_eq!((form, &hypervectors["class_bytes"]), ("hypervectors".into(), &96.into()));
    assert_eq!(hypervectors["encoders"][0]["spatial"]["integer-record"]["items"], "stored");
    let product =
        |model: &Value| model["model_bytes"].as_u64().unwrap() * model["cost"]["instructions"].as_u64().unwrap();
    // What is written by default is the cheaper one.
    let (form, _) = train("--integer");
    assert_eq!(form, if product(&table) <= product(&hypervectors) { "table" } else { "hypervectors" });
}

#[test]
fn convolutions_need_the_newest_format_and_a_window_that_is_long_enough() {
    let folder = Folder::new();
    folder.write("takes.csv", recordings_csv());
    let train = |window| {
        let read = ["train", "takes.csv", "--series", "take", "--window", window, "--hop", "4", "--dim", "32"];
        [&read[..], &["--encoder", "projection", "--features", "convolutions", "--out", "m.hdc"]].concat()
    };
    folder.ok(&train("17"));
    let model = folder.json(&["inspect", "m.hdc", "--target", "cortex-m4"]);
    assert_eq!(
        (&model["format"], &model["encoders"][0]["input"]),
        (&6.into(), &json!({"convolutions": {"dilations": 2}}))
    );
    assert_eq!(model["needs"], json!(["convolutions", "projection"]));
    assert!(model["cost"]["instructions"].as_u64().unwrap() > 0);
    assert!(folder.ok(&["inspect", "m.hdc"]).contains("convolutions of the window, 2 dilation(s)"));
    folder.fails(&train("8"), &["8 steps", "9 to 32767"]);
}
