//! Learns the item memory of symbol encoders.

use hdc_core::{Input, ItemMemory, Ngram, Rows, SymbolEncoder};

use super::Fit;
use crate::dataset::Dataset;
use crate::learn::{Learn, Symbols};
use crate::values::Sample;

/// A symbol encoder whose `symbols` items are learned from the texts of `data`.
pub(super) fn learn(
    data: &Dataset,
    symbols: usize,
    input: &Input<Vec<u32>>,
    learn: Learn,
    Fit { dimension, seed, progress }: Fit<'_>,
) -> SymbolEncoder<Vec<u32>> {
    let ngram = if let Input::Sequence(ngram) = input { *ngram } else { Ngram::NONE };
    let text = |sample| match data.sample(sample) {
        Sample::I16(symbols) => symbols,
        Sample::F32(_) => &[],
    };
    let start = Symbols::random(symbols, dimension, ngram, seed);
    let learned = start.learn(text, (data.labels(), data.classes().len()), learn, seed, progress);
    SymbolEncoder { symbols: ItemMemory::new(0, Rows::Stored(learned.items.bits()), symbols, dimension / 32) }
}
