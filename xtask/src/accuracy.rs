//! The tables of accuracies.

use anyhow::{Result, ensure};
use hdc_datasets::Options;
use hdc_train::{Dataset, Evaluation, Spread, given, leave_one_group_out};

use crate::recipe::{self, Recipe};

/// Seeds of every figure; sets that take minutes have three.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// A line of the table.
struct Row {
    /// The data set.
    set: &'static str,
    /// The data and how they are divided.
    what: &'static str,
    /// A model of its own for each of these, on the source's own split; the accuracy is the mean.
    parts: Vec<String>,
    /// Window and hop, where they are not the set's own.
    windows: Option<(usize, usize)>,
    dimensions: &'static [usize],
    seeds: usize,
    recipe: fn(usize, u64) -> Recipe,
}

/// Sets of which one model takes minutes.
fn slow(set: &str) -> bool {
    matches!(set, "mnist" | "european-languages")
}

fn rows() -> Vec<Row> {
    let of = |set: &str, parts: &[u8], more: &str| -> Vec<String> {
        parts.iter().map(|part| format!("{set}:subject={part}{more}")).collect()
    };
    let row = |set: &'static str, what, parts: Vec<String>, dimensions, recipe| {
        let parts = if parts.is_empty() { vec![set.to_string()] } else { parts };
        let seeds = if slow(set) { 3 } else { SEEDS.len() };
        Row { set, what, parts, windows: None, dimensions, seeds, recipe }
    };
    let windows = |what, subject: u8| {
        row("hdc-emg-time", what, of("hdc-emg-time", &[subject], ""), &[64, 128, 256, 1024], recipe::emg_windows)
    };
    vec![
        row(
            "hdc-emg",
            "`hdcc` windows, shuffled split of each of 5 subjects (optimistic)",
            of("hdc-emg", &[1, 2, 3, 4, 5], ""),
            &[64, 128, 1024, 10_048],
            recipe::emg,
        ),
        row(
            "hdc-emg-time",
            "single rows, first quarter -> rest, subject 1",
            of("hdc-emg-time", &[1], ""),
            &[256, 1024],
            recipe::emg_rows,
        ),
        row(
            "hdc-emg-time",
            "single rows, first quarter -> rest, subject 5",
            of("hdc-emg-time", &[5], ""),
            &[256, 1024],
            recipe::emg_rows,
        ),
        Row { windows: Some((12, 6)), ..windows("the same in windows of 240 ms every 120 ms, subject 1", 1) },
        Row { windows: Some((120, 60)), ..windows("the same in windows of 240 ms every 120 ms, subject 5", 5) },
        row(
            "uci-emg",
            "200 ms windows every 100 ms, series 1 -> series 2 of each of 11 subjects",
            of("uci-emg", &[1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14], ""),
            &[64, 128, 256, 1024],
            recipe::raw_emg,
        ),
        row(
            "libemg-myodisco",
            "day 1, 10 repetitions -> 10 of each of 7 subjects",
            of("libemg-myodisco", &[1, 2, 3, 4, 5, 6, 7], ",day=1"),
            &[64, 128, 256, 1024],
            recipe::gestures,
        ),
        row(
            "lis-alphabet",
            "20 -> 10 repetitions of 26 letters",
            Vec::new(),
            &[64, 128, 256, 512, 2048],
            recipe::letters,
        ),
        row("racketsports", "official split", Vec::new(), &[64, 128, 512, 2048], recipe::strokes),
        row("basicmotions", "official split", Vec::new(), &[64, 128, 512, 2048], recipe::strokes),
        row("isolet", "1,560 -> the official 1,559", Vec::new(), &[64, 128, 512, 2048], recipe::spoken),
        row("wisdm", "users 1 to 24 -> 25 to 36", Vec::new(), &[64, 128, 512, 2048], recipe::activities),
        row("mnist", "official split", Vec::new(), &[64, 128, 256, 1024], recipe::digits),
        row("european-languages", "official split", Vec::new(), &[64, 128, 1024, 10_048], recipe::languages),
    ]
}

