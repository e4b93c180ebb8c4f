//! What the library must reach beside its peers, and whether it does.

use crate::record::{Record, Work};

/// The peers; a name stands for all engines that begin with it.
const PEERS: [&str; 9] =
    ["hamming_rs", "csm-core-lib", "holos_core", "faiss", "usearch", "simsimd", "numpy", "torchhd BSC", "torchhd MAP"];

/// What was measured for one of our backends.
struct Measured {
    /// The worst case as shown.
    text: String,
    reached: bool,
}

type Measure<'a> = Box<dyn Fn(&str) -> Option<Measured> + 'a>;

/// The Markdown table of targets.
pub(crate) fn section(record: &Record) -> String {
    let ours = record.ours();
    let mut text = format!("## Targets\n\nWorst case of what a line names.\n\n| target | {} |\n", ours.join(" | "));
    text += &format!("|---|{}\n", "---|".repeat(ours.len()));
    for (name, measure) in targets(record) {
        let cells = ours.iter().map(|ours| match measure(ours) {
            None => "not measured".into(),
            Some(measured) if measured.reached => format!("{}: reached", measured.text),
            Some(measured) => format!("{}: **not reached**", measured.text),
        });
        text += &format!("| {name} | {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    text
}

fn targets(record: &Record) -> Vec<(&'static str, Measure<'_>)> {
    let one = |bits, n| Work::new("search, 1 query", bits, n);
    let many = |bits, n| Work::new("search, 64 queries", bits, n);
    let small = || vec![one(1024, 1000), one(1024, 100_000)];
    let pairs = ["bind", "hamming"].map(|name| Work::new(name, 10_000, 2));
    let shifts = [1, 32, 256, 4567].map(|by| Work::new(&format!("permute by {by}"), 10_000, 1));
    let bundles = || [21, 64, 617].map(|count| Work::new("bundle", 10_000, count)).to_vec();
    let encoded = Work::new("encode record", 10_000, 617);
    let window = Work::new("encode EMG window", 1024, 256);
    let two =
        [(10_000, 1000), (1024, 1000), (10_000, 20_000)].map(|(bits, n)| Work::new("search, 256 queries", bits, n));
    let two_records = Work::new("encode record, 256 samples", 10_000, 617);
    let mut all: Vec<(&'static str, Measure<'_>)> = vec![
        (
            "search, 1 query, 10,000 bits, N = 1,000: 0.9 of the Harley-Seal limit",
            ahead(record, vec![one(10_000, 1000)], &["limit: Harley-Seal"], 0.9),
        ),
        ("the same: ahead of hamming_rs", ahead(record, vec![one(10_000, 1000)], &["hamming_rs"], 1.0)),
        ("the same: 2.5 times faiss", ahead(record, vec![one(10_000, 1000)], &["faiss"], 2.5)),
        (
            "for the record: what reading the rows takes, beside faiss",
            limit(record, one(10_000, 1000), "limit: stream read", "faiss"),
        ),
        (
            "search, 1 query, 10,000 bits, N = 100,000: ahead of every peer",
            ahead(record, vec![one(10_000, 100_000)], &PEERS, 1.0),
        ),
        (
            "the same in pages of 2 MB, as numpy's arrays are",
            Box::new(move |ours| {
                let ours = format!("{ours}, huge pages");
                worst(record, vec![one(10_000, 100_000)], |engine| PEERS.contains(&engine), 1.0)(&ours)
            }),
        ),
        (
            "search, 64 queries, 10,000 bits, N = 100,000: 4 times faiss",
            ahead(record, vec![many(10_000, 100_000)], &["faiss"], 4.0),
        ),
        ("the same: 4 times usearch", ahead(record, vec![many(10_000, 100_000)], &["usearch"], 4.0)),
        ("the same: 0.8 of what arithmetic alone takes", of_arithmetic(record, many(10_000, 100_000), 0.8)),
        (
            "search, 1 query, 1,024 bits, N = 1,000 and 100,000: ahead of the scalar loop",
            ahead(record, small(), &["scalar popcnt"], 1.0),
        ),
        ("the same: ahead of every peer", ahead(record, small(), &PEERS, 1.0)),
        (
            "search, 64 queries, 1,024 bits, N = 1,000: twice our single queries",
            batch(record, one(1024, 1000), many(1024, 1000), 2.0),
        ),
        ("the same: 0.8 of what arithmetic alone takes", of_arithmetic(record, many(1024, 1000), 0.8)),
        ("the same, N = 100,000", batch(record, one(1024, 100_000), many(1024, 100_000), 2.0)),
        ("for the record: the same, 10,000 bits, N = 1,000", batch(record, one(10_000, 1000), many(10_000, 1000), 1.0)),
        (
            "bind and pair Hamming, 10,000 bits: ahead of csm-core-lib",
            ahead(record, pairs.to_vec(), &["csm-core-lib"], 1.0),
        ),
        ("permute by 1, 32, 256, 4,567: ahead of csm-core-lib", ahead(record, shifts.to_vec(), &["csm-core-lib"], 1.0)),
        ("bundle of 21, 64, 617: 8 times csm-core-lib", ahead(record, bundles(), &["csm-core-lib"], 8.0)),
        ("the same: 50 times torchhd", ahead(record, bundles(), &["torchhd"], 50.0)),
        ("for the record: the share of 64 that adders alone take", of_arithmetic(record, bundles()[1].clone(), 0.0)),
        ("record of 617 features, D = 10,048: 30 us", at_most(record, encoded.clone(), 30_000.0)),
        ("for the record: the share of it that arithmetic alone takes", of_arithmetic(record, encoded.clone(), 0.0)),
        ("the same: 100 times torchhd, batches too", ahead(record, vec![encoded], &["torchhd"], 100.0)),
        (
            "EMG window, D = 1,024: 100 times torchhd's single window",
            single(record, window, &["torchhd BSC", "torchhd MAP"], 100.0),
        ),
        ("two threads on 256 queries: 1.8 times one", threads(record, two.to_vec())),
        ("two threads on 256 records: 1.8 times one", threads(record, vec![two_records])),
    ];
    let on = |what: &str| -> Vec<Work> {
        let names = ["isolet", "mnist", "uci-emg"].map(|set| format!("training, {what}: {set}"));
        record.works().into_iter().filter(|work| names.contains(&work.name)).collect()
    };
    let whole = record.works().into_iter().find(|work| work.name == "training, centroid: mnist-whole");
    all.extend([
        ("training to centroids in two threads: 100 times torchhd", ahead(record, on("centroid"), &["torchhd"], 100.0)),
        ("the same of encoded samples", ahead(record, on("centroid, encoded"), &["torchhd"], 100.0)),
        ("retraining in 20 epochs (AdaptHD): 20 times torchhd", ahead(record, on("retrained"), &["torchhd"], 20.0)),
        ("the same of encoded samples", ahead(record, on("retrained, encoded"), &["torchhd"], 20.0)),
    ] as [(&str, Measure<'_>); 4]);
    if let Some(whole) = whole {
        all.push((
            "centroids of mnist (60,000 x 784), D = 10,048, two threads: 5 s and 200 MB",
            whole_set(record, whole),
        ));
    }
    for (name, title) in [
        ("scaling: D, search of 100 rows", "cost against D (search): linear within 10 %"),
        ("scaling: N, search at D = 1,024", "cost against N (search, in cache): linear within 10 %"),
        ("scaling: N, search at D = 1,024 from memory", "cost against N (search, from memory): linear within 10 %"),
        ("scaling: features, record at D = 4,096", "cost against features (record): linear within 10 %"),
        ("scaling: samples, record of 128 features at D = 4,096", "cost against samples (record): linear within 10 %"),
        ("scaling: vectors, bundle at D = 4,096", "cost against vectors (bundle): linear within 10 %"),
    ] {
        all.push((title, linear(record, name)));
    }
    all
}

fn measured(worst: Option<(f64, &str, Work)>, need: f64) -> Option<Measured> {
    let (ratio, peer, work) = worst?;
    Some(Measured { text: format!("{ratio:.2} ({peer}, {}, N = {})", work.name, work.n), reached: ratio >= need })
}

/// `need` times as fast at all `works` as all engines whose name begins with one of `peers`.
fn ahead<'a>(record: &'a Record, works: Vec<Work>, peers: &'a [&'a str], need: f64) -> Measure<'a> {
    worst(record, works, move |engine| peers.iter().any(|peer| engine.starts_with(peer)), need)
}

/// The same of engines that have exactly these names.
fn single<'a>(record: &'a Record, work: Work, peers: &'a [&'a str], need: f64) -> Measure<'a> {
    worst(record, vec![work], move |engine| peers.contains(&engine), need)
}

