//! The settings that the demo, the tests and the tables use.
//!
//! They were chosen by cross-validation inside the training subjects (spar, over all subjects), and inside the training
//! side of all other sets, mostly by `hdc train --encoder auto`; the test sides were not used.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{
    Augment, Dataset, Encoding, Feature, FeatureSet, LeHdc, Learn, Map, Method, ModelBuf, Projection, Scale, Source,
    Split, Trainer, leave_one_group_out,
};

/// The shipped recordings in windows of 4 s (200 steps) every 2 s.
pub(crate) fn spar() -> Result<Dataset> {
    Ok(hdc_datasets::load("spar", &Options { window: Some(200), hop: Some(100), ..Options::default() })?)
}

pub(crate) fn spar_encoding() -> Encoding {
    Encoding::record().levels(8).ngram(3, 10)
}

/// For six inertial channels at 50 Hz: 3-grams of steps 0.2 s apart.
pub(crate) fn spar_trainer(dimension: usize, seed: u64) -> Trainer {
    Trainer::new().dimension(dimension).encoding(spar_encoding()).seed(seed)
}

/// How a model of the tables is trained.
pub(crate) struct Recipe {
    pub(crate) trainer: Trainer,
    /// Of images: how many pixels wide, and how many copies of each are moved by a pixel.
    moved: Option<(usize, usize)>,
    seed: u64,
}

impl Recipe {
    pub(crate) fn new(dimension: usize, seed: u64, encoding: Encoding) -> Self {
        let trainer = Trainer::new().dimension(dimension).encoding(encoding).seed(seed);
        Self { trainer, moved: None, seed }
    }

    /// Joined to another encoder.
    pub(crate) fn join(self, encoding: Encoding, dimension: usize) -> Self {
        Self { trainer: self.trainer.join(encoding, dimension), ..self }
    }

    pub(crate) fn method(self, method: impl Method + 'static) -> Self {
        Self { trainer: self.trainer.method(method), ..self }
    }

    /// With memories that are regenerated, so that class hypervectors are all that is stored.
    pub(crate) fn regenerated(self) -> Self {
        Self { trainer: self.trainer.with_memories(Source::Regenerated), ..self }
    }

    /// With an early exit that decides this share of the samples differently.
    pub(crate) fn early_exit(self, disagreement: f64) -> Self {
        Self { trainer: self.trainer.early_exit(disagreement), ..self }
    }

    /// With disturbed copies, so many of each sample.
    pub(crate) fn augmented(self, augment: Augment, copies: usize) -> Self {
        Self { trainer: self.trainer.augmented(augment, copies), ..self }
    }

    pub(crate) fn fit(&self, train: &Dataset) -> Result<ModelBuf> {
        Ok(match self.moved {
            Some((width, copies)) => self.trainer.fit(&train.shifted(width, 1, copies, self.seed)?)?,
            None => self.trainer.fit(train)?,
        })
    }
}

fn projection(projection: Projection, set: FeatureSet, parts: usize, scale: Scale) -> Encoding {
    Encoding::projection(projection).features(set, parts).scale(scale)
}

/// The usual features of EMG, and how neighbouring electrodes go together.
pub(crate) const ELECTRODES: FeatureSet = FeatureSet::EMG.with(Feature::Correlation);

pub(crate) const UNIFORM: Scale = Scale::Uniform { clip: 0.01 };

/// Up to this dimension most recipes have one encoder, a learned one.
const FEW: usize = 128;

/// `spar`: learned hyperplanes of features of the window, joined to 4-grams of its course where there is room; watches are
/// worn differently.
pub(crate) fn exercises(dimension: usize, seed: u64) -> Recipe {
    let features = projection(Projection::learned(Map::Whitened), FeatureSet::MOTION, 1, Scale::Quantile);
    let recipe = Recipe::new(dimension, seed, features).augmented(Augment::WORN, 2);
    if dimension <= 256 {
        return recipe;
    }
    recipe.join(Encoding::record().ngram(4, 10), dimension / 2).method(LeHdc::default())
}

/// `spar`: 4-grams joined to random hyperplanes of the features.
pub(crate) fn exercises_random(dimension: usize, seed: u64) -> Recipe {
    let features = projection(Projection::random(Map::Whitened), FeatureSet::MOTION, 1, Scale::Quantile);
    let recipe = Recipe::new(dimension, seed, Encoding::record().ngram(4, 10)).join(features, dimension / 2);
    recipe.augmented(Augment::WORN, 2)
}

