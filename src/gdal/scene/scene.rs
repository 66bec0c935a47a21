//! An image to read: chosen bands of one file or of several, with nodata and masks.

use std::path::{Path, PathBuf};

use super::aoi::AreaOfInterest;
use super::masks::Masks;
use super::stamps::Stamps;
use super::types::union;
use crate::error::{invalid_data, Result};
use crate::gdal::blocks::{Blocks, Unit};
use crate::raster::{Correction, NodataRange, SampleType};

/// A band of a scene.
#[derive(Debug, Clone)]
pub struct SceneBand {
    /// Its description in the file; else the name of its file; else `band N`.
    pub name: String,
    /// GDAL's name of its type in the file, such as `UInt16`.
    pub type_name: String,
    /// Its number among the input's bands, from 1; `None` for a product, whose bands are chosen by
    /// name.
    pub number: Option<usize>,
    /// The value that marks pixels without data.
    pub nodata: Option<f64>,
    /// The factor that turns samples into physical values.
    pub scale: f64,
    /// The number to add after that.
    pub offset: f64,
    /// The index of its file among the scene's files, and its number in that file, from 1.
    pub(in crate::gdal) place: (usize, usize),
    /// Whether its values are classes, by its name or its palette.
    pub(in crate::gdal) is_classes: bool,
}

/// An image that can be read. It holds no open file: each [`Reader`](super::Reader) opens its own.
#[derive(Debug, Clone)]
pub struct Scene {
    pub(in crate::gdal) name: String,
    /// The names that GDAL opens: files, or virtual rasters that resample them.
    pub(in crate::gdal) files: Vec<PathBuf>,
    /// The files that these are read from, as they were when the scene was opened.
    pub(in crate::gdal) stamps: Stamps,
    /// Which of them has the scene's georeference.
    pub(in crate::gdal) reference: usize,
    /// The names of these files, for messages.
    pub(in crate::gdal) titles: Vec<String>,
    /// Whether threads take turns at reading them.
    pub(in crate::gdal) in_turn: bool,
    pub(in crate::gdal) bands: Vec<SceneBand>,
    /// The names of all bands of the input, in the order of their numbers.
    pub(in crate::gdal) all_names: Vec<String>,
    pub(in crate::gdal) nodata: Vec<Option<f64>>,
    /// The nodata values among these that were assumed, because the file has none.
    pub(in crate::gdal) assumed_nodata: Vec<Option<f64>>,
    /// The samples that these mark, when they are read.
    pub(in crate::gdal) nodata_ranges: Vec<Option<NodataRange>>,
    pub(in crate::gdal) rgb: Option<[usize; 3]>,
    pub(in crate::gdal) masks: Masks,
    pub(in crate::gdal) alpha_masks: Vec<(String, usize)>,
    pub(in crate::gdal) size: (usize, usize),
    pub(in crate::gdal) blocks: Blocks,
    pub(in crate::gdal) stored_type: SampleType,
    pub(in crate::gdal) sample_type: SampleType,
    /// The corrections that make the samples of each band comparable with a model's, and the
    /// samples that are nodata in the file.
    pub(in crate::gdal) corrections: Option<(Vec<Correction>, Vec<Option<NodataRange>>)>,
    /// Whether signed bytes are stored as in GDAL before 3.7: marked as signed, but read as
    /// unsigned.
    pub(in crate::gdal) legacy_bytes: bool,
}

impl Scene {
    /// The same scene, with samples converted to a type that can hold them all.
    ///
    /// # Errors
    /// `InvalidData` for signed bytes that this GDAL cannot convert.
    pub fn read_as(mut self, sample_type: SampleType) -> Result<Scene> {
        if self.legacy_bytes && sample_type != SampleType::I8 {
            return invalid_data(format!(
                "{}: signed bytes beside other types cannot be read by GDAL {}; convert them \
                 first (gdal_translate -ot Int16)",
                self.name,
                crate::gdal::library()?.version
            ));
        }
        self.sample_type = sample_type;
        Ok(self)
    }

    /// The same scene, with the samples of each band corrected when they are read. They are floats,
    /// and NaN is nodata.
    ///
    /// # Errors
    /// As [`Scene::read_as`].
    ///
    /// # Panics
    /// When there is not one correction per band.
    pub fn corrected(mut self, corrections: Vec<Correction>) -> Result<Scene> {
        assert_eq!(corrections.len(), self.n_bands());
        let nodata = std::mem::replace(&mut self.nodata_ranges, vec![None; corrections.len()]);
        self.corrections = Some((corrections, nodata));
        let is_exact = matches!(
            self.stored_type,
            SampleType::U8 | SampleType::I8 | SampleType::U16 | SampleType::I16
        );
        let is_single = is_exact || self.stored_type == SampleType::F32;
        self.read_as(if is_single { SampleType::F32 } else { SampleType::F64 })
    }

    /// The same scene, whose corrected samples have this scale and offset in each band.
    pub fn with_scales(mut self, scales: &[(f64, f64)]) -> Scene {
        for (band, scale) in self.bands.iter_mut().zip(scales) {
            (band.scale, band.offset) = *scale;
        }
        self
    }

