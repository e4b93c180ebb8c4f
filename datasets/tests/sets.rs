//! The counts of every set, as its source states them.

use hdc_datasets::{DataError, Options, Windowing, counts, info, list, load, load_recordings, verify};
use hdc_train::{Dataset, Part, Recording, Sample, Shape, Values};

/// The set, or nothing where `HDC_DATASETS` is not set.
fn set(spec: &str) -> Option<Dataset> {
    if std::env::var_os("HDC_DATASETS").is_none() {
        eprintln!("skipped: set HDC_DATASETS");
        return None;
    }
    Some(load(spec, &Options::default()).unwrap())
}

/// What must hold of every set that is loaded.
fn check(data: &Dataset) {
    let info = info(data.name().split(':').next().unwrap()).unwrap();
    assert_eq!(data.classes(), info.classes);
    assert!(counts(data).classes.iter().all(|&count| count > 0));
    assert!(counts(data).groups.iter().all(|&count| count > 0));
    assert_eq!(info.group == "all", data.groups() == ["all"]);
}
#[test]
fn spar_is_cut_into_windows() {
    let data = load("spar", &Options::default()).unwrap();
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 200, channels: 6 });
    // 1 + (steps - 200) / 100 summed over the lengths in the .npy.
    assert_eq!(counts(&data).samples, 2_229);
    assert_eq!(counts(&data).groups, [270, 259, 143, 136, 235, 228, 251, 229, 230, 248]);
    assert_eq!(data.parts(), None);
    let left = load("spar:side=left", &Options::default()).unwrap();
    check(&left);
    assert_eq!((left.name(), left.len()), ("spar:side=left", 1_164));
    // A shorter window moves by half of itself.
    let short = Options { window: Some(50), ..Options::default() };
    let same = Options { window: Some(50), hop: Some(25), ..Options::default() };
    assert_eq!(load("spar", &short).unwrap(), load("spar", &same).unwrap());
    let long = Options { window: Some(10_000), ..Options::default() };
    assert!(matches!(load("spar", &long), Err(DataError::Dataset(_))));
}

#[test]
fn basicmotions_is_what_the_archive_describes() {
    let Some(data) = set("basicmotions") else { return };
    check(&data);
    assert_eq!((data.shape(), data.classes().len()), (Shape { steps: 100, channels: 6 }, 4));
    assert_eq!(counts(&data).parts, Some((40, 40)));
    // Four students did four activities five times: 20 of each.
    assert_eq!(counts(&data).classes, [20; 4]);
    // The first line of the train file begins with these, and they are channel 0.
    let Sample::F32(values) = data.sample(0) else { panic!("reals") };
    assert_eq!(
        [values[0], values[6], values[12]].map(f32::to_bits),
        [0.079_106_f32, 0.079_106, -0.903_497].map(f32::to_bits)
    );
}

#[test]
fn racketsports_is_what_the_archive_describes() {
    let Some(data) = set("racketsports") else { return };
    check(&data);
    assert_eq!((data.shape(), data.classes().len()), (Shape { steps: 30, channels: 6 }, 4));
    assert_eq!(counts(&data).parts, Some((151, 152)));
}

#[test]
fn hdc_emg_has_the_windows_of_hdcc() {
    let Some(data) = set("hdc-emg") else { return };
    check(&data);
    assert_eq!((data.shape(), data.classes().len()), (Shape { steps: 256, channels: 4 }, 5));
    assert_eq!(data.groups(), ["1", "2", "3", "4", "5"]);
    for (subject, (train, test)) in [(368, 158), (345, 148), (338, 145), (333, 143), (235, 101)].into_iter().enumerate()
    {
        let one = load(&format!("hdc-emg:subject={}", subject + 1), &Options::default()).unwrap();
        check(&one);
        assert_eq!(counts(&one).parts, Some((train, test)));
        assert_eq!(counts(&data).groups[subject], train + test);
        let Values::I16(values) = one.values() else { panic!("counts") };
        assert!(values.iter().all(|value| (0..=20).contains(value)));
    }
}

