//! Designs the level hypervectors of a record for its data.

mod anneal;
mod bench;
mod counters;
mod moves;
mod nsga;

use std::fmt;

use hdc_core::{Encoder, Input, Quantiser, Spatial};
use rayon::prelude::*;

use self::bench::Bench;
use super::Fit;
use crate::dataset::{Dataset, Shape};
use crate::model::ModelBuf;
use crate::progress::{Progress, Stage};
use crate::quantise::Rows;
use crate::split::{Split, folds};
use crate::values::Values;

/// How the levels of a record encoding are designed for the data: hypervector design (Basaklar et al. 2021).
///
/// The paper gives every feature level hypervectors of its own and chooses, by a multi-objective search, how many bits
/// are flipped from one level to the next. Here all features share one level memory, whose bits are flipped in equal
/// shares, and the search chooses *where* in the values of each feature each share is flipped: the thresholds of the
/// feature, several of which may lie together. That is the same freedom, in steps of `D / (M - 1)` bits, and nothing has
/// to be stored but thresholds. A class stays a majority, and so does a sample.
///
/// The paper keeps sums of both. With sums, a distance is one of tables, `sum_f T[f][level_f][k]`, whatever D is: D then has no
/// part in inference. So it is here with [integer bundles](crate::Encoding::integer), which designed levels may be, too. It is
/// not so with majorities of the features, where D is what is stored and searched.
///
/// Both objectives are maximised: the accuracy of the centroids in cross-validation, groups and sessions kept apart, and the
/// least distance between two class hypervectors, which is what bit errors have to overcome. Both are those of majorities,
/// for integer bundles as well. [`Optimiser`] says how, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// Designs that are kept from one generation to the next.
    pub population: usize,
    /// Generations.
    pub generations: usize,
    /// The accuracy that may be given up for a greater distance of the classes: of the designs whose accuracy is within
    /// this of the best, the one with the greatest distance is taken.
    pub tolerance: f32,
    /// How designs are searched for.
    pub optimiser: Optimiser,
}

/// How designs are searched for, from evenly spread levels on.
///
/// On folds of uci-emg, wisdm and isolet, the default number of designs by `Genetic` gave a more accurate model than as many by
/// `Annealing`, and than those that it measures in the same time; the classes were also farther apart
/// (`cargo xtask folds design`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimiser {
    /// NSGA-II (Deb et al. 2002), for both objectives alike. Costs `population x (generations + 1)` encodings of the data.
    #[default]
    Genetic,
    /// Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983) of as many designs, for accuracy, where distance decides between
    /// equals. A move changes one feature, and only the samples whose level it changes are encoded again, in place, which
    /// takes D bits for each digit of a counter up to F for every sample: several times less work than `Genetic` where
    /// features are many. n-grams, and counters of more than 1 GiB, are encoded in full. The front is that of all designs
    /// on the way.
    Annealing,
}

impl Default for Design {
    fn default() -> Self {
        Self { population: 48, generations: 40, tolerance: 0.0, optimiser: Optimiser::Genetic }
    }
}

/// In words.
impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { population, generations, .. } = self;
        match self.optimiser {
            Optimiser::Genetic => write!(f, "designed in {generations} generations of {population}"),
            Optimiser::Annealing => {
                write!(f, "designed by annealing for as long as {generations} generations of {population}")
            }
        }
    }
}

/// A design as thresholds, `F x (M - 1)`, and both objectives, 0 to 1.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) thresholds: Vec<u32>,
    pub(crate) accuracy: f32,
    pub(crate) distance: f32,
}

/// A model of a front of designs: see [`Trainer::designs`](crate::Trainer::designs).
#[derive(Clone, Debug)]
pub struct Designed {
    /// The accuracy of the centroids in cross-validation, 0 to 1.
    pub accuracy: f32,
    /// The least distance between two class hypervectors of centroids, as a share of D.
    pub distance: f32,
    /// The model, trained by the trainer's method.
    pub model: ModelBuf,
}

/// The bins that cuts lie between.
pub(super) const BINS: usize = 64;

impl Design {
    /// About how many floating-point operations' time a design takes.
    pub(super) fn operations(&self, rows: usize, columns: usize, dimension: usize) -> f64 {
        let a_row = columns * (dimension / 32 + 10) + 8 * dimension;
        (self.population * (self.generations + 1)) as f64 * rows as f64 * a_row as f64
    }

