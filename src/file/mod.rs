//! Files, written completely or not at all: first beside their final names, then all files of a job
//! in one step.

mod contents;
mod folder_lock;
mod mark;
mod output_path;
mod seal;
mod staged;
mod stamp;
mod transaction;

pub(crate) use contents::{read, write};
pub(crate) use output_path::check_output_path;
pub use output_path::{is_stdout, STDOUT};
pub(crate) use seal::Seal;
pub(crate) use staged::unwritten;
pub use staged::Staged;
pub(crate) use stamp::Stamp;
