//! Copies of the training samples, and balanced classes: on the training side alone.

use std::time::Duration;

use hdc_train::{
    Augment, DatasetError, Design, Encoding, Evaluation, FeatureSet, TrainError, Trainer, cross_validate, folds,
};

use crate::{encoding, loud_waves, trainer, waves};

const NOISY: Augment = Augment { jitter: 0.2, scale: 0.1, degrees: 0.0 };

/// The classes of a model.
fn classes(model: &hdc_train::ModelBuf) -> Vec<u32> {
    let view = model.view();
    (0..view.classes().len()).flat_map(|class| view.classes().row(class).unwrap().to_vec()).collect()
}

#[test]
fn a_trainer_makes_the_copies_that_a_data_set_makes() {
    let data = waves(30);
    let own = trainer().augmented(NOISY, 2).fit(&data).unwrap();
    let given = trainer().fit(&data.augmented(NOISY, 2, 1).unwrap()).unwrap();
    assert_eq!(classes(&own), classes(&given));
    assert_ne!(classes(&own), classes(&trainer().fit(&data).unwrap()));
    let provenance = own.view().metadata().provenance;
    assert_eq!(provenance.samples, 90);
    assert!(provenance.method.contains("copies 2 (jitter 0.2, scale 0.1)"), "{}", provenance.method);
    // None is none.
    assert_eq!(trainer().augmented(NOISY, 0).fit(&data).unwrap().as_bytes(), trainer().fit(&data).unwrap().as_bytes());
}

#[test]
fn rarer_classes_are_repeated() {
    let all = waves(60);
    let some: Vec<usize> = (0..60).filter(|sample| sample % 2 == 0 || *sample < 20).collect();
    let data = all.subset(&some).unwrap();
    let own = trainer().balanced().augmented(NOISY, 1).fit(&data).unwrap();
    let given = trainer().fit(&data.balanced().augmented(NOISY, 1, 1).unwrap()).unwrap();
    assert_eq!(classes(&own), classes(&given));
    assert_eq!(own.view().metadata().provenance.samples, 2 * 60);
}

#[test]
fn folds_copy_their_training_sides_alone() {
    let data = loud_waves(60);
    let splits = folds(&data, 1).unwrap();
    let copying = trainer().augmented(NOISY, 3);
    let found = cross_validate(&copying, &data, &splits, &|_| {}).unwrap();
    for (split, found) in splits.iter().zip(&found) {
        let (train, test) = (data.subset(&split.train).unwrap(), data.subset(&split.test).unwrap());
        let model = trainer().fit(&train.augmented(NOISY, 3, 1).unwrap()).unwrap();
        assert_eq!(&Evaluation::of(&model.view(), &test).unwrap(), found);
    }
    // Nor do copies count among the samples that margins are measured on: 60 are too few for one in a hundred.
    let early =
        || Trainer::new().dimension(128).encoding(Encoding::record().features(FeatureSet::EMG, 1)).early_exit(0.01);
    let error = early().augmented(NOISY, 3).fit(&data).unwrap_err();
    assert!(matches!(error, TrainError::NoEarlyExit { .. }), "{error}");
    assert!(early().fit(&data.augmented(NOISY, 3, 1).unwrap()).is_ok());
}

#[test]
fn designs_are_judged_without_copies() {
    let data = waves(40);
    let design = Design { population: 6, generations: 2, ..Design::default() };
    let designed =
        trainer().dimension(64).encoding(Encoding::record().features(FeatureSet::MOTION, 1).designed(design));
    let memories = |trainer: &Trainer, data| {
        let model = trainer.fit(data).unwrap();
        model.view().encoders().flat_map(|encoder| encoder.sections().concat()).collect::<Vec<u32>>()
    };
    let own = memories(&designed.clone().augmented(NOISY, 3), &data);
    assert_eq!(own, memories(&designed, &data));
    assert_ne!(own, memories(&designed, &data.augmented(NOISY, 3, 1).unwrap()));
    let fronts = |trainer: &Trainer| trainer.designs(&data, &|_| {}).unwrap();
    let accuracies = |trainer| fronts(trainer).iter().map(|design| design.accuracy.to_bits()).collect::<Vec<_>>();
    assert_eq!(accuracies(&designed.clone().augmented(NOISY, 3)), accuracies(&designed));
}

#[test]
fn an_automatic_choice_tries_copies_of_windows() {
    let data = loud_waves(60);
    let choice = Trainer::new().dimension(64).auto(&data, Duration::from_mins(10), &|_| {}).unwrap();
    let copied = choice.trials.iter().filter(|trial| trial.trainer.to_string().contains("copies 2")).count();
    assert!(copied > 0);
}

#[test]
fn what_cannot_be_disturbed_is_refused() {
    let data = waves(30);
    let refused = |trainer: Trainer| match trainer.encoding(encoding()).fit(&data).unwrap_err() {
        TrainError::Dataset(DatasetError::Augment { problem }) => problem,
        other => panic!("{other}"),
    };
    assert!(refused(trainer().augmented(Augment { degrees: 5.0, ..NOISY }, 1)).contains("threes"));
    for jitter in [-1.0, f32::NAN, f32::INFINITY] {
        assert!(refused(trainer().augmented(Augment { jitter, ..NOISY }, 1)).contains("0 or more"));
    }
    let texts = crate::texts::texts(20);
    let error =
        Trainer::new().dimension(64).encoding(Encoding::symbols(27)).augmented(NOISY, 1).fit(&texts).unwrap_err();
    assert!(error.to_string().contains("texts"), "{error}");
}
