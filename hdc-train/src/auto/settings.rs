//! Which settings are tried.

use hdc_core::model::{InputSpec, Source};
use hdc_core::{Convolutions, Feature, FeatureSet, Ngram};

use crate::augment::Augment;
use crate::dataset::{Dataset, Shape};
use crate::encoding::{Encoding, Form, Kernel, Map, Projection, SpatialSettings};
use crate::learn::Learn;
use crate::method::{Centroid, Clusters, LeHdc, Margin};
use crate::quantise::Scale;
use crate::trainer::Trainer;

const SCALES: [Scale; 3] = [Scale::Quantile, Scale::Uniform { clip: 0.01 }, Scale::Logarithmic];
const MAPS: [Map; 3] = [Map::Whitened, Map::Standardised, Map::Discriminant];
/// Parts that the course of a window is measured in.
const COURSE: usize = 3;
/// Disturbed copies of a sample.
const COPIES: usize = 2;
/// Epochs of gradient training to begin with.
const FEW_EPOCHS: usize = 30;
/// The power of a channel alone: the cheapest feature, and most of what EMG tells.
const POWER: FeatureSet = FeatureSet::of(&[Feature::Rms]);
const SETS: [FeatureSet; 5] =
    [FeatureSet::MOTION, FeatureSet::EMG, FeatureSet::ALL, POWER, FeatureSet::of(&[Feature::Mean, Feature::Deviation])];

/// One of each kind, the simple ones first.
pub(crate) fn starts(base: &Trainer, data: &Dataset) -> Vec<Trainer> {
    let projection = |map| Encoding::projection(Projection::random(map));
    let integers = Encoding::record().integer(Form::Cheapest);
    let mut encodings = vec![Encoding::record()];
    if let Some(symbols) = data.symbols() {
        encodings.extend([3, 4].map(|order| Encoding::symbols(symbols).ngram(order, 1)));
    }
    if data.shape().steps > 1 {
        encodings.push(Encoding::record().ngram(1, 1));
        encodings.push(Encoding::record().features(FeatureSet::MOTION, 1));
        encodings.push(Encoding::record().features(FeatureSet::EMG, 1).scale(Scale::Logarithmic));
        encodings.push(integers.features(FeatureSet::MOTION, 1));
        encodings.extend(SETS[..2].iter().map(|&set| projection(Map::Whitened).features(set, 1)));
        encodings.push(projection(Map::Whitened).features(FeatureSet::EMG, 1).scale(Scale::Logarithmic));
        encodings.push(projection(Map::Whitened).features(FeatureSet::MOTION, 4));
        encodings.push(Encoding::learned_record(Learn::memories()).features(FeatureSet::MOTION, 1));
        // As many dilations as fit the window, and the patience: fitting takes the cube of the features.
        let Shape { steps, channels } = data.shape();
        let most = 2048 / Convolutions::KERNELS / channels;
        let dilations = Convolutions::most_dilations(steps).min(most).max(1);
        encodings.push(projection(Map::Discriminant).convolutions(dilations).scale(Scale::Uniform { clip: 0.01 }));
    } else {
        encodings.push(Encoding::record().scale(Scale::Uniform { clip: 0.01 }));
        encodings.push(integers.scale(Scale::Uniform { clip: 0.01 }));
        encodings.push(Encoding::learned_record(Learn::memories()).scale(Scale::Uniform { clip: 0.01 }));
        encodings.extend(MAPS.map(projection));
        encodings.extend(MAPS.map(|map| projection(map).scale(Scale::Uniform { clip: 0.01 })));
    }
    retrained(base, encodings, data)
}

/// A trainer for each of `encodings` that takes the data, with retraining: it is the fastest of the good methods.
fn retrained(base: &Trainer, encodings: impl IntoIterator<Item = Encoding>, data: &Dataset) -> Vec<Trainer> {
    let trainers = encodings.into_iter().map(|encoding| base.with_only(encoding).method(Margin::default()));
    trainers.filter(|trainer| trainer.check_settings(data).is_ok()).collect()
}