    /// The designs that no other one dominates, the most accurate first, for `encoder`, whose record has any thresholds, with
    /// bins of the thresholds of `bins` (to [`BINS`] levels).
    pub(super) fn fit(
        &self,
        data: &Dataset,
        rows: Rows<'_>,
        bins: &Quantiser<Vec<u32>>,
        encoder: &Encoder<Vec<u32>>,
        Fit { seed, progress, .. }: Fit<'_>,
    ) -> Vec<Cut> {
        let Spatial::Record(record) = &encoder.spatial else { return Vec::new() };
        let (columns, cuts) = (record.channels(), record.quantiser.levels() - 1);
        // There are fewer than 2^15 bins.
        let bin = |at: usize| i16::try_from(bins.level_of(at % columns, rows.key(at))).unwrap_or(i16::MAX);
        let binned: Vec<i16> = (0..rows.len()).into_par_iter().map(bin).collect();
        let binned = Values::I16(binned);
        let (encoder, data) = match &encoder.input {
            Input::Steps(_) | Input::Sequence(_) => (encoder.clone(), data.clone().with_values(binned)),
            // Rows that are encoded at once become samples of one step.
            Input::Whole | Input::Features(_) | Input::Convolutions(_) => {
                let shape = Shape { steps: 1, channels: columns };
                let encoder = Encoder { steps: 1, channels: columns, input: Input::Whole, ..encoder.clone() };
                (encoder, data.with_shape(shape, binned))
            }
        };
        // Where there are too few samples for folds, they have to stand for others.
        let all = || (0..data.len()).collect::<Vec<usize>>();
        let splits =
            folds(&data, seed).unwrap_or_else(|_| vec![Split { name: "all".into(), train: all(), test: all() }]);
        let bench = Bench::new(&encoder, record, data, splits);
        let even: Vec<u8> = (0..columns * cuts).map(|at| even(at % cuts, cuts)).collect();
        let tell = |done| progress(Progress { stage: Stage::Design, done, total: self.generations });
        let (population, generations) = (self.population.max(4), self.generations);
        let front = match self.optimiser {
            Optimiser::Genetic => {
                let search = nsga::Search { population, generations, cuts };
                let members = search.run(&even, seed, &|cuts| bench.measure(cuts), &tell);
                members.into_iter().map(|member| (member.cuts, member.scores)).collect()
            }
            Optimiser::Annealing => {
                let search = anneal::Search { moves: population * (generations + 1), cuts };
                let mut counters = bench.counters();
                let mut measure = |cuts: &[u8]| {
                    counters.as_mut().map_or_else(|| bench.measure(cuts), |counters| counters.measure(cuts))
                };
                search.run(&even, seed, &mut measure, &|done| {
                    if done % population == 0 {
                        tell((done / population).saturating_sub(1));
                    }
                })
            }
        };
        // Beyond a cut at bin b lie the numbers of the bins from b on.
        let threshold = |(at, &bin): (usize, &u8)| match usize::from(bin) {
            0 => i32::MIN.cast_unsigned(),
            BINS => i32::MAX.cast_unsigned(),
            bin => bins.thresholds(at / cuts)[bin - 1],
        };
        let cut = |(cuts, [accuracy, distance]): (Vec<u8>, [f32; 2])| {
            let thresholds = cuts.iter().enumerate().map(threshold).collect();
            Cut { thresholds, accuracy, distance }
        };
        let mut found: Vec<Cut> = front.into_iter().map(cut).collect();
        found.sort_by(|a, b| b.accuracy.total_cmp(&a.accuracy).then(b.distance.total_cmp(&a.distance)));
        // Designs of equal objectives are as good as one.
        found.dedup_by(|a, b| (a.accuracy, a.distance) == (b.accuracy, b.distance));
        found
    }

    /// The place of the design that is taken, in a front whose most accurate one is the first.
    pub(super) fn choose(&self, front: &[Cut]) -> usize {
        // On a front, what is less accurate has the greater distance.
        front.iter().rposition(|design| design.accuracy >= front[0].accuracy - self.tolerance).unwrap_or(0)
    }
}

/// Where cut `index` of `cuts` lies when they are spread evenly.
fn even(index: usize, cuts: usize) -> u8 {
    ((index + 1) * BINS / (cuts + 1)) as u8
}
