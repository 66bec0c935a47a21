//! Files that appear under their names only when everything has gone well.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

use super::place::{check_place, folder_of, is_stdout, unwritable};
use crate::error::{Error, Result};
use crate::wording::why;

/// A finished file beside its name. Dropped without [`Staged::commit`], it is deleted.
pub struct Staged {
    pub(super) temporary: TempPath,
    pub(super) target: PathBuf,
    /// The file itself, where the target is a link.
    pub(super) place: PathBuf,
    /// What the file was like that this one began as a copy of.
    pub(super) copied: Option<Stamp>,
}

/// What tells whether a file has been changed: its length and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp(u64, Option<SystemTime>);

impl Stamp {
    pub(super) fn of(path: &Path) -> Option<Stamp> {
        let found = fs::metadata(path).ok()?;
        Some(Stamp(found.len(), found.modified().ok()))
    }
}

impl Staged {
    /// An empty file beside `target`, with the target's extension, to be written by whoever needs a path.
    ///
    /// # Errors
    /// `Io` when the folder is not there or not writable, or the file is write-protected;
    /// `InvalidArgument` for what is no file.
    pub fn beside(target: &Path) -> Result<Staged> {
        let extension = target.extension().unwrap_or_default().to_string_lossy();
        Staged::draft(target, &extension)
    }

    /// A file beside `target` with another extension, for what is written on the way to it.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn draft(target: &Path, extension: &str) -> Result<Staged> {
        let place = if is_stdout(target) { target.into() } else { check_place(target)? };
        // What goes to the standard output waits elsewhere.
        let waits = std::env::temp_dir();
        let folder = if is_stdout(target) { &waits } else { folder_of(&place) };
        let suffix = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let temporary = builder(&suffix).tempfile_in(folder).map_err(|error| {
            unwritable(target, &format!("{}; check the folder and its permissions", why(&error)))
        })?;
        Ok(Staged { temporary: temporary.into_temp_path(), target: target.into(), place, copied: None })
    }

    /// `bytes` in a file beside `target`.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub fn with_bytes(target: &Path, bytes: &[u8]) -> Result<Staged> {
        let staged = Staged::beside(target)?;
        fs::write(staged.path(), bytes).map_err(|error| unwritten(&staged, &why(&error)))?;
        Ok(staged)
    }

    /// A copy of the file that `target` is now, to be changed. It is not committed where that file was changed meanwhile.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn copy_of(target: &Path) -> Result<Staged> {
        let staged = Staged::beside(target)?;
        let copied = Stamp::of(&staged.place);
        fs::copy(&staged.place, staged.path()).map_err(|error| unwritten(&staged, &why(&error)))?;
        Ok(Staged { copied, ..staged })
    }

    /// A companion of this file: the file that is named after it, with `suffix`, by whoever writes it.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn companion(&self, suffix: &str) -> Result<Staged> {
        self.sibling(|path| {
            let mut name = path.as_os_str().to_os_string();
            name.push(suffix);
            PathBuf::from(name)
        })
    }

    /// A companion that has this file's name with another extension, by whoever writes it.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn with_extension(&self, extension: &str) -> Result<Staged> {
        self.sibling(|path| path.with_extension(extension))
    }

    fn sibling(&self, named: impl Fn(&Path) -> PathBuf) -> Result<Staged> {
        let target = named(&self.target);
        let place = check_place(&target)?;
        match TempPath::try_from_path(named(&self.temporary)) {
            Ok(temporary) => Ok(Staged { temporary, target, place, copied: None }),
            Err(error) => Err(unwritable(&target, &why(&error))),
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
}

/// Temporary files that, once renamed, are as readable as any new file (the umask applies).
pub(super) fn builder(extension: &str) -> tempfile::Builder<'static, '_> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bandcluster-").suffix(extension);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// That a file could not be written, and why.
pub(crate) fn unwritten(file: &Staged, why: &str) -> Error {
    unwritable(file.target(), &format!("{why}; check the space and permissions there"))
}
