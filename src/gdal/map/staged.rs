//! Files that appear under their names only when everything has gone well.

use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::{Error, Result};
use crate::wording::why;

/// A finished file beside its name. Dropped without [`Staged::commit`], it is deleted.
pub struct Staged {
    temporary: TempPath,
    target: PathBuf,
}

impl Staged {
    /// An empty file beside `target`, with the target's extension, to be written by whoever needs a path.
    ///
    /// # Errors
    /// `Io` when the folder is not there or not writable.
    pub fn beside(target: &Path) -> Result<Staged> {
        let folder = folder_of(target);
        let extension = target.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
        let temporary = builder(&extension).tempfile_in(folder).map_err(|error| {
            Error::Io(format!(
                "cannot write {}: {}; check the folder and its permissions",
                target.display(),
                why(&error)
            ))
        })?;
        Ok(Staged { temporary: temporary.into_temp_path(), target: target.into() })
    }

    /// `bytes` in a file beside `target`.
    ///
    /// # Errors
    /// `Io`, as [`Staged::beside`].
    pub fn with_bytes(target: &Path, bytes: &[u8]) -> Result<Staged> {
        let staged = Staged::beside(target)?;
        std::fs::write(staged.path(), bytes)
            .map_err(|error| Error::Io(format!("cannot write {}: {}", target.display(), why(&error))))?;
        Ok(staged)
    }

    /// A companion of this file: the file that is named after it, with `suffix`, by whoever writes it.
    ///
    /// # Errors
    /// `Io` when the current folder is gone.
    pub(in crate::gdal) fn companion(&self, suffix: &str) -> Result<Staged> {
        self.sibling(|path| {
            let mut name = path.as_os_str().to_os_string();
            name.push(suffix);
            PathBuf::from(name)
        })
    }

    /// A companion that has this file's name with another extension, by whoever writes it.
    ///
    /// # Errors
    /// `Io` when the current folder is gone.
    pub(in crate::gdal) fn with_extension(&self, extension: &str) -> Result<Staged> {
        self.sibling(|path| path.with_extension(extension))
    }

    fn sibling(&self, named: impl Fn(&Path) -> PathBuf) -> Result<Staged> {
        let target = named(&self.target);
        match TempPath::try_from_path(named(&self.temporary)) {
            Ok(temporary) => Ok(Staged { temporary, target }),
            Err(error) => Err(Error::Io(format!("cannot write {}: {}", target.display(), why(&error)))),
        }
    }

    /// Where the file is until it is committed.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// The name it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives all files their names; if one cannot be named, none of them is left.
    ///
    /// # Errors
    /// `Io`, naming the file.
    pub fn commit(files: Vec<Staged>) -> Result<()> {
        let mut named = Vec::new();
        for Staged { temporary, target } in files {
            if let Err(error) = temporary.persist(&target) {
                named.iter().for_each(|done: &PathBuf| drop(std::fs::remove_file(done)));
                return Err(Error::Io(format!("cannot write {}: {}", target.display(), why(&error.error))));
            }
            named.push(target);
        }
        named.iter().for_each(|target| remove_stale(target));
        Ok(())
    }
}

/// Removes overviews and masks that GDAL kept beside a raster of this name: they show the one that was replaced.
fn remove_stale(target: &Path) {
    for suffix in [".ovr", ".msk"] {
        let mut name = target.as_os_str().to_os_string();
        name.push(suffix);
        let _ = std::fs::remove_file(name);
    }
}

/// The folder a file is in, `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary files that, once renamed, are as readable as any new file (the umask applies).
fn builder(extension: &str) -> tempfile::Builder<'static, '_> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bandcluster-").suffix(extension);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// That a file could not be written, and why.
pub(in crate::gdal) fn unwritten(file: &Staged, why: &str) -> Error {
    Error::Io(format!(
        "cannot write {}: {why}; check the space and permissions there",
        file.target().display()
    ))
}
