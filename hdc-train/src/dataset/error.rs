use thiserror::Error;

/// Why samples do not make a [`Dataset`](super::Dataset).
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DatasetError {
    /// There is nothing in it.
    #[error("`{name}` has no samples: check the file, or the window length if it is cut from recordings")]
    Empty {
        /// The data set.
        name: String,
    },
    /// The numbers do not fill whole samples.
    #[error("{got} numbers do not fill {expected} ({samples} labels x {steps} steps x {channels} channels)")]
    Ragged {
        /// Labels given.
        samples: usize,
        /// Steps in a sample.
        steps: usize,
        /// Channels in a step.
        channels: usize,
        /// Numbers needed.
        expected: usize,
        /// Numbers given.
        got: usize,
    },
    /// A number is NaN or infinite.
    #[error("sample {sample}, step {step}, channel {channel} is {value}: remove the sample or repair the value")]
    NotFinite {
        /// Index of the sample.
        sample: usize,
        /// Time step in the sample.
        step: usize,
        /// Channel in the step.
        channel: usize,
        /// The value.
        value: f32,
    },
    /// A label, group or part list is as long as it should not be, or points to nothing.
    #[error("{what} of sample {sample} is {got}, but there are {expected}")]
    OutOfRange {
        /// `class` or `group`.
        what: &'static str,
        /// Index of the sample.
        sample: usize,
        /// Names there are.
        expected: usize,
        /// Index given.
        got: usize,
    },
    /// One list is longer than the other.
    #[error("{got} {what} for {expected} samples: give one a sample")]
    Length {
        /// What the list holds.
        what: &'static str,
        /// Samples.
        expected: usize,
        /// Entries given.
        got: usize,
    },
    /// There are more or fewer names than channels.
    #[error("{got} column names for {expected} channels: give one a channel")]
    Columns {
        /// Channels.
        expected: usize,
        /// Names given.
        got: usize,
    },
    /// Integer and real values cannot be mixed.
    #[error("recording {recording} of `{name}` has another value type than the first: convert all to one type")]
    MixedTypes {
        /// The data set.
        name: String,
        /// Index of the recording.
        recording: usize,
    },
    /// Samples cannot be disturbed that way.
    #[error("the augmentation cannot be done: {problem}")]
    Augment {
        /// What is wrong.
        problem: &'static str,
    },
    /// A sequence has nothing in it.
    #[error("sequence {sample} has no steps: leave it out")]
    NoSteps {
        /// Index of the sample.
        sample: usize,
    },
    /// A window of no steps, or windows that do not move.
    #[error("window {window} and hop {hop} must both be at least 1")]
    Windowing {
        /// Steps in a window.
        window: usize,
        /// Steps between windows.
        hop: usize,
    },
}
