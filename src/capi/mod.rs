//! The C API: everything in `include/bandcluster.h`, which cbindgen makes from these files.
//!
//! Every function is guarded (`guard.rs`): NULL and sizes are checked, no panic reaches C, errors
//! become status codes with a message per thread, and outputs are written only on success.

#![allow(non_camel_case_types)]
#![allow(
    clippy::missing_safety_doc,
    reason = "the head of the header says it once, for all functions"
)]

mod choice;
mod drift;
mod fit;
mod gdal;
mod guard;
mod job;
mod last_error;
mod library;
mod map;
mod merge;
mod model;
mod options;
mod picture;
mod predict;
mod product;
mod radius;
mod raster;
mod refinement;
mod report;
mod run;
mod scenes;
mod separability;
mod structs;
mod summary;
mod zonal;

pub use choice::*;
pub use drift::*;
pub use fit::*;
pub use gdal::*;
pub use job::*;
pub use library::*;
pub use map::*;
pub use merge::*;
pub use model::*;
pub use options::*;
pub use picture::*;
pub use predict::*;
pub use product::*;
pub use radius::*;
pub use raster::*;
pub use refinement::*;
pub use report::*;
pub use run::*;
pub use scenes::*;
pub use separability::*;
pub use summary::*;
pub use zonal::*;
