//! What tells whether a file is still the one that it was.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// A file's length, the time when it was changed last, and which file it is, where the system
/// tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub bytes: u64,
    pub changed: Option<SystemTime>,
    pub file: Option<(u64, u64)>,
}

impl Stamp {
    /// That of a file of the system, behind links; `None` where there is none.
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
