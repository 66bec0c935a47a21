//! Jobs on raster files.

use std::ffi::{c_char, CString};

use super::guard::{guard, output, string};
use super::library::bandcluster_status;
use super::run::{bandcluster_run, with_run};
use crate::error::Result;
use crate::progress::Run;

/// Runs a job on raster files, as the command line does. `request_json` is a JSON object: `command`
/// is `cluster`, `fit`, `predict`, `choose_k`, `merge`, `info`, `open_product` or `stack`; the
/// other fields are the options of that command, with underscores (docs/job-request.schema.json),
/// such as `{"command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 5}`. An
/// unknown field or an invalid value is an error that names the field, before any pixel is read.
/// Existing outputs are refused, unless `overwrite` is true. Files appear only when all of them are
/// complete.
///
/// The outcome is a JSON object too (docs/job-outcome.schema.json). Each of its `warnings` has a
/// `code`, its values and a `message`. The caller frees the text with `bandcluster_text_free`.
/// `outcome_json` may be NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_run_job(
    request_json: *const c_char,
    run: *const bandcluster_run,
    outcome_json: *mut *mut c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let request = unsafe { string(request_json, "request_json")? };
        let body = |run: &mut Run| {
            let outcome = outcome_of(request, run)?;
            if !outcome_json.is_null() {
                // SAFETY: as above.
                *unsafe { output(outcome_json, "outcome_json")? } =
                    CString::new(outcome).unwrap_or_default().into_raw();
            }
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// Checks what `bandcluster_run_job` would check before it opens a scene: that the request's
/// options are valid, and that its outputs can be written. Nothing is written. A program can call
/// this while its user can still change the request.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_check_job(request_json: *const c_char) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let request = unsafe { string(request_json, "request_json")? };
        crate::jobs::check(&crate::jobs::Request::from_json(request)?)
    })
}

fn outcome_of(request: &str, run: &mut Run) -> Result<String> {
    let request = crate::jobs::Request::from_json(request)?;
    crate::jobs::run(&request, run).map(|outcome| outcome.to_json())
}

/// Frees a text that the library gave to the caller. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_text_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: the caller's promise: it came from `CString::into_raw`, and this is its only end.
        drop(unsafe { CString::from_raw(text) });
    }
}
