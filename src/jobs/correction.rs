//! Corrections that make the samples of a scene comparable with those that a model was fitted on.

use std::cmp::Ordering;

use super::options::OneOrMany;
use crate::error::{invalid_option, Result};
use crate::gdal::{Scene, SceneBand};
use crate::model::Model;
use crate::raster::Correction;

/// A number for all bands, or one per band.
pub(super) type Numbers = OneOrMany<f64>;

/// The scene, corrected as the user asked, or else as the metadata of scene and model say, if at
/// all. Also returns the corrections.
pub(super) fn corrected(
    scene: Scene,
    model: &Model,
    (multiply, add): (Option<&Numbers>, Option<&Numbers>),
) -> Result<(Scene, Option<Vec<Correction>>)> {
    let corrections = match (multiply, add) {
        (None, None) => {
            by_metadata(&scene, model.bands.iter().map(|band| (band.scale, band.offset)))
        }
        _ => {
            let scales = for_bands("multiply", multiply, 1.0, scene.n_bands())?;
            let offsets = for_bands("add", add, 0.0, scene.n_bands())?;
            let each = scales.into_iter().zip(offsets);
            Some(each.map(|(scale, offset)| Correction { scale, offset }).collect())
        }
    };
    match corrections {
        Some(corrections) => Ok((scene.corrected(corrections.clone())?, Some(corrections))),
        None => Ok((scene, None)),
    }
}

/// Checks the numbers alone.
pub(super) fn check(multiply: Option<&Numbers>, add: Option<&Numbers>) -> Result<()> {
    for (field, numbers) in [("multiply", multiply), ("add", add)] {
        let numbers = numbers.map(Numbers::values).unwrap_or_default();
        if let Some(bad) = numbers.iter().find(|number| !number.is_finite()) {
            return invalid_option(field, format!(" is {bad}: give a number"));
        }
        if field == "multiply" && numbers.contains(&0.0) {
            return invalid_option(field, " is 0: give another factor");
        }
    }
    Ok(())
}

/// Converts scenes to the samples of one of them, if both say what their samples mean. Which one
/// that is does not depend on the order of the scenes.
///
/// # Errors
/// As [`Scene::corrected`].
pub(super) fn in_one_scale(scenes: Vec<Scene>) -> Result<Vec<Scene>> {
    let scales = scales(reference(&scenes));
    let corrected = |scene: Scene| match by_metadata(&scene, scales.iter().copied()) {
        Some(corrections) => Ok(scene.corrected(corrections)?.with_scales(&scales)),
        None => Ok(scene),
    };
    scenes.into_iter().map(corrected).collect()
}

/// The scene to whose samples the others are converted: a scene that says for most bands what
/// samples mean. Among these it is the one with the smallest offsets, then the finest scales.
pub(super) fn reference(scenes: &[Scene]) -> &Scene {
    let key = |scene: &Scene| {
        let scales = scales(scene);
        let unsaid = scales.iter().filter(|(scale, offset)| !is_said(*scale, *offset)).count();
        let parts =
            scales.iter().flat_map(|(scale, offset)| [(offset / scale).abs(), *scale, *offset]);
        (unsaid, parts.collect::<Vec<f64>>())
    };
    let compare = |a: &&Scene, b: &&Scene| {
        let ((unsaid_a, a), (unsaid_b, b)) = (key(a), key(b));
        let differing = a.iter().zip(&b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
        unsaid_a.cmp(&unsaid_b).then(differing.unwrap_or(Ordering::Equal))
    };
    scenes.iter().min_by(compare).expect("there is a scene")
}

/// Scale and offset of each band.
pub(super) fn scales(scene: &Scene) -> Vec<(f64, f64)> {
    scene.bands().iter().map(|band| (band.scale, band.offset)).collect()
}

/// Whether a band says what its samples mean.
fn is_said(scale: f64, offset: f64) -> bool {
    (scale, offset) != (1.0, 0.0) && scale != 0.0
}

/// From the scene's samples to physical values, and from these to other samples, which have these
/// scales and offsets per band. `None` unless both say how, and differ.
fn by_metadata(scene: &Scene, others: impl Iterator<Item = (f64, f64)>) -> Option<Vec<Correction>> {
    let correction = |(from, (scale, offset)): (&SceneBand, (f64, f64))| {
        let both = is_said(from.scale, from.offset) && is_said(scale, offset);
        both.then(|| Correction {
            scale: from.scale / scale,
            offset: (from.offset - offset) / scale,
        })
    };
    let corrections: Vec<_> =
        scene.bands().iter().zip(others).map(correction).collect::<Option<_>>()?;
    let is_needed = |c: &Correction| (c.scale - 1.0).abs() > 1e-9 || c.offset.abs() > 1e-9;
    corrections.iter().any(is_needed).then_some(corrections)
}

/// A number for each band, from one for all or one per band.
fn for_bands(
    field: &str,
    given: Option<&Numbers>,
    otherwise: f64,
    n_bands: usize,
) -> Result<Vec<f64>> {
    let numbers = given.map_or(vec![otherwise], Numbers::values);
    match numbers.len() {
        1 => Ok(vec![numbers[0]; n_bands]),
        n if n == n_bands => Ok(numbers),
        n => invalid_option(
            field,
            format!(" gives {n} numbers for {n_bands} bands: give one for each, or one for all"),
        ),
    }
}
