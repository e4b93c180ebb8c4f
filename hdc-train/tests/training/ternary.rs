use hdc_train::reduce::truncate;
use hdc_train::{
    Cost, Dataset, Encoding, Learn, Map, Projection, Shape, SpatialSpec, Target, TrainError, Trainer, Values, predict,
};

/// Two classes that lie on either side of a hyperplane through features of different deviations.
fn data() -> Dataset {
    let features = 10_usize;
    let number = |at: usize| {
        let (sample, feature) = (at / features, at % features);
        let noise = (at * 7919 + sample * 104_729) % 200;
        let shift = if (sample % 2 == 0) == (feature % 2 == 0) { 60 } else { 0 };
        i16::try_from((noise + shift) * (1 + feature * feature)).unwrap()
    };
    let values = Values::I16((0..200 * features).map(number).collect());
    let shape = Shape { steps: 1, channels: features };
    Dataset::new("sides", shape, values, vec!["a".into(), "b".into()], (0..200).map(|at| at % 2).collect()).unwrap()
}

fn trainer(projection: Projection) -> Trainer {
    Trainer::new().dimension(256).encoding(Encoding::projection(projection))
}

#[test]
fn ternary_hyperplanes_tell_classes_apart_with_a_quarter_of_the_weights() {
    let data = data();
    let random = Projection::random(Map::Standardised);
    let learned = Projection { learn: Some(Learn { epochs: 20, ..Learn::default() }), ..random };
    for projection in [random, learned] {
        let whole = trainer(projection).fit(&data).unwrap();
        let ternary = trainer(projection.ternary()).fit(&data).unwrap();
        let accuracy = |model: &hdc_train::ModelBuf| model.view().metadata().provenance.train_accuracy;
        assert!(accuracy(&ternary) > 0.9 && accuracy(&ternary) > accuracy(&whole) - 0.05, "{}", accuracy(&ternary));
        // Rows of ten weights are filled up to twelve; there are ten gains, and the metadata say it in a few letters more.
        let saved = whole.as_bytes().len() - ternary.as_bytes().len();
        assert!((256 * 12 * 3 / 4 - 64..=256 * 12 * 3 / 4).contains(&saved), "{saved}");
        assert_eq!(ternary.view().metadata().encoder.spatial, SpatialSpec::Ternary);
        assert_eq!(ternary, trainer(projection.ternary()).fit(&data).unwrap());
    }
}

#[test]
fn a_space_that_mixes_features_is_refused() {
    for map in [Map::Whitened, Map::Discriminant] {
        let projection = Projection { ternary: true, ..Projection::random(map) };
        assert_eq!(trainer(projection).fit(&data()), Err(TrainError::Ternary));
    }
}

#[test]
fn a_prefix_of_a_ternary_model_is_the_model_of_the_prefix() {
    let data = data();
    let long = trainer(Projection::default().ternary()).fit(&data).unwrap();
    let short = truncate(&long.view(), 64).unwrap();
    let encode = |model: &hdc_train::ModelBuf, words: usize| {
        let view = model.view();
        let (mut scratch, mut query) = (vec![0; view.scratch_words()], vec![0; view.words()]);
        let Values::I16(values) = data.values() else { unreachable!() };
        view.encode_into(&values[..10], &mut scratch, &mut query).unwrap();
        query[..words].to_vec()
    };
    assert_eq!(encode(&short, 2), encode(&long, 2));
    assert_eq!(predict(&short.view(), &data).unwrap().len(), data.len());
    let cost = |model: &hdc_train::ModelBuf| Cost::of(&model.view(), Target::CortexM0Plus);
    assert!(cost(&short).instructions < cost(&long).instructions);
}
