//! Raster files: the pixels of whatever GDAL reads, and label files.
//!
//! ```text
//! Scene::open -> units -> a Reader per thread -> Raster      (reading, block by block, in file order)
//! LabelWriter::create -> write, in any order -> finish       (a GeoTIFF beside its name) -> Staged::commit
//! ```
//!
//! The only use of the crates `gdal` and `gdal-sys`, whose functions are found at run time (`library`).
//! GDAL says nothing by itself: its messages become errors.

mod blocks;
mod ffi;
mod functions;
mod library;
mod map;
mod modules;
mod problem;
mod scene;

pub use blocks::{Unit, Window};
pub use library::{choose as use_library, find as library, Library};
pub use map::{
    check_label_name, check_polygons_name, describe_classes, renumbered, style_beside, write_polygons,
    Filters, LabelBuf, LabelWriter, Staged, Tally,
};
pub use problem::{quiet, Quiet};
pub use scene::{
    band_statistics, check_bands, common_type, files_of, is_product, scene_name, BandRef, BandStatistics,
    Description, Kept, Reader, Scene, SceneBand, SceneClass, SceneOptions, VirtualRaster,
};

/// Keeps GDAL quiet on all threads, and its cache of decoded blocks within `bytes`, and sets options of
/// GDAL by name and value: for a program that has the process for itself. Call it once, before any file
/// is opened. Where there is no GDAL, the job that needs one says so.
pub fn configure(bytes: usize, options: &[(&str, &str)]) {
    if library().is_ok() {
        ffi::silence_process();
        // Names and values are without NUL, as words of a command line are.
        options.iter().for_each(|(name, value)| drop(gdal::config::set_config_option(name, value)));
        ffi::set_cache_bytes(bytes);
    }
}
