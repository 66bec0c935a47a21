//! What a raster or a model holds.

use std::io::Read;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::memory::Plan;
use super::options::{required, Nodata, Reading, RunOptions};
use super::record::{alpha_masks, class_bands, AlphaMask};
use super::scenes::SceneFiles;
use super::valid_pixels::check_aoi;
use super::warnings;
use crate::assess::Warning;
use crate::error::Result;
use crate::gdal::{band_statistics, BandStatistics, LabelWriter, Scene, SceneBand, SceneClass};
use crate::model::{Color, Model};
use crate::progress::Run;
use crate::raster::LabelType;

/// Show what a raster or a model holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["path"]))]
pub struct Info {
    /// A raster in any format that GDAL reads, a Sentinel-2 product, or a model; or the files of a
    /// scene's bands.
    pub path: SceneFiles,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub reading: Reading,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub run: RunOptions,
}

/// What `info` reports about a raster.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RasterInfo {
    /// The raster.
    pub file: String,
    /// Its format, by GDAL's short name.
    pub driver: String,
    /// Its format, by GDAL's long name.
    pub format: String,
    /// The type that all bands are read as.
    pub dtype: &'static str,
    /// The value of pixels without data in the first band; null if there is none.
    pub nodata: Option<Nodata>,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Number of bands that are read.
    pub count: usize,
    /// Code of the coordinate reference system, such as `EPSG:32618`.
    pub crs: Option<String>,
    /// Its name.
    pub crs_name: Option<String>,
    /// Unit of its coordinates.
    pub unit: Option<String>,
    /// From pixels to coordinates, in the order of rasterio's and the affine package's transform:
    /// x = a column + b row + c, y = d column + e row + f.
    pub transform: Option<[f64; 6]>,
    /// Columns and rows of the blocks that the file stores.
    pub block_size: [usize; 2],
    /// How they are compressed.
    pub compression: Option<String>,
    /// Memory in bytes that k-means takes at most to make a map of it; null if more memory has to
    /// be given.
    pub planned_memory: Option<usize>,
    /// The names of all bands of the raster.
    pub all_bands: Vec<String>,
    /// Alpha bands that are used as masks.
    pub alpha_masks: Vec<AlphaMask>,
    /// Bands whose values are classes.
    pub class_bands: Vec<String>,
    /// The bands that are read.
    pub bands: Vec<RasterBand>,
    /// The classes of a map, from its attribute table or the names of its values; empty for other
    /// rasters.
    pub classes: Vec<RasterClass>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// A band, and its statistics over the valid pixels; null if there are none.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RasterBand {
    /// Its name.
    pub name: String,
    /// Its type in the file, by GDAL's name.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The value of pixels without data; null if there is none.
    pub nodata: Option<Nodata>,
    /// The factor that turns samples into physical values.
    pub scale: f64,
    /// The number to add after that.
    pub offset: f64,
    /// Smallest value.
    #[schemars(with = "Option<f64>")]
    pub min: f64,
    /// Largest value.
    #[schemars(with = "Option<f64>")]
    pub max: f64,
    /// Mean.
    #[schemars(with = "Option<f64>")]
    pub mean: f64,
    /// Standard deviation.
    #[schemars(with = "Option<f64>")]
    pub std: f64,
    /// Number of valid pixels.
    pub n_valid: u64,
}

/// A class of a map; what its file does not say is null.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RasterClass {
    /// The value of its pixels.
    pub value: i64,
    /// Its name, which may be empty.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: Option<String>,
    /// Number of its pixels.
    pub count: Option<u64>,
    /// Their share of the pixels of all classes, from 0 to 1.
    pub share: Option<f64>,
    /// Their area in hectares.
    pub area_ha: Option<f64>,
}

/// What `info` reports about a model: the model itself, as its file has it.
#[derive(Debug, Clone)]
pub struct ModelInfo {
    /// The file.
    pub file: String,
    /// The model.
    pub model: Model,
}

impl Serialize for ModelInfo {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        let object: Value =
            serde_json::from_str(&self.model.to_json()).map_err(serde::ser::Error::custom)?;
        object.serialize(serializer)
    }
}

