//! UEA `.ts` files: `@` header lines, then one sample a line, dimensions separated by `:`, values by `,`, class last.

use std::path::Path;

use hdc_train::{Dataset, Part, Shape};

use crate::error::DataError;
use crate::folders::read_text;
use crate::numbers::Numbers;

/// Reads one `.ts` file. Dimensions become channels and values stay counts if all of them are.
///
/// # Errors
/// If the file cannot be read, has time stamps, missing values, unequal lengths or no classes, or is malformed.
pub fn read_ts(path: &Path) -> Result<Dataset, DataError> {
    let file = parse(path, &read_text(path)?)?;
    Ok(Dataset::new(file.name, file.shape, file.numbers.finish(), file.classes, file.labels)?)
}

/// Reads a train and a test file as one data set with parts.
///
/// # Errors
/// As [`read_ts`], and if the two differ in shape or classes.
pub fn read_ts_pair(train: &Path, test: &Path) -> Result<Dataset, DataError> {
    read_named_pair(None, train, test, None)
}

/// As [`read_ts_pair`], or one `part` of it, called `name` instead of what the file says.
pub(crate) fn read_named_pair(
    name: Option<&str>,
    train: &Path,
    test: &Path,
    part: Option<Part>,
) -> Result<Dataset, DataError> {
    if let Some(part) = part {
        let path = if part == Part::Train { train } else { test };
        let file = parse(path, &read_text(path)?)?;
        let (name, parts) = (name.map_or(file.name, str::to_owned), vec![part; file.labels.len()]);
        let data = Dataset::new(name, file.shape, file.numbers.finish(), file.classes, file.labels)?;
        return Ok(data.with_parts(parts)?);
    }
    let mut first = parse(train, &read_text(train)?)?;
    let second = parse(test, &read_text(test)?)?;
    let problem = if first.shape != second.shape {
        let shape = |shape: Shape| format!("{} steps x {} channels", shape.steps, shape.channels);
        format!("samples are {} and {}", shape(first.shape), shape(second.shape))
    } else if first.classes != second.classes {
        format!("classes are {} and {}", first.classes.join(" "), second.classes.join(" "))
    } else {
        let mut parts = vec![Part::Train; first.labels.len()];
        parts.resize(first.labels.len() + second.labels.len(), Part::Test);
        first.numbers.extend(second.numbers);
        first.labels.extend(second.labels);
        let name = name.map_or(first.name, str::to_owned);
        let data = Dataset::new(name, first.shape, first.numbers.finish(), first.classes, first.labels)?;
        return Ok(data.with_parts(parts)?);
    };
    Err(DataError::Pair { train: train.into(), test: test.into(), problem })
}

struct Parsed {
    name: String,
    shape: Shape,
    numbers: Numbers,
    classes: Vec<String>,
    labels: Vec<usize>,
}

/// What the `@` lines say.
#[derive(Default)]
struct Header {
    name: Option<String>,
    dimensions: Option<usize>,
    length: Option<usize>,
    classes: Vec<String>,
}

fn parse(path: &Path, text: &str) -> Result<Parsed, DataError> {
    let mut header = Header::default();
    let mut lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
    let mut data = false;
    for (number, line) in lines.by_ref() {
        if line.eq_ignore_ascii_case("@data") {
            data = true;
            break;
        }
        header.read(line).map_err(|problem| DataError::line(path, number, problem))?;
    }
    if !data {
        return Err(DataError::Empty { path: path.into(), problem: "has no `@data` line: is it a .ts file?" });
    }
    if header.classes.is_empty() {
        let problem = "has no line `@classLabel true ...`: name the classes there";
        return Err(DataError::Empty { path: path.into(), problem });
    }
    let (mut numbers, mut labels) = (Numbers::new(), Vec::new());
    for (number, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
        let label = header.sample(line, &mut numbers).map_err(|problem| DataError::line(path, number, problem))?;
        labels.push(label);
    }
    if labels.is_empty() {
        return Err(DataError::Empty { path: path.into(), problem: "has no samples after `@data`" });
    }
    let shape = Shape { steps: header.length.unwrap_or(0), channels: header.dimensions.unwrap_or(0) };
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Parsed { name: header.name.unwrap_or_else(stem), shape, numbers, classes: header.classes, labels })
}

