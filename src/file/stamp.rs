//! The stamp of a file, which shows whether the file has changed.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// A file's length, the time of its last change, and its identity if the system gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub bytes: u64,
    pub changed: Option<SystemTime>,
    pub file: Option<(u64, u64)>,
}

impl Stamp {
    /// The stamp of a local file, through links; `None` if there is no such file.
    pub fn of(path: &Path) -> Option<Stamp> {
        let found = std::fs::metadata(path).ok()?;
        Some(Stamp { bytes: found.len(), changed: found.modified().ok(), file: which(&found) })
    }
}

#[cfg(unix)]
fn which(found: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn which(_: &Metadata) -> Option<(u64, u64)> {
    None
}
