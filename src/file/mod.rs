//! Files, written completely or not at all: first beside their final names, then all files of a job
//! in one step.

mod folder_lock;
mod mark;
mod place;
mod seal;
mod staged;
mod stamp;
mod transaction;
mod whole;

pub(crate) use place::check_place;
pub use place::{is_stdout, STDOUT};
pub(crate) use seal::Seal;
pub(crate) use staged::unwritten;
pub use staged::Staged;
pub(crate) use stamp::Stamp;
pub(crate) use whole::{read, write};