/// The thing that a path names.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Named {
    Raster(RasterInfo),
    Model(ModelInfo),
}

impl Info {
    /// The file, if it is a model and not a raster.
    pub(super) fn model(&self) -> Option<PathBuf> {
        let files = self.path.values();
        files.first().filter(|file| files.len() == 1 && is_model(file)).cloned()
    }

    /// Checks what can be checked before anything is read.
    pub(super) fn check(&self) -> Result<()> {
        required("path", !self.path.values().is_empty())?;
        self.run.memory_bytes().map(drop)
    }

    pub(super) fn run(&self, run: &mut Run) -> Result<Named> {
        self.check()?;
        if let Some(file) = self.model() {
            let model = Model::load(&file)?;
            return Ok(Named::Model(ModelInfo { file: file.display().to_string(), model }));
        }
        let memory = self.run.memory_bytes()?;
        let scene = self.reading.open(&self.path)?;
        // If it needs more memory, the error comes when it is clustered.
        let planned = planned_memory(&scene, memory, run.threads()).ok();
        let statistics = band_statistics(&scene, run)?;
        scene.check_unchanged()?;
        if statistics.iter().all(|band| band.n_valid == 0) {
            check_aoi(std::slice::from_ref(&scene))?;
        }
        raster(&scene, &statistics, planned).map(Named::Raster)
    }
}

/// The bytes that k-means takes at most to make a map of the scene, given `memory` bytes and a
/// number of threads.
fn planned_memory(scene: &Scene, memory: usize, threads: usize) -> Result<usize> {
    let map = LabelWriter::most_bytes(scene.width(), LabelType::U8, false);
    Ok(Plan::new(std::slice::from_ref(scene), memory, threads, map)?.peak)
}

/// Whether a file is a model rather than a raster: by its name, or because it begins like JSON.
fn is_model(path: &Path) -> bool {
    let mut first = [0];
    let begins = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    path.extension().is_some_and(|extension| extension == "json")
        || (begins.is_ok() && first == *b"{")
}

fn raster(
    scene: &Scene,
    statistics: &[BandStatistics],
    planned: Option<usize>,
) -> Result<RasterInfo> {
    let description = scene.describe()?;
    let scenes = std::slice::from_ref(scene);
    let (crs, crs_name) = description.crs.unzip();
    let (driver, format) = description.driver;
    Ok(RasterInfo {
        file: scene.name().into(),
        driver,
        format,
        dtype: scene.sample_type().name(),
        nodata: scene.nodata()[0].map(Nodata::of),
        width: scene.width(),
        height: scene.height(),
        count: scene.n_bands(),
        crs: crs.flatten(),
        crs_name,
        unit: description.unit,
        transform: description.transform.map(|[c, a, b, f, d, e]| [a, b, c, d, e, f]),
        block_size: [scene.block_size().0, scene.block_size().1],
        compression: description.compression,
        planned_memory: planned,
        all_bands: scene.all_names().to_vec(),
        alpha_masks: alpha_masks(scenes),
        class_bands: class_bands(scenes),
        bands: scene.bands().iter().zip(statistics).map(band).collect(),
        classes: classes(scene.classes()?),
        warnings: warnings::of_alpha_bands(scenes),
    })
}

fn classes(found: Vec<SceneClass>) -> Vec<RasterClass> {
    let total: u64 = found.iter().filter_map(|class| class.count).sum();
    let class = |class: SceneClass| RasterClass {
        value: class.value,
        name: class.name,
        color: class.color.map(|[r, g, b]| Color { r, g, b }.to_string()),
        count: class.count,
        share: class.count.filter(|_| total > 0).map(|count| count as f64 / total as f64),
        area_ha: class.area_ha,
    };
    found.into_iter().map(class).collect()
}

fn band((band, statistics): (&SceneBand, &BandStatistics)) -> RasterBand {
    RasterBand {
        name: band.name.clone(),
        type_name: band.type_name.clone(),
        nodata: band.nodata.map(Nodata::of),
        scale: band.scale,
        offset: band.offset,
        min: statistics.min,
        max: statistics.max,
        mean: statistics.mean,
        std: statistics.std,
        n_valid: statistics.n_valid,
    }
}