/// Hyperplanes learned by gradient, in each way to look at the samples, also with ternary weights, or learned symbols of texts:
/// slow to train, but good in few dimensions.
pub(crate) fn learned(base: &Trainer, data: &Dataset) -> Vec<Trainer> {
    let learn = Some(Learn { epochs: FEW_EPOCHS, ..Learn::default() });
    let learned = |map| Projection { learn, ..Projection::random(map) };
    let ternary = learned(Map::Standardised).ternary();
    let whole = |projection| Encoding::projection(projection).scale(Scale::Uniform { clip: 0.01 });
    let motion = |projection| Encoding::projection(projection).features(FeatureSet::MOTION, 1);
    let log = |projection, set| Encoding::projection(projection).features(set, 1).scale(Scale::Logarithmic);
    let text = |symbols| [2, 3].map(|order| Encoding::learned_symbols(symbols, Learn::symbols()).ngram(order, 1));
    let encodings = match (data.symbols(), data.shape().steps) {
        (Some(symbols), _) => text(symbols).into(),
        (None, 1) => vec![whole(learned(Map::Whitened)), whole(learned(Map::Standardised)), whole(ternary)],
        (None, _) => vec![
            motion(learned(Map::Whitened)),
            log(learned(Map::Whitened), FeatureSet::EMG),
            log(learned(Map::Whitened), POWER),
            motion(ternary),
            log(ternary, FeatureSet::EMG),
        ],
    };
    retrained(base, encodings, data)
}

/// The order of the n-grams that an encoding has.
fn order(encoding: &Encoding, data: &Dataset) -> u16 {
    match encoding.input(data) {
        InputSpec::Steps(ngram) | InputSpec::Sequence(ngram) => ngram.order,
        InputSpec::Whole | InputSpec::Features { .. } | InputSpec::Convolutions { .. } => 1,
    }
}

/// The same with each method that is often best.
pub(crate) fn methods(trainer: &Trainer) -> [Trainer; 3] {
    let same = || trainer.clone();
    [same().method(Margin::default()), same().method(LeHdc::default()), same().method(Centroid)]
}

/// Trainers that differ from `trainer` in one setting, those that are soon tried first.
pub(crate) fn neighbours(trainer: &Trainer, data: &Dataset) -> Vec<Trainer> {
    let encodings: Vec<&Encoding> = trainer.encodings().map(|(encoding, _)| encoding).collect();
    let mut found = methods(trainer).to_vec();
    if let [encoding] = encodings[..] {
        // Another kind of encoder gets half of the dimension.
        found.push(trainer.join_half(match encoding.spatial {
            SpatialSettings::Projection(_) => Encoding::record(),
            SpatialSettings::Record(..) | SpatialSettings::LearnedRecord(_) => {
                Encoding::projection(Projection::default())
            }
            SpatialSettings::Symbols(_) | SpatialSettings::LearnedSymbols(_) => {
                encoding.clone().ngram(order(encoding, data) + 1, 1)
            }
        }));
        // So does the course of the features.
        if data.shape().steps > 1 {
            let course = Encoding::projection(Projection::default()).features(FeatureSet::EMG, COURSE);
            found.push(trainer.join_half(course.scale(Scale::Logarithmic)));
        }
    }
    for change in [changed_input, changed_levels, changed_form, changed_projection, changed_symbols] {
        for (place, encoding) in encodings.iter().enumerate() {
            found.extend(change(encoding, data).into_iter().map(|next| trainer.replace(place, next)));
        }
    }
    found.extend(changed_copies(trainer, data));
    found.push(trainer.clone().method(Clusters::default()));
    found.push(trainer.clone().method(LeHdc { prototypes: 4, ..LeHdc::default() }));
    found.retain(|trainer| trainer.check_settings(data).is_ok());
    found
}

/// Windows of sensors with disturbed copies, or without: noisy ones, and such as of a device that is worn differently.
fn changed_copies(trainer: &Trainer, data: &Dataset) -> Vec<Trainer> {
    if data.shape().steps == 1 || data.symbols().is_some() {
        return Vec::new();
    }
    let ways = [(Augment::NOISY, COPIES), (Augment::WORN, COPIES), (Augment::default(), 0)];
    ways.map(|(augment, copies)| trainer.clone().augmented(augment, copies)).into()
}

