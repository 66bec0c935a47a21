//! The scenes that a request names, opened as it says.

use std::path::{Path, PathBuf};

use super::correction::in_one_scale;
use super::options::{OneOrMany, Reading};
use crate::error::{invalid_option, Error, Result};
use crate::gdal::{common_type, Scene, SceneOptions};
use crate::model::Model;

/// A scene's file, or its files.
pub(super) type SceneFiles = OneOrMany<PathBuf>;

impl Reading {
    /// The scene of an input, with the bands that were asked for.
    pub(super) fn open(&self, input: &SceneFiles) -> Result<Scene> {
        let scene = Scene::open(&input.values(), &self.scene_options(self.only_mask()?)?)?;
        self.check_aoi(std::slice::from_ref(&scene))?;
        Ok(scene)
    }

    /// Scenes that are used one by one. If no bands were asked for, they have the bands with the
    /// names of the model's bands, if found. If neither the user nor the files give nodata values,
    /// they have the model's.
    pub(super) fn open_for(&self, inputs: &[SceneFiles], model: &Model) -> Result<Vec<Scene>> {
        let names = model.band_names();
        let nodata: Vec<_> = model.bands.iter().map(|band| band.nodata).collect();
        let open = |(input, mask): (&SceneFiles, Option<PathBuf>)| {
            let options =
                SceneOptions { nodata_otherwise: nodata.clone(), ..self.scene_options(mask)? };
            let input = input.values();
            named(Scene::open(&input, &options)?, &input, options, &names)
        };
        let scenes =
            inputs.iter().zip(self.masks(inputs.len())?).map(open).collect::<Result<Vec<_>>>()?;
        self.check_aoi(&scenes)?;
        Ok(scenes)
    }

    /// Scenes that are used together. They have the bands of the first scene, found by name if
    /// there are names and no bands were asked for. Samples have one meaning if all scenes say what
    /// theirs mean. They are read as one type that can hold them all.
    pub(super) fn open_all(&self, inputs: &[SceneFiles]) -> Result<Vec<Scene>> {
        let mut scenes: Vec<Scene> = Vec::new();
        for (input, mask) in inputs.iter().zip(self.masks(inputs.len())?) {
            let (input, options) = (input.values(), self.scene_options(mask)?);
            let scene = match scenes.first() {
                None => Scene::open(&input, &options)?,
                Some(first) => with_bands_of(first, &input, options)?,
            };
            scenes.push(scene);
        }
        self.check_aoi(&scenes)?;
        let scenes = in_one_scale(scenes)?;
        let sample_type = common_type(&scenes);
        scenes.into_iter().map(|scene| scene.read_as(sample_type)).collect()
    }

    /// The files that are read besides the scenes, which no output may replace: masks and the area
    /// of interest.
    pub(super) fn others(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let masks = self.mask.iter().flat_map(OneOrMany::values);
        masks.chain(self.aoi.clone())
    }

    /// What excludes pixels besides their values, in words.
    pub(super) fn masked_by(&self) -> Option<String> {
        let masks: Vec<_> = self.mask.iter().flat_map(OneOrMany::values).collect();
        let mask = (!masks.is_empty()).then(|| crate::gdal::scene_name(&masks));
        let aoi = self.aoi.iter().map(|aoi| format!("the area {}", aoi.display()));
        let scl = self.mask_scl.then(|| "the SCL band".to_string());
        let all: Vec<String> = mask.into_iter().chain(aoi).chain(scl).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn scene_options(&self, mask: Option<PathBuf>) -> Result<SceneOptions> {
        Ok(SceneOptions {
            bands: self.bands.clone(),
            nodata: self.nodata_values()?,
            nodata_otherwise: Vec::new(),
            mask,
            aoi: self.aoi.clone(),
            mask_scl: self.mask_scl,
            resolution: self.resolution,
        })
    }

    fn only_mask(&self) -> Result<Option<PathBuf>> {
        Ok(self.masks(1)?.into_iter().next().flatten())
    }

    /// The mask of each of `n_scenes` scenes.
    fn masks(&self, n_scenes: usize) -> Result<Vec<Option<PathBuf>>> {
        let masks: Vec<_> = self.mask.iter().flat_map(OneOrMany::values).map(Some).collect();
        match masks.len() {
            0 => Ok(vec![None; n_scenes]),
            1 => Ok(vec![masks[0].clone(); n_scenes]),
            n if n == n_scenes => Ok(masks),
            n => invalid_option(
                "mask",
                format!(
                    " gives {n} masks for {n_scenes} scenes: give one for each, or one for all"
                ),
            ),
        }
    }

    /// Checks that the area of interest touches at least one of the scenes.
    fn check_aoi(&self, scenes: &[Scene]) -> Result<()> {
        match &self.aoi {
            Some(aoi) if scenes.iter().all(Scene::is_outside_aoi) => {
                Err(Error::InvalidData(format!(
                    "no polygon of {} touches {}: give an area that overlaps it (compare them \
                     with ogrinfo and gdalinfo)",
                    aoi.display(),
                    scenes.iter().map(Scene::name).collect::<Vec<_>>().join(" ")
                )))
            }
            _ => Ok(()),
        }
    }
}

/// The scene of a single file, without options.
pub(super) fn plain(path: &Path) -> Result<Scene> {
    Scene::open(&[path.into()], &SceneOptions::default())
}

/// The scene of an input. If no bands are asked for, it has the bands of these names, if found.
fn named(scene: Scene, input: &[PathBuf], options: SceneOptions, names: &[&str]) -> Result<Scene> {
    let found = if options.bands.is_empty() { scene.bands_named(names)? } else { None };
    found.map_or(Ok(scene), |bands| Scene::open(input, &SceneOptions { bands, ..options }))
}

/// The scene of an input, with the bands of another scene.
fn with_bands_of(first: &Scene, input: &[PathBuf], options: SceneOptions) -> Result<Scene> {
    let scene = Scene::open(input, &options)?;
    if scene.n_bands() != first.n_bands() {
        return Err(Error::Option {
            before: format!(
                "{} has {} bands, {} has {}: choose the same bands with ",
                first.name(),
                first.n_bands(),
                scene.name(),
                scene.n_bands()
            ),
            field: "bands".into(),
            after: String::new(),
        });
    }
    named(scene, input, options, &first.band_names())
}
