//! Pixels in memory: sample types, borrowed band views, tiles of pixels, labels.
//!
//! Raw pointers are read and written only here.

mod buffer;
mod direction;
mod ellipsoid;
mod labels;
mod nodata;
mod sample;
mod tile;
mod view;

pub use buffer::{Correction, RasterBuf};
pub use ellipsoid::Ellipsoid;
pub(crate) use labels::TileLabels;
pub use labels::{LabelType, LabelsMut};
pub use nodata::NodataRange;
pub use sample::{Sample, SampleType};
pub use tile::Tile;
pub use view::{Layout, Mask, Raster, TILE};

pub(crate) use direction::{direction, Component};
pub(crate) use sample::{float_bits, ordered_bits, with_sample_type};
pub(crate) use view::TILES_PER_TASK;
