//! Unsupervised classification of multi-band images, in bounded memory.
//!
//! ```text
//! bands  ->  Summary  ->  fit  ->  Model  ->  predict  ->  labels
//! (streamed once)         (small)             (streamed once)
//! ```
//!
//! The rooms, from the ground up; each imports only from those above it in this list:
//!
//! - [`error`], [`progress`]: what goes wrong; how far it is, and how to stop it
//! - `file`: small files, read and written whole
//! - [`machine`]: the memory of the process and of the machine
//! - [`product`]: which files of a Sentinel-2 product hold its bands, and how their samples are meant
//! - [`raster`]: sample types, borrowed band views, labels
//! - [`kernel`]: the hot loops over tiles of pixels
//! - [`summary`]: the bounded, mergeable digest of an image
//! - [`model`]: classes, refinement, predict, the JSON format
//! - [`cluster`]: one file per algorithm, from a summary to a model
//! - [`assess`]: choosing the number of classes
//! - [`report`]: the page about a choice of the number of classes; quick-look pictures (feature `gdal`)
//! - [`gdal`]: raster files (feature `gdal`)
//! - [`capi`]: the C API, which imports everything and which nothing imports

pub mod assess;
pub mod capi;
pub mod cluster;
pub mod error;
mod file;
#[cfg(feature = "gdal")]
pub mod gdal;
pub mod kernel;
pub mod machine;
pub mod model;
pub mod product;
pub mod progress;
pub mod raster;
pub mod report;
pub mod summary;

pub use error::{Error, Result};
