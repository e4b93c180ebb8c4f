use std::fmt;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::dataset::{Dataset, DatasetError};
use crate::learn::Gaussian;
use crate::shuffle::Shuffle;
use crate::values::{Sample, Values};

/// How copies of training windows are disturbed, as sensors disturb them (Um et al. 2017, arXiv 1706.00527).
///
/// ```
/// # use hdc_train::{Augment, Dataset, Shape, Values};
/// # let shape = Shape { steps: 2, channels: 3 };
/// # let data = Dataset::new("x", shape, Values::I16(vec![100; 12]), vec!["a".into(), "b".into()], vec![0, 1])?;
/// let more = data.augmented(Augment::WORN, 4, 1)?;
/// assert_eq!(more.len(), 5 * data.len());
/// # Ok::<(), hdc_train::DatasetError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augment {
    /// Gaussian noise on every value, in deviations of its channel.
    pub jitter: f32,
    /// The deviation of a factor that is drawn for each channel of a copy, about 1.
    pub scale: f32,
    /// The deviation of the angle by which the axes are turned about a random direction, in degrees: how differently a
    /// device is worn. Channels 0 to 2, 3 to 5 and so on are the axes of one sensor each; all turn together.
    pub degrees: f32,
}

impl Default for Augment {
    /// Jitter 0.05 and scale 0.1; no turning, which takes sensors of three axes.
    fn default() -> Self {
        Self { jitter: 0.05, scale: 0.1, degrees: 0.0 }
    }
}

/// In words.
impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { jitter, scale, degrees } = self;
        write!(f, "jitter {jitter}, scale {scale}")?;
        if *degrees > 0.0 { write!(f, ", turned by {degrees} degrees") } else { Ok(()) }
    }
}

impl Augment {
    /// Much noise and little else, for electrodes: that of the measured recipe of `libemg-myodisco`.
    pub const NOISY: Self = Self { jitter: 0.3, scale: 0.05, degrees: 0.0 };

    /// A watch that is worn differently, for sensors of three axes: that of the measured recipe of `spar`.
    pub const WORN: Self = Self { jitter: 0.05, scale: 0.1, degrees: 10.0 };

    /// Whether samples of `data` can be disturbed like that.
    pub(crate) fn check(&self, data: &Dataset) -> Result<(), DatasetError> {
        let problem =
            if [self.jitter, self.scale, self.degrees].iter().any(|number| !(0.0..f32::INFINITY).contains(number)) {
                "its numbers must be 0 or more"
            } else if self.degrees > 0.0 && !data.shape().channels.is_multiple_of(3) {
                "only channels in threes, the axes of a sensor, can be turned"
            } else if data.is_sequences() {
                "texts cannot be disturbed"
            } else {
                return Ok(());
            };
        Err(DatasetError::Augment { problem })
    }
}

impl Dataset {
    /// These samples and `copies` disturbed copies of each, for training: never for testing. Copies stay in the group and
    /// on the side of the split of their sample. Folds of samples without groups would part copies from their sample:
    /// [`Trainer::augmented`](crate::Trainer::augmented) copies the training side of each.
    ///
    /// # Errors
    /// If `augment` has a number that is negative or not finite, or turns channels that are not three a sensor; or of texts.
    pub fn augmented(&self, augment: Augment, copies: usize, seed: u64) -> Result<Self, DatasetError> {
        augment.check(self)?;
        let Augment { jitter, scale, degrees } = augment;
        let channels = self.shape().channels;
        let deviations = deviations(self);
        let mut noise = Gaussian::new(seed);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut values = self.values().clone();
        for _ in 0..copies {
            for sample in 0..self.len() {
                let factors: Vec<f32> = (0..channels).map(|_| 1.0 + scale * noise.next()).collect();
                let turn = (degrees > 0.0).then(|| rotation(&mut noise, degrees));
                // Noise of a window is drawn by itself, so that it does not depend on what was drawn before.
                let mut jitters = Gaussian::new(random.next_u64());
                let disturb = |row: &mut [f32]| {
                    if let Some(turn) = &turn {
                        row.chunks_exact_mut(3).for_each(|axes| apply(turn, axes));
                    }
                    for ((value, factor), deviation) in row.iter_mut().zip(&factors).zip(&deviations) {
                        *value = *value * factor + jitter * deviation * jitters.next();
                    }
                };
                append(&mut values, self.sample(sample), channels, disturb);
            }
        }
        let all: Vec<usize> = (0..=copies).flat_map(|_| 0..self.len()).collect();
        Ok(self.subset(&all)?.with_values(values))
    }

