//! Redrawing the dimensions of an encoder (`NeuralHD`, `DistHD`) and folding them, beside choosing them from more.

use anyhow::Result;
use hdc_train::reduce::{order, retrain, truncate};
use hdc_train::{Dataset, Encoded, Evaluation, Job, Margin, Method, ModelBuf, Prototypes, Sample, Spread, Tie};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

use super::{Case, SEEDS, Trained, UCI, named, pairs};
use crate::recipe::{self, Recipe};

/// Rounds of redrawing, each of a share of the dimensions.
const ROUNDS: usize = 10;

const CASES: [Case<Trained>; 4] = [
    ("uci-emg", UCI, recipe::raw_emg_record),
    ("wisdm", &["wisdm"], recipe::activities),
    ("isolet", &["isolet"], recipe::spoken_record),
    ("uci-emg-planes", UCI, recipe::raw_emg_random),
];

/// How the dimensions that are redrawn are chosen: those of least score.
#[derive(Clone, Copy)]
enum Score {
    Random,
    /// Of the class means (`NeuralHD`, Zou et al. 2021).
    Variance,
    MinusVariance,
    /// How far a dimension pulls samples that are misclassified to the right class (`DistHD`, Wang et al. 2023).
    Distance,
    MinusDistance,
    /// How much a dimension adds to the margins of all samples.
    Margin,
}

const SCORES: [Score; 6] =
    [Score::Random, Score::Variance, Score::MinusVariance, Score::Distance, Score::MinusDistance, Score::Margin];

/// Bits of samples, dimension by dimension.
struct Pool {
    columns: Vec<Vec<bool>>,
    labels: Vec<usize>,
    classes: usize,
}

impl Pool {
    fn of(model: &ModelBuf, data: &Dataset) -> Result<Self> {
        let view = model.view();
        let (mut scratch, mut row) = (vec![0; view.scratch_words()], vec![0; view.words()]);
        let mut columns = vec![Vec::with_capacity(data.len()); view.words() * 32];
        for sample in 0..data.len() {
            match data.sample(sample) {
                Sample::I16(values) => view.encode_into(values, &mut scratch, &mut row)?,
                Sample::F32(values) => view.encode_into(values, &mut scratch, &mut row)?,
            }
            columns.iter_mut().enumerate().for_each(|(at, column)| column.push(row[at / 32] >> (at % 32) & 1 == 1));
        }
        Ok(Self { columns, labels: data.labels().to_vec(), classes: data.classes().len() })
    }

    /// Hypervectors of which `bit(i, sample)` is bit i of a sample.
    fn rows(&self, dimension: usize, bit: impl Fn(usize, usize) -> bool) -> Encoded {
        let word = |sample: usize, word: usize| {
            (0..32).fold(0_u32, |bits, at| bits | u32::from(bit(word * 32 + at, sample)) << at)
        };
        let words = dimension / 32;
        let rows = (0..self.labels.len()).flat_map(|sample| (0..words).map(move |at| (sample, at)));
        let rows = rows.map(|(sample, at)| word(sample, at)).collect();
        Encoded::from_rows(rows, words, self.labels.clone(), self.classes)
    }

    fn picked(&self, dimensions: &[usize]) -> Encoded {
        self.rows(dimensions.len(), |at, sample| self.columns[dimensions[at]][sample])
    }
}

fn train(samples: &Encoded, epochs: usize, seed: u64) -> Prototypes {
    Margin { epochs, ..Margin::default() }.train(samples, &Job { tie: Tie::Alternating, seed, progress: &|_| {} })
}

/// The accuracy on `test` of classes trained on `samples`.
fn accuracy(samples: &Encoded, test: &Encoded, epochs: usize, seed: u64) -> f64 {
    test.accuracy(&train(samples, epochs, seed).memory(samples.words())).into()
}

