//! Smaller settings within a loss that is stated.

use std::cell::RefCell;

use hdc_train::{Clusters, Encoding, Feature, FeatureSet, Step, TrainError, Trainer};

use crate::{encoding, trainer, waves};

fn motion() -> Trainer {
    let features =
        Encoding::record().features(FeatureSet::of(&[Feature::Mean, Feature::Maximum, Feature::WaveformLength]), 4);
    Trainer::new().dimension(512).encoding(features).method(Clusters { prototypes: 3, ..Clusters::default() })
}

#[test]
fn the_steps_that_are_kept_lose_no_more_than_is_allowed() {
    let reported = RefCell::new(0);
    let data = waves(120);
    for trainer in [trainer(), motion(), trainer().join(motion_encoding(), 128)] {
        *reported.borrow_mut() = 0;
        let shrunk = trainer.shrink(&data, 0.02, &|_| *reported.borrow_mut() += 1).unwrap();
        assert_eq!(shrunk.steps.len(), *reported.borrow());
        let accuracy = |step: &Step| step.trial.accuracy().mean;
        let mut last = shrunk.before();
        for step in &shrunk.steps {
            assert!(!step.kept || accuracy(step) >= accuracy(shrunk.before()) - 0.02, "{}", step.trial.trainer);
            // Every step saves more of the one than it costs of the other.
            let product = |step: &Step| u128::from(step.cost.model) * u128::from(step.cost.instructions);
            assert!(step.cost.model <= last.cost.model && (product(step) < product(last) || step.cost == last.cost));
            last = if step.kept { step } else { last };
        }
        let after = shrunk.after();
        assert!(after.cost.model * 2 < shrunk.before().cost.model, "{}", after.trial.trainer);
        assert_eq!(after.trial.trainer.fit(&data).unwrap().as_bytes().len() as u64, after.cost.model);
    }
}

fn motion_encoding() -> Encoding {
    Encoding::record().features(FeatureSet::MOTION, 2)
}

#[test]
fn where_anything_may_be_lost_all_settings_end_at_their_least() {
    let shrunk = motion().shrink(&waves(40), 0.99, &|_| {}).unwrap();
    let model = shrunk.after().trial.trainer.fit(&waves(40)).unwrap();
    let (view, encoder) = (model.view(), model.view().metadata().encoder);
    assert_eq!((view.metadata().dimension(), view.metadata().prototypes), (32, 1));
    let hdc_train::InputSpec::Features { set, parts } = encoder.input else { panic!("{encoder:?}") };
    assert_eq!((set.len(), parts), (1, 1));
    assert_eq!(encoder.levels, 2);
    // Each of two encoders keeps a word.
    let joined = trainer().encoding(encoding()).join(encoding(), 128).shrink(&waves(40), 0.99, &|_| {}).unwrap();
    assert_eq!(joined.after().trial.trainer.dimension_bits(), 64);
}

#[test]
fn a_loss_is_a_share() {
    for got in [-0.1, 1.0, f64::NAN] {
        assert!(matches!(trainer().shrink(&waves(40), got, &|_| {}), Err(TrainError::Loss { .. })));
    }
}
