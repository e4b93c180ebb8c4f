//! What is better than what.

use super::Candidate;

/// What candidates race each other for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Race {
    /// The best accuracy.
    Accuracy,
    /// The best accuracy for what a model takes.
    Front,
}

impl Candidate {
    /// Whether this is at least as good in accuracy, robustness, flash, RAM and instructions, and better in one.
    pub fn dominates(&self, other: &Self) -> bool {
        self.covers(other) && !other.covers(self)
    }

    /// Whether this is at least as good in all.
    fn covers(&self, other: &Self) -> bool {
        self.figures().iter().zip(&other.figures()).all(|(own, other)| own >= other)
    }

    /// Whether this, which was tried in all folds, leaves no hope for `other`, which was tried in `folds` alone: it was at
    /// least as accurate there, on as many samples, and takes no more of anything; in a race for accuracy, it may take more
    /// if it was more accurate.
    pub(super) fn rules_out(&self, other: &Self, folds: &[usize], race: Race) -> bool {
        let all = |candidate: &Self| [candidate.cost.model, candidate.cost.working, candidate.cost.instructions];
        let cheaper = all(self).iter().zip(all(other)).all(|(&own, other)| own <= other);
        let there = folds.iter().map(|&fold| self.trial.accuracies[fold]).sum::<f64>() / folds.len() as f64;
        let mean = other.trial.accuracy().mean;
        let better = there > mean && race == Race::Accuracy || there >= mean && cheaper;
        better && self.trial.samples == other.trial.samples
    }

    /// More is better.
    fn figures(&self) -> [f64; 5] {
        let [flash, ram, instructions] =
            [self.cost.model, self.cost.working, self.cost.instructions].map(|cost| -(cost as f64));
        [self.trial.accuracy().mean, self.robustness, flash, ram, instructions]
    }
}

/// Those that no other one dominates, the most accurate first; of equals the first.
pub(super) fn front(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut front: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !front.iter().any(|other| other.covers(candidate)) {
            front.retain(|other| !candidate.dominates(other));
            front.push(candidate.clone());
        }
    }
    front.sort_by(|a, b| b.trial.accuracy().mean.total_cmp(&a.trial.accuracy().mean));
    front
}

/// The most robust of those that the most accurate one does not beat by more than noise; of equals the smallest.
pub(super) fn choice(front: &[Candidate]) -> Option<&Candidate> {
    let near = front.iter().filter(|candidate| !front[0].trial.beats(&candidate.trial));
    near.max_by(|a, b| a.robustness.total_cmp(&b.robustness).then(b.cost.model.cmp(&a.cost.model)))
}