/// Measures the sets named, or all.
pub(crate) fn run(sets: &[String]) -> Result<()> {
    let rows = rows();
    let known = |name: &String| name == "spar" || rows.iter().any(|row| row.set == name);
    if let Some(unknown) = sets.iter().find(|name| !known(name)) {
        let names: Vec<&str> = rows.iter().map(|row| row.set).collect();
        ensure!(false, "no table is made of `{unknown}`: choose from spar, {}", names.join(", "));
    }
    let wanted = |set: &str| sets.is_empty() || sets.iter().any(|name| name == set);
    println!("| data | protocol | D | model bytes | accuracy | seeds |\n|---|---|---|---|---|---|");
    if wanted("spar") {
        spar()?;
    }
    for row in rows.iter().filter(|row| wanted(row.set)) {
        if let Err(error) = row.measure() {
            println!("skipped: {}: {error:#}", row.set);
        }
    }
    Ok(())
}

impl Row {
    fn measure(&self) -> Result<()> {
        let (window, hop) = self.windows.unzip();
        let options = Options { window, hop, ..Options::default() };
        let load = |part: &String| hdc_datasets::load(part, &options);
        let data = self.parts.iter().map(load).collect::<Result<Vec<_>, _>>()?;
        for &dimension in self.dimensions {
            let (mut runs, mut bytes) = (Vec::new(), 0);
            for seed in &SEEDS[..self.seeds] {
                let mut accuracies = Vec::new();
                for part in &data {
                    let split = given(part)?;
                    let (train, test) = (part.subset(&split.train)?, part.subset(&split.test)?);
                    let (evaluation, size) = measure(&(self.recipe)(dimension, *seed), &train, &test)?;
                    accuracies.push(evaluation.accuracy());
                    bytes = size;
                }
                runs.push(accuracies);
            }
            print(self.set, self.what, dimension, bytes, &runs);
        }
        Ok(())
    }
}

fn spar() -> Result<()> {
    let data = recipe::spar()?;
    let what = "leave one subject out, 4 s windows, balanced";
    for dimension in [64, 128, 256, 512, 1024, 2048] {
        let (mut runs, mut bytes) = (Vec::new(), 0);
        for seed in SEEDS {
            let mut accuracies = Vec::new();
            for split in leave_one_group_out(&data)? {
                let (train, test) = (data.subset(&split.train)?, data.subset(&split.test)?);
                let (evaluation, size) = measure(&recipe::exercises(dimension, seed), &train, &test)?;
                accuracies.push(evaluation.balanced_accuracy());
                bytes = size;
            }
            runs.push(accuracies);
        }
        print("spar", what, dimension, bytes, &runs);
    }
    Ok(())
}

fn measure(recipe: &Recipe, train: &Dataset, test: &Dataset) -> Result<(Evaluation, usize)> {
    let model = recipe.fit(train)?;
    Ok((Evaluation::of(&model.view(), test)?, model.as_bytes().len()))
}

/// One line: mean over parts, their deviation if there are several, and the range of that mean over the seeds.
fn print(set: &str, what: &str, dimension: usize, bytes: usize, runs: &[Vec<f64>]) {
    let means: Vec<f64> = runs.iter().map(|parts| Spread::of(parts).mean).collect();
    let by_part: Vec<f64> =
        (0..runs[0].len()).map(|part| runs.iter().map(|run| run[part]).sum::<f64>() / runs.len() as f64).collect();
    let (least, most) =
        means.iter().fold((f64::MAX, f64::MIN), |(least, most), &mean| (least.min(mean), most.max(mean)));
    let spread = Spread::of(&by_part);
    let accuracy = if by_part.len() > 1 { spread.to_string() } else { format!("{:.3}", spread.mean) };
    println!("| {set} | {what} | {dimension} | {bytes} | {accuracy} | {least:.3} to {most:.3} |");
}
