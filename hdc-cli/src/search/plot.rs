//! Plots as inline SVG.

use anyhow::anyhow;
use plotters::prelude::*;

use crate::common::thousands;

const RED: RGBColor = RGBColor(190, 20, 40);
const BLUE: RGBColor = RGBColor(60, 120, 200);
const GREY: RGBColor = RGBColor(180, 180, 180);

/// Points in two dimensions, some of them marked.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    pub(super) x: &'a str,
    pub(super) y: &'a str,
    /// All, in grey.
    pub(super) all: Vec<(f64, f64)>,
    /// Those that matter, in blue.
    pub(super) marked: Vec<(f64, f64)>,
    /// A line through these.
    pub(super) line: Vec<(f64, f64)>,
    /// The choice, in red.
    pub(super) chosen: Option<(f64, f64)>,
}

impl Plot<'_> {
    pub(super) fn svg(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        {
            let root = SVGBackend::with_string(&mut text, (560, 360)).into_drawing_area();
            self.draw(&root).map_err(|error| anyhow!("cannot draw `{}`: {error}", self.title))?;
        }
        Ok(text)
    }

    fn draw<'b>(
        &self,
        root: &DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
    ) -> Result<(), DrawingAreaErrorKind<<SVGBackend<'b> as DrawingBackend>::ErrorType>> {
        root.fill(&WHITE)?;
        let points = || self.all.iter().chain(&self.marked).chain(&self.line).chain(&self.chosen);
        let (x, y) = (range(points().map(|point| point.0)), range(points().map(|point| point.1)));
        let mut chart = ChartBuilder::on(root)
            .caption(self.title, ("sans-serif", 16))
            .margin(10)
            .x_label_area_size(42)
            .y_label_area_size(56)
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .x_labels(6)
            .x_label_formatter(&|&value| label(value))
            .light_line_style(WHITE)
            .draw()?;
        let dots = |points: &[(f64, f64)], size: u32, colour: RGBColor| {
            points.iter().map(|&point| Circle::new(point, size, colour.filled())).collect::<Vec<_>>()
        };
        chart.draw_series(dots(&self.all, 2, GREY))?;
        chart.draw_series(dots(&self.marked, 3, BLUE))?;
        chart.draw_series(LineSeries::new(self.line.iter().copied(), BLUE.stroke_width(2)))?;
        chart.draw_series(dots(self.chosen.as_slice(), 6, RED))?;
        root.present()
    }
}

/// Large numbers without what is behind the point.
fn label(value: f64) -> String {
    if value.abs() >= 10.0 { thousands(value.round() as usize) } else { format!("{value:.2}") }
}

/// From the least to the most, with some room.
fn range(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (least, most) = values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)));
    let room = ((most - least) * 0.05).max(most.abs() * 0.01).max(1e-3);
    least - room..most + room
}
