//! The legend of a picture: a patch of colour, a name and a share for each class.

use image::{Rgb, RgbImage};

use super::paint::hatch;
use super::quicklook::{fill, frame, INK};
use super::text::Text;
use crate::model::{Color, Model};

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

/// What stands before a name.
enum Patch {
    Color(Rgb<u8>),
    Hatched,
    None,
}

/// A legend laid out in columns of at most so many lines.
pub(super) struct Legend {
    entries: Vec<Entry>,
    lines: usize,
    name_width: u32,
    share_width: u32,
}

impl Legend {
    /// A legend no higher than `height` pixels. `counts` are the pixels of each label, from 0 (nodata).
    pub(super) fn new(model: &Model, counts: &[u64], height: u32, text: &Text) -> Legend {
        let entries = entries(model, counts);
        let widest =
            |part: fn(&Entry) -> &str| entries.iter().map(|e| text.width(part(e))).max().unwrap_or(0);
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
    let n_valid: u64 = counts.iter().skip(1).sum();
    let class = |class: &crate::model::Class| Entry {
        patch: Patch::Color(rgb(class.color)),
        name: class.name.clone(),
        share: share(counts.get(class.value as usize).copied().unwrap_or(0), n_valid),
    };
    let legend = model.legend();
    let mut entries: Vec<Entry> = legend.iter().take(MOST).map(class).collect();
    if legend.len() > MOST {
        let name = format!("and {} more classes", legend.len() - MOST);
        entries.push(Entry { patch: Patch::None, name, share: String::new() });
    }
    if counts.first().is_some_and(|n| *n > 0) {
        entries.push(Entry { patch: Patch::Hatched, name: "no data".into(), share: String::new() });
    }
    entries
}

/// The colour as the image crate has it.
fn rgb(color: Color) -> Rgb<u8> {
    Rgb([color.r, color.g, color.b])
}

/// The share of the valid pixels, in per cent.
fn share(count: u64, n_valid: u64) -> String {
    match 100.0 * count as f64 / n_valid.max(1) as f64 {
        percent if count > 0 && percent < 0.05 => "< 0.1 %".into(),
        percent => format!("{percent:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_valid_pixels() {
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(1, 1_000_000), "< 0.1 %");
        assert_eq!(share(0, 0), "0.0 %");
    }
}
