//! Raster files: the pixels of whatever GDAL reads, and label files.
//!
//! ```text
//! Scene::open -> units -> a Reader per thread -> Raster      (reading, block by block, in file order)
//! LabelWriter::create -> write, in any order -> finish       (a GeoTIFF beside its name) -> Staged::commit
//! ```
//!
//! The only use of the crates `gdal` and `gdal-sys`. GDAL says nothing by itself: its messages become errors.

mod after;
mod area;
mod attributes;
mod blocks;
mod colors;
mod describe;
mod ffi;
mod grid;
mod ground;
mod inventory;
mod kept;
mod labels;
mod layer;
mod masks;
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
pub use kept::Kept;
pub use labels::LabelBuf;
pub use open::{scene_name, SceneOptions};
pub use polygons::{check_polygons_name, style_beside, write_polygons};
pub use reader::Reader;
pub use scene::{common_type, Scene, SceneBand};
pub use select::{check_bands, BandRef};
pub use source::files_of;
pub use staged::Staged;
pub use stats::{band_statistics, BandStatistics};
pub use tally::Tally;
pub use virtual_raster::{is_product, VirtualRaster};
pub use writer::{check_label_name, LabelWriter};

/// Version of the GDAL library in use, such as `3.6.2`.
pub fn version() -> String {
    gdal::version::version_info("RELEASE_NAME")
}

/// Keeps GDAL quiet and its cache of decoded blocks within `bytes`. Call it once, before any file is opened.
pub fn configure(bytes: usize) {
    problem::silence();
    ffi::set_cache_bytes(bytes);
}
