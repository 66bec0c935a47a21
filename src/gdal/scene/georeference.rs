//! Georeferences: compared between files, and copied to the labels.

use std::path::Path;

use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, Metadata};

use super::source::{open_dataset, Source};
use crate::error::{invalid_data, Error, Result};
use crate::gdal::{ffi, problem, turns};

/// How far the corners of two images of one scene may be apart, in pixels: writers round.
pub(in crate::gdal) const TOLERANCE: f64 = 0.05;

/// A reference system that every database of PROJ has.
const WGS_84: u32 = 4326;

/// The environment variables with the folder of PROJ's database, the newer one first.
const PROJ_VARIABLES: [&str; 2] = ["PROJ_DATA", "PROJ_LIB"];

/// The transform of a georeferenced file. If points or polynomials locate the file, the identity
/// does not count: some drivers give it nevertheless.
pub(in crate::gdal) fn transform(dataset: &Dataset) -> Option<[f64; 6]> {
    let transform = dataset.geo_transform().ok()?;
    let is_plain =
        [[0.0, 1.0, 0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0, 0.0, -1.0]].contains(&transform);
    let is_located = || ffi::gcp_count(dataset) > 0 || !rpcs(dataset).is_empty();
    (!is_plain || !is_located()).then_some(transform)
}

fn rpcs(dataset: &Dataset) -> Vec<String> {
    dataset.metadata_domain("RPC").unwrap_or_default()
}

/// The first file with a georeference, or else the first file: the others are compared with it.
pub(in crate::gdal) fn reference(sources: &[Source]) -> usize {
    let by_transform = || sources.iter().position(|source| transform(&source.dataset).is_some());
    let by_points = || {
        let is_located = |source: &Source| {
            ffi::gcp_count(&source.dataset) > 0 || !rpcs(&source.dataset).is_empty()
        };
        sources.iter().position(is_located)
    };
    by_transform().or_else(by_points).unwrap_or(0)
}

/// Checks that the reference systems of some files can be copied. Without PROJ's database their
/// codes are lost, and formats that keep only codes lose the whole system.
///
/// # Errors
/// `Io` when PROJ does not find its database, or only one of another version.
pub(in crate::gdal) fn check_database(sources: &[Source]) -> Result<()> {
    let is_located = |source: &&Source| {
        let dataset = &source.dataset;
        transform(dataset).is_some() || dataset.spatial_ref().is_ok() || ffi::gcp_count(dataset) > 0
    };
    let Some(source) = sources.iter().find(is_located) else { return Ok(()) };
    let of = |name| Some((name, std::env::var_os(name).filter(|value| !value.is_empty())?));
    SpatialRef::from_epsg(WGS_84).map(drop).map_err(|error| {
        let advice = match PROJ_VARIABLES.into_iter().find_map(of) {
            Some((name, value)) => {
                format!("{name} is {}: unset it, or set it", value.to_string_lossy())
            }
            None => format!("set {}", PROJ_VARIABLES[0]),
        };
        Error::Io(format!(
            "{}: its reference system would be lost, as the database of PROJ cannot be read ({}); \
             {advice} to the folder of the proj.db that belongs to this GDAL",
            source.name(),
            problem::text(&error)
        ))
    })
}

/// Checks that two files show the same ground: same size, corners and reference system. A file
/// without a georeference passes (masks often have none).
pub(in crate::gdal) fn check_same(first: &Source, other: &Source, role: &str) -> Result<()> {
    let (name, other_name) = (first.name(), other.name());
    if first.size != other.size {
        return invalid_data(format!(
            "{other_name} is {} x {} pixels, {name} {} x {}: {role} must be of one size (gdalwarp \
             -tr resamples)",
            other.size.0, other.size.1, first.size.0, first.size.1
        ));
    }
    if let (Some(a), Some(b)) = (transform(&first.dataset), transform(&other.dataset)) {
        if corners_apart(&a, &b, first.size) > TOLERANCE {
            return invalid_data(format!(
                "{other_name} and {name} do not cover the same ground: {role} must (compare them \
                 with gdalinfo)"
            ));
        }
    }
    check_system(first, other, role)
}

/// Checks that two files have the same horizontal reference system, if both have one.
pub(in crate::gdal) fn check_system(first: &Source, other: &Source, role: &str) -> Result<()> {
    let (name, other_name) = (first.name(), other.name());
    if let (Ok(a), Ok(b)) = (first.dataset.spatial_ref(), other.dataset.spatial_ref()) {
        if !is_same_system(&a, &b) {
            return invalid_data(format!(
                "{other_name} and {name} have different coordinate reference systems: {role} must \
                 have one (gdalwarp -t_srs converts)"
            ));
        }
    }
    Ok(())
}

/// Whether a layer's reference system is defined: a GeoPackage marks a layer without one by a
/// placeholder.
pub(in crate::gdal) fn is_defined(system: &SpatialRef) -> bool {
    system.name().is_none_or(|name| !name.to_lowercase().starts_with("undefined"))
}

/// Whether two reference systems are the same horizontally. Heights, the order of axes, and a shift
/// to WGS 84 by zero do not count.
pub(in crate::gdal) fn is_same_system(a: &SpatialRef, b: &SpatialRef) -> bool {
    a == b || ffi::is_same_horizontal(a, b) || is_same_but_for_the_datum(a, b)
}

