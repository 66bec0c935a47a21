//! The results of GDAL's calls: errors, and texts.

use std::ffi::{c_char, CStr};

use gdal::errors::{GdalError, Result};
use gdal_sys::CPLErr;

/// The error of a call that returned a status.
pub(crate) fn check(outcome: CPLErr::Type) -> Result<()> {
    if outcome == CPLErr::CE_None {
        return Ok(());
    }
    Err(last_error(outcome))
}

/// What GDAL said last, as an error.
pub(crate) fn last_error(class: CPLErr::Type) -> GdalError {
    GdalError::CplError { class, number: 0, msg: last_message() }
}

/// What GDAL said last on this thread.
pub(crate) fn last_message() -> String {
    // SAFETY: GDAL keeps the last message of this thread, at least an empty one, until the next
    // call.
    unsafe { CStr::from_ptr(gdal_sys::CPLGetLastErrorMsg()) }.to_string_lossy().into_owned()
}

/// A copy of a text of GDAL's; empty for null.
///
/// # Safety
/// It is null or ends with NUL, and lives during the call.
pub(crate) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        String::new()
    } else {
        // SAFETY: the caller's promise.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}
