//! Training as its users see it: the same bytes everywhere, clear refusals, models that learned something.

mod auto;
mod calibration;
mod copies;
mod cost;
mod design;
mod early_exit;
mod front_end;
mod integer;
mod offsets;
mod pieces;
mod reduce;
mod robustness;
mod search;
mod seeds;
mod shrink;
mod ternary;
mod texts;

use hdc_core::Tie;
use hdc_train::{
    Centroid, Clusters, Dataset, Design, Encoded, Encoding, Evaluation, FeatureSet, Job, Kernel, LeHdc, Learn, Map,
    Margin, Method, ModelBuf, Ngram, OnlineHd, Perceptron, Projection, QuantHd, RefineHd, Scale, Shape, Source,
    TrainError, Trainer, Values, align, cross_validate, k_fold, predict,
};

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// Windows of two waves that differ in the order of their channels, with a bit of noise.
fn waves(samples: usize) -> Dataset {
    let shape = Shape { steps: 24, channels: 2 };
    let (mut values, mut labels, mut noise) = (Vec::new(), Vec::new(), 12_345_u32);
    for sample in 0..samples {
        let class = sample % 2;
        for step in 0..shape.steps {
            for channel in 0..shape.channels {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let phase = (step + sample + 3 * ((channel + class) % 2)) % 12;
                let wave = phase.min(12 - phase);
                values.push(i16::try_from(100 * wave + (noise >> 26) as usize).unwrap());
            }
        }
        labels.push(class);
    }
    Dataset::new("waves", shape, Values::I16(values), names(&["left", "right"]), labels).unwrap()
}

fn train_accuracy(model: &ModelBuf) -> f32 {
    model.view().metadata().provenance.train_accuracy
}

fn encoding() -> Encoding {
    Encoding::record().levels(8).ngram(3, 1)
}

fn trainer() -> Trainer {
    Trainer::new().dimension(512).encoding(encoding())
}

#[test]
fn a_recogniser_recognises() {
    let data = waves(120);
    let folds = cross_validate(&trainer(), &data, &k_fold(&data, 5, 1).unwrap(), &|_| {}).unwrap();
    assert!(folds.iter().all(|fold| fold.accuracy() > 0.95), "{folds:?}");
}

/// Features of the whole window, projected on learned or random hyperplanes.
fn projection(map: Map, learned: bool) -> Encoding {
    let projection = if learned { Projection::learned(map) } else { Projection::random(map) };
    Encoding::projection(projection).features(FeatureSet::MOTION, 4)
}

/// A trainer of every kind: each encoder, each space, two encoders joined, each method.
fn every_kind() -> Vec<Trainer> {
    let spaces = [Map::Standardised, Map::Whitened, Map::Discriminant, Map::Principal];
    let encodings = spaces.map(|map| projection(map, false));
    let steps = Encoding::projection(Projection::random(Map::Standardised)).ngram(2, 1);
    let record = Encoding::learned_record(Learn::memories()).features(FeatureSet::MOTION, 4);
    let encodings = encodings.into_iter().chain([steps, projection(Map::Whitened, true), record]);
    let mut trainers: Vec<Trainer> = encodings.map(|encoding| trainer().encoding(encoding)).collect();
    let design = Design { population: 6, generations: 2, ..Design::default() };
    trainers.extend([
        trainer(),
        trainer().join(projection(Map::Whitened, false), 160),
        trainer().calibrate(0.2),
        trainer().encoding(Encoding::record().designed(design)).dimension(128),
        trainer().encoding(encoding().kernel(Kernel::Cosine { turns: 1.5 })),
        trainer().encoding(encoding().kernel(Kernel::Gaussian { width: 0.3 })),
        trainer().method(Centroid),
        trainer().method(Perceptron::default()),
        trainer().method(OnlineHd::default()),
        trainer().method(QuantHd::default()),
        trainer().method(RefineHd::default()),
        trainer().method(LeHdc { epochs: 4, ..LeHdc::default() }),
        trainer().method(LeHdc { epochs: 4, prototypes: 3, ..LeHdc::default() }),
        trainer().method(Clusters { prototypes: 3, epochs: 4 }),
    ]);
    trainers
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let data = waves(120);
    for trainer in every_kind() {
        let bytes = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| trainer.fit(&data)).unwrap()
        };
        let one = bytes(1);
        assert_eq!(one, bytes(2), "{trainer:?}");
        assert_eq!(one, bytes(7), "{trainer:?}");
        assert_ne!(one, trainer.clone().seed(2).fit(&data).unwrap(), "{trainer:?}");
    }
}

