use std::ops::Range;

use hdc_core::Ngram;
use pulp::{Arch, Simd, WithSimd};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::adam::{Adam, Step};
use super::matrix::Matrix;
use super::network::{Block, Learn, learn_blocks};
use super::readout::sign;
use crate::progress::Progress;

/// The item memory of a symbol encoder as real numbers, `S x D`, whose signs are the bits: bit j of a text is
/// `sign(sum_t prod_k sign(A[s_{t - k stride}][j - k]))`, an n-gram being the product of its rotated symbols.
#[derive(Clone, Debug)]
pub(crate) struct Symbols {
    pub(crate) items: Matrix,
    pub(crate) ngram: Ngram,
}

impl Symbols {
    /// Random items.
    pub(crate) fn random(symbols: usize, dimension: usize, ngram: Ngram, seed: u64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut unit = || (random.next_u64() >> 40) as f32 / (1_u64 << 24) as f32;
        // Drawn dimension by dimension, so that a shorter dimension is a prefix of a longer one.
        let items = Matrix::new((0..dimension * symbols).map(|_| 0.2 * (unit() - 0.5)).collect(), symbols);
        Self { items: items.transposed(), ngram }
    }

    /// Learns better ones from these, for samples of which `text` gives the symbols, with the class of every sample.
    /// Noise is the share of symbols that are replaced by any. Costs `O(epochs n T N D)` for texts of T symbols.
    pub(crate) fn learn<'a>(
        &self,
        text: impl Fn(usize) -> &'a [i16],
        labels: (&[usize], usize),
        learn: Learn,
        seed: u64,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Self {
        let (symbols, dimension) = (self.items.rows(), self.items.columns());
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x6e_6f69_7365);
        let some = |chosen: &[usize], share: f32| {
            let mut texts = Texts::default();
            for &sample in chosen {
                texts.symbols.extend(text(sample).iter().map(|&symbol| symbol.cast_unsigned()));
                texts.ends.push(texts.symbols.len());
            }
            if share > 0.0 {
                for symbol in &mut texts.symbols {
                    let drawn = random.next_u64();
                    if ((drawn >> 40) as f32) < share * (1_u64 << 24) as f32 {
                        *symbol = ((drawn & 0xffff_ffff) * symbols as u64 >> 32) as u16;
                    }
                }
            }
            texts
        };
        let adam = Adam::new(self.items.values().len());
        // A bit of an n-gram is of different dimensions of its symbols, so that all are one block.
        let whole = Items { signs: wrapped(&self.items, self.ngram), symbols: self.clone(), adam };
        let blocks = learn_blocks(vec![whole], dimension, labels, learn, seed, some, progress);
        Self { items: Matrix::beside(symbols, blocks.iter().map(|block| &block.symbols.items)), ngram: self.ngram }
    }
}

/// Some texts, one after the other.
#[derive(Default)]
struct Texts {
    symbols: Vec<u16>,
    ends: Vec<usize>,
}

impl Texts {
    fn iter(&self) -> impl Iterator<Item = &[u16]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| &self.symbols[std::mem::replace(&mut start, end)..end])
    }
}

/// All items while they are learned.
struct Items {
    symbols: Symbols,
    /// Their signs, [`wrapped`] around.
    signs: Matrix,
    adam: Adam,
}

/// The signs of `items` with the last N - 1 columns before the first too: what is rotated by k begins k columns before.
fn wrapped(items: &Matrix, ngram: Ngram) -> Matrix {
    let (signs, dimension) = (items.signs(), items.columns());
    let before = usize::from(ngram.order) - 1;
    let first = dimension - before % dimension;
    let rows = signs.values().chunks_exact(dimension);
    let wrapped = rows.flat_map(|row| row.iter().cycle().skip(first).take(before + dimension));
    Matrix::new(wrapped.copied().collect(), before + dimension)
}

impl Items {
    /// The places at which strips of dimensions begin, for threads to work on.
    fn strips(&self) -> impl IndexedParallelIterator<Item = usize> {
        (0..self.symbols.items.columns() / STRIP).into_par_iter().map(|strip| strip * STRIP)
    }

    /// Where in `text` n-grams end.
    fn ends(&self, text: &[u16]) -> Range<usize> {
        self.symbols.ngram.span() - 1..text.len()
    }

