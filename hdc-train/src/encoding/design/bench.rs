//! What a design is worth: both objectives, from the class hypervectors of centroids.

use hdc_core::{AssociativeMemory, Encoder, Input, Nearest, Quantiser, RecordEncoder, Spatial};
use rayon::prelude::*;

use super::counters::Counters;
use crate::dataset::Dataset;
use crate::encoded::Encoded;
use crate::method::ClassCounts;
use crate::split::Split;
use crate::values::Values;

/// The most bytes of counters.
const MOST_BYTES: usize = 1 << 30;

/// Samples that are searched for together.
const TOGETHER: usize = 64;

/// The samples that designs are measured on: numbers are bins, finer than levels.
pub(super) struct Bench<'a> {
    pub(super) encoder: &'a Encoder<Vec<u32>>,
    pub(super) record: &'a RecordEncoder<Vec<u32>>,
    pub(super) data: Dataset,
    splits: Vec<Split>,
    /// The splits in which a sample does not train, sample by sample.
    pub(super) left_out: Vec<Vec<usize>>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        encoder: &'a Encoder<Vec<u32>>,
        record: &'a RecordEncoder<Vec<u32>>,
        data: Dataset,
        splits: Vec<Split>,
    ) -> Self {
        let mut left_out: Vec<Vec<usize>> = vec![(0..splits.len()).collect(); data.len()];
        for (index, split) in splits.iter().enumerate() {
            split.train.iter().for_each(|&sample| left_out[sample].retain(|&other| other != index));
        }
        Self { encoder, record, data, splits, left_out }
    }

    /// Counters, if there is memory for them and a sample is the record of one row.
    pub(super) fn counters(&self) -> Option<Counters<'_>> {
        let (Values::I16(bins), Input::Whole) = (self.data.values(), &self.encoder.input) else { return None };
        (Counters::bytes(self) <= MOST_BYTES).then(|| Counters::new(self, bins))
    }

    /// The accuracy and the least distance of the design with these cuts, `F x (M - 1)` bins. Encodes all samples.
    pub(super) fn measure(&self, cuts: &[u8]) -> [f32; 2] {
        let thresholds = cuts.iter().map(|&bin| u32::from(bin)).collect();
        let quantiser = Quantiser::new(thresholds, self.record.quantiser.levels());
        let spatial = Spatial::Record(RecordEncoder { quantiser, ..self.record.clone() });
        let encoder = Encoder { spatial, ..self.encoder.clone() };
        // Bins are what the encoder takes.
        let Ok(samples) = Encoded::new(&encoder, &self.data, &|_| {}) else { return [0.0; 2] };
        let (counts, left) = self.counts(&samples);
        self.score(&samples, &counts, &left)
    }

    /// The counts of all samples, and for each split of those that do not train in it.
    pub(super) fn counts(&self, samples: &Encoded) -> (ClassCounts, Vec<ClassCounts>) {
        let mut left = vec![ClassCounts::new(samples.classes(), samples.words()); self.splits.len()];
        for (sample, splits) in self.left_out.iter().enumerate() {
            splits.iter().for_each(|&split| left[split].add(samples.labels()[sample], samples.row(sample), 1));
        }
        (ClassCounts::of(samples), left)
    }

    /// The objectives of the design that makes these samples, with their [`counts`](Self::counts).
    pub(super) fn score(&self, samples: &Encoded, counts: &ClassCounts, left: &[ClassCounts]) -> [f32; 2] {
        let words = samples.words();
        let (mut right, mut tested) = (0, 0);
        for (split, left) in self.splits.iter().zip(left) {
            let memory = AssociativeMemory::new(counts.without(left).majority(self.encoder.tie), words);
            let is_right = |part: &[usize]| {
                let queries: Vec<u32> = part.iter().flat_map(|&sample| samples.row(sample)).copied().collect();
                let mut found = [Nearest::default(); TOGETHER];
                memory.nearest_batch(&queries, &mut found);
                part.iter().zip(found).filter(|(sample, found)| samples.labels()[**sample] == found.class).count()
            };
            right += split.test.par_chunks(TOGETHER).map(is_right).sum::<usize>();
            tested += split.test.len();
        }
        let rows = counts.majority(self.encoder.tie);
        let row = |class: usize| &rows[class * words..(class + 1) * words];
        let distance = |a: usize, b: usize| row(a).iter().zip(row(b)).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
        let pairs = (0..samples.classes()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let least = pairs.map(|(a, b)| distance(a, b)).min().unwrap_or(0);
        [right as f32 / tested.max(1) as f32, least as f32 / (words * 32) as f32]
    }
}
