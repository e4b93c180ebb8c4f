//! What was measured on the test rows. It is kept, so that they are read once.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::common;

/// The accuracy of a choice on the test rows.
#[derive(Serialize, Deserialize)]
pub(super) struct Test {
    /// Of the model that was measured.
    pub(super) settings: String,
    pub(super) samples: usize,
    pub(super) accuracy: f64,
}

impl Test {
    /// Its file in the folder of the search.
    pub(super) const FILE: &str = "test.json";

    /// What an earlier run has measured, if one has.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(Self::FILE);
        let damaged = || format!("{} is damaged: remove it, and the test rows are read again", path.display());
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).with_context(damaged).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(damaged),
        }
    }

    pub(super) fn json(&self) -> anyhow::Result<String> {
        common::json(self)
    }

    /// In words, beside a choice with these `settings`.
    pub(super) fn text(&self, settings: &str) -> String {
        let whose = if self.settings == settings { "" } else { ", by an earlier choice: " };
        let other = if whose.is_empty() { "" } else { &self.settings };
        format!("{:.3} ({} rows, read once, after the choice{whose}{other})", self.accuracy, self.samples)
    }
}
