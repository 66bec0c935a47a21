//! A tile: a short run of pixels of one row, gathered band by band so that the kernels see plain
//! slices.

use super::{Raster, Sample, TILE};

/// A run of pixels, band by band, and which of them are valid. Each worker has one, and fills it
/// repeatedly.
pub struct Tile<T> {
    samples: Vec<T>,
    valid: Vec<u8>,
    n_bands: usize,
    len: usize,
    n_valid: usize,
}

impl<T: Sample> Tile<T> {
    /// An empty tile for pixels of `n_bands` bands.
    pub fn new(n_bands: usize) -> Tile<T> {
        Tile {
            samples: vec![T::default(); n_bands * TILE],
            valid: vec![0; TILE],
            n_bands,
            len: 0,
            n_valid: 0,
        }
    }

    /// Gathers tile `index` of an image.
    pub fn fill(&mut self, raster: &Raster, index: usize) {
        let (row, column, len) = raster.tile_position(index);
        self.len = len;
        let valid = &mut self.valid[..len];
        raster.read_mask(row, column, valid);
        for band in 0..self.n_bands {
            let samples = &mut self.samples[band * TILE..][..len];
            raster.read_band(band, row, column, samples);
            if T::TYPE.is_float() {
                valid
                    .iter_mut()
                    .zip(&*samples)
                    .for_each(|(ok, sample)| *ok &= u8::from(sample.is_usable()));
            }
            if let Some((low, high)) =
                raster.nodata_range(band).and_then(|range| range.samples::<T>())
            {
                leave_out(low, high, samples, valid);
            }
        }
        self.n_valid = valid.iter().map(|ok| usize::from(*ok)).sum();
    }

    /// Replaces the contents by those of another tile, with the same valid pixels; `fill` writes
    /// the samples of each band.
    pub(super) fn fill_from<U: Sample>(&mut self, other: &Tile<U>, fill: impl Fn(usize, &mut [T])) {
        (self.len, self.n_valid) = (other.len, other.n_valid);
        self.valid[..other.len].copy_from_slice(other.valid());
        for band in 0..self.n_bands {
            fill(band, &mut self.samples[band * TILE..][..other.len]);
        }
    }

    /// The samples of all bands, band by band, [`TILE`] apart.
    pub fn samples(&self) -> &[T] {
        &self.samples
    }

    /// The samples of one band.
    pub fn band(&self, band: usize) -> &[T] {
        &self.samples[band * TILE..][..self.len]
    }

    /// 1 for a valid pixel, 0 for an invalid one.
    pub fn valid(&self) -> &[u8] {
        &self.valid[..self.len]
    }

    /// Whether a pixel has the same samples as the one before it in the tile, which must be valid.
    pub fn repeats(&self, pixel: usize) -> bool {
        let is_same = |samples: &[T]| samples[pixel] == samples[pixel - 1];
        pixel > 0
            && self.valid[pixel - 1] == 1
            && (0..self.n_bands).all(|band| is_same(self.band(band)))
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    /// Number of pixels.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the tile has no pixels, as before it is filled.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of valid pixels.
    pub fn n_valid(&self) -> usize {
        self.n_valid
    }
}

/// Marks samples from `low` to `high` as invalid.
fn leave_out<T: Sample>(low: T, high: T, samples: &[T], valid: &mut [u8]) {
    if low == high {
        valid.iter_mut().zip(samples).for_each(|(ok, sample)| *ok &= u8::from(*sample != low));
    } else {
        let is_inside = |sample: &T| (*sample >= low) & (*sample <= high);
        valid.iter_mut().zip(samples).for_each(|(ok, sample)| *ok &= u8::from(!is_inside(sample)));
    }
}