    /// These images and `copies` moved copies of each, for training: never for testing. A sample is an image, row by row
    /// from the top, of `width` numbers a row. A copy is moved by whole pixels, at most `pixels` to the left or right and at
    /// most as many up or down; all ways to move are as likely, and no two copies of an image are moved alike before all
    /// have been used. What is moved in from outside is the nearest pixel of the edge. Copies stay in the group and on the
    /// side of the split of their sample. The memory taken grows by as much for each copy.
    ///
    /// These are the translations among the distortions of Simard, Steinkraus & Platt (2003, "Best practices for
    /// convolutional neural networks applied to visual document analysis").
    ///
    /// # Errors
    /// If samples are not whole rows of `width` numbers, or `pixels` is 0 or not less than both sides of an image.
    ///
    /// ```
    /// # use hdc_train::{Dataset, Sample, Shape, Values};
    /// // One image of 2 x 2 pixels.
    /// let shape = Shape { steps: 1, channels: 4 };
    /// let image = Dataset::new("x", shape, Values::I16(vec![1, 2, 3, 4]), vec!["a".into()], vec![0])?;
    /// let moved = image.shifted(2, 1, 8, 1)?;
    /// let up = Sample::I16(&[3, 4, 3, 4]);
    /// assert!((1..9).any(|copy| moved.sample(copy) == up));
    /// # Ok::<(), hdc_train::DatasetError>(())
    /// ```
    pub fn shifted(&self, width: usize, pixels: usize, copies: usize, seed: u64) -> Result<Self, DatasetError> {
        let length = self.shape().len();
        if self.is_sequences() || width == 0 || !length.is_multiple_of(width) {
            return Err(DatasetError::Augment { problem: "only images of whole rows can be moved" });
        }
        if !(1..width.min(length / width)).contains(&pixels) {
            return Err(DatasetError::Augment {
                problem: "an image is moved by at least 1 pixel, and by less than it is wide and high",
            });
        }
        let side = 2 * pixels + 1;
        // Places in a square, of which the middle one moves nothing.
        let mut moves: Vec<usize> = (0..side * side).filter(|&place| place != side * side / 2).collect();
        Shuffle::new(seed).shuffle(&mut moves);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        // Each image begins elsewhere in the order of the moves.
        let first: Vec<usize> =
            (0..self.len()).map(|_| (u128::from(random.next_u64()) * moves.len() as u128 >> 64) as usize).collect();
        let all: Vec<usize> = (0..=copies).flat_map(|_| 0..self.len()).collect();
        let mut moved = self.subset(&all)?;
        let place = |at: usize| match at / self.len() {
            0 => side * side / 2,
            copy => moves[(first[at % self.len()] + copy) % moves.len()],
        };
        let shift = |at: usize| (place(at) / side, place(at) % side);
        match moved.values_mut() {
            Values::I16(values) => each_shifted(values, (width, length), pixels, shift),
            Values::F32(values) => each_shifted(values, (width, length), pixels, shift),
        }
        Ok(moved)
    }

    /// These samples, those of rarer classes again and again until each class has as many as the most frequent one: so
    /// that training does not prefer that.
    #[must_use]
    pub fn balanced(&self) -> Self {
        let mut by_class = vec![Vec::new(); self.classes().len()];
        self.labels().iter().enumerate().for_each(|(sample, &label)| by_class[label].push(sample));
        let most = by_class.iter().map(Vec::len).max().unwrap_or(0);
        let mut all: Vec<usize> = (0..self.len()).collect();
        for own in by_class.iter().filter(|own| !own.is_empty()) {
            all.extend(own.iter().cycle().take(most - own.len()));
        }
        // There is at least one sample, so the subset is not empty.
        self.subset(&all).unwrap_or_else(|_| self.clone())
    }

    /// How many samples [`balanced`](Self::balanced) has.
    pub(crate) fn balanced_len(&self) -> usize {
        let mut sizes = vec![0_usize; self.classes().len()];
        self.labels().iter().for_each(|&label| sizes[label] += 1);
        let most = sizes.iter().copied().max().unwrap_or(0);
        most * sizes.iter().filter(|&&size| size > 0).count()
    }
}

