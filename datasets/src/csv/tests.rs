use hdc_train::Sample;

use super::*;
use crate::testing::file;

fn read(content: &str) -> Result<Dataset, DataError> {
    read_with(content, &Options::default())
}

fn read_with(content: &str, options: &Options) -> Result<Dataset, DataError> {
    let (_folder, path) = file("x.csv", content);
    read_csv(&path, options)
}

fn series(window: Option<usize>, hop: Option<usize>) -> Options {
    Options { window, hop, series: Some("take".into()), ..Options::default() }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn all_columns_are_read() {
    let data = read("a,label,group,b,split\n1,walk,s2,2,train\n3,rest,s1,4,TEST\n").unwrap();
    assert_eq!((data.name(), data.shape()), ("x", Shape { steps: 1, channels: 2 }));
    assert_eq!((data.classes(), data.labels()), (&names(&["rest", "walk"])[..], &[1, 0][..]));
    assert_eq!((data.groups(), data.group_of()), (&names(&["s1", "s2"])[..], &[1, 0][..]));
    assert_eq!(data.parts(), Some(&[Part::Train, Part::Test][..]));
    assert_eq!(data.sample(1), Sample::I16(&[3, 4]));
}

#[test]
fn group_and_split_may_be_absent_and_reals_make_reals() {
    let data = read("\u{feff}label,a\r\n 10 , 1.5 \r\n9,\"2\"\r\n").unwrap();
    assert_eq!((data.groups(), data.parts()), (&names(&["all"])[..], None));
    assert_eq!((data.classes(), data.labels()), (&names(&["9", "10"])[..], &[1, 0][..]));
    assert_eq!(data.values(), &Values::F32(vec![1.5, 2.0]));
}

#[test]
fn rows_of_a_series_are_cut_into_windows() {
    // take 1 twice with another label between: three recordings of 3, 2 and 2 steps, the window takes 2.
    let rows = ["1,a,1", "1,a,2", "1,a,3", "1,b,4", "1,b,5", "1,a,6", "1,a,7"].join("\n");
    let data = read_with(&format!("take,label,v\n{rows}\n"), &series(Some(2), Some(1))).unwrap();
    assert_eq!(data.shape(), Shape { steps: 2, channels: 1 });
    assert_eq!(data.labels(), [0, 0, 1, 0]);
    assert_eq!(data.sample(1), Sample::I16(&[2, 3]));
    assert_eq!(data.sample(3), Sample::I16(&[6, 7]));
}

#[test]
fn group_and_split_end_a_recording() {
    let rows = ["1,a,1,p,train", "1,a,2,p,test", "1,a,3,q,test", "1,a,4,q,test"].join("\n");
    let data = read_with(&format!("take,label,v,group,split\n{rows}\n"), &series(Some(1), Some(2))).unwrap();
    assert_eq!(data.values(), &Values::I16(vec![1, 2, 3]));
    assert_eq!(data.parts(), Some(&[Part::Train, Part::Test, Part::Test][..]));
    assert_eq!(data.group_of(), [0, 0, 1]);
}

#[test]
fn a_series_needs_window_and_hop() {
    for options in [series(None, None), series(Some(2), None), series(None, Some(2))] {
        let error = read_with("take,label,v\n1,a,1\n", &options).unwrap_err().to_string();
        assert!(error.contains("by column `take`: give both window and hop"), "{error}");
    }
    let window = Options { window: Some(2), ..Options::default() };
    assert!(read_with("label,v\na,1\n", &window).unwrap_err().to_string().contains("name the series column"));
    let short = read_with("take,label,v\n1,a,1\n", &series(Some(2), Some(1)));
    assert!(matches!(short, Err(DataError::Dataset(_))));
    let zero = read_with("take,label,v\n1,a,1\n", &series(Some(0), Some(1)));
    assert!(matches!(zero, Err(DataError::Dataset(_))));
}

#[test]
fn every_fault_is_named_with_its_place() {
    for (content, part) in [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("label,a\n", "has a header but no rows"),
        ("a,b\n1,2\n", "has no column `label`: its columns are a, b"),
        ("label,a,a\nx,1,2\n", "has two columns `a`"),
        ("label,,b\nx,1,2\n", "line 1: column 2 has no name"),
        ("label,split\nx,train\n", "has no feature columns"),
        ("label,a\nx,1\ny,x\n", "line 3, column `a`: `x` is not a number"),
        ("label,a\nx,1\n\ny,\n", "line 4, column `a`: `` is not a number"),
        ("\u{feff}label,a\r\nx,1\r\n\r\n\r\ny,?\r\n", "line 5, column `a`: `?` is not a number"),
        ("label,a\n\"x\ny\",1\nz,z\n", "line 4, column `a`: `z` is not a number"),
        ("label,a\nx,NaN\n", "line 2, column `a`: `NaN` is not a finite"),
        ("label,a\nx,inf\n", "line 2, column `a`: `inf` is not a finite"),
        ("label,a\nx,1,2\n", "line 2: 3 fields, but the header has 2"),
        ("label,a,b\nx,1\n", "line 2: 2 fields, but the header has 3"),
        ("label,a\n,1\n", "line 2, column `label`: the class is missing"),
        ("label,a,split\nx,1,dev\n", "line 2, column `split`: `dev` is neither train nor test"),
    ] {
        let error = read(content).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("x.csv"), "{content:?}: {error}");
    }
    let error = read_with("label,v\na,1\n", &series(Some(1), Some(1))).unwrap_err().to_string();
    assert!(error.contains("has no column `take`"), "{error}");
}

