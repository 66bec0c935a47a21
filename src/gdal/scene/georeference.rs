//! Where an image lies on the ground: compared between files, and carried over to the labels.

use gdal::{Dataset, Metadata};

use super::source::Source;
use crate::error::{invalid_data, Result};
use crate::gdal::{ffi, problem};

/// How far the corners of two images of one scene may be apart, in pixels: writers round.
pub(in crate::gdal) const TOLERANCE: f64 = 0.05;

/// The first of some files that says where it lies, or the first of all: what the others are compared with.
pub(in crate::gdal) fn reference(sources: &[Source]) -> usize {
    sources.iter().position(|source| source.dataset.geo_transform().is_ok()).unwrap_or(0)
}

/// Checks that two files show the same ground: same size, corners and reference system. A file that does not
/// say where it lies is taken at its word (masks often do not).
pub(in crate::gdal) fn check_same(first: &Source, other: &Source, role: &str) -> Result<()> {
    let (name, other_name) = (first.name(), other.name());
    if first.size != other.size {
        return invalid_data(format!(
            "{other_name} is {} x {} pixels, {name} {} x {}: {role} must be of one size (gdalwarp -tr resamples)",
            other.size.0, other.size.1, first.size.0, first.size.1
        ));
    }
    if let (Ok(a), Ok(b)) = (first.dataset.geo_transform(), other.dataset.geo_transform()) {
        if corners_apart(&a, &b, first.size) > TOLERANCE {
            return invalid_data(format!(
                "{other_name} and {name} do not cover the same ground: {role} must (compare them with gdalinfo)"
            ));
        }
    }
    check_system(first, other, role)
}

/// Checks that two files have one coordinate reference system, where both say theirs.
pub(in crate::gdal) fn check_system(first: &Source, other: &Source, role: &str) -> Result<()> {
    let (name, other_name) = (first.name(), other.name());
    if let (Ok(a), Ok(b)) = (first.dataset.spatial_ref(), other.dataset.spatial_ref()) {
        if a != b {
            return invalid_data(format!(
                "{other_name} and {name} have different coordinate reference systems: {role} must have one (gdalwarp -t_srs converts)"
            ));
        }
    }
    Ok(())
}

/// The largest distance between the same corners of two images, in pixels of the first.
pub(in crate::gdal) fn corners_apart(a: &[f64; 6], b: &[f64; 6], size: (usize, usize)) -> f64 {
    let (width, height) = (size.0 as f64, size.1 as f64);
    let at = |t: &[f64; 6], x: f64, y: f64| (t[0] + x * t[1] + y * t[2], t[3] + x * t[4] + y * t[5]);
    let pixel = a[1].hypot(a[4]).min(a[2].hypot(a[5])).max(f64::MIN_POSITIVE);
    let apart = |(x, y): (f64, f64)| {
        let ((ax, ay), (bx, by)) = (at(a, x, y), at(b, x, y));
        (ax - bx).hypot(ay - by) / pixel
    };
    [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)].into_iter().map(apart).fold(0.0, f64::max)
}

/// Gives a new file the place of another: reference system and transform, or else ground control points; and
/// rational polynomial coefficients where there are some.
pub(in crate::gdal) fn copy(from: &Dataset, to: &mut Dataset, name: &str) -> Result<()> {
    copy_georeference(from, to)
        .map_err(|error| problem::io(name, "cannot write where the image lies", &error))
}

fn copy_georeference(from: &Dataset, to: &mut Dataset) -> gdal::errors::Result<()> {
    // A pixel that stands for a point rather than an area: it decides how the transform is stored.
    if let Some(value) = from.metadata_item("AREA_OR_POINT", "") {
        to.set_metadata_item("AREA_OR_POINT", &value, "")?;
    }
    if let Ok(reference) = from.spatial_ref() {
        to.set_spatial_ref(&reference)?;
    }
    match from.geo_transform() {
        Ok(transform) => to.set_geo_transform(&transform)?,
        Err(_) => ffi::copy_gcps(from, to)?,
    }
    for item in from.metadata_domain("RPC").unwrap_or_default() {
        if let Some((key, value)) = item.split_once('=') {
            to.set_metadata_item(key, value, "RPC")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_not_a_different_place() {
        let a = [440730.0, 10.0, 0.0, 4179460.0, 0.0, -10.0];
        let mut b = a;
        b[1] += 1e-7;
        assert!(corners_apart(&a, &b, (832, 832)) < TOLERANCE);
        b[0] += 10.0;
        assert!((corners_apart(&a, &b, (832, 832)) - 1.0).abs() < 1e-3);
    }
}
