use clap::Parser;
use hdc_train::{Design, Feature, FeatureSet, Form, FrontEnd, Kernel, Learn, Ngram, Projection};

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

fn trainer(options: &[&str], steps: usize) -> anyhow::Result<String> {
    let line = [&["hdc"], options].concat();
    Ok(format!("{:?}", Line::try_parse_from(line)?.settings.trainer(steps, None)?))
}

fn with(encoding: Encoding) -> String {
    format!("{:?}", Trainer::new().encoding(encoding))
}

#[test]
fn the_defaults_are_those_of_the_library() {
    let record = Encoding::record;
    assert_eq!(trainer(&[], 1).unwrap(), with(record().whole()));
    assert_eq!(trainer(&["--encoder", "record"], 200).unwrap(), with(record().ngram(1, 1)));
    let Ngram { order, stride } = Ngram::spread(200);
    assert_eq!(trainer(&[], 200).unwrap(), with(record().ngram(order, stride)));
    assert_eq!(trainer(&["--order", "5"], 200).unwrap(), with(record().ngram(5, stride)));
    assert_eq!(trainer(&["--encoder", "ngram", "--stride", "2"], 200).unwrap(), with(record().ngram(order, 2)));
    let projection = Encoding::projection(Projection::default());
    assert_eq!(trainer(&["--encoder", "projection"], 200).unwrap(), with(projection));
    let learned = || Encoding::learned_record(Learn::memories());
    assert_eq!(trainer(&["--encoder", "learned"], 200).unwrap(), with(learned()));
    assert_eq!(trainer(&["--encoder", "learned"], 1).unwrap(), with(learned().whole()));
    let designed = Encoding::record().designed(Design::default());
    assert_eq!(trainer(&["--encoder", "designed"], 1).unwrap(), with(designed.clone().whole()));
    assert_eq!(trainer(&["--encoder", "designed", "--order", "2"], 200).unwrap(), with(designed.ngram(2, stride)));
}

#[test]
fn a_record_may_have_a_kernel() {
    let cosine = Encoding::record().kernel(Kernel::Cosine { turns: 1.5 });
    assert_eq!(trainer(&["--kernel", "cosine"], 1).unwrap(), with(cosine.whole()));
    assert_eq!(trainer(&["--kernel", "linear"], 1).unwrap(), with(Encoding::record().whole()));
    for encoder in ["projection", "learned", "auto"] {
        assert!(
            trainer(&["--kernel", "cosine", "--encoder", encoder], 200).unwrap_err().to_string().contains("--kernel")
        );
    }
}

#[test]
fn two_encoders_are_joined() {
    let projection = Encoding::projection(Projection::default());
    let expected = |second: Encoding| {
        let uniform = hdc_train::Scale::Uniform { clip: 0.01 };
        let first = Trainer::new().dimension(192).encoding(projection.clone().scale(uniform));
        format!("{:?}", first.join(second.scale(uniform), 96))
    };
    let join = |second| {
        let options = ["--encoder", "projection", "--scale", "uniform", "--dim", "192", "--join", second];
        trainer(&options, 200)
    };
    let Ngram { order, stride } = Ngram::spread(200);
    assert_eq!(join("ngram").unwrap(), expected(Encoding::record().ngram(order, stride)));
    assert_eq!(join("record").unwrap(), expected(Encoding::record().ngram(1, 1)));
    assert_eq!(join("projection").unwrap(), expected(projection.clone()));
    assert_eq!(join("learned").unwrap(), expected(Encoding::learned_record(Learn::memories())));
    assert!(trainer(&["--join", "ngram"], 1).unwrap_err().to_string().contains("no time steps"));
    assert!(trainer(&["--join", "record", "--dim", "32"], 9).unwrap_err().to_string().contains("--dim of 64"));
    assert!(trainer(&["--join", "record", "--encoder", "auto"], 9).unwrap_err().to_string().contains("--join"));
}

#[test]
fn texts_are_encoded_by_symbols() {
    let text = |options: &[&str]| {
        let line = Line::try_parse_from([&["hdc"], options].concat()).unwrap();
        line.settings.trainer(9, Some(27)).map(|trainer| format!("{trainer:?}"))
    };
    assert_eq!(text(&[]).unwrap(), with(Encoding::symbols(27).ngram(3, 1)));
    assert_eq!(text(&["--encoder", "symbols", "--order", "2"]).unwrap(), with(Encoding::symbols(27).ngram(2, 1)));
    let learned = Encoding::learned_symbols(27, Learn::symbols());
    assert_eq!(text(&["--encoder", "learned", "--order", "2"]).unwrap(), with(learned.ngram(2, 1)));
    assert!(
        text(&["--encoder", "learned", "--memories", "regenerated"]).unwrap_err().to_string().contains("--memories")
    );
    assert!(text(&["--levels", "4"]).unwrap_err().to_string().contains("--levels does not go with symbols"));
    assert!(trainer(&["--encoder", "symbols"], 9).unwrap_err().to_string().contains("takes texts"));
}

#[test]
fn filters_make_a_front_end() {
    let options = "--rate 1000 --low-pass 450 --notch 50,150 --high-pass 20 --envelope 0.1 --decimate 10";
    let front_end = FrontEnd::new(1000.0).high_pass(20.0).notch(50.0, 10.0).notch(150.0, 10.0).low_pass(450.0);
    // The n-grams are those of the steps that are left.
    let Ngram { order, stride } = Ngram::spread(20);
    let trainer_of = |encoding| Trainer::new().encoding(encoding).front_end(front_end.envelope(0.1).decimate(10));
    let expected = trainer_of(Encoding::record().ngram(order, stride));
    let options: Vec<&str> = options.split(' ').collect();
    assert_eq!(trainer(&options, 200).unwrap(), format!("{expected:?}"));
    let error = |options: &[&str]| trainer(options, 200).unwrap_err().to_string();
    assert!(error(&["--high-pass", "20"]).contains("add the time steps a second"));
    assert!(error(&["--decimate", "2"]).contains("--rate"));
    assert!(error(&["--rate", "100"]).contains("add --high-pass"));
    assert!(error(&["--rate", "100", "--decimate", "0"]).contains("--decimate"));
    assert!(error(&["--rate", "100", "--notch", "x"]).contains("--notch"));
}

