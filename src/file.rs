//! Small files, read and written whole.

use std::io::Write;
use std::path::Path;

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

/// Writes a file beside its name and renames it: it appears whole or not at all.
///
/// # Errors
/// `Io`, naming the file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Error::Io(format!(
            "cannot write {}: the folder {} does not exist; create it, or choose another",
            path.display(),
            folder.display()
        )));
    }
    let written = builder().tempfile_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)
    });
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Io(format!("cannot write {}: {}", path.display(), why(&error)))),
    }
}

/// Temporary files that, once renamed, are as readable as any new file (the umask applies).
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bandcluster-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}
