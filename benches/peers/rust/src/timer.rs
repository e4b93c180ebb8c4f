//! A contest: the engines do the same work in turn, sample by sample, so that what disturbs one disturbs all.
//!
//! Time is processor time of all threads, which other programs on the machine do not lengthen; only where two
//! threads are compared with one it is time on the wall.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const SAMPLES: usize = 11;
/// Samples of work that takes longer than `SAMPLE` each time.
const LONG_SAMPLES: usize = 5;
/// After this no further sample is begun.
const LONGEST: Duration = Duration::from_secs(4);
const SAMPLE: Duration = Duration::from_millis(2);

pub struct Contest<'a> {
    work: String,
    n: usize,
    clock: fn() -> Duration,
    engines: Vec<Engine<'a>>,
}

struct Engine<'a> {
    name: String,
    dimension: usize,
    /// Units of work in one call; the time is given for one.
    units: usize,
    /// Does the work so often and says how long it took.
    time: Box<dyn FnMut(u32) -> Duration + 'a>,
}

impl<'a> Contest<'a> {
    pub fn new(work: impl Into<String>, n: usize) -> Self {
        Self { work: work.into(), n, clock: processor_time, engines: Vec::new() }
    }

    /// A contest in time on the wall.
    pub fn on_the_wall(work: impl Into<String>, n: usize) -> Self {
        Self { clock: wall_time, ..Self::new(work, n) }
    }

    /// Enters an engine whose `call` does `units` units of the work in `dimension` bits.
    pub fn enter<R>(
        &mut self,
        name: impl Into<String>,
        dimension: usize,
        units: usize,
        mut call: impl FnMut() -> R + 'a,
    ) {
        let clock = self.clock;
        let time = move |calls| {
            let start = clock();
            for _ in 0..calls {
                black_box(call());
            }
            clock() - start
        };
        self.engines.push(Engine { name: name.into(), dimension, units, time: Box::new(time) });
    }

    /// The library under its backend's name.
    pub fn ours<R>(&mut self, dimension: usize, units: usize, call: impl FnMut() -> R + 'a) {
        self.enter(format!("hdc {}", hdc_benches::backend()), dimension, units, call);
    }

    /// Warms up, measures and prints nanoseconds for a unit of work: median and quartiles.
    pub fn run(mut self) {
        let calls: Vec<u32> = self.engines.iter_mut().map(Engine::calls).collect();
        let samples = if calls.contains(&1) { LONG_SAMPLES } else { SAMPLES };
        let mut taken = vec![Vec::new(); self.engines.len()];
        let start = Instant::now();
        for sample in 0..samples {
            if sample > 0 && start.elapsed() > LONGEST {
                break;
            }
            for ((engine, &calls), taken) in self.engines.iter_mut().zip(&calls).zip(&mut taken) {
                // Its own data comes back into the cache first.
                if calls > 1 {
                    (engine.time)(1 + calls / 8);
                }
                let time = (engine.time)(calls).as_secs_f64() * 1e9;
                taken.push(time / f64::from(calls) / engine.units as f64);
            }
        }
        for (engine, mut taken) in self.engines.into_iter().zip(taken) {
            taken.sort_by(f64::total_cmp);
            let quantile = |quarter: usize| taken[(taken.len() - 1) * quarter / 4];
            println!(
                r#"{{"work":"{}","engine":"{}","D":{},"N":{},"median_ns":{:.3},"q1":{:.3},"q3":{:.3},"min":{:.3}}}"#,
                self.work,
                engine.name,
                engine.dimension,
                self.n,
                quantile(2),
                quantile(1),
                quantile(3),
                quantile(0)
            );
        }
    }
}

impl Engine<'_> {
    /// Calls that fill a sample.
    fn calls(&mut self) -> u32 {
        let mut calls = 1;
        while (self.time)(calls) < SAMPLE && calls < 1 << 24 {
            calls *= 2;
        }
        calls
    }
}

fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes to `time` and nothing else.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn wall_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
