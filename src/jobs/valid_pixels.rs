//! Scenes without a valid pixel: the cause, and what to do.

use crate::assess::{Finding, Warning};
use crate::error::{Error, Result};
use crate::gdal::{band_statistics, Scene};
use crate::progress::Run;

/// The largest number of bands that a message names.
const MOST_NAMED: usize = 5;

/// The reason why no pixel of some scenes is valid: the area of interest, a band, or the
/// combination of bands.
pub(super) fn nothing_valid(scenes: &[Scene], run: &mut Run) -> Error {
    let found = check_aoi(scenes).and_then(|()| counts(scenes, run));
    found.map_or_else(|error| error, |counts| explained(scenes, &counts))
}

/// Checks that the area of interest holds the centre of a pixel of at least one scene.
pub(super) fn check_aoi(scenes: &[Scene]) -> Result<()> {
    let Some(aoi) = scenes.iter().find_map(Scene::aoi) else { return Ok(()) };
    for scene in scenes {
        if scene.has_pixel_in_aoi()? {
            return Ok(());
        }
    }
    let names: Vec<_> = scenes.iter().map(Scene::name).collect();
    Err(Error::Option {
        before: format!(
            "no polygon of {aoi} holds the centre of a pixel of {}: give larger polygons, or \
             smaller pixels (",
            names.join(" ")
        ),
        field: "resolution".into(),
        after: ")".into(),
    })
}

/// The number of valid pixels of each band, in all scenes together.
fn counts(scenes: &[Scene], run: &mut Run) -> Result<Vec<u64>> {
    let mut counts = vec![0; scenes[0].n_bands()];
    for scene in scenes {
        let of_bands = band_statistics(scene, run)?;
        counts.iter_mut().zip(of_bands).for_each(|(count, band)| *count += band.n_valid);
    }
    Ok(counts)
}

fn explained(scenes: &[Scene], counts: &[u64]) -> Error {
    let scene = &scenes[0];
    let empty: Vec<usize> = (0..counts.len()).filter(|band| counts[*band] == 0).collect();
    if empty.len() == counts.len() {
        let n_pixels: u64 = scenes.iter().map(Scene::n_pixels).sum();
        return about(
            scenes,
            Error::InvalidData(format!(
                "none of the {n_pixels} pixels is valid (all are nodata, NaN, infinite or \
                 masked): check nodata values and mask"
            )),
        );
    }
    let names: Vec<_> = scenes.iter().map(Scene::name).collect();
    let option = |what: String, after: String| Error::Option {
        before: format!("{}: {what} with ", names.join(" ")),
        field: "bands".into(),
        after,
    };
    if empty.is_empty() {
        let fewest = (0..counts.len()).min_by_key(|band| counts[*band]).unwrap_or(0);
        let (all, least, n) = (counts.len(), &scene.bands()[fewest].name, counts[fewest]);
        return option(
            format!(
                "every band has valid pixels, but no pixel is valid in all {all} bands at once; \
                 {least} has the fewest, {n}: choose fewer bands"
            ),
            String::new(),
        );
    }
    let others = (0..counts.len()).filter(|band| counts[*band] > 0);
    option(
        format!(
            "no pixel of {} is valid: leave {} out, choose the others",
            listed(scene, &empty),
            if empty.len() == 1 { "it" } else { "them" }
        ),
        format!(" ({})", chosen(scene, others)),
    )
}

/// Bands by number and name.
fn listed(scene: &Scene, bands: &[usize]) -> String {
    let shown = |band: &usize| {
        let band = &scene.bands()[*band];
        match band.number {
            Some(number) if band.name != format!("band {number}") => {
                format!("band {number} ({})", band.name)
            }
            _ => band.name.clone(),
        }
    };
    let mut names: Vec<String> = bands.iter().take(MOST_NAMED).map(shown).collect();
    if bands.len() > MOST_NAMED {
        names.push(format!("{} other bands", bands.len() - MOST_NAMED));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// How bands are chosen: by number, with ranges for consecutive bands; in a product by name.
fn chosen(scene: &Scene, bands: impl Iterator<Item = usize>) -> String {
    let bands: Vec<_> = bands.map(|band| &scene.bands()[band]).collect();
    let numbers: Option<Vec<usize>> = bands.iter().map(|band| band.number).collect();
    match numbers {
        Some(numbers) => ranges(&numbers),
        None => bands.iter().map(|band| band.name.as_str()).collect::<Vec<_>>().join(","),
    }
}

/// Numbers as text such as `1-3,5`.
fn ranges(numbers: &[usize]) -> String {
    let range = |run: &[usize]| match run {
        [first, .., last] => format!("{first}-{last}"),
        [only] => only.to_string(),
        [] => String::new(),
    };
    numbers.chunk_by(|a, b| a + 1 == *b).map(range).collect::<Vec<_>>().join(",")
}

/// Puts the scenes' names before what is wrong with their pixels.
pub(super) fn about(scenes: &[Scene], error: Error) -> Error {
    let names: Vec<_> = scenes.iter().map(Scene::name).collect();
    match error {
        Error::InvalidData(text) => Error::InvalidData(format!("{}: {text}", names.join(" "))),
        other => other,
    }
}

/// A note about each scene without a valid pixel, if there are several scenes or the scene is
/// labelled. `n_valid` is the number of valid pixels of each.
pub(super) fn notes(scenes: &[Scene], n_valid: &[u64], run: &mut Run) -> Result<Vec<Warning>> {
    let mut notes = Vec::new();
    for (scene, _) in scenes.iter().zip(n_valid).filter(|(_, n_valid)| **n_valid == 0) {
        let counts = counts(std::slice::from_ref(scene), run)?;
        let any = counts.iter().any(|count| *count > 0);
        let empty = (0..counts.len()).filter(|band| any && counts[*band] == 0);
        let bands = empty.map(|band| scene.bands()[band].name.clone()).collect();
        notes.push(Finding::NoValidPixel { scene: scene.name().into(), bands }.warning(None));
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 5, 7, 8]), "1-3,5,7-8");
        assert_eq!(ranges(&[4, 3, 2]), "4,3,2");
    }
}
