//! How class hypervectors are made of encoded samples: one file a method.

mod centroid;
mod clusters;
mod cosines;
mod lehdc;
mod margin;
mod online;
mod perceptron;
mod quanthd;
mod refine;
mod with_flips;

use std::fmt;

use hdc_core::{AssociativeMemory, Tie};

pub use centroid::{Centroid, ClassCounts};
pub use clusters::Clusters;
pub use lehdc::LeHdc;
pub use margin::Margin;
pub use online::OnlineHd;
pub use perceptron::Perceptron;
pub use quanthd::QuantHd;
pub use refine::RefineHd;
pub use with_flips::WithFlips;

use crate::encoded::Encoded;
use crate::progress::Progress;

/// A training method: from encoded samples to binary class hypervectors.
///
/// The same samples and the same job give the same bits, on any number of threads. A method tells its settings by `Debug`,
/// all of them, and by `Display` in words.
pub trait Method: fmt::Debug + fmt::Display + Send + Sync {
    /// Trains on all of `samples`, of which there is at least one of each class.
    fn train(&self, samples: &Encoded, job: &Job<'_>) -> Prototypes;

    /// Whether samples may be [integer bundles](crate::Encoding::integer).
    fn takes_integers(&self) -> bool {
        false
    }

    /// P, how many class hypervectors a class gets.
    fn prototypes(&self) -> usize {
        1
    }

    /// About how many floating-point operations training on `samples` hypervectors of `dimension` bits takes, as far as that
    /// is much beside encoding them.
    fn operations(&self, _samples: usize, _classes: usize, _dimension: usize) -> f64 {
        0.0
    }

    /// The same method with as many class hypervectors a class, if it can have several.
    fn with_prototypes(&self, _prototypes: usize) -> Option<Box<dyn Method>> {
        None
    }
}

/// What training needs to know besides the samples.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The bit of a class hypervector whose count is 0.
    pub tie: Tie,
    /// The seed of orders and starts.
    pub seed: u64,
    /// Is told how far the training is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("tie", &self.tie).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Binary class hypervectors, `K x P x D` bits: those of a class lie one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototypes {
    /// `K x P x words`.
    pub rows: Vec<u32>,
    /// P, how many a class has.
    pub each: usize,
}

impl Prototypes {
    /// One hypervector a class.
    pub fn single(rows: Vec<u32>) -> Self {
        Self { rows, each: 1 }
    }

    /// The memory that searches them.
    pub fn memory(&self, words: usize) -> AssociativeMemory<&[u32]> {
        AssociativeMemory::new(&self.rows[..], words).with_prototypes(self.each)
    }
}

/// Keeps the prototypes that classify most training samples right; of equals the later ones, whose margins are wider.
struct Best {
    prototypes: Prototypes,
    accuracy: f32,
}

impl Best {
    fn new(prototypes: Prototypes, samples: &Encoded) -> Self {
        let accuracy = samples.accuracy(&prototypes.memory(samples.words()));
        Self { prototypes, accuracy }
    }

    fn offer(&mut self, rows: &[u32], samples: &Encoded) {
        let memory = AssociativeMemory::new(rows, samples.words()).with_prototypes(self.prototypes.each);
        let accuracy = samples.accuracy(&memory);
        if accuracy >= self.accuracy {
            (self.prototypes.rows, self.accuracy) = (rows.to_vec(), accuracy);
        }
    }
}
