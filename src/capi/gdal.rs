//! Which GDAL reads and writes raster files.

use std::ffi::{c_char, CStr, CString};
use std::sync::OnceLock;

use super::guard::{guard, path};
use super::library::bandcluster_status;
use crate::error::Result;
use crate::gdal::{library, use_library, Library};

/// Uses the GDAL in a file, such as `"/usr/lib/libgdal.so.36"`. Call it before anything else that
/// needs GDAL, or not at all. NULL looks for GDAL: the file that the environment variable
/// `BANDCLUSTER_GDAL` names, a GDAL that this process has loaded, or the system's. Returns
/// `BANDCLUSTER_IO` if there is none, if it is older than 3.4, or if this process already uses
/// another one: a process has one GDAL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_gdal_use(file: *const c_char) -> bandcluster_status {
    guard(|| {
        if file.is_null() {
            return library().map(|_| ());
        }
        // SAFETY: the caller's promise.
        use_library(&unsafe { path(file, "file")? }).map(|_| ())
    })
}

/// The version of the GDAL in use, such as `"3.6.2"`. The first call looks for GDAL, as
/// `bandcluster_gdal_use(NULL)` does. NULL if there is none: `bandcluster_gdal_use(NULL)` then says
/// why. Static.
#[no_mangle]
pub extern "C" fn bandcluster_gdal_version() -> *const c_char {
    in_use(|texts| &texts.version)
}

/// The file of the GDAL in use; NULL if there is none. Static.
#[no_mangle]
pub extern "C" fn bandcluster_gdal_path() -> *const c_char {
    in_use(|texts| &texts.path)
}

struct Texts {
    version: CString,
    path: CString,
}

fn in_use(which: impl FnOnce(&Texts) -> &CStr) -> *const c_char {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    let text = |text: &str| CString::new(text).unwrap_or_default();
    let texts = |library: &Library| Texts {
        version: text(&library.version),
        path: text(&library.path.to_string_lossy()),
    };
    let found: Result<_> = library().map(|library| TEXTS.get_or_init(|| texts(library)));
    found.map_or(std::ptr::null(), |texts| which(texts).as_ptr())
}
