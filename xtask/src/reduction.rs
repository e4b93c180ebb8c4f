//! How far the dimension can be reduced: the conventional record classifier beside a small model, on both sides.

use anyhow::Result;
use hdc_datasets::Options;
use hdc_train::{
    Centroid, Dataset, Encoding, Evaluation, FeatureSet, Form, Learn, Map, Projection, Sample, Scale, SpatialSpec,
    Split, Spread, Values, given, leave_one_group_out,
};

use crate::recipe::{self, Recipe};
use crate::{firmware, tools};

/// The dimension of the conventional classifier.
const CONVENTIONAL: usize = 10_048;

const SEEDS: [u64; 3] = [1, 2, 3];

/// Data, and how both classifiers look at them. The dimensions and settings of the small models were chosen by
/// cross-validation inside the training sides (spar: over all subjects).
struct Case {
    set: &'static str,
    /// A model of its own for each of these; the accuracy is the mean.
    parts: Vec<String>,
    options: Options,
    conventional: Encoding,
    /// By seed.
    small: Box<dyn Fn(u64) -> Recipe>,
}

fn cases() -> Vec<Case> {
    let of = |set: &str, parts: &[u8], more: &str| -> Vec<String> {
        parts.iter().map(|part| format!("{set}:subject={part}{more}")).collect()
    };
    let by_seed = |set: &'static str, conventional: Encoding, small: Box<dyn Fn(u64) -> Recipe>| Case {
        set,
        parts: vec![set.to_string()],
        options: Options::default(),
        conventional,
        small,
    };
    let case = |set, conventional, small: Encoding, dimension| {
        by_seed(set, conventional, Box::new(move |seed| Recipe::new(dimension, seed, small.clone())))
    };
    let planes =
        |map: Map, learn: Learn| Encoding::projection(Projection { learn: Some(learn), ..Projection::random(map) });
    let usual = Learn::default();
    let emg = || Encoding::record().features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
    let uniform = |clip: f32| Scale::Uniform { clip };
    let ternary = Encoding::projection(Projection::learned(Map::Standardised).ternary());
    let windows = Options { window: Some(200), hop: Some(100), ..Options::default() };
    vec![
        Case {
            parts: of("uci-emg", &[1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14], ""),
            ..by_seed("uci-emg", emg(), Box::new(|seed| recipe::small_emg(128, seed, recipe::POWER)))
        },
        Case {
            parts: of("libemg-myodisco", &[1, 2, 3, 4, 5, 6, 7], ",day=1"),
            ..by_seed("libemg-myodisco", emg(), Box::new(|seed| recipe::small_gestures(128, seed, recipe::POWER)))
        },
        Case {
            options: windows,
            ..by_seed("spar", Encoding::record(), Box::new(|seed| recipe::small_exercises(64, seed, recipe::COURSE)))
        },
        case("basicmotions", Encoding::record(), ternary.features(FeatureSet::MOTION, 2).levels(4), 64),
        case(
            "wisdm",
            Encoding::record().scale(uniform(0.01)),
            Encoding::record().scale(uniform(0.01)).integer(Form::Table),
            4096,
        ),
        case(
            "isolet",
            Encoding::record().scale(uniform(0.01)),
            planes(Map::Standardised, Learn { epochs: 30, ..usual }).levels(4).scale(uniform(0.01)),
            96,
        ),
        case(
            "mnist",
            Encoding::record().scale(uniform(0.0)),
            planes(Map::Standardised, Learn { epochs: 20, noise: 0.25, batch: 100, ..usual })
                .levels(4)
                .scale(uniform(0.0)),
            64,
        ),
        by_seed("european-languages", Encoding::symbols(27), Box::new(|seed| recipe::languages_small(288, seed))),
    ]
}

/// Prints the table, of the sets named or of all.
pub(crate) fn run(sets: &[String]) -> Result<()> {
    println!("| data | classifier | D | accuracy | seeds | model bytes | Cortex-M4 instructions |");
    println!("|---|---|---|---|---|---|---|");
    let chip = tools::target(firmware::TARGET).or_skip("the emulated chip")?
        && tools::emulator().or_skip("the emulated chip")?;
    for case in cases().iter().filter(|case| sets.is_empty() || sets.iter().any(|set| set == case.set)) {
        if let Err(error) = case.measure(chip) {
            println!("skipped: {}: {error:#}", case.set);
        }
    }
    Ok(())
}

