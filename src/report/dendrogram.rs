//! The dendrogram of classes: which are joined first, and at what cost.

use plotters::chart::ChartBuilder;
use plotters::element::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::Color as _;

use super::chart::{
    class_color, shortened, stroke, text, Area, Chart, Drawn, EDGE, GRID, INK, LINE, SOFT,
};
use super::numbers::tick;
use crate::assess::{ward, Join};
use crate::model::{Class, Scaling};

/// Width of the chart, height of a class's line, room for names and for the axis. In pixels.
const WIDTH: u32 = 520;
const LINE_HEIGHT: u32 = 26;
const NAMES: u32 = 170;
const BELOW: u32 = 28;

/// Maximum number of letters of a name.
const LETTERS: usize = 18;

/// The dendrogram of the classes that have pixels, by Ward's rule; `None` for fewer than two.
/// `total` is the number of pixels of all classes, including classes that are not drawn.
pub(super) fn dendrogram(classes: &[Class], scaling: &Scaling, total: u64) -> Option<Chart> {
    let classes: Vec<&Class> = classes.iter().filter(|class| class.count > 0).collect();
    let joins = ward(&classes, scaling);
    let (n, total) = (classes.len(), total as f64);
    (n > 1).then(|| {
        let tree =
            Tree { classes, n, heights: heights(&joins, total), places: places(&joins, n), joins };
        let size = (WIDTH, n as u32 * LINE_HEIGHT + BELOW + 16);
        Chart::new("Dendrogram of the classes by Ward's rule".into(), size, |area| tree.draw(area))
    })
}

/// The increase of the mean squared distance of pixels from their centre by a join, as a distance.
fn heights(joins: &[Join], total: f64) -> Vec<f64> {
    joins.iter().map(|join| (join.added.max(0.0) / total).sqrt()).collect()
}

/// The position of each cluster from top to bottom: joined classes lie side by side, and a join in
/// the middle of its parts.
fn places(joins: &[Join], n: usize) -> Vec<f64> {
    let mut places = vec![0.0; n + joins.len()];
    let mut next = 0.0;
    let mut waiting = vec![n + joins.len() - 1];
    while let Some(cluster) = waiting.pop() {
        match cluster.checked_sub(n) {
            Some(join) => waiting.extend([joins[join].clusters.1, joins[join].clusters.0]),
            None => {
                places[cluster] = next;
                next += 1.0;
            }
        }
    }
    for (index, join) in joins.iter().enumerate() {
        places[n + index] = (places[join.clusters.0] + places[join.clusters.1]) / 2.0;
    }
    places
}

struct Tree<'a> {
    classes: Vec<&'a Class>,
    n: usize,
    joins: Vec<Join>,
    heights: Vec<f64>,
    places: Vec<f64>,
}

impl Tree<'_> {
    fn draw(&self, area: &Area) -> Drawn {
        let highest = self.heights.last().copied().filter(|height| *height > 0.0).unwrap_or(1.0);
        let (top, bottom) = (-0.5, self.n as f64 - 0.5);
        let mut plot = ChartBuilder::on(area)
            .margin_top(8)
            .margin_right(16)
            .margin_left(NAMES)
            .x_label_area_size(BELOW)
            .build_cartesian_2d(0.0..highest * 1.04, bottom..top)?;
        plot.configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .bold_line_style(stroke(GRID, 1))
            .light_line_style(plotters::style::TRANSPARENT)
            .axis_style(stroke(GRID, 1))
            .x_labels(6)
            .x_label_formatter(&|height| tick(*height))
            .label_style(text(SOFT, HPos::Center, VPos::Top))
            .draw()?;
        for (index, join) in self.joins.iter().enumerate() {
            let (a, b) = join.clusters;
            let at = self.heights[index];
            let path = vec![
                (self.height(a), self.places[a]),
                (at, self.places[a]),
                (at, self.places[b]),
                (self.height(b), self.places[b]),
            ];
            plot.draw_series([PathElement::new(path, stroke(LINE, 2))])?;
        }
        for (class, place) in self.classes.iter().zip(&self.places) {
            let y = plot.backend_coord(&(0.0, *place)).1;
            let patch = [(NAMES as i32 - 30, y - 6), (NAMES as i32 - 8, y + 6)];
            area.draw(&Rectangle::new(patch, class_color(class.color).filled()))?;
            area.draw(&Rectangle::new(patch, stroke(EDGE, 1)))?;
            let name = shortened(&class.name, LETTERS);
            area.draw(&Text::new(
                name,
                (NAMES as i32 - 38, y),
                text(INK, HPos::Right, VPos::Center),
            ))?;
        }
        Ok(())
    }

    /// The height at which a cluster's line begins.
    fn height(&self, cluster: usize) -> f64 {
        cluster.checked_sub(self.n).map_or(0.0, |join| self.heights[join])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_lines_cross() {
        let join = |a, b| Join { clusters: (a, b), added: 1.0 };
        // 0 and 3; then 1 and 2; then both.
        let joins = [join(0, 3), join(1, 2), join(4, 5)];
        assert_eq!(places(&joins, 4), [0.0, 2.0, 3.0, 1.0, 0.5, 2.5, 1.5]);
    }
}
