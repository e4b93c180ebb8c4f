//! Data sets for hyperdimensional-computing classifiers.
//!
//! One real set, `spar`, is part of the crate. The others are read from a folder: the one that `HDC_DATASETS`
//! names, or the cache that [`fetch`] fills. Your own files load through the same door: a `.csv` table
//! ([`read_csv`]) or a UEA `.ts` file ([`read_ts`]).
//!
//! Features: `fetch` (downloads; on by default), `excel` (the set `ctg`; on by default).
//!
//! ```
//! use hdc_datasets::{Options, load};
//!
//! let watch = load("spar:side=left", &Options { window: Some(100), ..Options::default() })?;
//! assert_eq!(watch.classes(), ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]);
//! assert_eq!((watch.groups().len(), watch.shape().channels), (10, 6));
//! # Ok::<(), hdc_datasets::DataError>(())
//! ```

mod counts;
mod csv;
mod error;
#[cfg(feature = "fetch")]
mod fetch;
mod folders;
mod load;
mod mat;
mod names;
mod numbers;
mod options;
mod registry;
mod request;
mod sets;
#[cfg(test)]
mod testing;
mod ts;
mod verify;

pub use counts::{Counts, counts};
pub use csv::{CsvPieces, read_csv};
pub use error::DataError;
#[cfg(feature = "fetch")]
pub use fetch::{Progress, fetch};
pub use folders::cache_folder;
pub use load::{load, load_recordings};
pub use options::Options;
pub use registry::{File, Info, Parameter, Windowing, info, list};
pub use ts::{read_ts, read_ts_pair};
pub use verify::verify;