/// The same waves, with the first channel of the second class twice as loud, which features of a window can tell.
fn loud_waves(samples: usize) -> Dataset {
    let data = waves(samples);
    let Values::I16(mut counts) = data.values().clone() else { unreachable!() };
    for (sample, &label) in counts.chunks_exact_mut(data.shape().len()).zip(data.labels()) {
        sample.iter_mut().step_by(2).for_each(|count| *count *= if label == 1 { 2 } else { 1 });
    }
    Dataset::new("loud", data.shape(), Values::I16(counts), data.classes().to_vec(), data.labels().to_vec()).unwrap()
}

#[test]
fn every_kind_recognises_what_it_has_not_seen() {
    let data = loud_waves(160);
    let splits = k_fold(&data, 2, 1).unwrap();
    for trainer in every_kind() {
        let folds = cross_validate(&trainer, &data, &splits, &|_| {}).unwrap();
        assert!(folds.iter().all(|fold| fold.accuracy() > 0.9), "{trainer:?}: {folds:?}");
    }
}

/// No method ends up with fewer training samples right than the centroids have.
#[test]
fn methods_do_not_lose_what_the_centroids_knew() {
    let data = waves(200);
    // One label in ten is wrong, and so few dimensions that the centroids make mistakes of their own.
    let labels: Vec<usize> =
        data.labels().iter().enumerate().map(|(at, &label)| label ^ usize::from(at % 10 == 3)).collect();
    let data = Dataset::new("x", data.shape(), data.values().clone(), data.classes().to_vec(), labels).unwrap();
    let accuracy = |trainer: Trainer| train_accuracy(&trainer.dimension(32).fit(&data).unwrap());
    let centroid = accuracy(trainer().method(Centroid));
    assert!(centroid < 1.0);
    let retrained = [
        trainer().method(Margin::default()),
        trainer().method(Perceptron::default()),
        trainer().method(QuantHd::default()),
        trainer().method(LeHdc::default()),
    ];
    for trainer in retrained {
        let got = accuracy(trainer.clone());
        assert!(got >= centroid, "{trainer:?}: {got} of {centroid}");
    }
}

#[test]
fn prototypes_tell_apart_what_no_single_one_can() {
    // Class 1 is where one half of the words is all 1 and the other all 0, but for a bit in eight of noise, which tells nothing.
    let words = 8;
    let row = |sample: usize| {
        (0..words).map(move |word| {
            let half = sample >> (word / 4) & 1;
            let noise = 0x0101_0101_u32.rotate_left((sample / 4 * 5 + word * 3) as u32);
            if half == 1 { !noise } else { noise }
        })
    };
    let encoded = |samples: usize| {
        let labels = (0..samples).map(|sample| (sample & 1) ^ (sample >> 1 & 1)).collect();
        Encoded::from_rows((0..samples).flat_map(row).collect(), words, labels, 2)
    };
    let accuracy = |method: &dyn Method, samples: &Encoded| {
        let prototypes = method.train(samples, &Job { tie: Tie::default(), seed: 1, progress: &|_| {} });
        assert_eq!(prototypes.rows.len(), 2 * method.prototypes() * words, "{method}");
        samples.accuracy(&prototypes.memory(words))
    };
    let clusters = |prototypes| Clusters { prototypes, epochs: 20 };
    let lehdc = |prototypes| LeHdc { prototypes, ..LeHdc::default() };
    for samples in [4, 80] {
        let samples = encoded(samples);
        // Of four samples a class has two, fewer than five prototypes.
        for prototypes in [2, 5] {
            assert!(accuracy(&clusters(prototypes), &samples) > 0.999);
            assert!(accuracy(&lehdc(prototypes), &samples) > 0.999);
        }
        assert!(accuracy(&clusters(1), &samples) <= 0.75);
        assert!(accuracy(&lehdc(1), &samples) <= 0.75);
    }
}

