use thiserror::Error;

/// Why a front end cannot be designed, or does not fit the data.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum FrontEndError {
    /// The rate is not one.
    #[error("the rate is {got} Hz: give the time steps a second that the sensor delivers")]
    Rate {
        /// The rate given.
        got: f64,
    },
    /// A filter is too low for the arithmetic, or at or above half the rate.
    #[error("a filter at {got} Hz of samples at {rate} Hz: choose from {least} up to but not including {most} Hz")]
    Frequency {
        /// The frequency asked for.
        got: f64,
        /// The rate.
        rate: f64,
        /// The least frequency.
        least: f64,
        /// Half the rate.
        most: f64,
    },
    /// The quality of a notch is out of range.
    #[error("a notch of quality {got}: choose from 0.1 to 1000")]
    Quality {
        /// The quality asked for.
        got: f64,
    },
    /// The envelope is shorter than a step, or very long.
    #[error("an envelope of {got} s: choose at least one time step, {least} s, and at most 4,194,304")]
    Envelope {
        /// The time asked for, in seconds.
        got: f64,
        /// The time of one step.
        least: f64,
    },
    /// No step, or none of a window, would be kept.
    #[error("1 of {got} steps of windows of {steps}: choose from 1 to {steps}")]
    Decimation {
        /// The decimation asked for.
        got: usize,
        /// Steps in a window.
        steps: usize,
    },
    /// Feature rows have no time.
    #[error("feature rows have no time steps to filter: cut recordings into windows, or leave out the front end")]
    Rows,
    /// Sequences have no common length.
    #[error("a front end takes windows, not sequences of different lengths: cut windows, or leave out the front end")]
    Sequences,
    /// Samples are real.
    #[error(
        "a front end takes integer samples, as the sensor counts them: convert the data to whole numbers from -32768 to \
         32767, or leave out the front end"
    )]
    Real,
    /// Windows are not as long as those it was fitted to.
    #[error("windows of {got} steps, the front end was fitted to {expected}: use the same window")]
    Steps {
        /// Steps it was fitted to.
        expected: usize,
        /// Steps of the data.
        got: usize,
    },
}
