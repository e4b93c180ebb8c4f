//! Designs the level hypervectors of a record for its data.

mod nsga;

use std::fmt;

use hdc_core::{Encoder, Input, Quantiser, Spatial};
use rayon::prelude::*;

use super::Fit;
use crate::dataset::{Dataset, Shape};
use crate::encoded::Encoded;
use crate::method::ClassCounts;
use crate::model::ModelBuf;
use crate::progress::{Progress, Stage};
use crate::quantise::Rows;
use crate::split::{Split, folds};
use crate::values::Values;
use hdc_core::{AssociativeMemory, RecordEncoder};

/// How the levels of a record encoding are designed for the data: hypervector design (Basaklar et al. 2021).
///
/// The paper gives every feature level hypervectors of its own and chooses, by a multi-objective search, how many bits
/// are flipped from one level to the next. Here all features share one level memory, whose bits are flipped in equal
/// shares, and the search chooses *where* in the values of each feature each share is flipped: the thresholds of the
/// feature, several of which may lie together. That is the same freedom, in steps of `D / (M - 1)` bits, and nothing has
/// to be stored but thresholds. A class stays a majority, and so does a sample, where the paper keeps sums (which makes it
/// an additive model whose dimension has no part in inference).
///
/// Both objectives are maximised by NSGA-II (Deb et al. 2002): the accuracy of the centroids in cross-validation, groups
/// and sessions kept apart, and the least distance between two class hypervectors, which is what bit errors have to
/// overcome. Costs `population x generations` encodings of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// Designs that are kept from one generation to the next.
    pub population: usize,
    /// Generations.
    pub generations: usize,
    /// The accuracy that may be given up for a greater distance of the classes: of the designs whose accuracy is within
    /// this of the best, the one with the greatest distance is taken.
    pub tolerance: f32,
}

impl Default for Design {
    fn default() -> Self {
        Self { population: 48, generations: 40, tolerance: 0.0 }
    }
}

/// In words.
impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "designed in {} generations of {}", self.generations, self.population)
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

/// The samples that designs are measured on: numbers are bins, finer than levels.
struct Bench<'a> {
    encoder: &'a Encoder<Vec<u32>>,
    data: Dataset,
    splits: Vec<Split>,
    cuts: usize,
}

impl Bench<'_> {
    /// The accuracy and the least distance of the design with these cuts, `F x (M - 1)` bins.
    fn measure(&self, cuts: &[u8]) -> [f32; 2] {
        let Spatial::Record(record) = &self.encoder.spatial else { return [0.0; 2] };
        let thresholds = cuts.iter().map(|&bin| u32::from(bin)).collect();
        let spatial =
            Spatial::Record(RecordEncoder { quantiser: Quantiser::new(thresholds, self.cuts + 1), ..record.clone() });
        let encoder = Encoder { spatial, ..self.encoder.clone() };
        let Ok(samples) = Encoded::new(&encoder, &self.data, &|_| {}) else { return [0.0; 2] };
        let (words, classes) = (samples.words(), samples.classes());
        let centroids = |chosen: &mut dyn Iterator<Item = usize>| {
            let mut counts = ClassCounts::new(classes, words);
            chosen.for_each(|sample| counts.add(samples.labels()[sample], samples.row(sample), 1));
            counts.majority(encoder.tie)
        };
        let (mut right, mut tested) = (0, 0);
        for split in &self.splits {
            let memory = AssociativeMemory::new(centroids(&mut split.train.iter().copied()), words);
            let is_right = |&&sample: &&usize| {
                memory.nearest(samples.row(sample)).is_some_and(|found| found.class == samples.labels()[sample])
            };
            right += split.test.iter().filter(is_right).count();
            tested += split.test.len();
        }
        let rows = centroids(&mut (0..samples.len()));
        let row = |class: usize| &rows[class * words..(class + 1) * words];
        let distance = |a: usize, b: usize| row(a).iter().zip(row(b)).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
        let pairs = (0..classes).flat_map(|a| (0..a).map(move |b| (a, b)));
        let least = pairs.map(|(a, b)| distance(a, b)).min().unwrap_or(0);
        [right as f32 / tested.max(1) as f32, least as f32 / (words * 32) as f32]
    }
}

/// The bins that cuts lie between.
pub(super) const BINS: usize = 64;

impl Design {
    /// About how many floating-point operations' time a design takes.
    pub(super) fn operations(&self, rows: usize, columns: usize, dimension: usize) -> f64 {
        let a_row = columns * (dimension / 32 + 10) + 8 * dimension;
        (self.population * (self.generations + 1)) as f64 * rows as f64 * a_row as f64
    }

    /// The designs that no other one dominates, the most accurate first, for `encoder`, whose record has any thresholds, with bins of the thresholds of
    /// `bins` (to [`BINS`] levels).
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
            Input::Whole | Input::Features(_) => {
                let shape = Shape { steps: 1, channels: columns };
                let encoder = Encoder { steps: 1, channels: columns, input: Input::Whole, ..encoder.clone() };
                (encoder, data.with_shape(shape, binned))
            }
        };
        // Where there are too few samples for folds, they have to stand for others.
        let all = || (0..data.len()).collect::<Vec<usize>>();
        let splits =
            folds(&data, seed).unwrap_or_else(|_| vec![Split { name: "all".into(), train: all(), test: all() }]);
        let bench = Bench { encoder: &encoder, data, splits, cuts };
        let search = nsga::Search { population: self.population.max(4), generations: self.generations, cuts };
        let even: Vec<u8> = (0..columns * cuts).map(|at| even(at % cuts, cuts)).collect();
        let tell = |done| progress(Progress { stage: Stage::Design, done, total: self.generations });
        let front = search.run(&even, seed, &|cuts| bench.measure(cuts), &tell);
        // Beyond a cut at bin b lie the numbers of the bins from b on.
        let threshold = |(at, &bin): (usize, &u8)| match usize::from(bin) {
            0 => i32::MIN.cast_unsigned(),
            BINS => i32::MAX.cast_unsigned(),
            bin => bins.thresholds(at / cuts)[bin - 1],
        };
        let cut = |design: nsga::Member| Cut {
            thresholds: design.cuts.iter().enumerate().map(threshold).collect(),
            accuracy: design.scores[0],
            distance: design.scores[1],
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
