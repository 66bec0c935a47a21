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

pub use crate::file::Staged;
pub use blocks::{Unit, Window};
pub use library::{choose as use_library, find as library, Library};
pub use map::{
    check_label_name, check_polygons_name, check_style, describe_classes, holds_classes, is_geopackage,
    left_behind, parts_of, polygons_style_beside, renumbered, style_beside, write_polygons, Filters,
    LabelBuf, LabelWriter, MapFormat, Tally,
};
pub use problem::{quiet, Quiet};
pub use scene::{
    band_statistics, check_bands, common_type, files_of, is_product, scene_name, BandRef, BandStatistics,
    Description, Kept, Reader, Scene, SceneBand, SceneOptions, VirtualRaster,
};

/// Keeps GDAL quiet on all threads, and its cache of decoded blocks within `bytes`: for a program that has
/// the process for itself. Call it once, before any file is opened. Where there is no GDAL, the job that
/// needs one says so.
pub fn configure(bytes: usize) {
    if library().is_ok() {
        ffi::silence_process();
        ffi::set_cache_bytes(bytes);
    }
}
