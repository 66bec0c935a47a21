//! Files that appear under their names only when everything has gone well.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::mark::{Mark, PREFIX};
use super::output_path::{check_output_path, folder_of, is_stdout, unwritable};
use super::stamp::Stamp;
use crate::error::{Error, Result};
use crate::wording::why;

/// A file beside its final name. If it is dropped without [`Staged::commit`], it is deleted.
pub struct Staged {
    pub(super) temporary: TempPath,
    pub(super) target: PathBuf,
    /// The file itself, if the target is a link.
    pub(super) resolved: PathBuf,
    /// The stamp of the file that this one is a copy of.
    pub(super) copied: Option<Stamp>,
    /// The mark, which shows that the file is still needed.
    pub(super) mark: Option<Arc<Mark>>,
}

impl Staged {
    /// An empty file beside `target`, with the target's extension, for writers that need a path.
    ///
    /// # Errors
    /// `Io` when the folder is not there or not writable, or the file is write-protected;
    /// `InvalidArgument` for a target that is not a file.
    pub fn beside(target: &Path) -> Result<Staged> {
        let extension = target.extension().unwrap_or_default().to_string_lossy();
        Staged::draft(target, &extension)
    }

    /// A file beside `target` with another extension, for an intermediate result.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn draft(target: &Path, extension: &str) -> Result<Staged> {
        let resolved = if is_stdout(target) { target.into() } else { check_output_path(target)? };
        // Output for the standard output waits in the temporary folder.
        let waits = std::env::temp_dir();
        let folder = if is_stdout(target) { &waits } else { folder_of(&resolved) };
        let suffix = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let mark = Mark::of(folder);
        let temporary =
            make_beside(folder, mark.as_deref(), &suffix, |path| create(path).map(drop));
        let temporary = temporary.map_err(|error| {
            unwritable(target, &format!("{}; check the folder and its permissions", why(&error)))
        })?;
        Ok(Staged { temporary, target: target.into(), resolved, copied: None, mark })
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

    /// A copy of the present file `target`, for changes. It is not committed if that file was
    /// changed meanwhile.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn copy_of(target: &Path) -> Result<Staged> {
        let staged = Staged::beside(target)?;
        let copied = Stamp::of(&staged.resolved);
        fs::copy(&staged.resolved, staged.path())
            .map_err(|error| unwritten(&staged, &why(&error)))?;
        Ok(Staged { copied, ..staged })
    }

    /// A companion of this file, whose name is this file's name with `suffix`. Another library
    /// writes it.
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

    /// A companion that has this file's name with another extension. Another library writes it.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn with_extension(&self, extension: &str) -> Result<Staged> {
        self.sibling(|path| path.with_extension(extension))
    }

    fn sibling(&self, named: impl Fn(&Path) -> PathBuf) -> Result<Staged> {
        let target = named(&self.target);
        let resolved = check_output_path(&target)?;
        match TempPath::try_from_path(named(&self.temporary)) {
            Ok(temporary) => {
                Ok(Staged { temporary, target, resolved, copied: None, mark: self.mark.clone() })
            }
            Err(error) => Err(unwritable(&target, &why(&error))),
        }
    }

    /// The path of the file until it is committed.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// The name it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }
}

/// A free name in a folder, with the mark of this process, as `make` takes it.
pub(super) fn make_beside(
    folder: &Path,
    mark: Option<&Mark>,
    suffix: &str,
    make: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<TempPath> {
    let prefix = mark.map_or(PREFIX.into(), Mark::prefix);
    let made = tempfile::Builder::new().prefix(&prefix).suffix(suffix).make_in(folder, make);
    made.map(|made| made.into_temp_path())
}

/// A new file with the usual permissions (the umask applies).
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Waits until a file is on the disk, so that it survives a crash of the system.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    // Windows requires a file that is open for writing.
    OpenOptions::new().read(true).write(cfg!(windows)).open(path)?.sync_all()
}

/// The error that a file could not be written, with the reason.
pub(crate) fn unwritten(file: &Staged, why: &str) -> Error {
    unwritable(file.target(), &format!("{why}; check the space and permissions there"))
}