/// What else could be encoded of a sample.
fn changed_input(encoding: &Encoding, data: &Dataset) -> Vec<Encoding> {
    match encoding.input(data) {
        InputSpec::Steps(Ngram { order, stride }) | InputSpec::Sequence(Ngram { order, stride }) => {
            let next =
                [(order, stride.saturating_mul(2)), (order, stride / 2), (order + 1, stride), (order - 1, stride)];
            next.map(|(order, stride)| encoding.clone().ngram(order, stride)).into()
        }
        InputSpec::Features { set, parts } => {
            let parts = parts as usize;
            let toggled = if set.contains(Feature::Correlation) { FeatureSet::without } else { FeatureSet::with };
            let sets = SETS.into_iter().chain([toggled(set, Feature::Correlation)]);
            let next = sets.map(|set| (set, parts)).chain([(set, parts * 2), (set, parts / 2)]);
            next.map(|(set, parts)| encoding.clone().features(set, parts)).collect()
        }
        InputSpec::Convolutions { dilations } => {
            let next = [dilations + 1, dilations - 1];
            next.map(|dilations| encoding.clone().convolutions(dilations as usize)).into()
        }
        InputSpec::Whole => Vec::new(),
    }
}

/// Other levels.
fn changed_levels(encoding: &Encoding, _: &Dataset) -> Vec<Encoding> {
    if encoding.is_symbols() {
        return Vec::new();
    }
    let scales = SCALES.map(|scale| encoding.clone().scale(scale));
    let numbers = [encoding.levels * 2, encoding.levels / 2].map(|levels| encoding.clone().levels(levels));
    let record = matches!(encoding.spatial, SpatialSettings::Record(..));
    let turns = record.then(|| encoding.clone().kernel(Kernel::Cosine { turns: 1.5 }));
    scales.into_iter().chain(numbers).chain(turns).collect()
}

/// A record of integers, and back.
fn changed_form(encoding: &Encoding, _: &Dataset) -> Vec<Encoding> {
    if !matches!(encoding.spatial, SpatialSettings::Record(..)) {
        return Vec::new();
    }
    let integer = if encoding.integer.is_some() { None } else { Some(Form::Cheapest) };
    vec![Encoding { integer, ..encoding.clone() }]
}

/// Learned symbols, or random ones.
fn changed_symbols(encoding: &Encoding, _: &Dataset) -> Vec<Encoding> {
    let spatial = match encoding.spatial {
        SpatialSettings::Symbols(_) => SpatialSettings::LearnedSymbols(Learn::symbols()),
        SpatialSettings::LearnedSymbols(_) => SpatialSettings::Symbols(Source::Stored),
        _ => return Vec::new(),
    };
    vec![Encoding { spatial, ..encoding.clone() }]
}

/// Other hyperplanes.
fn changed_projection(encoding: &Encoding, _: &Dataset) -> Vec<Encoding> {
    let SpatialSettings::Projection(projection) = encoding.spatial else { return Vec::new() };
    let start = Learn { epochs: FEW_EPOCHS, ..Learn::default() };
    let learn = projection.learn.unwrap_or(start);
    let epochs = if learn.epochs > FEW_EPOCHS { FEW_EPOCHS } else { Learn::default().epochs };
    let noisy = |noise| Some(Learn { noise, ..learn });
    let maps = MAPS.map(|map| Projection { map, ternary: false, ..projection });
    let planes = [noisy(0.5), noisy(0.25), noisy(1.0), Some(Learn { epochs, ..learn }), None]
        .map(|learn| Projection { learn, ..projection });
    let beside = [0.5, 1.0, 0.0].map(|offsets| projection.offsets(offsets));
    let next = maps.into_iter().chain(beside).chain(planes).chain([projection.ternary()]);
    next.map(|next| Encoding { spatial: SpatialSettings::Projection(next), ..encoding.clone() }).collect()
}
