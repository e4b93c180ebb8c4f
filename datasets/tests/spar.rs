//! The set that is shipped: seven exercises of ten people, as seglearn describes them.

use hdc_datasets::{DataError, load_recordings};
use hdc_train::Values;
use sha2::{Digest, Sha256};

#[test]
fn spar_is_what_seglearn_describes() {
    // seglearn.datasets.load_watch: "list, length 140", "each element with shape [n_samples, 6]", "sampled at 50 Hz",
    // "1 = right, 0 = left", "y_labels: length 7". 140 is 10 subjects x 7 exercises x both sides.
    let all = load_recordings("spar").unwrap();
    assert_eq!((all.list.len(), all.channels, all.classes.len(), all.groups.len()), (140, 6, 7, 10));
    let (left, right) = (load_recordings("spar:side=left").unwrap(), load_recordings("spar:side=right").unwrap());
    for side in [&left, &right] {
        let mut seen: Vec<_> = side.list.iter().map(|recording| (recording.group, recording.class)).collect();
        seen.sort_unstable();
        let every: Vec<_> = (0..10).flat_map(|subject| (0..7).map(move |class| (subject, class))).collect();
        assert_eq!(seen, every, "every subject did every exercise once on every side");
    }
    assert!(matches!(load_recordings("spar:side=up"), Err(DataError::Parameter { .. })));
}

#[test]
fn spar_is_the_converted_file_to_the_byte() {
    let all = load_recordings("spar").unwrap();
    let mut hash = Sha256::new();
    let mut steps = 0;
    for recording in &all.list {
        let Values::I16(values) = &recording.values else { panic!("counts") };
        steps += values.len() / 6;
        for value in values {
            hash.update(value.to_le_bytes());
        }
    }
    assert_eq!(steps, 244_102);
    // As data/convert_spar.py prints it.
    let digest = "40397ba5e24b757f4644dab84c7c183f5f1b696c8e245657ea09ba632da66d16";
    let pair = |at: usize| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).unwrap();
    assert_eq!(hash.finalize().as_slice(), std::array::from_fn::<u8, 32, _>(pair));
}

#[test]
fn spar_holds_the_values_of_the_original() {
    // Read from watch_dataset.npy by hand: recording, step, exercise, subject, g and rad/s.
    let known = [
        (0, 0, 0, 7, [-1.083_608, -0.018_609, -0.027_26, 0.411_41, -1.603_097, -2.488_642]),
        (70, 1000, 1, 1, [-0.273_066, 0.423_922, -0.515_094, -0.224_75, -3.861_372, -3.842_426]),
        (139, 2118, 2, 5, [0.929_416, 0.213_255, -0.492_486, -1.512_823, 0.039_039, 0.010_882]),
    ];
    let all = load_recordings("spar").unwrap();
    for (index, step, class, subject, expected) in known {
        let recording = &all.list[index];
        assert_eq!((recording.class, all.groups[recording.group].as_str()), (class, subject.to_string().as_str()));
        let Values::I16(values) = &recording.values else { panic!("counts") };
        for (channel, expected) in expected.into_iter().enumerate() {
            let scale = if channel < 3 { 4096.0 } else { 1024.0 };
            let got = f64::from(values[step * 6 + channel]) / scale;
            assert!((got - expected).abs() <= 0.5 / scale, "{index}, {channel}: {got}, expected {expected}");
        }
    }
    let steps = |index: usize| all.list[index].values.len() / 6;
    assert_eq!((steps(0), steps(70), steps(139)), (1333, 2242, 2119));
}