fn worst<'a>(record: &'a Record, works: Vec<Work>, wanted: impl Fn(&str) -> bool + 'a, need: f64) -> Measure<'a> {
    Box::new(move |ours| {
        let ratios = works.iter().flat_map(|work| {
            let engines = record.engines(work).into_iter().filter(|engine| wanted(engine));
            engines.filter_map(move |peer| Some((record.ratio(work, ours, peer)?, peer, work.clone())))
        });
        measured(ratios.min_by(|a, b| a.0.total_cmp(&b.0)), need)
    })
}

/// A query in a batch against a query alone, and what that would be if arithmetic were all.
fn batch(record: &Record, one: Work, many: Work, need: f64) -> Measure<'_> {
    Box::new(move |ours| {
        let ratio = record.time(&one, ours)? / record.time(&many, ours)?;
        let most = record.time(&one, ours)? / record.time(&many, &arithmetic(ours))?;
        Some(Measured { text: format!("{ratio:.2} of at most {most:.2}"), reached: ratio >= need })
    })
}

/// How many times longer `peer` takes than a limit.
fn limit<'a>(record: &'a Record, work: Work, limit: &'a str, peer: &'a str) -> Measure<'a> {
    Box::new(move |_| {
        let ratio = record.ratio(&work, limit, peer)?;
        Some(Measured { text: format!("{ratio:.2}"), reached: true })
    })
}

