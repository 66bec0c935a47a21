//! Companions: files that GDAL and QGIS look for beside a file, by its name.

use std::path::{Path, PathBuf};

use crate::error::{invalid_argument, Result};
use crate::gdal::scene::side_files::with_suffix;
use crate::report::written_beside;
use crate::wording::plain;

/// The suffix of a raster's name for the file in which GDAL keeps more about it.
pub(super) const COMPANION: &str = ".aux.xml";

/// The suffixes of a raster's name for its statistics, overviews and masks.
const OF_RASTERS: [&str; 3] = [COMPANION, ".ovr", ".msk"];

/// Extensions of the rasters that jobs write, pictures among them.
const RASTERS: [&str; 6] = ["tif", "tiff", "vrt", "png", "jpg", "jpeg"];

/// The extensions of a shapefile's spatial indices.
const INDICES: [&str; 3] = ["qix", "sbn", "sbx"];

/// The files beside an output that go with the file that it replaces, and would be wrong about the
/// new one.
pub fn left_behind(output: &Path) -> Vec<PathBuf> {
    let extension = output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match &*extension {
        // Their names have only the stem: without the file they may belong to another one.
        "shp" if output.exists() => {
            INDICES.iter().map(|index| output.with_extension(index)).collect()
        }
        raster if RASTERS.contains(&raster) => {
            OF_RASTERS.iter().map(|suffix| with_suffix(output, suffix)).collect()
        }
        _ => Vec::new(),
    }
}

/// The file beside another in which QGIS looks for its style.
pub fn style_beside(path: &Path) -> PathBuf {
    path.with_extension("qml")
}

/// Checks that an existing style was written by us beside a file of this name. Other styles are
/// somebody's work, or belong to another file with the same stem.
///
/// # Errors
/// `InvalidArgument` when it was not.
pub fn check_style(style: &Path, of: &Path) -> Result<()> {
    if !style.exists() {
        return Ok(());
    }
    let name = plain(&of.file_name().unwrap_or_default().to_string_lossy());
    let text = std::fs::read(style).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let beside = text.ok().and_then(|text| written_beside(&text));
    let whose = match beside {
        Some(beside) if beside == name => return Ok(()),
        Some(other) => format!("the style of {other}"),
        None => "a style that bandcluster did not write".into(),
    };
    invalid_argument(format!(
        "{} is {whose}, and that of {name} would replace it: give the output another name, or \
         move it away",
        style.display()
    ))
}
