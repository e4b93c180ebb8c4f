//! Designs one after the other: what a change of cuts leaves as it was is not computed again.

use hdc_core::{RecordEncoder, Tie};
use pulp::{Arch, Simd, WithSimd};

use super::{BINS, bench::Bench};
use crate::encoded::Encoded;
use crate::method::ClassCounts;

/// The counters of all samples for one design, and what follows from them.
///
/// A counter starts at what is missing to a power of two, so that its top digit is the bit of the sample's hypervector.
/// Another design changes the counters of the samples whose level changes, in the features whose cuts do: the bits that differ
/// between both levels count up or down. Counts are exact, so a design is worth the same wherever one comes from.
pub(super) struct Counters<'a> {
    bench: &'a Bench<'a>,
    /// The bins of a row, `n x F`.
    bins: &'a [i16],
    cuts: Vec<u8>,
    /// The digits below the top, lowest first: for each sample `(P - 1) x words`.
    planes: Vec<u32>,
    /// The top digits.
    samples: Encoded,
    /// Of all samples.
    counts: ClassCounts,
    /// Of those that do not train in a split.
    left: Vec<ClassCounts>,
}

impl<'a> Counters<'a> {
    /// How many bytes there will be.
    pub(super) fn bytes(bench: &Bench<'_>) -> usize {
        4 * bench.data.labels().len() * digits(bench.record) * bench.encoder.words
    }

    /// The counters of the design whose cuts lie above all bins: every number is of level 0.
    pub(super) fn new(bench: &'a Bench<'a>, bins: &'a [i16]) -> Self {
        let (record, words) = (bench.record, bench.encoder.words);
        let (labels, classes) = (bench.data.labels(), bench.data.classes().len());
        let (below, top) = lowest(record, words);
        let samples = Encoded::from_rows(top.repeat(labels.len()), words, labels.to_vec(), classes);
        let (counts, left) = bench.counts(&samples);
        let cuts = vec![BINS as u8; record.channels() * (record.quantiser.levels() - 1)];
        Self { bench, bins, cuts, planes: below.repeat(labels.len()), samples, counts, left }
    }

    /// The objectives of the design with these cuts. Costs two words' operations for each digit and word of a counter that
    /// changes, and a search of every sample.
    pub(super) fn measure(&mut self, cuts: &[u8]) -> [f32; 2] {
        self.change(cuts);
        self.bench.score(&self.samples, &self.counts, &self.left)
    }

    /// Goes on to the design with these cuts.
    fn change(&mut self, cuts: &[u8]) {
        let (bench, words) = (self.bench, self.bench.encoder.words);
        let columns = bench.record.channels();
        let each = cuts.len() / columns;
        let pairs = self.cuts.chunks_exact(each).zip(cuts.chunks_exact(each)).enumerate();
        // The levels before and after of the bins of each feature that changes.
        let changed = pairs.filter(|(_, (before, after))| before != after);
        let changed: Vec<(usize, [[u16; 2]; BINS])> =
            changed.map(|(feature, (before, after))| (feature, levels(before, after))).collect();
        if changed.is_empty() {
            return;
        }
        let (below, arch) = (self.planes.len() / self.samples.len().max(1), Arch::new());
        let (mut before, mut was, mut carry) = (vec![0; words], vec![0; words], vec![0; words]);
        for sample in 0..self.samples.len() {
            let bins = &self.bins[sample * columns..(sample + 1) * columns];
            let top = self.samples.row_mut(sample);
            let planes = &mut self.planes[sample * below..(sample + 1) * below];
            let mut moved = false;
            for (feature, levels) in &changed {
                let [old, new] = levels[bins[*feature] as usize & (BINS - 1)].map(usize::from);
                if old == new {
                    continue;
                }
                if !moved {
                    before.copy_from_slice(top);
                    moved = true;
                }
                let record = bench.record;
                let rows = [record.items.row(*feature), record.levels.row(old), record.levels.row(new)];
                // All memories are stored.
                let [Some(item), Some(old), Some(new)] = rows else { continue };
                arch.dispatch(Move {
                    item,
                    old,
                    new,
                    planes: &mut *planes,
                    top: &mut *top,
                    was: &mut was,
                    carry: &mut carry,
                });
            }
            if moved {
                let class = bench.data.labels()[sample];
                before.iter_mut().zip(&*top).for_each(|(before, top)| *before ^= top);
                self.counts.flip(class, top, &before);
                bench.left_out[sample].iter().for_each(|&split| self.left[split].flip(class, top, &before));
            }
        }
        self.cuts.copy_from_slice(cuts);
    }
}

/// The digits of a counter.
fn digits(record: &RecordEncoder<Vec<u32>>) -> usize {
    RecordEncoder::<Vec<u32>>::start_planes(record.channels())
}

