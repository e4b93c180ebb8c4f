//! Hyperdimensional-computing inference on a microcontroller.
//!
//! A [`Model`] is a view of the bytes of a `.hdc` file in flash: nothing is copied or allocated. A
//! [`Classifier`] gives it working memory and classifies windows or feature rows, in integers only, with
//! the same bits as on the host that trained it.
//!
//! ```no_run
//! use hdc_embedded::{Classifier, Model};
//!
//! # fn sensor_window() -> [i16; 1200] { [0; 1200] }
//! # const MODEL: &[u8] = &[];
//! // static MODEL: &[u8] = hdc_embedded::include_model!("gestures.hdc");
//! let model = Model::open(MODEL)?;
//! let mut classifier = Classifier::new(model, [0; 1024])?;
//! let nearest = classifier.classify(&sensor_window())?;
//! let model = classifier.model();
//! // Of a calibrated model: not if it is like nothing that the model knows.
//! let name = if model.accepts(&nearest) { model.label(nearest.class) } else { None };
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! Features: `float` (samples of `f32`), and one for each [`Component`] of the library that a model may need, all of them on by
//! default. A firmware that names only those of its model, which `hdc inspect` prints, is much smaller:
//!
//! ```toml
//! hdc-embedded = { version = "0.1", default-features = false, features = ["projection", "window-features"] }
//! ```
#![no_std]
#![forbid(unsafe_code)]

mod classifier;

pub use classifier::Classifier;
pub use hdc_core::model::{Metadata, ModelError, Provenance};
pub use hdc_core::{Component, EncodeError, Model, Nearest, Value};

/// Bytes at an address that is a multiple of 16, as [`include_model!`] makes them.
#[derive(Debug)]
#[repr(C, align(16))]
pub struct Aligned<T: ?Sized>(
    /// The bytes.
    pub T,
);

/// The bytes of a model file, as `include_bytes!`, aligned so that [`Model::open`] can use them in place.
///
/// ```ignore
/// static MODEL: &[u8] = hdc_embedded::include_model!("gestures.hdc");
/// ```
#[macro_export]
macro_rules! include_model {
    ($path:expr $(,)?) => {{
        static ALIGNED: &$crate::Aligned<[u8]> = &$crate::Aligned(*include_bytes!($path));
        &ALIGNED.0
    }};
}