#[test]
fn uci_emg_has_two_series_of_six_gestures_twice() {
    let Some(data) = set("uci-emg") else { return };
    check(&data);
    // The source has 36 subjects; the project's copy has these.
    let copy = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "12", "14"];
    assert!(data.groups().len() == 36 || data.groups() == copy, "{:?}", data.groups());
    assert_eq!(data.shape(), Shape { steps: 200, channels: 8 });
    for spec in ["uci-emg", "uci-emg-distinct"] {
        let all = load_recordings(spec).unwrap();
        for (group, subject) in all.groups.iter().enumerate().filter(|(_, name)| copy.contains(&name.as_str())) {
            for part in [Part::Train, Part::Test] {
                let mut classes: Vec<usize> = Vec::new();
                for recording in all.list.iter().filter(|one| one.group == group && one.part == Some(part)) {
                    let Values::I16(values) = &recording.values else { panic!("counts") };
                    assert!(values.iter().all(|value| (-128..=127).contains(value)), "8-bit converter");
                    classes.push(recording.class);
                }
                // Subject 02 has its second series only.
                let times = usize::from(!(subject == "02" && part == Part::Train)) * 2;
                let expected = (0..times).flat_map(|_| 0..6).collect::<Vec<usize>>();
                assert_eq!(classes, expected, "{subject}, {part:?}");
            }
        }
    }
    if data.groups() == copy {
        assert_eq!(data.len(), 4_283);
        assert_eq!(load("uci-emg-distinct", &Options::default()).unwrap().len(), 4_597);
    }
    let one = load("uci-emg:subject=3", &Options::default()).unwrap();
    assert_eq!(one.groups(), ["03"]);
    assert_eq!(one.values(), load("uci-emg:subject=03", &Options::default()).unwrap().values());
    assert!(load("uci-emg:subject=37", &Options::default()).is_err());
}

#[test]
fn mnist_is_what_its_page_describes() {
    let Some(data) = set("mnist") else { return };
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 1, channels: 784 });
    assert_eq!(counts(&data).parts, Some((60_000, 10_000)));
    assert_eq!(data.labels()[..5], [5, 0, 4, 1, 9]);
    assert_eq!(data.labels()[60_000..60_005], [7, 2, 1, 0, 4]);
    let of_digit = |part: Part| {
        let parts = data.parts().unwrap();
        let of = |class| data.labels().iter().zip(parts).filter(|&pair| pair == (&class, &part)).count();
        (0..10).map(of).collect::<Vec<_>>()
    };
    assert_eq!(of_digit(Part::Train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert_eq!(of_digit(Part::Test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    let Values::I16(values) = data.values() else { panic!("counts") };
    assert!(values.iter().all(|value| (0..=255).contains(value)) && values.contains(&255));
}

#[test]
fn isolet_is_one_part_and_the_official_test() {
    let Some(data) = set("isolet") else { return };
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 1, channels: 617 });
    assert_eq!(counts(&data).parts, Some((1_560, 1_559)));
    // 30 speakers twice, in each part, and one M of ISOLET5 is missing.
    let expected: Vec<usize> = (0..26).map(|letter| 120 - usize::from(letter == 12)).collect();
    assert_eq!(counts(&data).classes, expected);
    // Read from the files by hand.
    let first = |index: usize| {
        let Sample::F32(values) = data.sample(index) else { panic!("reals") };
        [values[0], values[1], values[2]].map(f32::to_bits)
    };
    assert_eq!(first(0), [-0.4394_f32, -0.093, 0.1718].map(f32::to_bits));
    assert_eq!(first(1_560), [-0.208_f32, 0.348, 0.328].map(f32::to_bits));
}

#[test]
fn wisdm_has_the_rows_of_36_users() {
    let Some(data) = set("wisdm") else { return };
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 1, channels: 43 });
    assert_eq!(counts(&data).parts, Some((3_587, 1_831)));
    // One row of each class less than its about.txt says.
    assert_eq!(counts(&data).classes, [2_081, 1_625, 632, 528, 306, 246]);
    assert_eq!(data.groups().len(), 36);
    assert_eq!([&data.columns()[0], &data.columns()[33], &data.columns()[42]], ["X0", "XPEAK", "RESULTANT"]);
    let parts = data.parts().unwrap();
    assert!(data.group_of().iter().zip(parts).all(|(&user, &part)| (user < 24) == (part == Part::Train)));
    // Row 10 lacks XPEAK and ZPEAK, and has 125 as YPEAK.
    let Sample::F32(values) = data.sample(9) else { panic!("reals") };
    assert!(values[33] > 0.0 && values[35] > 0.0 && values[34].to_bits() == 125.0_f32.to_bits());
}

#[test]
fn european_languages_has_a_thousand_tests_a_language() {
    let Some(data) = set("european-languages") else { return };
    check(&data);
    assert!(data.is_sequences());
    assert_eq!(data.shape(), Shape { steps: 1_138, channels: 1 });
    // The lines of the training files, without those that are too short.
    assert_eq!(counts(&data).parts, Some((210_030, 21_000)));
    let extra = counts(&data).classes.iter().map(|count| count + 1 - 11_000).collect::<Vec<_>>();
    assert_eq!(extra, [1, 1, 12, 4, 0, 3, 1, 1, 6, 1, 4, 1, 1, 2, 1, 0, 1, 3, 4, 1, 3]);
    let mut tests = [0; 21];
    for (&label, _) in data.labels().iter().zip(data.parts().unwrap()).filter(|(_, part)| **part == Part::Test) {
        tests[label] += 1;
    }
    assert_eq!(tests, [1_000; 21]);
    let Values::I16(values) = data.values() else { panic!("symbols") };
    assert!(values.iter().all(|value| (0..=26).contains(value)));
    // " iskakh": the first line of bul.txt begins with it.
    let Sample::I16(first) = data.sample(0) else { panic!("symbols") };
    assert_eq!(first[..7], [0, 9, 19, 11, 1, 11, 8]);
    assert!(data.least_steps() >= 4);
}

