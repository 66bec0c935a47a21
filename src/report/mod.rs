//! What people look at: a page about the choice of the number of classes; the legend that QGIS shows of a map; and pictures of a result (feature `gdal`), the scene
//! beside its classes, with a legend:
//!
//! ```text
//! Thumbnail::new -> frame -> part (per block, any thread) -> add -> quicklook -> encode
//! ```

mod choice;
#[cfg(feature = "gdal")]
mod legend;
mod panel;
mod qml;
#[cfg(feature = "gdal")]
mod quicklook;
#[cfg(feature = "gdal")]
mod text;
#[cfg(feature = "gdal")]
mod thumbnail;

pub use choice::choice_page;
pub use qml::{map_qml, qml};
#[cfg(feature = "gdal")]
pub use quicklook::{check_picture_name, encode, quicklook};
#[cfg(feature = "gdal")]
pub use thumbnail::{Frame, Part, Thumbnail};