/// `hdc-emg`, windows of envelopes, which are 0 most of the time: equal levels, 3-grams of steps 10 apart.
pub(crate) fn emg(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().levels(16).scale(UNIFORM).ngram(3, 10))
}

/// `hdc-emg-time`, single rows of four envelopes.
pub(crate) fn emg_rows(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().levels(16).scale(UNIFORM)).method(LeHdc::default())
}

/// `hdc-emg-time`, a quarter of a second: the bundle of its rows, joined to hyperplanes of its features; learned hyperplanes
/// alone in few dimensions.
pub(crate) fn emg_windows(dimension: usize, seed: u64) -> Recipe {
    if dimension <= FEW {
        let learned = projection(Projection::learned(Map::Whitened), FeatureSet::EMG, 1, UNIFORM);
        return Recipe::new(dimension, seed, learned);
    }
    let features = projection(Projection::random(Map::Whitened), FeatureSet::EMG, 1, UNIFORM);
    emg_windows_rows(dimension, seed).join(features, dimension / 4)
}

/// The same rows alone.
pub(crate) fn emg_windows_rows(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().levels(16).scale(UNIFORM).ngram(1, 1))
}

/// `uci-emg`, eight raw channels: hyperplanes learned in the whitened space of the features of a window.
pub(crate) fn raw_emg(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, raw_emg_encoding(ELECTRODES))
}

/// The same without correlations.
pub(crate) fn raw_emg_apart(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, raw_emg_encoding(FeatureSet::EMG))
}

/// `uci-emg`, the same features as a record.
pub(crate) fn raw_emg_record(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().features(FeatureSet::EMG, 1).scale(Scale::Logarithmic))
}

/// `spar`: 3-grams alone.
pub(crate) fn exercises_record(dimension: usize, seed: u64) -> Recipe {
    Recipe { trainer: spar_trainer(dimension, seed), moved: None, seed }
}

fn raw_emg_encoding(set: FeatureSet) -> Encoding {
    projection(Projection::learned(Map::Whitened), set, 1, Scale::Logarithmic)
}

/// EMG in few bytes and little work: hyperplanes learned in the whitened space of these features, of few levels.
pub(crate) fn small_emg(dimension: usize, seed: u64, set: FeatureSet) -> Recipe {
    Recipe::new(dimension, seed, raw_emg_encoding(set).levels(16))
}

/// `libemg-myodisco`: the same, from noisy copies.
pub(crate) fn small_gestures(dimension: usize, seed: u64, set: FeatureSet) -> Recipe {
    small_emg(dimension, seed, set).method(LeHdc::default()).augmented(Augment::NOISY, 4)
}

/// `spar`: the same of features of motion.
pub(crate) fn small_exercises(dimension: usize, seed: u64, set: FeatureSet) -> Recipe {
    let features = projection(Projection::learned(Map::Whitened), set, 1, Scale::Quantile);
    Recipe::new(dimension, seed, features.levels(12)).augmented(Augment::WORN, 2)
}

/// The power of a channel, which tells most of what EMG tells for a fraction of the work.
pub(crate) const POWER: FeatureSet = FeatureSet::of(&[Feature::Rms]);

/// Features of motion without its extremes.
pub(crate) const COURSE: FeatureSet = FeatureSet::MOTION.without(Feature::Minimum).without(Feature::Maximum);

/// `libemg-myodisco`, 2 s of a gesture: as `uci-emg`, joined to the course of the features in two parts where there is room; noisy
/// copies.
pub(crate) fn gestures(dimension: usize, seed: u64) -> Recipe {
    if dimension <= FEW {
        return raw_emg(dimension, seed).method(LeHdc::default()).augmented(Augment::NOISY, 4);
    }
    gestures_with(dimension, seed, ELECTRODES, course(ELECTRODES))
}

/// `libemg-myodisco`: the same without correlations.
pub(crate) fn gestures_apart(dimension: usize, seed: u64) -> Recipe {
    gestures_with(dimension, seed, FeatureSet::EMG, course(FeatureSet::EMG))
}

