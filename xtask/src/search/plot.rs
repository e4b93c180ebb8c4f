//! The best so far against time, a panel a set.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

use super::{Panel, Run, Way};

/// Of a panel.
const SIZE: (u32, u32) = (400, 400);
/// Points of a line.
const POINTS: u32 = 400;

type Failure<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

const fn colour(way: Way) -> RGBColor {
    match way {
        Way::Ours => RGBColor(190, 20, 40),
        Way::Grid => RGBColor(60, 120, 200),
        Way::Random => RGBColor(120, 120, 120),
    }
}

pub(super) fn svg(panels: &[Panel]) -> Result<String> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (SIZE.0 * panels.len() as u32, SIZE.1)).into_drawing_area();
        draw(panels, &root).map_err(|error| anyhow!("cannot draw the plot: {error}"))?;
    }
    Ok(text)
}

fn draw<'a>(panels: &[Panel], root: &DrawingArea<SVGBackend<'a>, Shift>) -> Result<(), Failure<'a>> {
    root.fill(&WHITE)?;
    for (panel, area) in panels.iter().zip(root.split_evenly((1, panels.len()))) {
        let times = || (1..=POINTS).map(|at| f64::from(at) / f64::from(POINTS) * panel.end);
        // Before anything was tried there is no line.
        let line =
            |run: &Run| times().map(|time| (time, run.best(time))).filter(|point| point.1 > 0.0).collect::<Vec<_>>();
        let most = panel.runs.iter().map(|run| run.best(panel.end)).fold(0.0, f64::max);
        let least = panel.runs.iter().map(|run| run.best(panel.end)).fold(1.0, f64::min);
        let room = (most - least).max(0.02);
        let mut chart = ChartBuilder::on(&area)
            .caption(panel.set, ("sans-serif", 18))
            .margin(10)
            .x_label_area_size(42)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..panel.end, (least - 2.0 * room).max(0.0)..(most + 0.2 * room).min(1.0))?;
        let (x, y) = ("seconds", "best accuracy in folds so far");
        chart.configure_mesh().x_desc(x).y_desc(y).light_line_style(WHITE).draw()?;
        for way in Way::ALL {
            let runs: Vec<&Run> = panel.runs.iter().filter(|run| run.way == way).collect();
            for run in &runs {
                chart.draw_series(LineSeries::new(line(run), colour(way).mix(0.35)))?;
            }
            let mean = |time: f64| {
                let best = runs.iter().map(|run| run.best(time));
                best.clone().all(|best| best > 0.0).then(|| (time, best.sum::<f64>() / runs.len() as f64))
            };
            let style = colour(way).stroke_width(3);
            chart
                .draw_series(LineSeries::new(times().filter_map(mean), style))?
                .label(way.name())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
        }
        let mut legend = chart.configure_series_labels();
        legend.position(SeriesLabelPosition::LowerRight).background_style(WHITE).border_style(BLACK.mix(0.3)).draw()?;
    }
    root.present()
}