/// The digits of the counters of a row of which all numbers are of level 0: those below the top, and the top.
fn lowest(record: &RecordEncoder<Vec<u32>>, words: usize) -> (Vec<u32>, Vec<u32>) {
    let (columns, digits) = (record.channels(), digits(record));
    // The bit is 1 from more than half of the columns on, of an even number also from half of them where the tie says so.
    let start = (1_usize << (digits - 1)) - (columns / 2 + 1);
    let mut planes: Vec<u32> =
        (0..digits * words).map(|at| if start >> (at / words) & 1 == 1 { u32::MAX } else { 0 }).collect();
    let mut add = |row: &dyn Fn(usize) -> u32| {
        for word in 0..words {
            let mut carry = row(word);
            for plane in planes.chunks_exact_mut(words) {
                (plane[word], carry) = (plane[word] ^ carry, plane[word] & carry);
            }
        }
    };
    if columns.is_multiple_of(2) {
        add(&|_| Tie::word(record.tie));
    }
    for column in 0..columns {
        add(&|word| record.items.word(column, word) ^ record.levels.word(0, word));
    }
    let top = planes.split_off((digits - 1) * words);
    (planes, top)
}

/// The level of each bin with the cuts of a feature before and after.
fn levels(before: &[u8], after: &[u8]) -> [[u16; 2]; BINS] {
    let level = |cuts: &[u8], bin: usize| cuts.partition_point(|&cut| usize::from(cut) <= bin) as u16;
    std::array::from_fn(|bin| [level(before, bin), level(after, bin)])
}

/// Counts one row down and another up: where both are alike, nothing changes, so that one carry does for both.
struct Move<'a> {
    item: &'a [u32],
    old: &'a [u32],
    new: &'a [u32],
    planes: &'a mut [u32],
    top: &'a mut [u32],
    was: &'a mut [u32],
    carry: &'a mut [u32],
}

impl WithSimd for Move<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { item, old, new, planes, top, was, carry } = self;
        for ((was, carry), ((item, old), new)) in was.iter_mut().zip(&mut *carry).zip(item.iter().zip(old).zip(new)) {
            (*was, *carry) = (item ^ old, old ^ new);
        }
        for plane in planes.chunks_exact_mut(top.len()) {
            for ((plane, was), carry) in plane.iter_mut().zip(&*was).zip(&mut *carry) {
                // Up, a 1 carries; down, from a row that had a 1, a 0 does.
                let next = *carry & (*plane ^ was);
                *plane ^= *carry;
                *carry = next;
            }
        }
        top.iter_mut().zip(carry).for_each(|(top, carry)| *top ^= *carry);
    }
}

#[cfg(test)]
mod tests {
    use hdc_core::{Encoder, Input, ItemMemory, LevelMemory, Quantiser, Spatial};

    use super::*;
    use crate::dataset::{Dataset, Shape};
    use crate::encoding::design::moves::Dice;
    use crate::split::folds;
    use crate::values::Values;

    const CUTS: usize = 4;

    /// Designs one after the other, of few and of many features, are worth what they are when all samples are encoded.
    /// How often that changed.
    fn check(columns: usize, words: usize, tie: Tie) -> usize {
        let mut random = Dice::new(columns as u64);
        let bins: Vec<i16> = (0..90 * columns).map(|_| i16::try_from(random.below(BINS)).unwrap()).collect();
        let classes = ["a", "b", "c"].map(String::from).to_vec();
        let labels = (0..90).map(|sample| sample % 3).collect();
        let data = Dataset::new("bins", Shape { steps: 1, channels: columns }, Values::I16(bins), classes, labels);
        let data = data.unwrap();
        let record = RecordEncoder {
            quantiser: Quantiser::new(vec![0; columns * CUTS], CUTS + 1),
            items: ItemMemory::stored(1, columns, words),
            levels: LevelMemory::stored(1, CUTS + 1, words),
            tie,
            starts: Vec::new(),
        };
        let spatial = Spatial::Record(record.clone());
        let encoder = Encoder { steps: 1, channels: columns, input: Input::Whole, spatial, words, tie };
        let splits = folds(&data, 1).unwrap();
        let bench = Bench::new(&encoder, &record, data, splits);
        let mut counters = bench.counters().unwrap();
        let mut cuts = vec![BINS as u8; columns * CUTS];
        let mut values = Vec::new();
        for turn in 0..12 {
            // No feature, some of them, all of them.
            for feature in cuts.chunks_exact_mut(CUTS).filter(|_| turn != 5) {
                if turn % 3 == 0 || random.chance(0.2) {
                    feature.fill_with(|| random.below(BINS + 1) as u8);
                    feature.sort_unstable();
                }
            }
            let value = counters.measure(&cuts);
            let full = bench.measure(&cuts);
            assert_eq!(
                value.map(f32::to_bits),
                full.map(f32::to_bits),
                "{columns} features, {words} words, {tie:?}, turn {turn}"
            );
            values.push(value);
        }
        values.dedup();
        values.len()
    }

    #[test]
    fn a_changed_design_is_worth_what_it_is_in_full() {
        let mut changes = 0;
        for columns in [1, 2, 3, 6, 7, 8, 33] {
            for (words, tie) in [(1, Tie::Zero), (3, Tie::One), (19, Tie::Alternating)] {
                changes += check(columns, words, tie);
            }
        }
        assert!(changes > 100, "designs should differ");
    }
}