/// The same if one of them does not name its datum. It may give WGS 84 (or another system on the
/// same ellipsoid) by a shift of zero, or by the ellipsoid alone.
fn is_same_but_for_the_datum(a: &SpatialRef, b: &SpatialRef) -> bool {
    let is_unnamed = |system: &SpatialRef| {
        let datum =
            system.get_attr_value("DATUM", 0).ok().flatten().unwrap_or_default().to_lowercase();
        datum.starts_with("unknown")
            || datum.starts_with("unnamed")
            || datum.starts_with("d_unknown")
    };
    let words = |system: &SpatialRef| {
        let text = ffi::horizontal(system).to_proj4().unwrap_or_default();
        let mut words: Vec<String> = text
            .replace("+datum=WGS84", "+ellps=WGS84")
            .split_whitespace()
            .map(String::from)
            .collect();
        words.retain(|word| !is_no_shift(word) && word != "+no_defs");
        words.sort();
        words
    };
    (is_unnamed(a) || is_unnamed(b)) && !words(a).is_empty() && words(a) == words(b)
}

/// Whether a word of PROJ's is a shift to WGS 84 by zero.
fn is_no_shift(word: &str) -> bool {
    let shift = word.strip_prefix("+towgs84=");
    shift.is_some_and(|numbers| numbers.split(',').all(|number| number.parse() == Ok(0.0)))
}

/// The largest distance between the same corners of two images, in pixels of the first.
pub(in crate::gdal) fn corners_apart(a: &[f64; 6], b: &[f64; 6], size: (usize, usize)) -> f64 {
    let (width, height) = (size.0 as f64, size.1 as f64);
    let at =
        |t: &[f64; 6], x: f64, y: f64| (t[0] + x * t[1] + y * t[2], t[3] + x * t[4] + y * t[5]);
    let pixel = a[1].hypot(a[4]).min(a[2].hypot(a[5])).max(f64::MIN_POSITIVE);
    let apart = |(x, y): (f64, f64)| {
        let ((ax, ay), (bx, by)) = (at(a, x, y), at(b, x, y));
        (ax - bx).hypot(ay - by) / pixel
    };
    [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]
        .into_iter()
        .map(apart)
        .fold(0.0, f64::max)
}

/// The georeference of a scene, from its file.
pub(in crate::gdal) struct Georeference {
    file: Dataset,
}

impl Georeference {
    /// Opens the file with the georeference; `in_turn`: threads take turns at it.
    pub(in crate::gdal) fn open(file: &Path, in_turn: bool) -> Result<Georeference> {
        let _turn = turns::wait(in_turn);
        Ok(Georeference { file: open_dataset(file)? })
    }

    /// Whether it has a reference system that belongs to a transform: that of control points
    /// belongs to them.
    pub(in crate::gdal) fn has_system(&self) -> bool {
        transform(&self.file).is_some() && self.file.spatial_ref().is_ok()
    }

    /// Gives a new file the same georeference: reference system and transform, or else ground
    /// control points; and rational polynomial coefficients if there are any.
    pub(in crate::gdal) fn copy_to(&self, to: &mut Dataset, name: &str) -> Result<()> {
        copy_georeference(&self.file, to)
            .map_err(|error| problem::io(name, "cannot write where the image lies", &error))
    }
}

fn copy_georeference(from: &Dataset, to: &mut Dataset) -> gdal::errors::Result<()> {
    // Whether a pixel stands for a point or an area decides how the transform is stored.
    if let Some(value) = from.metadata_item("AREA_OR_POINT", "") {
        to.set_metadata_item("AREA_OR_POINT", &value, "")?;
    }
    if let Ok(reference) = from.spatial_ref() {
        to.set_spatial_ref(&reference)?;
    }
    match transform(from) {
        Some(transform) => to.set_geo_transform(&transform)?,
        None => ffi::copy_gcps(from, to)?,
    }
    for item in rpcs(from) {
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

    #[test]
    fn horizontal_systems_are_compared() {
        let is_same = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| SpatialRef::from_definition(text).unwrap());
            is_same_system(&a, &b) && is_same_system(&b, &a)
        };
        let utm = "EPSG:32618";
        for same in [
            "EPSG:32618+5773",
            "+proj=utm +zone=18 +datum=WGS84 +units=m",
            "+proj=utm +zone=18 +ellps=WGS84 +towgs84=0,0,0,0,0,0,0 +units=m",
            "+proj=utm +zone=18 +ellps=WGS84 +units=m",
        ] {
            assert!(is_same(utm, same), "{same}");
        }
        assert!(is_same("EPSG:4326", "OGC:CRS84") && is_same("EPSG:4326", "EPSG:4979"));
        assert!(is_same("EPSG:32618+5773", "EPSG:32618+3855"));
        let etrs = "+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m";
        assert!(is_same("EPSG:25832", etrs));
        let nad27 = "+proj=utm +zone=18 +ellps=clrk66 +towgs84=0,0,0 +units=m";
        for other in ["EPSG:32617", "EPSG:26918", "EPSG:4326", nad27, etrs] {
            assert!(!is_same(utm, other), "{other}");
        }
        // If both name their datums, these decide.
        assert!(!is_same("EPSG:3725", "EPSG:6347"));
    }
}
