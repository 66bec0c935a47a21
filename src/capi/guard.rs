//! The one boundary between C and Rust: panics, errors, NULL.

use std::any::Any;
use std::ffi::{c_char, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;

use super::last_error::{set_last_error, set_last_field};
use super::library::{
    bandcluster_status, BANDCLUSTER_CANCELLED, BANDCLUSTER_INTERNAL, BANDCLUSTER_INVALID_ARGUMENT,
    BANDCLUSTER_INVALID_DATA, BANDCLUSTER_INVALID_MODEL, BANDCLUSTER_IO, BANDCLUSTER_OK,
    BANDCLUSTER_OUT_OF_MEMORY,
};
use crate::error::{invalid_argument, Error, Result};

/// Runs the body of an exported function: its error, or its panic, becomes a status and this
/// thread's message.
pub(super) fn guard(body: impl FnOnce() -> Result<()>) -> bandcluster_status {
    // Unwind safety: after a panic the caller gets an error, and the header says to free the
    // handles it used.
    set_last_field("", 0);
    let (status, message) = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => (BANDCLUSTER_OK, String::new()),
        Ok(Err(error)) => {
            if let Error::Option { before, field, .. } = &error {
                set_last_field(field, before.len());
            }
            (status_of(&error), error.to_string())
        }
        Err(panic) => (
            BANDCLUSTER_INTERNAL,
            format!("a defect of bandcluster, please report it: {}", text(&*panic)),
        ),
    };
    set_last_error(&message);
    status
}

/// Runs a getter that fails only for a NULL handle. It then returns `otherwise`.
pub(super) fn get<H, T>(handle: *const H, otherwise: T, getter: impl FnOnce(&H) -> T) -> T {
    // SAFETY: the header asks for a handle that is NULL or alive.
    match unsafe { handle.as_ref() } {
        Some(handle) => catch_unwind(AssertUnwindSafe(|| getter(handle))).unwrap_or(otherwise),
        None => otherwise,
    }
}

/// Frees a handle. NULL is ignored.
///
/// # Safety
/// The handle is NULL, or came from [`give`] and was not freed yet.
pub(super) unsafe fn free<H>(handle: *mut H) {
    if !handle.is_null() {
        // SAFETY: `give` made it from a box, and this is its only end. A panic in a destructor must
        // not reach C.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(handle) })));
    }
}

fn status_of(error: &Error) -> bandcluster_status {
    match error {
        Error::InvalidArgument(_) | Error::Option { .. } => BANDCLUSTER_INVALID_ARGUMENT,
        Error::InvalidData(_) => BANDCLUSTER_INVALID_DATA,
        Error::InvalidModel(_) => BANDCLUSTER_INVALID_MODEL,
        Error::Io(_) => BANDCLUSTER_IO,
        Error::Cancelled => BANDCLUSTER_CANCELLED,
        Error::OutOfMemory(_) => BANDCLUSTER_OUT_OF_MEMORY,
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// A borrowed argument.
///
/// # Errors
/// `InvalidArgument`, naming the argument, when it is NULL.
///
/// # Safety
/// A pointer that is not NULL points to a live `T` that nobody writes for `'a`.
pub(super) unsafe fn borrow<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the caller's promise is this function's.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// A borrowed argument that the call changes, or an output.
///
/// # Errors
/// `InvalidArgument`, naming the argument, when it is NULL.
///
/// # Safety
/// A pointer that is not NULL points to a live `T` that nobody else uses for `'a`.
pub(super) unsafe fn borrow_mut<'a, T>(pointer: *mut T, name: &str) -> Result<&'a mut T> {
    // SAFETY: the caller's promise is this function's.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(name))
}

/// Hands a new object to the caller, who frees it with its `_free` function.
pub(super) fn give<H>(output: &mut *mut H, object: H) {
    *output = Box::into_raw(Box::new(object));
}

/// Checks that an output pointer can be written to, before any work is done.
///
/// # Safety
/// As [`borrow_mut`]; what it points to need not be initialised.
pub(super) unsafe fn output<'a, H>(pointer: *mut *mut H, name: &str) -> Result<&'a mut *mut H> {
    // SAFETY: a raw pointer has no invalid values.
    unsafe { borrow_mut(pointer, name) }
}

/// A string argument.
///
/// # Errors
/// `InvalidArgument` when it is NULL or not UTF-8.
///
/// # Safety
/// A pointer that is not NULL points to a string that ends with NUL and that nobody writes for
/// `'a`.
pub(super) unsafe fn string<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: the caller's promise.
    match unsafe { CStr::from_ptr(pointer) }.to_str() {
        Ok(text) => Ok(text),
        Err(_) => invalid_argument(format!("{name} is not UTF-8 text")),
    }
}

/// A text that may be left out.
///
/// # Errors
/// As [`string`].
///
/// # Safety
/// As [`string`], for a pointer that is not NULL.
pub(super) unsafe fn optional_string<'a>(
    pointer: *const c_char,
    name: &str,
) -> Result<Option<&'a str>> {
    // SAFETY: the caller's promise.
    (!pointer.is_null()).then(|| unsafe { string(pointer, name) }).transpose()
}

/// A path argument: UTF-8, not empty.
///
/// # Errors
/// As [`string`].
///
/// # Safety
/// As [`string`].
pub(super) unsafe fn path(pointer: *const c_char, name: &str) -> Result<PathBuf> {
    // SAFETY: the caller's promise.
    match unsafe { string(pointer, name)? } {
        "" => invalid_argument(format!("{name} is empty: give a file's name")),
        text => Ok(PathBuf::from(text)),
    }
}

/// A list that may be left out.
///
/// # Safety
/// A pointer that is not NULL points to `length` values that nobody writes for `'a`.
pub(super) unsafe fn list<'a, T>(pointer: *const T, length: usize) -> Option<&'a [T]> {
    // SAFETY: the caller's promise.
    (!pointer.is_null()).then(|| unsafe { std::slice::from_raw_parts(pointer, length) })
}

fn null(name: &str) -> Error {
    Error::InvalidArgument(format!("{name} is NULL"))
}

#[cfg(test)]
mod tests {
    use super::super::last_error::last_error;
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_and_a_message() {
        let status = guard(|| panic!("two\nlines"));
        // SAFETY: the message is this thread's.
        let message = unsafe { CStr::from_ptr(last_error()) }.to_str().unwrap();
        assert_eq!(status, BANDCLUSTER_INTERNAL);
        assert!(message.ends_with("two lines"), "{message}");
        assert_eq!(guard(|| Ok(())), BANDCLUSTER_OK);
        // SAFETY: as above.
        assert!(unsafe { CStr::from_ptr(last_error()) }.is_empty());
    }
}
