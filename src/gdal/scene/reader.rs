//! Reading the pixels of a scene: one reader per thread.

use gdal::Dataset;

use super::masks::{damaged, MaskReader};
use super::scene::Scene;
use super::source::open_dataset;
use crate::error::Result;
use crate::gdal::blocks::Window;
use crate::gdal::{ffi, problem, turns};
use crate::raster::{Raster, RasterBuf};

/// Reads windows of a scene into a buffer of its own. Each thread has one, with its own open files.
pub struct Reader<'s> {
    scene: &'s Scene,
    /// Opened at the first read, by the thread that reads.
    files: Vec<Dataset>,
    masks: Option<MaskReader<'s>>,
    buffer: RasterBuf,
    /// For a single band.
    single: RasterBuf,
}

impl<'s> Reader<'s> {
    /// A reader of a scene.
    pub fn new(scene: &'s Scene) -> Reader<'s> {
        let buffer = RasterBuf::new(scene.n_bands(), scene.sample_type());
        let single = RasterBuf::new(1, scene.sample_type());
        Reader { scene, files: Vec::new(), masks: None, buffer, single }
    }

    /// The pixels of a window, with nodata and masks.
    ///
    /// # Errors
    /// `Io` when a file cannot be read or is damaged there, naming it.
    pub fn read(&mut self, window: Window) -> Result<Raster<'_>> {
        let (_quiet, _turn) = (problem::quiet(), turns::wait(self.scene.in_turn));
        self.open()?;
        self.buffer.resize(window.width, window.height)?;
        if !read_masks(self.masks.as_ref(), &self.files, self.scene, window, &mut self.buffer)? {
            return self.buffer.view(self.scene.nodata_ranges());
        }
        let places: Vec<_> = self.scene.bands().iter().map(|band| band.place).collect();
        let size = window.n_pixels() * self.scene.sample_type().size();
        let mut samples = self.buffer.bytes_mut();
        // Consecutive bands of one file are read in one call.
        for run in places.chunk_by(|a, b| a.0 == b.0) {
            let (own, rest) = samples.split_at_mut(size * run.len());
            read_run(&self.files, self.scene, run, window, own)?;
            samples = rest;
        }
        if let Some((corrections, nodata)) = &self.scene.corrections {
            self.buffer.correct(corrections, nodata);
        }
        self.buffer.view(self.scene.nodata_ranges())
    }

    /// The pixels last read.
    pub(in crate::gdal) fn buffer(&self) -> &RasterBuf {
        &self.buffer
    }

    /// The pixels of one band (0-based) in a window, with its nodata and the masks.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn read_band(&mut self, window: Window, band: usize) -> Result<Raster<'_>> {
        let (_quiet, _turn) = (problem::quiet(), turns::wait(self.scene.in_turn));
        self.open()?;
        self.single.resize(window.width, window.height)?;
        if read_masks(self.masks.as_ref(), &self.files, self.scene, window, &mut self.single)? {
            let place = [self.scene.bands()[band].place];
            read_run(&self.files, self.scene, &place, window, self.single.bytes_mut())?;
            if let Some((corrections, nodata)) = &self.scene.corrections {
                self.single.correct(&corrections[band..=band], &nodata[band..=band]);
            }
        }
        self.single.view(&self.scene.nodata_ranges()[band..=band])
    }

    fn open(&mut self) -> Result<()> {
        if self.files.is_empty() {
            let masks = self.scene.masks();
            self.masks = (!masks.is_empty()).then(|| MaskReader::open(masks)).transpose()?;
            self.files =
                self.scene.files().iter().map(|path| open_dataset(path)).collect::<Result<_>>()?;
        }
        Ok(())
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        // Threads also take turns at closing files.
        let _turn = turns::wait(self.scene.in_turn && !self.files.is_empty());
        self.files.clear();
        self.masks = None;
    }
}

/// Reads the masks of a window into a buffer. Returns whether they leave any pixel: if not, no
/// samples need to be read.
fn read_masks(
    masks: Option<&MaskReader>,
    files: &[Dataset],
    scene: &Scene,
    window: Window,
    buffer: &mut RasterBuf,
) -> Result<bool> {
    masks.map_or(Ok(true), |masks| masks.read(files, scene.titles(), window, buffer.mask_mut()))
}

/// Reads bands of one file; each is given as the file and its number in that file.
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
        .map_err(|error| damaged(&scene.titles()[file], &error))
}