#[test]
fn regenerated_memories_classify_the_same_in_fewer_bytes() {
    let data = waves(60);
    let (stored, regenerated) = (
        trainer().fit(&data).unwrap(),
        trainer().encoding(encoding().memories(Source::Regenerated)).fit(&data).unwrap(),
    );
    assert_eq!(predict(&stored.view(), &data).unwrap(), predict(&regenerated.view(), &data).unwrap());
    // Two items and eight levels of 512 bits.
    assert_eq!(stored.as_bytes().len() - regenerated.as_bytes().len(), 10 * 64);
    // No seed stands for the levels of a kernel: of its memories, the items alone are left out.
    let cosine = encoding().kernel(Kernel::Cosine { turns: 1.5 });
    let [stored, regenerated] = [Source::Stored, Source::Regenerated]
        .map(|memories| trainer().encoding(cosine.clone().memories(memories)).fit(&data).unwrap());
    assert_eq!(predict(&stored.view(), &data).unwrap(), predict(&regenerated.view(), &data).unwrap());
    assert_eq!(stored.as_bytes().len() - regenerated.as_bytes().len(), 2 * 64);
}

#[test]
fn integers_and_the_same_real_numbers_classify_the_same() {
    let data = waves(60);
    let Values::I16(counts) = data.values() else { unreachable!() };
    let real = Values::F32(counts.iter().map(|&count| f32::from(count)).collect());
    let real = Dataset::new("real", data.shape(), real, data.classes().to_vec(), data.labels().to_vec()).unwrap();
    let (of_counts, of_real) = (trainer().fit(&data).unwrap(), trainer().fit(&real).unwrap());
    let expected = predict(&of_counts.view(), &data).unwrap();
    assert_eq!(predict(&of_real.view(), &real).unwrap(), expected);
    // Counts are widened for a model of real numbers; the other way would lose something.
    assert_eq!(predict(&of_real.view(), &data).unwrap(), expected);
    let error = predict(&of_counts.view(), &real).unwrap_err().to_string();
    assert_eq!(error, "sample 0 cannot be classified");
}

#[test]
fn retraining_does_not_lose_what_the_centroids_knew() {
    let data = waves(200);
    let accuracy = |margin| train_accuracy(&trainer().method(margin).fit(&data).unwrap());
    assert!(accuracy(Margin::default()) >= accuracy(Margin { epochs: 0, margin: 0.0 }));
    assert!(accuracy(Margin { epochs: 5, margin: 0.0 }) >= accuracy(Margin { epochs: 0, margin: 0.0 }));
}

#[test]
fn wrong_labels_do_not_make_it_worse_than_centroids() {
    let data = waves(200);
    // One in ten is wrong.
    let labels =
        data.labels().iter().enumerate().map(|(sample, &label)| label ^ usize::from(sample % 10 == 3)).collect();
    let data = Dataset::new("x", data.shape(), data.values().clone(), data.classes().to_vec(), labels).unwrap();
    for scale in [Scale::Quantile, Scale::Uniform { clip: 0.01 }] {
        let model = trainer().encoding(encoding().scale(scale)).fit(&data).unwrap();
        assert!(model.view().metadata().provenance.train_accuracy >= 0.9);
    }
}

#[test]
fn columns_in_another_order_are_refused() {
    let named = |columns: &[&str]| waves(20).with_columns(names(columns)).unwrap();
    let model = trainer().fit(&named(&["x", "y"])).unwrap();
    assert!(predict(&model.view(), &named(&["x", "y"])).is_ok());
    assert!(predict(&model.view(), &waves(20)).is_ok(), "no names, no opinion");
    let error = predict(&model.view(), &named(&["y", "x"])).unwrap_err().to_string();
    assert!(error.contains("not in that order: y, x"), "{error}");
}

#[test]
fn labels_are_matched_by_name() {
    let data = waves(40);
    let model = trainer().fit(&data).unwrap();
    let swapped: Vec<usize> = data.labels().iter().map(|label| 1 - label).collect();
    let other = |classes: &[&str]| {
        Dataset::new("other", data.shape(), data.values().clone(), names(classes), swapped.clone()).unwrap()
    };
    let truth = align(&model.view(), &other(&["right", "left"])).unwrap();
    assert_eq!(truth, data.labels());
    let predicted: Vec<usize> = predict(&model.view(), &data).unwrap().iter().map(|nearest| nearest.class).collect();
    assert!(Evaluation::new(2, &truth, &predicted).accuracy() > 0.95);
    let error = align(&model.view(), &other(&["right", "up"])).unwrap_err().to_string();
    assert!(error.contains("`up` of sample 0") && error.contains("left, right"), "{error}");
}

