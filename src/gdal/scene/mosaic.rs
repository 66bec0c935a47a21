//! Virtual rasters: the positions of their files in them, so that blocks are read as the files
//! store them.

use gdal::{Dataset, Metadata};

use crate::gdal::blocks::{Blocks, MosaicPart, Window};
use crate::gdal::ffi;

/// Maximum number of parts of a mosaic: with more, files are smaller than what is read at once.
const MOST_PARTS: usize = 4096;

/// The blocks of the files of a virtual raster. Its own blocks are arbitrary, and reading along
/// them would decode the files' blocks many times. `None` for other files.
pub(in crate::gdal) fn blocks(dataset: &Dataset) -> Option<Blocks> {
    if dataset.driver().short_name() != "VRT" {
        return None;
    }
    let files = ffi::file_list(dataset);
    let inner = files.iter().skip(1).find_map(|file| Dataset::open(file).ok())?;
    let (width, height) = inner.rasterband(1).ok()?.block_size();
    let size = dataset.raster_size();
    if let Some(parts) = sources(dataset).and_then(|sources| parts(size, (width, height), &sources))
    {
        return Some(Blocks { size: (width, height), parts });
    }
    // Strips of one file are not strips of a mosaic.
    let is_full_width = width == inner.raster_size().0;
    Some(Blocks { size: (if is_full_width { size.0 } else { width }, height), parts: Vec::new() })
}

/// A file in a virtual raster: the part that is shown begins at column and row `from` of the file.
#[derive(Debug, Clone, Copy)]
struct Placed {
    window: Window,
    from: (usize, usize),
}

/// The files of the first band (the others are mostly the same), the topmost last; `None` if one is
/// scaled, or not a plain file.
fn sources(dataset: &Dataset) -> Option<Vec<Placed>> {
    let items = dataset.rasterband(1).ok()?.metadata_domain("vrt_sources")?;
    let sources: Option<Vec<_>> =
        items.iter().map(|item| Placed::read(item.split_once('=')?.1)).collect();
    sources.filter(|sources| !sources.is_empty())
}

impl Placed {
    fn read(xml: &str) -> Option<Placed> {
        let [x, y, width, height, from_x, from_y, from_width, from_height] = ffi::xml_values(
            xml,
            [
                "DstRect.xOff",
                "DstRect.yOff",
                "DstRect.xSize",
                "DstRect.ySize",
                "SrcRect.xOff",
                "SrcRect.yOff",
                "SrcRect.xSize",
                "SrcRect.ySize",
            ],
        )
        .map(|value| integer(&value?));
        let same_size = width? == from_width? && height? == from_height?;
        let window = Window { x: x?, y: y?, width: width?, height: height? };
        same_size.then_some(Placed { window, from: (from_x?, from_y?) })
    }

    fn covers(&self, window: &Window) -> bool {
        let Window { x, y, width, height } = self.window;
        x <= window.x
            && y <= window.y
            && window.x + window.width <= x + width
            && window.y + window.height <= y + height
    }

    /// The first column and row of a window in this file at which one of its blocks begins.
    fn first_block(&self, window: &Window, block: (usize, usize)) -> (usize, usize) {
        let next = |in_file: usize, step: usize| (step - in_file % step) % step;
        let in_file =
            (self.from.0 + window.x - self.window.x, self.from.1 + window.y - self.window.y);
        (next(in_file.0, block.0), next(in_file.1, block.1))
    }
}

/// A number of pixels; `None` for a fraction or a negative number.
fn integer(value: &str) -> Option<usize> {
    let number: f64 = value.trim().parse().ok()?;
    (number >= 0.0 && number.fract() == 0.0 && number < 1e9).then_some(number as usize)
}

/// The parts of an image of `size` between all edges of its files. In each part, one file is on
/// top, or none. `None` if there are too many parts.
fn parts(
    size: (usize, usize),
    block: (usize, usize),
    sources: &[Placed],
) -> Option<Vec<MosaicPart>> {
    let edges = |all: usize, ends: &dyn Fn(&Placed) -> [usize; 2]| {
        let mut edges: Vec<usize> =
            sources.iter().flat_map(ends).map(|edge| edge.min(all)).collect();
        edges.extend([0, all]);
        edges.sort_unstable();
        edges.dedup();
        edges
    };
    let columns = edges(size.0, &|placed| [placed.window.x, placed.window.x + placed.window.width]);
    let rows = edges(size.1, &|placed| [placed.window.y, placed.window.y + placed.window.height]);
    if (columns.len() - 1) * (rows.len() - 1) > MOST_PARTS {
        return None;
    }
    let mut parts = Vec::new();
    for y in rows.windows(2) {
        for x in columns.windows(2) {
            let window = Window { x: x[0], y: y[0], width: x[1] - x[0], height: y[1] - y[0] };
            let top = sources.iter().rev().find(|placed| placed.covers(&window));
            parts.push(MosaicPart {
                window,
                first: top.map_or((0, 0), |placed| placed.first_block(&window, block)),
            });
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_begin_where_files_do() {
        let placed = |xml: &str| Placed::read(xml);
        let source = |at: (u32, u32), from: (u32, u32)| {
            format!(
                "<SimpleSource><SrcRect xOff=\"{}\" yOff=\"{}\" xSize=\"1098\" \
                 ySize=\"1098\"/><DstRect xOff=\"{}\" yOff=\"{}\" xSize=\"1098\" \
                 ySize=\"1098\"/></SimpleSource>",
                from.0, from.1, at.0, at.1
            )
        };
        let sources: Vec<_> =
            [placed(&source((0, 0), (0, 0))), placed(&source((1000, 0), (10, 0)))]
                .into_iter()
                .flatten()
                .collect();
        let parts = parts((2200, 1098), (512, 512), &sources).unwrap();
        let places: Vec<_> =
            parts.iter().map(|part| (part.window.x, part.window.width, part.first)).collect();
        // The second file lies over the first, and begins with its column 10; beyond it there is
        // nothing.
        let second = 512 - 10;
        assert_eq!(
            places,
            [
                (0, 1000, (0, 0)),
                (1000, 98, (second, 0)),
                (1098, 1000, (404, 0)),
                (2098, 102, (0, 0))
            ]
        );
        assert!(
            placed("<SimpleSource><SourceFilename>a.tif</SourceFilename></SimpleSource>").is_none()
        );
        assert!(placed(&source((0, 0), (0, 0)).replacen("1098", "549", 1)).is_none());
    }
}
