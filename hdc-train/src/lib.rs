//! Trains hyperdimensional-computing classifiers.
//!
//! [`Trainer`] fits a quantiser, encodes a [`Dataset`], bundles the class hypervectors, retrains them on
//! their mistakes and writes a [`ModelBuf`]: the bytes of a `.hdc` file, which classify the same way here
//! and on a chip. The same seed and the same data give the same bytes, on any number of threads.
//!
//! Features: `evcxr` (types draw themselves in a notebook).
//!
//! ```
//! use hdc_train::{Dataset, Shape, Trainer, Values};
//!
//! let rows = vec![0.0, 0.1, 0.2, 0.1, 0.9, 0.8, 1.0, 0.7];
//! let classes = vec!["low".to_string(), "high".to_string()];
//! let shape = Shape { steps: 1, channels: 2 };
//! let data = Dataset::new("toy", shape, Values::F32(rows), classes, vec![0, 0, 1, 1])?;
//! let model = Trainer::new().dimension(256).fit(&data)?;
//!
//! let predicted = hdc_train::predict(&model.view(), &data)?;
//! assert!(predicted.iter().zip(data.labels()).all(|(nearest, &label)| nearest.class == label));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assemble;
mod augment;
mod auto;
mod calibrate;
mod cost;
mod dataset;
mod early_exit;
mod encoded;
mod encoders;
mod encoding;
mod error;
mod evaluate;
mod front_end;
mod learn;
mod learner;
mod method;
mod model;
#[cfg(feature = "evcxr")]
mod notebook;
mod predict;
mod progress;
mod quantise;
mod recording;
pub mod reduce;
mod robustness;
mod search;
mod seeds;
mod shrink;
mod shuffle;
mod split;
mod trainer;
mod values;

pub use augment::Augment;
pub use auto::{Choice, Trial};
pub use calibrate::calibration_error;
pub use cost::{Cost, Target, UnknownTarget, Work};
pub use dataset::{Dataset, DatasetError, Part, Shape};
pub use encoded::Encoded;
pub use encoding::{Design, Designed, Encoding, Form, Kernel, Map, Optimiser, Projection};
pub use error::TrainError;
pub use evaluate::{Evaluation, Spread};
pub use front_end::{FrontEnd, FrontEndError};
pub use hdc_core::model::{EncoderSpec, FrontEndSpec, InputSpec, Source, SpatialSpec};
pub use hdc_core::{Component, Convolutions, EarlyExit, Exit, Feature, FeatureSet, Model, Nearest, Ngram, Tie};
pub use learn::Learn;
pub use learner::Learner;
pub use method::{
    Centroid, ClassCounts, Clusters, Job, LeHdc, Margin, Method, OnlineHd, Perceptron, Prototypes, QuantHd, RefineHd,
    WithFlips,
};
pub use model::{ModelBuf, OpenError};
pub use predict::{PredictError, align, predict, predict_early};
pub use progress::{Progress, Stage};
pub use quantise::Scale;
pub use recording::{Recording, Recordings};
pub use robustness::{FlipCurve, FlipError, FlipPoint, FlipTarget, Flips};
pub use search::{Budget, Candidate, Found, Search, SearchError};
pub use shrink::{Shrunk, Step};
pub use split::{Split, SplitError, by_time, folds, given, k_fold, leave_one_group_out};
pub use trainer::{Trainer, cross_validate};
pub use values::{Sample, Values};

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
