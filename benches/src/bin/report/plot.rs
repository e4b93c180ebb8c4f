//! The plots, drawn from the record.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::record::{Record, Work};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Colours = [(&'static str, RGBColor); 14];

/// A colour for each engine, the same in all plots.
const COLOURS: Colours = [
    ("hdc avx512", RGBColor(190, 20, 40)),
    ("hdc avx2", RGBColor(240, 130, 40)),
    ("limit: AVX-512 popcount", RGBColor(90, 90, 90)),
    ("limit: Harley-Seal", RGBColor(0, 0, 0)),
    ("limit: stream read", RGBColor(150, 150, 150)),
    ("limit: arithmetic, avx512", RGBColor(230, 150, 160)),
    ("limit: arithmetic, avx2", RGBColor(250, 200, 150)),
    ("hamming_rs", RGBColor(60, 120, 200)),
    ("csm-core-lib", RGBColor(30, 150, 140)),
    ("holos_core", RGBColor(140, 100, 200)),
    ("scalar popcnt", RGBColor(120, 170, 60)),
    ("faiss", RGBColor(20, 60, 130)),
    ("usearch", RGBColor(200, 110, 190)),
    ("simsimd", RGBColor(130, 190, 230)),
];
/// Engines without a place in `COLOURS`.
const OTHERS: [(&str, RGBColor); 4] = [
    ("numpy", RGBColor(20, 60, 130)),
    ("torchhd BSC", RGBColor(200, 110, 190)),
    ("torchhd MAP", RGBColor(120, 170, 60)),
    ("limit: read once", RGBColor(0, 0, 0)),
];

struct Line {
    name: String,
    colour: RGBColor,
    points: Vec<(f64, f64)>,
}

impl Line {
    fn new(name: &str, points: Vec<(f64, f64)>) -> Self {
        let colour = COLOURS.iter().chain(&OTHERS).find(|(engine, _)| *engine == name);
        Self { name: name.into(), colour: colour.map_or(BLACK, |(_, colour)| *colour), points }
    }
}

/// The axes of a panel; both are logarithmic.
struct Axes<'a> {
    title: &'a str,
    x: &'a str,
    y: &'a str,
    low: f64,
    high: f64,
}

/// Gigabytes of rows that pass by in a second, for one query and for each of 64.
pub(crate) fn search(record: &Record, path: &Path) -> Result<()> {
    let mut shown = Vec::new();
    let root = SVGBackend::new(path, (1160, 900)).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let (plots, legend) = root.split_vertically(790);
    let panels = plots.split_evenly((2, 2));
    let cases =
        [(1024, 1, "D = 1,024"), (1024, 64, "D = 1,024"), (10_000, 1, "D = 10,016"), (10_000, 64, "D = 10,016")];
    for ((bits, queries, title), panel) in cases.into_iter().zip(&panels) {
        let mut lines = Vec::new();
        for (engine, _) in COLOURS {
            // The Rust peers have no batch, and what memory gives is the same for 64.
            let batch =
                ["hdc avx512", "hdc avx2", "limit: arithmetic, avx512", "limit: arithmetic, avx2", "faiss", "usearch"];
            let work = if queries == 64 && batch.contains(&engine) { "search, 64 queries" } else { "search, 1 query" };
            let points: Vec<(f64, f64)> = [16, 100, 1000, 10_000, 100_000]
                .into_iter()
                .filter_map(|n| {
                    let time = record.time(&Work::new(work, bits, n), engine)?;
                    Some((n as f64, (n * bits / 8) as f64 / time))
                })
                .collect();
            if !(points.is_empty() || queries == 64 && engine == "simsimd") {
                lines.push(Line::new(engine, points));
            }
        }
        let many = if queries == 1 { "one query" } else { "64 queries at once" };
        let title = format!("{title}, {many}");
        draw(panel, &lines, &Axes { title: &title, x: "rows N", y: "GB/s of rows, per query", low: 0.1, high: 256.0 })?;
        shown.extend(lines);
    }
    finish(&root, &legend, shown)
}

/// Nanoseconds for each bundled vector of 10,000 bits.
pub(crate) fn bundle(record: &Record, path: &Path) -> Result<()> {
    let engines = ["hdc avx512", "hdc avx2", "csm-core-lib", "holos_core", "numpy", "torchhd BSC", "torchhd MAP"];
    let mut lines: Vec<Line> = Vec::new();
    for engine in engines {
        let points: Vec<(f64, f64)> = [3, 8, 21, 64, 200, 617, 2000]
            .into_iter()
            .filter_map(|count| {
                let work = Work::new("bundle", 10_000, count);
                Some((count as f64, record.time(&work, engine)? / count as f64))
            })
            .collect();
        lines.push(Line::new(engine, points));
    }
    let read = [16, 100, 1000].into_iter().filter_map(|n| {
        let work = Work::new("search, 1 query", 10_000, n);
        Some((n as f64, record.time(&work, "limit: stream read")? / n as f64))
    });
    lines.push(Line::new("limit: read once", read.collect()));
    single(
        path,
        lines,
        &Axes {
            title: "bundle of n vectors, D = 10,016",
            x: "vectors n",
            y: "ns for a vector",
            low: 4.0,
            high: 100_000.0,
        },
    )
}

