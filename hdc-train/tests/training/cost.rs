use std::collections::BTreeMap;

use hdc_train::{
    Clusters, Cost, Dataset, Encoding, FeatureSet, Form, FrontEnd, Learn, Map, ModelBuf, Projection, Shape, Source,
    Target, Trainer, Values,
};

/// Two classes of windows.
fn data(shape: Shape, float: bool) -> Dataset {
    let count = |at: usize| i16::try_from((at * (7 + at / shape.len() % 2 * 6) + at / 5) % 27).unwrap();
    let counts = (0..12 * shape.len()).map(count);
    let values = match float {
        true => Values::F32(counts.map(f32::from).collect()),
        false => Values::I16(counts.collect()),
    };
    Dataset::new("counts", shape, values, vec!["a".into(), "b".into()], (0..12).map(|at| at % 2).collect()).unwrap()
}

fn of(model: &ModelBuf) -> [Cost; 3] {
    Target::ALL.map(|target| Cost::of(&model.view(), target))
}

#[test]
fn every_model_has_a_cost_with_the_bytes_of_its_file_and_its_working_memory() {
    let projection = Encoding::projection(Projection::random(Map::Standardised));
    let regenerated = Encoding::record().memories(Source::Regenerated);
    let mut code = BTreeMap::new();
    for channels in [1, 2, 3, 4, 5, 6, 7, 8, 9, 130] {
        let shape = Shape { steps: if channels < 10 { 20 } else { 4 }, channels };
        let inputs: [fn(Encoding) -> Encoding; 4] = [
            |encoding| encoding.ngram(3, 1),
            |encoding| encoding.ngram(2, 3),
            Encoding::whole,
            |encoding| encoding.features(FeatureSet::ALL, 2),
        ];
        for input in inputs {
            for encoding in [&Encoding::record(), &regenerated, &projection] {
                for float in [false, true] {
                    let trainer = Trainer::new().dimension(64).encoding(input(encoding.clone()));
                    let model = trainer.fit(&data(shape, float)).unwrap();
                    for (chip, cost) in of(&model).into_iter().enumerate() {
                        assert_eq!(cost.model, model.as_bytes().len() as u64);
                        let bytes = cost.flash - cost.model;
                        assert_eq!(*code.entry((chip, Cost::needs(&model.view()))).or_insert(bytes), bytes);
                        let working = 4 * model.view().scratch_words() as u64;
                        assert!((working + 1000..working + 6000).contains(&cost.ram), "{cost:?}");
                        // At least one instruction for each number.
                        assert!(cost.instructions > shape.len() as u64, "{cost:?}");
                    }
                }
            }
        }
    }
    // Three encoders with three kinds of input, for two types of samples.
    assert_eq!(code.len(), 3 * 18);
    for ((chip, needs), bytes) in &code {
        // Code for `f32` takes the place of code for `i16`.
        let alike = |others: &[&str]| others.contains(&"float") == needs.contains(&"float");
        let contains = |others: &[&str]| others.len() > needs.len() && needs.iter().all(|need| others.contains(need));
        let more = |others: &[&str]| alike(others) && contains(others);
        assert!(code.iter().all(|((other, others), most)| other != chip || !more(others) || most > bytes), "{needs:?}");
    }
}

