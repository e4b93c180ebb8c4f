//! The readings of `peers.json`.

use serde::Deserialize;

/// What `cargo xtask peers` has written.
#[derive(Deserialize)]
pub(crate) struct Record {
    pub(crate) cpu: String,
    pub(crate) rounds: u32,
    pub(crate) left_out: Vec<String>,
    pub(crate) readings: Vec<Reading>,
}

/// One engine at one work in one round.
#[derive(Deserialize)]
pub(crate) struct Reading {
    round: u32,
    program: String,
    work: String,
    pub(crate) engine: String,
    #[serde(rename = "D")]
    dimension: usize,
    #[serde(rename = "N")]
    n: usize,
    median_ns: f64,
    min: f64,
    /// Of training: the peak of memory, and the accuracy on what was held out.
    megabytes: Option<f64>,
    accuracy: Option<f64>,
}

/// The work that is compared: for peers' 10,000 bits ours stands with 10,016.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) name: String,
    pub(crate) bits: usize,
    pub(crate) n: usize,
}

impl Work {
    pub(crate) fn new(name: &str, bits: usize, n: usize) -> Self {
        Self { name: name.into(), bits, n }
    }
}

impl Reading {
    pub(crate) fn work(&self) -> Work {
        let bits = if (10_000..=10_240).contains(&self.dimension) { 10_000 } else { self.dimension };
        Work::new(&self.work, bits, self.n)
    }
}

impl Record {
    /// All works, in the order of the run.
    pub(crate) fn works(&self) -> Vec<Work> {
        let mut works = Vec::new();
        for reading in &self.readings {
            let work = reading.work();
            if !works.contains(&work) {
                works.push(work);
            }
        }
        works
    }

    /// Our engines, the best backend first.
    pub(crate) fn ours(&self) -> Vec<String> {
        let mut ours: Vec<String> = Vec::new();
        for Reading { engine, .. } in &self.readings {
            if engine.starts_with("hdc ") && !engine.contains(',') && !ours.contains(engine) {
                ours.push(engine.clone());
            }
        }
        ours
    }

    fn of<'a>(&'a self, work: &'a Work, engine: &'a str) -> impl Iterator<Item = &'a Reading> {
        self.readings.iter().filter(move |reading| reading.engine == engine && reading.work() == *work)
    }

    /// Nanoseconds: the median of the rounds.
    pub(crate) fn time(&self, work: &Work, engine: &str) -> Option<f64> {
        median(self.of(work, engine).map(|reading| reading.median_ns).collect())
    }

    /// The peak of memory in MB, of a work that tells it: the median of the rounds.
    pub(crate) fn megabytes(&self, work: &Work, engine: &str) -> Option<f64> {
        median(self.of(work, engine).filter_map(|reading| reading.megabytes).collect())
    }

    /// The accuracy, of a work that tells it.
    pub(crate) fn accuracy(&self, work: &Work, engine: &str) -> Option<f64> {
        median(self.of(work, engine).filter_map(|reading| reading.accuracy).collect())
    }

    /// How many times longer `peer` takes than `ours`: the median of the ratios of readings from the same
    /// program, or from Python in the same round.
    pub(crate) fn ratio(&self, work: &Work, ours: &str, peer: &str) -> Option<f64> {
        let beside = |a: &Reading, b: &Reading| a.round == b.round && (a.program == b.program || b.program == "python");
        let ratios = self
            .of(work, ours)
            .flat_map(|a| self.of(work, peer).filter(move |b| beside(a, b)).map(move |b| b.median_ns / a.median_ns));
        median(ratios.collect())
    }

    /// The same of the fastest samples, where another program on a second core would be in the way.
    pub(crate) fn best_ratio(&self, work: &Work, ours: &str, peer: &str) -> Option<f64> {
        let least = |engine| self.of(work, engine).map(|reading| reading.min).reduce(f64::min);
        Some(least(peer)? / least(ours)?)
    }

    /// The engines that did `work`, in order.
    pub(crate) fn engines(&self, work: &Work) -> Vec<&str> {
        let mut engines = Vec::new();
        for reading in self.readings.iter().filter(|reading| reading.work() == *work) {
            if !engines.contains(&reading.engine.as_str()) {
                engines.push(&reading.engine);
            }
        }
        engines
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}
