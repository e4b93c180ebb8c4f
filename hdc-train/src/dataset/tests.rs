use super::*;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn a_value_that_is_not_finite_is_located() {
    let shape = Shape { steps: 2, channels: 2 };
    let values = Values::F32(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0, f32::INFINITY, 7.0]);
    let error = Dataset::new("x", shape, values, names(&["a"]), vec![0, 0]).unwrap_err();
    assert_eq!(error, DatasetError::NotFinite { sample: 1, step: 1, channel: 0, value: f32::INFINITY });
}

#[test]
fn lengths_and_indices_are_checked() {
    let shape = Shape { steps: 1, channels: 2 };
    let make = |values: Vec<i16>, labels| Dataset::new("x", shape, Values::I16(values), names(&["a", "b"]), labels);
    assert!(matches!(make(vec![], vec![]), Err(DatasetError::Empty { .. })));
    assert!(matches!(make(vec![1, 2, 3], vec![0, 1]), Err(DatasetError::Ragged { expected: 4, got: 3, .. })));
    assert!(matches!(make(vec![1, 2], vec![2]), Err(DatasetError::OutOfRange { got: 2, expected: 2, .. })));
    let data = make(vec![1, 2, 3, 4], vec![0, 1]).unwrap();
    assert!(data.clone().with_groups(names(&["g"]), vec![0]).is_err());
    assert!(data.clone().with_parts(vec![Part::Train]).is_err());
    let last = data.subset(&[1]).unwrap();
    assert_eq!((last.sample(0), last.labels()), (Sample::I16(&[3, 4]), &[1][..]));
    assert!(data.subset(&[]).is_err());
    for some in [&[0, 1][..], &[1], &[1, 0]] {
        assert_eq!(data.clone().into_subset(some), data.subset(some));
    }
    assert!(data.into_subset(&[]).is_err());
}

#[test]
fn sequences_keep_their_lengths() {
    let make = |steps: &[usize], labels| {
        let values = Values::I16((0..12).collect());
        Dataset::sequences("x", 2, values, steps, names(&["a", "b"]), labels)
    };
    let data = make(&[1, 3, 2], vec![0, 1, 1]).unwrap();
    assert_eq!((data.len(), data.shape(), data.least_steps()), (3, Shape { steps: 3, channels: 2 }, 1));
    assert_eq!(data.sample(1), Sample::I16(&[2, 3, 4, 5, 6, 7]));
    let some = data.subset(&[2, 0]).unwrap();
    assert_eq!((some.sample(0), some.sample(1)), (Sample::I16(&[8, 9, 10, 11]), Sample::I16(&[0, 1])));
    assert!(some.is_sequences() && some.steps(0) == 2);
    assert!(matches!(make(&[1, 5], vec![0, 2]), Err(DatasetError::OutOfRange { got: 2, .. })));
    assert!(matches!(make(&[6, 0], vec![0, 1]), Err(DatasetError::NoSteps { sample: 1 })));
    assert!(matches!(make(&[1, 3], vec![0, 1]), Err(DatasetError::Ragged { expected: 8, got: 12, .. })));
    assert!(matches!(make(&[6], vec![0, 1]), Err(DatasetError::Length { .. })));
}
