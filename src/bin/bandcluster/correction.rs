//! What makes the samples of a scene comparable with those that a model was fitted on.

use bandcluster::gdal::{Scene, SceneBand};
use bandcluster::model::Model;
use bandcluster::raster::Correction;
use bandcluster::{Error, Result};
use clap::Args;

/// How samples are corrected.
#[derive(Args)]
pub struct CorrectionArgs {
    /// What to multiply the scene's samples with before they meet the model, for all bands or one per band [default: as the model's and the
    /// scene's own scale and offset say, where both have them]
    #[arg(long, value_name = "FACTOR,...", allow_hyphen_values = true)]
    scale: Option<String>,
    /// What to add to them after that, such as -1000 for Sentinel-2 products of processing baseline 04.00 and a model of older ones
    #[arg(long, value_name = "NUMBER,...", allow_hyphen_values = true)]
    offset: Option<String>,
}

impl CorrectionArgs {
    /// The scene, corrected if it is to be. Returns also the corrections.
    pub fn apply(&self, scene: Scene, model: &Model) -> Result<(Scene, Option<Vec<Correction>>)> {
        let corrections = match (&self.scale, &self.offset) {
            (None, None) => by_metadata(&scene, model.bands.iter().map(|band| (band.scale, band.offset))),
            (scale, offset) => {
                let scales = numbers("--scale", scale.as_deref().unwrap_or("1"), scene.n_bands())?;
                let offsets = numbers("--offset", offset.as_deref().unwrap_or("0"), scene.n_bands())?;
                if scales.contains(&0.0) {
                    return Err(Error::InvalidArgument("--scale is 0: give another factor".into()));
                }
                let each = scales.into_iter().zip(offsets);
                Some(each.map(|(scale, offset)| Correction { scale, offset }).collect())
            }
        };
        match corrections {
            Some(corrections) => Ok((scene.corrected(corrections.clone())?, Some(corrections))),
            None => Ok((scene, None)),
        }
    }
}

/// The scene in the samples of another one, as the metadata of both say.
///
/// # Errors
/// As [`Scene::corrected`].
pub fn as_in(scene: Scene, other: &Scene) -> Result<Scene> {
    match by_metadata(&scene, other.bands().iter().map(|band| (band.scale, band.offset))) {
        Some(corrections) => scene.corrected(corrections),
        None => Ok(scene),
    }
}

/// From the scene's samples to physical values, and from these to other samples, given their scale and offset per band: where both say how, and not
/// the same.
fn by_metadata(scene: &Scene, others: impl Iterator<Item = (f64, f64)>) -> Option<Vec<Correction>> {
    let is_said = |scale: f64, offset: f64| (scale, offset) != (1.0, 0.0) && scale != 0.0;
    let correction = |(from, (scale, offset)): (&SceneBand, (f64, f64))| {
        let both = is_said(from.scale, from.offset) && is_said(scale, offset);
        both.then(|| Correction { scale: from.scale / scale, offset: (from.offset - offset) / scale })
    };
    let corrections: Vec<_> = scene.bands().iter().zip(others).map(correction).collect::<Option<_>>()?;
    let is_needed = |c: &Correction| (c.scale - 1.0).abs() > 1e-9 || c.offset.abs() > 1e-9;
    corrections.iter().any(is_needed).then_some(corrections)
}

/// A number for each band, from one for all or one per band.
fn numbers(option: &str, text: &str, n_bands: usize) -> Result<Vec<f64>> {
    let number = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(Error::InvalidArgument(format!("{option} {text}: '{}' is not a number", text.trim()))),
    };
    let numbers = text.split(',').map(number).collect::<Result<Vec<_>>>()?;
    match numbers.len() {
        1 => Ok(vec![numbers[0]; n_bands]),
        n if n == n_bands => Ok(numbers),
        n => Err(Error::InvalidArgument(format!(
            "{option} gives {n} numbers for {n_bands} bands: give one for each, or one for all"
        ))),
    }
}
