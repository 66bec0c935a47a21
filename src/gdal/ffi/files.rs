//! Files that GDAL finds, also in archives and on servers.

use std::ffi::CStr;
use std::time::{Duration, SystemTime};

use gdal::errors::Result;
use gdal::Dataset;
use gdal_sys::CPLErr;

use super::status::last_error;
use crate::file::Stamp;

/// Whether GDAL finds a file of this name, also in an archive or on a server.
pub(crate) fn is_there(name: &str) -> bool {
    stat(name).is_some()
}

/// Room for GDAL's `stat` of a file on this system: about 144 bytes, which the bindings do not
/// describe.
type Stat = [u64; 64];

fn stat(name: &str) -> Option<Stat> {
    let mut found: Stat = [0; 64];
    let name = std::ffi::CString::new(name).ok()?;
    // SAFETY: the name ends with a null; the call fills the buffer, which has room for any system's
    // struct, or leaves it.
    let is_there = unsafe { gdal_sys::VSIStatL(name.as_ptr(), found.as_mut_ptr().cast()) == 0 };
    is_there.then_some(found)
}

/// The stamp of a file that GDAL finds: it shows whether the file is still the same.
#[cfg(unix)]
pub(crate) fn stamp(name: &str) -> Option<Stamp> {
    #[cfg(not(target_os = "linux"))]
    use libc::stat as System;
    #[cfg(target_os = "linux")]
    use libc::stat64 as System;
    const {
        assert!(
            size_of::<System>() <= size_of::<Stat>() && align_of::<System>() <= align_of::<Stat>()
        )
    };
    let found = stat(name)?;
    // SAFETY: GDAL fills the system's own struct of plain numbers, which fits in, as asserted.
    let found = unsafe { &*found.as_ptr().cast::<System>() };
    let seconds = Duration::from_secs(u64::try_from(found.st_mtime).unwrap_or(0));
    Some(Stamp {
        bytes: u64::try_from(found.st_size).unwrap_or(0),
        changed: Some(SystemTime::UNIX_EPOCH + seconds),
        file: None,
    })
}

/// The stamp of a file that GDAL finds: not known on this system.
#[cfg(not(unix))]
pub(crate) fn stamp(_: &str) -> Option<Stamp> {
    None
}

/// The files that a dataset consists of, the dataset's own first.
pub(crate) fn file_list(dataset: &Dataset) -> Vec<String> {
    // SAFETY: the list belongs to the caller of GDALGetFileList, may be null, ends with a null
    // pointer, and its strings live until it is destroyed below.
    unsafe {
        let list = gdal_sys::GDALGetFileList(dataset.c_dataset());
        let n = if list.is_null() { 0 } else { gdal_sys::CSLCount(list) as usize };
        let text = |i: usize| CStr::from_ptr(*list.add(i)).to_string_lossy().into_owned();
        let files = (0..n).map(text).collect();
        gdal_sys::CSLDestroy(list);
        files
    }
}

/// The bytes of a file that GDAL can open, also inside an archive; an error if there are more than
/// `most`.
pub(crate) fn read_file(path: &str, most: i64) -> Result<Vec<u8>> {
    let name = std::ffi::CString::new(path)?;
    let (mut data, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the name ends with a null; the buffer is allocated by the call, holds `size` bytes,
    // and is freed here once they are copied.
    unsafe {
        let read = gdal_sys::VSIIngestFile(
            std::ptr::null_mut(),
            name.as_ptr(),
            &mut data,
            &mut size,
            most,
        );
        if read == 0 || data.is_null() {
            return Err(last_error(CPLErr::CE_Failure));
        }
        let bytes = std::slice::from_raw_parts(data, size as usize).to_vec();
        gdal_sys::VSIFree(data.cast());
        Ok(bytes)
    }
}