/// Appends `sample` to `values`, each of its rows disturbed, rounded and kept in range where values are counts.
fn append(values: &mut Values, sample: Sample<'_>, channels: usize, mut disturb: impl FnMut(&mut [f32])) {
    match (values, sample) {
        (Values::I16(values), Sample::I16(sample)) => {
            let mut row = vec![0.0; channels];
            for counts in sample.chunks_exact(channels) {
                row.iter_mut().zip(counts).for_each(|(value, &count)| *value = count.into());
                disturb(&mut row);
                values.extend(row.iter().map(|value| value.round() as i16));
            }
        }
        (Values::F32(values), Sample::F32(sample)) => {
            let start = values.len();
            values.extend_from_slice(sample);
            values[start..].chunks_exact_mut(channels).for_each(disturb);
            values[start..].iter_mut().for_each(|value| *value = value.clamp(f32::MIN, f32::MAX));
        }
        _ => {}
    }
}

/// Moves every image of `length` pixels, in rows of `width`, by the steps down and to the right that `shift` gives, of which
/// `pixels` is none.
fn each_shifted<T: Copy + Send + Sync>(
    images: &mut [T],
    (width, length): (usize, usize),
    pixels: usize,
    shift: impl Fn(usize) -> (usize, usize) + Sync,
) {
    let from = |to: usize, by: usize, side: usize| (to + pixels).saturating_sub(by).min(side - 1);
    images.par_chunks_exact_mut(length).enumerate().for_each(|(at, image)| {
        let (down, right) = shift(at);
        let still = image.to_vec();
        for (row, moved) in image.chunks_exact_mut(width).enumerate() {
            let still = &still[from(row, down, length / width) * width..][..width];
            moved.iter_mut().enumerate().for_each(|(column, pixel)| *pixel = still[from(column, right, width)]);
        }
    });
}

/// The deviation of every channel.
fn deviations(data: &Dataset) -> Vec<f32> {
    let channels = data.shape().channels;
    let mut sums = vec![(0.0_f64, 0.0_f64); channels];
    let mut add = |at: usize, value: f64| {
        let (sum, squares) = &mut sums[at % channels];
        *sum += value;
        *squares += value * value;
    };
    match data.values() {
        Values::I16(values) => values.iter().enumerate().for_each(|(at, &value)| add(at, value.into())),
        Values::F32(values) => values.iter().enumerate().for_each(|(at, &value)| add(at, value.into())),
    }
    let rows = (data.values().len() / channels) as f64;
    let deviation = |(sum, squares): (f64, f64)| (squares / rows - (sum / rows).powi(2)).max(0.0).sqrt() as f32;
    sums.into_iter().map(deviation).collect()
}

/// A rotation about a random direction (Rodrigues), by an angle of this deviation.
fn rotation(noise: &mut Gaussian, degrees: f32) -> [[f32; 3]; 3] {
    let mut axis = [noise.next(), noise.next(), noise.next()];
    let length = axis.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
    axis.iter_mut().for_each(|x| *x /= length);
    let angle = degrees.to_radians() * noise.next();
    let (sine, cosine) = (libm::sinf(angle), libm::cosf(angle));
    let [x, y, z] = axis;
    let cross = [[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]];
    std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            let one = if row == column { cosine } else { 0.0 };
            one + sine * cross[row][column] + (1.0 - cosine) * axis[row] * axis[column]
        })
    })
}

