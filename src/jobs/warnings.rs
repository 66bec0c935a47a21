//! What users are told of the bands that are read: alpha bands that became masks (GDAL writes four
//! bands of bytes as red, green, blue and alpha unless told otherwise), and bands that hold
//! classes, between which there are no distances.

use crate::assess::{Finding, Warning};
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
    let (scl, paletted): (Vec<_>, Vec<_>) = names.partition(|name| name.eq_ignore_ascii_case("SCL"));
    let scl = scl.into_iter().next().map(|band| Finding::SclBand { scene: name() }.warning(Some(band)));
    let is_any = !paletted.is_empty();
    let palette = is_any.then(|| Finding::Palette { scene: name(), bands: paletted }.warning(None));
    scl.into_iter().chain(palette).collect()
}
