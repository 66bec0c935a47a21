//! The pieces in which an image is read: whole blocks as the file stores them, so that none is
//! decoded twice.

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// First column.
    pub x: usize,
    /// First row.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Window {
    /// Number of pixels.
    pub fn n_pixels(&self) -> usize {
        self.width * self.height
    }
}

/// The whole blocks that one thread reads at once. If a single block is huge (an image in one
/// strip), the thread that decoded it passes its pixels on in several windows, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    window: Window,
    rows: usize,
}

impl Unit {
    /// All the pixels of the unit.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The windows to read, from the top.
    pub fn windows(&self) -> impl Iterator<Item = Window> {
        let Unit { window, rows } = *self;
        (0..window.height).step_by(rows).map(move |row| Window {
            y: window.y + row,
            height: rows.min(window.height - row),
            ..window
        })
    }
}

/// Bytes of samples that a unit should have: enough to make the cost of a call negligible.
const UNIT_BYTES: usize = 8 << 20;

/// The minimum and the maximum number of pixels of a unit.
const UNIT_PIXELS: (usize, usize) = (1 << 16, 1 << 20);

/// Maximum number of rows of a unit of a part, unless a block is higher: the map is written in rows
/// of tiles, each when it is complete.
const MOST_ROWS: usize = 1024;

/// How an image is stored.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    /// Width and height of a block.
    pub size: (usize, usize),
    /// The parts of a mosaic, each stored in blocks of its own; empty if the blocks begin at the
    /// top left of the image.
    pub parts: Vec<MosaicPart>,
}

/// A part of a mosaic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MosaicPart {
    pub window: Window,
    /// The first column and row of the window at which a block begins.
    pub first: (usize, usize),
}

impl Blocks {
    /// The units of an image of this size (width and height), from the top left.
    pub fn units(&self, size: (usize, usize), bytes_per_pixel: usize) -> Vec<Unit> {
        let target = (UNIT_BYTES / bytes_per_pixel.max(1)).clamp(UNIT_PIXELS.0, UNIT_PIXELS.1);
        let full = MosaicPart {
            window: Window { x: 0, y: 0, width: size.0, height: size.1 },
            first: (0, 0),
        };
        if self.parts.is_empty() {
            return full.units(self.size, target, size.1);
        }
        let most_rows = MOST_ROWS.max(self.size.1);
        let mut units: Vec<Unit> =
            self.parts.iter().flat_map(|part| part.units(self.size, target, most_rows)).collect();
        // Threads that wait until a row of the map is complete rely on this order.
        units.sort_by_key(|unit| (unit.window.y, unit.window.x));
        units
    }
}

impl MosaicPart {
    /// The units of the part, stored in blocks of `block`: of about `target` pixels, and at most
    /// `most_rows` rows.
    fn units(&self, block: (usize, usize), target: usize, most_rows: usize) -> Vec<Unit> {
        let MosaicPart { window: all, first } = *self;
        let (block_width, block_height) =
            (block.0.clamp(1, all.width), block.1.clamp(1, all.height));
        let n_blocks = (target / (block_width * block_height)).max(1);
        let across = n_blocks.min(all.width.div_ceil(block_width));
        let down = (n_blocks / across).min(most_rows / block_height).max(1);
        let mut units = Vec::new();
        for (y, height) in cuts(all.height, first.1, down * block_height) {
            for (x, width) in cuts(all.width, first.0, across * block_width) {
                let rows = (2 * target / width).clamp(1, height);
                units.push(Unit {
                    window: Window { x: all.x + x, y: all.y + y, width, height },
                    rows,
                });
            }
        }
        units
    }
}

/// The pieces of a length (start and length of each), cut at `first`, and every `step` from there.
fn cuts(len: usize, first: usize, step: usize) -> impl Iterator<Item = (usize, usize)> {
    let begun = (first > 0).then_some((0, first.min(len)));
    begun
        .into_iter()
        .chain((first..len).step_by(step).map(move |start| (start, step.min(len - start))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel is in one window, and units end where blocks end.
    fn check(size: (usize, usize), block: (usize, usize), bytes: usize) -> Vec<Unit> {
        let units = Blocks { size: block, parts: Vec::new() }.units(size, bytes);
        let pixels: usize =
            units.iter().flat_map(Unit::windows).map(|window| window.n_pixels()).sum();
        assert_eq!(pixels, size.0 * size.1);
        for Unit { window, .. } in &units {
            let ends = |start: usize, len: usize, step: usize, all: usize| {
                (start + len) % step == 0 || start + len == all
            };
            assert!(ends(window.x, window.width, block.0, size.0), "{window:?}");
            assert!(ends(window.y, window.height, block.1, size.1), "{window:?}");
        }
        units
    }

    #[test]
    fn strips_are_read_in_whole_rows() {
        let units = check((10980, 10980), (10980, 1), 8);
        assert!(units.iter().all(|unit| unit.window.width == 10980));
        assert!(units.len() > 100 && units.len() < 200, "{}", units.len());
    }

    #[test]
    fn tiles_are_read_in_rows_of_tiles() {
        for block in [128, 256, 512, 1024] {
            check((10980, 10981), (block, block), 6);
        }
        check((832, 832), (256, 256), 104);
        check((1, 1), (256, 256), 8);
    }

    #[test]
    fn one_huge_block_is_handed_on_in_windows() {
        let units = check((20000, 20000), (20000, 20000), 8);
        assert_eq!(units.len(), 1);
        assert!(units[0].windows().all(|window| window.n_pixels() <= 2 << 20));
    }

    #[test]
    fn parts_are_cut_where_their_blocks_begin() {
        let part = |x, y, width, height, first| MosaicPart {
            window: Window { x, y, width, height },
            first,
        };
        let parts = vec![part(0, 0, 1000, 600, (0, 0)), part(1000, 0, 500, 600, (100, 256))];
        let units = Blocks { size: (512, 256), parts }.units((1500, 600), 4096);
        let windows: Vec<_> =
            units.iter().map(|unit| unit.window()).map(|w| (w.x, w.y, w.width, w.height)).collect();
        assert_eq!(&windows[..3], [(0, 0, 512, 256), (512, 0, 488, 256), (1000, 0, 100, 256)]);
        assert!(windows.contains(&(1100, 256, 400, 256)));
        assert!(windows.is_sorted_by_key(|window| (window.1, window.0)));
        assert_eq!(windows.iter().map(|window| window.2 * window.3).sum::<usize>(), 1500 * 600);
    }
}
