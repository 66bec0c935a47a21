//! What went wrong in this thread's last call.

use std::cell::RefCell;
use std::ffi::{c_char, CString};

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
}

/// Keeps a message as C reads it: one line, no NUL.
pub(super) fn set_last_error(message: &str) {
    let one_line = CString::new(message.replace(['\n', '\0'], " ")).unwrap_or_default();
    LAST_ERROR.with(|last| *last.borrow_mut() = one_line);
}

/// The message; valid until the next one is kept.
pub(super) fn last_error() -> *const c_char {
    LAST_ERROR.with(|last| last.borrow().as_ptr())
}
