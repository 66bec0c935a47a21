//! Maps out: labels and their confidence as files, filters, counts and areas of classes, polygons.

mod attributes;
mod class_counts;
mod completeness;
mod filters;
mod labels;
mod pixel_area;
mod polygons;
mod staged;
mod tiled;
mod writer;

pub use attributes::describe_classes;
pub use class_counts::Tally;
pub use filters::{renumbered, Filters};
pub use labels::LabelBuf;
pub use polygons::{check_polygons_name, style_beside, write_polygons};
pub use staged::Staged;
pub use writer::{check_label_name, LabelWriter};
