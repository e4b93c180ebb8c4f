//! The metadata of format 3, which had no front end.

use serde::Deserialize;

use super::format2::Metadata2;
use super::metadata::{CalibrationSpec, Metadata};

#[derive(Deserialize)]
pub(super) struct Metadata3<'a> {
    #[serde(borrow)]
    before: Metadata2<'a>,
    calibration: Option<CalibrationSpec>,
}

impl<'a> From<Metadata3<'a>> for Metadata<'a> {
    fn from(old: Metadata3<'a>) -> Self {
        Self { calibration: old.calibration, ..old.before.into() }
    }
}
