//! Files beside another that GDAL reads with it: where it cannot open one it goes on without, and says nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::wording::why;

/// What may stand beside a raster, after its whole name: values that mean no data, names, masks.
const AFTER_RASTER: [&str; 2] = ["aux.xml", "msk"];
/// The same instead of its extension: its place and its reference system (see `world_file` too).
const OF_RASTER: [&str; 3] = ["aux", "prj", "wld"];
/// What may stand beside a layer, instead of its extension: attributes, their encoding, the reference system.
const OF_LAYER: [&str; 3] = ["cpg", "dbf", "prj"];

/// Checks that what stands beside a raster's file can be read.
///
/// # Errors
/// [`Error::Io`] with the name of what is there and cannot be opened.
pub(super) fn check_raster(file: &Path) -> Result<()> {
    let after = AFTER_RASTER.iter().map(|end| {
        let mut name = OsString::from(file);
        name.push(".");
        name.push(end);
        PathBuf::from(name)
    });
    let instead = OF_RASTER.iter().map(|end| file.with_extension(end));
    check(file, after.chain(instead).chain(world_file(file)))
}

/// The same for a file of vector layers.
pub(super) fn check_layer(file: &Path) -> Result<()> {
    check(file, OF_LAYER.iter().map(|end| file.with_extension(end)))
}

/// A raster's world file, named as most programs do: `scene.tfw` for `scene.tif`.
fn world_file(file: &Path) -> Option<PathBuf> {
    let extension = file.extension()?.to_str()?;
    Some(file.with_extension(format!("{}{}w", extension.chars().next()?, extension.chars().last()?)))
}

fn check(file: &Path, mut beside: impl Iterator<Item = PathBuf>) -> Result<()> {
    // Not one on this machine's disks: what GDAL reads there tells itself.
    if !file.is_file() {
        return Ok(());
    }
    beside.try_for_each(|path| {
        open(&path).map_err(|error| {
            Error::Io(format!(
                "{} belongs to {} and cannot be read ({}); let it be read, or move it elsewhere",
                path.display(),
                file.display(),
                why(&error)
            ))
        })
    })
}

/// Opens a file for a moment, if there is one. (Opening a pipe would wait for its other end.)
fn open(path: &Path) -> io::Result<()> {
    if path.is_file() {
        File::open(path)?;
    }
    Ok(())
}
