//! Reading scenes: the files and bands of an input, what they say, and which pixels are valid.

mod aoi;
mod block_cache;
mod classes;
mod colors;
mod common_grid;
mod describe;
pub(super) mod georeference;
mod inventory;
mod layer;
mod masks;
mod mosaic;
mod names;
mod open;
mod product;
mod reader;
#[allow(clippy::module_inception, reason = "the type that this folder is about")]
mod scene;
mod seeds;
mod select;
pub(super) mod side_files;
pub(super) mod source;
mod stamps;
mod statistics;
mod subdataset;
mod subset;
mod types;
mod virtual_raster;
mod virtual_xml;

pub use block_cache::BlockCache;
pub use classes::SceneClass;
pub use describe::Description;
pub use inventory::scene_name;
pub use open::SceneOptions;
pub use reader::Reader;
pub use scene::{common_type, Scene, SceneBand};
pub use seeds::Seeds;
pub use select::{check_bands, BandRef};
pub use source::files_of;
pub use statistics::{band_statistics, BandStatistics};
pub use subdataset::raster_inside;
pub use virtual_raster::{is_product, VirtualRaster};
