//! Warnings about the bands that are read: alpha bands that became masks (by default GDAL writes
//! four bands of bytes as red, green, blue and alpha), and bands that hold classes, between which
//! there are no distances.

use super::correction::{reference, scales};
use crate::assess::{Finding, Warning};
use crate::cluster::ScalingMethod;
use crate::gdal::Scene;

/// A warning for each alpha band.
pub(super) fn of_alpha_bands(scenes: &[Scene]) -> Vec<Warning> {
    let warning = |(file, band): &(String, usize)| {
        Finding::AlphaMask { file: file.clone() }.warning(Some(band.to_string()))
    };
    scenes.iter().flat_map(Scene::alpha_masks).map(warning).collect()
}

/// A warning for each alpha band and each scene with classes.
pub(super) fn of_bands(scenes: &[Scene]) -> Vec<Warning> {
    let mut warnings = of_alpha_bands(scenes);
    warnings.extend(scenes.iter().flat_map(of_class_bands));
    warnings
}

fn of_class_bands(scene: &Scene) -> Vec<Warning> {
    let name = || scene.name().to_string();
    let names = scene.class_bands().map(str::to_string);
    let (scl, paletted): (Vec<_>, Vec<_>) =
        names.partition(|name| name.eq_ignore_ascii_case("SCL"));
    let scl =
        scl.into_iter().next().map(|band| Finding::SclBand { scene: name() }.warning(Some(band)));
    let is_any = !paletted.is_empty();
    let palette = is_any.then(|| Finding::Palette { scene: name(), bands: paletted }.warning(None));
    scl.into_iter().chain(palette).collect()
}

/// A note if the model's nodata values are used, because the scene's files have none.
pub(super) fn of_assumed_nodata(scene: &Scene) -> Option<Warning> {
    let nodata = scene.assumed_nodata().to_vec();
    let finding = || Finding::ModelNodata { scene: scene.name().into(), nodata: nodata.clone() };
    nodata.iter().any(Option::is_some).then(|| finding().warning(None))
}

/// Notes about samples of different meaning: in the bands of a scene, unless each band is scaled to
/// its own deviation, and in scenes that are used together.
pub(super) fn of_scales(scenes: &[Scene], scaling: ScalingMethod) -> Vec<Warning> {
    let reference = reference(scenes);
    let bands = Some(reference).filter(|_| scaling == ScalingMethod::None).and_then(of_band_scales);
    let differs = |scene: &&Scene| scene.is_corrected() || scales(scene) != scales(reference);
    let of_scene = |scene: &Scene| {
        let (name, like) = (scene.name().to_string(), reference.name().to_string());
        Finding::SceneScales { scene: name, like, corrected: scene.is_corrected() }.warning(None)
    };
    bands.into_iter().chain(scenes.iter().filter(differs).map(of_scene)).collect()
}

fn of_band_scales(scene: &Scene) -> Option<Warning> {
    let measured =
        || scene.bands().iter().filter(|band| !scene.class_bands().any(|name| name == band.name));
    let (scales, offsets): (Vec<_>, Vec<_>) =
        measured().map(|band| (band.scale, band.offset)).unzip();
    let differ = |values: &[f64]| values.windows(2).any(|pair| pair[0] != pair[1]);
    let finding = || Finding::BandScales {
        scene: scene.name().into(),
        names: measured().map(|band| band.name.clone()).collect(),
        scales: scales.clone(),
        offsets: offsets.clone(),
    };
    (differ(&scales) || differ(&offsets)).then(|| finding().warning(None))
}
