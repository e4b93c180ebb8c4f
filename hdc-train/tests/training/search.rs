//! The search within a budget.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hdc_train::{Budget, Candidate, Cost, Dataset, Found, Search, SearchError, Target, folds};
use tempfile::tempdir;

use crate::waves;

/// One that leaves room for some settings and not for others.
fn budget() -> Budget {
    Budget { flash: Some(8 * 1024), ram: Some(1024), instructions: Some(60_000), ..Budget::new(Target::CortexM4) }
}

/// Time for a few trials: the first of them take less than a hundredth of a second.
fn search(milliseconds: u64) -> Search {
    Search { budget: budget(), time: Duration::from_millis(milliseconds), seed: 1 }
}

fn run(search: &Search, data: &Dataset, journal: &Path) -> Found {
    search.run(data, journal, &|_| {}).unwrap()
}

/// What must be the same again.
fn told(tried: &[Candidate]) -> Vec<String> {
    let one = |candidate: &Candidate| {
        let Candidate { trial, cost, robustness, .. } = candidate;
        format!("{:?} {} {:?} {cost:?} {robustness}", trial.trainer, trial.samples, trial.accuracies)
    };
    tried.iter().map(one).collect()
}

#[test]
fn all_that_is_found_fits_and_nothing_on_the_front_is_dominated() {
    let (data, folder) = (waves(60), tempdir().unwrap());
    let found = run(&search(3000), &data, &folder.path().join("trials.jsonl"));
    assert!(found.discarded > 0 && found.best.trial.accuracy().mean > 0.9, "{:?}", found.best);
    assert!(found.tried.iter().all(|candidate| budget().fits(&candidate.cost)));
    // Those that were behind in the first folds were not tried in the others.
    let (finals, dropped): (Vec<&Candidate>, Vec<&Candidate>) =
        found.tried.iter().partition(|candidate| candidate.effort() == found.best.effort());
    assert!(found.best.effort().1 == found.folds.len() && dropped.len() > finals.len(), "{}", dropped.len());
    for candidate in &found.front {
        assert!(!finals.iter().any(|other| other.dominates(candidate)), "{candidate:?}");
        // What was predicted before training is what the trained model costs.
        let model = candidate.trial.trainer.fit(&data).unwrap();
        let (cost, expected) = (Cost::of(&model.view(), Target::CortexM4), candidate.cost);
        // Of the instructions of a root, a few samples tell nearly as much as all.
        let near = cost.instructions.abs_diff(expected.instructions) * 200 <= expected.instructions;
        // A table of integers may have narrower entries than it was held for, beside which two more distances are kept.
        let integer = candidate.trial.trainer.to_string().contains("of integers");
        let same = Cost { instructions: expected.instructions, ..cost } == expected;
        let less = integer && cost.model <= expected.model + 8 && cost.ram <= expected.ram + 8;
        assert!(near && same || less, "{}: {cost:?}, expected {expected:?}", candidate.trial.trainer);
    }
    // What is not on the front is dominated by it, or equal.
    let covered = |candidate: &&Candidate| {
        found
            .front
            .iter()
            .any(|other| other.dominates(candidate) || !candidate.dominates(other) && candidate.cost == other.cost)
    };
    assert!(finals.iter().all(covered));
    assert!(found.front.iter().any(|candidate| format!("{candidate:?}") == format!("{:?}", found.best)));
}

#[test]
fn settings_just_within_the_budget_are_tried_alone() {
    // The name of another method in the metadata is what is too much then.
    let (data, folder) = (waves(60), tempdir().unwrap());
    for flash in (400..1200).step_by(16) {
        let budget = Budget { flash: Some(flash), ..Budget::new(Target::CortexM4) };
        let search = Search { budget, time: Duration::from_millis(50), seed: 1 };
        match search.run(&data, &folder.path().join(flash.to_string()), &|_| {}) {
            Ok(found) => assert!(found.tried.iter().all(|candidate| budget.fits(&candidate.cost))),
            Err(error) => assert!(matches!(error, SearchError::Budget { .. }), "{flash}: {error}"),
        }
    }
}

#[test]
fn an_interrupted_search_goes_on_where_it_stopped() {
    let (data, folder) = (waves(60), tempdir().unwrap());
    let path = folder.path().join("trials.jsonl");
    let whole = run(&search(2000), &data, &path);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 10, "{}", lines.len());
    // The power goes while the eighth trial is written.
    let cut = lines[..8].join("\n") + "\n" + &lines[8][..lines[8].len() / 2];
    fs::write(&path, &cut).unwrap();
    let again = run(&search(2000), &data, &path);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.starts_with(&(lines[..8].join("\n") + "\n")));
    // The time decides how far it gets, but not what is tried.
    let (whole, again) = (told(&whole.tried), told(&again.tried));
    let both = whole.len().min(again.len());
    assert!(both > 8 && whole[..both] == again[..both]);
    // Once the time is over, nothing is measured any more.
    let done = fs::read(&path).unwrap();
    let last = run(&search(1), &data, &path);
    assert!(fs::read(&path).unwrap() == done && !last.tried.is_empty());
}

#[test]
fn a_journal_of_another_search_is_refused() {
    let (data, folder) = (waves(60), tempdir().unwrap());
    let path = folder.path().join("trials.jsonl");
    run(&search(1), &data, &path);
    let before = fs::read(&path).unwrap();
    let refused = |search: &Search, data: &Dataset, what: &str| {
        let error = search.run(data, &path, &|_| {}).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains("choose another folder"), "{error}");
        assert!(fs::read(&path).unwrap() == before, "the journal was touched");
    };
    refused(&search(1), &waves(62), "number of samples 60, not 62");
    let swapped: Vec<usize> = (0..60).rev().collect();
    refused(&search(1), &data.subset(&swapped).unwrap(), "checksum of the data");
    refused(&Search { seed: 2, ..search(1) }, &data, "seed 1, not 2");
    refused(&Search { budget: Budget { ram: None, ..budget() }, ..search(1) }, &data, "RAM 1024, not any");
    fs::write(&path, [&before[..], b"{}\n"].concat()).unwrap();
    let error = search(1).run(&data, &path, &|_| {}).unwrap_err();
    assert!(matches!(error, SearchError::Broken { .. }), "{error}");
}

#[test]
fn a_budget_that_nothing_fits_names_one_that_something_fits() {
    let (data, folder) = (waves(60), tempdir().unwrap());
    let path = folder.path().join("trials.jsonl");
    let tiny = Budget { flash: Some(100), ..Budget::new(Target::CortexM4) };
    let error = Search { budget: tiny, ..search(1) }.run(&data, &path, &|_| {}).unwrap_err();
    assert!(!path.exists());
    let SearchError::Budget { nearest, flash, ram, instructions, .. } = &error else { panic!("{error}") };
    assert!(*flash <= nearest.model && *ram <= nearest.working && *instructions <= nearest.instructions);
    assert!(error.to_string().contains(&nearest.model.to_string()), "{error}");
    let budget = Budget {
        flash: Some(nearest.model),
        ram: Some(nearest.working),
        instructions: Some(nearest.instructions),
        ..tiny
    };
    let found = run(&Search { budget, ..search(1) }, &data, &path);
    assert!(budget.fits(&found.best.cost));
}

#[test]
fn without_time_there_is_still_a_model() {
    let (data, folder) = (waves(60), tempdir().unwrap());
    let found = run(&search(0), &data, &folder.path().join("trials.jsonl"));
    assert_eq!(found.folds, folds(&data, 1).unwrap());
    assert!(!found.front.is_empty() && found.best.trial.trainer.fit(&data).is_ok());
}
