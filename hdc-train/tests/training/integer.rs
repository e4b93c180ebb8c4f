use hdc_train::reduce::{ReduceError, order, retrain, truncate};
use hdc_train::{
    Centroid, Cost, Dataset, Design, Encoding, FeatureSet, FlipError, FlipTarget, Flips, Form, FrontEnd, LeHdc, Margin,
    ModelBuf, Perceptron, Shape, Source, SpatialSpec, Target, TrainError, Trainer, Values, predict,
};
use proptest::prelude::*;

/// Three classes of noisy waves.
fn data(shape: Shape, float: bool) -> Dataset {
    let number = |at: usize| {
        let (sample, place) = (at / shape.len(), at % shape.len());
        let noise = (at * 7919 + sample * 104_729) % 211;
        i16::try_from((place * (3 + sample % 3) * 97) % 509 + noise).unwrap() - 300
    };
    let counts = (0..60 * shape.len()).map(number);
    let values = match float {
        true => Values::F32(counts.map(|count| f32::from(count) / 64.0).collect()),
        false => Values::I16(counts.collect()),
    };
    let classes = ["alpha", "beta", "gamma"].map(String::from).to_vec();
    Dataset::new("waves", shape, values, classes, (0..60).map(|sample| sample % 3).collect()).unwrap()
}

fn spatial(model: &ModelBuf) -> SpatialSpec {
    model.view().metadata().encoder.spatial
}

fn is_table(model: &ModelBuf) -> bool {
    matches!(spatial(model), SpatialSpec::Table { .. })
}

/// The model of each form.
fn forms(trainer: impl Fn(Form) -> Trainer, data: &Dataset) -> [ModelBuf; 2] {
    let models = [Form::Hypervectors, Form::Table].map(|form| trainer(form).fit(data).unwrap());
    assert!(!is_table(&models[0]) && is_table(&models[1]));
    models
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The same class, distance and margin, bit for bit.
    #[test]
    fn both_forms_decide_alike(
        (steps, channels) in (1_usize..7, 1_usize..12),
        (words, levels, seed) in (1_usize..20, 2_usize..20, 0_u64..100),
        (input, source) in (0..3, prop::sample::select(&[Source::Stored, Source::Regenerated][..])),
        (float, lehdc) in (any::<bool>(), any::<bool>()),
    ) {
        let data = data(Shape { steps, channels }, float);
        let encoding = Encoding::record().levels(levels).memories(source);
        let encoding = match input {
            0 => encoding.whole(),
            1 => encoding.ngram(1, 1),
            _ => encoding.features(FeatureSet::EMG, 1),
        };
        let trainer = |form| {
            let trainer = Trainer::new().dimension(32 * words).encoding(encoding.clone().integer(form)).seed(seed);
            if lehdc { trainer.method(LeHdc { epochs: 2, ..LeHdc::default() }) } else { trainer.method(Margin::default()) }
        };
        let [hypervectors, table] = forms(trainer, &data);
        let expected = predict(&hypervectors.view(), &data).unwrap();
        prop_assert_eq!(predict(&table.view(), &data).unwrap(), expected);
        let cheapest = trainer(Form::Cheapest).fit(&data).unwrap();
        let product = |model: &ModelBuf| {
            let cost = Cost::of(&model.view(), Target::CortexM4);
            u128::from(cost.model) * u128::from(cost.instructions)
        };
        prop_assert_eq!(&cheapest, if product(&table) <= product(&hypervectors) { &table } else { &hypervectors });
    }
}

#[test]
fn a_table_is_picked_for_few_classes_and_hypervectors_for_many_numbers_and_few_dimensions() {
    let trainer = |dimension| Trainer::new().dimension(dimension).encoding(Encoding::record().integer(Form::Cheapest));
    assert!(is_table(&trainer(1024).fit(&data(Shape { steps: 1, channels: 8 }, false)).unwrap()));
    assert!(!is_table(&trainer(32).fit(&data(Shape { steps: 1, channels: 400 }, false)).unwrap()));
}

