//! Sequences of any length, of symbols or of numbers.

use std::time::Duration;

use hdc_train::{
    Dataset, Encoding, Evaluation, LeHdc, Learn, Map, Source, TrainError, Trainer, Values, cross_validate, k_fold,
    predict,
};

use crate::{names, projection, waves};

/// Texts over the letters `abc_` in which one of two words comes again and again.
pub(crate) fn texts(samples: usize) -> Dataset {
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
    for encoding in [
        Encoding::symbols(4),
        Encoding::symbols(4).memories(Source::Regenerated),
        Encoding::learned_symbols(4, Learn { epochs: 2, ..Learn::symbols() }),
        Encoding::record().ngram(2, 1),
    ] {
        let trainer = Trainer::new().dimension(512).encoding(encoding);
        let folds = cross_validate(&trainer, &data, &k_fold(&data, 4, 1).unwrap(), &|_| {}).unwrap();
        assert!(folds.iter().all(|fold| fold.accuracy() > 0.95), "{trainer}: {folds:?}");
    }
    let choice = Trainer::new().dimension(256).auto(&data, Duration::from_mins(10), &|_| {}).unwrap();
    assert!(choice.best.accuracy().mean > 0.95 && choice.best.trainer.fit(&data).is_ok());
}

/// Texts of 6 letters, whose four classes prefer other letters after a letter, a little.
fn dialects(samples: usize) -> Dataset {
    let (mut values, mut noise) = (Vec::new(), 5_u32);
    for sample in 0..samples {
        let (mut letter, class) = (0, i16::try_from(sample % 4).unwrap());
        for _ in 0..40 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let any = i16::try_from(noise >> 16 & 0xff).unwrap() % 6;
            letter = if noise >> 24 < 50 { (letter + 1 + class) % 6 } else { any };
            values.push(letter);
        }
    }
    let labels = (0..samples).map(|sample| sample % 4).collect();
    Dataset::sequences("dialects", 1, Values::I16(values), &vec![40; samples], names(&["a", "b", "c", "d"]), labels)
        .unwrap()
}

#[test]
fn learned_symbols_do_with_fewer_dimensions() {
    let data = dialects(600);
    let accuracy = |encoding: Encoding| {
        let trainer = Trainer::new().dimension(32).encoding(encoding.ngram(2, 1)).method(LeHdc::default());
        let folds = cross_validate(&trainer, &data, &k_fold(&data, 3, 1).unwrap(), &|_| {}).unwrap();
        folds.iter().map(Evaluation::accuracy).sum::<f64>() / 3.0
    };
    let (random, learned) = (Encoding::symbols(6), Encoding::learned_symbols(6, Learn::symbols()));
    let (random, learned) = (accuracy(random), accuracy(learned));
    assert!(learned > random + 0.05 && learned > 0.8, "{random} and {learned}");
    let choice = Trainer::new().dimension(32).auto(&data, Duration::from_mins(10), &|_| {}).unwrap();
    assert!(choice.best.accuracy().mean > random + 0.05, "{:?}", choice.best);
}

#[test]
fn symbols_learned_by_any_number_of_threads_are_the_same() {
    let data = dialects(90);
    let encoding = Encoding::learned_symbols(6, Learn { epochs: 3, noise: 0.1, ..Learn::symbols() }).ngram(3, 2);
    let trainer = Trainer::new().dimension(160).encoding(encoding);
    let train = || trainer.fit(&data).unwrap().as_bytes().to_vec();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(train);
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(train);
    assert!(one == three);
}

#[test]
fn sequences_that_an_encoder_cannot_take_are_refused() {
    let data = texts(20);
    let error = |encoding: Encoding| Trainer::new().dimension(64).encoding(encoding).fit(&data).unwrap_err();
    assert_eq!(error(Encoding::record().whole()), TrainError::Sequences);
    assert_eq!(error(projection(Map::Whitened, false)), TrainError::Sequences);
    assert!(matches!(error(Encoding::symbols(4).ngram(99, 1)), TrainError::Window { .. }));
    // Letter 3 is none of the symbols, and two channels are no text.
    for encoding in [Encoding::symbols(3), Encoding::learned_symbols(3, Learn::symbols())] {
        assert!(error(encoding).to_string().contains("knows the symbols 0 to 2"));
    }
    let error = Trainer::new().encoding(Encoding::symbols(4)).fit(&waves(20)).unwrap_err();
    assert_eq!(error, TrainError::Symbols);
    let model = Trainer::new().dimension(64).encoding(Encoding::symbols(4)).fit(&data).unwrap();
    let long = Dataset::sequences("x", 1, Values::I16(vec![0; 900]), &[900], names(&["abc"]), vec![0]).unwrap();
    let error = predict(&model.view(), &long).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("cut it"), "{error}");
}
