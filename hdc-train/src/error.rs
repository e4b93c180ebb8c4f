use hdc_core::model::ModelError;
use hdc_core::{EncodeError, Ngram};
use thiserror::Error;

use crate::dataset::DatasetError;
use crate::front_end::FrontEndError;
use crate::predict::PredictError;
use crate::reduce::ReduceError;
use crate::split::SplitError;

/// Why nothing was trained.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum TrainError {
    /// The dimension is not one.
    #[error("the dimension is {got}: choose a multiple of 32 from 32 to 4,194,272")]
    Dimension {
        /// The dimension asked for.
        got: usize,
    },
    /// The number of levels is not one.
    #[error("{got} levels: choose from 2 to {most}")]
    Levels {
        /// The levels asked for.
        got: usize,
        /// The most that the encoder can have.
        most: usize,
    },
    /// The dimension of the second encoder is not a part of the whole.
    #[error("the second encoder's dimension is {got}: choose a multiple of 32 from 32 to {whole}, less 32")]
    Joined {
        /// The dimension asked for.
        got: usize,
        /// The dimension of both encoders.
        whole: usize,
    },
    /// The quantiser would clip everything.
    #[error("the quantiser clips the share {got} at each end: choose from 0 up to but not including 0.5")]
    Clip {
        /// The share asked for.
        got: f32,
    },
    /// The share of false rejects is not one.
    #[error("the share of false rejects is {got}: choose one above 0 and below 1")]
    FalseRejects {
        /// The share asked for.
        got: f64,
    },
    /// The share of samples that an early exit may decide differently is none.
    #[error("the share of samples that an early exit decides differently is {got}: choose one above 0 and below 1")]
    Disagreement {
        /// The share asked for.
        got: f64,
    },
    /// A calibration and an early exit.
    #[error("a calibration is of distances in all dimensions: choose that, or an early exit")]
    EarlyCalibration,
    /// Symbols take no encoding that could stop.
    #[error("symbols are not encoded dimension by dimension: leave out the early exit")]
    EarlySymbols,
    /// Fewer dimensions do not decide as all do, often enough.
    #[error(
        "on held-out samples, no half of the dimensions is seen to decide but {disagreement} of them differently: allow \
         more, or add samples"
    )]
    NoEarlyExit {
        /// The share asked for.
        disagreement: f64,
    },
    /// Dimensions are not independent.
    #[error(transparent)]
    Reduce(#[from] ReduceError),
    /// The kernel of the levels has no scale.
    #[error("the kernel's turns or width is {got}: choose a number above 0")]
    Kernel {
        /// What was asked for.
        got: f32,
    },
    /// The loss that may be lost is not a share.
    #[error("the loss of accuracy is {got}: choose from 0 up to but not including 1")]
    Loss {
        /// The loss asked for.
        got: f64,
    },
    /// No seed is to be tried.
    #[error("0 seeds: choose 1 or more to try")]
    Seeds,
    /// A piece of the data is not like the first.
    #[error("`{data}` has other classes, columns or channels than what the learner was made with")]
    Piece {
        /// The piece.
        data: String,
    },
    /// What was learned apart cannot be merged.
    #[error("the encoders of these learners differ: make one, and clone it for each part of the data")]
    Shard,
    /// There are more channels than a model can count.
    #[error("{got} channels or features, at most 65,535 are possible: leave some out")]
    Channels {
        /// Channels of the data.
        got: usize,
    },
    /// A window is too short for one n-gram.
    #[error("an n-gram of order {} and stride {} reaches over {} steps, a window has {steps}: use longer windows \
             or a smaller order", ngram.order, ngram.stride, ngram.span())]
    Window {
        /// The n-gram asked for.
        ngram: Ngram,
        /// Steps in a window.
        steps: usize,
    },
    /// Sequences have no common length.
    #[error(
        "sequences of different lengths are encoded step by step, with n-grams: leave out features, or cut windows"
    )]
    Sequences,
    /// A ternary matrix does not mix features.
    #[error("a ternary projection has a standardised space, as others cannot be folded into it: choose that")]
    Ternary,
    /// A deviation is a number, and not negative.
    #[error("hyperplanes cannot have offsets of {got} deviations: choose a number from 0 on, such as 1")]
    Offsets {
        /// What was asked for.
        got: f32,
    },
    /// Only records without n-grams are sums.
    #[error(
        "integer bundles are of record encoding, of whole rows, features, or steps without n-grams, and alone: choose \
         that, or leave out `integer`"
    )]
    Integer,
    /// The training method takes binary samples.
    #[error(
        "{method} trains on binary samples: choose centroids, margin, or LeHDC with one prototype a class for integer ones"
    )]
    IntegerMethod {
        /// The method.
        method: String,
    },
    /// The distances of integer bundles are too large.
    #[error("integer bundles of {total} numbers have {digits} digits: choose a dimension of at most {most}")]
    Digits {
        /// Numbers in a bundle.
        total: usize,
        /// Their binary digits.
        digits: usize,
        /// The largest dimension.
        most: usize,
    },
    /// Integer bundles are too many for a table.
    #[error(
        "a table of {columns} numbers, {levels} levels and {classes} class hypervectors is too large, or its entries \
             are: write hypervectors"
    )]
    Table {
        /// Numbers in a row.
        columns: usize,
        /// Levels of each.
        levels: usize,
        /// Class hypervectors.
        classes: usize,
    },
    /// Symbols are not numbers of one integer channel.
    #[error("symbols are encoded from sequences of one channel of integers: use another encoding, or convert the data")]
    Symbols,
    /// Features cannot be measured of a window.
    #[error(
        "features in {parts} parts of a window of {steps} steps: choose some features, from 1 part to one a step, \
             and windows of at most {most} steps"
    )]
    Features {
        /// Parts asked for.
        parts: usize,
        /// Steps in a window.
        steps: usize,
        /// The longest window.
        most: usize,
    },
    /// Convolutions do not fit a window.
    #[error(
        "convolutions with {dilations} dilation(s) of a window of {steps} steps, which has room for {most}: choose at least 1 \
             and at most as many, and windows of 9 to 32767 steps"
    )]
    Convolutions {
        /// Dilations asked for.
        dilations: usize,
        /// The most that fit.
        most: usize,
        /// Steps in a window.
        steps: usize,
    },
    /// The front end cannot be designed, or does not fit the data.
    #[error(transparent)]
    FrontEnd(#[from] FrontEndError),
    /// There is nothing to tell apart.
    #[error("all {samples} training samples have the label `{label}`: a classifier needs at least two")]
    OneClass {
        /// Training samples.
        samples: usize,
        /// Their label.
        label: String,
    },
    /// A class has nothing to learn from.
    #[error("no training sample has the label `{label}`: add some, or remove the label")]
    EmptyClass {
        /// The label.
        label: String,
    },
    /// A label cannot be written into a model.
    #[error("the label `{label}` is empty or has a line feed: rename it")]
    Label {
        /// The label.
        label: String,
    },
    /// The encoder refuses a sample.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The model cannot be written.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A split has an empty side.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A test sample does not fit.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The data cannot be divided for cross-validation.
    #[error(transparent)]
    Split(#[from] SplitError),
}
