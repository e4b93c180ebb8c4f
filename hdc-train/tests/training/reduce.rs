//! Fewer dimensions for a trained model.

use hdc_train::reduce::{ReduceError, order, retrain, truncate};
use hdc_train::{
    Clusters, Encoding, FeatureSet, FrontEnd, Learn, Margin, ModelBuf, Nearest, Source, SpatialSpec, Trainer, predict,
};

use crate::{loud_waves, projection, waves};

/// One of each kind whose dimensions are independent, with even numbers of channels and steps, so that there are ties.
fn independent() -> Vec<Trainer> {
    let trainer = |encoding| Trainer::new().dimension(256).encoding(encoding);
    let bundled = Encoding::record().levels(8).ngram(1, 1);
    vec![
        trainer(bundled.clone()),
        trainer(bundled.memories(Source::Regenerated)),
        trainer(Encoding::record().features(FeatureSet::MOTION, 2)),
        trainer(projection(hdc_train::Map::Whitened, false)),
        trainer(Encoding::learned_record(Learn { epochs: 3, ..Learn::memories() })),
        trainer(Encoding::record().whole()).method(Clusters::default()).calibrate(0.2),
        trainer(Encoding::record().features(FeatureSet::EMG, 1)).front_end(FrontEnd::new(100.0).high_pass(1.0)),
    ]
}

fn answers(model: &ModelBuf) -> Vec<Nearest> {
    predict(&model.view(), &loud_waves(60)).unwrap()
}

#[test]
fn an_ordered_model_answers_as_before() {
    for trainer in independent() {
        let model = trainer.fit(&loud_waves(60)).unwrap();
        let ordered = order(&model.view(), &loud_waves(60)).unwrap();
        assert_eq!(answers(&ordered), answers(&model), "{trainer}");
        assert_ne!(ordered.view().classes().row(0), model.view().classes().row(0), "{trainer}");
        assert_eq!(ordered, order(&model.view(), &loud_waves(60)).unwrap());
    }
}

#[test]
fn a_prefix_has_the_first_bits_of_every_query_and_class() {
    for trainer in independent() {
        let data = loud_waves(60);
        let whole = order(&trainer.fit(&data).unwrap().view(), &data).unwrap();
        let part = truncate(&whole.view(), 96).unwrap();
        assert!(part.as_bytes().len() < whole.as_bytes().len());
        let query = |model: &ModelBuf, sample: usize| {
            let hdc_train::Sample::I16(values) = data.sample(sample) else { panic!("counts") };
            let view = model.view();
            let mut query = vec![0; view.words()];
            view.encode_into(values, &mut vec![0; view.scratch_words()], &mut query).unwrap();
            query
        };
        for sample in 0..data.len() {
            assert_eq!(query(&part, sample), query(&whole, sample)[..3], "{trainer}");
        }
        let classes = |model: &ModelBuf, words: usize| -> Vec<u32> {
            let view = model.view();
            let rows = (0..2).flat_map(|class| view.classes().row(class).unwrap().to_vec()).collect::<Vec<u32>>();
            rows.chunks_exact(view.words()).flat_map(|row| row[..words].to_vec()).collect()
        };
        assert!(part.view().metadata().provenance.train_accuracy.is_nan());
        assert_eq!(classes(&part, 3), classes(&whole, 3), "{trainer}");
        assert_eq!(truncate(&whole.view(), 256).unwrap(), whole);
    }
}

#[test]
fn the_first_dimensions_are_better_than_any_others() {
    let right = |model: &ModelBuf| {
        let data = loud_waves(200);
        let found = predict(&model.view(), &data).unwrap();
        found.iter().zip(data.labels()).filter(|(found, label)| found.class == **label).count()
    };
    for trainer in independent() {
        let model = trainer.fit(&loud_waves(200)).unwrap();
        let ordered = order(&model.view(), &loud_waves(200)).unwrap();
        let first = |model: &ModelBuf| right(&truncate(&model.view(), 32).unwrap());
        assert!(first(&ordered) >= first(&model), "{trainer}: {} {}", first(&ordered), first(&model));
    }
}

#[test]
fn retraining_keeps_the_encoder() {
    let data = loud_waves(60);
    for trainer in independent().into_iter().take(4) {
        let model = trainer.fit(&data).unwrap();
        let again = retrain(&model.view(), &data, &Margin::default(), 1, &|_| {}).unwrap();
        // The same encoder, method and seed: the same class hypervectors.
        assert_eq!(answers(&again), answers(&model), "{trainer}");
        for class in 0..2 {
            assert_eq!(again.view().classes().row(class), model.view().classes().row(class), "{trainer}");
        }
        assert!(again.view().metadata().provenance.method.contains("again: Margin"));
    }
}

#[test]
fn regenerated_memories_are_stored_once_they_are_ordered() {
    let trainer = &independent()[1];
    let ordered = order(&trainer.fit(&waves(40)).unwrap().view(), &waves(40)).unwrap();
    let spatial = ordered.view().metadata().encoder.spatial;
    assert!(matches!(spatial, SpatialSpec::Record { items: Source::Stored, level_rows: Source::Stored, .. }));
}

#[test]
fn what_cannot_be_reduced_is_refused() {
    let data = waves(40);
    let ngrams = crate::trainer().fit(&data).unwrap();
    assert_eq!(order(&ngrams.view(), &data), Err(ReduceError::Ngram { order: 3 }));
    assert_eq!(truncate(&ngrams.view(), 64), Err(ReduceError::Ngram { order: 3 }));
    let joined = independent()[0].clone().join(Encoding::record().whole(), 128).fit(&data).unwrap();
    assert_eq!(truncate(&joined.view(), 64), Err(ReduceError::Joined));
    let model = independent()[0].fit(&data).unwrap();
    for got in [0, 33, 288] {
        assert_eq!(truncate(&model.view(), got), Err(ReduceError::Dimension { got, whole: 256 }));
    }
    let left = data.subset(&[0, 2, 4]).unwrap();
    let label = "right".to_string();
    assert_eq!(retrain(&model.view(), &left, &Margin::default(), 1, &|_| {}), Err(ReduceError::EmptyClass { label }));
}
