//! The options that say how a model is trained.

mod choices;
mod encoding;
mod front_end;

use std::time::Duration;

use anyhow::{bail, ensure};
use clap::{Args, value_parser};
use hdc_train::{
    Augment, Centroid, Clusters, Convolutions, Encoding, LeHdc, Learn, Margin, OnlineHd, Perceptron, QuantHd, RefineHd,
    Scale, Source, Trainer,
};

use self::encoding::features;
use choices::{Encoder, IntegerForm, Memories, Planes, Second, Similarity, Space, Spacing, Training, Weights};

#[derive(Args)]
pub(crate) struct Settings {
    /// `auto` chooses encoder, method and all their settings by cross-validation on the training data; `record` looks at
    /// the values of a time step, `ngram` also at their order in time, `projection` compares weighted sums of features
    /// with thresholds, `learned` is a record of learned memories, without multiplication, or learned symbols for texts,
    /// `designed` a record whose levels are searched for, `symbols` is for texts [default: record for feature rows, ngram for
    /// windows, symbols for texts]
    #[arg(long)]
    encoder: Option<Encoder>,
    /// A second encoder, with the usual settings of its kind and the same scale, whose hypervector is joined to the first: it
    /// gets half of the dimension
    #[arg(long, value_name = "ENCODER")]
    join: Option<Second>,
    /// The most minutes that `--encoder auto` takes to choose [default: 5]
    #[arg(long, value_name = "N", value_parser = minutes)]
    minutes: Option<Duration>,
    /// Dimension: bits in a hypervector, a multiple of 32. More is more accurate, larger and slower
    #[arg(long, value_name = "BITS", default_value_t = 2048)]
    dim: usize,
    /// Levels that a value is quantised to [default: 16, for projection 32]
    #[arg(long, value_name = "M")]
    levels: Option<usize>,
    /// How the levels are spread: at equal distances, by equal factors, or with equally many values in each
    /// [default: quantile]
    #[arg(long)]
    scale: Option<Spacing>,
    /// Share of the values cut off at each end as outliers, for `--scale uniform` [default: 0.01]
    #[arg(long, value_name = "SHARE")]
    clip: Option<f32>,
    /// How similar the levels of a record are: the nearer the more, the ends opposite; in one and a half turns of a cosine,
    /// which often suits amplitudes of EMG; or by a Gaussian kernel [default: linear]
    #[arg(long)]
    kernel: Option<Similarity>,
    /// Time steps that an n-gram binds together [default: 3]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    order: Option<u16>,
    /// Distance of those steps [default: so that three of them reach over a tenth of the window]
    #[arg(long, value_name = "STEPS", value_parser = value_parser!(u16).range(1..))]
    stride: Option<u16>,
    /// Features of a window that are encoded instead of its steps: a list of emg, motion, all (sets of them), mean, mav, rms,
    /// sd, wl, zc, ssc, min, max, and corr, the correlation with the next channel [default: motion for projection]; or
    /// `convolutions`, how often patterns of its course are in it
    #[arg(long, value_name = "LIST")]
    features: Option<String>,
    /// Equal parts of the window in which the features are measured [default: 1]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    parts: Option<u16>,
    /// The space that is projected from: features of variance 1, whitened within the classes, the directions in which the
    /// classes differ, or those in which all samples vary most [default: whitened]
    #[arg(long)]
    space: Option<Space>,
    /// Whether the hyperplanes of the projection are random or learned [default: random]
    #[arg(long)]
    planes: Option<Planes>,
    /// How far beside the mean of the samples the hyperplanes of the projection lie, in deviations of the samples, such as 1:
    /// then their bits tell how far a sample is from the mean, too [default: 0]
    #[arg(long, value_name = "DEVIATIONS", allow_negative_numbers = true)]
    offsets: Option<f32>,
    /// Whether the weights of the projection are integers of 8 bits, or -1, 0 and 1: a quarter of the flash, and no
    /// multiplication for each of them [default: integer]
    #[arg(long)]
    weights: Option<Weights>,
    /// Seed of all that is random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tries this many seeds, from that one on, and keeps the one that does best in cross-validation on the training data.
    /// It is worth something where there are few dimensions, such as 64, and costs a chip nothing
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    seeds: Option<u16>,
    /// Leaves samples of a record the sums that they are, where they else become binary: more accurate where the numbers
    /// speak for themselves, and without n-grams. The model is written as hypervectors or as a table of integers, which
    /// decide alike; by default as what has the smaller product of bytes and instructions on a Cortex-M4
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "cheapest")]
    integer: Option<IntegerForm>,
    /// How class hypervectors are trained [default: margin]
    #[arg(long)]
    method: Option<Training>,
    /// Passes of that training over the samples [default: as the method has it]
    #[arg(long)]
    epochs: Option<usize>,
    /// Class hypervectors a class, for `--method lehdc` [default: 1] and `clusters` [default: 2]
    #[arg(long, value_name = "P", value_parser = value_parser!(u16).range(1..))]
    prototypes: Option<u16>,
    /// Calibrates the model: it rejects samples that lie far from all classes, this share (such as 0.05) of those that it
    /// would have named rightly among them, and gives a confidence
    #[arg(long, value_name = "SHARE")]
    false_rejects: Option<f64>,
    /// Lets the model answer from its first bits where these tell the classes apart, and decide no more than about this share
    /// (such as 0.01) of the samples differently: most samples then take a fraction of the time. For one encoder without
    /// n-grams; `--encoder auto` chooses among those
    #[arg(long, value_name = "SHARE")]
    early_exit: Option<f64>,
    /// Also trains on this many copies of every sample, disturbed a little by noise and by a factor for each channel
    #[arg(long, value_name = "COPIES")]
    augment: Option<u16>,
    /// Turns the axes of sensors in the copies by about so many degrees, as a device is worn differently: channels in threes
    #[arg(long, value_name = "DEGREES", requires = "augment", default_value_t = 0.0)]
    turn: f32,
    /// Repeats samples of rarer classes, so that all classes count the same
    #[arg(long)]
    balance: bool,
    /// Memories of record encoding in the file (fast), or regenerated on the chip from the seed (a small file)
    #[arg(long)]
    memories: Option<Memories>,
    #[command(flatten)]
    filters: front_end::Filters,
}

