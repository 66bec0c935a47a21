//! Files that appear under their names only when everything has gone well.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::mark::{Mark, PREFIX};
use super::place::{check_place, folder_of, is_stdout, unwritable};
use super::stamp::Stamp;
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
    /// What says that the file is needed still.
    pub(super) mark: Option<Arc<Mark>>,
}

impl Staged {
    /// An empty file beside `target`, with the target's extension, to be written by whoever needs a
    /// path.
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
        let mark = Mark::of(folder);
        let temporary =
            make_beside(folder, mark.as_deref(), &suffix, |path| create(path).map(drop));
        let temporary = temporary.map_err(|error| {
            unwritable(target, &format!("{}; check the folder and its permissions", why(&error)))
        })?;
        Ok(Staged { temporary, target: target.into(), place, copied: None, mark })
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

    /// A copy of the file that `target` is now, to be changed. It is not committed where that file
    /// was changed meanwhile.
    ///
    /// # Errors
    /// As [`Staged::beside`].
    pub(crate) fn copy_of(target: &Path) -> Result<Staged> {
        let staged = Staged::beside(target)?;
        let copied = Stamp::of(&staged.place);
        fs::copy(&staged.place, staged.path()).map_err(|error| unwritten(&staged, &why(&error)))?;
        Ok(Staged { copied, ..staged })
    }

    /// A companion of this file: the file that is named after it, with `suffix`, by whoever writes
    /// it.
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
            Ok(temporary) => {
                Ok(Staged { temporary, target, place, copied: None, mark: self.mark.clone() })
            }
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

/// A new file, as readable as any (the umask applies).
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Waits until a file is on the disk, whatever becomes of the system then.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    // Windows wants a file that can be written.
    OpenOptions::new().read(true).write(cfg!(windows)).open(path)?.sync_all()
}

/// That a file could not be written, and why.
pub(crate) fn unwritten(file: &Staged, why: &str) -> Error {
    unwritable(file.target(), &format!("{why}; check the space and permissions there"))
}
