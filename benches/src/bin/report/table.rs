//! Every work beside every engine.

use crate::record::{Record, Work};

/// The tables: what the works of one begin with, and the title.
const GROUPS: [(&str, &str); 8] = [
    ("search, 1 query", "Search, one query at a time"),
    ("search, 64", "Search, 64 queries at once, time for one"),
    ("", "Vector operations; N vectors"),
    ("bundle", "Bundles of N vectors"),
    ("encode", "Encoding; N features, or steps"),
    ("search, 256", "Two threads: 256 queries, time for one"),
    (
        "training",
        "Training in two threads, time on the wall; N samples, 20 epochs where retrained; peak of memory and accuracy on \
         held-out samples of the training side",
    ),
    ("scaling", "Scaling; N is the size that grows"),
];

/// The Markdown tables.
pub(crate) fn section(record: &Record) -> String {
    let works = record.works();
    // The longest beginning that fits decides.
    let group = |work: &Work| {
        let fitting = GROUPS.iter().filter(|(start, _)| work.name.starts_with(start));
        fitting.max_by_key(|(start, _)| start.len()).map(|(_, title)| *title)
    };
    let mut text = "## Times and ratios\n\nA ratio says how many times the first column's time is taken.\n".to_owned();
    for (_, title) in GROUPS {
        let works: Vec<&Work> = works.iter().filter(|work| group(work) == Some(title)).collect();
        text += &format!("\n### {title}\n\n{}", table(record, &works));
    }
    text
}

fn table(record: &Record, works: &[&Work]) -> String {
    let mut engines: Vec<&str> = Vec::new();
    for engine in works.iter().flat_map(|work| record.engines(work)) {
        if !engines.contains(&engine) {
            engines.push(engine);
        }
    }
    // Ours first, then peers, then limits.
    engines.sort_by_key(|engine| (!engine.starts_with("hdc"), engine.starts_with("limit")));
    let Some(&ours) = engines.first() else { return String::new() };
    let mut text =
        format!("| work | D | N | {} |\n|---|---|---|{}\n", engines.join(" | "), "---|".repeat(engines.len()));
    for work in works {
        let notes = |engine: &str| {
            let megabytes = record.megabytes(work, engine).map(|megabytes| format!(", {megabytes:.0} MB"));
            let accuracy = record.accuracy(work, engine).map(|accuracy| format!(", {accuracy:.3}"));
            megabytes.unwrap_or_default() + &accuracy.unwrap_or_default()
        };
        let times = engines.iter().map(|engine| match (record.time(work, engine), record.ratio(work, ours, engine)) {
            (Some(time), _) if *engine == ours => shown(time),
            (Some(time), Some(ratio)) => format!("{} ({ratio:.2})", shown(time)),
            // Our other backend runs in another program.
            (Some(time), None) => match record.time(work, ours) {
                Some(own) => format!("{} ({:.2})", shown(time), time / own),
                None => shown(time),
            },
            _ => String::new(),
        });
        let cells = times.zip(&engines).map(|(time, engine)| time + &notes(engine));
        text +=
            &format!("| {} | {} | {} | {} |\n", work.name, work.bits, work.n, cells.collect::<Vec<_>>().join(" | "));
    }
    text
}

fn shown(time: f64) -> String {
    match time {
        ..1e3 => format!("{time:.1} ns"),
        ..1e6 => format!("{:.2} us", time / 1e3),
        ..1e9 => format!("{:.2} ms", time / 1e6),
        _ => format!("{:.2} s", time / 1e9),
    }
}
