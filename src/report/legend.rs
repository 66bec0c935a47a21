//! The legend of a picture: a patch of colour, a name and a share for each class.

use image::{Rgb, RgbImage};

use super::chart;
use super::paint::hatch;
use super::text::Text;
use crate::model::{Color, MapClass, Model};

/// Text.
const INK: Rgb<u8> = Rgb([chart::INK.0, chart::INK.1, chart::INK.2]);
/// Thin lines around pictures and patches: they separate white from the page.
const FRAME: Rgb<u8> = Rgb([128, 128, 128]);
/// Height of a line.
const LINE: u32 = 28;
/// Width and height of a patch.
const PATCH_SIZE: (u32, u32) = (32, 18);
/// Space between patch, name and share, and between columns.
const SPACE: u32 = 14;
/// Classes beyond this many are only counted.
const MOST: usize = 60;

/// A line of the legend.
struct Entry {
    patch: Patch,
    name: String,
    share: String,
}

/// The patch before a name.
enum Patch {
    Color(Rgb<u8>),
    Hatched,
    None,
}

/// A legend in columns, each with a maximum number of lines.
pub(super) struct Legend {
    entries: Vec<Entry>,
    lines: usize,
    name_width: u32,
    share_width: u32,
}

impl Legend {
    /// A legend no higher than `height` pixels. `counts` are the pixels of each label, from 0
    /// (nodata).
    pub(super) fn new(model: &Model, counts: &[u64], height: u32, text: &Text) -> Legend {
        let entries = entries(model, counts);
        let widest = |part: fn(&Entry) -> &str| {
            entries.iter().map(|e| text.width(part(e))).max().unwrap_or(0)
        };
        let (name_width, share_width) = (widest(|entry| &entry.name), widest(|entry| &entry.share));
        let fit = ((height / LINE) as usize).max(1);
        let columns = entries.len().div_ceil(fit).max(1);
        Legend { lines: entries.len().div_ceil(columns), entries, name_width, share_width }
    }

    fn column_width(&self) -> u32 {
        PATCH_SIZE.0 + SPACE + self.name_width + SPACE + self.share_width
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        let columns = self.entries.len().div_ceil(self.lines.max(1)) as u32;
        let gaps = columns.saturating_sub(1) * 2 * SPACE;
        (columns * self.column_width() + gaps, self.lines as u32 * LINE)
    }

    /// Draws the legend with its upper left corner at `(x, y)`.
    pub(super) fn draw(&self, image: &mut RgbImage, (x, y): (u32, u32), text: &Text) {
        for (i, entry) in self.entries.iter().enumerate() {
            let (column, line) = ((i / self.lines) as u32, (i % self.lines) as u32);
            let left = x + column * (self.column_width() + 2 * SPACE);
            let middle = y + line * LINE + LINE / 2;
            entry.patch.draw(image, (left, middle - PATCH_SIZE.1 / 2));
            let name = left + PATCH_SIZE.0 + SPACE;
            text.draw(image, (name, middle), &entry.name, INK);
            let right = left + self.column_width();
            text.draw(image, (right - text.width(&entry.share), middle), &entry.share, INK);
        }
    }
}

impl Patch {
    fn draw(&self, image: &mut RgbImage, corner: (u32, u32)) {
        match self {
            Patch::Color(color) => fill(image, corner, PATCH_SIZE, *color),
            Patch::Hatched => hatch(image, corner, PATCH_SIZE),
            Patch::None => return,
        }
        frame(image, corner, PATCH_SIZE);
    }
}

fn entries(model: &Model, counts: &[u64]) -> Vec<Entry> {
    let class = |class: MapClass| Entry {
        patch: Patch::Color(rgb(class.color)),
        share: class.share_text(),
        name: class.name,
    };
    let legend = model.map_classes(counts);
    let n_classes = legend.len();
    let mut entries: Vec<Entry> = legend.into_iter().take(MOST).map(class).collect();
    if n_classes > MOST {
        let name = format!("and {} more classes", n_classes - MOST);
        entries.push(Entry { patch: Patch::None, name, share: String::new() });
    }
    if counts.first().is_some_and(|n| *n > 0) {
        entries.push(Entry { patch: Patch::Hatched, name: "no data".into(), share: String::new() });
    }
    entries
}

/// The colour in the image crate's type.
fn rgb(color: Color) -> Rgb<u8> {
    Rgb([color.r, color.g, color.b])
}

/// Fills a rectangle.
fn fill(image: &mut RgbImage, (x, y): (u32, u32), (width, height): (u32, u32), color: Rgb<u8>) {
    for row in y..(y + height).min(image.height()) {
        for column in x..(x + width).min(image.width()) {
            image.put_pixel(column, row, color);
        }
    }
}

/// Draws a thin line just around a rectangle.
pub(super) fn frame(image: &mut RgbImage, (x, y): (u32, u32), (width, height): (u32, u32)) {
    fill(image, (x - 1, y - 1), (width + 2, 1), FRAME);
    fill(image, (x - 1, y + height), (width + 2, 1), FRAME);
    fill(image, (x - 1, y - 1), (1, height + 2), FRAME);
    fill(image, (x + width, y - 1), (1, height + 2), FRAME);
}