impl Header {
    fn read(&mut self, line: &str) -> Result<(), String> {
        if line.starts_with(['#', '%']) {
            return Ok(());
        }
        let mut words = line.split_whitespace();
        let key = words.next().unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> = words.collect();
        let first = words.first().copied().unwrap_or_default();
        let yes = first.eq_ignore_ascii_case("true");
        match key.as_str() {
            "@problemname" => self.name = Some(words.join(" ")),
            "@timestamps" if yes => return Err("time stamps are not supported: give values at a fixed rate".into()),
            "@equallength" if !yes => {
                return Err("series of unequal length are not supported: cut or pad them first".into());
            }
            "@univariate" if yes => self.dimensions = Some(1),
            "@dimensions" | "@dimension" => self.dimensions = Some(count(first)?),
            "@serieslength" => self.length = Some(count(first)?),
            "@classlabel" if !yes => return Err("there are no class labels: a classifier needs them".into()),
            "@classlabel" => self.classes = words.into_iter().skip(1).map(str::to_owned).collect(),
            "@targetlabel" if yes => return Err("the target is a number: only classes are supported".into()),
            _ if key.starts_with('@') => {}
            _ => return Err(format!("`{key}` is neither a `@` line nor a comment, but `@data` has not come")),
        }
        Ok(())
    }

    /// Reads one sample into `numbers`, time-major, and returns its class. The first sample decides what the
    /// header leaves open.
    fn sample(&mut self, line: &str, numbers: &mut Numbers) -> Result<usize, String> {
        let Some((series, label)) = line.rsplit_once(':') else {
            return Err("there is no `:` before a class label".into());
        };
        let label = label.trim();
        let Some(class) = self.classes.iter().position(|class| class == label) else {
            return Err(format!("class `{label}` is not one of {}", self.classes.join(" ")));
        };
        if series.contains('(') {
            return Err("time stamps are not supported: give values at a fixed rate".into());
        }
        let series: Vec<Vec<&str>> = series.split(':').map(|one| one.split(',').map(str::trim).collect()).collect();
        let dimensions = *self.dimensions.get_or_insert(series.len());
        if series.len() != dimensions {
            return Err(format!("{} dimensions, expected {dimensions}", series.len()));
        }
        let length = *self.length.get_or_insert(series.first().map_or(0, Vec::len));
        if let Some(at) = series.iter().position(|one| one.len() != length) {
            let (got, dimension) = (series[at].len(), at + 1);
            return Err(format!("dimension {dimension} has {got} values, expected {length}: equal lengths are needed"));
        }
        for step in 0..length {
            for (dimension, values) in series.iter().enumerate() {
                let at = || format!("dimension {}, value {}", dimension + 1, step + 1);
                match values[step] {
                    "?" => return Err(format!("{} is missing: fill it in or remove the sample", at())),
                    text => numbers.push(text).map_err(|problem| format!("{}: {problem}", at()))?,
                }
            }
        }
        Ok(class)
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(format!("`{text}` is not a count of at least 1")),
    }
}

#[cfg(test)]
mod tests {
    use hdc_train::{Sample, Values};

    use super::*;
    use crate::testing::file;

    const HEAD: &str = "# comment\n@problemName Two Words\n@timeStamps false\n@univariate false\n@dimensions 2\n\
                        @equalLength true\n@seriesLength 3\n@classLabel true up down\n@data\n";

    fn error(content: &str) -> String {
        let (_folder, path) = file("x.ts", content);
        read_ts(&path).unwrap_err().to_string()
    }

