//! What a model takes on a chip.

#[allow(clippy::unreadable_literal, reason = "generated: a separator comes and goes with a figure")]
mod table;
mod target;
mod work;

pub use target::{Target, UnknownTarget};
pub use work::Work;

use hdc_core::{Component, Model};

use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::trainer::Trainer;

/// What one classification takes on a chip, and the model in its flash.
///
/// The bytes of the model and of its working memory are exact for any program. The bytes of code and of stack are those of
/// a program that does nothing else (`examples/cost/src/bin/bare.rs`: start-up code, opening the model, classifying; no
/// printing; optimised for speed; built with the [components](hdc_core::Component) that the [model needs](Self::needs) and
/// no others), measured once for each target and each set of components that a model of one encoder can need. For models that
/// join two encoders or have a front end, the program has the components of all encoders and the front end, for those that exit
/// early or are of an older format it has all components: it is larger than it must be. In a
/// workspace of its own the compiler makes slightly other code of the same sources, some .4 % larger or smaller.
///
/// Instructions are predicted: a sum over the parts of the [work](Work), with a coefficient for each, fitted to models that
/// ran in an emulator, each in the program with its components. They are instructions, not cycles. Fitted were models of 32
/// bits or more and of 4 to 64 levels. `cargo xtask cost` compares all of this with the emulator, on models that were not
/// fitted to.
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
/// assert!(cost.flash < 48 * 1024 && cost.ram < 4 * 1024);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of flash: the model file, and the code of a program with the components that it needs.
    pub flash: u64,
    /// Bytes of the model file.
    pub model: u64,
    /// Bytes of RAM: working memory and stack, without the sample.
    pub ram: u64,
    /// Bytes of working memory.
    pub working: u64,
    /// Instructions of one classification, of the longest sample that the model takes, and of one that does not stop before the
    /// last dimension if the model may [exit early](hdc_core::EarlyExit): the most, where the mean may be a fraction. Where hypervectors have 15,360 bits
    /// or more, classes that can no longer be nearest are abandoned on the way, as are, in very few dimensions, all after two
    /// that equal the sample; that is not counted, so that less may be needed.
    pub instructions: u64,
}

/// The components of all encoders, and the front end.
const ENCODERS: &str = "convolutions,front-end,integer-record,learned-record,ngrams,projection,record,regenerated,symbols,\
                        table,ternary-projection,window-features";

impl Cost {
    /// What `model` takes on `target`.
    ///
    /// # Panics
    /// If the library has an encoder that was not calibrated, which its tests do not allow.
    pub fn of(model: &Model<'_>, target: Target) -> Self {
        let float = model.metadata().float;
        let [code, stack] = of(table::PROGRAMS, &Self::program(model))[target as usize];
        let (file, working) = (model.file_len() as u64, 4 * model.scratch_words() as u64);
        // Programs for samples of `i16` and of `f32` are compiled differently.
        let column = 2 * target as usize + usize::from(float);
        let instructions: f64 =
            Work::of(model).iter().map(|work| work.amount * of(table::INSTRUCTIONS, &work.name)[column]).sum();
        Self {
            flash: file + code,
            model: file,
            ram: working + stack,
            working,
            instructions: instructions.round() as u64,
        }
    }

    /// What `model` needs of the library: the Cargo features of hdc-embedded in its firmware, sorted.
    pub fn needs(model: &Model<'_>) -> Vec<&'static str> {
        let float = model.metadata().float.then_some("float");
        let mut names: Vec<&str> = model.components().map(Component::name).chain(float).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The Cargo features of hdc-embedded in the program whose code and stack count: what `model` [needs](Self::needs); all
    /// encoders where it joins two or has a front end; all there are where it exits early or is of an older format.
    pub fn program(model: &Model<'_>) -> String {
        let needs = Self::needs(model);
        let alone = model.metadata().joined.is_none() && model.front_end().is_none();
        let usual = [Component::OldFormats, Component::EarlyExit].iter().all(|other| !needs.contains(&other.name()));
        let features = match usual {
            true if alone => return needs.join(","),
            true => ENCODERS,
            false => "all",
        };
        if model.metadata().float { format!("{features},float") } else { features.into() }
    }

    /// What a model takes on `target` that `trainer` would make of `data`, without training it. A table of integers is held
    /// for one with entries of 16 bits where it may need them; with 8 bits it is smaller, but for up to 8 bytes of distances.
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

/// The row of `name` in `table`, which is sorted.
fn of<T: Copy>(table: &[(&str, T)], name: &str) -> T {
    let place = table.binary_search_by(|(other, _)| (*other).cmp(name));
    table[place.unwrap_or_else(|_| panic!("the table has no `{name}` yet: run `cargo xtask cost --calibrate`"))].1
}
