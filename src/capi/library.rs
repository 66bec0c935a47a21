//! Versions, status codes and messages.

use std::ffi::c_char;

use super::last_error::{last_error, last_field};

/// The version of the binary interface: a program built for another version must not continue.
pub const BANDCLUSTER_ABI_VERSION: u32 = 2;

/// What a function that can fail returns: one of the `BANDCLUSTER_` codes above.
pub type bandcluster_status = u32;

/// Done.
pub const BANDCLUSTER_OK: u32 = 0;
/// A NULL pointer, a wrong `struct_size`, an unknown enumeration value, an option out of range,
/// sizes that do not agree.
pub const BANDCLUSTER_INVALID_ARGUMENT: u32 = 1;
/// Pixels that cannot be clustered: none is valid, there are fewer distinct pixels than clusters,
/// or a constant band would be scaled.
pub const BANDCLUSTER_INVALID_DATA: u32 = 2;
/// A model or a saved summary that is damaged, foreign or of a newer version.
pub const BANDCLUSTER_INVALID_MODEL: u32 = 3;
/// A file could not be read or written.
pub const BANDCLUSTER_IO: u32 = 4;
/// The progress callback returned 0.
pub const BANDCLUSTER_CANCELLED: u32 = 5;
/// There is not enough memory.
pub const BANDCLUSTER_OUT_OF_MEMORY: u32 = 6;
/// A defect of the library: please report it, with the message.
pub const BANDCLUSTER_INTERNAL: u32 = 7;

/// The `BANDCLUSTER_ABI_VERSION` that the library was built with.
#[no_mangle]
pub extern "C" fn bandcluster_abi_version() -> u32 {
    BANDCLUSTER_ABI_VERSION
}

/// The library's version, such as `"0.1.0"`; static.
#[no_mangle]
pub extern "C" fn bandcluster_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The name of a status code, such as `"invalid argument"`; static, never NULL.
#[no_mangle]
pub extern "C" fn bandcluster_status_name(status: bandcluster_status) -> *const c_char {
    let name = match status {
        BANDCLUSTER_OK => c"ok",
        BANDCLUSTER_INVALID_ARGUMENT => c"invalid argument",
        BANDCLUSTER_INVALID_DATA => c"invalid data",
        BANDCLUSTER_INVALID_MODEL => c"invalid model",
        BANDCLUSTER_IO => c"input or output failed",
        BANDCLUSTER_CANCELLED => c"cancelled",
        BANDCLUSTER_OUT_OF_MEMORY => c"out of memory",
        BANDCLUSTER_INTERNAL => c"internal error",
        _ => c"unknown status",
    };
    name.as_ptr()
}

/// What went wrong in this thread's last call that returned a status, in one line; `""` if nothing
/// did. Valid until this thread's next call; never NULL.
#[no_mangle]
pub extern "C" fn bandcluster_last_error() -> *const c_char {
    last_error()
}

/// The name of the request's field that the message of `bandcluster_last_error` is about, as a JSON
/// request has it; `""` if it is about none. `position` gets the byte of the message at which that
/// name begins, so that a program can put its own name there; it may be NULL. Valid until this
/// thread's next call; never NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_last_error_field(position: *mut u64) -> *const c_char {
    let (field, begins) = last_field();
    // SAFETY: the header asks for a pointer that is NULL or can be written to.
    if let Some(position) = unsafe { position.as_mut() } {
        *position = begins as u64;
    }
    field
}