#[test]
fn hdc_emg_time_has_the_rows_of_the_paper() {
    let Some(data) = set("hdc-emg-time") else { return };
    check(&data);
    assert_eq!((data.shape(), data.groups()), (Shape { steps: 1, channels: 4 }, &["1".into(), "5".into()][..]));
    // Rows of each label in the dataset.mat of the paper.
    let five = load("hdc-emg-time:subject=5", &Options::default()).unwrap();
    let rows = [62_473, 6_847, 9_024, 9_909, 9_877];
    assert_eq!(counts(&five).classes, rows);
    let train: usize = rows.iter().map(|rows| rows / 4).sum();
    assert_eq!(counts(&five).parts, Some((train, rows.iter().sum::<usize>() - train)));
    // A tenth of the rows of subject 1 is here.
    let one = load("hdc-emg-time:subject=1", &Options::default()).unwrap();
    for (here, rows) in counts(&one).classes.into_iter().zip([91_018, 13_897, 13_940, 15_878, 14_098]) {
        assert!((here * 10).abs_diff(rows) < 20, "{here}, {rows}");
    }
    assert_eq!(counts(&one).parts, Some((3_719, 11_164)));
    assert!(load("hdc-emg-time:subject=2", &Options::default()).is_err());
}

#[test]
fn myodisco_has_20_repetitions_a_day_and_5_a_position() {
    let Some(data) = set("libemg-myodisco") else { return };
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 392, channels: 8 });
    let subjects = data.groups().len();
    assert!(subjects == 14 || data.groups() == ["1", "2", "3", "4", "5", "6", "7"], "{:?}", data.groups());
    for (spec, (train, test)) in [
        ("libemg-myodisco", (20, 20)),
        ("libemg-myodisco:day=1", (10, 10)),
        ("libemg-myodisco:day=2", (10, 10)),
        ("libemg-myodisco:position=1", (5, 15)),
        ("libemg-myodisco:position=all", (12, 8)),
    ] {
        let data = load(spec, &Options::default()).unwrap();
        check(&data);
        assert_eq!(counts(&data).parts, Some((train * 10 * subjects, test * 10 * subjects)), "{spec}");
        assert_eq!(counts(&data).classes, [(train + test) * subjects; 10]);
        assert_eq!(counts(&data).groups, vec![(train + test) * 10; subjects]);
    }
    let one = load("libemg-myodisco:subject=3,position=4", &Options::default()).unwrap();
    assert_eq!((one.groups(), one.len()), (&["3".to_string()][..], 200));
}

#[test]
fn lis_alphabet_is_what_its_readme_describes() {
    let Some(data) = set("lis-alphabet") else { return };
    check(&data);
    // "780 gesture samples (30 for each letter of the alphabet)", "dimensions: 400 x 8", "array, length: 400".
    assert_eq!((data.len(), data.shape()), (780, Shape { steps: 400, channels: 14 }));
    assert_eq!(counts(&data).classes, [30; 26]);
    assert_eq!(counts(&data).parts, Some((520, 260)));
    let emg = load("lis-alphabet:sensors=emg", &Options::default()).unwrap();
    assert_eq!(emg.shape(), Shape { steps: 400, channels: 8 });
    let imu = load("lis-alphabet:sensors=imu", &Options::default()).unwrap();
    assert_eq!(imu.columns(), ["wx", "wy", "wz", "ax", "ay", "az"]);
    let (Sample::I16(emg), Sample::I16(imu), Sample::I16(all)) = (emg.sample(3), imu.sample(3), data.sample(3)) else {
        panic!("counts")
    };
    assert!(all.chunks(14).zip(emg.chunks(8).zip(imu.chunks(6))).all(|(all, (emg, imu))| all == [emg, imu].concat()));
}

#[test]
fn ctg_is_what_its_page_describes() {
    let Some(data) = set("ctg") else { return };
    check(&data);
    // UCI: 2,126 instances, 21 features; NSP: normal 1,655, suspect 295, pathologic 176.
    assert_eq!((data.len(), data.shape(), data.parts()), (2_126, Shape { steps: 1, channels: 21 }, None));
    assert_eq!(counts(&data).classes, [1_655, 295, 176]);
    // The first row of the sheet.
    let Sample::F32(first) = data.sample(0) else { panic!("reals") };
    assert_eq!(first[..2].iter().map(|value| value.to_bits()).collect::<Vec<_>>(), [120.0_f32, 0.0].map(f32::to_bits));
}

