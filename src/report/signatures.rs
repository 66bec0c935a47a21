//! Spectral signatures: the mean of each class along the bands, and one standard deviation around
//! it.

use plotters::backend::SVGBackend;
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, PathElement, Polygon, Text};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor, ShapeStyle};

use super::chart::{
    class_color, extent, shortened, stroke, text, Area, Chart, Drawn, EDGE, GRID, INK, SOFT, TEXT,
};
use super::numbers::tick;
use super::wavelengths::{wavelengths, Source};
use crate::model::{Class, Model, Scaling, ZScore};

/// Sizes in pixels: of the chart of all classes, and of the chart of one class.
const ALL: (u32, u32) = (760, 400);
const EACH: (u32, u32) = (300, 190);

/// Height of a class's number beside its line.
const NUMBER: i32 = 13;

/// The positions of bands from left to right, and the classes that are drawn.
pub(super) struct Signatures<'a> {
    classes: Vec<&'a Class>,
    names: Vec<&'a str>,
    /// Position of each band: nanometres, or its number from 1.
    places: Vec<f64>,
    /// Bands from left to right.
    order: Vec<usize>,
    source: Option<Source>,
    scaling: &'a Scaling,
}

type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl<'a> Signatures<'a> {
    /// The signatures of the first `n` classes of a model that have pixels.
    pub fn new(model: &'a Model, n: usize) -> Signatures<'a> {
        let names = model.band_names();
        let (places, source) = match wavelengths(&names) {
            Some((places, source)) => (places, Some(source)),
            None => ((1..=names.len()).map(|number| number as f64).collect(), None),
        };
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
        let classes = model.classes.iter().take(n).filter(|class| class.count > 0).collect();
        Signatures { classes, names, places, order, source, scaling: &model.scaling }
    }

    /// The source of the wavelengths, or what replaces them.
    pub fn source(&self) -> &'static str {
        match self.source {
            Some(source) => source.text(),
            None => {
                "the bands' names give no wavelengths, so the bands are equally spaced, in the \
                 model's order"
            }
        }
    }

    /// The unit of values.
    pub fn unit(&self) -> &'static str {
        match self.scaling.zscore {
            None => "band units",
            Some(_) => "standard deviations from the mean of all pixels",
        }
    }

    /// The unit of distances.
    pub fn distance_unit(&self) -> &'static str {
        match (&self.scaling.zscore, self.scaling.band_weights.are_equal()) {
            (None, true) => "band units",
            (Some(_), true) => "standard deviations",
            (None, false) => "weighted band units",
            (Some(_), false) => "weighted standard deviations",
        }
    }

    /// The names of the bands, in the model's order.
    pub fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// The means of all classes.
    pub fn all(&self) -> Chart {
        let label = format!("Mean of each class in each band, in {}", self.unit());
        Chart::new(label, ALL, |area| {
            let mut plot = self.axes(area, (64, 30), (10, 6), 0.0)?;
            self.draw_names(&mut plot, area)?;
            self.classes.iter().try_for_each(|class| self.draw_mean(&mut plot, class, (3, 4)))?;
            self.draw_numbers(&plot, area)
        })
    }

    /// One class with its standard deviations, in front of the means of the others.
    pub fn each(&self, class: &Class) -> Chart {
        let label = format!("{}: mean and one standard deviation in each band", class.name);
        Chart::new(label, EACH, |area| {
            let mut plot =
                self.axes(area, (58, 24), (if self.source.is_some() { 3 } else { 4 }, 4), 1.0)?;
            for other in self.classes.iter().filter(|other| other.value != class.value) {
                plot.draw_series([PathElement::new(self.line(other, 0.0), stroke(GRID, 1))])?;
            }
            let color = class_color(class.color);
            let mut outline = self.line(class, 1.0);
            outline.extend(self.line(class, -1.0).into_iter().rev());
            if self.names.len() == 1 {
                let upright = [outline[0], outline[1]];
                plot.draw_series([PathElement::new(upright, stroke(EDGE, 1))])?;
            }
            plot.draw_series([Polygon::new(outline.clone(), color.mix(0.45))])?;
            outline.push(outline[0]);
            plot.draw_series([PathElement::new(outline, stroke(EDGE, 1))])?;
            self.draw_mean(&mut plot, class, (2, 3))
        })
    }

    /// The classes that are drawn.
    pub fn classes(&self) -> &[&'a Class] {
        &self.classes
    }

    /// The value that is drawn for a class in a band: its mean plus a number of standard
    /// deviations.
    fn value(&self, class: &Class, band: usize, deviations: f64) -> f64 {
        let value = class.mean[band] + deviations * class.std[band];
        match &self.scaling.zscore {
            None => value,
            Some(ZScore { mean, std }) => (value - mean[band]) / std[band],
        }
    }

    fn line(&self, class: &Class, deviations: f64) -> Vec<(f64, f64)> {
        self.order
            .iter()
            .map(|&band| (self.places[band], self.value(class, band, deviations)))
            .collect()
    }

    fn axes<'b, 'c>(
        &self,
        area: &'c Area<'b>,
        (left, below): (u32, u32),
        (x_labels, y_labels): (usize, usize),
        deviations: f64,
    ) -> Drawn<Plot<'c, 'b>> {
        let x = match self.source {
            Some(_) => extent(self.places.iter().copied(), 0.05),
            None => (0.7, self.places.len() as f64 + 0.3),
        };
        let values = self.classes.iter().flat_map(|class| {
            [-deviations, deviations]
                .into_iter()
                .flat_map(|deviations| self.line(class, deviations))
        });
        let y = extent(values.map(|(_, value)| value), 0.06);
        let mut plot = ChartBuilder::on(area)
            .margin_top(if deviations == 0.0 { 28 } else { 8 })
            .margin_right(if deviations == 0.0 { 44 } else { 12 })
            .x_label_area_size(below)
            .y_label_area_size(left)
            .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
        let place = |place: &f64| match self.source {
            Some(_) => format!("{} nm", tick(*place)),
            None => self.numbered(*place),
        };
        plot.configure_mesh()
            .disable_x_mesh()
            .bold_line_style(stroke(GRID, 1))
            .light_line_style(plotters::style::TRANSPARENT)
            .axis_style(stroke(GRID, 1))
            .x_labels(x_labels)
            .y_labels(y_labels)
            .x_label_formatter(&place)
            .y_label_formatter(&|value| tick(*value))
            .label_style(text(SOFT, HPos::Left, VPos::Top))
            .draw()?;
        Ok(plot)
    }

    /// The name of the band with this number; empty if the axis has a mark between bands.
    fn numbered(&self, number: f64) -> String {
        let index = (number - 1.0).round();
        let whole = (number - 1.0 - index).abs() < 1e-6 && index >= 0.0;
        let name = whole.then(|| self.names.get(index as usize)).flatten();
        name.map_or_else(String::new, |name| shortened(name, 10))
    }

    /// Names of bands above the plot, as many as fit, if there is an axis of wavelengths below.
    fn draw_names(&self, plot: &mut Plot, area: &Area) -> Drawn {
        let mut taken: Vec<(i32, i32)> = Vec::new();
        let top = plot.as_coord_spec().get_y_range().end;
        for band in self.most_isolated_first().into_iter().filter(|_| self.source.is_some()) {
            let (x, y) = plot.backend_coord(&(self.places[band], top));
            let name = shortened(self.names[band], 8);
            let half = (name.chars().count() as f64 * TEXT * 0.32) as i32;
            area.draw(&PathElement::new([(x, y - 4), (x, y)], stroke(SOFT, 1)))?;
            if taken.iter().all(|(left, right)| x + half + 4 < *left || *right + 4 < x - half) {
                area.draw(&Text::new(name, (x, y - 6), text(INK, HPos::Center, VPos::Bottom)))?;
                taken.push((x - half, x + half));
            }
        }
        Ok(())
    }

    /// The bands; those farthest from their neighbours come first.
    fn most_isolated_first(&self) -> Vec<usize> {
        let gaps: Vec<f64> =
            self.order.windows(2).map(|pair| self.places[pair[1]] - self.places[pair[0]]).collect();
        let nearest = |i: usize| {
            let gap = |gap: Option<usize>| {
                gap.and_then(|gap| gaps.get(gap)).copied().unwrap_or(f64::INFINITY)
            };
            gap(i.checked_sub(1)).min(gap(Some(i)))
        };
        let mut sorted: Vec<usize> = (0..self.order.len()).collect();
        sorted.sort_by(|a, b| nearest(*b).total_cmp(&nearest(*a)));
        sorted.into_iter().map(|i| self.order[i]).collect()
    }

    /// The number of each class beside the right end of its line.
    fn draw_numbers(&self, plot: &Plot, area: &Area) -> Drawn {
        let end =
            |class: &&'a Class| self.line(class, 0.0).last().map(|end| plot.backend_coord(end));
        let mut ends: Vec<_> =
            self.classes.iter().filter_map(|class| Some((end(class)?, class.value))).collect();
        ends.sort_by_key(|((_, y), value)| (*y, *value));
        let (_, bottom) = plot.plotting_area().get_pixel_range();
        let places = apart(ends.iter().map(|((_, y), _)| *y).collect(), NUMBER, bottom.end);
        let edge = ALL.0 as i32 - 40;
        for (((x, y), value), place) in ends.iter().zip(places) {
            area.draw(&PathElement::new([(x + 6, *y), (edge, place)], stroke(EDGE, 1)))?;
            area.draw(&Text::new(
                value.to_string(),
                (edge + 4, place),
                text(INK, HPos::Left, VPos::Center),
            ))?;
        }
        Ok(())
    }

    /// The line of a class's means. Its colour may be that of the page, so it has an edge.
    fn draw_mean(&self, plot: &mut Plot, class: &Class, (width, radius): (u32, u32)) -> Drawn {
        let line = self.line(class, 0.0);
        let draw = |plot: &mut Plot, color: RGBColor, more: u32| -> Drawn {
            let style = ShapeStyle { stroke_width: width + more, ..color.stroke_width(width) };
            plot.draw_series([PathElement::new(line.clone(), style)])?;
            let dot = |point: &(f64, f64)| Circle::new(*point, radius + more / 2, color.filled());
            plot.draw_series(line.iter().map(dot))?;
            Ok(())
        };
        draw(plot, EDGE, 2)?;
        draw(plot, class_color(class.color), 0)
    }
}

/// Heights from top to bottom, moved until they differ by the gap and are above the bottom.
fn apart(mut heights: Vec<i32>, gap: i32, bottom: i32) -> Vec<i32> {
    let mut least = i32::MIN;
    for height in &mut heights {
        *height = (*height).max(least);
        least = *height + gap;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = (*height).min(most);
        most = *height - gap;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_overlap() {
        assert_eq!(apart(vec![10, 40, 80], 13, 100), [10, 40, 80]);
        assert_eq!(apart(vec![10, 12, 80], 13, 100), [10, 23, 80]);
        assert_eq!(apart(vec![90, 95, 96], 13, 100), [74, 87, 100]);
    }
}
