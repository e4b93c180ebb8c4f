/// What a long piece of work is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Encoding samples; counted in samples.
    Encode,
    /// Learning an encoder; counted in epochs.
    Learn,
    /// Designing levels; counted in generations.
    Design,
    /// Training the class hypervectors; counted in epochs.
    Retrain,
    /// Cross-validation; counted in folds.
    Fold,
    /// Measuring with flipped bits; counted in rates.
    Flip,
}

/// How far a stage is. Long work takes a callback `&(dyn Fn(Progress) + Sync)`, which may be called from
/// any thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Units done.
    pub done: usize,
    /// Units in all.
    pub total: usize,
}

/// The callback that reports to nobody.
pub(crate) fn silent(_: Progress) {}
