//! Training on a table that is larger than memory.

use std::path::Path;

use anyhow::ensure;
use hdc_datasets::CsvPieces;
use hdc_train::{Dataset, ModelBuf, Trainer};

use crate::progress::Display;

/// Rows in memory at once.
const PIECE: usize = 8192;

/// Rows that the encoders are fitted to.
const FITTED: usize = 20_000;

/// What was learned.
pub(crate) struct Streamed {
    pub(crate) model: ModelBuf,
    /// A few of the rows, for what does not depend on how many there are.
    pub(crate) like: Dataset,
    /// Rows learned.
    pub(crate) rows: usize,
}

/// Reads the table at `path` in pieces: once for its classes, once to fit the encoders, once for the centroids, and up to
/// `epochs` times to correct mistakes.
pub(crate) fn train(path: &str, trainer: &Trainer, epochs: usize, display: &Display) -> anyhow::Result<Streamed> {
    let path = Path::new(path);
    ensure!(
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")),
        "--stream reads .csv files: leave it out, other data fit into memory"
    );
    let table = CsvPieces::scan(path)?;
    let like = table.sample(FITTED)?;
    let mut learner = trainer.learner(&like)?;
    let pass = |name: &str, learn: &mut dyn FnMut(&Dataset) -> anyhow::Result<()>| {
        let mut done = 0;
        table.each(PIECE, |piece| {
            learn(&piece)?;
            done += piece.len();
            display.update(name, "rows", done, Some(table.rows()));
            Ok::<(), anyhow::Error>(())
        })
    };
    pass("learn", &mut |piece| Ok(learner.partial_fit(piece)?))?;
    for epoch in 1..=epochs {
        let mut moved = 0;
        pass(&format!("retrain {epoch}"), &mut |piece| {
            moved += learner.retrain(piece)?;
            Ok(())
        })?;
        if moved == 0 {
            break;
        }
    }
    display.finish();
    Ok(Streamed { model: learner.model()?, like, rows: table.rows() })
}
