//! The encoding that the options name.

use anyhow::{bail, ensure};
use hdc_train::{Design, Encoding, Feature, FeatureSet, Form, Kernel, Learn, Map, Ngram, Projection};

use super::Settings;
use super::choices::{Encoder, IntegerForm, Planes, Similarity, Space, Weights};

impl Settings {
    pub(super) fn record(&self, steps: usize) -> anyhow::Result<Encoding> {
        self.check_no_hyperplanes()?;
        let record = match self.encoder {
            Some(Encoder::Designed) => Encoding::record().designed(Design::default()),
            _ => Encoding::record(),
        };
        let record = record.memories(self.source());
        let record = match self.kernel {
            None | Some(Similarity::Linear) => record,
            Some(Similarity::Cosine) => record.kernel(Kernel::Cosine { turns: 1.5 }),
            Some(Similarity::Gaussian) => record.kernel(Kernel::Gaussian { width: 0.2 }),
        };
        let record = match self.integer {
            None => record,
            Some(IntegerForm::Cheapest) => record.integer(Form::Cheapest),
            Some(IntegerForm::Hypervectors) => record.integer(Form::Hypervectors),
            Some(IntegerForm::Table) => record.integer(Form::Table),
        };
        let given = self.order.is_some() || self.stride.is_some();
        if self.features.is_some() {
            ensure!(
                !given && self.encoder != Some(Encoder::Ngram),
                "--features look at a window as a whole, without n-grams: leave out --encoder ngram, --order and --stride"
            );
            return Ok(record);
        }
        ensure!(self.parts.is_none(), "--parts belongs to --features: add that, or leave out --parts");
        let usual = Ngram::spread(steps);
        match self.encoder {
            Some(Encoder::Record) if given => {
                bail!("--order and --stride belong to --encoder ngram: leave them out, or choose that encoder")
            }
            None | Some(Encoder::Ngram) if steps == 1 && (given || self.encoder.is_some()) => {
                bail!(
                    "feature rows have no time steps for n-grams: leave out --encoder ngram, --order and --stride, \
                     or read the rows as recordings with --series, --window and --hop"
                )
            }
            _ if steps == 1 => Ok(record.whole()),
            Some(Encoder::Record) => Ok(record.ngram(1, 1)),
            _ if self.integer.is_some() => {
                bail!("--integer takes no n-grams: add --features, or --encoder record for the steps by themselves")
            }
            _ => Ok(record.ngram(self.order.unwrap_or(usual.order), self.stride.unwrap_or(usual.stride))),
        }
    }

    pub(super) fn learned(&self, steps: usize) -> anyhow::Result<Encoding> {
        self.check_row("a learned record")?;
        self.check_binary()?;
        self.check_no_hyperplanes()?;
        let record = Encoding::learned_record(Learn::memories());
        Ok(if steps == 1 { record.whole() } else { record })
    }

    pub(super) fn projection(&self) -> anyhow::Result<Encoding> {
        self.check_row("a projection")?;
        self.check_binary()?;
        let map = match self.space {
            Some(Space::Standardised) => Map::Standardised,
            Some(Space::Discriminant) => Map::Discriminant,
            Some(Space::Principal) => Map::Principal,
            Some(Space::Whitened) | None => Map::Whitened,
        };
        let learn = (self.planes == Some(Planes::Learned)).then(Learn::default);
        let projection = Projection { map, learn, ..Projection::default() }.offsets(self.offsets.unwrap_or(0.0));
        if self.weights != Some(Weights::Ternary) {
            return Ok(Encoding::projection(projection));
        }
        ensure!(
            matches!(self.space, None | Some(Space::Standardised)),
            "--weights ternary goes with --space standardised, as other spaces cannot be folded into it: choose that"
        );
        Ok(Encoding::projection(projection.ternary()))
    }

    /// Refuses the settings of a projection.
    fn check_no_hyperplanes(&self) -> anyhow::Result<()> {
        ensure!(
            self.space.is_none() && self.planes.is_none() && self.offsets.is_none() && self.weights.is_none(),
            "--space, --planes, --offsets and --weights belong to --encoder projection: add that, or leave them out"
        );
        Ok(())
    }

    /// Refuses what does not go with an encoder of whole rows whose numbers are all in the file.
    fn check_row(&self, encoder: &str) -> anyhow::Result<()> {
        ensure!(
            self.order.is_none() && self.stride.is_none(),
            "--order and --stride belong to --encoder ngram: leave them out, or choose that encoder"
        );
        ensure!(self.kernel.is_none(), "--kernel belongs to record encoding: leave it out, or choose that");
        ensure!(self.memories.is_none(), "--memories belongs to record encoding: {encoder} is always stored");
        ensure!(
            self.parts.is_none() || self.features.is_some(),
            "--parts belongs to --features: add that, or leave out --parts"
        );
        Ok(())
    }

    fn check_binary(&self) -> anyhow::Result<()> {
        ensure!(
            self.integer.is_none(),
            "--integer belongs to record encoding: leave it out, or choose --encoder record"
        );
        Ok(())
    }
}

/// The set that `list` names.
pub(super) fn features(list: &str) -> anyhow::Result<FeatureSet> {
    let mut found = Vec::new();
    for name in list.split(',').map(str::trim) {
        match name {
            "emg" => found.extend(FeatureSet::EMG.iter()),
            "motion" => found.extend(FeatureSet::MOTION.iter()),
            "all" => found.extend(Feature::ALL),
            name => found.push(Feature::ALL.into_iter().find(|feature| feature.name() == name).ok_or_else(|| {
                let names: Vec<&str> = Feature::ALL.into_iter().map(Feature::name).collect();
                anyhow::anyhow!(
                    "there is no feature `{name}`: choose from convolutions, or a list of emg, motion, all, {}",
                    names.join(", ")
                )
            })?),
        }
    }
    Ok(FeatureSet::of(&found))
}
