//! A borrowed view of the bands of an image, wherever they lie in memory.

use std::marker::PhantomData;

use super::{NodataRange, Sample, SampleType};
use crate::error::{invalid_argument, Result};

/// The largest number of pixels in a tile: small enough that the samples of a few bands, and their
/// copies as `f64`, stay in the first-level cache.
pub const TILE: usize = 512;

/// Tiles per task of a parallel pass: some ten thousand pixels.
pub(crate) const TILES_PER_TASK: usize = 64;

/// The layout of the samples of a band: the size in pixels, and the steps in bytes from a pixel to
/// the next in its row, and from a row to the next. Steps may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes from a pixel to its right neighbour.
    pub pixel_stride: isize,
    /// Bytes from a pixel to the one below it.
    pub line_stride: isize,
}

impl Layout {
    /// The layout of samples of `size` bytes without gaps.
    ///
    /// # Errors
    /// `InvalidArgument` when the image is larger than memory can be.
    pub fn packed(width: usize, height: usize, size: usize) -> Result<Layout> {
        let row = width.checked_mul(size).and_then(|bytes| isize::try_from(bytes).ok());
        match row {
            Some(row) => {
                Ok(Layout { width, height, pixel_stride: size as isize, line_stride: row })
            }
            None => too_large(width, height),
        }
    }

    /// Checks that every byte of every pixel is within `isize::MAX` bytes of the first.
    pub(super) fn check(&self, sample_size: usize) -> Result<()> {
        if self.width == 0 || self.height == 0 {
            return invalid_argument(format!(
                "the image is {} x {} pixels: width and height must be at least 1",
                self.width, self.height
            ));
        }
        let extent = |n: usize, stride: isize| (n - 1).checked_mul(stride.unsigned_abs());
        let bytes = extent(self.width, self.pixel_stride)
            .zip(extent(self.height, self.line_stride))
            .and_then(|(row, column)| row.checked_add(column)?.checked_add(sample_size));
        let pixels = self.width.checked_mul(self.height);
        match (bytes, pixels) {
            (Some(bytes), Some(_)) if bytes <= isize::MAX as usize => Ok(()),
            _ => too_large(self.width, self.height),
        }
    }

    /// Number of tiles in a row.
    fn tiles_per_row(&self) -> usize {
        self.width.div_ceil(TILE)
    }

    /// Number of tiles of at most [`TILE`] pixels, each within one row.
    pub fn n_tiles(&self) -> usize {
        self.height * self.tiles_per_row()
    }

    /// The row, first column and length of tile `index`.
    pub(super) fn tile(&self, index: usize) -> (usize, usize, usize) {
        let per_row = self.tiles_per_row();
        let (row, column) = (index / per_row, index % per_row * TILE);
        (row, column, TILE.min(self.width - column))
    }

    /// Bytes from the first sample to the one at `row`, `column`.
    pub(super) fn offset(&self, row: usize, column: usize) -> isize {
        row as isize * self.line_stride + column as isize * self.pixel_stride
    }
}

fn too_large<T>(width: usize, height: usize) -> Result<T> {
    invalid_argument(format!(
        "an image of {width} x {height} pixels with these strides is larger than memory can be: \
         check width, height and strides"
    ))
}

/// Which pixels to use: one byte each, 0 = leave out.
#[derive(Debug, Clone, Copy)]
pub struct Mask<'a> {
    first: *const u8,
    layout: Layout,
    lifetime: PhantomData<&'a u8>,
}

impl<'a> Mask<'a> {
    /// A mask over borrowed memory, of the size of the image it is used with.
    ///
    /// # Errors
    /// `InvalidArgument` when the size is 0 or overflows.
    ///
    /// # Safety
    /// Every byte that `layout` reaches from `first` is readable, and nobody writes it, for `'a`.
    pub unsafe fn from_raw(first: *const u8, layout: Layout) -> Result<Mask<'a>> {
        layout.check(1)?;
        Ok(Mask { first, layout, lifetime: PhantomData })
    }

    /// Copies the mask's bytes for a tile.
    fn read(&self, row: usize, column: usize, valid: &mut [u8]) {
        // SAFETY: `from_raw`'s caller vouches for every byte of the layout, and the tile lies
        // within it.
        unsafe {
            read_strided(
                self.first.offset(self.layout.offset(row, column)),
                self.layout.pixel_stride,
                valid,
            )
        };
    }
}

/// The bands of an image in borrowed memory.
///
/// Pointers and strides describe any interleaving: band-sequential (BSQ), by line (BIL), by pixel
/// (BIP), each band in a buffer of its own, or rows from the bottom up.
#[derive(Debug, Clone)]
pub struct Raster<'a> {
    bands: Vec<*const u8>,
    sample_type: SampleType,
    layout: Layout,
    nodata: Vec<Option<f64>>,
    ranges: Vec<Option<NodataRange>>,
    mask: Option<Mask<'a>>,
}

// SAFETY: the memory behind the pointers is only read, and `from_raw`'s caller vouches that nobody
// writes it.
unsafe impl Send for Raster<'_> {}
// SAFETY: as above.
unsafe impl Sync for Raster<'_> {}