    /// The signs of the n-gram that ends at `end`, from dimension `from` on.
    #[inline(always)]
    fn gram(&self, from: usize, text: &[u16], end: usize) -> [f32; STRIP] {
        let Ngram { order, stride } = self.symbols.ngram;
        let mut gram = [1.0; STRIP];
        for back in 0..usize::from(order) {
            let from = from + usize::from(order) - 1 - back;
            let signs = strip(self.signs.row(text[end - back * usize::from(stride)].into()), from);
            for (gram, sign) in gram.iter_mut().zip(signs) {
                *gram *= sign;
            }
        }
        gram
    }

    /// What the sum of the n-grams of `text` is multiplied by. Letters are not drawn at random, and their sums go further
    /// than the root of how many they are: with this factor the gradient passes most of
    /// them. Chosen on training texts of `european-languages`.
    fn scale(&self, text: &[u16]) -> f32 {
        0.4 / (self.ends(text).len() as f32).sqrt()
    }

    /// The gradient of the items' signs, from that of the sums. The product without one of its factors is the product
    /// times that factor, which all sums of the factor have in common.
    fn gradient(&self, texts: &Texts, gradient: &Matrix) -> Matrix {
        let items = &self.symbols.items;
        let (symbols, dimension) = (items.rows(), items.columns());
        let sum = |from| Arch::new().dispatch(Backward { items: self, texts, gradient, from });
        let strips: Vec<Vec<Matrix>> = self.strips().map(sum).collect();
        let mut total = Matrix::zero(symbols, dimension);
        for back in 0..usize::from(self.symbols.ngram.order) {
            let sums = Matrix::beside(symbols, strips.iter().map(|strip| &strip[back]));
            for (total, sums) in total.rows_mut().zip(sums.values().chunks_exact(dimension)) {
                let rotated = sums.iter().cycle().skip(back % dimension);
                total.iter_mut().zip(rotated).for_each(|(total, sum)| *total += sum);
            }
        }
        total.values_mut().iter_mut().zip(items.values()).for_each(|(total, item)| *total *= sign(*item));
        total
    }
}

impl Block for Items {
    type Inputs = Texts;

    fn forward(&self, texts: &Texts) -> Matrix {
        let sum = |from| Arch::new().dispatch(Forward { items: self, texts, from });
        let strips: Vec<Matrix> = self.strips().map(sum).collect();
        Matrix::beside(texts.ends.len(), strips.iter())
    }

    fn learn(&mut self, _: Step, plain: Step, texts: &Texts, gradient: &mut Matrix) {
        let gradient = self.gradient(texts, gradient);
        let items = &mut self.symbols.items;
        self.adam.step(plain, items.values_mut(), gradient.values());
        items.values_mut().iter_mut().for_each(|number| *number = number.clamp(-1.0, 1.0));
        self.signs = wrapped(items, self.symbols.ngram);
    }
}

/// Dimensions that a thread works on at once, whose sums stay in registers.
const STRIP: usize = 32;

/// A strip of `row` from `from` on.
#[inline(always)]
fn strip(row: &[f32], from: usize) -> [f32; STRIP] {
    let mut strip = [0.0; STRIP];
    strip.copy_from_slice(&row[from..from + STRIP]);
    strip
}

/// The sums of n-grams from dimension `from` on, a row a text.
struct Forward<'a> {
    items: &'a Items,
    texts: &'a Texts,
    from: usize,
}

impl WithSimd for Forward<'_> {
    type Output = Matrix;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Matrix {
        let Self { items, texts, from } = self;
        let mut result = Matrix::zero(texts.ends.len(), STRIP);
        for (result, text) in result.rows_mut().zip(texts.iter()) {
            let mut sums = [0.0; STRIP];
            for end in items.ends(text) {
                for (sum, gram) in sums.iter_mut().zip(items.gram(from, text, end)) {
                    *sum += gram;
                }
            }
            let scale = items.scale(text);
            for (result, sum) in result.iter_mut().zip(sums) {
                *result = sum * scale;
            }
        }
        result
    }
}

/// The sums of n-grams times gradients from dimension `from` on, a row a symbol, for each place in an n-gram.
struct Backward<'a> {
    items: &'a Items,
    texts: &'a Texts,
    gradient: &'a Matrix,
    from: usize,
}

