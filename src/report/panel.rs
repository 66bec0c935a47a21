//! A line chart of one measure, as SVG that takes its colours from the page.

use std::fmt::Write;

/// Size of a panel, and the margins of its plot: left, right, top, bottom. In pixels.
const SIZE: (f64, f64) = (380.0, 220.0);
const MARGIN: (f64, f64, f64, f64) = (64.0, 16.0, 34.0, 34.0);

/// Most numbers that are written under the axis.
const MOST_LABELS: usize = 12;

/// What is drawn: a value for each whole number, of which those that are not finite are left out, and the number that is marked.
pub(super) struct Panel<'a> {
    pub title: &'a str,
    pub note: &'a str,
    pub points: Vec<(u32, f64)>,
    pub marked: u32,
}

/// Places in the drawing.
struct Axes {
    x: (f64, f64),
    y: (f64, f64),
}

impl Axes {
    /// The plot's extent; a single value is in its middle.
    fn of(points: &[(u32, f64)]) -> Axes {
        let extent = |values: &mut dyn Iterator<Item = f64>, margin: f64| {
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
            let room = if high > low { (high - low) * margin } else { high.abs().max(1.0) / 2.0 };
            (low - room, high + room)
        };
        Axes {
            x: extent(&mut points.iter().map(|point| f64::from(point.0)), 0.03),
            y: extent(&mut points.iter().map(|point| point.1), 0.08),
        }
    }

    fn at(&self, k: f64, value: f64) -> (f64, f64) {
        let (left, right, top, bottom) = MARGIN;
        let part = |at: f64, (low, high): (f64, f64)| (at - low) / (high - low);
        let x = left + part(k, self.x) * (SIZE.0 - left - right);
        (x, SIZE.1 - bottom - part(value, self.y) * (SIZE.1 - top - bottom))
    }
}

impl Panel<'_> {
    /// The panel as an `svg` element; `text` writes a value under the axis and beside it.
    pub fn svg(&self, text: impl Fn(f64) -> String) -> String {
        let points: Vec<_> = self.points.iter().copied().filter(|point| point.1.is_finite()).collect();
        let (width, height) = SIZE;
        let mut svg = format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{0}: {1}\">\n\
             <text class=\"title\" x=\"8\" y=\"18\">{0}</text><text class=\"note\" x=\"{2}\" y=\"18\" text-anchor=\"end\">{1}</text>\n",
            self.title, self.note, width - MARGIN.1,
        );
        if points.is_empty() {
            svg +=
                "<text class=\"note\" x=\"190\" y=\"115\" text-anchor=\"middle\">not known</text>\n</svg>\n";
            return svg;
        }
        let axes = Axes::of(&points);
        self.draw_axes(&mut svg, &axes, &points, text);
        let place = |point: &(u32, f64)| axes.at(f64::from(point.0), point.1);
        let path: Vec<String> = points.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(svg, "<polyline class=\"line\" points=\"{}\"/>", path.join(" "));
        for point in &points {
            let (x, y) = place(point);
            let (class, radius) = if point.0 == self.marked { ("marked", 5.5) } else { ("dot", 3.0) };
            let _ = writeln!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
        }
        svg + "</svg>\n"
    }

    fn draw_axes(&self, svg: &mut String, axes: &Axes, points: &[(u32, f64)], text: impl Fn(f64) -> String) {
        let (left, right, top, bottom) = MARGIN;
        let (low, high) = axes.y;
        for part in [0.08, 0.5, 0.92] {
            let value = low + part * (high - low);
            let y = axes.at(axes.x.0, value).1;
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                SIZE.0 - right,
                left - 8.0,
                y + 4.0,
                text(value)
            );
        }
        for point in points.iter().step_by(points.len().div_ceil(MOST_LABELS)) {
            let x = axes.at(f64::from(point.0), low).0;
            let y = SIZE.1 - bottom + 20.0;
            let _ = writeln!(
                svg,
                "<text class=\"tick\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
                point.0
            );
        }
        let x = axes.at(f64::from(self.marked), low).0;
        let y = SIZE.1 - bottom;
        let _ = writeln!(svg, "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{y}\"/>");
    }
}