#[test]
fn samples_of_another_shape_are_refused() {
    let model = trainer().fit(&waves(40)).unwrap();
    let shape = Shape { steps: 16, channels: 3 };
    let data = Dataset::new("x", shape, Values::I16(vec![0; 96]), names(&["left", "right"]), vec![0, 1]).unwrap();
    let error = predict(&model.view(), &data).unwrap_err().to_string();
    assert!(error.contains("16 steps x 3 channels") && error.contains("24 x 2"), "{error}");
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let data = waves(8);
    let error = |trainer: Trainer| trainer.fit(&data).unwrap_err();
    assert_eq!(error(trainer().dimension(100)), TrainError::Dimension { got: 100 });
    assert_eq!(error(trainer().dimension(0)), TrainError::Dimension { got: 0 });
    let turns = |turns| encoding().kernel(Kernel::Cosine { turns });
    for got in [0.0, -1.0, f32::INFINITY] {
        assert_eq!(error(trainer().encoding(turns(got))), TrainError::Kernel { got });
    }
    assert_eq!(error(trainer().encoding(turns(1.0).levels(257))), TrainError::Levels { got: 257, most: 256 });
    assert_eq!(error(trainer().encoding(encoding().levels(1))), TrainError::Levels { got: 1, most: 65_535 });
    assert_eq!(
        error(trainer().encoding(encoding().scale(Scale::Uniform { clip: 0.5 }))),
        TrainError::Clip { got: 0.5 }
    );
    let all = Encoding::projection(Projection::default()).whole();
    assert_eq!(error(trainer().encoding(all.levels(257))), TrainError::Levels { got: 257, most: 256 });
    for got in [0, 100, 512] {
        assert_eq!(error(trainer().join(encoding(), got)), TrainError::Joined { got, whole: 512 });
    }
    let features = |set, parts| error(trainer().encoding(encoding().features(set, parts)));
    for refused in [features(FeatureSet::EMG, 0), features(FeatureSet::EMG, 25), features(FeatureSet::default(), 1)] {
        assert!(matches!(refused, TrainError::Features { steps: 24, .. }), "{refused}");
    }
    let ngram = Ngram { order: 4, stride: 8 };
    assert_eq!(error(trainer().encoding(encoding().ngram(4, 8))), TrainError::Window { ngram, steps: 24 });

    let one_class = data.subset(&[0, 2, 4]).unwrap();
    assert!(matches!(trainer().fit(&one_class), Err(TrainError::OneClass { samples: 3, .. })));
    let relabelled = |classes: &[&str]| {
        Dataset::new("x", data.shape(), data.values().clone(), names(classes), data.labels().to_vec()).unwrap()
    };
    let empty = trainer().fit(&relabelled(&["left", "right", "up"])).unwrap_err();
    assert_eq!(empty, TrainError::EmptyClass { label: "up".into() });
    for label in ["", "a\nb"] {
        let error = trainer().fit(&relabelled(&["left", label])).unwrap_err();
        assert_eq!(error, TrainError::Label { label: label.into() });
    }
}

#[test]
fn constant_channels_and_repeated_samples_are_harmless() {
    let shape = Shape { steps: 1, channels: 3 };
    let rows: Vec<f32> = (0..20).flat_map(|row| [7.0, (row % 2) as f32, 1e30]).collect();
    let labels = (0..20).map(|row| row % 2).collect();
    let data = Dataset::new("x", shape, Values::F32(rows), names(&["a", "b"]), labels).unwrap();
    let spaces = [Map::Standardised, Map::Whitened, Map::Discriminant, Map::Principal];
    let encodings = spaces.into_iter().flat_map(|map| [Projection::random(map), Projection::learned(map)]);
    let encodings = encodings.map(Encoding::projection).chain([Encoding::record()]);
    for encoding in encodings {
        for scale in [Scale::Quantile, Scale::Uniform { clip: 0.0 }, Scale::Logarithmic] {
            let model = Trainer::new().dimension(256).encoding(encoding.clone().scale(scale)).fit(&data).unwrap();
            assert!((train_accuracy(&model) - 1.0).abs() < 1e-6, "{encoding:?}");
        }
    }
}

#[test]
fn a_model_file_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.hdc");
    let model = trainer().fit(&waves(20)).unwrap();
    model.save(&path).unwrap();
    assert_eq!(hdc_train::ModelBuf::open(&path).unwrap(), model);
    assert!(model.save(folder.path().join("no/such/folder.hdc")).is_err());
    assert!(model.save(folder.path()).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");

    std::fs::write(&path, &model.as_bytes()[..101]).unwrap();
    let error = hdc_train::ModelBuf::open(&path).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("101 bytes"), "{cause}");
}