    /// Whether samples are corrected when they are read.
    pub fn is_corrected(&self) -> bool {
        self.corrections.is_some()
    }

    /// Checks that the files of the scene have not changed since it was opened, as far as their
    /// lengths and times show.
    ///
    /// # Errors
    /// `Io`, naming a file that has changed.
    pub fn check_unchanged(&self) -> Result<()> {
        self.stamps.check()
    }

    /// The names of the bands that are read, in their order.
    pub fn band_names(&self) -> Vec<&str> {
        self.bands.iter().map(|band| band.name.as_str()).collect()
    }

    /// The input as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names to open for the bands: files, or virtual rasters. All have the scene's pixels.
    pub(in crate::gdal) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The one of these that has the scene's georeference.
    pub(in crate::gdal) fn reference(&self) -> &Path {
        &self.files[self.reference]
    }

    /// The names of the files, for messages.
    pub(in crate::gdal) fn titles(&self) -> &[String] {
        &self.titles
    }

    /// Whether an area of interest was given that does not touch the scene, so that no pixel is
    /// used.
    pub fn is_outside_aoi(&self) -> bool {
        self.masks.aoi.as_ref().is_some_and(AreaOfInterest::is_empty)
    }

    /// The area of interest, by its file's name.
    pub fn aoi(&self) -> Option<&str> {
        self.masks.aoi.as_ref().map(AreaOfInterest::name)
    }

    /// Whether the area of interest, which touches the scene, holds the centre of any of its
    /// pixels.
    ///
    /// # Errors
    /// `Io` when it cannot be drawn.
    pub fn has_pixel_in_aoi(&self) -> Result<bool> {
        self.masks.aoi.as_ref().map_or(Ok(true), |aoi| aoi.holds_a_pixel(self.size))
    }

    /// The names of all bands of the input, chosen or not.
    pub fn all_names(&self) -> &[String] {
        &self.all_names
    }

    /// The bands, in the order they are read.
    pub fn bands(&self) -> &[SceneBand] {
        &self.bands
    }

    /// The nodata value of each band, as its file has it.
    pub fn nodata(&self) -> &[Option<f64>] {
        &self.nodata
    }

    /// The assumed nodata value of each band whose file does not say which of its pixels are valid.
    pub fn assumed_nodata(&self) -> &[Option<f64>] {
        &self.assumed_nodata
    }

    /// The samples of each band, as they are read, that are nodata.
    pub(in crate::gdal) fn nodata_ranges(&self) -> &[Option<NodataRange>] {
        &self.nodata_ranges
    }

    /// The positions of the red, green and blue band (0-based), if names or the file give them.
    pub fn rgb(&self) -> Option<[usize; 3]> {
        self.rgb
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.bands.len()
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.size.0
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.size.1
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> u64 {
        self.size.0 as u64 * self.size.1 as u64
    }

    /// The type the samples are read as: one that holds those of all chosen bands.
    pub fn sample_type(&self) -> SampleType {
        self.sample_type
    }

    /// Width and height of the blocks that the file stores.
    pub fn block_size(&self) -> (usize, usize) {
        self.blocks.size
    }

    /// The largest number of bytes that GDAL takes to decode a block: all its bands, decoded and as
    /// stored.
    pub fn decode_bytes(&self) -> usize {
        let (width, height) =
            (self.blocks.size.0.min(self.size.0), self.blocks.size.1.min(self.size.1));
        2 * width * height * self.all_names.len() * self.stored_type.size()
    }

    /// Bytes of all samples, decoded.
    pub fn n_bytes(&self) -> u64 {
        self.n_pixels() * (self.n_bands() * self.sample_type.size()) as u64
    }

    /// The pieces to read the scene in, in the order they are stored.
    pub fn units(&self) -> Vec<Unit> {
        self.blocks.units(self.size, self.n_bands() * self.sample_type.size())
    }

    /// The alpha bands that were not chosen, by file and number from 1. Pixels are left out where
    /// an alpha band is 0.
    pub fn alpha_masks(&self) -> &[(String, usize)] {
        &self.alpha_masks
    }

    /// The names of the bands whose values are classes: the scene classification of Sentinel-2, and
    /// bands with a palette.
    pub fn class_bands(&self) -> impl Iterator<Item = &str> {
        self.bands.iter().filter(|band| band.is_classes).map(|band| band.name.as_str())
    }

    /// The masks, which say which pixels are valid besides nodata.
    pub(in crate::gdal) fn masks(&self) -> &Masks {
        &self.masks
    }

    /// GDAL's number of the type the samples are read as.
    pub(in crate::gdal) fn data_type(&self) -> u32 {
        match self.sample_type {
            SampleType::U8 => 1,
            SampleType::I8 if self.legacy_bytes => 1,
            SampleType::U16 => 2,
            SampleType::I16 => 3,
            SampleType::U32 => 4,
            SampleType::I32 => 5,
            SampleType::F32 => 6,
            SampleType::F64 => 7,
            SampleType::I8 => 14,
        }
    }
}

/// The type that holds the samples of several scenes.
pub fn common_type(scenes: &[Scene]) -> SampleType {
    union(scenes.iter().map(|scene| scene.sample_type))
}
