use hdc_train::{Dataset, Encoding, Map, Projection, Shape, TrainError, Trainer, Values};

/// Two classes around the same mean, one three times as far from it as the other.
fn rings() -> Dataset {
    let number = |at: usize| {
        let (sample, turn) = (at / 2, (at / 2 * 7919 % 360) as f32);
        let radius = if sample.is_multiple_of(2) { 1.0 } else { 3.0 };
        radius * if at.is_multiple_of(2) { turn.to_radians().cos() } else { turn.to_radians().sin() }
    };
    let values = Values::F32((0..400).map(number).collect());
    let shape = Shape { steps: 1, channels: 2 };
    Dataset::new("rings", shape, values, vec!["near".into(), "far".into()], (0..200).map(|at| at % 2).collect())
        .unwrap()
}

fn accuracy(projection: Projection) -> f32 {
    let model = Trainer::new().dimension(512).encoding(Encoding::projection(projection)).fit(&rings()).unwrap();
    model.view().metadata().provenance.train_accuracy
}

#[test]
fn hyperplanes_beside_the_mean_tell_how_far_a_sample_is_from_it() {
    for random in [Projection::random(Map::Standardised), Projection::default().ternary()] {
        let (through, beside) = (accuracy(random), accuracy(random.offsets(1.0)));
        assert!(through < 0.75 && beside > 0.95, "{random}: {through}, {beside}");
    }
}

#[test]
fn offsets_that_are_no_deviation_are_refused() {
    for got in [-1.0, f32::NAN, f32::INFINITY] {
        let projection = Encoding::projection(Projection::default().offsets(got));
        let error = Trainer::new().encoding(projection).fit(&rings()).unwrap_err();
        assert!(matches!(error, TrainError::Offsets { .. }), "{error}");
    }
}
