//! `european-languages`: sentences in 21 languages in Latin letters, as in Rahimi et al. 2016.
//!
//! A sample is a text: a sequence of one channel whose symbols are 1 to 26 for `a` to `z`, upper case too, and 0 for the
//! space and everything else. Each line of `train/xxx.txt` is a training sample, where `xxx` is the language's code
//! in ISO 639-3; lines with fewer than 4 symbols between the spaces at their ends are left out. Each line of
//! `testing/test.tsv` is a test sample: the code, a tab and the sentence. All of these are kept: one with fewer than 4
//! symbols would be filled with spaces (none of the source is).
//!
//! The source has a file for each test sentence, so that there is no address for `test.tsv`, which joins them.

use std::path::Path;

use hdc_train::{Dataset, Part, Values};

use crate::error::DataError;
use crate::folders::read_text;
use crate::registry::{File, Info, Loader};
use crate::request::Request;

macro_rules! file {
    ($name:literal, $sha256:literal) => {
        File { path: concat!("european-languages/", $name), sha256: $sha256, url: None }
    };
}

/// The training texts in the order of the classes, then the test sentences.
static FILES: [File; 22] = [
    file!("train/bul.txt", "c8c4a8076920b8df08364beb91f3c78ff1f9ae49e09158ea8c1d8dc2e77f149e"),
    file!("train/ces.txt", "773febc4cf10d180d58333bf02b37e3277dac79bcae3005337c3552d81ab1f82"),
    file!("train/dan.txt", "f25ef8f381559cf835ebf9edafc59adec2ffde8b48da9901422bd36094f5f2f1"),
    file!("train/deu.txt", "c3e27cff76090d0c79fdccb8a8835c30f9ef51e9768c233fc428fb98a548bdb5"),
    file!("train/ell.txt", "b70dd896aaef0b11e3a001dc72899ff60717dd3a6aec9022f6bbc49e76081588"),
    file!("train/eng.txt", "8018d511a4ba2514b2bbb62e92618b58ff6b1028baca6084672aa6522214e748"),
    file!("train/est.txt", "9a488b25b12f5e3e0f09b441a8ce72377774dca97afc710e5c9e30fb087914fe"),
    file!("train/fin.txt", "67ebbed37e2b8e9863ebc40b047be4068bbd9597615304d21f2c47318ed20e37"),
    file!("train/fra.txt", "40298c377e6079d8f1cf1bff6fe0030e19cf35c7f3dd8084750d3528cfb4e784"),
    file!("train/hun.txt", "efc094ce4fbd83ab69f6afebc6baa07071c5af304f1aaa163bd681cce1fcaf8d"),
    file!("train/ita.txt", "5a718cf671e462729b0b8521a45a1de0edb02e02e110dbddc52b8327c730a3d1"),
    file!("train/lav.txt", "e02c593c427475217c7df9b8e119861e0d5bfb4ff865126bda6c29b384438125"),
    file!("train/lit.txt", "0692e76571826d6b4fcd9e8cf441c09bacce67a50fb7081e461f98cae32fc654"),
    file!("train/nld.txt", "f06707e159798e2731e1ef9c6e6d6d222eb0c7a4fc5fe6a1339a2e0746367142"),
    file!("train/pol.txt", "ad9a061ddc663ba693d5cd942ea740dd8fe3a4f0c8ee27c5000cb05616836139"),
    file!("train/por.txt", "553b4ad0dc49352b747f556a67eda1b8ae577a560418267235d7cc51d9005199"),
    file!("train/ron.txt", "b6c9b24370e4ddd6ca99a41f35838222a783a3d81fabeb37f007ab62f7e6fa43"),
    file!("train/slk.txt", "5ddcdad7be5cd3748875a589a15d94337c2353f8cf9a116e1751320f9ba0df20"),
    file!("train/slv.txt", "9c684340b5cffde781b0d6cb389447356d7969482afc5d39c6012a422b2fa392"),
    file!("train/spa.txt", "f0956a5539eff4f9fc0ebe87fcca78128d887e47b3d7a9948845fefe94f658cf"),
    file!("train/swe.txt", "abc3c8a8a14941691bac905a6c1418e5466a3cfb7275b4bc0c06b47d0f5a9678"),
    file!("testing/test.tsv", "76701c516ae169fe85a90e4d92e05e68027bbd884a083080c7f93b8d28d54c62"),
];

/// The shortest text: four symbols, as many as the N-grams of the literature have.
const LEAST: usize = 4;

