//! A small copy of a scene and its labels, gathered while the scene is processed: it is not read
//! again.

use image::{Rgba, RgbaImage};

use crate::error::{invalid_argument, Result};
use crate::model::Model;
use crate::raster::{with_sample_type, Raster, Sample, Tile, TILE};

/// The approximate number of pixels of the longer side.
const SIDE: usize = 1000;

/// Nodata is transparent in pictures.
const NO_DATA: Rgba<u8> = Rgba([0; 4]);

/// One pixel of the small copy: the mean of a square's valid pixels, and the label in its middle.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    sum: [f64; 3],
    n: u32,
    label: u16,
}

/// The cells that a block touches.
pub struct ThumbnailPart {
    row: usize,
    column: usize,
    columns: usize,
    cells: Vec<Cell>,
}

/// How a scene is reduced: squares of it become single pixels.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Side of the squares.
    factor: usize,
    /// Width and height of the scene.
    size: (usize, usize),
    columns: usize,
    rows: usize,
    rgb: [usize; 3],
}

/// A small copy of three bands of a scene, and of its labels. The scene is averaged. Labels have no
/// average, so they are those of single pixels.
pub struct Thumbnail {
    frame: Frame,
    cells: Vec<Cell>,
}

impl Frame {
    /// The contribution of a block whose first pixel is at column `x` and row `y` of the scene.
    /// `label` gives the label of a pixel of the block, counted row after row.
    pub fn part(
        &self,
        (x, y): (usize, usize),
        raster: &Raster,
        label: impl Fn(usize) -> u16,
    ) -> ThumbnailPart {
        let (row, column) = (y / self.factor, x / self.factor);
        let last = |first: usize, len: usize| (first + len - 1) / self.factor;
        let columns = last(x, raster.width()) - column + 1;
        let rows = last(y, raster.height()) - row + 1;
        let mut part =
            ThumbnailPart { row, column, columns, cells: vec![Cell::default(); columns * rows] };
        with_sample_type!(raster.sample_type(), T => self.sum::<T>((x, y), raster, &mut part));
        self.label((x, y), (raster.width(), raster.height()), label, &mut part);
        part
    }

    /// Adds the valid pixels of a block.
    fn sum<T: Sample>(&self, (x, y): (usize, usize), raster: &Raster, part: &mut ThumbnailPart) {
        let mut tile = Tile::<T>::new(raster.n_bands());
        let per_row = raster.width().div_ceil(TILE);
        for index in 0..raster.n_tiles() {
            tile.fill(raster, index);
            let row = (y + index / per_row) / self.factor - part.row;
            let cells = &mut part.cells[row * part.columns..][..part.columns];
            let bands = self.rgb.map(|band| tile.band(band));
            let first = x + index % per_row * TILE;
            for (i, _) in tile.valid().iter().enumerate().filter(|(_, ok)| **ok != 0) {
                let cell = &mut cells[(first + i) / self.factor - part.column];
                cell.n += 1;
                (0..3).for_each(|color| cell.sum[color] += bands[color][i].to_f64());
            }
        }
    }

    /// Takes the labels in the middle of the squares, if they are in the block.
    fn label(
        &self,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
        label: impl Fn(usize) -> u16,
        part: &mut ThumbnailPart,
    ) {
        for (i, cell) in part.cells.iter_mut().enumerate() {
            let column = self.middle(part.column + i % part.columns, self.size.0).checked_sub(x);
            let row = self.middle(part.row + i / part.columns, self.size.1).checked_sub(y);
            if let (Some(column), Some(row)) =
                (column.filter(|c| *c < width), row.filter(|r| *r < height))
            {
                cell.label = label(row * width + column);
            }
        }
    }

    /// The middle of a square, by its number in its row or column. The edge may cut off the last
    /// squares.
    fn middle(&self, index: usize, len: usize) -> usize {
        let first = index * self.factor;
        (first + self.factor.min(len - first) / 2).min(len - 1)
    }
}

impl Thumbnail {
    /// A blank copy of a scene of `width x height` pixels; `rgb` are the bands (0-based) shown as
    /// red, green and blue.
    pub fn new(width: usize, height: usize, rgb: [usize; 3]) -> Thumbnail {
        let factor = ((width.max(height) as f64 / SIDE as f64).round() as usize).max(1);
        let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
        let frame = Frame { factor, size: (width, height), columns, rows, rgb };
        Thumbnail { frame, cells: vec![Cell::default(); columns * rows] }
    }

    /// How the scene is reduced: threads need this to prepare their parts.
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// Adds the contribution of a block.
    pub fn add(&mut self, part: &ThumbnailPart) {
        for (i, from) in part.cells.iter().enumerate() {
            let (row, column) = (part.row + i / part.columns, part.column + i % part.columns);
            let cell = &mut self.cells[row * self.frame.columns + column];
            cell.n += from.n;
            cell.label |= from.label;
            (0..3).for_each(|color| cell.sum[color] += from.sum[color]);
        }
    }