impl Settings {
    /// Whether levels are designed.
    pub(crate) fn is_designed(&self) -> bool {
        self.encoder == Some(Encoder::Designed)
    }

    /// Whether folds say more of the model: a calibration, or an early exit.
    pub(crate) fn takes_folds(&self) -> bool {
        self.false_rejects.is_some() || self.early_exit.is_some()
    }

    /// How many seeds are tried, if more are than one.
    pub(crate) fn seeds(&self) -> Option<usize> {
        self.seeds.map(usize::from)
    }

    /// How long encoder and method may be chosen automatically, if that is wanted.
    pub(crate) fn budget(&self) -> Option<Duration> {
        let usual = Duration::from_mins(5);
        (self.encoder == Some(Encoder::Auto)).then(|| self.minutes.unwrap_or(usual))
    }

    /// The trainer for windows of `steps` time steps, before the filters, or texts of `symbols` symbols, or what an automatic
    /// choice starts from.
    pub(crate) fn trainer(&self, steps: usize, symbols: Option<usize>) -> anyhow::Result<Trainer> {
        let trainer = match (self.encoder, symbols) {
            (Some(Encoder::Auto), _) => self.automatic(),
            (Some(Encoder::Symbols | Encoder::Learned) | None, Some(symbols)) => self.text(symbols),
            (Some(Encoder::Symbols), None) => {
                bail!("--encoder symbols takes texts, sequences of one channel of small whole numbers: choose another")
            }
            _ => self.chosen(self.filters.steps(steps)),
        }?;
        let trainer = match self.filters.front_end()? {
            Some(front_end) => trainer.front_end(front_end),
            None => trainer,
        };
        let copies = Augment { degrees: self.turn, ..Augment::default() };
        let trainer = trainer.augmented(copies, self.augment.unwrap_or(0).into());
        let trainer = if self.balance { trainer.balanced() } else { trainer };
        let trainer = match self.false_rejects {
            Some(share) => trainer.calibrate(share),
            None => trainer,
        };
        Ok(match self.early_exit {
            Some(share) => trainer.early_exit(share),
            None => trainer,
        })
    }

