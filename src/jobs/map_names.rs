//! The maps of several scenes: their names, and the outputs that are wanted.

use std::path::{Path, PathBuf};

use super::filters::Postprocessing;
use super::labelling::{Labelled, WantedFiles, MOST_SHOWN};
use super::output_names::file_in;
use super::radius::RadiusOptions;
use super::scene_map::SceneMap;
use super::scenes::SceneFiles;
use crate::error::{invalid_argument, Result};
use crate::gdal::{raster_inside, scene_name, LabelWriter, MapFormat, Scene};
use crate::product::is_metadata;
use crate::raster::LabelType;

/// The name of the map of each input; empty if no folder for maps is given.
///
/// # Errors
/// `InvalidArgument` when two maps would have one name.
pub(super) fn names(folder: Option<&Path>, inputs: &[SceneFiles]) -> Result<Vec<PathBuf>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let name = |input: &SceneFiles| {
        input
            .values()
            .first()
            .map_or(folder.into(), |file| folder.join(format!("{}.tif", stem(file))))
    };
    let names: Vec<_> = inputs.iter().map(name).collect();
    for (i, name) in names.iter().enumerate() {
        if let Some(other) = names[..i].iter().position(|other| other == name) {
            return invalid_argument(format!(
                "the maps of {} and {} would both be {}: give the inputs different names",
                scene_name(&inputs[other].values()),
                scene_name(&inputs[i].values()),
                name.display()
            ));
        }
    }
    Ok(names)
}

/// The outputs that are wanted for each scene. If there is a report, the first ones also get a
/// picture.
pub(super) fn wanted<'a>(
    names: &'a [PathBuf],
    radius: &'a RadiusOptions,
    format: &MapFormat,
    with_report: bool,
    postprocessing: Postprocessing<'a>,
    fitted_on: bool,
) -> Vec<WantedFiles<'a>> {
    let of = |(index, labels): (usize, &'a PathBuf)| {
        let report = with_report && index < MOST_SHOWN;
        let format = format.clone();
        WantedFiles {
            labels,
            confidence: None,
            picture: None,
            format,
            report,
            radius,
            postprocessing,
            fitted_on,
        }
    };
    names.iter().enumerate().map(of).collect()
}

/// The memory that writing the maps takes at most: one scene is labelled after the other.
pub(super) fn most_bytes(scenes: &[Scene], label_type: LabelType) -> usize {
    let of = |scene: &Scene| LabelWriter::most_bytes(scene.width(), label_type, false);
    scenes.iter().map(of).max().unwrap_or(0)
}

/// The outcome of the maps.
pub(super) fn told(scenes: &[Scene], names: &[PathBuf], labelled: &[Labelled]) -> Vec<SceneMap> {
    let map = |((scene, name), map): ((&Scene, &PathBuf), &Labelled)| SceneMap {
        input: scene.name().into(),
        output: name.display().to_string(),
        n_pixels: scene.n_pixels(),
        n_valid: map.class_counts.counts[1..].iter().sum(),
        counts: map.class_counts.counts[1..].to_vec(),
        areas_ha: map.class_counts.areas[1..].to_vec(),
        predicted: None,
    };
    scenes.iter().zip(names).zip(labelled).map(map).collect()
}

/// A file's name without folder and extensions, followed by the name of the raster inside, if any.
fn stem(file: &Path) -> String {
    if let Some((file, part)) = raster_inside(file) {
        let part: String =
            part.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        return format!("{}_{}", stem(&file), part.trim_matches('_'));
    }
    let file = file_in(file);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let path = Path::new(&*name);
    // The metadata file has the same name in all products.
    let folder = file.parent().and_then(Path::file_name).filter(|_| is_metadata(&name));
    let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let name = match folder {
        Some(folder) => folder.to_string_lossy(),
        None if is_zip => path.file_stem().unwrap_or_default().to_string_lossy(),
        None => name.clone(),
    };
    match Path::new(&*name).file_stem() {
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_named_after_their_inputs() {
        for (input, name) in [
            ("in/scene.tif", "scene"),
            ("S2A_T18SVG.SAFE.zip", "S2A_T18SVG"),
            ("S2A_T18SVG.ZIP", "S2A_T18SVG"),
            ("in/S2A_T18SVG.SAFE/", "S2A_T18SVG"),
            ("in/S2A_T18SVG.SAFE/MTD_MSIL2A.xml", "S2A_T18SVG"),
            ("in/B04.tif", "B04"),
            ("/vsizip/a.zip/scene.v1.tif", "scene.v1"),
            ("NETCDF:\"in/scene.nc\":red", "scene_red"),
            ("HDF5:\"scene.h5\"://grid/red", "scene_grid_red"),
        ] {
            assert_eq!(stem(Path::new(input)), name);
        }
    }
}
