//! Maps out: labels and their confidence as files, filters, counts and areas of classes, polygons.

mod attributes;
mod class_counts;
mod companions;
mod completeness;
mod filters;
mod geopackage;
mod labels;
mod map_format;
mod outlines;
mod pixel_area;
mod polygon_layer;
mod polygons;
mod spatial_index;
mod tiled;
mod writer;

pub use attributes::describe_classes;
pub use class_counts::ClassCounts;
pub use companions::{check_style, left_behind, style_beside};
pub use filters::{renumbered, Filters};
pub use geopackage::holds_classes;
pub use labels::LabelBuf;
pub use map_format::MapFormat;
pub use polygons::{
    check_polygons_name, is_geopackage, parts_of, polygons_style_beside, write_polygons,
};
pub use writer::{check_label_name, LabelWriter};
