//! Data that cannot be learned from or measured on.

use crate::command::{Folder, recordings_csv};

/// Files that no command takes, each with what the error must say.
const BROKEN: [(&str, &str, &[&str]); 12] = [
    ("nan.csv", "a,b,label\n1,2,x\n1,NaN,y\n", &["nan.csv", "line 3", "column `b`", "NaN"]),
    ("infinite.csv", "a,b,label\n1,2,x\ninf,2,y\n", &["infinite.csv", "line 3", "column `a`", "inf"]),
    ("huge.csv", "a,label\n1e39,x\n1,y\n", &["huge.csv", "line 2", "column `a`", "1e39"]),
    ("word.csv", "a,b,label\n1,two,x\n1,2,y\n", &["word.csv", "line 2", "column `b`", "`two`"]),
    ("gap.csv", "a,b,label\n1,,x\n1,2,y\n", &["gap.csv", "line 2", "column `b`"]),
    ("empty.csv", "", &["empty.csv", "empty"]),
    ("header.csv", "a,b,label\n", &["header.csv", "no rows"]),
    ("ragged.csv", "a,b,label\n1,2,x\n1,2,3,y\n", &["ragged.csv", "line 3", "4 fields", "3"]),
    ("nolabel.csv", "a,b\n1,2\n", &["nolabel.csv", "`label`", "a, b"]),
    ("nofeature.csv", "label\nx\ny\n", &["nofeature.csv", "feature"]),
    ("split.csv", "a,label,split\n1,x,train\n2,y,later\n", &["split.csv", "line 3", "column `split`", "later"]),
    ("short.ts", "@univariate true\n@classLabel true a b\n", &["short.ts", "@data"]),
];

#[test]
fn broken_files_are_refused_by_both_commands() {
    let folder = Folder::with_model();
    for (name, text, words) in BROKEN {
        folder.write(name, text);
        folder.train_fails(&[name], words);
        folder.train_fails(&[name, "--json"], words);
        folder.fails(&["eval", "good.hdc", name], words);
        folder.fails(&["eval", "good.hdc", name, "--json"], words);
    }
}

#[test]
fn missing_files_and_unknown_names_are_named() {
    let folder = Folder::with_model();
    for (data, words) in [
        ("none.csv", &["none.csv", "No such file"][..]),
        ("no/such.ts", &["no/such.ts", "No such file"]),
        ("data.txt", &["`data.txt`", ".csv"]),
        ("basicmotions", &["basicmotions", "hdc data fetch basicmotions"]),
        ("spar:side=up", &["side=up", "left|right"]),
    ] {
        folder.train_fails(&[data], words);
        folder.fails(&["eval", "good.hdc", data], words);
    }
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let folder = Folder::new();
    folder.write("one.csv", "a,label\n1,x\n2,x\n");
    folder.train_fails(&["one.csv"], &["2 training samples", "`x`"]);
    folder.write("untaught.csv", "a,label,split\n1,x,train\n2,y,train\n3,z,test\n");
    folder.train_fails(&["untaught.csv"], &["`z`"]);
    folder.write("tests.csv", "a,label,split\n1,x,test\n2,y,test\n");
    folder.train_fails(&["tests.csv"], &["no train samples"]);
    folder.write("whole.csv", "a,label\n1,x\n2,y\n");
    folder.train_fails(&["whole.csv", "--split", "train"], &["no train samples"]);
}

#[test]
fn options_out_of_range_are_named() {
    let folder = Folder::new();
    folder.write("good.csv", "a,label\n1,x\n2,y\n");
    for (options, words) in [
        (&["--dim", "100"][..], &["100", "multiple of 32"][..]),
        (&["--dim", "0"], &["dimension is 0"]),
        (&["--dim", "4194304"], &["4194304"]),
        (&["--levels", "1"], &["1 levels"]),
        (&["--scale", "uniform", "--clip", "0.5"], &["0.5"]),
        (&["--scale", "uniform", "--clip", "NaN"], &["NaN"]),
        (&["--scale", "quantile", "--clip", "0.1"], &["--clip", "--scale uniform"]),
        (&["--order", "0"], &["--order", "0"]),
        (&["--order", "3"], &["--order", "--series"]),
        (&["--encoder", "ngram"], &["--encoder ngram", "--series"]),
        (&["--encoder", "record", "--order", "3"], &["--order", "--encoder ngram"]),
        (&["--encoder", "record", "--stride", "3"], &["--stride", "--encoder ngram"]),
        (&["--encoder", "magic"], &["magic", "record", "ngram"]),
        (&["--window", "5", "--hop", "5"], &["window", "series"]),
        (&["--series", "a"], &["window"]),
        (&["--series", "b", "--window", "5", "--hop", "5"], &["`b`"]),
        (&["--test", "x.ts"], &["test"]),
        (&["--split", "test"], &["test", "train", "all"]),
        (&["--seed", "-1"], &["-1"]),
    ] {
        folder.train_fails(&[&["good.csv"], options].concat(), words);
    }
}

#[test]
fn windows_that_cannot_be_are_refused() {
    let folder = Folder::new();
    folder.write("takes.csv", recordings_csv());
    let train = |window: &str, hop: &str, more: &[&str], words: &[&str]| {
        let read = ["takes.csv", "--series", "take", "--window", window, "--hop", hop];
        folder.train_fails(&[&read[..], more].concat(), words);
    };
    train("2", "1", &["--order", "3"], &["order 3", "2"]);
    train("8", "4", &["--order", "5", "--stride", "2"], &["order 5", "stride 2", "9 steps", "8"]);
    train("0", "4", &[], &["window 0"]);
    train("4", "0", &[], &["hop 0"]);
    train("41", "1", &[], &["takes", "window"]);
}

#[test]
fn what_does_not_fit_the_model_is_refused() {
    let folder = Folder::with_model();
    folder.write("unknown.csv", "a,b,c,label\n1,2,3,low\n1,2,3,lowest\n");
    folder.write("fewer.csv", "a,b,label\n1,2,low\n");
    folder.write("takes.csv", recordings_csv());
    folder.write("whole.csv", "a,b,c,label\n1,2,3,low\n");
    for (args, words) in [
        (&["unknown.csv"][..], &["unknown.csv", "`lowest`", "sample 1", "high, low, mid"][..]),
        (&["fewer.csv"], &["fewer", "1 steps x 2 channels", "1 x 3"]),
        (&["spar"], &["spar", "PEN"]),
        (&["whole.csv", "--split", "test"], &["whole", "no test samples"]),
        (&["whole.csv", "--split", "train"], &["whole", "no train samples"]),
        (&["takes.csv", "--series", "nothing"], &["takes.csv", "`nothing`"]),
        (&["whole.csv", "--split", "some"], &["some", "train, test, all"]),
    ] {
        folder.fails(&[&["eval", "good.hdc"], args].concat(), words);
        folder.fails(&[&["eval", "good.hdc"], args, &["--json"]].concat(), words);
    }
}

#[test]
fn real_values_are_refused_by_a_model_of_counts() {
    let folder = Folder::new();
    folder.write("counts.csv", "a,label\n1,x\n20,y\n");
    folder.write("real.csv", "a,label\n1.5,x\n20,y\n");
    folder.ok(&["train", "counts.csv", "--out", "m.hdc", "--dim", "64"]);
    folder.fails(&["eval", "m.hdc", "real.csv"], &["real.csv", "sample 0", "i16"]);
    folder.ok(&["eval", "m.hdc", "counts.csv"]);
}
