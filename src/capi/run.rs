//! Threads, progress and cancellation as C passes them.

use std::ffi::{c_char, c_void, CString};

use super::guard::guard;
use super::library::bandcluster_status;
use super::structs::{init, read, size_of_struct, Sized32};
use crate::error::Result;
use crate::progress::Run;

/// A progress callback with the signature of GDAL's GDALProgressFunc. It gets the fraction done (0
/// to 1), what is being done (never NULL, valid during the call), and the `user_data` of the run.
/// It returns 0 to cancel. It is called only on the thread that called the library: at once when a
/// call begins, and then about every 30 ms. It must not call the library with the handles in use,
/// nor leave by an exception or a jump.
pub type bandcluster_progress = Option<
    unsafe extern "C" fn(fraction: f64, message: *const c_char, user_data: *mut c_void) -> i32,
>;

/// How a call is run. NULL in its place: on all cores, without a callback.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_run {
    /// `sizeof(bandcluster_run)`; set by `bandcluster_run_init`.
    pub struct_size: u32,
    /// Number of threads; 0: all cores. The result does not depend on it.
    pub threads: u32,
    /// The callback; may be NULL.
    pub progress: bandcluster_progress,
    /// Handed to the callback.
    pub user_data: *mut c_void,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_run {
    const NAME: &'static str = "bandcluster_run";

    fn initial() -> Self {
        bandcluster_run {
            struct_size: size_of_struct::<Self>(),
            threads: 0,
            progress: None,
            user_data: std::ptr::null_mut(),
        }
    }
}

/// Fills in the defaults: all cores, no callback. Pass `sizeof(bandcluster_run)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_run_init(
    run: *mut bandcluster_run,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(run, struct_size) })
}

/// Does something in the run that the struct describes.
///
/// # Errors
/// `InvalidArgument` for a wrong struct; those of `body`.
///
/// # Safety
/// The pointer is NULL, or the struct is as its documentation says.
pub(super) unsafe fn with_run(
    run: *const bandcluster_run,
    body: impl FnOnce(&mut Run) -> Result<()>,
) -> Result<()> {
    if run.is_null() {
        return body(&mut Run::silent(0));
    }
    // SAFETY: the caller's promise.
    let run = unsafe { read(run)? };
    let threads = run.threads as usize;
    let Some(progress) = run.progress else { return body(&mut Run::silent(threads)) };
    let mut callback = |fraction: f64, message: &str| {
        let message = CString::new(message).unwrap_or_default();
        // SAFETY: the caller promises a function of this shape, and this is the thread that called
        // the library.
        unsafe { progress(fraction, message.as_ptr(), run.user_data) != 0 }
    };
    body(&mut Run::new(threads, &mut callback))
}
