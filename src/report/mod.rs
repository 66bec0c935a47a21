//! Pictures of a result, to look at: the scene beside its classes, with a legend.
//!
//! ```text
//! Thumbnail::new -> frame -> part (per block, any thread) -> add -> quicklook -> encode
//! ```

mod legend;
mod quicklook;
mod text;
mod thumbnail;

pub use quicklook::{check_picture_name, encode, quicklook};
pub use thumbnail::{Frame, Part, Thumbnail};
