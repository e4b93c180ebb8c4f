//! Training in pieces.

use hdc_train::{Centroid, Dataset, Learner, Shape, TrainError, Values, predict};

use crate::{loud_waves, names, train_accuracy, trainer, waves};

#[test]
fn learning_in_pieces_and_in_shards_is_learning_the_whole() {
    let data = waves(60);
    let part = |from, to| data.subset(&(from..to).collect::<Vec<_>>()).unwrap();
    let fresh = trainer().learner(&data).unwrap();
    let learn = |parts: &[(usize, usize)]| {
        let mut learner = fresh.clone();
        parts.iter().for_each(|&(from, to)| learner.partial_fit(&part(from, to)).unwrap());
        learner
    };
    let whole = learn(&[(0, 60)]);
    let bytes = |learner: &Learner| learner.model().unwrap().as_bytes().to_vec();
    assert_eq!(bytes(&learn(&[(0, 7), (7, 8), (8, 60)])), bytes(&whole));
    assert_eq!(bytes(&learn(&[(30, 60), (0, 30)])), bytes(&whole));
    let mut shard = learn(&[(0, 20)]);
    shard.merge(&learn(&[(20, 60)])).unwrap();
    assert_eq!(bytes(&shard), bytes(&whole));
    // The class hypervectors are those of the trainer.
    let centroids = trainer().method(Centroid).fit(&data).unwrap();
    let model = whole.model().unwrap();
    assert_eq!(predict(&model.view(), &data).unwrap(), predict(&centroids.view(), &data).unwrap());
    assert!(train_accuracy(&model).is_nan());
}

#[test]
fn passes_over_pieces_correct_mistakes() {
    let data = loud_waves(300);
    let mut learner = trainer().dimension(32).seed(3).learner(&data).unwrap();
    learner.partial_fit(&data).unwrap();
    let right = |learner: &Learner| {
        let found = predict(&learner.model().unwrap().view(), &data).unwrap();
        found.iter().zip(data.labels()).filter(|(found, label)| found.class == **label).count()
    };
    let before = right(&learner);
    let moved: Vec<usize> = (0..5).map(|_| learner.retrain(&data).unwrap()).collect();
    assert!(right(&learner) > before && moved[0] > 0, "{before} {} {moved:?}", right(&learner));
}

#[test]
fn pieces_of_another_kind_and_foreign_shards_are_refused() {
    let data = waves(20);
    let mut learner = trainer().learner(&data).unwrap();
    assert!(matches!(learner.model(), Err(TrainError::EmptyClass { .. })));
    let named = data.clone().with_columns(names(&["x", "y"])).unwrap();
    assert!(matches!(learner.partial_fit(&named), Err(TrainError::Piece { .. })));
    let float =
        Dataset::new("f", data.shape(), Values::F32(vec![0.0; 48]), names(&["left", "right"]), vec![0]).unwrap();
    assert!(matches!(learner.partial_fit(&float), Err(TrainError::Piece { .. })));
    let longer = Shape { steps: 25, channels: 2 };
    let longer = Dataset::new("l", longer, Values::I16(vec![0; 50]), names(&["left", "right"]), vec![0]).unwrap();
    assert!(matches!(learner.partial_fit(&longer), Err(TrainError::Encode(_))));
    assert_eq!(learner.merge(&trainer().learner(&waves(40)).unwrap()), Err(TrainError::Shard));
    assert_eq!(learner.merge(&trainer().seed(2).learner(&data).unwrap()), Err(TrainError::Shard));
}