/// `libemg-myodisco`: the same joined to hyperplanes of the features of both parts.
pub(crate) fn gestures_planes(dimension: usize, seed: u64) -> Recipe {
    gestures_with(dimension, seed, ELECTRODES, raw_emg_encoding(ELECTRODES).features(ELECTRODES, 2))
}

fn course(set: FeatureSet) -> Encoding {
    Encoding::record().features(set, 2).scale(Scale::Logarithmic)
}

fn gestures_with(dimension: usize, seed: u64, set: FeatureSet, course: Encoding) -> Recipe {
    let recipe = Recipe::new(dimension, seed, raw_emg_encoding(set)).join(course, dimension / 2);
    recipe.method(LeHdc::default()).augmented(Augment::NOISY, 4)
}

/// `lis-alphabet`, EMG and motion: as `uci-emg` in few dimensions.
pub(crate) fn letters(dimension: usize, seed: u64) -> Recipe {
    if dimension <= 256 { raw_emg(dimension, seed) } else { letters_joined(dimension, seed) }
}

/// `lis-alphabet`: learned hyperplanes of the features, joined to random ones of their course.
pub(crate) fn letters_joined(dimension: usize, seed: u64) -> Recipe {
    letters_of(dimension, seed, ELECTRODES)
}

/// `lis-alphabet`: the same without correlations.
pub(crate) fn letters_apart(dimension: usize, seed: u64) -> Recipe {
    letters_of(dimension, seed, FeatureSet::EMG)
}

fn letters_of(dimension: usize, seed: u64, set: FeatureSet) -> Recipe {
    let learned = Projection { learn: Some(Learn { noise: 1.0, ..Learn::default() }), ..Projection::default() };
    let course = projection(Projection::default(), FeatureSet::EMG, 3, Scale::Logarithmic);
    let recipe = Recipe::new(dimension, seed, projection(learned, set, 1, Scale::Logarithmic));
    recipe.join(course, dimension / 2).method(LeHdc::default())
}

/// `lis-alphabet`, random hyperplanes of the features alone.
pub(crate) fn letters_random(dimension: usize, seed: u64) -> Recipe {
    let encoding = projection(Projection::random(Map::Whitened), FeatureSet::EMG, 1, Scale::Logarithmic);
    Recipe::new(dimension, seed, encoding).method(LeHdc::default())
}

/// `racketsports` and `basicmotions`: hyperplanes of patterns of the course, joined to those of the course of all features,
/// beside the mean where there are enough of them.
pub(crate) fn strokes(dimension: usize, seed: u64) -> Recipe {
    strokes_beside(dimension, seed, if dimension < FEW { 0.0 } else { 1.0 })
}

/// The same with hyperplanes that lie so many deviations beside the mean.
pub(crate) fn strokes_beside(dimension: usize, seed: u64, offsets: f32) -> Recipe {
    let set = FeatureSet::ALL.without(Feature::Correlation);
    let planes = || Projection::random(Map::Discriminant).offsets(offsets);
    let course = projection(planes(), set, 4, Scale::Logarithmic);
    let patterns = Encoding::projection(planes()).convolutions(2).scale(UNIFORM);
    Recipe::new(dimension, seed, patterns).join(course, (dimension / 128 * 32).max(32))
}

/// `isolet`: hyperplanes learned in the space of the features, joined to random ones between the classes where there is room.
pub(crate) fn spoken(dimension: usize, seed: u64) -> Recipe {
    if dimension <= FEW {
        let learned = Encoding::projection(Projection::learned(Map::Standardised));
        return Recipe::new(dimension, seed, learned.levels(4).scale(UNIFORM));
    }
    Recipe::new(dimension, seed, spoken_planes(1.0)).join(between_spoken(), dimension / 2)
}

/// `isolet`: random hyperplanes between the classes.
pub(crate) fn between_spoken() -> Encoding {
    Encoding::projection(Projection::random(Map::Discriminant)).levels(16).scale(UNIFORM)
}

/// `isolet`: learned hyperplanes alone.
pub(crate) fn spoken_learned(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, spoken_planes(0.5))
}

/// `isolet`: hyperplanes that are learned with this noise.
pub(crate) fn spoken_planes(noise: f32) -> Encoding {
    let learn = Learn { epochs: 60, sharpness: 0.5, noise, ..Learn::default() };
    let projection = Projection { learn: Some(learn), ..Projection::learned(Map::Standardised) };
    Encoding::projection(projection).levels(4).scale(UNIFORM)
}