impl Case {
    fn measure(&self, chip: bool) -> Result<()> {
        let mut sides = Vec::new();
        for part in &self.parts {
            let data = counts(hdc_datasets::load(part, &self.options)?)?;
            let splits: Vec<Split> = if self.set == "spar" { leave_one_group_out(&data)? } else { vec![given(&data)?] };
            for split in splits {
                sides.push((data.subset(&split.train)?, data.subset(&split.test)?));
            }
        }
        let conventional = |seed| Recipe::new(CONVENTIONAL, seed, self.conventional.clone());
        let centroids = |seed| conventional(seed).method(Centroid);
        let classifiers: [(&str, &dyn Fn(u64) -> Recipe); 3] =
            [("record, centroids", &centroids), ("record, retrained", &conventional), ("small", &self.small)];
        for (name, recipe) in classifiers {
            let (mut means, mut cost) = (Vec::new(), None);
            for seed in SEEDS {
                let mut accuracies = Vec::new();
                for (train, test) in &sides {
                    let model = recipe(seed).fit(train)?;
                    let evaluation = Evaluation::of(&model.view(), test)?;
                    let balanced = self.set == "spar";
                    accuracies.push(if balanced { evaluation.balanced_accuracy() } else { evaluation.accuracy() });
                    if cost.is_none() {
                        let few = few(test, model.view().sample_len())?;
                        let instructions = match chip {
                            true => firmware::compare("reduction", &model, &few)?.instructions,
                            false => 0,
                        };
                        let metadata = *model.view().metadata();
                        let dimension = match metadata.encoder.spatial {
                            SpatialSpec::Table { .. } => "a table".into(),
                            _ => metadata.dimension().to_string(),
                        };
                        cost = Some((dimension, model.as_bytes().len(), instructions));
                    }
                }
                means.push(Spread::of(&accuracies).mean);
            }
            let Some((dimension, bytes, instructions)) = cost else { continue };
            let mean = means.iter().sum::<f64>() / means.len() as f64;
            let (least, most) = means.iter().fold((1.0_f64, 0.0_f64), |(l, m), &mean| (l.min(mean), m.max(mean)));
            let set = self.set;
            println!(
                "| {set} | {name} | {dimension} | {mean:.3} | {least:.3} to {most:.3} | {bytes} | {instructions} |"
            );
        }
        Ok(())
    }
}

/// Eight samples across `data`; texts are repeated up to the `length` that the firmware takes, that of the longest one.
fn few(data: &Dataset, length: usize) -> Result<Dataset> {
    let chosen: Vec<usize> = (0..data.len()).step_by(data.len().div_ceil(8)).collect();
    let few = data.subset(&chosen)?;
    if !few.is_sequences() {
        return Ok(few);
    }
    let mut symbols = Vec::new();
    for text in 0..few.len() {
        if let Sample::I16(text) = few.sample(text) {
            symbols.extend(text.iter().cycle().take(length));
        }
    }
    let steps = vec![length; few.len()];
    Ok(Dataset::sequences(few.name(), 1, Values::I16(symbols), &steps, few.classes().to_vec(), few.labels().to_vec())?)
}

/// The data as a sensor of 15 bits with the range of each channel would give them: the firmware takes integers. Encoders are
/// fitted to the scale of a channel, so that the range has no part in the accuracy.
fn counts(data: Dataset) -> Result<Dataset> {
    let Values::F32(values) = data.values() else { return Ok(data) };
    let channels = data.shape().channels;
    let mut range = vec![f32::MIN_POSITIVE; channels];
    values.iter().enumerate().for_each(|(at, value)| range[at % channels] = range[at % channels].max(value.abs()));
    let count = |(at, value): (usize, &f32)| (value / range[at % channels] * 16_384.0).round() as i16;
    let counts = Values::I16(values.iter().enumerate().map(count).collect());
    let labels = data.labels().to_vec();
    let mut result = Dataset::new(data.name(), data.shape(), counts, data.classes().to_vec(), labels)?;
    if let Some(parts) = data.parts() {
        result = result.with_parts(parts.to_vec())?;
    }
    Ok(result.with_groups(data.groups().to_vec(), data.group_of().to_vec())?)
}
