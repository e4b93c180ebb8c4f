//! One file a data set. A new one is a file with an [`Info`] and a line in [`TABLE`].

use std::path::PathBuf;

use hdc_train::{Dataset, Part};

use crate::error::DataError;
use crate::registry::Info;
use crate::request::Request;
use crate::ts::read_named_pair;

mod basicmotions;
#[cfg(feature = "excel")]
mod ctg;
mod emg_rps;
mod european_languages;
mod flexemg;
mod hdc_emg;
mod hdc_emg_time;
mod isolet;
mod lis;
mod magic_wand;
mod mnist;
mod myodisco;
mod racketsports;
mod spar;
mod uci_emg;
mod wisdm;

/// Every data set, in the order in which they are listed.
pub(crate) static TABLE: &[Info] = &[
    spar::INFO,
    basicmotions::INFO,
    racketsports::INFO,
    hdc_emg::INFO,
    uci_emg::INFO,
    uci_emg::DISTINCT,
    mnist::INFO,
    isolet::INFO,
    wisdm::INFO,
    european_languages::INFO,
    myodisco::INFO,
    lis::INFO,
    hdc_emg_time::INFO,
    #[cfg(feature = "excel")]
    ctg::INFO,
    magic_wand::INFO,
    emg_rps::INFO,
    flexemg::INFO,
];

/// Reads the train and the test `.ts` file of a set.
fn ts_pair(request: &Request<'_>, train: &str, test: &str) -> Result<Dataset, DataError> {
    // A file that is not read need not be there.
    let file = |part: Part, path: &str| match request.reads(part) {
        true => request.folders.file(request.info.name, path),
        false => Ok(PathBuf::new()),
    };
    read_named_pair(Some(request.spec), &file(Part::Train, train)?, &file(Part::Test, test)?, request.part)
}
