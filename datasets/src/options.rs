//! What a caller can choose besides the data set.

use std::path::PathBuf;

use hdc_train::Part;

/// How to read a data set. The default is right for every set that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Steps in a window, for recordings. Default: the set's own.
    pub window: Option<usize>,
    /// Steps between the starts of two windows, for recordings. Default: the set's own, or half of `window`
    /// where that is given.
    pub hop: Option<usize>,
    /// Column of a `.csv` file that says which recording a row belongs to: the rows are then time steps.
    pub series: Option<String>,
    /// The test half of a `.ts` file.
    pub test: Option<PathBuf>,
    /// One side only of the source's split. What lies on the other is not read: neither its files nor, where a file has
    /// both, its numbers. Data without a split are for training. Default: both sides.
    pub part: Option<Part>,
}
