//! Checks that the files of a scene have not changed since it was opened: each pass opens them
//! again.

use std::path::{Path, PathBuf};

use super::source::Source;
use crate::error::{Error, Result};
use crate::file::Stamp;
use crate::gdal::ffi;

/// Files that are read only when a scene is opened; other programs write statistics and overviews
/// to them.
const READ_ONCE: [&str; 2] = [".aux.xml", ".ovr"];

/// Files, with their stamps.
#[derive(Debug, Clone, Default)]
pub(in crate::gdal) struct Stamps(Vec<(PathBuf, Stamp)>);

impl Stamps {
    /// Adds the files that a raster consists of, or reads.
    pub(in crate::gdal) fn add(&mut self, source: &Source) {
        let files = ffi::file_list(&source.dataset).into_iter();
        let files = files
            .filter(|file| READ_ONCE.iter().all(|end| !file.ends_with(end)))
            .map(PathBuf::from);
        self.0.extend(
            files.filter_map(|file| Some((now(&file)?, file))).map(|(stamp, file)| (file, stamp)),
        );
    }

    /// Checks that none has changed since.
    pub(in crate::gdal) fn check(&self) -> Result<()> {
        match self.0.iter().find(|(file, stamp)| now(file) != Some(*stamp)) {
            None => Ok(()),
            Some((file, _)) => Err(Error::Io(format!(
                "{} was changed or replaced while it was read: run this again when nothing writes \
                 to it",
                file.display()
            ))),
        }
    }
}

/// The stamp of a file: its own, or that of its archive, or else GDAL's.
fn now(file: &Path) -> Option<Stamp> {
    let inside = |name: &str| {
        let (_, path) = name.strip_prefix("/vsi")?.split_once('/')?;
        let archive = Path::new(path).ancestors().find(|path| path.is_file());
        archive.and_then(Stamp::of).or_else(|| ffi::stamp(name))
    };
    Stamp::of(file).or_else(|| inside(file.to_str()?))
}
