use anyhow::ensure;
use clap::{Args, value_parser};
use hdc_train::FrontEnd;

/// The width of a notch is its frequency divided by that. At 50 Hz it settles in 70 ms.
const QUALITY: f64 = 10.0;

const FILTERS: &str = "Filters, before anything is encoded (integer samples in windows)";

/// The options of the signal front end.
#[derive(Args)]
pub(super) struct Filters {
    /// Time steps a second, which the filters need
    #[arg(long, help_heading = FILTERS, value_name = "HZ")]
    rate: Option<f64>,
    /// Takes out what is slower, such as drift: Butterworth, second order
    #[arg(long, help_heading = FILTERS, value_name = "HZ")]
    high_pass: Option<f64>,
    /// Takes out these frequencies, such as 50,100 of the mains, each in a tenth of its frequency
    #[arg(long, help_heading = FILTERS, value_name = "HZ", value_delimiter = ',')]
    notch: Vec<f64>,
    /// Takes out what is faster: Butterworth, second order
    #[arg(long, help_heading = FILTERS, value_name = "HZ")]
    low_pass: Option<f64>,
    /// Rectifies, and averages over this time
    #[arg(long, help_heading = FILTERS, value_name = "SECONDS")]
    envelope: Option<f64>,
    /// Keeps one of so many time steps, after the filters
    #[arg(long, help_heading = FILTERS, value_name = "STEPS", value_parser = value_parser!(u32).range(1..))]
    decimate: Option<u32>,
}

impl Filters {
    /// The front end, if one is asked for.
    pub(super) fn front_end(&self) -> anyhow::Result<Option<FrontEnd>> {
        let Self { rate, high_pass, notch, low_pass, envelope, decimate } = self;
        let given = [high_pass, low_pass, envelope].iter().any(|option| option.is_some());
        let given = given || !notch.is_empty() || decimate.is_some();
        let Some(rate) = *rate else {
            ensure!(!given, "filters need --rate: add the time steps a second that the sensor delivers");
            return Ok(None);
        };
        ensure!(given, "--rate belongs to filters: add --high-pass, --notch, --low-pass, --envelope or --decimate");
        let mut front_end = FrontEnd::new(rate);
        if let Some(frequency) = *high_pass {
            front_end = front_end.high_pass(frequency);
        }
        for &frequency in notch {
            front_end = front_end.notch(frequency, QUALITY);
        }
        if let Some(frequency) = *low_pass {
            front_end = front_end.low_pass(frequency);
        }
        if let Some(seconds) = *envelope {
            front_end = front_end.envelope(seconds);
        }
        Ok(Some(front_end.decimate(decimate.unwrap_or(1) as usize)))
    }

    /// The steps that are left of `steps`.
    pub(super) fn steps(&self, steps: usize) -> usize {
        (steps / self.decimate.unwrap_or(1) as usize).max(1)
    }
}