/// Our cost for one unit of what grows, relative to its median: flat is linear.
pub(crate) fn scaling(record: &Record, path: &Path) -> Result<()> {
    let Some(ours) = record.ours().into_iter().next() else { return Ok(()) };
    let colours = COLOURS.map(|(_, colour)| colour);
    let mut lines: Vec<Line> = Vec::new();
    for work in record.works().iter().filter(|work| work.name.starts_with("scaling: ")) {
        let name = work.name.trim_start_matches("scaling: ");
        if lines.iter().any(|line| line.name == name) {
            continue;
        }
        let sizes = record.works().into_iter().filter(|other| other.name == work.name);
        let unit: Vec<(f64, f64)> =
            sizes.filter_map(|size| Some((size.n as f64, record.time(&size, &ours)? / size.n as f64))).collect();
        let Some(middle) = crate::record::median(unit.iter().map(|point| point.1).collect()) else { continue };
        let points = unit.iter().map(|&(size, time)| (size / unit[0].0, time / middle)).collect();
        let colour = colours[[0, 1, 5, 6, 7, 8][lines.len() % 6]];
        lines.push(Line { name: name.into(), colour, points });
    }
    let title = format!("{ours}: cost of one unit as the size grows");
    single(
        path,
        lines,
        &Axes { title: &title, x: "times the smallest size", y: "cost of a unit / median", low: 0.5, high: 2.5 },
    )
}

fn single(path: &Path, lines: Vec<Line>, axes: &Axes) -> Result<()> {
    let root = SVGBackend::new(path, (900, 640)).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let (plot, legend) = root.split_vertically(530);
    draw(&plot, &lines, axes)?;
    finish(&root, &legend, lines)
}

fn draw(area: &Area, lines: &[Line], axes: &Axes) -> Result<()> {
    let all = || lines.iter().flat_map(|line| &line.points).map(|point| point.0);
    let (from, to) = (all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max));
    let mut chart = ChartBuilder::on(area)
        .caption(axes.title, ("sans-serif", 18))
        .margin(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d((from * 0.9..to * 1.1).log_scale(), (axes.low..axes.high).log_scale())
        .map_err(failed)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .label_style(("sans-serif", 13))
        .axis_desc_style(("sans-serif", 14))
        .x_desc(axes.x)
        .y_desc(axes.y)
        .x_label_formatter(&|value| number(*value))
        .y_label_formatter(&|value| number(*value))
        .draw()
        .map_err(failed)?;
    // Ours are drawn last, over all others.
    for line in lines.iter().rev() {
        let style = style(line);
        if limit(line) {
            let dashes = DashedLineSeries::new(line.points.iter().copied(), 6, 4, style);
            chart.draw_series(dashes).map_err(failed)?;
        } else {
            chart.draw_series(LineSeries::new(line.points.iter().copied(), style)).map_err(failed)?;
            let dots = line.points.iter().map(|point| Circle::new(*point, 3, line.colour.filled()));
            chart.draw_series(dots).map_err(failed)?;
        }
    }
    Ok(())
}

fn limit(line: &Line) -> bool {
    line.name.starts_with("limit")
}

fn style(line: &Line) -> ShapeStyle {
    line.colour.stroke_width(if line.name.starts_with("hdc") { 3 } else { 2 })
}

/// Four columns of names under the plots.
fn finish(root: &Area, legend: &Area, lines: Vec<Line>) -> Result<()> {
    let mut named: Vec<Line> = Vec::new();
    for line in lines {
        if !line.points.is_empty() && !named.iter().any(|other| other.name == line.name) {
            named.push(line);
        }
    }
    let columns = if named.iter().any(|line| line.name.len() > 30) { 2 } else { 4 };
    let wide = (legend.dim_in_pixel().0.cast_signed() - 60) / columns;
    for (index, line) in (0..).zip(&named) {
        let (x, y) = (40 + index % columns * wide, 16 + index / columns * 26);
        let ends = if limit(line) { vec![(x, x + 8), (x + 12, x + 20), (x + 24, x + 32)] } else { vec![(x, x + 32)] };
        for (from, to) in ends {
            legend.draw(&PathElement::new(vec![(from, y), (to, y)], style(line))).map_err(failed)?;
        }
        let text = Text::new(line.name.clone(), (x + 40, y - 7), ("sans-serif", 15));
        legend.draw(&text).map_err(failed)?;
    }
    root.present().map_err(failed)
}

fn number(value: f64) -> String {
    match value {
        10_000.0.. => format!("{}k", (value / 1000.0).round()),
        1.0.. => format!("{}", value.round()),
        _ => format!("{value}"),
    }
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
