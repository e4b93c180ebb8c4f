//! Old model files still open and still decide as they did.
//!
//! The files in `golden/` were written once and are never written again; a new format adds new files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use hdc_train::{
    Clusters, Dataset, Encoding, Feature, FeatureSet, Form, FrontEnd, Learn, Map, ModelBuf, Projection, Scale, Shape,
    Source, Trainer, Values, predict,
};

/// Samples from a formula, so that nothing but the files has to be kept.
fn samples(shape: Shape, float: bool) -> Dataset {
    let count = 40;
    let number = |at: usize| {
        let (sample, place) = (at / shape.len(), at % shape.len());
        let wave = (place * (3 + sample % 3) * 97 + sample * 31) % 1009;
        i16::try_from(wave).unwrap() - 500
    };
    let counts = (0..count * shape.len()).map(number);
    let values = match float {
        true => Values::F32(counts.map(|count| f32::from(count) / 64.0).collect()),
        false => Values::I16(counts.collect()),
    };
    let classes = ["alpha", "beta", "gamma"].map(String::from).to_vec();
    Dataset::new("formula", shape, values, classes, (0..count).map(|sample| sample % 3).collect()).unwrap()
}

/// Texts of different lengths from a formula.
fn texts() -> Dataset {
    let steps: Vec<usize> = (0..40).map(|sample| 9 + sample % 7).collect();
    let letter = |(sample, &steps): (usize, &usize)| {
        (0..steps).map(move |at| i16::try_from((at * (1 + sample % 3) + sample / 6) % 5).unwrap())
    };
    let letters = steps.iter().enumerate().flat_map(letter).collect();
    let classes = ["alpha", "beta", "gamma"].map(String::from).to_vec();
    let labels = (0..40).map(|sample| sample % 3).collect();
    Dataset::sequences("texts", 1, Values::I16(letters), &steps, classes, labels).unwrap()
}

fn cases() -> [(&'static str, Dataset, Trainer); 14] {
    let windows = Trainer::new().dimension(96).encoding(Encoding::record().levels(5).ngram(3, 2)).seed(7);
    let rows = Encoding::record().levels(9).scale(Scale::Uniform { clip: 0.1 }).memories(Source::Regenerated);
    let rows = Trainer::new().dimension(256).encoding(rows);
    let features = Encoding::projection(Projection::random(Map::Whitened)).levels(7).features(FeatureSet::MOTION, 2);
    let joined = Trainer::new().dimension(96).encoding(features).join(Encoding::record().levels(5).ngram(2, 3), 32);
    let learned = Trainer::new().dimension(64).encoding(Encoding::projection(Projection::learned(Map::Standardised)));
    let clusters = learned.method(Clusters { prototypes: 2, epochs: 5 });
    let record = Encoding::learned_record(Learn { epochs: 5, ..Learn::memories() }).levels(6);
    let calibrated = Trainer::new().dimension(128).calibrate(0.2);
    let front_end = FrontEnd::new(100.0).high_pass(2.0).notch(20.0, 2.0).low_pass(45.0).envelope(0.05).decimate(3);
    let filtered = Trainer::new().dimension(96).encoding(Encoding::record().ngram(2, 3)).front_end(front_end);
    let integer = |form, source| Encoding::record().levels(5).memories(source).integer(form);
    let integers = Trainer::new().dimension(96).encoding(integer(Form::Hypervectors, Source::Stored));
    let ternary = Projection::learned(Map::Standardised).ternary();
    let ternary = Trainer::new().dimension(96).encoding(Encoding::projection(ternary).levels(9));
    let table = Trainer::new().dimension(512).encoding(integer(Form::Table, Source::Stored).ngram(1, 1)).calibrate(0.2);
    let patterns = Encoding::record().levels(3).memories(Source::Regenerated).convolutions(2);
    let patterns = Trainer::new().dimension(96).encoding(patterns);
    let correlated = FeatureSet::of(&[Feature::Deviation, Feature::Correlation]);
    let correlated = Trainer::new().dimension(96).encoding(Encoding::record().levels(5).features(correlated, 2));
    let early = Encoding::record().levels(3).whole();
    let early = Trainer::new().dimension(256).encoding(early).early_exit(0.1);
    [
        ("format-1-windows-i16-stored", samples(Shape { steps: 9, channels: 2 }, false), windows),
        ("format-1-rows-f32-regenerated", samples(Shape { steps: 1, channels: 12 }, true), rows),
        ("format-2-joined-f32-features", samples(Shape { steps: 9, channels: 2 }, true), joined),
        ("format-2-projection-i16-prototypes", samples(Shape { steps: 1, channels: 12 }, false), clusters),
        ("format-3-symbols", texts(), Trainer::new().dimension(96).encoding(Encoding::symbols(5))),
        ("format-3-calibrated", samples(Shape { steps: 1, channels: 12 }, false), calibrated),
        (
            "format-4-learned-record",
            samples(Shape { steps: 1, channels: 12 }, true),
            Trainer::new().dimension(96).encoding(record),
        ),
        ("format-4-front-end", samples(Shape { steps: 50, channels: 3 }, false), filtered),
        ("format-5-integer-record", samples(Shape { steps: 1, channels: 12 }, true), integers),
        ("format-5-ternary", samples(Shape { steps: 1, channels: 10 }, false), ternary),
        ("format-5-correlation", samples(Shape { steps: 20, channels: 3 }, true), correlated),
        ("format-6-convolutions", samples(Shape { steps: 20, channels: 2 }, true), patterns),
        ("format-7-early-exit", samples(Shape { steps: 9, channels: 4 }, true), early),
        ("format-5-table", samples(Shape { steps: 6, channels: 2 }, false), table),
    ]
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn decisions(model: &ModelBuf, data: &Dataset) -> String {
    let mut text = String::new();
    for nearest in predict(&model.view(), data).unwrap() {
        write!(text, "{} {} {}", nearest.class, nearest.distance, nearest.margin).unwrap();
        match model.view().confidence(&nearest) {
            Some(percent) => writeln!(text, " {percent} {}", model.view().accepts(&nearest)).unwrap(),
            None => writeln!(text).unwrap(),
        }
    }
    text
}

#[test]
fn old_models_decide_as_they_did() {
    for (name, data, _) in cases() {
        let model = ModelBuf::open(golden(&format!("{name}.hdc"))).unwrap();
        assert_eq!(model.view().labels().collect::<Vec<_>>(), ["alpha", "beta", "gamma"]);
        let expected = fs::read_to_string(golden(&format!("{name}.txt"))).unwrap();
        assert_eq!(decisions(&model, &data), expected, "{name}");
    }
}

/// Writes the files that are missing: `cargo test --package hdc-train --test golden -- --ignored`.
#[test]
#[ignore = "writes golden files, once for each format"]
fn write_missing_files() {
    for (name, data, trainer) in cases() {
        let path = golden(&format!("{name}.hdc"));
        if !path.exists() {
            let model = trainer.fit(&data).unwrap();
            model.save(&path).unwrap();
            fs::write(golden(&format!("{name}.txt")), decisions(&model, &data)).unwrap();
        }
    }
}