pub(super) const INFO: Info = Info {
    name: "european-languages",
    about: "sentences in 21 European languages, symbols 0 (space) and 1 to 26, 210,030 train and 21,000 test texts",
    licence: "unstated (the texts come with a GPL-3.0 repository)",
    source: "https://github.com/abbas-rahimi/HDC-Language-Recognition",
    classes: &[
        "bul", "ces", "dan", "deu", "ell", "eng", "est", "fin", "fra", "hun", "ita", "lav", "lit", "nld", "pol", "por",
        "ron", "slk", "slv", "spa", "swe",
    ],
    group: "all",
    parameters: &[],
    folder: "european-languages",
    layout: "as train/bul.txt and so on, a sentence a line, and testing/test.tsv, with code, tab and sentence a line",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let (train, test) = FILES.split_at(INFO.classes.len());
    let files = |part: Part, files: &'static [File]| if request.reads(part) { files } else { &[] };
    let mut texts = Texts::default();
    for (class, file) in files(Part::Train, train).iter().enumerate() {
        let path = request.folders.file(request.info.name, file.path)?;
        for line in read_text(&path)?.lines().filter(|line| line.trim().chars().count() >= LEAST) {
            texts.push(class, line);
        }
    }
    let mut parts = vec![Part::Train; texts.labels.len()];
    for file in files(Part::Test, test) {
        let path = request.folders.file(request.info.name, file.path)?;
        read_test(&path, &read_text(&path)?, &mut texts)?;
    }
    parts.resize(texts.labels.len(), Part::Test);
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    let Texts { symbols, steps, labels } = texts;
    Ok(Dataset::sequences(request.spec, 1, Values::I16(symbols), &steps, classes, labels)?.with_parts(parts)?)
}

/// Texts, one after the other.
#[derive(Default)]
struct Texts {
    symbols: Vec<i16>,
    steps: Vec<usize>,
    labels: Vec<usize>,
}

impl Texts {
    fn push(&mut self, class: usize, text: &str) {
        let start = self.symbols.len();
        self.symbols.extend(text.chars().map(symbol));
        self.symbols.resize(self.symbols.len().max(start + LEAST), 0);
        self.steps.push(self.symbols.len() - start);
        self.labels.push(class);
    }
}

fn symbol(letter: char) -> i16 {
    let letter = letter.to_ascii_lowercase();
    ('a'..='z').zip(1..).find(|(known, _)| *known == letter).map_or(0, |(_, symbol)| symbol)
}

fn read_test(path: &Path, text: &str, texts: &mut Texts) -> Result<(), DataError> {
    for (number, line) in (1..).zip(text.lines()) {
        let (Some((code, sentence)), 1) = (line.split_once('\t'), line.matches('\t').count()) else {
            let problem = format!("{} fields, expected code, tab and sentence", line.split('\t').count());
            return Err(DataError::line(path, number, problem));
        };
        let Some(class) = INFO.classes.iter().position(|known| *known == code) else {
            let problem = format!("language `{code}` is not one of {}", INFO.classes.join(", "));
            return Err(DataError::line(path, number, problem));
        };
        texts.push(class, sentence);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;

    /// A set whose training files all have this text.
    fn read(train: &str, test: &str) -> Result<Dataset, DataError> {
        let root = tempfile::tempdir().unwrap();
        for folder in ["train", "testing"] {
            fs::create_dir_all(root.path().join("european-languages").join(folder)).unwrap();
        }
        for file in &FILES {
            fs::write(root.path().join(file.path), if file.path.ends_with("tsv") { test } else { train }).unwrap();
        }
        load(&Request::parse("european-languages", &Folders(vec![root.path().into()])).unwrap())
    }

    #[test]
    fn letters_are_symbols_and_short_lines_are_left_out_or_filled() {
        let data = read(" Az b \n\n  abc  \r\nabcd\u{e9}1\r\n", "swe\t\nbul\tZ a\n").unwrap();
        let sample = |index: usize| match data.sample(index) {
            hdc_train::Sample::I16(symbols) => symbols.to_vec(),
            hdc_train::Sample::F32(_) => panic!("symbols"),
        };
        assert_eq!((sample(0), sample(1)), (vec![0, 1, 26, 0, 2, 0], vec![1, 2, 3, 4, 0, 0]));
        assert_eq!((sample(42), sample(43)), (vec![0; 4], vec![26, 0, 1, 0]));
        assert_eq!((data.len(), &data.labels()[40..]), (44, &[20, 20, 20, 0][..]));
        let parts = data.parts().unwrap();
        assert!(parts[..42].iter().all(|part| *part == Part::Train) && parts[42..] == [Part::Test; 2]);
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        for (train, test, part) in [
            ("", "", "no samples"),
            ("abcd", "bul a b c", "test.tsv, line 1: 1 fields, expected code, tab and sentence"),
            ("abcd", "bul\ta\nbul\ta\tb", "test.tsv, line 2: 3 fields, expected code, tab and sentence"),
            ("abcd", "bul\ta\n\n", "test.tsv, line 2: 1 fields"),
            ("abcd", "bul\ta\nxxx\ta\n", "test.tsv, line 2: language `xxx` is not one of bul, ces"),
        ] {
            let error = read(train, test).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
