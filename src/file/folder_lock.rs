//! Folders in which only one job at a time puts its files in place: if two jobs have the same
//! outputs, all files are from one of them.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How long to wait for another job, which only renames its files.
const PATIENCE: Duration = Duration::from_secs(30);

/// Folders that this job has for itself until this is dropped, if their file systems support locks.
pub(super) struct Locked {
    _folders: Vec<File>,
}

/// Locks folders, after waiting for jobs that have them. All jobs lock in one order, so that they
/// never wait for each other in a circle.
///
/// # Errors
/// `Io` when another job keeps one for a long time.
pub(super) fn lock<'a>(folders: impl Iterator<Item = &'a Path>) -> Result<Locked> {
    let canonical = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.into());
    let folders: BTreeSet<PathBuf> = folders.map(canonical).collect();
    let locked = folders.iter().filter_map(|folder| lock_one(folder).transpose());
    Ok(Locked { _folders: locked.collect::<Result<_>>()? })
}

/// A folder's lock; `None` if its file system has no locks.
fn lock_one(folder: &Path) -> Result<Option<File>> {
    let begin = Instant::now();
    loop {
        match try_lock(folder) {
            Ok(Some(locked)) => return Ok(Some(locked)),
            Err(_) => return Ok(None),
            Ok(None) if begin.elapsed() > PATIENCE => {
                return Err(Error::Io(format!(
                    "another job has been writing to {} for a long time: run this one again when \
                     it is done",
                    folder.display()
                )))
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// A lock on the folder itself. It leaves nothing behind, even if this process is killed.
#[cfg(unix)]
fn try_lock(folder: &Path) -> std::io::Result<Option<File>> {
    let file = File::open(folder)?;
    Ok(crate::machine::try_lock(&file)?.then_some(file))
}

/// A file that only one program at a time can open, and that disappears when it is closed: folders
/// cannot be locked.
#[cfg(windows)]
fn try_lock(folder: &Path) -> std::io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const IS_OPEN: [Option<i32>; 2] = [Some(32), Some(5)];
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.open(folder.join(".bandcluster.lock")) {
        Ok(file) => Ok(Some(file)),
        Err(error) if IS_OPEN.contains(&error.raw_os_error()) => Ok(None),
        Err(error) => Err(error),
    }
}