impl<'a> Raster<'a> {
    /// A view of bands whose first samples (row 0, column 0) are at `bands`, all with one layout.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no band, a pointer is null, or the size is 0 or overflows.
    ///
    /// # Safety
    /// Every sample that `layout` reaches from every pointer is readable, and nobody writes it, for
    /// `'a`. Samples need not be aligned.
    pub unsafe fn from_raw(
        bands: Vec<*const u8>,
        sample_type: SampleType,
        layout: Layout,
    ) -> Result<Raster<'a>> {
        if bands.is_empty() {
            return invalid_argument("the image has 0 bands: at least 1 is wanted");
        }
        if let Some(null) = bands.iter().position(|band| band.is_null()) {
            return invalid_argument(format!("the pointer to band {} is NULL", null + 1));
        }
        layout.check(sample_type.size())?;
        let nodata = vec![None; bands.len()];
        let ranges = vec![None; bands.len()];
        Ok(Raster { bands, sample_type, layout, nodata, ranges, mask: None })
    }

    /// A view of bands that follow each other in one slice (BSQ: bands, rows, columns).
    ///
    /// # Errors
    /// `InvalidArgument` when the slice is not `n_bands * width * height` samples long, or that
    /// is 0.
    pub fn bsq<T: Sample>(
        samples: &'a [T],
        n_bands: usize,
        width: usize,
        height: usize,
    ) -> Result<Raster<'a>> {
        let wanted = width.checked_mul(height).and_then(|n| n.checked_mul(n_bands));
        if wanted != Some(samples.len()) {
            return invalid_argument(format!(
                "{} samples do not make {n_bands} bands of {width} x {height} pixels",
                samples.len()
            ));
        }
        let layout = Layout::packed(width, height, size_of::<T>())?;
        let bands = samples
            .chunks_exact((width * height).max(1))
            .map(|band| band.as_ptr().cast())
            .collect();
        // SAFETY: each pointer is the start of `width * height` samples of the borrowed slice.
        unsafe { Raster::from_raw(bands, T::TYPE, layout) }
    }

    /// The same pixels, with a nodata value per band (`None`: that band has none). Integers are
    /// compared exactly, floats with GDAL's tolerance: see [`NodataRange`].
    ///
    /// # Errors
    /// `InvalidArgument` when there is not one entry per band.
    pub fn with_nodata(mut self, nodata: Vec<Option<f64>>) -> Result<Raster<'a>> {
        if nodata.len() != self.n_bands() {
            return invalid_argument(format!(
                "{} nodata values for {} bands: give one per band",
                nodata.len(),
                self.n_bands()
            ));
        }
        // NaN is never valid, whether it is marked or not.
        self.nodata = nodata.into_iter().map(|value| value.filter(|v| !v.is_nan())).collect();
        let range = |value: &Option<f64>| NodataRange::of((*value)?, self.sample_type);
        self.ranges = self.nodata.iter().map(range).collect();
        Ok(self)
    }

    /// The same pixels, given the nodata samples of each band. These may come from another type in
    /// the file.
    ///
    /// # Panics
    /// When there is not one entry per band.
    pub(crate) fn with_nodata_ranges(mut self, ranges: &[Option<NodataRange>]) -> Raster<'a> {
        assert_eq!(ranges.len(), self.n_bands());
        self.ranges = ranges.to_vec();
        self
    }

    /// The same pixels, without those that the mask leaves out.
    ///
    /// # Errors
    /// `InvalidArgument` when the mask is of another size.
    pub fn with_mask(mut self, mask: Mask<'a>) -> Result<Raster<'a>> {
        if (mask.layout.width, mask.layout.height) != (self.width(), self.height()) {
            return invalid_argument(format!(
                "the mask is {} x {} pixels, the image {} x {}: they must be of one size",
                mask.layout.width,
                mask.layout.height,
                self.width(),
                self.height()
            ));
        }
        self.mask = Some(mask);
        Ok(self)
    }

    /// The pixels whose column and row in the scene are multiples of `step`: an even sample of a
    /// scene, whatever its blocks. `(x, y)` is the place of this view's first pixel in the scene.
    /// `None` if no pixel is in the sample.
    pub fn every(&self, step: usize, (x, y): (usize, usize)) -> Option<Raster<'a>> {
        let first = |at: usize| at.next_multiple_of(step) - at;
        let (column, row) = (first(x), first(y));
        let of = |layout: &Layout| {
            (column < layout.width && row < layout.height).then(|| Layout {
                width: (layout.width - column).div_ceil(step),
                height: (layout.height - row).div_ceil(step),
                pixel_stride: layout.pixel_stride * step as isize,
                line_stride: layout.line_stride * step as isize,
            })
        };
        let layout = of(&self.layout)?;
        let start = self.layout.offset(row, column);
        let mask = self.mask.map(|mask| Mask {
            // Only read where it points into the memory of the mask.
            first: mask.first.wrapping_offset(mask.layout.offset(row, column)),
            layout: of(&mask.layout).unwrap_or(layout),
            lifetime: PhantomData,
        });
        Some(Raster {
            bands: self.bands.iter().map(|band| band.wrapping_offset(start)).collect(),
            sample_type: self.sample_type,
            layout,
            nodata: self.nodata.clone(),
            ranges: self.ranges.clone(),
            mask,
        })
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.bands.len()
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.layout.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.layout.height
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> usize {
        self.width() * self.height()
    }

    /// The type of every sample.
    pub fn sample_type(&self) -> SampleType {
        self.sample_type
    }

    /// The nodata value of each band.
    pub fn nodata(&self) -> &[Option<f64>] {
        &self.nodata
    }

    /// The samples of a band that are nodata.
    pub(super) fn nodata_range(&self, band: usize) -> Option<NodataRange> {
        self.ranges[band]
    }

    /// Number of tiles of the image.
    pub fn n_tiles(&self) -> usize {
        self.layout.n_tiles()
    }

    /// The place of tile `index`: row, first column, number of pixels.
    pub(super) fn tile_position(&self, index: usize) -> (usize, usize, usize) {
        self.layout.tile(index)
    }

    /// Copies the samples of one band in one tile.
    pub(super) fn read_band<T: Sample>(
        &self,
        band: usize,
        row: usize,
        column: usize,
        samples: &mut [T],
    ) {
        debug_assert_eq!(T::TYPE, self.sample_type);
        // SAFETY: `from_raw`'s caller vouches for every sample of the layout, and the tile lies
        // within it.
        unsafe {
            let first = self.bands[band].offset(self.layout.offset(row, column));
            read_strided(first, self.layout.pixel_stride, samples);
        }
    }

    /// Writes 1 for each pixel of a tile that the mask keeps, else 0.
    pub(super) fn read_mask(&self, row: usize, column: usize, valid: &mut [u8]) {
        match &self.mask {
            None => valid.fill(1),
            Some(mask) => {
                mask.read(row, column, valid);
                valid.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
            }
        }
    }
}

