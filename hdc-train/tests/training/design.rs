//! The design of level hypervectors.

use hdc_train::{
    Centroid, Dataset, Design, Encoding, Evaluation, Optimiser, Scale, Shape, Trainer, Values, cross_validate, k_fold,
};

/// Two classes that differ between 60 and 66 of 100, in six channels.
fn narrow() -> Dataset {
    let value = |at: usize| {
        let (sample, channel) = (at / 6, at % 6);
        let noise = (sample * 37 + channel * 101 + sample * channel * 13) % 7;
        // One number in five can be anything.
        let value = if (sample + channel) % 5 == 0 { noise * 16 } else { 56 + sample % 2 * 6 + noise };
        i16::try_from(value).unwrap()
    };
    let values = Values::I16((0..6 * 200).map(value).collect());
    let classes = ["low", "high"].map(String::from).to_vec();
    let labels = (0..200).map(|sample| sample % 2).collect();
    Dataset::new("narrow", Shape { steps: 1, channels: 6 }, values, classes, labels).unwrap()
}

#[test]
fn flips_go_where_the_classes_differ() {
    let data = narrow();
    let splits = k_fold(&data, 4, 1).unwrap();
    let trainer = Trainer::new().dimension(64).method(Centroid);
    let accuracy = |encoding: Encoding| {
        let trainer = trainer.clone().encoding(encoding.levels(5).scale(Scale::Uniform { clip: 0.0 }));
        let folds = cross_validate(&trainer, &data, &splits, &|_| {}).unwrap();
        folds.iter().map(Evaluation::accuracy).sum::<f64>() / folds.len() as f64
    };
    let even = accuracy(Encoding::record());
    for optimiser in [Optimiser::Genetic, Optimiser::Annealing] {
        let designed = accuracy(Encoding::record().designed(Design { optimiser, ..Design::default() }));
        assert!(designed > even + 0.05 && designed > 0.9, "{even} without a design, {designed} by {optimiser:?}");
    }
}

#[test]
fn a_tolerance_buys_distance() {
    let data = narrow();
    let distance = |tolerance: f32| {
        let design = Design { tolerance, ..Design::default() };
        let encoding = Encoding::record().designed(design).levels(5).scale(Scale::Uniform { clip: 0.0 });
        let model = Trainer::new().dimension(64).encoding(encoding).method(Centroid).fit(&data).unwrap();
        let view = model.view();
        view.classes().distances(view.classes().row(0).unwrap()).nth(1).unwrap()
    };
    assert!(distance(1.0) > distance(0.0));
}

#[test]
fn sequences_and_few_samples_are_designed_for_too() {
    let design = Design { population: 8, generations: 5, ..Design::default() };
    let of = |design| Encoding::record().designed(design).levels(5).scale(Scale::Uniform { clip: 0.0 });
    let (designed, annealed) = (of(design), of(Design { optimiser: Optimiser::Annealing, ..design }));
    let plain = Encoding::record().levels(5).scale(Scale::Uniform { clip: 0.0 });
    let thresholds = |encoding: &Encoding, data: &Dataset| {
        let model = Trainer::new().dimension(64).encoding(encoding.clone()).fit(data).unwrap();
        model.view().encoders().next().unwrap().sections()[2].to_vec()
    };
    let Values::I16(values) = narrow().values().clone() else { panic!("counts") };
    let steps: Vec<usize> = (0..200).map(|sample| 5 + sample % 3).collect();
    let sequences: Vec<i16> = values.iter().copied().cycle().take(steps.iter().sum()).collect();
    let classes = narrow().classes().to_vec();
    let labels = narrow().labels().to_vec();
    let sequences = Dataset::sequences("s", 1, Values::I16(sequences), &steps, classes, labels).unwrap();
    assert_ne!(thresholds(&designed, &sequences), thresholds(&plain, &sequences));
    assert_ne!(thresholds(&annealed, &sequences), thresholds(&plain, &sequences));
    // One sample a class is too few for folds.
    let few = narrow().subset(&[0, 1]).unwrap();
    assert_eq!(thresholds(&designed, &few).len(), 6 * 4);
}

#[test]
fn a_front_trades_accuracy_for_distance() {
    let data = narrow();
    let design = |tolerance| Design { tolerance, ..Design::default() };
    let encoding =
        |tolerance| Encoding::record().designed(design(tolerance)).levels(5).scale(Scale::Uniform { clip: 0.0 });
    let trainer = |tolerance| Trainer::new().dimension(64).encoding(encoding(tolerance)).method(Centroid);
    let front = trainer(0.0).designs(&data, &|_| {}).unwrap();
    assert!(front.len() > 1);
    for pair in front.windows(2) {
        assert!(pair[0].accuracy > pair[1].accuracy && pair[0].distance < pair[1].distance);
    }
    // With centroids, the distance is that of the model itself.
    for designed in &front {
        let view = designed.model.view();
        let distance = view.classes().distances(view.classes().row(0).unwrap()).nth(1).unwrap();
        assert!((designed.distance * 64.0 - distance as f32).abs() < 1e-3);
    }
    // What a trainer takes is the end that its tolerance reaches.
    let same = |designed: &hdc_train::Designed, tolerance| {
        let model = trainer(tolerance).fit(&data).unwrap();
        let rows = |model: &hdc_train::ModelBuf| model.view().classes().row(1).unwrap().to_vec();
        assert_eq!(rows(&designed.model), rows(&model));
    };
    same(&front[0], 0.0);
    same(front.last().unwrap(), 1.0);
    assert!(Trainer::new().encoding(Encoding::record()).designs(&data, &|_| {}).unwrap().is_empty());
}
