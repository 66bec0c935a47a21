//! Charts as SVG that takes its colours from the page.
//!
//! `plotters` writes colours into the drawing. The colours here stand for parts of a chart (text,
//! grid, ...). The page's style sheet maps each value to the colour of this part in light mode, in
//! dark mode and on paper.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use crate::model::Color;

/// Text.
pub(super) const INK: RGBColor = RGBColor(0x1d, 0x27, 0x33);
/// Numbers at the axes.
pub(super) const SOFT: RGBColor = RGBColor(0x66, 0x72, 0x7f);
/// Lines of a grid, and other parts in the background.
pub(super) const GRID: RGBColor = RGBColor(0xdd, 0xe3, 0xe9);
/// A line of data that has no colour of its own.
pub(super) const LINE: RGBColor = RGBColor(0x2a, 0x6f, 0x97);
/// The part that should be seen first.
pub(super) const MARK: RGBColor = RGBColor(0xc2, 0x41, 0x0c);
/// Edges around colours of classes, which may be as light or dark as the page.
pub(super) const EDGE: RGBColor = RGBColor(0x8a, 0x94, 0x9e);

const ROLES: [RGBColor; 6] = [INK, SOFT, GRID, LINE, MARK, EDGE];

/// Height of text in pixels.
pub(super) const TEXT: f64 = 13.0;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn<T = ()> = std::result::Result<
    T,
    DrawingAreaErrorKind<<SVGBackend<'static> as plotters::prelude::DrawingBackend>::ErrorType>,
>;

/// A chart, and what it shows in words.
pub(super) struct Chart {
    pub label: String,
    pub svg: String,
}

impl Chart {
    /// Draws a chart of this size in pixels; pages scale it to their width.
    pub fn new(label: String, size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> Chart {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            draw(&area).and_then(|()| area.present()).expect("a text takes every drawing");
        }
        Chart { label, svg }
    }
}

/// Text of a role, with its alignment.
pub(super) fn text(color: RGBColor, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    // plotters makes letters smaller than requested, by this factor.
    let font = ("sans-serif", TEXT * 1.24, FontStyle::Normal).into_font();
    let style = TextStyle::from(font).pos(Pos::new(horizontal, vertical));
    TextStyle { color: color.to_backend_color(), ..style }
}

/// A line of a role.
pub(super) fn stroke(color: RGBColor, width: u32) -> ShapeStyle {
    color.stroke_width(width)
}

/// The colour of a class in a chart: never a colour that stands for a part of the chart.
pub(super) fn class_color(color: Color) -> RGBColor {
    let own = RGBColor(color.r, color.g, color.b);
    match ROLES.contains(&own) {
        true => RGBColor(color.r, color.g, color.b ^ 1),
        false => own,
    }
}

/// The range of some values, with a margin: a part of their extent, or a fixed margin if they are
/// all equal.
pub(super) fn extent(values: impl Iterator<Item = f64>, room: f64) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    let (low, high) =
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = if high > low { (high - low) * room } else { high.abs().max(1.0) / 2.0 };
    (low - room, high + room)
}

/// A name, shortened if it is too long.
pub(super) fn shortened(name: &str, most: usize) -> String {
    match name.chars().count() {
        n if n <= most => name.into(),
        _ => name.chars().take(most - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_knows_every_role() {
        let style = include_str!("templates/style.css");
        for role in ROLES {
            let RGBColor(r, g, b) = role;
            let hex = format!("\"#{r:02X}{g:02X}{b:02X}\"");
            assert!(style.contains(&format!("[fill={hex}]")), "{hex}");
            assert!(style.contains(&format!("[stroke={hex}]")), "{hex}");
        }
        assert_eq!(class_color(Color { r: 0x1d, g: 0x27, b: 0x33 }), RGBColor(0x1d, 0x27, 0x32));
    }

    #[test]
    fn ranges_hold_their_values() {
        assert_eq!(extent([0.0, 10.0, f64::NAN].into_iter(), 0.1), (-1.0, 11.0));
        assert_eq!(extent([7.0].into_iter(), 0.1), (3.5, 10.5));
        assert_eq!(extent([f64::INFINITY].into_iter(), 0.1), (0.0, 1.0));
        assert_eq!(shortened("reflectance", 5), "refl…");
    }
}