#[test]
fn magic_wand_has_the_recordings_of_its_logs() {
    let Some(data) = set("magic-wand") else { return };
    check(&data);
    assert_eq!((data.shape(), data.parts()), (Shape { steps: 40, channels: 3 }, None));
    let all = load_recordings("magic-wand").unwrap();
    assert_eq!(all.groups, ["dengyl", "hyw", "jiangyh", "unnamed"]);
    // Lines `-,-,-` in the files, by class and person.
    let of = |class, group| all.list.iter().filter(|one| (one.class, one.group) == (class, group)).count();
    let counts: Vec<[usize; 4]> = (0..4).map(|class| [0, 1, 2, 3].map(|group| of(class, group))).collect();
    assert_eq!(counts, [[20, 40, 21, 0], [21, 40, 22, 0], [22, 40, 27, 0], [0, 0, 13, 50]]);
    // Most recordings begin at rest, with one g: whatever the unit of their file, it is about 1000 here.
    for class in 0..4 {
        let first = |one: &Recording| match &one.values {
            Values::I16(values) => values[..3].iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt(),
            Values::F32(_) => panic!("counts"),
        };
        let mut first: Vec<f64> = all.list.iter().filter(|one| one.class == class).map(first).collect();
        first.sort_by(f64::total_cmp);
        assert!((900.0..1_100.0).contains(&first[first.len() / 2]), "{class}: {first:?}");
    }
}

#[test]
fn emg_rps_has_the_rows_of_its_files() {
    let Some(data) = set("emg-rps") else { return };
    check(&data);
    assert_eq!(data.shape(), Shape { steps: 8, channels: 8 });
    let rows = [2_896, 2_892, 2_929, 2_907];
    assert_eq!(counts(&data).classes, rows);
    let train = rows.iter().map(|rows| rows * 4 / 5).sum();
    assert_eq!(counts(&data).parts, Some((train, rows.iter().sum::<usize>() - train)));
}

#[test]
fn flexemg_has_five_gestures_a_trial() {
    let Some(data) = set("flexemg:subject=2") else { return };
    check(&data);
    assert_eq!((data.shape(), data.groups()), (Shape { steps: 200, channels: 64 }, &["2".into()][..]));
    let all = load_recordings("flexemg:subject=2").unwrap();
    // The source has 10 trials of each side, the project's copy 3.
    let trials = all.list.len() / 10;
    assert!(trials == 3 || trials == 10, "{trials}");
    for part in [Part::Train, Part::Test] {
        for class in 0..5 {
            let of = all.list.iter().filter(|one| (one.class, one.part) == (class, Some(part)));
            assert_eq!(of.clone().count(), trials);
            // 5 s at 1 kHz less a second at both ends.
            assert!(of.into_iter().all(|one| one.values.len() == 3_000 * 64));
        }
    }
    assert_eq!(counts(&data).parts, Some((29 * 5 * trials, 29 * 5 * trials)));
}

#[test]
fn the_files_are_the_published_ones() {
    if set("basicmotions").is_some() {
        for info in list() {
            assert_eq!(verify(info.name).unwrap(), info.files.len());
        }
    }
}

#[test]
fn the_list_says_how_sets_are_cut() {
    let cut = |window, hop| Windowing::Cut { window, hop };
    for (name, expected) in [
        ("spar", cut(200, 100)),
        ("uci-emg", cut(200, 100)),
        ("hdc-emg", Windowing::Fixed),
        ("basicmotions", Windowing::Fixed),
    ] {
        assert_eq!(info(name).unwrap().windowing(), expected);
    }
    assert!(info("spar").unwrap().shipped());
}

#[test]
fn a_side_is_what_the_whole_has_on_it() {
    for info in list() {
        let Some(data) = set(info.name) else { return };
        let Some(parts) = data.parts() else { continue };
        for part in [Part::Train, Part::Test] {
            let chosen: Vec<usize> = (0..data.len()).filter(|&index| parts[index] == part).collect();
            let options = Options { part: Some(part), ..Options::default() };
            let (side, same) = (load(info.name, &options).unwrap(), data.subset(&chosen).unwrap());
            // The longest text of the whole may be on the other side.
            let longest = side.shape().steps <= same.shape().steps && side.is_sequences();
            assert!(side == same || longest, "{}, {part:?}", info.name);
            assert!(side.values() == same.values() && side.labels() == same.labels(), "{}, {part:?}", info.name);
        }
    }
}
