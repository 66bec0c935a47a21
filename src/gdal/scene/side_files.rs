//! Companions that GDAL reads with a file: if it cannot open one, it goes on without it and says
//! nothing.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use gdal::Dataset;

use crate::error::{Error, Result};
use crate::wording::why;

/// Suffixes of companions of a raster, after its whole name: nodata values, names, masks.
const RASTER_ENDINGS: [&str; 2] = [".aux.xml", ".msk"];
/// Extensions of companions of a shapefile: attributes, their encoding, the reference system.
const OF_SHAPEFILE: [&str; 3] = ["cpg", "dbf", "prj"];

/// Checks that the companions of a raster, which GDAL reads with it, can be read.
///
/// # Errors
/// [`Error::Io`] with the name of a companion that exists and cannot be opened.
pub(super) fn check_raster(file: &Path, dataset: &Dataset) -> Result<()> {
    check(file, RASTER_ENDINGS.iter().map(|end| with_suffix(file, end)))?;
    // A raster with a transform or a system of its own does not use these files. It is asked last,
    // because GDAL takes milliseconds to read a system.
    match check(file, world_files(file).into_iter()) {
        Err(error) if dataset.geo_transform().is_err() => return Err(error),
        _ => (),
    }
    match check(file, std::iter::once(file.with_extension("prj"))) {
        Err(error) if dataset.spatial_ref().is_err() => Err(error),
        _ => Ok(()),
    }
}

/// The same for a file of vector layers.
pub(super) fn check_layer(file: &Path) -> Result<()> {
    match file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp")) {
        true => check(file, OF_SHAPEFILE.iter().map(|end| file.with_extension(end))),
        false => Ok(()),
    }
}

/// The names of a raster's world file: `scene.tfw` or `scene.wld` for `scene.tif`.
fn world_files(file: &Path) -> Vec<PathBuf> {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let short = extension.chars().next().into_iter().chain(extension.chars().last()).chain(['w']);
    vec![file.with_extension(short.collect::<String>()), file.with_extension("wld")]
}

fn check(file: &Path, mut beside: impl Iterator<Item = PathBuf>) -> Result<()> {
    // Not a local file: GDAL itself reports errors there.
    if !file.is_file() {
        return Ok(());
    }
    beside.try_for_each(|path| {
        open(&path).map_err(|error| {
            Error::Io(format!(
                "{} belongs to {} and cannot be read ({}); change its permissions, or move it",
                path.display(),
                file.display(),
                why(&error)
            ))
        })
    })
}

/// The path with something after its whole name.
pub(in crate::gdal) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

/// Opens a file for a moment, if there is one. (Opening a pipe would wait for its other end.)
fn open(path: &Path) -> io::Result<()> {
    if !path.is_file() {
        return Ok(());
    }
    match File::open(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
