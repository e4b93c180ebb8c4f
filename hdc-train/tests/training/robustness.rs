//! Flipped bits: where they fall, and what they cost.

use hdc_train::{
    Dataset, Encoding, FlipCurve, FlipError, FlipTarget, Flips, Map, ModelBuf, PredictError, Projection, Shape, Source,
    Trainer, Values, WithFlips, predict,
};

use crate::waves;

fn curve(model: &ModelBuf, data: &Dataset, target: FlipTarget) -> FlipCurve {
    Flips { rates: vec![0.0, 0.1, 0.5], ..Flips::default() }.curve(&model.view(), data, target, &|_| {}).unwrap()
}

fn means(curve: &FlipCurve) -> Vec<f64> {
    curve.points.iter().map(|point| point.accuracy.mean).collect()
}

#[test]
fn without_flips_nothing_is_lost_and_with_half_of_the_bits_everything() {
    let data = waves(120);
    let projected = Encoding::projection(Projection::random(Map::Whitened));
    for trainer in
        [crate::trainer(), crate::trainer().encoding(projected.clone()), crate::trainer().join(projected, 256)]
    {
        let model = trainer.calibrate(0.1).fit(&data).unwrap();
        let right = predict(&model.view(), &data).unwrap();
        let right = right.iter().zip(data.labels()).filter(|(found, label)| found.class == **label).count();
        for target in FlipTarget::ALL {
            let found = curve(&model, &data, target);
            let means = means(&found);
            assert!((means[0] - right as f64 / data.len() as f64).abs() < 1e-6, "{target}: {means:?}");
            assert!(means[1] > 0.6, "{target}: {means:?}");
            // Two classes of the same size. A damaged model answers for all samples at once, so the deviation is large.
            assert!(means[2] < 0.8, "{target}: {means:?}");
            assert!(found.points[0].accuracy.deviation < f64::EPSILON);
            assert_eq!(found, curve(&model, &data, target));
        }
    }
}

#[test]
fn regenerated_memories_have_no_bits_that_could_flip() {
    let data = waves(60);
    let regenerated = crate::trainer().encoding(crate::encoding().memories(Source::Regenerated)).fit(&data).unwrap();
    let memories = means(&curve(&regenerated, &data, FlipTarget::Memories));
    assert!((memories[0] - memories[2]).abs() < f64::EPSILON, "{memories:?}");
    let stored = crate::trainer().fit(&data).unwrap();
    for target in [FlipTarget::Classes, FlipTarget::Queries] {
        assert_eq!(curve(&regenerated, &data, target), curve(&stored, &data, target));
    }
}

#[test]
fn many_dimensions_stand_more_flips_than_few() {
    let data = waves(120);
    let lost = |dimension: usize| {
        let model = crate::trainer().dimension(dimension).fit(&data).unwrap();
        let flips = Flips { rates: vec![0.0, 0.3], repetitions: 20, seed: 3 };
        let curve = flips.curve(&model.view(), &data, FlipTarget::Queries, &|_| {}).unwrap();
        curve.points[0].accuracy.mean - curve.points[1].accuracy.mean
    };
    let (few, many) = (lost(32), lost(4096));
    assert!(many < few / 2.0 && many < 0.05, "{few} {many}");
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let data = waves(40);
    let model = crate::trainer().fit(&data).unwrap();
    let flips = |rate| Flips { rates: vec![0.1, rate], ..Flips::default() };
    let measure = |rate, data: &Dataset| flips(rate).curve(&model.view(), data, FlipTarget::Stored, &|_| {});
    assert_eq!(measure(0.6, &data), Err(FlipError::Rate { got: 0.6 }));
    assert!(matches!(measure(f64::NAN, &data), Err(FlipError::Rate { .. })));
    let shape = Shape { steps: 1, channels: 2 };
    let other = Dataset::new("other", shape, Values::I16(vec![1, 2]), crate::names(&["left"]), vec![0]).unwrap();
    assert!(matches!(measure(0.1, &other), Err(FlipError::Predict(PredictError::Shape { .. }))));
}

#[test]
fn training_with_flips_is_reproducible_and_without_any_changes_nothing() {
    let data = waves(80);
    let train = |rate, copies| {
        let method = WithFlips { method: hdc_train::Margin::default(), rate, copies };
        Trainer::new().dimension(256).encoding(crate::encoding()).method(method).fit(&data).unwrap()
    };
    let classes = |model: &ModelBuf| -> Vec<u32> {
        (0..2).flat_map(|class| model.view().classes().row(class).unwrap().to_vec()).collect()
    };
    let plain = Trainer::new().dimension(256).encoding(crate::encoding()).fit(&data).unwrap();
    assert_eq!(classes(&train(0.2, 0)), classes(&plain));
    assert_eq!(train(0.2, 2), train(0.2, 2));
    assert_ne!(classes(&train(0.2, 2)), classes(&plain));
    assert!(train(0.2, 2).view().metadata().provenance.method.contains("rate: 0.2"));
}