#[test]
fn all_that_can_be_joined_has_a_cost() {
    let projection = Projection::random(Map::Standardised);
    let spatial = [
        Encoding::record(),
        Encoding::record().memories(Source::Regenerated),
        Encoding::learned_record(Learn::memories()),
        Encoding::projection(projection),
        Encoding::projection(projection.ternary()),
    ];
    let inputs: [fn(Encoding) -> Encoding; 3] =
        [|encoding| encoding.ngram(2, 1), Encoding::whole, |encoding| encoding.features(FeatureSet::EMG, 1)];
    let mut encodings: Vec<Encoding> =
        inputs.iter().flat_map(|input| spatial.iter().map(|encoding| input(encoding.clone()))).collect();
    let symbols = Encoding::symbols(27);
    encodings.extend([symbols.clone(), symbols.memories(Source::Regenerated)]);
    let data = [false, true].map(|float| data(Shape { steps: 20, channels: 1 }, float));
    let mut costed = 0;
    for (place, first) in encodings.iter().enumerate() {
        for second in &encodings[place..] {
            let trainer = Trainer::new().dimension(64).encoding(first.clone()).join(second.clone(), 32);
            let filtered = trainer.clone().front_end(FrontEnd::new(100.0).high_pass(5.0));
            for (trainer, data) in [(&trainer, &data[0]), (&trainer, &data[1]), (&filtered, &data[0])] {
                // Symbols are integers, and not filtered.
                costed += usize::from(Cost::of_settings(trainer, data, Target::RiscV32).is_ok());
            }
        }
    }
    assert_eq!(costed, 153 + 120 + 120);
}

#[test]
fn learned_records_and_front_ends_have_a_cost() {
    let learned = Encoding::learned_record(Learn { epochs: 1, ..Learn::memories() });
    for (steps, channels) in [(1, 3), (1, 63), (1, 64), (20, 4)] {
        for encoding in [learned.clone().whole(), learned.clone().features(FeatureSet::EMG, 1)] {
            for float in [false, true] {
                let data = data(Shape { steps, channels }, float);
                let model = Trainer::new().dimension(64).encoding(encoding.clone()).fit(&data).unwrap();
                assert!(of(&model).iter().all(|cost| cost.instructions > 100), "{encoding}");
            }
        }
    }
    let data = data(Shape { steps: 60, channels: 2 }, false);
    let cost = |front_end: Option<FrontEnd>| {
        let trainer = Trainer::new().dimension(64).encoding(Encoding::record().ngram(1, 1));
        let trainer = if let Some(front_end) = front_end { trainer.front_end(front_end) } else { trainer };
        of(&trainer.fit(&data).unwrap()).map(|cost| cost.instructions)
    };
    let at = || FrontEnd::new(100.0);
    let two = || at().high_pass(5.0).low_pass(40.0);
    let rising = [None, Some(at().high_pass(5.0)), Some(two()), Some(two().envelope(0.1))].map(cost);
    for pair in rising.windows(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(less, more)| less < more), "{rising:?}");
    }
}

#[test]
fn integers_tables_and_ternary_projections_have_a_cost() {
    let integer = |form, source| Encoding::record().memories(source).integer(form);
    let encodings = [
        integer(Form::Hypervectors, Source::Stored),
        integer(Form::Hypervectors, Source::Regenerated),
        integer(Form::Table, Source::Stored),
        Encoding::projection(Projection::default().ternary()),
    ];
    let inputs: [fn(Encoding) -> Encoding; 3] =
        [|encoding| encoding.ngram(1, 1), Encoding::whole, |encoding| encoding.features(FeatureSet::ALL, 1)];
    for (place, encoding) in encodings.iter().enumerate() {
        for (steps, channels) in [(1, 2), (7, 60)] {
            for input in inputs {
                for float in [false, true] {
                    let trainer = Trainer::new().dimension(2048).encoding(input(encoding.clone()));
                    let model = trainer.fit(&data(Shape { steps, channels }, float)).unwrap();
                    assert!(of(&model).iter().all(|cost| cost.instructions > 100), "{place}");
                }
            }
        }
    }
}

#[test]
fn symbols_joined_encoders_and_prototypes_have_a_cost() {
    let letters = data(Shape { steps: 30, channels: 1 }, false);
    for source in [Source::Stored, Source::Regenerated] {
        let trainer = Trainer::new().dimension(96).encoding(Encoding::symbols(27).memories(source));
        assert!(of(&trainer.fit(&letters).unwrap()).iter().all(|cost| cost.instructions > 30));
    }
    let windows = data(Shape { steps: 20, channels: 3 }, false);
    let trainer = Trainer::new().dimension(96).encoding(Encoding::record().ngram(2, 1));
    let one = of(&trainer.fit(&windows).unwrap());
    let two = trainer.clone().dimension(160).join(Encoding::record().features(FeatureSet::EMG, 1), 64);
    let two = of(&two.fit(&windows).unwrap());
    let many = of(&trainer.method(Clusters { prototypes: 4, ..Clusters::default() }).fit(&windows).unwrap());
    for (one, others) in one.iter().zip(two.iter().zip(&many)) {
        assert!(others.0.instructions > one.instructions && others.1.instructions > one.instructions);
        assert!(others.0.ram > one.ram && others.1.flash > one.flash);
    }
}

