//! Drivers that one thread at a time may call: the libraries behind them keep state of their own.

use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use gdal::Dataset;

use super::{ffi, modules};

/// The drivers.
const DRIVERS: [&str; 11] =
    ["netCDF", "HDF4", "HDF4Image", "HDF5", "HDF5Image", "BAG", "KEA", "GRIB", "GMT", "S102", "ISCE"];

/// Extensions of their files, where a virtual raster draws on them.
const EXTENSIONS: [&str; 13] =
    ["nc", "nc4", "cdf", "hdf", "h4", "hdf4", "h5", "he5", "hdf5", "bag", "kea", "grb", "grib"];

/// Held while one of them is called.
static TURN: Mutex<()> = Mutex::new(());

/// A thread's turn. Nothing is printed on it by HDF5, whose failed attempts at reading what there is not are no failures of ours.
pub(super) struct Turn {
    _quiet: Option<modules::QuietHdf5>,
    _turn: MutexGuard<'static, ()>,
}

/// Waits for this thread's turn, where there are turns.
pub(super) fn wait(are_needed: bool) -> Option<Turn> {
    are_needed.then(|| {
        let turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Turn { _quiet: modules::quiet_hdf5(), _turn: turn }
    })
}

/// Waits for this thread's turn, where a file is to be opened that seems to be one of theirs by its name.
pub(super) fn wait_to_open(path: &Path) -> Option<Turn> {
    let name = path.to_string_lossy();
    wait(
        is_theirs(&name)
            || ["NETCDF:", "HDF4", "HDF5", "BAG:", "KEA:"].iter().any(|start| name.starts_with(start)),
    )
}

fn is_theirs(file: &str) -> bool {
    let extension = Path::new(file).extension().unwrap_or_default().to_string_lossy().to_lowercase();
    EXTENSIONS.contains(&extension.as_str())
}

/// Whether a file's driver is one of these, or it draws on files of theirs.
pub(super) fn are_needed(dataset: &Dataset) -> bool {
    let driver = dataset.driver().short_name();
    DRIVERS.contains(&driver.as_str())
        || driver == "VRT" && ffi::file_list(dataset).iter().any(|file| is_theirs(file))
}
