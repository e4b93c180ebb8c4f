use std::fmt;

use crate::cost::{Cost, Target};

/// The most that a model may take on a chip; `None` is no limit.
///
/// Code and stack come on top. They are those of the program that uses the model, and differ little between models;
/// [`Cost`] has them for one that does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The chip.
    pub target: Target,
    /// Bytes of flash, for the model file.
    pub flash: Option<u64>,
    /// Bytes of RAM, for working memory.
    pub ram: Option<u64>,
    /// Instructions of one classification.
    pub instructions: Option<u64>,
}

impl Budget {
    /// No limit on `target`.
    pub fn new(target: Target) -> Self {
        Self { target, flash: None, ram: None, instructions: None }
    }

    /// Whether `cost` is within all limits.
    pub fn fits(&self, cost: &Cost) -> bool {
        self.excess(cost) <= 1.0
    }

    /// The largest share of a limit that is used; above 1 where it does not fit.
    pub(super) fn excess(&self, cost: &Cost) -> f64 {
        let pairs = [(cost.model, self.flash), (cost.working, self.ram), (cost.instructions, self.instructions)];
        let share = |(cost, limit): (u64, Option<u64>)| limit.map(|limit| cost as f64 / limit as f64);
        pairs.into_iter().filter_map(share).fold(0.0, f64::max)
    }
}

/// In words.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = [(self.flash, "bytes of flash"), (self.ram, "bytes of RAM"), (self.instructions, "instructions")];
        let limits: Vec<String> =
            limits.iter().filter_map(|(limit, unit)| limit.map(|limit| format!("{limit} {unit}"))).collect();
        let limits = if limits.is_empty() { "no limit".into() } else { limits.join(", ") };
        write!(f, "{limits} on {}", self.target)
    }
}
