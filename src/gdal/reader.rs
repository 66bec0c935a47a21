//! Reading the pixels of a scene: one reader per thread.

use std::path::Path;

use gdal::Dataset;

use super::blocks::Window;
use super::scene::Scene;
use super::source::open_dataset;
use super::{ffi, problem};
use crate::error::Result;
use crate::raster::{Raster, RasterBuf};

/// Reads windows of a scene into a buffer of its own. Each thread has one, with its own open files.
pub struct Reader<'s> {
    scene: &'s Scene,
    /// Opened at the first read, by the thread that reads.
    files: Vec<Dataset>,
    mask_file: Option<Dataset>,
    buffer: RasterBuf,
    /// For a band by itself.
    single: RasterBuf,
}

impl<'s> Reader<'s> {
    /// A reader of a scene.
    pub fn new(scene: &'s Scene) -> Reader<'s> {
        let buffer = RasterBuf::new(scene.n_bands(), scene.sample_type());
        let single = RasterBuf::new(1, scene.sample_type());
        Reader { scene, files: Vec::new(), mask_file: None, buffer, single }
    }

    /// The pixels of a window, with nodata and masks.
    ///
    /// # Errors
    /// `Io` when a file cannot be read or is damaged there, with its name.
    pub fn read(&mut self, window: Window) -> Result<Raster<'_>> {
        self.open()?;
        self.buffer.resize(window.width, window.height)?;
        let places: Vec<_> = self.scene.bands().iter().map(|band| band.place).collect();
        let size = window.n_pixels() * self.scene.sample_type().size();
        let mut samples = self.buffer.bytes_mut();
        // Bands that follow each other in one file are read in one call.
        for run in places.chunk_by(|a, b| a.0 == b.0) {
            let (own, rest) = samples.split_at_mut(size * run.len());
            read_run(&self.files, self.scene, run, window, own)?;
            samples = rest;
        }
        if is_masked(self.scene) {
            read_masks(&self.files, self.mask_file.as_ref(), self.scene, window, self.buffer.mask_mut())?;
        }
        self.buffer.view(self.scene.nodata())
    }

    /// The pixels last read.
    pub(super) fn buffer(&self) -> &RasterBuf {
        &self.buffer
    }

    /// The pixels of one band (0-based) in a window, with its nodata and the masks.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn read_band(&mut self, window: Window, band: usize) -> Result<Raster<'_>> {
        self.open()?;
        self.single.resize(window.width, window.height)?;
        let place = [self.scene.bands()[band].place];
        read_run(&self.files, self.scene, &place, window, self.single.bytes_mut())?;
        if is_masked(self.scene) {
            read_masks(&self.files, self.mask_file.as_ref(), self.scene, window, self.single.mask_mut())?;
        }
        self.single.view(&self.scene.nodata()[band..=band])
    }

    fn open(&mut self) -> Result<()> {
        if self.files.is_empty() {
            self.mask_file = self.scene.mask_file().map(open_dataset).transpose()?;
            self.files = self.scene.files().iter().map(|path| open_dataset(path)).collect::<Result<_>>()?;
        }
        Ok(())
    }
}

fn is_masked(scene: &Scene) -> bool {
    !scene.masks().is_empty() || !scene.alphas().is_empty() || scene.mask_file().is_some()
}

/// Reads bands of one file, given as file and number there.
fn read_run(
    files: &[Dataset],
    scene: &Scene,
    run: &[(usize, usize)],
    window: Window,
    samples: &mut [u8],
) -> Result<()> {
    let file = run[0].0;
    let bands: Vec<i32> = run.iter().map(|(_, band)| *band as i32).collect();
    ffi::read_bands(&files[file], &bands, window, scene.data_type(), samples)
        .map_err(|error| damaged(&scene.files()[file], &error))
}

/// Fills `valid` from all masks: 0 where any of them leaves a pixel out.
fn read_masks(
    files: &[Dataset],
    mask_file: Option<&Dataset>,
    scene: &Scene,
    window: Window,
    valid: &mut [u8],
) -> Result<()> {
    valid.fill(1);
    for (file, band) in scene.masks() {
        read_band_mask(&files[*file], *band, window, valid)
            .map_err(|error| damaged(&scene.files()[*file], &error))?;
    }
    for (file, band) in scene.alphas() {
        read_mask_values(&files[*file], *band, window, valid)
            .map_err(|error| damaged(&scene.files()[*file], &error))?;
    }
    if let (Some(dataset), Some(path)) = (mask_file, scene.mask_file()) {
        read_mask_values(dataset, 1, window, valid).map_err(|error| damaged(path, &error))?;
    }
    Ok(())
}

fn read_band_mask(
    dataset: &Dataset,
    band: usize,
    window: Window,
    valid: &mut [u8],
) -> gdal::errors::Result<()> {
    let mut mask = vec![0u8; valid.len()];
    let (at, size) = place(window);
    dataset.rasterband(band)?.open_mask_band()?.read_into_slice(at, size, size, &mut mask, None)?;
    valid.iter_mut().zip(&mask).for_each(|(ok, mask)| *ok &= u8::from(*mask != 0));
    Ok(())
}

/// Reads a mask that is a band of values: as floats, for 256 and 0.3 are not 0 either.
fn read_mask_values(
    dataset: &Dataset,
    band: usize,
    window: Window,
    valid: &mut [u8],
) -> gdal::errors::Result<()> {
    let mut mask = vec![0f32; valid.len()];
    let (at, size) = place(window);
    let band = dataset.rasterband(band)?;
    band.read_into_slice(at, size, size, &mut mask, None)?;
    let nodata = band.no_data_value().map(|value| value as f32);
    let keep = |mask: f32| mask != 0.0 && !mask.is_nan() && Some(mask) != nodata;
    valid.iter_mut().zip(&mask).for_each(|(ok, mask)| *ok &= u8::from(keep(*mask)));
    Ok(())
}

fn place(window: Window) -> ((isize, isize), (usize, usize)) {
    ((window.x as isize, window.y as isize), (window.width, window.height))
}

fn damaged(path: &Path, error: &gdal::errors::GdalError) -> crate::Error {
    problem::io(
        &path.display().to_string(),
        "its pixels cannot be read, the file may be truncated or damaged; copy it again",
        error,
    )
}
