//! Early exit: the first dimensions answer where they tell the classes apart.

use hdc_core::model::{Metadata, write};
use hdc_train::reduce::{ReduceError, order, retrain, truncate};
use hdc_train::{
    Clusters, Cost, Dataset, Encoding, Exit, FeatureSet, FrontEnd, Learn, Map, Margin, Model, ModelBuf, Nearest,
    Projection, Shape, Source, Target, TrainError, Trainer, Values, predict, predict_early,
};

use crate::{loud_waves, projection, waves};

/// One of each kind that can exit early, of a dimension that has no half, with even numbers of channels and steps, so that
/// there are ties.
fn kinds() -> Vec<Trainer> {
    let trainer = |encoding| Trainer::new().dimension(224).encoding(encoding);
    let steps = Encoding::record().levels(8).ngram(1, 1);
    let ternary = Projection::random(Map::Standardised).ternary();
    let filters = FrontEnd::new(100.0).high_pass(1.0).decimate(2);
    let learned = Learn { epochs: 2, ..Learn::memories() };
    vec![
        trainer(steps.clone()),
        trainer(steps.memories(Source::Regenerated)),
        trainer(Encoding::learned_record(learned).ngram(1, 1)),
        trainer(Encoding::projection(Projection::random(Map::Standardised)).ngram(1, 1)),
        trainer(Encoding::projection(ternary).ngram(1, 1)),
        trainer(Encoding::record().whole()).method(Clusters::default()),
        trainer(Encoding::record().whole().memories(Source::Regenerated)),
        trainer(Encoding::learned_record(learned).features(FeatureSet::EMG, 3)),
        trainer(Encoding::record().features(FeatureSet::EMG, 1)).front_end(filters),
        trainer(Encoding::record().convolutions(1)),
        trainer(projection(Map::Whitened, false)),
        trainer(Encoding::projection(ternary).whole()),
        trainer(Encoding::projection(ternary).features(FeatureSet::MOTION, 2)),
    ]
}

/// The same samples as `f32`.
fn real(data: &Dataset) -> Dataset {
    let Values::I16(values) = data.values() else { panic!("counts") };
    let values = Values::F32(values.iter().map(|&value| f32::from(value) / 7.0).collect());
    Dataset::new("real", data.shape(), values, data.classes().to_vec(), data.labels().to_vec()).unwrap()
}

/// The model with these margins.
fn with_margins(model: &Model<'_>, margins: &[u32]) -> ModelBuf {
    let metadata = Metadata { calibration: None, early_exit: true, ..*model.metadata() };
    let front_end = model.front_end().map(|front_end| front_end.sections);
    let encoder = model.encoders().next().unwrap().sections();
    let classes = (0..model.classes().len()).filter_map(|class| model.classes().row(class));
    let sections = front_end.into_iter().chain(encoder).chain(classes).chain([margins]);
    ModelBuf::from_bytes(bytemuck::cast_slice(&write(&metadata, sections).unwrap())).unwrap()
}

/// Bit by bit, what the model answers with these margins.
fn oracle(model: &Model<'_>, query: &[u32], margins: &[u32]) -> Exit {
    let stages = (0..margins.len()).map(|stage| (query.len() >> (margins.len() - stage), margins[stage]));
    for (words, margin) in stages.chain([(query.len(), 0)]) {
        let bit = |row: &[u32], at: usize| row[at / 32] >> (at % 32) & 1;
        let distance = |row: &[u32]| (0..words * 32).filter(|&at| bit(row, at) != bit(query, at)).count() as u32;
        let rows = (0..model.classes().len()).map(|class| model.classes().row(class).unwrap());
        let nearest = rows.map(|rows| rows.chunks(query.len()).map(distance).min().unwrap());
        let mut found: Vec<(u32, usize)> = nearest.enumerate().map(|(class, distance)| (distance, class)).collect();
        found.sort_unstable();
        let [(distance, class), (next, _)] = found[..2] else { panic!("two classes") };
        if next - distance >= margin {
            return Exit { nearest: Nearest { class, distance, margin: next - distance }, dimension: words * 32 };
        }
    }
    unreachable!("the last stage answers")
}

fn query(model: &Model<'_>, data: &Dataset, sample: usize) -> Vec<u32> {
    let (mut scratch, mut query) = (vec![0; model.scratch_words()], vec![0; model.words()]);
    match data.sample(sample) {
        hdc_train::Sample::I16(values) => model.encode_into(values, &mut scratch, &mut query),
        hdc_train::Sample::F32(values) => model.encode_into(values, &mut scratch, &mut query),
    }
    .unwrap();
    query
}

#[test]
fn every_encoder_answers_as_its_first_dimensions_do() {
    let never = u32::MAX;
    let mut stopped = [0; 3];
    for trainer in kinds() {
        // A front end takes counts.
        for data in [loud_waves(30), real(&loud_waves(30))] {
            let Ok(whole) = trainer.fit(&data) else {
                assert!(trainer.to_string().contains(" Hz"), "{trainer}");
                continue;
            };
            let view = whole.view();
            for margins in [&[0][..], &[never, 0], &[never; 2], &[20, never], &[9, 14]] {
                let early = with_margins(&view, margins);
                assert_eq!(early.view().format(), 7);
                let exits = predict_early(&early.view(), &data).unwrap();
                for (sample, exit) in exits.iter().enumerate() {
                    let expected = oracle(&view, &query(&view, &data, sample), margins);
                    assert_eq!(*exit, expected, "{trainer}, {margins:?}, sample {sample}");
                    stopped[[32, 96, 224].iter().position(|&stop| stop == exit.dimension).unwrap()] += 1;
                }
                if margins == [never; 2] {
                    assert_eq!(predict(&early.view(), &data).unwrap(), predict(&view, &data).unwrap(), "{trainer}");
                }
            }
        }
    }
    // The test is of something: there are samples that stop at each stage.
    assert!(stopped.iter().all(|&stopped| stopped > 100), "{stopped:?}");
}

