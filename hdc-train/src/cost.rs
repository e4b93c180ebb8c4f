//! What a model takes on a chip.

mod table;
mod target;
mod work;

pub use target::{Target, UnknownTarget};
pub use work::Work;

use hdc_core::Model;

use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::trainer::Trainer;

/// What one classification takes on a chip, and the model in its flash.
///
/// The bytes of the model and of its working memory are exact for any program. The bytes of code and of stack are those of
/// a program that does nothing else (`examples/cost/src/bin/bare.rs`: start-up code, opening the model, classifying; no
/// printing; optimised for speed; with every component of the library, of which a firmware may leave out what its model does
/// not need, and most of the code with it), measured once for each target and type of samples. Instructions are predicted: a
/// sum over the parts of the [work](Work), with a coefficient for each, fitted to models that ran in an emulator. They are
/// instructions, not cycles. Fitted were models of 32 bits or more and of 4 to 64 levels. `cargo xtask cost` compares all of
/// this with the emulator, on models that were not fitted to.
///
/// ```
/// # use hdc_train::{Dataset, Shape, Trainer, Values};
/// use hdc_train::{Cost, Target};
/// # let classes = vec!["low".to_string(), "high".to_string()];
/// # let rows = Values::I16(vec![0, 1, 2, 1, 9, 8, 10, 7]);
/// # let data = Dataset::new("toy", Shape { steps: 1, channels: 2 }, rows, classes, vec![0, 0, 1, 1])?;
///
/// let model = Trainer::new().dimension(256).fit(&data)?;
/// let cost = Cost::of(&model.view(), Target::CortexM0Plus);
/// assert_eq!(cost.model, model.as_bytes().len() as u64);
/// assert!(cost.flash < 96 * 1024 && cost.ram < 4 * 1024);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of flash: the model file, and the code.
    pub flash: u64,
    /// Bytes of the model file.
    pub model: u64,
    /// Bytes of RAM: working memory and stack, without the sample.
    pub ram: u64,
    /// Bytes of working memory.
    pub working: u64,
    /// Instructions of one classification, of the longest sample that the model takes. Where hypervectors have 15,360 bits
    /// or more, classes that can no longer be nearest are abandoned on the way, as are, in very few dimensions, all after two
    /// that equal the sample; that is not counted, so that less may be needed.
    pub instructions: u64,
}

impl Cost {
    /// What `model` takes on `target`.
    ///
    /// # Panics
    /// If the library has an encoder that was not calibrated, which its tests do not allow.
    pub fn of(model: &Model<'_>, target: Target) -> Self {
        // Programs for samples of `i16` and of `f32` are compiled differently.
        let program = 2 * target as usize + usize::from(model.metadata().float);
        let (file, working) = (model.file_len() as u64, 4 * model.scratch_words() as u64);
        let stack = Work::kinds(model).iter().map(|kind| of(table::STACK, kind)[program]).max();
        let instructions: f64 =
            Work::of(model).iter().map(|work| work.amount * of(table::INSTRUCTIONS, &work.name)[program]).sum();
        Self {
            flash: file + table::CODE[program],
            model: file,
            ram: working + stack.unwrap_or_default(),
            working,
            instructions: instructions.round() as u64,
        }
    }

    /// What a model takes on `target` that `trainer` would make of `data`, without training it.
    ///
    /// # Errors
    /// If the trainer's settings do not fit the data.
    pub fn of_settings(trainer: &Trainer, data: &Dataset, target: Target) -> Result<Self, TrainError> {
        Ok(Self::of(&trainer.sketch(&data.few()?, data.len())?.view(), target))
    }
}

impl Cost {
    /// Bytes of the model times instructions: what weighs the one against the other, each as a factor.
    pub(crate) fn product(self) -> u128 {
        u128::from(self.model) * u128::from(self.instructions)
    }
}

/// The columns of `name` in `table`, which is sorted.
fn of<T: Copy>(table: &[(&str, [T; 6])], name: &str) -> [T; 6] {
    let place = table.binary_search_by(|(other, _)| (*other).cmp(name));
    table[place.unwrap_or_else(|_| panic!("the table has no `{name}` yet: run `cargo xtask cost --calibrate`"))].1
}
