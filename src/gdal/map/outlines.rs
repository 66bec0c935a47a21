//! The patches of a written map as polygons in its reference system. They come in batches, so that
//! memory does not grow with the map.

use super::class_counts::{Written, ROWS};
use super::pixel_area::PatchAreas;
use crate::error::Result;
use crate::gdal::problem;
use crate::kernel::{Patch, Patches, Point};

/// Number of polygons of a batch; those that end in its last row come in addition.
const BATCH: usize = 1024;

/// A polygon in well-known binary: the order of its bytes, its kind.
const LITTLE_ENDIAN: u8 = 1;
const POLYGON: u32 = 3;

/// A patch as a polygon.
pub(super) struct Outline {
    pub label: u16,
    pub pixels: u64,
    /// Area, if the size of a pixel is known.
    pub hectares: Option<f64>,
    /// The polygon in well-known binary.
    pub shape: Vec<u8>,
    /// The smallest and the largest x, the smallest and the largest y.
    pub bounds: [f64; 4],
}

/// Reads a map and finds its patches.
pub(super) struct Outlines {
    map: Written,
    transform: [f64; 6],
    patch_areas: Option<PatchAreas>,
    /// None once the map has ended.
    patches: Option<Patches>,
    /// Rows that were read, the first of them, and the next one.
    strip: Vec<u16>,
    first: usize,
    next: usize,
}

impl Outlines {
    pub fn new(map: Written) -> Outlines {
        let patch_areas = PatchAreas::of(map.dataset());
        // Polygons of a map without a georeference are in pixels.
        let transform = map.dataset().geo_transform().unwrap_or([0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        let patches = Some(Patches::new(map.size().0));
        Outlines { map, transform, patch_areas, patches, strip: Vec::new(), first: 0, next: 0 }
    }

    /// The next polygons in the order in which they end, possibly none, and the share of the map
    /// that was read so far; `None` after the last.
    ///
    /// # Errors
    /// `Io` when the map cannot be read again; `OutOfMemory`.
    pub fn batch(&mut self) -> Result<Option<(f64, Vec<Outline>)>> {
        let Some(mut patches) = self.patches.take() else { return Ok(None) };
        let (width, height) = self.map.size();
        let mut outlines = Vec::new();
        let (transform, patch_areas) = (&self.transform, self.patch_areas.as_ref());
        if self.next == height {
            patches.finish(&mut |patch| outlines.push(outline(patch, transform, patch_areas)))?;
            return Ok(Some((1.0, outlines)));
        }
        if self.next == self.first + self.strip.len() / width {
            // Threads have their own handlers of GDAL's errors.
            let _quiet = problem::quiet();
            self.first = self.next;
            self.strip = self.map.rows(self.first, ROWS.min(height - self.first))?;
        }
        for row in self.strip[(self.next - self.first) * width..].chunks_exact(width) {
            patches.row(row, &mut |patch| outlines.push(outline(patch, transform, patch_areas)))?;
            self.next += 1;
            if outlines.len() >= BATCH {
                break;
            }
        }
        self.patches = Some(patches);
        Ok(Some((self.next as f64 / height as f64, outlines)))
    }
}

fn outline(patch: &Patch, transform: &[f64; 6], patch_areas: Option<&PatchAreas>) -> Outline {
    let n_points: usize = patch.rings().map(<[Point]>::len).sum();
    let mut shape = Vec::with_capacity(9 + 4 * patch.rings().count() + 16 * n_points);
    let number = |shape: &mut Vec<u8>, number: usize| {
        shape.extend_from_slice(&(number as u32).to_le_bytes());
    };
    shape.push(LITTLE_ENDIAN);
    number(&mut shape, POLYGON as usize);
    number(&mut shape, patch.rings().count());
    let mut bounds = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    for ring in patch.rings() {
        number(&mut shape, ring.len());
        for [column, row] in ring {
            let (column, row) = (f64::from(*column), f64::from(*row));
            let x = transform[0] + column * transform[1] + row * transform[2];
            let y = transform[3] + column * transform[4] + row * transform[5];
            shape.extend_from_slice(&x.to_le_bytes());
            shape.extend_from_slice(&y.to_le_bytes());
            bounds = [bounds[0].min(x), bounds[1].max(x), bounds[2].min(y), bounds[3].max(y)];
        }
    }
    let hectares = patch_areas.and_then(|patch_areas| patch_areas.hectares(patch));
    Outline { label: patch.label, pixels: patch.pixels, hectares, shape, bounds }
}
