//! All files of a job get their final names in one step, or none does: old files are kept aside
//! until all new ones are in place.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::folder_lock::lock;
use super::mark::Mark;
use super::output_path::{folder_of, is_stdout, unwritable};
use super::staged::{create, make_beside, sync, unwritten, Staged};
use super::stamp::Stamp;
use crate::error::{Error, Result};
use crate::wording::why;

impl Staged {
    /// Gives all files their final names, in their order, once they are on the disk, and removes
    /// files that the old ones leave behind (`stale`). `check` asks once more whether that is
    /// allowed, at a time when no other job can put files there. If anything fails, everything is
    /// as before.
    ///
    /// # Errors
    /// `Io`, naming the file; the errors of `check`.
    pub fn commit(
        files: Vec<Staged>,
        stale: Vec<PathBuf>,
        check: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let (to_stdout, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| is_stdout(&file.target));
        files.iter().try_for_each(|file| {
            sync(file.path()).map_err(|error| unwritten(file, &why(&error)))
        })?;
        let folders: BTreeSet<PathBuf> =
            files.iter().map(|file| folder_of(&file.resolved).into()).collect();
        let _locked = lock(files.iter().map(|file| folder_of(&file.resolved)))?;
        check()?;
        let mut done = Transaction::default();
        let put = files.into_iter().try_for_each(|file| done.put(file));
        let removed = put.and_then(|()| stale.iter().try_for_each(|path| done.remove(path)));
        // Output there cannot be undone, so it comes last.
        let all = removed.and_then(|()| to_stdout.iter().try_for_each(print));
        if let Err(error) = all {
            return Err(done.undo(error));
        }
        // The names must be on the disk too, before the old files are removed. Not every file
        // system can do this.
        folders.iter().for_each(|folder| drop(sync(folder)));
        Ok(())
    }
}

/// The steps that were done, in order.
#[derive(Default)]
struct Transaction {
    steps: Vec<Step>,
    /// The marks, which show that files that are kept until the end are still needed.
    marks: Vec<Arc<Mark>>,
}

enum Step {
    /// A new file.
    Made(PathBuf),
    /// A file that was replaced or removed, and its name until the end.
    Replaced { aside: TempPath, resolved: PathBuf },
}

