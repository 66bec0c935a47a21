//! GeoPackages, which may hold layers of other programs: ours is written into a copy, which then
//! replaces the file.

use std::path::Path;

use gdal::vector::sql::Dialect;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, Driver, GdalOpenFlags};

use super::polygon_layer::{is_ours, open_layers, LAYER};
use crate::error::{invalid_argument, Error, Result};
use crate::file::Staged;
use crate::gdal::problem;
use crate::gdal::scene::side_files::with_suffix;

/// GDAL's name for the format.
pub(super) const GEOPACKAGE: &str = "GPKG";

/// The suffixes of files in which SQLite keeps unfinished changes.
const JOURNALS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Whether a GeoPackage has a layer of classes that we wrote; `false` if there is no file, or an
/// empty one.
///
/// # Errors
/// `InvalidArgument` for a file that is not a GeoPackage, or in which another layer has that name;
/// `Io` while another program writes to it.
pub fn holds_classes(path: &Path) -> Result<bool> {
    if is_new(path) {
        return Ok(false);
    }
    let shown = path.display();
    let is_open = |suffix: &&str| {
        std::fs::metadata(with_suffix(path, suffix)).is_ok_and(|file| file.len() > 0)
    };
    if JOURNALS[..2].iter().any(is_open) {
        return Err(Error::Io(format!(
            "{shown} has changes that another program has not finished: close it there, or give \
             another name"
        )));
    }
    let dataset = open_layers(path, Some(GEOPACKAGE)).or_else(|error| {
        invalid_argument(format!(
            "{shown} exists and is not a GeoPackage ({}): give another name",
            problem::text(&error)
        ))
    })?;
    let layers = dataset.layers().filter(|layer| layer.name().eq_ignore_ascii_case(LAYER));
    match layers.map(|layer| is_ours(&layer)).next() {
        None => Ok(false),
        Some(true) => Ok(true),
        Some(false) => invalid_argument(format!(
            "{shown} has a layer {LAYER} that bandcluster did not write: give another file, or \
             rename the layer"
        )),
    }
}

/// Whether there is no file yet that may hold layers.
fn is_new(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |file| file.len() == 0)
}

/// A GeoPackage beside its final name to write our layer to, a copy of the existing one if there is
/// one; and the files that SQLite may leave beside it.
pub(super) fn begin(target: &Path) -> Result<(Staged, Vec<Staged>)> {
    let staged = if is_new(target) { Staged::beside(target)? } else { Staged::copy_of(target)? };
    let journals = JOURNALS.iter().map(|suffix| staged.companion(suffix)).collect::<Result<_>>()?;
    Ok((staged, journals))
}

/// Opens such a file, or creates it.
pub(super) fn open(driver: &Driver, staged: &Staged) -> gdal::errors::Result<Dataset> {
    if is_new(staged.path()) {
        // The driver has to create its file itself.
        let _ = std::fs::remove_file(staged.path());
        return driver.create_vector_only(staged.path());
    }
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_UPDATE;
    let drivers = [GEOPACKAGE];
    let allowed_drivers = Some(drivers.as_slice());
    Dataset::open_ex(
        staged.path(),
        DatasetOptions { open_flags, allowed_drivers, ..DatasetOptions::default() },
    )
}

/// Stores the style of our layer in the file, in the table that QGIS makes and reads.
pub(super) fn keep_style(to: &Dataset, qml: &str) -> gdal::errors::Result<()> {
    let statements = [
        "CREATE TABLE IF NOT EXISTS layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \
         f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), \
         f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, \
         useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time \
         DATETIME)",
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier) VALUES \
         ('layer_styles', 'attributes', 'layer_styles')",
        &format!("DELETE FROM layer_styles WHERE f_table_name = '{LAYER}'"),
        &format!(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, \
             f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, \
             update_time) VALUES ('', '', '{LAYER}', 'geom', '{LAYER}', '{}', '', 1, '', '', \
             strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            qml.replace('\'', "''")
        ),
    ];
    statements.iter().try_for_each(|sql| to.execute_sql(sql, None, Dialect::DEFAULT).map(drop))
}