impl Score {
    /// The score of every dimension.
    fn of(self, samples: &Encoded, prototypes: &Prototypes, seed: u64) -> Vec<f64> {
        let (words, classes) = (samples.words(), samples.classes());
        let differs = |row: &[u32], sample: usize, at: usize| {
            f64::from((row[at / 32] ^ samples.row(sample)[at / 32]) >> (at % 32) & 1)
        };
        let prototype = |class: usize| &prototypes.rows[class * words..(class + 1) * words];
        let mut scores = vec![0.0; words * 32];
        match self {
            Self::Random => {
                let mut random = SplitMix64::seed_from_u64(seed);
                scores.iter_mut().for_each(|score| *score = f64::from(random.next_u32()));
            }
            Self::Variance | Self::MinusVariance => {
                let mut ones = vec![vec![0.0; words * 32]; classes];
                let mut counts = vec![0.0; classes];
                for sample in 0..samples.len() {
                    let class = samples.labels()[sample];
                    counts[class] += 1.0;
                    let row = samples.row(sample);
                    ones[class]
                        .iter_mut()
                        .enumerate()
                        .for_each(|(at, one)| *one += f64::from(row[at / 32] >> (at % 32) & 1));
                }
                for (at, score) in scores.iter_mut().enumerate() {
                    let means: Vec<f64> = ones.iter().zip(&counts).map(|(ones, count)| ones[at] / count).collect();
                    let spread = Spread::of(&means).deviation;
                    *score = if matches!(self, Self::Variance) { spread } else { -spread };
                }
            }
            Self::Distance | Self::MinusDistance | Self::Margin => {
                let memory = prototypes.memory(words);
                for sample in 0..samples.len() {
                    let own = samples.labels()[sample];
                    let mut near: Vec<(u32, usize)> = memory.distances(samples.row(sample)).zip(0..).collect();
                    near.sort_unstable();
                    let (first, second) = (near[0].1, near[1].1);
                    if let Self::Margin = self {
                        let rival = if first == own { second } else { first };
                        let margin =
                            near.iter().find(|(_, class)| *class == rival).map_or(0.0, |near| f64::from(near.0))
                                - near.iter().find(|(_, class)| *class == own).map_or(0.0, |near| f64::from(near.0));
                        let weight = 1.0 / (1.0 + (margin / ((words * 32) as f64).sqrt()).exp());
                        for (at, score) in scores.iter_mut().enumerate() {
                            *score +=
                                weight * (differs(prototype(rival), sample, at) - differs(prototype(own), sample, at));
                        }
                    } else if first != own {
                        let (weight, theta) = if second == own { (0.5, 0.0) } else { (1.0, 0.25) };
                        let sign = if matches!(self, Self::Distance) { weight } else { -weight };
                        for (at, score) in scores.iter_mut().enumerate() {
                            let wrong =
                                differs(prototype(first), sample, at) + theta * differs(prototype(second), sample, at);
                            *score += sign * (wrong - 0.5 * differs(prototype(own), sample, at));
                        }
                    }
                }
            }
        }
        scores
    }
}

/// The dimensions of `pool` that are left after redrawing.
fn redraw(pool: &Pool, dimension: usize, score: Score, share: usize, rounds: usize, seed: u64) -> Vec<usize> {
    let mut active: Vec<usize> = (0..dimension).collect();
    let mut next = dimension;
    for round in 0..rounds {
        let samples = pool.picked(&active);
        let scores = score.of(&samples, &train(&samples, 20, seed), seed ^ round as u64);
        let mut order: Vec<usize> = (0..dimension).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        for &at in &order[..share] {
            active[at] = next;
            next += 1;
        }
    }
    active
}

pub(super) fn run(sets: &[String]) -> Result<()> {
    println!(
        "| data | D | as drawn | longer training | redrawn: any | variance | - variance | distance | - distance | margin | chosen of 2D | XOR of 2D | majority of 3D | 2D |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (name, parts, recipe) in named(&CASES, sets)? {
        let pairs = pairs(parts)?;
        for dimension in [64, 128, 256, 512] {
            let figures = pairs.iter().flat_map(|pair| SEEDS.map(|seed| measure(*recipe, dimension, pair, seed)));
            let figures = figures.collect::<Result<Vec<_>>>()?;
            let mean = |at: usize| Spread::of(&figures.iter().map(|run| run[at]).collect::<Vec<_>>()).mean;
            let cells: Vec<String> = (0..12).map(|at| format!("{:.3}", mean(at))).collect();
            println!("| {name} | {dimension} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}

fn measure(
    recipe: fn(usize, u64) -> Recipe,
    dimension: usize,
    (train, test): &(Dataset, Dataset),
    seed: u64,
) -> Result<[f64; 12]> {
    let whole = recipe(3 * dimension, seed).fit(train)?;
    let (pool, tested) = (Pool::of(&whole, train)?, Pool::of(&whole, test)?);
    let with =
        |dimensions: &[usize], epochs| accuracy(&pool.picked(dimensions), &tested.picked(dimensions), epochs, seed);
    let first: Vec<usize> = (0..dimension).collect();
    let double: Vec<usize> = (0..2 * dimension).collect();
    let folded = |bit: &dyn Fn(&Pool, usize, usize) -> bool| {
        let rows = |pool: &Pool| pool.rows(dimension, |at, sample| bit(pool, at, sample));
        accuracy(&rows(&pool), &rows(&tested), 20, seed)
    };
    let mut figures = [0.0; 12];
    figures[0] = with(&first, 20);
    figures[1] = with(&first, 20 * (ROUNDS + 1));
    for (figure, score) in figures[2..8].iter_mut().zip(SCORES) {
        *figure = with(&redraw(&pool, dimension, score, dimension / ROUNDS, ROUNDS, seed), 20);
    }
    let ordered = truncate(&order(&truncate(&whole.view(), 2 * dimension)?.view(), train)?.view(), dimension)?;
    let ordered = retrain(&ordered.view(), train, &Margin::default(), seed, &|_| {})?;
    figures[8] = Evaluation::of(&ordered.view(), test)?.accuracy();
    figures[9] = folded(&|pool, at, sample| pool.columns[at][sample] ^ pool.columns[at + dimension][sample]);
    figures[10] = folded(&|pool, at, sample| {
        let ones = (0..3).filter(|third| pool.columns[at + third * dimension][sample]);
        ones.count() >= 2
    });
    figures[11] = with(&double, 20);
    Ok(figures)
}