/// Copies samples that lie `stride` bytes apart, aligned or not.
///
/// # Safety
/// `first + i * stride` is readable for every index `i` of `samples`.
unsafe fn read_strided<T: Sample>(first: *const u8, stride: isize, samples: &mut [T]) {
    if stride == size_of::<T>() as isize {
        // SAFETY: the samples lie without gaps, and a fresh `&mut` slice does not overlap them.
        unsafe { first.copy_to_nonoverlapping(samples.as_mut_ptr().cast(), size_of_val(samples)) };
        return;
    }
    for (i, sample) in samples.iter_mut().enumerate() {
        // SAFETY: the caller vouches for this address; the read does not ask for alignment.
        *sample = unsafe { first.offset(i as isize * stride).cast::<T>().read_unaligned() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Tile;

    /// The samples of the valid pixels of a view, row after row.
    fn values(raster: &Raster) -> Vec<u16> {
        let mut tile = Tile::<u16>::new(1);
        let tile_values = |index| {
            tile.fill(raster, index);
            let valid = tile.valid().iter().zip(tile.band(0)).filter(|(valid, _)| **valid == 1);
            valid.map(|(_, value)| *value).collect::<Vec<_>>()
        };
        (0..raster.n_tiles()).flat_map(tile_values).collect()
    }

    #[test]
    fn blocks_give_the_same_sample_as_the_whole() {
        let (width, height) = (23, 17);
        let samples: Vec<u16> = (0..width * height).map(|i| i as u16).collect();
        let valid: Vec<u8> = samples.iter().map(|i| u8::from(i % 5 != 0)).collect();
        let whole = Raster::bsq(&samples, 1, width as usize, height as usize).unwrap();
        let layout = Layout::packed(width as usize, height as usize, 1).unwrap();
        // SAFETY: there is a byte for each pixel, and they outlive the view.
        let whole =
            whole.with_mask(unsafe { Mask::from_raw(valid.as_ptr(), layout).unwrap() }).unwrap();
        let step = 4;
        let expected: Vec<u16> = (0..height as u16)
            .step_by(step)
            .flat_map(|y| (0..width as u16).step_by(step).map(move |x| y * 23 + x))
            .filter(|i| i % 5 != 0)
            .collect();
        assert_eq!(values(&whole.every(step, (0, 0)).unwrap()), expected);
        let rows = |from: usize, to: usize| {
            let samples = &samples[from * 23..to * 23];
            let layout = Layout::packed(23, to - from, 1).unwrap();
            // SAFETY: as above; the rows are within the scene.
            let mask = unsafe { Mask::from_raw(valid[from * 23..].as_ptr(), layout).unwrap() };
            let block = Raster::bsq(samples, 1, 23, to - from).unwrap().with_mask(mask).unwrap();
            block.every(step, (0, from)).map_or(Vec::new(), |sample| values(&sample))
        };
        assert_eq!([rows(0, 5), rows(5, 7), rows(7, 17)].concat(), expected);
    }
}
