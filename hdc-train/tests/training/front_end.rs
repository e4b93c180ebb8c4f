use std::time::Duration;

use hdc_train::{
    Dataset, FrontEnd, FrontEndError, Shape, TrainError, Trainer, Values, cross_validate, k_fold, predict,
};

/// One second at 1 kHz of two channels: noise of two bands under a drift and a hum that are a hundred times as large. The
/// class says which channel has the stronger noise.
fn noises(samples: usize) -> Dataset {
    let shape = Shape { steps: 1000, channels: 2 };
    let (mut values, mut labels, mut noise) = (Vec::new(), Vec::new(), 1_u32);
    for sample in 0..samples {
        let class = sample % 2;
        for step in 0..shape.steps {
            let time = step as f64 / 1000.0;
            let phase = sample as f64;
            let drift = 3000.0 * (phase * 1.3).sin() + 2000.0 * (0.7 * time + phase).sin();
            let hum = 900.0 * (50.0 * std::f64::consts::TAU * time + phase).sin();
            for channel in 0..shape.channels {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let amplitude = if channel == class { 30.0 } else { 15.0 };
                let own = amplitude * (f64::from(noise >> 16) / 32_768.0 - 1.0);
                values.push((drift + hum + own).round() as i16);
            }
        }
        labels.push(class);
    }
    let classes = vec!["left".into(), "right".into()];
    Dataset::new("noises", shape, Values::I16(values), classes, labels).unwrap()
}

fn front_end() -> FrontEnd {
    FrontEnd::new(1000.0).high_pass(100.0).notch(50.0, 2.0).envelope(0.1).decimate(50)
}

fn trainer() -> Trainer {
    Trainer::new().dimension(512).front_end(front_end())
}

#[test]
fn what_drowns_in_drift_and_hum_is_recognised_behind_a_front_end() {
    let data = noises(60);
    let folds = k_fold(&data, 3, 1).unwrap();
    let accuracy = |trainer: &Trainer| -> f64 {
        let folds = cross_validate(trainer, &data, &folds, &|_| {}).unwrap();
        folds.iter().map(hdc_train::Evaluation::accuracy).sum::<f64>() / 3.0
    };
    let (with, without) = (accuracy(&trainer()), accuracy(&Trainer::new().dimension(512)));
    assert!(with > 0.95 && without < 0.8, "{with} {without}");
}

#[test]
fn the_model_says_what_its_front_end_is() {
    let model = trainer().fit(&noises(8)).unwrap();
    let view = model.view();
    let metadata = view.metadata();
    assert_eq!((metadata.steps, metadata.channels), (1000, 2));
    let spec = metadata.front_end.unwrap();
    assert_eq!((spec.sections, spec.envelope, spec.decimation), (2, 100, 50));
    let method = metadata.provenance.method;
    let text = "high-pass 100 Hz, notch 50 Hz (Q 2), envelope 0.1 s, 1 of 50 steps at 1000 Hz; ";
    assert!(method.starts_with(text), "{method}");
}

#[test]
fn a_learner_filters_its_pieces() {
    let data = noises(20);
    let halves: Vec<Dataset> =
        [0..10, 10..20].map(|half| data.subset(&half.collect::<Vec<_>>()).unwrap()).into_iter().collect();
    let mut whole = trainer().learner(&data).unwrap();
    let mut pieces = whole.clone();
    whole.partial_fit(&data).unwrap();
    halves.iter().for_each(|half| pieces.partial_fit(half).unwrap());
    assert_eq!(pieces.model().unwrap(), whole.model().unwrap());
    let found = predict(&whole.model().unwrap().view(), &data).unwrap();
    assert!(found.iter().zip(data.labels()).all(|(found, &label)| found.class == label));

    let plain = Trainer::new().dimension(512).learner(&data).unwrap();
    assert_eq!(whole.merge(&plain), Err(TrainError::Shard));
    let half = Shape { steps: 500, channels: 2 };
    let labels = vec![0, 1];
    let short = Dataset::new("short", half, Values::I16(vec![0; 2000]), data.classes().to_vec(), labels).unwrap();
    let error = FrontEndError::Steps { expected: 1000, got: 500 };
    assert_eq!(whole.partial_fit(&short), Err(TrainError::FrontEnd(error)));
}

#[test]
fn the_automatic_choice_keeps_the_front_end() {
    let data = noises(40);
    let choice = trainer().auto(&data, Duration::ZERO, &|_| {}).unwrap();
    assert!(choice.best.accuracy().mean > 0.9);
    let model = choice.best.trainer.fit(&data).unwrap();
    assert_eq!(model.view().metadata().front_end.unwrap().decimation, 50);
}

#[test]
fn a_calibrated_model_may_have_a_front_end() {
    let data = noises(60);
    let model = trainer().calibrate(0.2).fit(&data).unwrap();
    let view = model.view();
    let found = predict(&view, &data).unwrap();
    let accepted = found.iter().filter(|found| view.accepts(found)).count();
    assert!(accepted > data.len() / 2, "{accepted}");
    assert!(view.confidence(&found[0]).is_some());
}