#[test]
fn bytes_that_are_not_text_are_an_error() {
    for (line, content) in [(1, &b"\xfflabel,a\nx,1\n"[..]), (4, b"label,a\nx,1\n\nx,\xff\n")] {
        let (_folder, path) = file("x.csv", content);
        let error = read_csv(&path, &Options::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line}: not UTF-8")), "{error}");
    }
}

#[test]
fn pieces_are_the_training_rows_of_the_whole() {
    let rows: String =
        (0..10).map(|row| format!("{row},{},{}\n", row % 3, if row == 4 { "test" } else { "train" })).collect();
    let (_folder, path) = file("x.csv", format!("v,label,split\n{rows}"));
    let pieces = CsvPieces::scan(&path).unwrap();
    assert_eq!((pieces.rows(), pieces.classes()), (9, &names(&["0", "1", "2"])[..]));
    let (mut values, mut labels, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    let gather = |piece: Dataset| {
        let Values::I16(numbers) = piece.values() else { panic!("counts") };
        values.extend_from_slice(numbers);
        labels.extend_from_slice(piece.labels());
        sizes.push(piece.len());
        Ok::<(), DataError>(())
    };
    pieces.each(4, gather).unwrap();
    assert_eq!((values, sizes), (vec![0, 1, 2, 3, 5, 6, 7, 8, 9], vec![4, 4, 1]));
    assert_eq!(labels, [0, 1, 2, 0, 2, 0, 1, 2, 0]);
    assert_eq!(pieces.sample(3).unwrap().values(), &Values::I16(vec![0, 3, 7]));
    assert_eq!(pieces.sample(1000).unwrap().columns(), ["v"]);
}

#[test]
fn pieces_of_a_file_that_changes_or_has_nothing_to_learn_are_refused() {
    let (_folder, path) = file("x.csv", "v,label\n1,a\n2,b\n");
    let pieces = CsvPieces::scan(&path).unwrap();
    for changed in ["v,label\n1,a\n2,c\n", "v,label\n1,a\n", "w,label\n1,a\n2,b\n", "v,label\n1,a\n0.5,b\n"] {
        std::fs::write(&path, changed).unwrap();
        let error = pieces.each(9, |_| Ok::<(), DataError>(())).unwrap_err();
        assert!(matches!(error, DataError::Changed { .. }), "{error}");
    }
    std::fs::write(&path, "v,label,split\n1,a,test\n").unwrap();
    assert!(CsvPieces::scan(&path).unwrap_err().to_string().contains("no training rows"));
    std::fs::write(&path, "v,label\n1,a\n\n\nx,b\n").unwrap();
    assert!(CsvPieces::scan(&path).unwrap_err().to_string().contains("line 5, column `v`"));
}

#[test]
fn a_side_is_read_without_the_other() {
    // The test row has another class, no number and too many fields.
    let text = "a,split,label\n1,train,x\nnonsense,test,new,more\n2,Train,y\n";
    let of = |text: &str, part| read_with(text, &Options { part: Some(part), ..Options::default() });
    let train = of(text, Part::Train).unwrap();
    assert_eq!((train.values(), train.classes()), (&Values::I16(vec![1, 2]), &names(&["x", "y"])[..]));
    assert_eq!(train.parts(), Some(&[Part::Train; 2][..]));
    assert!(of(text, Part::Test).unwrap_err().to_string().contains("line 3: 4 fields"));
    let good = text.replace("nonsense,test,new,more", "1.5,test,x");
    assert_eq!(of(&good, Part::Test).unwrap().values(), &Values::F32(vec![1.5]));
    let none = text.replace("nonsense,test,new,more\n", "");
    assert!(matches!(of(&none, Part::Test), Err(DataError::NoPart { missing: "test", .. })));
    // What is on neither side is on no side that could be left out.
    assert!(of(&text.replace("Train", "tain"), Part::Train).unwrap_err().to_string().contains("`tain` is neither"));
}
