//! Sequences of any length, of symbols or of numbers.

use std::time::Duration;

use hdc_train::{Dataset, Encoding, Map, Source, TrainError, Trainer, Values, cross_validate, k_fold, predict};

use crate::{names, projection, waves};

/// Texts over the letters `abc_` in which one of two words comes again and again.
fn texts(samples: usize) -> Dataset {
    let (mut values, mut lengths, mut noise) = (Vec::new(), Vec::new(), 99_u32);
    for sample in 0..samples {
        let start = values.len();
        for _ in 0..8 + sample % 5 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let word: [i16; 4] = if sample % 2 == 0 { [0, 1, 2, 3] } else { [0, 2, 1, 3] };
            values.extend(&word[..2 + (noise >> 31) as usize * 2]);
        }
        lengths.push(values.len() - start);
    }
    let labels = (0..samples).map(|sample| sample % 2).collect();
    Dataset::sequences("texts", 1, Values::I16(values), &lengths, names(&["abc", "acb"]), labels).unwrap()
}

#[test]
fn texts_of_any_length_are_told_apart_by_their_n_grams() {
    let data = texts(80);
    for encoding in
        [Encoding::symbols(4), Encoding::symbols(4).memories(Source::Regenerated), Encoding::record().ngram(2, 1)]
    {
        let trainer = Trainer::new().dimension(512).encoding(encoding);
        let folds = cross_validate(&trainer, &data, &k_fold(&data, 4, 1).unwrap(), &|_| {}).unwrap();
        assert!(folds.iter().all(|fold| fold.accuracy() > 0.95), "{trainer}: {folds:?}");
    }
    let choice = Trainer::new().dimension(256).auto(&data, Duration::from_mins(10), &|_| {}).unwrap();
    assert!(choice.best.accuracy().mean > 0.95 && choice.best.trainer.fit(&data).is_ok());
}

#[test]
fn sequences_that_an_encoder_cannot_take_are_refused() {
    let data = texts(20);
    let error = |encoding: Encoding| Trainer::new().dimension(64).encoding(encoding).fit(&data).unwrap_err();
    assert_eq!(error(Encoding::record().whole()), TrainError::Sequences);
    assert_eq!(error(projection(Map::Whitened, false)), TrainError::Sequences);
    assert!(matches!(error(Encoding::symbols(4).ngram(99, 1)), TrainError::Window { .. }));
    // Letter 3 is none of the symbols, and two channels are no text.
    assert!(error(Encoding::symbols(3)).to_string().contains("knows the symbols 0 to 2"));
    let error = Trainer::new().encoding(Encoding::symbols(4)).fit(&waves(20)).unwrap_err();
    assert_eq!(error, TrainError::Symbols);
    let model = Trainer::new().dimension(64).encoding(Encoding::symbols(4)).fit(&data).unwrap();
    let long = Dataset::sequences("x", 1, Values::I16(vec![0; 900]), &[900], names(&["abc"]), vec![0]).unwrap();
    let error = predict(&model.view(), &long).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("cut it"), "{error}");
}