#[test]
fn integer_models_learn_and_are_calibrated_alike() {
    let data = data(Shape { steps: 1, channels: 9 }, false);
    let of = |form| Trainer::new().dimension(512).encoding(Encoding::record().integer(form)).calibrate(0.2);
    let models = forms(of, &data);
    let views = [models[0].view(), models[1].view()];
    for method in 0..2 {
        let trainer = of(Form::Table);
        let trainer = if method == 0 { trainer.method(Centroid) } else { trainer.method(LeHdc::default()) };
        assert!(trainer.fit(&data).unwrap().view().metadata().provenance.train_accuracy > 0.9);
    }
    for found in predict(&views[0], &data).unwrap() {
        assert_eq!(views[0].accepts(&found), views[1].accepts(&found));
        assert_eq!(views[0].confidence(&found), views[1].confidence(&found));
    }
    let accepted = predict(&views[1], &data).unwrap().iter().filter(|found| views[1].accepts(found)).count();
    assert!(accepted > data.len() / 2, "{accepted}");
}

#[test]
fn designed_levels_stay_integer_bundles() {
    let data = data(Shape { steps: 1, channels: 9 }, false);
    let design = Design { population: 4, generations: 2, ..Design::default() };
    let of = |form| Trainer::new().dimension(64).encoding(Encoding::record().levels(4).designed(design).integer(form));
    let [hypervectors, table] = forms(of, &data);
    assert_eq!(predict(&table.view(), &data).unwrap(), predict(&hypervectors.view(), &data).unwrap());
    let designs = of(Form::Hypervectors).designs(&data, &|_| {}).unwrap();
    assert!(!designs.is_empty());
    for design in designs {
        let spatial = design.model.view().metadata().encoder.spatial;
        assert!(matches!(spatial, SpatialSpec::IntegerRecord { .. }), "{spatial:?}");
    }
}

#[test]
fn integer_windows_go_through_a_front_end() {
    let data = data(Shape { steps: 40, channels: 2 }, false);
    let front_end = || FrontEnd::new(100.0).low_pass(30.0).decimate(2);
    let trainer = |form| {
        let encoding = Encoding::record().ngram(1, 1).integer(form);
        Trainer::new().dimension(128).encoding(encoding).front_end(front_end())
    };
    let [hypervectors, table] = forms(trainer, &data);
    assert_eq!(predict(&table.view(), &data).unwrap(), predict(&hypervectors.view(), &data).unwrap());
}

#[test]
fn what_is_not_a_sum_is_refused() {
    let data = data(Shape { steps: 6, channels: 2 }, false);
    let integer = || Encoding::record().integer(Form::Cheapest);
    let error = |trainer: Trainer| trainer.dimension(64).fit(&data).unwrap_err();
    let trainer = Trainer::new();
    assert_eq!(error(trainer.clone().encoding(integer().ngram(2, 1))), TrainError::Integer);
    let projection = Encoding::projection(hdc_train::Projection::default()).integer(Form::Table);
    assert_eq!(error(trainer.clone().encoding(projection)), TrainError::Integer);
    assert_eq!(error(trainer.clone().encoding(integer()).join(Encoding::record(), 32)), TrainError::Integer);
    let perceptron = trainer.clone().encoding(integer()).method(Perceptron::default());
    assert!(matches!(error(perceptron), TrainError::IntegerMethod { .. }));
    let large = trainer.dimension(1 << 21).encoding(integer().ngram(1, 1));
    assert_eq!(large.fit(&data).unwrap_err(), TrainError::Digits { total: 12, digits: 4, most: 1 << 20 });
}

#[test]
fn flips_are_of_what_is_stored_and_dimensions_stay() {
    let data = data(Shape { steps: 1, channels: 9 }, false);
    let of = |form| Trainer::new().dimension(256).encoding(Encoding::record().integer(form));
    let flips = Flips { rates: vec![0.0, 0.5], repetitions: 2, seed: 1 };
    for model in forms(of, &data) {
        let view = model.view();
        let curve = |target| flips.curve(&view, &data, target, &|_| {});
        assert_eq!(curve(FlipTarget::Queries), Err(FlipError::Integer));
        let stored = curve(FlipTarget::Stored).unwrap();
        let accuracy = f64::from(view.metadata().provenance.train_accuracy);
        assert!((stored.points[0].accuracy.mean - accuracy).abs() < 1e-6);
        assert!(stored.points[1].accuracy.mean < accuracy);
        assert_eq!(order(&view, &data), Err(ReduceError::Integer));
        assert_eq!(truncate(&view, 32), Err(ReduceError::Integer));
        assert_eq!(retrain(&view, &data, &Centroid, 1, &|_| {}), Err(ReduceError::Integer));
    }
}
