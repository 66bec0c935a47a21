//! A line chart of one measure.

use plotters::chart::ChartBuilder;
use plotters::element::{Circle, DashedPathElement, PathElement, Text};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::Color as _;

use super::chart::{extent, stroke, text, Area, Chart, Drawn, GRID, INK, LINE, MARK, SOFT};
use super::numbers::{spaced, tick};

/// Size of a panel, and the room for numbers to the left and below. In pixels.
const SIZE: (u32, u32) = (380, 248);
const LEFT: u32 = 80;
const BELOW: u32 = 44;

/// The data of a panel: a value for each whole number (values that are not finite are left out),
/// and the number that is marked.
pub(super) struct Panel<'a> {
    pub title: &'a str,
    pub note: &'a str,
    pub points: Vec<(u32, f64)>,
    pub marked: u32,
}

impl Panel<'_> {
    /// The panel, drawn.
    pub fn chart(mut self) -> Chart {
        self.points.retain(|point| point.1.is_finite());
        Chart::new(format!("{}: {}", self.title, self.note), SIZE, |area| self.draw(area))
    }

    fn draw(&self, area: &Area) -> Drawn {
        let right = SIZE.0 as i32 - 14;
        area.draw(&Text::new(self.title, (8, 14), text(INK, HPos::Left, VPos::Center)))?;
        area.draw(&Text::new(self.note, (right, 14), text(SOFT, HPos::Right, VPos::Center)))?;
        if self.points.is_empty() {
            let middle = (SIZE.0 as i32 / 2, SIZE.1 as i32 / 2);
            return area.draw(&Text::new(
                "not known",
                middle,
                text(SOFT, HPos::Center, VPos::Center),
            ));
        }
        let (x, y) = (
            extent(self.points.iter().map(|point| f64::from(point.0)), 0.04),
            extent(self.points.iter().map(|point| point.1), 0.08),
        );
        let mut chart = ChartBuilder::on(area)
            .margin_top(30)
            .margin_right(14)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
        let whole = |k: &f64| if k.fract() == 0.0 { tick(*k) } else { String::new() };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(stroke(GRID, 1))
            .light_line_style(plotters::style::TRANSPARENT)
            .axis_style(stroke(GRID, 1))
            .x_labels(10)
            .y_labels(5)
            .x_desc("number of classes, k")
            .axis_desc_style(text(SOFT, HPos::Center, VPos::Bottom))
            .x_label_formatter(&whole)
            .y_label_formatter(&|value| spaced(&tick(*value)))
            .label_style(text(SOFT, HPos::Left, VPos::Top))
            .draw()?;
        let marked = f64::from(self.marked);
        let upright = [(marked, y.0), (marked, y.1)];
        chart.draw_series([DashedPathElement::new(upright, 4, 4, stroke(MARK, 1))])?;
        let points: Vec<_> = self.points.iter().map(|(k, value)| (f64::from(*k), *value)).collect();
        chart.draw_series([PathElement::new(points.clone(), stroke(LINE, 2))])?;
        let dot = |point: &(f64, f64)| match point.0 == marked {
            true => Circle::new(*point, 5, MARK.filled()),
            false => Circle::new(*point, 3, LINE.filled()),
        };
        chart.draw_series(points.iter().map(dot))?;
        Ok(())
    }
}
