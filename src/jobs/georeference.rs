//! The georeference of scenes in words, for reports: where they lie, and how large their pixels
//! are.

use crate::error::Result;
use crate::gdal::{ClassCounts, Description, Scene};
use crate::report::value;

/// Square metres in a hectare.
const HECTARE: f64 = 1e4;

/// Size (of a single scene), pixels and reference system, and how the areas of the map are
/// measured.
pub(super) fn georeference_text(scenes: &[Scene], class_counts: &ClassCounts) -> Result<String> {
    let descriptions = scenes.iter().map(Scene::describe).collect::<Result<Vec<_>>>()?;
    let mut texts: Vec<String> = descriptions.iter().map(pixels_text).collect();
    texts.dedup();
    if let [scene] = scenes {
        texts[0] = format!("{} x {} {}", scene.width(), scene.height(), texts[0]);
    }
    texts.extend(area_text(&descriptions[0], class_counts).map(str::to_string));
    Ok(texts.join("; "))
}

/// The pixels and the reference system of a file.
fn pixels_text(description: &Description) -> String {
    let mut text = "pixels".to_string();
    if let Some([_, a, b, _, c, d]) = description.transform {
        let (width, height) = (value(a.hypot(c)), value(b.hypot(d)));
        let size = if width == height { width } else { format!("{width} x {height}") };
        text += &format!(" of {size}{}", unit_text(description));
    }
    match &description.crs {
        Some((Some(code), name)) => text + &format!("; {code}, {name}"),
        Some((None, name)) => text + &format!("; {name}"),
        None => text,
    }
}

fn unit_text(description: &Description) -> String {
    match description.unit.as_deref() {
        Some("metre" | "meter" | "Meter") => " m".into(),
        Some(unit) => format!(" {unit}"),
        None => String::new(),
    }
}

/// How areas are measured, if there are any: in the plane if they agree with the transform.
fn area_text(description: &Description, class_counts: &ClassCounts) -> Option<&'static str> {
    let (label, count) =
        class_counts.counts.iter().enumerate().skip(1).find(|(_, count)| **count > 0)?;
    let area = (*class_counts.areas.get(label)?)? * HECTARE / *count as f64;
    let [_, a, b, _, c, d] = description.transform?;
    let in_plane = (a * d - b * c).abs();
    match unit_text(description).as_str() {
        " m" if (area / in_plane - 1.0).abs() < 1e-6 => Some("areas in its plane"),
        " m" | " degree" => Some("areas on the ellipsoid"),
        _ => None,
    }
}
