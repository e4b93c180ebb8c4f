//! The choice of settings.

use std::time::Duration;

use hdc_train::{Centroid, Dataset, Evaluation, TrainError, Trainer, Trial, cross_validate, folds};

use crate::{loud_waves, names, waves};

#[test]
fn the_automatic_choice_does_as_well_as_any_that_was_tried() {
    let data = waves(60);
    let trials = std::sync::Mutex::new(Vec::new());
    let report = |trial: &Trial| trials.lock().unwrap().push(trial.clone());
    let choice = Trainer::new().dimension(128).auto(&data, Duration::from_mins(10), &report).unwrap();
    let trials = trials.into_inner().unwrap();
    assert_eq!(trials.len(), choice.trials.len());
    let most = trials.iter().map(|trial| trial.accuracy().mean).fold(0.0, f64::max);
    let best = choice.best.accuracy();
    assert!(best.mean > 0.95 && best.mean >= most - best.deviation.max(0.02), "{} of {most}", best.mean);
    // What was measured in the choice is what cross-validation measures.
    let again = cross_validate(&choice.best.trainer, &data, &folds(&data, 1).unwrap(), &|_| {}).unwrap();
    let accuracies: Vec<f64> = again.iter().map(Evaluation::accuracy).collect();
    let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-6;
    assert!(accuracies.iter().zip(&choice.best.accuracies).all(close), "{accuracies:?}");
}

#[test]
fn before_an_early_exit_the_choice_is_of_what_can_exit_early() {
    let data = loud_waves(120);
    let base = Trainer::new().dimension(128).early_exit(0.1);
    let choice = base.auto(&data, Duration::from_mins(10), &|_| {}).unwrap();
    let (tried, mean) = (choice.trials.len(), choice.best.accuracy().mean);
    assert!(tried > 5 && mean > 0.9, "{tried} tried, {mean}: {:?}", choice.best.trainer);
    let model = choice.best.trainer.fit(&data).unwrap();
    assert!(model.view().early_exit().is_some());
}

#[test]
fn an_automatic_choice_without_time_takes_the_first_that_works() {
    let data = waves(60);
    let choice = Trainer::new().dimension(128).auto(&data, Duration::ZERO, &|_| {}).unwrap();
    assert!(choice.left_out > 0 && !choice.trials.is_empty());
    assert!(choice.best.trainer.fit(&data).is_ok());
    let alone = Dataset::new("x", data.shape(), data.values().clone(), names(&["a"]), vec![0; 60]).unwrap();
    let error = Trainer::new().auto(&alone, Duration::ZERO, &|_| {}).unwrap_err();
    assert!(matches!(error, TrainError::OneClass { .. }));
    let error = Trainer::new().dimension(33).auto(&data, Duration::ZERO, &|_| {}).unwrap_err();
    assert!(matches!(error, TrainError::Dimension { got: 33 }));
}

#[test]
fn a_trial_of_settings_is_their_cross_validation() {
    let data = waves(60);
    let splits = folds(&data, 3).unwrap();
    // The first two share an encoder.
    let small = || Trainer::new().dimension(64);
    let trainers = [small(), small().method(Centroid), Trainer::new().dimension(96)];
    let trials = Trial::of(&trainers, &data, &splits).unwrap();
    assert_eq!(trials.len(), 3);
    for (trial, trainer) in trials.iter().zip(&trainers) {
        let expected = cross_validate(trainer, &data, &splits, &|_| {}).unwrap();
        assert_eq!(trial.accuracies.len(), expected.len());
        for (&accuracy, expected) in trial.accuracies.iter().zip(&expected) {
            assert!((accuracy - expected.accuracy()).abs() < 1e-6, "{trial:?}");
        }
    }
}