    fn text(&self, symbols: usize) -> anyhow::Result<Trainer> {
        self.check_minutes()?;
        refuse(
            &[
                ("--join", self.join.is_some()),
                ("--levels", self.levels.is_some()),
                ("--scale", self.scale.is_some()),
                ("--clip", self.clip.is_some()),
                ("--kernel", self.kernel.is_some()),
                ("--features", self.features.is_some()),
                ("--parts", self.parts.is_some()),
                ("--space", self.space.is_some()),
                ("--planes", self.planes.is_some()),
                ("--offsets", self.offsets.is_some()),
                ("--weights", self.weights.is_some()),
                ("--integer", self.integer.is_some()),
            ],
            |option| format!("{option} does not go with symbols: leave it out, or choose another encoder"),
        )?;
        let encoding = if self.encoder == Some(Encoder::Learned) {
            ensure!(self.memories.is_none(), "--memories belongs to --encoder symbols: learned ones are always stored");
            Encoding::learned_symbols(symbols, Learn::symbols())
        } else {
            Encoding::symbols(symbols).memories(self.source())
        };
        let encoding = encoding.ngram(self.order.unwrap_or(3), self.stride.unwrap_or(1));
        self.method(Trainer::new().dimension(self.dim).encoding(encoding).seed(self.seed))
    }

    fn check_minutes(&self) -> anyhow::Result<()> {
        ensure!(self.minutes.is_none(), "--minutes belongs to --encoder auto: add that, or leave out --minutes");
        Ok(())
    }

    fn source(&self) -> Source {
        if self.memories == Some(Memories::Regenerated) { Source::Regenerated } else { Source::Stored }
    }

    fn chosen(&self, steps: usize) -> anyhow::Result<Trainer> {
        self.check_minutes()?;
        let scale = match (self.scale.unwrap_or(Spacing::Quantile), self.clip) {
            (Spacing::Uniform, clip) => Scale::Uniform { clip: clip.unwrap_or(0.01) },
            (Spacing::Quantile, None) => Scale::Quantile,
            (Spacing::Logarithmic, None) => Scale::Logarithmic,
            (Spacing::Quantile | Spacing::Logarithmic, Some(_)) => {
                bail!("--clip belongs to --scale uniform: add that, or leave out --clip")
            }
        };
        let mut encoding = match self.encoder {
            Some(Encoder::Projection) => self.projection()?,
            Some(Encoder::Learned) => self.learned(steps)?,
            _ => self.record(steps)?,
        };
        if let Some(list) = &self.features {
            ensure!(steps > 1, "--features are measured over windows: read the rows as recordings with --series");
            encoding = match list.as_str() {
                "convolutions" => {
                    ensure!(self.parts.is_none(), "convolutions are of the whole window: leave out --parts");
                    encoding.convolutions(Convolutions::most_dilations(steps).clamp(1, 3))
                }
                list => encoding.features(features(list)?, usize::from(self.parts.unwrap_or(1))),
            };
        }
        if let Some(levels) = self.levels {
            encoding = encoding.levels(levels);
        }
        let mut trainer = Trainer::new().dimension(self.dim).encoding(encoding.scale(scale)).seed(self.seed);
        if let Some(second) = self.join {
            ensure!(self.dim >= 64, "--join shares the dimension of two encoders: choose a --dim of 64 or more");
            trainer = trainer.join(second.encoding(steps)?.scale(scale), self.dim / 64 * 32);
        }
        self.method(trainer)
    }