#[test]
fn fitted_margins_save_dimensions_and_keep_decisions() {
    let trainer = Trainer::new().dimension(512).encoding(Encoding::record().features(FeatureSet::MOTION, 2));
    let (data, new) = (loud_waves(400), loud_waves(900));
    for trainer in [trainer.clone(), trainer.with_memories(Source::Regenerated)] {
        let early = trainer.clone().early_exit(0.02).fit(&data).unwrap();
        assert_eq!(early, trainer.clone().early_exit(0.02).fit(&data).unwrap());
        let (view, whole) = (early.view(), trainer.fit(&data).unwrap());
        assert!(view.metadata().provenance.method.contains("0.02 decided differently"));
        let exits = predict_early(&view, &new).unwrap();
        let mean = exits.iter().map(|exit| exit.dimension).sum::<usize>() / exits.len();
        // In all dimensions it is the model that it is without.
        let all = predict(&whole.view(), &new).unwrap();
        for (sample, nearest) in all.iter().enumerate() {
            assert_eq!(view.nearest(&query(&view, &new, sample)), Some(*nearest));
        }
        let other = exits.iter().zip(&all).filter(|(exit, all)| exit.nearest.class != all.class).count();
        assert!(mean < 200 && other <= new.len() / 40, "{mean} dimensions, {other} decided differently");
        // Regenerated memories stay so.
        assert_eq!(view.metadata().encoder, whole.view().metadata().encoder);
    }
}

#[test]
fn what_is_reduced_or_trained_again_looks_at_all_dimensions() {
    let data = loud_waves(200);
    let trainer = Trainer::new().dimension(256).encoding(Encoding::record().whole()).early_exit(0.1);
    let early = trainer.fit(&data).unwrap();
    let whole = |model: ModelBuf| model.view().early_exit().is_none() && model.view().format() == 5;
    assert!(!whole(early.clone()));
    assert!(whole(truncate(&early.view(), 128).unwrap()));
    assert!(whole(order(&early.view(), &data).unwrap()));
    assert!(whole(retrain(&early.view(), &data, &Margin::default(), 1, &|_| {}).unwrap()));
}

#[test]
fn the_cost_is_that_of_all_stages() {
    let data = loud_waves(200);
    let trainer = Trainer::new().dimension(1024).encoding(Encoding::record().whole());
    let early = trainer.clone().early_exit(0.1);
    let cost = |model: &ModelBuf| Cost::of(&model.view(), Target::CortexM4);
    let (whole, early) = (trainer.fit(&data).unwrap(), early.fit(&data).unwrap());
    let stages = early.view().early_exit().unwrap().margins.len() as u64;
    let (whole, early) = (cost(&whole), cost(&early));
    assert!(early.instructions > whole.instructions && early.instructions < whole.instructions * 3 / 2);
    // The margins, and a word of the provenance.
    assert!(early.model >= whole.model + 4 * stages && early.model < whole.model + 128);
    assert_eq!(early.working, whole.working);
    let sketch = Cost::of_settings(&trainer.early_exit(0.1), &data, Target::CortexM4).unwrap();
    assert!(sketch.instructions >= early.instructions);
}

#[test]
fn what_cannot_exit_early_is_refused() {
    let data = waves(40);
    let fit = |trainer: &Trainer, share| trainer.clone().early_exit(share).fit(&data);
    let record = Trainer::new().dimension(256).encoding(Encoding::record().whole());
    assert_eq!(fit(&crate::trainer(), 0.1), Err(ReduceError::Ngram { order: 3 }.into()));
    assert_eq!(fit(&record.clone().join(Encoding::record().whole(), 128), 0.1), Err(ReduceError::Joined.into()));
    let integer = Trainer::new().dimension(64).encoding(Encoding::record().whole().integer(hdc_train::Form::Table));
    assert_eq!(fit(&integer, 0.1), Err(ReduceError::Integer.into()));
    assert_eq!(fit(&record.clone().calibrate(0.1), 0.1), Err(TrainError::EarlyCalibration));
    for got in [0.0, 1.0, -0.5] {
        assert_eq!(fit(&record, got), Err(TrainError::Disagreement { got }));
    }
    // Forty samples do not show that one of a thousand is decided differently.
    assert_eq!(fit(&record, 0.001), Err(TrainError::NoEarlyExit { disagreement: 0.001 }));
    assert!(fit(&record, 0.2).is_ok());
    // One word has no half.
    let word = Trainer::new().dimension(32).encoding(Encoding::record().whole());
    assert_eq!(fit(&word, 0.2), Err(TrainError::NoEarlyExit { disagreement: 0.2 }));
    let shape = Shape { steps: 48, channels: 1 };
    let letter = |at: usize| i16::try_from(at * (1 + at / shape.len() % 2) % 5).unwrap();
    let values = (0..data.len() * shape.len()).map(letter).collect();
    let texts = Dataset::new("texts", shape, Values::I16(values), data.classes().to_vec(), data.labels().to_vec());
    let symbols = Trainer::new().dimension(64).encoding(Encoding::symbols(5).ngram(1, 1)).early_exit(0.2);
    assert_eq!(symbols.fit(&texts.unwrap()), Err(TrainError::EarlySymbols));
}