/// The engine that does the arithmetic of `ours` alone.
fn arithmetic(ours: &str) -> String {
    ours.replace("hdc", "limit: arithmetic,")
}

/// Against the arithmetic alone, with the same instructions and operands that are there already.
fn of_arithmetic(record: &Record, work: Work, need: f64) -> Measure<'_> {
    Box::new(move |ours| {
        let ratio = record.ratio(&work, ours, &arithmetic(ours))?;
        Some(Measured { text: format!("{ratio:.2}"), reached: ratio >= need })
    })
}

fn at_most(record: &Record, work: Work, need: f64) -> Measure<'_> {
    Box::new(move |ours| {
        let time = record.time(&work, ours)?;
        Some(Measured { text: format!("{:.1} us", time / 1000.0), reached: time <= need })
    })
}

/// 5 s and 200 MB.
fn whole_set(record: &Record, work: Work) -> Measure<'_> {
    Box::new(move |ours| {
        let (time, memory) = (record.time(&work, ours)? / 1e9, record.megabytes(&work, ours)?);
        Some(Measured { text: format!("{time:.1} s, {memory:.0} MB"), reached: time <= 5.0 && memory <= 200.0 })
    })
}

/// Two threads against one, and beside that the same of arithmetic alone where that was measured: what the machine gives.
fn threads(record: &Record, works: Vec<Work>) -> Measure<'_> {
    Box::new(move |ours| {
        let twice = |work: &Work, one: &str| record.best_ratio(work, &format!("{one}, 2 threads"), one);
        let ratios = works.iter().filter_map(|work| Some((twice(work, ours)?, work)));
        let (ratio, work) = ratios.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let most = twice(work, &arithmetic(ours)).map_or(String::new(), |most| format!(", arithmetic alone {most:.2}"));
        Some(Measured { text: format!("{ratio:.2} ({}, N = {}{most})", work.name, work.n), reached: ratio >= 1.8 })
    })
}

/// How far the readings are from the line through them, `time = a + b size`, with errors relative to the time.
fn linear<'a>(record: &'a Record, name: &'a str) -> Measure<'a> {
    Box::new(move |ours| {
        let works = record.works().into_iter().filter(|work| work.name == name);
        let points: Vec<(f64, f64)> =
            works.filter_map(|work| Some((work.n as f64, record.time(&work, ours)?))).collect();
        let sum = |term: fn(f64, f64) -> f64| points.iter().map(|&(size, time)| term(size, time)).sum::<f64>();
        // The normal equations of sum((a + b size - time)^2 / time^2).
        let (s0, s1, s2) = (
            sum(|_, time| 1.0 / (time * time)),
            sum(|size, time| size / (time * time)),
            sum(|size, time| size * size / (time * time)),
        );
        let (t0, t1) = (sum(|_, time| 1.0 / time), sum(|size, time| size / time));
        let determinant = s0 * s2 - s1 * s1;
        let (a, b) = ((t0 * s2 - t1 * s1) / determinant, (s0 * t1 - s1 * t0) / determinant);
        let off = points.iter().map(|&(size, time)| ((a + b * size) / time - 1.0).abs()).reduce(f64::max)?;
        Some(Measured { text: format!("{:.0} % off", off * 100.0), reached: off <= 0.1 })
    })
}
