//! `mnist`: handwritten digits of `LeCun`, Cortes and Burges, 28 x 28 grey values of 0 to 255.
//!
//! A sample is a feature row of 784 counts, row by row from the top left. The split is the source's own.

use std::io::Read;
use std::path::Path;

use hdc_train::{Dataset, Part, Shape, Values};

use crate::error::DataError;
use crate::folders::open;
use crate::registry::{File, Info, Loader};
use crate::request::Request;

macro_rules! file {
    ($name:literal, $sha256:literal) => {
        File {
            path: concat!("mnist/", $name),
            sha256: $sha256,
            url: Some(concat!("https://storage.googleapis.com/cvdf-datasets/mnist/", $name, ".gz")),
        }
    };
}

static FILES: [File; 4] = [
    file!("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    file!("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    file!("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    file!("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
];

const SIDE: u32 = 28;
const SHAPE: Shape = Shape { steps: 1, channels: 784 };
/// The images of the larger file: room is made for no more before they are there.
const IMAGES: usize = 60_000;

pub(super) const INFO: Info = Info {
    name: "mnist",
    about: "handwritten digits, 60,000 train and 10,000 test images of 28 x 28 grey values",
    licence: "CC BY-SA 3.0",
    source: "https://github.com/cvdfoundation/mnist",
    classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    group: "all",
    parameters: &[],
    folder: "mnist",
    layout: "as train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
    files: &FILES,
    loader: Loader::Samples(load),
};

fn load(request: &Request<'_>) -> Result<Dataset, DataError> {
    let (mut values, mut labels, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (files, part) in
        [(&FILES[..2], Part::Train), (&FILES[2..], Part::Test)].into_iter().filter(|side| request.reads(side.1))
    {
        let file = |index: usize| request.folders.file(request.info.name, files[index].path);
        let (images, classes) = (file(0)?, file(1)?);
        let count = read_images(&images, &mut values)?;
        let start = labels.len();
        read_labels(&classes, &mut labels)?;
        if labels.len() - start != count {
            let problem = format!("{} labels for {count} images", labels.len() - start);
            return Err(DataError::Pair { train: images, test: classes, problem });
        }
        parts.resize(labels.len(), part);
    }
    let classes = request.info.classes.iter().map(ToString::to_string).collect();
    Ok(Dataset::new(request.spec, SHAPE, Values::I16(values), classes, labels)?.with_parts(parts)?)
}

/// An IDX file behind its header.
struct Idx<'a> {
    path: &'a Path,
    reader: Box<dyn Read>,
    at: usize,
    /// Items that the header announces.
    count: usize,
}

impl<'a> Idx<'a> {
    /// Reads a header of unsigned bytes: magic number, count and `sides`.
    fn open(path: &'a Path, sides: &[u32]) -> Result<Self, DataError> {
        let mut idx = Self { path, reader: open(path)?, at: 0, count: 0 };
        let expected = 0x0801 + sides.len() as u32;
        let magic = idx.word()?;
        if magic != expected {
            let problem = format!("it begins with {magic:#010x}, an IDX file of this kind with {expected:#010x}");
            return Err(DataError::byte(path, 0, problem));
        }
        idx.count = idx.word()? as usize;
        for side in sides {
            let (at, found) = (idx.at, idx.word()?);
            if found != *side {
                return Err(DataError::byte(path, at, format!("images have a side of {found}, expected {side}")));
            }
        }
        Ok(idx)
    }

    fn word(&mut self) -> Result<u32, DataError> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Fills `bytes`, all of them.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), DataError> {
        let (mut filled, expected) = (0, bytes.len());
        while filled < expected {
            match self.reader.read(&mut bytes[filled..]).map_err(DataError::io(self.path))? {
                0 => {
                    let problem = format!("the file ends {} bytes too early", expected - filled);
                    return Err(DataError::byte(self.path, self.at + filled, problem));
                }
                length => filled += length,
            }
        }
        self.at += expected;
        Ok(())
    }

    /// That nothing follows.
    fn end(mut self) -> Result<(), DataError> {
        match self.reader.read(&mut [0]).map_err(DataError::io(self.path))? {
            0 => Ok(()),
            _ => Err(DataError::byte(self.path, self.at, format!("more follows than the {} announced", self.count))),
        }
    }
}

/// Appends the images and returns how many there are.
fn read_images(path: &Path, values: &mut Vec<i16>) -> Result<usize, DataError> {
    let mut idx = Idx::open(path, &[SIDE, SIDE])?;
    values.reserve_exact(idx.count.min(IMAGES) * SHAPE.len());
    let mut image = [0; SHAPE.channels];
    for _ in 0..idx.count {
        idx.fill(&mut image)?;
        values.extend(image.map(i16::from));
    }
    let count = idx.count;
    idx.end()?;
    Ok(count)
}

fn read_labels(path: &Path, labels: &mut Vec<usize>) -> Result<(), DataError> {
    let mut idx = Idx::open(path, &[])?;
    let mut label = [0];
    for _ in 0..idx.count {
        idx.fill(&mut label)?;
        if label[0] > 9 {
            return Err(DataError::byte(path, idx.at - 1, format!("label {} is not one of 0 to 9", label[0])));
        }
        labels.push(label[0].into());
    }
    idx.end()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folders::Folders;

    fn images(count: u32) -> Vec<u8> {
        let header = [0x0803, count, 28, 28].map(u32::to_be_bytes).concat();
        header.into_iter().chain((0..count * 784).map(|at| at as u8)).collect()
    }

    fn labels(list: &[u8]) -> Vec<u8> {
        [&0x0801_u32.to_be_bytes(), &(list.len() as u32).to_be_bytes(), list].concat()
    }

    fn read(images: &[u8], labels: &[u8]) -> Result<Dataset, DataError> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("mnist")).unwrap();
        for (file, content) in FILES.iter().zip([images, labels, images, labels]) {
            fs::write(root.path().join(file.path), content).unwrap();
        }
        load(&Request::parse("mnist", &Folders(vec![root.path().into()])).unwrap())
    }

    #[test]
    fn bytes_are_counts() {
        let data = read(&images(2), &labels(&[9, 0])).unwrap();
        assert_eq!(data.labels(), [9, 0, 9, 0]);
        assert_eq!(data.parts(), Some(&[Part::Train, Part::Train, Part::Test, Part::Test][..]));
        let Values::I16(values) = data.values() else { panic!("counts") };
        assert_eq!((values[255], values[784], values.len()), (255, 16, 4 * 784));
    }

    #[test]
    fn files_that_do_not_fit_are_errors() {
        let (good, two) = (images(2), labels(&[1, 2]));
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        let extra: Vec<u8> = good.iter().copied().chain([0]).collect();
        for (images, labels, part) in [
            (&good[..0], &two[..], "ubyte, byte 0: the file ends 4 bytes too early"),
            (&good[..10], &two, "byte 10: the file ends 2 bytes too early"),
            (&good[..1000], &two, "byte 1000: the file ends 584 bytes too early"),
            (&with(3, 1), &two, "byte 0: it begins with 0x00000801, an IDX file of this kind with 0x00000803"),
            (&with(15, 29), &two, "byte 12: images have a side of 29, expected 28"),
            (&with(4, 255), &two, "byte 1584: the file ends 784 bytes too early"),
            (&extra, &two, "byte 1584: more follows than the 2 announced"),
            (&good, &two[..9], "byte 9: the file ends 1 bytes too early"),
            (&good, &good, "byte 0: it begins with 0x00000803"),
            (&good, &self::labels(&[1, 10]), "train-labels-idx1-ubyte, byte 9: label 10 is not one of 0 to 9"),
            (&good, &self::labels(&[1]), "1 labels for 2 images"),
        ] {
            let error = read(images, labels).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