/// `isolet`: a record.
pub(crate) fn spoken_record(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().scale(UNIFORM))
}

/// `uci-emg`, random hyperplanes.
pub(crate) fn raw_emg_random(dimension: usize, seed: u64) -> Recipe {
    let random = projection(Projection::random(Map::Whitened), FeatureSet::EMG, 1, Scale::Logarithmic);
    Recipe::new(dimension, seed, random)
}

/// `wisdm`: a record; learned hyperplanes in few dimensions.
pub(crate) fn activities(dimension: usize, seed: u64) -> Recipe {
    if dimension <= FEW {
        let learned = Encoding::projection(Projection::learned(Map::Standardised));
        return Recipe::new(dimension, seed, learned).method(LeHdc::default());
    }
    Recipe::new(dimension, seed, Encoding::record().scale(UNIFORM))
}

/// `wisdm`: a record whose levels have equally many values.
pub(crate) fn activities_quantiles(dimension: usize, seed: u64, levels: usize) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().levels(levels))
}

/// `mnist`: a record.
pub(crate) fn digits_record(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::record().scale(Scale::Uniform { clip: 0.0 }))
}

/// `mnist`: hyperplanes learned in the space of the pixels, from images that are moved, too.
pub(crate) fn digits(dimension: usize, seed: u64) -> Recipe {
    let learn = Learn { epochs: 10, decay: 0.3, ..Learn::default() };
    let projection = Projection { learn: Some(learn), ..Projection::random(Map::Standardised) };
    let encoding = Encoding::projection(projection).levels(16).scale(Scale::Uniform { clip: 0.0 });
    Recipe { moved: Some((28, 4)), ..Recipe::new(dimension, seed, encoding) }
}

/// `european-languages`: 3-grams of letters, which are learned where there are few dimensions; several prototypes
/// a class where there are very few.
pub(crate) fn languages(dimension: usize, seed: u64) -> Recipe {
    if dimension <= FEW {
        return languages_small(dimension, seed).method(LeHdc { prototypes: 8, ..small_text_method() });
    }
    if dimension < 4096 { languages_learned(dimension, seed) } else { languages_random(dimension, seed) }
}

/// `european-languages`: 3-grams of learned letters.
pub(crate) fn languages_learned(dimension: usize, seed: u64) -> Recipe {
    learned_letters(dimension, seed, Learn::symbols()).method(text_method())
}

/// `european-languages`: 3-grams of letters that are learned for longer and in longer steps, and so are the classes, with
/// several prototypes each.
pub(crate) fn languages_small(dimension: usize, seed: u64) -> Recipe {
    let learn = Learn { epochs: 20, rate: 0.03, ..Learn::symbols() };
    learned_letters(dimension, seed, learn).method(small_text_method())
}

/// How the classes of texts are trained in few dimensions.
pub(crate) fn small_text_method() -> LeHdc {
    LeHdc { epochs: 20, prototypes: 4, ..text_method() }
}

fn learned_letters(dimension: usize, seed: u64, learn: Learn) -> Recipe {
    Recipe::new(dimension, seed, Encoding::learned_symbols(27, learn).ngram(3, 1))
}

/// `european-languages`: 3-grams of random letters.
pub(crate) fn languages_random(dimension: usize, seed: u64) -> Recipe {
    Recipe::new(dimension, seed, Encoding::symbols(27).ngram(3, 1)).method(text_method())
}

/// How the classes of texts are trained.
fn text_method() -> LeHdc {
    LeHdc { dropout: 0.0, sharpness: 2.0, epochs: 8, ..LeHdc::default() }
}

/// The last three subjects against all others.
pub(crate) fn last_subjects(data: &Dataset) -> Result<Split> {
    let splits = leave_one_group_out(data)?;
    let held_out = splits.iter().rev().take(3);
    let mut test: Vec<usize> = held_out.flat_map(|split| split.test.iter().copied()).collect();
    test.sort_unstable();
    let train = (0..data.len()).filter(|index| test.binary_search(index).is_err()).collect();
    Ok(Split { name: "the last three subjects".into(), train, test })
}
