//! Small files, read and written in one piece.

use std::path::Path;

use super::staged::Staged;
use crate::error::{Error, Result};
use crate::wording::why;

/// The bytes of a file.
///
/// # Errors
/// `Io`, naming the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::Io(format!("there is no file {}; check the name", path.display()))
        }
        _ => Error::Io(format!("cannot read {}: {}", path.display(), why(&error))),
    })
}

/// Writes a file beside its final name and renames it: it appears completely or not at all.
///
/// # Errors
/// `Io`, naming the file; `InvalidArgument` for a target that is not a file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    Staged::commit(vec![Staged::with_bytes(path, bytes)?], Vec::new(), || Ok(()))
}