    /// The trainer of rows that come in pieces, and the passes of retraining.
    pub(crate) fn streaming(&self) -> anyhow::Result<(Trainer, usize)> {
        let epochs = match self.method {
            Some(Training::Centroid) => 0,
            None | Some(Training::Margin) => self.epochs.unwrap_or(3),
            Some(_) => bail!("--stream trains with --method centroid or margin: choose one of them"),
        };
        ensure!(
            self.encoder != Some(Encoder::Auto) && !self.takes_folds() && self.seeds.is_none(),
            "--encoder auto, --false-rejects, --early-exit and --seeds need all rows in memory: leave them out, or leave out \
             --stream"
        );
        ensure!(
            self.augment.is_none() && !self.balance,
            "--augment and --balance need all rows in memory: leave them out, or leave out --stream"
        );
        Ok((self.trainer(1, None)?, epochs))
    }

    fn automatic(&self) -> anyhow::Result<Trainer> {
        let given = [
            ("--join", self.join.is_some()),
            ("--levels", self.levels.is_some()),
            ("--scale", self.scale.is_some()),
            ("--clip", self.clip.is_some()),
            ("--kernel", self.kernel.is_some()),
            ("--order", self.order.is_some()),
            ("--stride", self.stride.is_some()),
            ("--features", self.features.is_some()),
            ("--parts", self.parts.is_some()),
            ("--space", self.space.is_some()),
            ("--planes", self.planes.is_some()),
            ("--offsets", self.offsets.is_some()),
            ("--weights", self.weights.is_some()),
            ("--integer", self.integer.is_some()),
            ("--method", self.method.is_some()),
            ("--epochs", self.epochs.is_some()),
            ("--prototypes", self.prototypes.is_some()),
            ("--memories", self.memories.is_some()),
        ];
        refuse(&given, |option| {
            format!("--encoder auto chooses {option} itself: leave it out, or choose another encoder")
        })?;
        Ok(Trainer::new().dimension(self.dim).seed(self.seed))
    }

    fn method(&self, trainer: Trainer) -> anyhow::Result<Trainer> {
        ensure!(
            self.prototypes.is_none() || matches!(self.method, Some(Training::Clusters | Training::Lehdc)),
            "--prototypes belongs to --method lehdc or clusters: add one, or leave out --prototypes"
        );
        ensure!(
            self.epochs.is_none() || self.method != Some(Training::Centroid),
            "--method centroid takes one pass: leave out --epochs, or choose another method"
        );
        let epochs = |usual| self.epochs.unwrap_or(usual);
        let prototypes = |usual| self.prototypes.map_or(usual, usize::from);
        Ok(match self.method.unwrap_or(Training::Margin) {
            Training::Centroid => trainer.method(Centroid),
            Training::Margin => {
                let usual = Margin::default();
                trainer.method(Margin { epochs: epochs(usual.epochs), ..usual })
            }
            Training::Perceptron => trainer.method(Perceptron { epochs: epochs(Perceptron::default().epochs) }),
            Training::Onlinehd => trainer.method(OnlineHd { epochs: epochs(OnlineHd::default().epochs) }),
            Training::Refinehd => trainer.method(RefineHd { epochs: epochs(RefineHd::default().epochs) }),
            Training::Quanthd => trainer.method(QuantHd { epochs: epochs(QuantHd::default().epochs) }),
            Training::Lehdc => {
                let usual = LeHdc::default();
                trainer.method(LeHdc {
                    epochs: epochs(usual.epochs),
                    prototypes: prototypes(usual.prototypes),
                    ..usual
                })
            }
            Training::Clusters => {
                let usual = Clusters::default();
                trainer.method(Clusters { epochs: epochs(usual.epochs), prototypes: prototypes(usual.prototypes) })
            }
        })
    }
}

/// Fails with `problem` of the first option that was given.
fn refuse(options: &[(&str, bool)], problem: impl Fn(&str) -> String) -> anyhow::Result<()> {
    match options.iter().find(|(_, given)| *given) {
        Some((option, _)) => bail!(problem(option)),
        None => Ok(()),
    }
}

/// A time in minutes.
pub(crate) fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: f64 = text.parse().map_err(|_| "not a number".to_string())?;
    match Duration::try_from_secs_f64(minutes * 60.0) {
        Ok(time) if minutes <= 7.0 * 24.0 * 60.0 => Ok(time),
        _ => Err("choose from 0 to 10080 minutes, a week".into()),
    }
}

#[cfg(test)]
mod tests;
