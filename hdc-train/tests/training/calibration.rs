//! Rejection and confidence.

use hdc_train::{Dataset, Nearest, TrainError, Values, predict};

use crate::{names, trainer, waves};

#[test]
fn a_calibrated_model_rejects_what_it_does_not_know_and_knows_how_sure_it_is() {
    let data = waves(400);
    let half =
        |part: usize| data.subset(&(0..400).filter(|sample| sample / 4 % 2 == part).collect::<Vec<_>>()).unwrap();
    let (train, test) = (half(0), half(1));
    let plain = trainer().fit(&train).unwrap();
    let model = trainer().calibrate(0.1).fit(&train).unwrap();
    let view = model.view();
    // Nothing but the calibration differs.
    assert_eq!(predict(&plain.view(), &test).unwrap(), predict(&view, &test).unwrap());
    let accepted = |data: &Dataset| {
        let found = predict(&view, data).unwrap();
        found.iter().filter(|found| view.accepts(found)).count() as f64 / data.len() as f64
    };
    let known = accepted(&test);
    assert!((0.82..=0.97).contains(&known), "{known}");
    let flat =
        Dataset::new("flat", data.shape(), Values::I16(vec![300; 48 * 20]), names(&["left"]), vec![0; 20]).unwrap();
    assert!(accepted(&flat) < 0.05);
    let confidence = |found: &Nearest| view.confidence(found).unwrap();
    assert!(predict(&view, &test).unwrap().iter().map(confidence).all(|percent| percent > 90));
    assert_eq!(plain.view().confidence(&Nearest::default()), None);
    for share in [0.0, 1.0, f64::NAN] {
        assert!(matches!(trainer().calibrate(share).fit(&train), Err(TrainError::FalseRejects { .. })));
    }
}
