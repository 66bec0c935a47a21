//! What users are told of the bands that are read: alpha bands that became masks (GDAL writes four bands of bytes as red, green, blue and alpha
//! unless told otherwise), and bands that hold classes, between which there are no distances.

use bandcluster::gdal::Scene;
use serde_json::{json, Value};

/// A line for each alpha band and each scene with classes.
pub fn lines(scenes: &[Scene]) -> String {
    alpha_lines(scenes) + &scenes.iter().map(class_lines).collect::<String>()
}

/// A line for each alpha band.
pub fn alpha_lines(scenes: &[Scene]) -> String {
    let line = |(file, band): &(String, usize)| {
        format!("note: {file}: band {band} is an alpha band and is used as a mask; choose the bands (--bands) if it holds data\n")
    };
    scenes.iter().flat_map(Scene::alpha_masks).map(line).collect()
}

fn class_lines(scene: &Scene) -> String {
    let (scl, paletted): (Vec<_>, Vec<_>) =
        scene.class_bands().partition(|name| name.eq_ignore_ascii_case("SCL"));
    let (name, mut lines) = (scene.name(), String::new());
    if !scl.is_empty() {
        lines += &format!("note: {name}: the values of SCL are classes, which have no distances: choose the other bands (--bands), or mask clouds by it (--mask-scl)\n");
    }
    if !paletted.is_empty() {
        let bands = paletted.join(", ");
        lines += &format!(
            "note: {name}: {bands} has a palette: where values are classes, they have no distances\n"
        );
    }
    lines
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
