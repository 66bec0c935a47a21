//! Drivers that only one thread at a time may call: the libraries behind them have global state.

use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use gdal::Dataset;

use super::{ffi, modules};

/// The drivers.
const DRIVERS: [&str; 10] =
    ["netCDF", "HDF4", "HDF4Image", "HDF5", "HDF5Image", "BAG", "KEA", "GRIB", "GMT", "S102"];

/// Extensions of their files, to find them in a virtual raster.
const EXTENSIONS: [&str; 13] =
    ["nc", "nc4", "cdf", "hdf", "h4", "hdf4", "h5", "he5", "hdf5", "bag", "kea", "grb", "grib"];

/// How names of rasters inside their files begin.
const PREFIXES: [&str; 5] = ["NETCDF:", "HDF4", "HDF5", "BAG:", "KEA:"];

/// Held while one of them is called.
static TURN: Mutex<()> = Mutex::new(());

/// A thread's turn. Meanwhile HDF5 prints nothing: its failed attempts to read missing things are
/// not failures of ours.
pub(super) struct Turn {
    _quiet: Option<modules::QuietHdf5>,
    _turn: MutexGuard<'static, ()>,
}

/// Waits for this thread's turn, if turns are needed.
pub(super) fn wait(are_needed: bool) -> Option<Turn> {
    are_needed.then(|| {
        let turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Turn { _quiet: modules::quiet_hdf5(), _turn: turn }
    })
}

/// Waits for this thread's turn to open a file, if its name looks like one of theirs.
pub(super) fn wait_to_open(path: &Path) -> Option<Turn> {
    wait(seems_theirs(&path.to_string_lossy()))
}

fn seems_theirs(name: &str) -> bool {
    let extension =
        Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
    EXTENSIONS.contains(&extension.as_str())
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a file's driver is one of these, or the file reads files of these drivers.
pub(super) fn are_needed(dataset: &Dataset) -> bool {
    let driver = dataset.driver().short_name();
    DRIVERS.contains(&driver.as_str())
        || driver == "VRT" && ffi::file_list(dataset).iter().any(|file| seems_theirs(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_files_are_known_by_their_names() {
        let theirs = ["a.nc", "d/a.H5", "NETCDF:\"a\":red", "HDF4_EOS:EOS_GRID:\"a\":b:c", "a.grb"];
        theirs.iter().for_each(|name| assert!(seems_theirs(name), "{name}"));
        ["a.tif", "nc", "a.nc.tif", "GPKG:a.gpkg:b"]
            .iter()
            .for_each(|name| assert!(!seems_theirs(name), "{name}"));
    }
}
