//! `fit --labels-dir`: a map of classes of each scene that was fitted.

use std::path::{Path, PathBuf};

use bandcluster::gdal::{LabelWriter, Scene};
use bandcluster::product::is_metadata;
use bandcluster::raster::LabelType;
use bandcluster::{Error, Result};
use clap::Args;
use serde_json::{json, Value};

use super::after::After;
use super::maps::{Labelled, Wanted, MOST_SHOWN};
use super::reach::ReachArgs;

/// Where to write the maps of the scenes.
#[derive(Args)]
pub struct LabelsDir {
    /// Folder for a map of classes of each input, named after it: FOLDER/scene.tif for in/scene.jp2. Their classes are the same, so they
    /// make one mosaic
    #[arg(long, value_name = "FOLDER")]
    labels_dir: Option<PathBuf>,
}

impl LabelsDir {
    /// The name of the map of each input; none where no maps are wanted.
    ///
    /// # Errors
    /// `InvalidArgument` when two maps would have one name.
    pub fn names(&self, inputs: &[PathBuf]) -> Result<Vec<PathBuf>> {
        let Some(folder) = &self.labels_dir else { return Ok(Vec::new()) };
        let names: Vec<_> = inputs.iter().map(|input| folder.join(format!("{}.tif", stem(input)))).collect();
        for (i, name) in names.iter().enumerate() {
            if let Some(other) = names[..i].iter().position(|other| other == name) {
                return Err(Error::InvalidArgument(format!(
                    "the maps of {} and {} would both be {}: give the inputs names of their own",
                    inputs[other].display(),
                    inputs[i].display(),
                    name.display()
                )));
            }
        }
        Ok(names)
    }
}

/// What is wanted of each scene; of the first ones a picture, too, where there is a report.
pub fn wanted<'a>(names: &'a [PathBuf], reach: &'a ReachArgs, with_report: bool) -> Vec<Wanted<'a>> {
    let of = |(index, labels): (usize, &'a PathBuf)| {
        let report = with_report && index < MOST_SHOWN;
        let (after, fitted_on) = (After::default(), names.len() == 1);
        Wanted { labels, confidence: None, picture: None, report, reach, after, fitted_on }
    };
    names.iter().enumerate().map(of).collect()
}

/// The memory that writing the maps takes at most: one scene is labelled after the other.
pub fn most_bytes(scenes: &[Scene], label_type: LabelType) -> usize {
    let of = |scene: &Scene| LabelWriter::most_bytes(scene.width(), label_type, false);
    scenes.iter().map(of).max().unwrap_or(0)
}

/// What the JSON object tells of the maps.
pub fn report(scenes: &[Scene], names: &[PathBuf], labelled: &[Labelled]) -> Value {
    let map = |((scene, name), map): ((&Scene, &PathBuf), &Labelled)| {
        json!({
            "input": scene.name(), "output": name.display().to_string(),
            "n_pixels": scene.n_pixels(), "n_valid": map.tally.counts[1..].iter().sum::<u64>(), "counts": map.tally.counts[1..],
            "areas_ha": map.tally.areas[1..],
        })
    };
    scenes.iter().zip(names).zip(labelled).map(map).collect()
}

/// An input's name without folder and extensions; of several files the first's.
fn stem(input: &Path) -> String {
    let text = input.to_string_lossy();
    let first = if input.exists() { &text } else { text.split(',').next().unwrap_or_default() };
    let name = Path::new(first).file_name().unwrap_or_default().to_string_lossy();
    let path = Path::new(&*name);
    // The metadata of all products is called the same.
    let folder = Path::new(first).parent().and_then(Path::file_name).filter(|_| is_metadata(&name));
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
            ("in/B04.tif,in/B03.tif", "B04"),
            ("/vsizip/a.zip/scene.v1.tif", "scene.v1"),
        ] {
            assert_eq!(stem(Path::new(input)), name);
        }
    }
}
