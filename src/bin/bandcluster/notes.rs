//! What users are told of the bands that are read: alpha bands that became masks (GDAL marks the fourth of four bands of bytes as one, whatever it holds),
//! and bands that hold classes, between which there are no distances.

use bandcluster::gdal::Scene;
use serde_json::{json, Value};

/// A line for each alpha band and each scene with classes.
pub fn lines(scenes: &[Scene]) -> String {
    alpha_lines(scenes) + &scenes.iter().filter_map(class_line).collect::<String>()
}

/// A line for each alpha band.
pub fn alpha_lines(scenes: &[Scene]) -> String {
    let line = |(file, band): &(String, usize)| {
        format!("note: {file}: band {band} is an alpha band and is used as a mask; choose the bands (--bands) if it holds data\n")
    };
    scenes.iter().flat_map(Scene::alpha_masks).map(line).collect()
}

fn class_line(scene: &Scene) -> Option<String> {
    let names = scene.class_bands().collect::<Vec<_>>().join(", ");
    let name = scene.name();
    (!names.is_empty()).then(|| {
        format!(
            "note: {name}: the values of {names} are classes, which have no distances; choose the other bands (--bands), or mask clouds by SCL (--mask-scl)\n"
        )
    })
}

/// The alpha bands, as JSON objects tell of them.
pub fn alpha_masks(scenes: &[Scene]) -> Value {
    let object = |(file, band): &(String, usize)| json!({ "file": file, "band": band });
    scenes.iter().flat_map(Scene::alpha_masks).map(object).collect()
}

/// The names of bands that hold classes, as JSON objects tell of them.
pub fn class_bands(scenes: &[Scene]) -> Value {
    scenes.iter().flat_map(Scene::class_bands).collect()
}