    #[test]
    fn dimensions_become_channels() {
        let (_folder, path) = file("x.ts", format!("\u{feff}{HEAD}1,2,3:4,5,6:down\r\n\n7,8,9:10,11,12:up\n"));
        let data = read_ts(&path).unwrap();
        assert_eq!((data.name(), data.classes()), ("Two Words", &["up".to_owned(), "down".into()][..]));
        assert_eq!(data.shape(), Shape { steps: 3, channels: 2 });
        assert_eq!(data.sample(0), Sample::I16(&[1, 4, 2, 5, 3, 6]));
        assert_eq!((data.labels(), data.parts()), (&[1, 0][..], None));
    }

    #[test]
    fn the_first_sample_decides_what_the_header_leaves_open() {
        let (_folder, path) = file("stem.ts", "@classLabel true a b\n@DATA\n0.5,1:a\n2,3:b\n");
        let data = read_ts(&path).unwrap();
        assert_eq!((data.name(), data.shape()), ("stem", Shape { steps: 2, channels: 1 }));
        assert_eq!(data.values(), &Values::F32(vec![0.5, 1.0, 2.0, 3.0]));
    }

    #[test]
    fn a_pair_has_parts_and_one_value_type() {
        let (_one, train) = file("a_TRAIN.ts", format!("{HEAD}1,2,3:4,5,6:down\n"));
        let (_two, test) = file("a_TEST.ts", format!("{HEAD}1,2,3:4,5,6.5:up\n1,1,1:1,1,1:up\n"));
        let data = read_ts_pair(&train, &test).unwrap();
        assert_eq!(data.parts(), Some(&[Part::Train, Part::Test, Part::Test][..]));
        assert!(matches!(data.sample(0), Sample::F32(_)));
    }

    #[test]
    fn a_pair_must_agree() {
        let (_one, train) = file("a_TRAIN.ts", format!("{HEAD}1,2,3:4,5,6:down\n"));
        for (test, part) in [
            ("@classLabel true down up\n@data\n1,2,3:4,5,6:up\n", "classes are up down and down up"),
            ("@classLabel true up down\n@data\n1,2:4,5:up\n", "3 steps x 2 channels and 2 steps x 2 channels"),
        ] {
            let (_two, test) = file("a_TEST.ts", test);
            let error = read_ts_pair(&train, &test).unwrap_err().to_string();
            assert!(error.contains("do not go together") && error.contains(part), "{error}");
        }
    }

    #[test]
    fn headers_that_are_not_supported_say_so() {
        for (line, part) in [
            ("@timeStamps true", "time stamps are not supported"),
            ("@equalLength false", "unequal length"),
            ("@dimensions x", "`x` is not a count"),
            ("@seriesLength 0", "`0` is not a count"),
            ("@classLabel false", "no class labels"),
            ("@targetLabel true", "only classes"),
            ("1,2:a", "`@data` has not come"),
        ] {
            let error = error(&format!("# first\n{line}\n@data\n"));
            assert!(error.contains("x.ts, line 2: ") && error.contains(part), "{error}");
        }
        assert!(error("").contains("has no `@data` line"));
        assert!(error("@data\n1:a\n").contains("@classLabel true"));
        assert!(error(HEAD).contains("has no samples"));
    }

    #[test]
    fn samples_that_do_not_fit_are_located() {
        for (line, part) in [
            ("1,2,3", "no `:`"),
            ("1,2,3:4,5,6:left", "class `left` is not one of up down"),
            ("1,2,3:4,5,6:", "class ``"),
            ("1,2,3:up", "1 dimensions, expected 2"),
            ("1,2,3:4,5:up", "dimension 2 has 2 values, expected 3"),
            ("1,2,3:4,?,6:up", "dimension 2, value 2 is missing"),
            ("1,2,3:4,NaN,6:up", "dimension 2, value 2: `NaN` is not a finite"),
            ("1,b,3:4,5,6:up", "dimension 1, value 2: `b` is not a number"),
            ("1,,3:4,5,6:up", "dimension 1, value 2: `` is not a number"),
            ("(0,1),(1,2):(0,1),(1,2):up", "time stamps"),
        ] {
            let error = error(&format!("{HEAD}1,2,3:4,5,6:up\n{line}\n"));
            assert!(error.contains("line 11: ") && error.contains(part), "{error}");
        }
    }
}
