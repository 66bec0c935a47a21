//! Raster files: the pixels of any file that GDAL reads, and label files.
//!
//! ```text
//! Scene::open -> units -> a Reader per thread -> Raster  (reading, block by block, in file order)
//! LabelWriter::create -> write, in any order -> finish   (a GeoTIFF beside its name)
//!     -> Staged::commit
//! ```
//!
//! The only use of the crates `gdal` and `gdal-sys`, whose functions are found at run time
//! (`library`). GDAL prints nothing by itself: its messages become errors.

use std::path::Path;

mod blocks;
mod cache;
mod ffi;
mod functions;
mod library;
mod map;
mod modules;
mod problem;
mod scene;
mod settings;
mod turns;

pub use crate::file::Staged;
pub use blocks::{Unit, Window};
pub use cache::CacheShare;
pub use library::{choose as use_library, find as library, spare_threads_of_openblas, Library};
pub use map::{
    check_label_name, check_polygons_name, check_style, describe_classes, holds_classes,
    is_geopackage, left_behind, parts_of, polygons_style_beside, renumbered, style_beside,
    write_polygons, ClassCounts, Filters, LabelBuf, LabelWriter, MapFormat,
};
pub use problem::{quiet, Quiet};
pub use scene::{
    band_statistics, check_bands, common_type, files_of, is_product, raster_inside, scene_name,
    BandRef, BandStatistics, BlockCache, Description, Reader, Scene, SceneBand, SceneClass,
    SceneOptions, Seeds, VirtualRaster,
};
pub(crate) use settings::{without_threads, Settings};

/// Whether there is a file or folder of this name, also in an archive or on a server, which only
/// GDAL can reach.
pub fn is_there(path: &Path) -> bool {
    let name = path.to_str().filter(|name| name.starts_with("/vsi"));
    path.exists() || name.is_some_and(|name| library().is_ok() && ffi::is_there(name))
}

/// Keeps GDAL quiet on all threads, limits its cache of decoded blocks to `bytes`, and sets options
/// of GDAL by name and value. It is for a program that has the process for itself. Call it once,
/// before any file is opened. If there is no GDAL, the job that needs it says so.
pub fn configure(bytes: usize, options: &[(&str, &str)]) {
    if library().is_ok() {
        ffi::silence_process();
        // Names and values have no NUL, as they are words of a command line.
        options.iter().for_each(|(name, value)| drop(gdal::config::set_config_option(name, value)));
        ffi::set_cache_bytes(bytes);
    }
}
