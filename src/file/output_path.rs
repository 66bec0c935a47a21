//! Checks of output names: a regular file, one that can be made, a link to one; or nothing that can
//! be written to.

use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{invalid_argument, Error, Result};
use crate::wording::why;

/// The name of the standard output: models can be written to it.
pub const STDOUT: &str = "/dev/stdout";

/// Other names of it on some systems.
const ALSO_STDOUT: [&str; 2] = ["/dev/fd/1", "/proc/self/fd/1"];

/// The number of links in a row that systems follow.
const MOST_LINKS: usize = 40;

/// Whether a name is that of the standard output.
pub fn is_stdout(path: &Path) -> bool {
    std::iter::once(&STDOUT).chain(&ALSO_STDOUT).any(|name| path == Path::new(name))
}

/// The file that an output of this name is written to: the one that its links lead to. It need not
/// exist.
///
/// # Errors
/// `InvalidArgument` for a file that is not regular, or is write-protected; `Io` when there is no
/// folder for it.
pub(crate) fn check_output_path(path: &Path) -> Result<PathBuf> {
    let resolved = behind_links(path)?;
    let folder = folder_of(&resolved);
    if !folder.is_dir() {
        return Err(unwritable(
            path,
            &format!("there is no folder {}; make it first", folder.display()),
        ));
    }
    match fs::metadata(&resolved) {
        Ok(found) => check_file(path, &resolved, &found)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unwritable(path, &why(&error))),
    }
    Ok(resolved)
}

/// Checks that an existing file can be replaced, but not whether the user allows it.
fn check_file(path: &Path, resolved: &Path, found: &Metadata) -> Result<()> {
    let shown = path.display();
    if found.is_dir() {
        return invalid_argument(format!("{shown} is a folder: give the name of a file to write"));
    }
    if let Some(kind) = special(found) {
        return invalid_argument(format!(
            "{shown} is {kind}: only regular files and links to them are outputs; give another \
             name"
        ));
    }
    // The mode is checked too, as an administrator may write to any file.
    if found.permissions().readonly() {
        return Err(protected(path, "it is write-protected"));
    }
    match OpenOptions::new().write(true).open(resolved) {
        Ok(_) => Ok(()),
        Err(error) => Err(protected(path, &why(&error))),
    }
}

/// What the name belongs to, if it is not a file.
#[cfg(unix)]
fn special(found: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    let kind = found.file_type();
    match kind {
        _ if kind.is_file() => None,
        _ if kind.is_fifo() => Some("a named pipe"),
        _ if kind.is_socket() => Some("a socket"),
        _ => Some("a device"),
    }
}

#[cfg(not(unix))]
fn special(found: &Metadata) -> Option<&'static str> {
    (!found.is_file()).then_some("a device")
}

/// The file that the links of a name lead to.
fn behind_links(path: &Path) -> Result<PathBuf> {
    let mut resolved = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&resolved) {
            Ok(next) => resolved = folder_of(&resolved).join(next),
            Err(_) => return Ok(resolved),
        }
    }
    Err(unwritable(path, "its links lead in a circle"))
}

/// The folder a file is in, `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(super) fn unwritable(path: &Path, why: &str) -> Error {
    Error::Io(format!("cannot write {}: {why}", path.display()))
}

fn protected(path: &Path, why: &str) -> Error {
    unwritable(path, &format!("{why}; change its permissions, or give another name"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn refusal(path: &Path) -> String {
        check_output_path(path).unwrap_err().to_string()
    }

    #[test]
    fn links_are_followed_and_what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("inner")).unwrap();
        symlink("inner/file", at("link")).unwrap();
        symlink("link", at("second")).unwrap();
        assert_eq!(check_output_path(&at("second")).unwrap(), at("inner/file"));
        fs::write(at("inner/file"), "").unwrap();
        assert_eq!(check_output_path(&at("second")).unwrap(), at("inner/file"));
        symlink("b", at("a")).unwrap();
        symlink("a", at("b")).unwrap();
        assert!(refusal(&at("a")).contains("links lead in a circle"));
        symlink("nowhere/file", at("lost")).unwrap();
        assert!(refusal(&at("lost")).contains("there is no folder"));
        let _listening = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        assert!(refusal(&at("socket")).contains("is a socket: only regular files"));
        assert!(refusal(Path::new("/dev/null")).contains("/dev/null is a device"));
        assert!(refusal(&at("inner")).contains("is a folder"));
        let long = refusal(&at(&"n".repeat(300)));
        assert!(long.contains("too long") && !long.contains("os error"), "{long}");
        let mut mode = fs::metadata(at("inner/file")).unwrap().permissions();
        mode.set_readonly(true);
        fs::set_permissions(at("inner/file"), mode).unwrap();
        assert!(refusal(&at("second")).contains("second: it is write-protected"));
    }
}
