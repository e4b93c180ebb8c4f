//! The best of several seeds.

use std::sync::Mutex;

use hdc_train::{TrainError, Trainer, Trial, folds};

use crate::{trainer, waves};

fn seeds(trials: &[Trial]) -> Vec<u64> {
    trials.iter().map(|trial| trial.trainer.seed_number()).collect()
}

#[test]
fn all_seeds_are_tried_on_the_same_folds_and_the_best_is_first() {
    let data = waves(60);
    let trainer = Trainer::new().dimension(32).encoding(crate::encoding()).seed(9);
    let reported = Mutex::new(Vec::new());
    let trials = trainer.best_seeds(&data, 8, &|trial| reported.lock().unwrap().push(trial.clone())).unwrap();
    let mut reported = seeds(&reported.into_inner().unwrap());
    reported.sort_unstable();
    assert_eq!(reported, (9..17).collect::<Vec<u64>>());
    // As cross-validation of each seed by itself has it.
    let splits = folds(&data, 9).unwrap();
    for trial in &trials {
        let alone = Trial::of(std::slice::from_ref(&trial.trainer), &data, &splits).unwrap();
        assert_eq!((&trial.accuracies, trial.samples), (&alone[0].accuracies, alone[0].samples));
    }
    let order: Vec<(f64, u64)> =
        trials.iter().map(|trial| (-trial.accuracy().mean, trial.trainer.seed_number())).collect();
    assert!(order.is_sorted(), "{order:?}");
    assert!(order[0].0 < order[7].0, "the seeds differ: {order:?}");
}

#[test]
fn the_order_does_not_depend_on_the_threads() {
    let data = waves(60);
    let trainer = Trainer::new().dimension(64).encoding(crate::encoding());
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        seeds(&pool.install(|| trainer.best_seeds(&data, 8, &|_| {})).unwrap())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn seeds_go_round_and_none_is_refused() {
    let trials = trainer().seed(u64::MAX - 1).best_seeds(&waves(40), 3, &|_| {}).unwrap();
    let mut all = seeds(&trials);
    all.sort_unstable();
    assert_eq!(all, [0, u64::MAX - 1, u64::MAX]);
    assert_eq!(trainer().best_seeds(&waves(40), 0, &|_| {}).unwrap_err(), TrainError::Seeds);
}
