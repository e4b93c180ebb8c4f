use std::fs;

use hdc_train::{Cost, ModelBuf, Target};

use crate::command::{Folder, good_csv};

/// A search of a fraction of a second.
const QUICK: [&str; 10] =
    ["--flash", "8KiB", "--ram", "1KiB", "--instructions", "50k", "--minutes", "0.02", "--out", "found"];

fn search<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["search"], more, &QUICK].concat()
}

#[test]
fn the_folder_has_the_choice_the_front_and_a_page_and_all_fits() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    let text = folder.ok(&search(&["good.csv"]));
    assert!(text.contains("20 rows, read once, after the choice") && text.contains("found/report.html"), "{text}");
    let csv = String::from_utf8(folder.read("found/front.csv")).unwrap();
    let models = fs::read_dir(folder.path("found/front")).unwrap().count();
    assert!(models > 0 && csv.lines().count() == models + 1, "{csv}");
    let paths = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).chain(["best.hdc"]);
    for path in paths {
        let model = ModelBuf::open(folder.path("found").join(path)).unwrap();
        let cost = Cost::of(&model.view(), Target::CortexM4);
        assert!(cost.model <= 8 * 1024 && cost.working <= 1024 && cost.instructions <= 50_000, "{path}: {cost:?}");
    }
    // What the page says about the test rows is what `eval` measures on them.
    let accuracy = folder.json(&["eval", "found/best.hdc", "good.csv"])["accuracy"].as_f64().unwrap();
    let page = String::from_utf8(folder.read("found/report.html")).unwrap();
    assert!(page.contains(&format!("{accuracy:.3} (20 rows")), "{accuracy}");
    assert_eq!(page.matches("<svg").count(), 6);
    for part in ["trials.jsonl", "seed 1", "best so far", "<td>low</td>", "class=\"best\"", "8,192 bytes"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script") && !page.contains("<link") && !page.contains("src="));
}

#[test]
fn the_same_command_goes_on_and_another_is_refused() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    folder.ok(&search(&["good.csv"]));
    let (journal, best) = (folder.read("found/trials.jsonl"), folder.read("found/best.hdc"));
    folder.ok(&search(&["good.csv"]));
    // The time is over, so that nothing is tried again.
    assert!(folder.read("found/trials.jsonl") == journal && folder.read("found/best.hdc") == best);
    folder.fails(&search(&["good.csv", "--seed", "2"]), &["seed 1, not 2", "choose another folder"]);
    folder.fails(&search(&["good.csv", "--target", "riscv32"]), &["target cortex-m4, not riscv32"]);
    folder.write("good.csv", good_csv().replacen("low", "mid", 1));
    folder.fails(&search(&["good.csv"]), &["checksum of the data"]);
    assert!(folder.read("found/trials.jsonl") == journal && folder.read("found/best.hdc") == best);
}

/// What has a line each of two classes, as often as wanted.
fn waves(times: usize) -> String {
    let head =
        "@problemName waves\n@univariate true\n@equalLength true\n@seriesLength 8\n@classLabel true up down\n@data\n";
    [head, &"1,2,3,4,5,6,7,8:up\n8,7,6,5,4,3,2,1:down\n".repeat(times)].concat()
}

/// Searches while the test side is `broken`, which is noticed when all else is done, and again when it is `whole`.
#[track_caller]
fn the_test_side_is_read_last(folder: &Folder, data: &[&str], file: &str, broken: &str, whole: &str, word: &str) {
    folder.write(file, broken);
    folder.fails(&search(data), &[word, "the search is done", "not tested"]);
    let before = ["found/best.hdc", "found/front.csv", "found/trials.jsonl"].map(|name| folder.read(name));
    assert!(!String::from_utf8(folder.read("found/report.html")).unwrap().contains("test rows"));
    folder.write(file, whole);
    let text = folder.ok(&search(data));
    assert!(text.contains("rows, read once, after the choice)"), "{text}");
    assert!(["found/best.hdc", "found/front.csv", "found/trials.jsonl"].map(|name| folder.read(name)) == before);
    // From now on it is not read any more, and the figure stays.
    let (kept, page) = (folder.read("found/test.json"), folder.read("found/report.html"));
    folder.write(file, broken);
    assert_eq!(folder.ok(&search(data)), text);
    assert!(folder.read("found/test.json") == kept && folder.read("found/report.html") == page);
    fs::remove_dir_all(folder.path("found")).unwrap();
}

#[test]
fn no_test_side_is_read_before_the_choice_is_made_nor_again() {
    let folder = Folder::new();
    folder.write("train.ts", waves(8));
    the_test_side_is_read_last(&folder, &["train.ts", "--test", "test.ts"], "test.ts", "no", &waves(3), "test.ts");
    // In a table the rows of both sides are in one file.
    let broken = good_csv() + "nonsense,,new,test,p,1,2,3\n";
    the_test_side_is_read_last(&folder, &["good.csv"], "good.csv", &broken, &good_csv(), "good.csv, line 62");
}

#[test]
fn nor_that_of_a_named_set() {
    let folder = Folder::new();
    // Where the command looks for data sets if nothing says otherwise.
    let place = ".cache/hdc/basicmotions";
    fs::create_dir_all(folder.path(place)).unwrap();
    folder.write(&format!("{place}/BasicMotions_TRAIN.ts"), waves(8));
    let test = format!("{place}/BasicMotions_TEST.ts");
    the_test_side_is_read_last(&folder, &["basicmotions"], &test, "no", &waves(3), "BasicMotions_TEST.ts");
    let missing = folder.path(&test);
    fs::remove_file(missing).unwrap();
    folder.fails(&search(&["basicmotions"]), &["BasicMotions_TEST.ts", "the search is done", "not tested"]);
}

#[test]
fn a_figure_of_an_earlier_choice_is_called_so() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    folder.ok(&search(&["good.csv"]));
    folder.write("found/test.json", r#"{"settings": "D = 32; others", "samples": 20, "accuracy": 0.75}"#);
    let text = folder.ok(&search(&["good.csv"]));
    assert!(
        text.contains("0.750 (20 rows, read once, after the choice, by an earlier choice: D = 32; others)"),
        "{text}"
    );
    folder.write("found/test.json", "{");
    folder.fails(&search(&["good.csv"]), &["test.json is damaged"]);
}

#[test]
fn a_table_without_test_rows_is_not_tested() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv().replace("test", "train"));
    assert!(!folder.ok(&search(&["good.csv"])).contains("test rows"));
    assert!(!folder.path("found/test.json").exists());
}

#[test]
fn a_budget_that_nothing_fits_names_the_nearest_and_leaves_nothing() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    folder.fails(
        &["search", "good.csv", "--flash", "100", "--out", "found"],
        &["no model fits 100 bytes of flash on cortex-m4", "the nearest takes", "bytes of flash"],
    );
    assert!(!folder.path("found").exists());
}

#[test]
fn a_folder_with_other_files_and_bad_amounts_are_refused() {
    let folder = Folder::new();
    folder.write("good.csv", good_csv());
    fs::create_dir(folder.path("found")).unwrap();
    folder.write("found/mine.txt", "mine");
    folder.fails(&search(&["good.csv"]), &["files that are not of a search"]);
    assert_eq!(fs::read_dir(folder.path("found")).unwrap().count(), 1);
    folder.fails(&["search", "good.csv", "--flash", "8Kib", "--out", "x"], &["no unit", "KiB"]);
    folder.fails(&["search", "good.csv", "--target", "z80", "--out", "x"], &["cortex-m0+, cortex-m4, riscv32"]);
}