    /// Checks that the model has the bands that are shown.
    pub(super) fn check(&self, model: &Model) -> Result<()> {
        match self.frame.rgb.iter().find(|band| **band >= model.n_bands()) {
            Some(band) => invalid_argument(format!(
                "the picture shows band {}, but the model has {}: show others",
                band + 1,
                model.n_bands()
            )),
            None => Ok(()),
        }
    }

    /// The bands (0-based) shown as red, green and blue.
    pub(super) fn rgb(&self) -> [usize; 3] {
        self.frame.rgb
    }

    /// Whether any pixel is nodata.
    pub(super) fn has_gaps(&self) -> bool {
        self.cells.iter().any(|cell| cell.n == 0)
    }

    /// Replaces the labels by those of whole rows of the scene, from row `first` on.
    pub fn relabel(&mut self, first: usize, labels: &[u16]) {
        let Frame { size: (width, height), columns, rows, .. } = self.frame;
        for row in 0..rows {
            let middle = self.frame.middle(row, height).checked_sub(first);
            let Some(line) = middle.and_then(|row| labels.chunks_exact(width).nth(row)) else {
                continue;
            };
            for column in 0..columns {
                self.cells[row * columns + column].label = line[self.frame.middle(column, width)];
            }
        }
    }

    /// The scene with the model's contrast stretch.
    pub(super) fn scene(&self, model: &Model) -> RgbaImage {
        let stretch = self.frame.rgb.map(|band| model.bands[band].percentiles);
        self.paint(|cell| {
            let mean = |color: usize| cell.sum[color] / f64::from(cell.n);
            let [r, g, b] = [0, 1, 2].map(|color| stretched(mean(color), stretch[color]));
            Rgba([r, g, b, 255])
        })
    }

    /// The classes in their colours.
    pub(super) fn classes(&self, model: &Model) -> RgbaImage {
        let legend = model.legend();
        self.paint(|cell| match legend.get(usize::from(cell.label).wrapping_sub(1)) {
            Some(class) => Rgba([class.color.r, class.color.g, class.color.b, 255]),
            None => NO_DATA,
        })
    }

    fn paint(&self, color: impl Fn(&Cell) -> Rgba<u8>) -> RgbaImage {
        RgbaImage::from_fn(self.frame.columns as u32, self.frame.rows as u32, |x, y| {
            match &self.cells[y as usize * self.frame.columns + x as usize] {
                cell if cell.n == 0 => NO_DATA,
                cell => color(cell),
            }
        })
    }
}

fn stretched(value: f64, [low, high]: [f64; 2]) -> u8 {
    let fraction = if high > low { (value - low) / (high - low) } else { 0.5 };
    (fraction.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same small copy, whatever blocks the scene comes in.
    #[test]
    fn blocks_add_up() {
        let (width, height) = (2503, 1502);
        let samples: Vec<u16> = (0..width * height).map(|i| (i * 31 % 1009) as u16).collect();
        let label = |i: usize| (i % 5) as u16;
        let whole = {
            let mut thumbnail = Thumbnail::new(width, height, [0; 3]);
            let raster = Raster::bsq(&samples, 1, width, height).unwrap();
            let part = thumbnail.frame().part((0, 0), &raster, label);
            thumbnail.add(&part);
            thumbnail
        };
        let mut thumbnail = Thumbnail::new(width, height, [0; 3]);
        for (y, rows) in [(0, 700), (700, 1), (701, 801)] {
            let raster =
                Raster::bsq(&samples[y * width..(y + rows) * width], 1, width, rows).unwrap();
            let part = thumbnail.frame().part((0, y), &raster, |i| label(y * width + i));
            thumbnail.add(&part);
        }
        assert_eq!(whole.cells.len(), 835 * 501);
        let same = |(a, b): (&Cell, &Cell)| a.sum == b.sum && a.n == b.n && a.label == b.label;
        assert!(whole.cells.iter().zip(&thumbnail.cells).all(same));
        assert_eq!(whole.cells.iter().map(|cell| cell.n as usize).sum::<usize>(), width * height);
        assert_eq!((whole.cells[0].n, whole.cells[0].label), (9, label(width + 1)));
        for (first, rows) in [(0, 900), (900, 602)] {
            let others: Vec<u16> =
                (first * width..(first + rows) * width).map(|i| label(i) + 1).collect();
            thumbnail.relabel(first, &others);
        }
        assert!(whole.cells.iter().zip(&thumbnail.cells).all(|(a, b)| a.label + 1 == b.label));
    }
}