fn apply(turn: &[[f32; 3]; 3], axes: &mut [f32]) {
    let turned: [f32; 3] = std::array::from_fn(|row| turn[row].iter().zip(&*axes).map(|(a, b)| a * b).sum());
    axes.copy_from_slice(&turned);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Shape;

    fn data(labels: Vec<usize>) -> Dataset {
        let shape = Shape { steps: 4, channels: 3 };
        let values = (0..labels.len() * shape.len()).map(|at| i16::try_from(at * 37 % 200).unwrap() - 100).collect();
        let classes = ["a", "b", "c"].map(String::from).to_vec();
        let groups = (0..labels.len()).map(|sample| sample % 2).collect();
        let data = Dataset::new("x", shape, Values::I16(values), classes, labels).unwrap();
        data.with_groups(vec!["g".into(), "h".into()], groups).unwrap()
    }

    #[test]
    fn copies_follow_the_originals_and_keep_their_class_and_group() {
        let data = data(vec![0, 1, 2]);
        let more = data.augmented(Augment { degrees: 20.0, ..Augment::default() }, 2, 7).unwrap();
        assert_eq!(more.labels(), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
        assert_eq!(more.group_of(), [0, 1, 0, 0, 1, 0, 0, 1, 0]);
        assert_eq!(more.sample(1), data.sample(1));
        assert!(more.sample(4) != data.sample(1) && more.sample(4) != more.sample(7));
        assert_eq!(more, data.augmented(Augment { degrees: 20.0, ..Augment::default() }, 2, 7).unwrap());
        let none = Augment { jitter: 0.0, scale: 0.0, degrees: 0.0 };
        assert_eq!(data.augmented(none, 1, 7).unwrap().sample(4), data.sample(1));
    }

    #[test]
    fn the_number_of_balanced_samples_is_known_without_them() {
        for labels in [vec![0, 1, 2], vec![0, 0, 0, 2], vec![1; 5], vec![2, 1, 1, 1, 2, 0, 1]] {
            let data = data(labels);
            assert_eq!(data.balanced_len(), data.balanced().len());
        }
    }

    #[test]
    fn turning_keeps_lengths() {
        let data = data(vec![0; 50]);
        let more = data.augmented(Augment { jitter: 0.0, scale: 0.0, degrees: 40.0 }, 1, 7).unwrap();
        let Values::I16(values) = more.values() else { panic!("counts") };
        let lengths: Vec<f64> = values
            .chunks_exact(3)
            .map(|axes| axes.iter().map(|&axis| f64::from(axis).powi(2)).sum::<f64>().sqrt())
            .collect();
        let (before, after) = lengths.split_at(lengths.len() / 2);
        assert!(before.iter().zip(after).all(|(before, after)| (before - after).abs() < 1.5));
    }

    #[test]
    fn impossible_disturbances_are_refused() {
        let data = data(vec![0, 1, 2]);
        for augment in
            [Augment { jitter: -1.0, ..Augment::default() }, Augment { scale: f32::NAN, ..Augment::default() }]
        {
            assert!(matches!(data.augmented(augment, 1, 1), Err(DatasetError::Augment { .. })));
        }
        let pairs =
            Dataset::new("x", Shape { steps: 1, channels: 2 }, Values::I16(vec![1, 2]), vec!["a".into()], vec![0]);
        let turned = pairs.unwrap().augmented(Augment { degrees: 5.0, ..Augment::default() }, 1, 1);
        assert!(turned.unwrap_err().to_string().contains("in threes"));
    }

    #[test]
    fn images_are_moved_by_whole_pixels() {
        let (width, height) = (5_i16, 4_i16);
        let shape = Shape { steps: 1, channels: 20 };
        let images = |values| Dataset::new("x", shape, values, vec!["a".into(), "b".into()], vec![0, 1, 0]).unwrap();
        let data = images(Values::I16((0..60).collect()));
        let moved = data.shifted(5, 2, 24, 5).unwrap();
        assert_eq!(moved.labels()[..6], [0, 1, 0, 0, 1, 0]);
        assert_eq!(moved, data.shifted(5, 2, 24, 5).unwrap());
        assert_ne!(moved, data.shifted(5, 2, 24, 6).unwrap());
        // All 24 ways to move are there, and each image is moved in each of them once.
        for image in 0..3_i16 {
            for (down, right) in (-2..=2).flat_map(|down| (-2..=2).map(move |right| (down, right))) {
                let pixel = |row: i16, column: i16| {
                    let (row, column) = ((row - down).clamp(0, height - 1), (column - right).clamp(0, width - 1));
                    (image * height + row) * width + column
                };
                let expected: Vec<i16> = (0..height)
                    .flat_map(|row| (0..width).map(|column| pixel(row, column)).collect::<Vec<_>>())
                    .collect();
                let copies = (usize::from(image.unsigned_abs())..moved.len()).step_by(3);
                assert_eq!(copies.filter(|&copy| moved.sample(copy) == Sample::I16(&expected)).count(), 1);
            }
        }
        let real = images(Values::F32((0..60_u8).map(f32::from).collect())).shifted(5, 2, 24, 5).unwrap();
        let (Values::F32(real), Values::I16(counts)) = (real.values(), moved.values()) else { panic!("as they were") };
        assert_eq!(*real, counts.iter().map(|&count| f32::from(count)).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let data = data(vec![0, 1, 2]);
        for (width, pixels) in [(0, 1), (5, 1), (4, 0), (4, 3), (12, 1)] {
            assert!(matches!(data.shifted(width, pixels, 1, 1), Err(DatasetError::Augment { .. })), "{width} {pixels}");
        }
        assert!(data.shifted(4, 2, 1, 1).is_ok());
        let sequences = Dataset::sequences("x", 1, Values::I16(vec![1, 2, 3, 4]), &[4], vec!["a".into()], vec![0]);
        assert!(sequences.unwrap().shifted(2, 1, 1, 1).is_err());
    }

    #[test]
    fn balanced_classes_are_as_frequent() {
        let labels = data(vec![0, 0, 0, 0, 1, 2, 2]).balanced().labels().to_vec();
        assert_eq!([0, 1, 2].map(|class| labels.iter().filter(|&&label| label == class).count()), [4, 4, 4]);
    }
}