#[test]
fn a_model_of_twice_the_dimension_costs_more_everywhere() {
    let windows = data(Shape { steps: 40, channels: 4 }, false);
    let cost = |dimension| of(&Trainer::new().dimension(dimension).fit(&windows).unwrap());
    for (small, large) in cost(1024).into_iter().zip(cost(2048)) {
        assert!(large.flash > small.flash && large.ram > small.ram);
        // What depends on D takes most, and some does not depend on it.
        let factor = large.instructions as f64 / small.instructions as f64;
        assert!((1.5..2.0).contains(&factor), "{factor}");
    }
}

#[test]
fn settings_cost_what_the_model_that_is_made_of_them_costs() {
    let motion = |encoding: Encoding| encoding.features(FeatureSet::MOTION, 1);
    let learned = Learn { epochs: 1, ..Learn::memories() };
    for encoding in [
        Encoding::record().ngram(3, 2),
        Encoding::record().memories(Source::Regenerated),
        motion(Encoding::learned_record(learned)),
        motion(Encoding::projection(Projection::learned(Map::Whitened))),
        motion(Encoding::projection(Projection::learned(Map::Whitened).ternary())),
        motion(Encoding::record().integer(Form::Hypervectors)),
    ] {
        let (trainer, data) =
            (Trainer::new().dimension(96).encoding(encoding), data(Shape { steps: 20, channels: 3 }, false));
        let model = trainer.fit(&data).unwrap();
        for target in Target::ALL {
            let sketched = Cost::of_settings(&trainer, &data, target).unwrap();
            let fitted = Cost::of(&model.view(), target);
            // What the metadata say of the training has another length.
            assert!(sketched.model.abs_diff(fitted.model) < 64, "{sketched:?} {fitted:?}");
            assert_eq!(sketched.ram, fitted.ram);
            // How long a root takes follows from the thresholds, of which a few samples tell nearly as much as all.
            let (sketched, fitted) = (sketched.instructions, fitted.instructions);
            assert!(sketched.abs_diff(fitted) * 200 <= fitted, "{sketched}, {fitted}");
        }
    }
}

#[test]
fn a_table_takes_no_more_than_its_settings_say() {
    let shape = Shape { steps: 1, channels: 8 };
    let classes = ["a", "b", "c", "d", "e"].map(String::from).to_vec();
    let value = |at: usize| i16::try_from((at / 8 % 5 * 40 + at * 7 % 31) * (1 + at % 8 % 2)).unwrap();
    let labels = (0..60).map(|sample| sample % 5).collect();
    let values = Values::I16((0..60 * 8).map(value).collect());
    let data = Dataset::new("steps", shape, values, classes, labels).unwrap();
    let sizes = [96, 512, 1024, 8192].map(|dimension| {
        let trainer = Trainer::new().dimension(dimension).encoding(Encoding::record().integer(Form::Table));
        let sketched = Cost::of_settings(&trainer, &data, Target::CortexM4).unwrap();
        let fitted = Cost::of(&trainer.fit(&data).unwrap().view(), Target::CortexM4);
        // What the metadata say of the training has another length.
        assert!(fitted.model < sketched.model + 64, "{dimension}: {sketched:?} {fitted:?}");
        fitted.model
    });
    // In many dimensions entries need 16 bits, for these classes too.
    assert!(sizes[3] > sizes[0] + 64, "{sizes:?}");
}