impl Transaction {
    fn put(&mut self, file: Staged) -> Result<()> {
        let Staged { temporary, target, resolved, copied, mark } = file;
        self.marks.extend(mark.clone());
        if copied.is_some() && copied != Stamp::of(&resolved) {
            return Err(unwritable(
                &target,
                "another program has changed it meanwhile; run this again",
            ));
        }
        let failed = |error: io::Error| unwritable(&target, &why(&error));
        let Ok(old) = fs::symlink_metadata(&resolved) else {
            rename(temporary, &resolved, mark.as_deref()).map_err(failed)?;
            self.steps.push(Step::Made(resolved));
            return Ok(());
        };
        if !old.is_file() {
            return Err(unwritable(&target, "it exists and is not a regular file"));
        }
        // Everyone who could read the old file can read the new one.
        fs::set_permissions(&temporary, old.permissions()).map_err(failed)?;
        check_removable(&resolved).map_err(failed)?;
        // With a second name for the old file, a file exists at any moment.
        match make_beside(folder_of(&resolved), mark.as_deref(), "", |aside| {
            fs::hard_link(&resolved, aside)
        }) {
            Ok(aside) => {
                rename(temporary, &resolved, mark.as_deref()).map_err(failed)?;
                self.steps.push(Step::Replaced { aside, resolved });
            }
            Err(_) => {
                self.set_aside(&resolved).map_err(failed)?;
                rename(temporary, &resolved, mark.as_deref()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Removes a file, if there is one.
    fn remove(&mut self, path: &Path) -> Result<()> {
        match fs::symlink_metadata(path) {
            Ok(_) => self.set_aside(path).map_err(|error| {
                let shown = path.display();
                Error::Io(format!(
                    "cannot remove {shown}, which goes with the old file: {}",
                    why(&error)
                ))
            }),
            Err(_) => Ok(()),
        }
    }

    fn set_aside(&mut self, path: &Path) -> io::Result<()> {
        // Without a mark: it is the only name of somebody's file, which must not be removed if this
        // process is killed.
        let aside = make_beside(folder_of(path), None, "", |aside| fs::rename(path, aside))?;
        self.steps.push(Step::Replaced { aside, resolved: path.into() });
        Ok(())
    }

    /// Puts everything back. If that fails for a file, the error says so.
    fn undo(self, error: Error) -> Error {
        let mut lost = Vec::new();
        for step in self.steps.into_iter().rev() {
            match step {
                Step::Made(resolved) => drop(fs::remove_file(resolved)),
                Step::Replaced { aside, resolved } => {
                    if let Err(failure) = aside.persist(&resolved) {
                        let kept = failure.path.keep();
                        let kept = kept.unwrap_or_else(|failure| failure.path.to_path_buf());
                        lost.push(format!("{} is now {}", resolved.display(), kept.display()));
                    }
                }
            }
        }
        match (error, lost.is_empty()) {
            (Error::Io(text), false) => {
                Error::Io(format!("{text}; old files: {}", lost.join(", ")))
            }
            (error, _) => error,
        }
    }
}

/// Fails if another program has the file open in such a way that it cannot be replaced. Then a
/// second name of it could not be removed either, and would be left behind.
#[cfg(windows)]
fn check_removable(path: &Path) -> io::Result<()> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE: u32 = 0x0001_0000; // the right to delete
    fs::OpenOptions::new().access_mode(DELETE).open(path).map(drop)
}

/// Nothing prevents a file from being replaced.
#[cfg(not(windows))]
fn check_removable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Renames a file, even to another file system: a link may lead there.
fn rename(temporary: TempPath, resolved: &Path, mark: Option<&Mark>) -> io::Result<()> {
    match temporary.persist(resolved) {
        Err(failure) if failure.error.kind() == io::ErrorKind::CrossesDevices => {
            let near = make_beside(folder_of(resolved), mark, "", |path| create(path).map(drop))?;
            fs::copy(&failure.path, &near)?;
            sync(&near)?;
            near.persist(resolved).map_err(|failure| failure.error)
        }
        outcome => outcome.map_err(|failure| failure.error),
    }
}

/// Writes a file to the standard output.
fn print(file: &Staged) -> Result<()> {
    let printed = fs::File::open(file.path()).and_then(|mut from| {
        let mut out = io::stdout().lock();
        io::copy(&mut from, &mut out)?;
        io::Write::flush(&mut out)
    });
    printed.map_err(|error| unwritable(&file.target, &why(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name =
            |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// Three files; the name of the last one becomes a folder after the first check.
    #[test]
    fn old_files_come_back_when_one_cannot_be_placed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["old", "old.ovr"] {
            fs::write(at(name), name).unwrap();
        }
        let files =
            || ["old", "new", "folder"].map(|name| Staged::with_bytes(&at(name), b"new").unwrap());
        let before = files();
        fs::create_dir(at("folder")).unwrap();
        let failed = Staged::commit(before.into(), vec![at("old.ovr")], || Ok(())).unwrap_err();
        assert!(
            failed.to_string().contains("folder: it exists and is not a regular file"),
            "{failed}"
        );
        assert_eq!(names(folder.path()), ["folder", "old", "old.ovr"]);
        assert_eq!(fs::read(at("old")).unwrap(), b"old");

        fs::remove_dir(at("folder")).unwrap();
        let refused = Staged::commit(files().into(), Vec::new(), || Err(Error::Cancelled));
        assert_eq!(
            (refused, names(folder.path())),
            (Err(Error::Cancelled), vec!["old".into(), "old.ovr".into()])
        );

        Staged::commit(files().into(), vec![at("old.ovr"), at("none")], || Ok(())).unwrap();
        assert_eq!(names(folder.path()), ["folder", "new", "old"]);
        assert_eq!(fs::read(at("old")).unwrap(), b"new");
    }

    #[test]
    fn a_copy_of_a_file_that_was_changed_meanwhile_is_not_placed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("layers.gpkg");
        fs::write(&path, "one").unwrap();
        let copy = Staged::copy_of(&path).unwrap();
        assert_eq!(fs::read(copy.path()).unwrap(), b"one");
        fs::write(&path, "another").unwrap();
        let refused = Staged::commit(vec![copy], Vec::new(), || Ok(())).unwrap_err().to_string();
        assert!(refused.contains("another program has changed it"), "{refused}");
        assert_eq!(
            (fs::read(&path).unwrap(), names(folder.path()).len()),
            (b"another".to_vec(), 1)
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_permissions_too() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("inner")).unwrap();
        fs::write(at("inner/file"), "old").unwrap();
        fs::set_permissions(at("inner/file"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("inner/file", at("link")).unwrap();
        let staged = Staged::with_bytes(&at("link"), b"new").unwrap();
        Staged::commit(vec![staged], Vec::new(), || Ok(())).unwrap();
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(fs::read(at("inner/file")).unwrap(), b"new");
        assert_eq!(fs::metadata(at("inner/file")).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(
            (names(folder.path()), names(&at("inner"))),
            (vec!["inner".into(), "link".into()], vec!["file".to_string()])
        );
    }

    /// Many jobs write the same two files: the files are always both from one job.
    #[test]
    fn of_jobs_with_the_same_outputs_one_wins_whole() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |job: usize| {
            let of =
                |name: &str| Staged::with_bytes(&at(name), job.to_string().as_bytes()).unwrap();
            Staged::commit(vec![of("map"), of("legend")], Vec::new(), || {
                let read = |name: &str| fs::read(at(name)).unwrap_or_default();
                assert_eq!(read("map"), read("legend"));
                Ok(())
            })
        };
        std::thread::scope(|scope| {
            for job in 0..4 {
                scope.spawn(move || (0..50).for_each(|_| write(job).unwrap()));
            }
        });
        assert_eq!(fs::read(at("map")).unwrap(), fs::read(at("legend")).unwrap());
        assert_eq!(names(folder.path()), ["legend", "map"]);
    }
}
