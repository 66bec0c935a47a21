//! The mark that temporary files of this process have in their names. By it, the next process
//! recognises files that a killed process has left behind.
//!
//! Each folder that a job writes to has a file `.bandcluster-MARK.lock`, locked as long as there
//! are temporary files `.bandcluster-MARK-...` beside it. A lock ends with its process: if nobody
//! holds it, the files belong to no running process.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

/// How names of temporary files begin.
pub(super) const PREFIX: &str = ".bandcluster-";

/// How the name of the file of a mark ends.
const LOCK: &str = ".lock";

/// The number of letters of a mark.
const LETTERS: usize = 6;

/// The marks of this process, by folder.
static MARKS: Mutex<BTreeMap<PathBuf, Weak<Mark>>> = Mutex::new(BTreeMap::new());

/// A mark in a folder, as long as its files are needed.
pub(super) struct Mark {
    name: String,
    // Closed before it is removed, as Windows requires.
    _locked: File,
    _path: tempfile::TempPath,
}

impl Mark {
    /// This process's mark in a folder. If there is none yet, files that killed processes left
    /// there are removed first. `None` if files cannot be made or locked: temporary files then have
    /// no mark, and are never taken for left behind.
    pub fn of(folder: &Path) -> Option<Arc<Mark>> {
        let canonical = folder.canonicalize().ok()?;
        let mut marks = MARKS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(mark) = marks.get(&canonical).and_then(Weak::upgrade) {
            return Some(mark);
        }
        remove_left_behind(&canonical);
        let mark = Arc::new(Mark::new(&canonical)?);
        marks.retain(|_, mark| mark.strong_count() > 0);
        marks.insert(canonical, Arc::downgrade(&mark));
        Some(mark)
    }

    fn new(folder: &Path) -> Option<Mark> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(LOCK).rand_bytes(LETTERS);
        let (file, path) = builder.make_in(folder, |path| open(path, true)).ok()?.into_parts();
        let name = mark_in(path.file_name()?.to_str()?)?.to_string();
        // Another process may have taken it for left behind before it was locked.
        (lock(&file) && path.exists()).then_some(Mark { name, _locked: file, _path: path })
    }

    /// How the names of temporary files with this mark begin.
    pub fn prefix(&self) -> String {
        format!("{PREFIX}{}-", self.name)
    }
}

/// The mark in the name of its file.
fn mark_in(name: &str) -> Option<&str> {
    let mark = name.strip_prefix(PREFIX)?.strip_suffix(LOCK)?;
    (mark.len() == LETTERS && mark.bytes().all(|letter| letter.is_ascii_alphanumeric()))
        .then_some(mark)
}

/// Removes the temporary files in a folder whose marks nobody holds. Files that cannot be removed
/// stay.
fn remove_left_behind(folder: &Path) {
    let names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    for (name, mark) in names.iter().filter_map(|name| Some((name, mark_in(name)?))) {
        let path = folder.join(name);
        let Some(file) = open(&path, false).ok().filter(|file| lock(file) && path.exists()) else {
            continue;
        };
        let prefix = format!("{PREFIX}{mark}-");
        for left in names.iter().filter(|name| name.starts_with(&prefix)) {
            let _ = fs::remove_file(folder.join(left));
        }
        drop_and_remove(file, &path);
    }
}

/// Opens the file of a mark, or makes it; on Windows only this process can open it then.
fn open(path: &Path, is_new: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(is_new);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    options.open(path)
}

#[cfg(unix)]
fn lock(file: &File) -> bool {
    crate::machine::try_lock(file).unwrap_or(false)
}

/// A process that has it open has it exclusively.
#[cfg(not(unix))]
fn lock(_: &File) -> bool {
    true
}

/// Removes the file of a mark while nobody else can lock it, if the system can remove open files.
fn drop_and_remove(file: File, path: &Path) {
    if cfg!(windows) {
        drop(file);
        let _ = fs::remove_file(path);
    } else {
        let _ = fs::remove_file(path);
        drop(file);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let gone = [
            ".bandcluster-gonegn.lock",
            ".bandcluster-gonegn-aB3.tif",
            ".bandcluster-gonegn-x.tif.aux.xml",
        ];
        let others = [
            ".bandcluster-lives1.lock",
            ".bandcluster-lives1-abc.tif",
            ".bandcluster-nolock-abc.tif",
            ".bandcluster-aB3xyz.tif",
            ".bandcluster-my notes.lock",
            "bandcluster-gonegn-x",
        ];
        gone.iter().chain(&others).for_each(|name| fs::write(at(name), "").unwrap());
        let alive = open(&at(others[0]), false).unwrap();
        assert!(lock(&alive));
        let mark = Mark::of(folder.path()).unwrap();
        assert!(Arc::ptr_eq(&mark, &Mark::of(folder.path()).unwrap()));
        assert!(gone.iter().all(|name| !at(name).exists()));
        assert!(others.iter().all(|name| at(name).exists()));
        drop(mark);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), others.len());
    }
}
