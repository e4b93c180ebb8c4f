//! How far long work is, on the error output: a bar on a terminal, else one line a finished stage.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use hdc_train::{Progress, Stage};
use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{msg:>12} {bar:40} {human_pos}/{human_len} {eta:>4} {prefix}";

/// Draws what the callback of a long piece of work reports.
pub(crate) struct Display {
    bar: Option<ProgressBar>,
    current: Mutex<Option<Current>>,
}

struct Current {
    name: String,
    unit: &'static str,
    done: usize,
    since: Instant,
}

impl Display {
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0).with_style(style)
        });
        Self { bar, current: Mutex::new(None) }
    }

    /// For training; may be called from any thread.
    pub(crate) fn stage(&self, progress: Progress) {
        let (name, unit) = match progress.stage {
            Stage::Encode => ("encode", "samples"),
            Stage::Learn => ("learn", "epochs"),
            Stage::Design => ("design", "generations"),
            Stage::Retrain => ("retrain", "epochs"),
            Stage::Fold => ("cross-validate", "folds"),
            Stage::Flip => ("flip bits", "rates"),
            _ => ("work", "steps"),
        };
        self.update(name, unit, progress.done, Some(progress.total));
    }

    /// `done` of `total` units of the work `name`, which begins when its name is first seen.
    pub(crate) fn update(&self, name: &str, unit: &'static str, done: usize, total: Option<usize>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(current) = current.as_mut().filter(|current| current.name == name) {
            // Threads may report out of order.
            current.done = current.done.max(done);
        } else {
            let next = Current { name: name.into(), unit, done, since: Instant::now() };
            self.report(current.replace(next));
            self.bar.iter().for_each(|bar| {
                bar.reset();
                bar.set_prefix("");
            });
        }
        if let Some(bar) = &self.bar {
            bar.set_message(name.to_string());
            bar.set_length(total.unwrap_or(0) as u64);
            bar.set_position(current.as_ref().map_or(done, |current| current.done) as u64);
        }
    }

    /// Whether there is a bar to draw.
    pub(crate) fn is_drawn(&self) -> bool {
        self.bar.is_some()
    }

    /// Shows a remark beside the bar.
    pub(crate) fn say(&self, remark: &str) {
        self.bar.iter().for_each(|bar| bar.set_prefix(remark.to_string()));
    }

    /// Ends the last piece of work.
    pub(crate) fn finish(&self) {
        let last = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.report(last);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn report(&self, finished: Option<Current>) {
        if let (None, Some(Current { name, unit, done, since })) = (&self.bar, finished) {
            let seconds = since.elapsed().as_secs_f64();
            // Nobody may be reading, which is no reason to stop.
            let _ = writeln!(io::stderr(), "{name}: {done} {unit}, {seconds:.1} s");
        }
    }
}
