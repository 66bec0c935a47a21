//! Outputs that people look at. Pages that need no other file: a report on a model and its map, and
//! one about the choice of the number of classes. The legend of a map for QGIS. Pictures of a
//! result, the scene beside its classes: in the report, or as a file with a legend.
//!
//! ```text
//! Thumbnail::new -> frame -> part (per block, any thread) -> add -> Picture -> report_page
//!                                                                -> quicklook -> encode
//! ```

mod chart;
mod choice;
mod dendrogram;
mod heat;
mod legend;
mod numbers;
mod page;
mod paint;
mod panel;
mod picture;
mod qml;
mod quicklook;
mod settings;
mod signatures;
mod text;
mod thumbnail;
mod wavelengths;

pub use choice::choice_page;
pub use numbers::{grouped, hectares, percent, value};
pub use page::{report_page, report_page_until, suggested_merges, Report};
pub use picture::Picture;
pub use qml::{map_qml, polygons_qml, qml, written_beside};
pub use quicklook::{check_picture_name, encode, quicklook};
pub use thumbnail::{Frame, Thumbnail, ThumbnailPart};
