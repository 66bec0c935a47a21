//! What went wrong in this thread's last call.

use std::cell::RefCell;
use std::ffi::{c_char, CString};

use crate::wording::plain;

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
    /// The field of a request that the message is about, and where in the message its name begins.
    static FIELD: RefCell<(CString, usize)> = RefCell::default();
}

/// Keeps a message as C reads it: one line, no NUL.
pub(super) fn set_last_error(message: &str) {
    let one_line = CString::new(plain(message)).unwrap_or_default();
    LAST_ERROR.with(|last| *last.borrow_mut() = one_line);
}

/// Keeps the field that the message is about; `""` for none.
pub(super) fn set_last_field(field: &str, position: usize) {
    FIELD.with(|last| *last.borrow_mut() = (CString::new(field).unwrap_or_default(), position));
}

/// The field, valid until the next one is kept, and where it begins.
pub(super) fn last_field() -> (*const c_char, usize) {
    FIELD.with(|last| {
        let (field, position) = &*last.borrow();
        (field.as_ptr(), *position)
    })
}

/// The message; valid until the next one is kept.
pub(super) fn last_error() -> *const c_char {
    LAST_ERROR.with(|last| last.borrow().as_ptr())
}
