//! Raster files: the pixels of whatever GDAL reads, and label files.
//!
//! ```text
//! Scene::open -> units -> a Reader per thread -> Raster      (reading, block by block, in file order)
//! LabelWriter::create -> write, in any order -> finish       (a GeoTIFF beside its name) -> Staged::commit
//! ```
//!
//! The only use of the crates `gdal` and `gdal-sys`, whose functions are found at run time (`library`).
//! GDAL says nothing by itself: its messages become errors.

mod after;
mod area;
mod attributes;
mod blocks;
mod colors;
mod describe;
mod ffi;
mod functions;
mod grid;
mod ground;
mod inventory;
mod kept;
mod labels;
mod layer;
mod library;
mod masks;
mod modules;
mod mosaic;
mod open;
mod place;
mod polygons;
mod problem;
mod product;
mod reader;
mod scene;
mod select;
mod source;
mod staged;
mod stats;
mod tally;
mod tiled;
mod types;
mod virtual_raster;
mod whole;
mod writer;

pub use after::{renumbered, Filters};
pub use attributes::describe_classes;
pub use blocks::{Unit, Window};
pub use describe::Description;
pub use inventory::scene_name;
pub use kept::Kept;
pub use labels::LabelBuf;
pub use library::{choose as use_library, find as library, Library};
pub use open::SceneOptions;
pub use polygons::{check_polygons_name, style_beside, write_polygons};
pub use problem::{quiet, Quiet};
pub use reader::Reader;
pub use scene::{common_type, Scene, SceneBand};
pub use select::{check_bands, BandRef};
pub use source::files_of;
pub use staged::Staged;
pub use stats::{band_statistics, BandStatistics};
pub use tally::Tally;
pub use virtual_raster::{is_product, VirtualRaster};
pub use writer::{check_label_name, LabelWriter};

/// Keeps GDAL quiet on all threads, and its cache of decoded blocks within `bytes`: for a program that has
/// the process for itself. Call it once, before any file is opened. Where there is no GDAL, the job that
/// needs one says so.
pub fn configure(bytes: usize) {
    if library().is_ok() {
        ffi::silence_process();
        ffi::set_cache_bytes(bytes);
    }
}
