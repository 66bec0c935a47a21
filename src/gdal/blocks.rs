//! In which pieces an image is read: whole blocks as the file stores them, so that none is decoded twice.

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

/// What one thread reads at one go: some whole blocks. Where a single block is huge (an image in one strip),
/// its pixels are handed on in several windows, one after the other, by the thread that decoded it.
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

/// Bytes of samples that a unit should have: large enough that the cost of a call does not count.
const UNIT_BYTES: usize = 8 << 20;

/// Pixels of a unit, at least and at most.
const UNIT_PIXELS: (usize, usize) = (1 << 16, 1 << 20);

/// The units of an image of `size`, stored in blocks of `block`, row by row from the top left. (Sizes are
/// width and height.)
pub(super) fn units(size: (usize, usize), block: (usize, usize), bytes_per_pixel: usize) -> Vec<Unit> {
    let target = (UNIT_BYTES / bytes_per_pixel.max(1)).clamp(UNIT_PIXELS.0, UNIT_PIXELS.1);
    let (block_width, block_height) = (block.0.clamp(1, size.0), block.1.clamp(1, size.1));
    let n_blocks = (target / (block_width * block_height)).max(1);
    let across = n_blocks.min(size.0.div_ceil(block_width));
    let step = (across * block_width, n_blocks / across * block_height);
    let mut units = Vec::new();
    for y in (0..size.1).step_by(step.1) {
        for x in (0..size.0).step_by(step.0) {
            let window = Window { x, y, width: step.0.min(size.0 - x), height: step.1.min(size.1 - y) };
            let rows = (2 * target / window.width).clamp(1, window.height);
            units.push(Unit { window, rows });
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel is in one window, and units end where blocks end.
    fn check(size: (usize, usize), block: (usize, usize), bytes: usize) -> Vec<Unit> {
        let units = units(size, block, bytes);
        let pixels: usize = units.iter().flat_map(Unit::windows).map(|window| window.n_pixels()).sum();
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
}