#[test]
fn features_are_named_one_by_one_or_as_a_set() {
    let features = |list| trainer(&["--encoder", "projection", "--features", list, "--parts", "2"], 50);
    let set = FeatureSet::of(&[Feature::Mean, Feature::Maximum]);
    let projection = || Encoding::projection(Projection::default());
    assert_eq!(features("max, mean").unwrap(), with(projection().features(set, 2)));
    assert_eq!(features("emg").unwrap(), with(projection().features(FeatureSet::EMG, 2)));
    assert_eq!(features("all").unwrap(), with(projection().features(FeatureSet::ALL, 2)));
    let electrodes = FeatureSet::EMG.with(Feature::Correlation);
    assert_eq!(features("emg,corr").unwrap(), with(projection().features(electrodes, 2)));
    let unknown = features("mode").unwrap_err().to_string();
    assert!(unknown.contains("choose from convolutions, or a list of emg, motion, all, mean"), "{unknown}");
    assert_eq!(
        trainer(&["--features", "motion"], 50).unwrap(),
        with(Encoding::record().features(FeatureSet::MOTION, 1))
    );
    let convolutions = |steps| trainer(&["--encoder", "projection", "--features", "convolutions"], steps);
    // Two dilations fit 30 steps.
    assert_eq!(convolutions(30).unwrap(), with(projection().convolutions(2)));
    assert_eq!(convolutions(200).unwrap(), with(projection().convolutions(3)));
    assert!(features("convolutions").unwrap_err().to_string().contains("leave out --parts"));
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let error = |options: &[&str], steps| trainer(options, steps).unwrap_err().to_string();
    assert!(error(&["--encoder", "record", "--order", "3"], 10).contains("--order"));
    assert!(error(&["--encoder", "projection", "--order", "3"], 10).contains("--order"));
    assert!(error(&["--stride", "2"], 1).contains("--series"));
    assert!(error(&["--encoder", "ngram"], 1).contains("--series"));
    assert!(error(&["--features", "emg"], 1).contains("--series"));
    assert!(error(&["--features", "emg", "--order", "2"], 10).contains("--order"));
    assert!(error(&["--parts", "2"], 10).contains("--features"));
    assert!(error(&["--scale", "quantile", "--clip", "0.1"], 1).contains("--clip"));
    assert!(error(&["--order", "0"], 10).contains("--order"));
    assert!(error(&["--planes", "learned"], 10).contains("--encoder projection"));
    assert!(error(&["--prototypes", "3"], 10).contains("--method lehdc or clusters"));
    assert!(trainer(&["--method", "lehdc", "--prototypes", "3"], 1).unwrap().contains("prototypes: 3"));
    assert_eq!(trainer(&["--encoder", "auto", "--early-exit", "0.1"], 9).unwrap(), {
        format!("{:?}", Trainer::new().early_exit(0.1))
    });
    assert!(error(&["--minutes", "3"], 10).contains("--encoder auto"));
    assert!(error(&["--encoder", "auto", "--method", "margin"], 10).contains("chooses --method itself"));
    assert!(error(&["--encoder", "auto", "--scale", "quantile"], 10).contains("chooses --scale itself"));
    assert!(error(&["--encoder", "auto", "--minutes=-1"], 10).contains("choose from 0"));
    assert!(error(&["--method", "centroid", "--epochs", "3"], 10).contains("--epochs"));
}

#[test]
fn integers_ternary_weights_and_offsets_are_settings_of_their_encoders() {
    let integer = |form| Encoding::record().integer(form);
    assert_eq!(trainer(&["--integer"], 1).unwrap(), with(integer(Form::Cheapest).whole()));
    assert_eq!(trainer(&["--integer=table"], 1).unwrap(), with(integer(Form::Table).whole()));
    let steps = trainer(&["--integer=hypervectors", "--encoder", "record"], 200).unwrap();
    assert_eq!(steps, with(integer(Form::Hypervectors).ngram(1, 1)));
    let features = trainer(&["--integer", "--features", "motion"], 200).unwrap();
    assert_eq!(features, with(integer(Form::Cheapest).features(FeatureSet::MOTION, 1)));
    let ternary = ["--encoder", "projection", "--weights", "ternary"];
    let expected = Encoding::projection(Projection::default().ternary());
    assert_eq!(trainer(&ternary, 1).unwrap(), with(expected));
    let beside = ["--encoder", "projection", "--offsets", "1.5"];
    assert_eq!(trainer(&beside, 1).unwrap(), with(Encoding::projection(Projection::default().offsets(1.5))));
    let problem = |options: &[&str]| trainer(options, 200).unwrap_err().to_string();
    assert!(problem(&["--offsets", "1"]).contains("belong to --encoder projection"));
    assert!(problem(&["--integer"]).contains("--integer takes no n-grams"));
    assert!(problem(&["--integer", "--encoder", "projection"]).contains("--integer belongs to record encoding"));
    assert!(problem(&["--weights", "ternary"]).contains("belong to --encoder projection"));
    assert!(problem(&[&ternary[..], &["--space", "whitened"]].concat()).contains("--space standardised"));
    assert!(problem(&["--encoder", "auto", "--integer"]).contains("chooses --integer itself"));
}