impl WithSimd for Backward<'_> {
    type Output = Vec<Matrix>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Matrix> {
        let Self { items, texts, gradient, from } = self;
        let Ngram { order, stride } = items.symbols.ngram;
        let mut result = vec![Matrix::zero(items.symbols.items.rows(), STRIP); order.into()];
        for (sample, text) in texts.iter().enumerate() {
            let scale = items.scale(text);
            let mut own = [0.0; STRIP];
            for (own, gradient) in own.iter_mut().zip(&gradient.row(sample)[from..from + STRIP]) {
                *own = gradient * scale;
            }
            for end in items.ends(text) {
                let gram = items.gram(from, text, end);
                let mut product = [0.0; STRIP];
                for ((product, gram), own) in product.iter_mut().zip(gram).zip(own) {
                    *product = gram * own;
                }
                for (back, sums) in result.iter_mut().enumerate() {
                    let sums = sums.row_mut(text[end - back * usize::from(stride)].into());
                    for (sum, product) in sums.iter_mut().zip(product) {
                        *sum += product;
                    }
                }
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use hdc_core::{Encoder, Input, ItemMemory, Rows, Spatial, SymbolEncoder, Tie};

    use super::*;

    fn items(ngram: Ngram, seed: u64) -> Items {
        let symbols = Symbols::random(5, 96, ngram, seed);
        Items { signs: wrapped(&symbols.items, ngram), adam: Adam::new(0), symbols }
    }

    fn texts() -> Texts {
        Texts { symbols: vec![0, 1, 2, 3, 4, 4, 0, 3, 1, 1, 1, 2, 0, 4, 3, 0, 2], ends: vec![6, 17] }
    }

    /// The sums are linear in each sign, so that flipping one moves them by twice its gradient.
    #[test]
    fn gradient_is_what_flipping_a_sign_changes() {
        for ngram in [Ngram::NONE, Ngram { order: 2, stride: 1 }, Ngram { order: 3, stride: 2 }] {
            let items = items(ngram, 7);
            let weights = Symbols::random(2, 96, ngram, 8).items;
            let total = |items: &Items| -> f32 {
                items.forward(&texts()).values().iter().zip(weights.values()).map(|(sum, weight)| sum * weight).sum()
            };
            let (before, gradient) = (total(&items), items.gradient(&texts(), &weights));
            for at in 0..gradient.values().len() {
                let mut symbols = items.symbols.clone();
                let sign = sign(symbols.items.values()[at]);
                symbols.items.values_mut()[at] = -sign;
                let flipped = Items { signs: wrapped(&symbols.items, ngram), adam: Adam::new(0), symbols };
                let expected = -2.0 * sign * gradient.values()[at];
                assert!((total(&flipped) - before - expected).abs() < 1e-4, "{ngram:?}, parameter {at}");
            }
        }
    }

    /// A bit that the encoder makes is 1 where the sum is negative, for n-grams of odd order where it is positive.
    #[test]
    fn signs_are_the_bits_of_the_encoder() {
        for (order, stride) in [(1, 1), (2, 1), (3, 1), (4, 1), (2, 2)] {
            let ngram = Ngram { order, stride };
            let items = items(ngram, 3);
            let memory = ItemMemory::new(0, Rows::Stored(items.symbols.items.bits()), 5, 3);
            let spatial = Spatial::Symbol(SymbolEncoder { symbols: memory });
            let input = Input::Sequence(ngram);
            let encoder = Encoder { steps: 31, channels: 1, input, spatial, words: 3, tie: Tie::Zero };
            let sums = items.forward(&texts());
            for (text, sums) in texts().iter().zip(sums.values().chunks(96)) {
                let text: Vec<i16> = text.iter().map(|&symbol| symbol.cast_signed()).collect();
                let mut scratch = vec![0; encoder.scratch_words()];
                let mut target = vec![0; encoder.query_words()];
                encoder.encode_into(&text, &mut scratch, &mut target).unwrap();
                for (bit, &sum) in sums.iter().enumerate().filter(|(_, sum)| **sum != 0.0) {
                    let one = target[bit / 32] >> (bit % 32) & 1 == 1;
                    assert_eq!(one, (sum > 0.0) == (order % 2 == 1), "{ngram:?}, bit {bit}");
                }
            }
        }
    }
}
