//! Owned pixels, for callers that read them from files.

use schemars::JsonSchema;
use serde::Serialize;

use super::view::{Layout, Mask};
use super::{NodataRange, Raster, SampleType};
use crate::error::{Error, Result};

/// A correction that makes the samples of a band comparable with others: a factor, then an offset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Correction {
    /// The factor.
    pub scale: f64,
    /// What is added after the multiplication.
    pub offset: f64,
}

/// The pixels of a block, band after band (BSQ), with an optional mask. The buffer can be filled
/// repeatedly.
#[derive(Clone)]
pub struct RasterBuf {
    /// Eight-byte words, so that samples of every type are aligned.
    words: Vec<u64>,
    mask: Vec<u8>,
    masked: bool,
    sample_type: SampleType,
    n_bands: usize,
    width: usize,
    height: usize,
}

impl RasterBuf {
    /// An empty buffer for pixels of `n_bands` bands.
    pub fn new(n_bands: usize, sample_type: SampleType) -> RasterBuf {
        RasterBuf {
            words: Vec::new(),
            mask: Vec::new(),
            masked: false,
            sample_type,
            n_bands,
            width: 0,
            height: 0,
        }
    }

    /// Makes room for `width x height` pixels; what the buffer held is no longer meaningful.
    ///
    /// # Errors
    /// `OutOfMemory` when the system does not give the memory.
    pub fn resize(&mut self, width: usize, height: usize) -> Result<()> {
        let bytes = [width, height, self.n_bands, self.sample_type.size()]
            .into_iter()
            .try_fold(1usize, |product, factor| product.checked_mul(factor));
        let words = bytes.unwrap_or(usize::MAX).div_ceil(8);
        let more = words.saturating_sub(self.words.len());
        self.words.try_reserve_exact(more).map_err(|_| {
            Error::OutOfMemory(format!(
                "no memory for a block of {width} x {height} pixels in {} bands",
                self.n_bands
            ))
        })?;
        self.words.resize(words, 0);
        (self.width, self.height, self.masked) = (width, height, false);
        Ok(())
    }

    /// The bytes of one band (0-based), row after row.
    pub fn band_bytes_mut(&mut self, band: usize) -> &mut [u8] {
        let size = self.band_bytes();
        &mut self.bytes_mut()[band * size..][..size]
    }

    /// The bytes of all bands, one after the other.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.band_bytes() * self.n_bands;
        // SAFETY: the words are initialised, any byte may be written to them, and `len` is at most
        // their size.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), len) }
    }

    /// The bytes of the mask, row after row, to be filled: 0 = leave the pixel out. The view has
    /// this mask until the next `resize`.
    pub fn mask_mut(&mut self) -> &mut [u8] {
        self.masked = true;
        self.mask.resize(self.width * self.height, 0);
        &mut self.mask
    }

    /// Corrects the samples of each band, which are floats. Nodata samples become NaN, because a
    /// corrected sample may have the same value.
    pub fn correct(&mut self, corrections: &[Correction], nodata: &[Option<NodataRange>]) {
        let is_double = self.sample_type == SampleType::F64;
        for (band, (Correction { scale, offset }, nodata)) in
            corrections.iter().zip(nodata).enumerate()
        {
            let is_nodata = |value: f64| nodata.is_some_and(|range| range.contains(value));
            let corrected =
                |value: f64| if is_nodata(value) { f64::NAN } else { value * scale + offset };
            let bytes = self.band_bytes_mut(band);
            if is_double {
                for sample in bytes.chunks_exact_mut(8) {
                    let value = f64::from_ne_bytes(std::array::from_fn(|i| sample[i]));
                    sample.copy_from_slice(&corrected(value).to_ne_bytes());
                }
            } else {
                for sample in bytes.chunks_exact_mut(4) {
                    let value = f32::from_ne_bytes(std::array::from_fn(|i| sample[i]));
                    sample.copy_from_slice(&(corrected(f64::from(value)) as f32).to_ne_bytes());
                }
            }
        }
    }

    /// The memory that pixels and mask take.
    pub fn n_bytes(&self) -> usize {
        8 * self.words.len() + self.mask.len()
    }

    /// Bytes of one band.
    fn band_bytes(&self) -> usize {
        self.width * self.height * self.sample_type.size()
    }

    /// The pixels, given the samples of each band that are nodata.
    ///
    /// # Errors
    /// `InvalidArgument` when the buffer is empty.
    ///
    /// # Panics
    /// When there is not one entry of `nodata` per band.
    pub fn view(&self, nodata: &[Option<NodataRange>]) -> Result<Raster<'_>> {
        let layout = Layout::packed(self.width, self.height, self.sample_type.size())?;
        let first = self.words.as_ptr().cast::<u8>();
        let bands =
            (0..self.n_bands).map(|band| first.wrapping_add(band * self.band_bytes())).collect();
        // SAFETY: `resize` made room for all bands, and the buffer is borrowed as long as the view
        // lives.
        let raster = unsafe { Raster::from_raw(bands, self.sample_type, layout)? };
        let raster = raster.with_nodata_ranges(nodata);
        if !self.masked {
            return Ok(raster);
        }
        let layout = Layout::packed(self.width, self.height, 1)?;
        // SAFETY: `mask_mut` made room for one byte per pixel; the borrow is the view's.
        raster.with_mask(unsafe { Mask::from_raw(self.mask.as_ptr(), layout)? })
    }
}
