//! Which pixels of which bands to read: options of all commands that read scenes, and the scenes opened by them.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{common_type, parse_bands, parse_nodata, split_paths, BandRef, Scene, SceneOptions};
use bandcluster::{Error, Result};
use clap::Args;

use super::correction::as_in;

/// Which pixels to read.
#[derive(Args)]
pub struct SceneArgs {
    /// Bands to use, by number from 1 or by name (B04,B03,B02), in this order [default: all but alpha, of a Sentinel-2 product
    /// B02,B03,B04,B08; predict: those with the names of the model's, if found]
    #[arg(long, value_name = "4,3,2")]
    bands: Option<String>,
    /// Value that marks pixels without data, for all bands or one per band, or 'none' [default: as the file says]
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    nodata: Option<String>,
    /// Size of a pixel to resample all bands to, in units of the reference system [default: that of the finest band used]
    #[arg(long, value_name = "METRES", allow_negative_numbers = true)]
    resolution: Option<f64>,
    /// Raster of the same size: pixels where it is 0 are left out (for several scenes one for each, with commas, or one for all)
    #[arg(long, value_name = "FILE")]
    mask: Option<PathBuf>,
    /// Leave out clouds, their shadows, cirrus, saturated pixels and those without data (classes 0, 1, 3, 8, 9, 10) by the SCL band
    /// of a Sentinel-2 L2A product, or of a file ..._SCL_... among the inputs
    #[arg(long)]
    mask_scl: bool,
    /// Area of interest: layer of polygons in any format that GDAL reads and any reference system (FILE|layername=NAME for one of
    /// several); pixels with their centre in none of them are left out
    #[arg(long, value_name = "POLYGONS")]
    aoi: Option<PathBuf>,
}

impl SceneArgs {
    /// The scene that an input is, with the bands that were asked for.
    pub fn open(&self, input: &Path) -> Result<Scene> {
        let scene = Scene::open(input, &self.options(self.mask.clone())?)?;
        self.check_area(std::slice::from_ref(&scene))?;
        Ok(scene)
    }

    /// The same with the bands of these names, where none were asked for and the names tell.
    pub fn open_named(&self, input: &Path, names: &[&str]) -> Result<Scene> {
        let options = self.options(self.mask.clone())?;
        let scene = named(Scene::open(input, &options)?, input, options, names)?;
        self.check_area(std::slice::from_ref(&scene))?;
        Ok(scene)
    }

    /// Scenes that are used together, as the first one has them: its bands, found by name where names tell and none were asked for, in its samples, where
    /// all say what theirs mean; read as one type that holds them all.
    pub fn open_all(&self, inputs: &[PathBuf]) -> Result<Vec<Scene>> {
        let mut scenes: Vec<Scene> = Vec::new();
        for (input, mask) in inputs.iter().zip(self.masks(inputs.len())?) {
            let options = self.options(mask)?;
            let scene = match scenes.first() {
                None => Scene::open(input, &options)?,
                Some(first) => like(first, input, options)?,
            };
            scenes.push(scene);
        }
        self.check_area(&scenes)?;
        let sample_type = common_type(&scenes);
        scenes.into_iter().map(|scene| scene.read_as(sample_type)).collect()
    }

    /// What is read beside the scenes: the masks and the area, which no output may replace.
    pub fn others(&self) -> impl Iterator<Item = &Path> {
        self.mask.iter().chain(&self.aoi).map(PathBuf::as_path)
    }

    /// What leaves pixels out besides their values, in words.
    pub fn masked_by(&self) -> Option<String> {
        let mask = self.mask.iter().map(|mask| mask.display().to_string());
        let area = self.aoi.iter().map(|area| format!("the area {}", area.display()));
        let scl = self.mask_scl.then(|| "the SCL band".to_string());
        let all: Vec<String> = mask.chain(area).chain(scl).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn options(&self, mask: Option<PathBuf>) -> Result<SceneOptions> {
        let bands: Vec<BandRef> = self.bands.as_deref().map_or(Ok(Vec::new()), parse_bands)?;
        Ok(SceneOptions {
            bands,
            nodata: self.nodata.as_deref().map(parse_nodata).transpose()?,
            mask,
            area: self.aoi.clone(),
            mask_scl: self.mask_scl,
            resolution: self.resolution,
        })
    }

    /// The mask of each of so many scenes.
    fn masks(&self, n_scenes: usize) -> Result<Vec<Option<PathBuf>>> {
        let Some(mask) = &self.mask else { return Ok(vec![None; n_scenes]) };
        let masks: Vec<_> = split_paths(mask)?.into_iter().map(Some).collect();
        match masks.len() {
            1 => Ok(vec![masks[0].clone(); n_scenes]),
            n if n == n_scenes => Ok(masks),
            n => Err(Error::InvalidArgument(format!(
                "--mask gives {n} masks for {n_scenes} scenes: give one for each, or one for all"
            ))),
        }
    }

    /// Checks that the area has anything to do with one of the scenes at least.
    fn check_area(&self, scenes: &[Scene]) -> Result<()> {
        match &self.aoi {
            Some(area) if scenes.iter().all(Scene::is_outside_area) => Err(Error::InvalidData(format!(
                "no polygon of {} touches {}: give an area on the same ground (compare them with ogrinfo and gdalinfo)",
                area.display(),
                scenes.iter().map(Scene::name).collect::<Vec<_>>().join(" ")
            ))),
            _ => Ok(()),
        }
    }
}

/// The scene that an input is, with the bands of these names where none are asked for and the names tell.
fn named(scene: Scene, input: &Path, options: SceneOptions, names: &[&str]) -> Result<Scene> {
    let found = if options.bands.is_empty() { scene.bands_named(names)? } else { None };
    found.map_or(Ok(scene), |bands| Scene::open(input, &SceneOptions { bands, ..options }))
}

/// The scene that an input is, with the bands and in the samples of another.
fn like(first: &Scene, input: &Path, options: SceneOptions) -> Result<Scene> {
    let scene = Scene::open(input, &options)?;
    if scene.n_bands() != first.n_bands() {
        return Err(Error::InvalidData(format!(
            "{} has {} bands, {} has {}: choose the same bands with --bands",
            first.name(),
            first.n_bands(),
            scene.name(),
            scene.n_bands()
        )));
    }
    let names: Vec<_> = first.bands().iter().map(|band| band.name.as_str()).collect();
    as_in(named(scene, input, options, &names)?, first)
}
