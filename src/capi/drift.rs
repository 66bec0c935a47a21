//! How far a scene is from the training pixels of a model.

use std::ffi::{c_char, CString};

use super::guard::{borrow, borrow_mut, free, give, guard, output};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::summary::bandcluster_summary;
use crate::assess::{drift, Drift};

/// A comparison of a scene with the training pixels of a model.
pub struct bandcluster_drift {
    json: CString,
    pub(super) drift: Drift,
}

/// Compares a scene with the training pixels of a model. `sample` is a summary of some of the
/// scene's pixels, in the model's bands and units. Every eighth pixel of every eighth row is enough
/// (strides of a `bandcluster_raster` make such a sample without a copy). The caller frees the
/// outcome with `bandcluster_drift_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_drift_new(
    model: *const bandcluster_model,
    sample: *const bandcluster_summary,
    drift: *mut *mut bandcluster_drift,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (out, model, sample) = unsafe {
            (output(drift, "drift")?, borrow(model, "model")?, borrow(sample, "sample")?)
        };
        let found: Drift = self::drift(model.model(), &sample.0)?;
        let json = CString::new(found.to_json().to_string()).unwrap_or_default();
        give(out, bandcluster_drift { json, drift: found });
        Ok(())
    })
}

/// The outcome as a JSON object: `overall` (how far the bands moved, in standard deviations),
/// `beyond_radius` (the share of pixels farther from their class than 99 % of the training pixels),
/// `bands` (`name`, `shift` of the median in the band's units, `distance` in standard deviations)
/// and `warnings` (`code`: `offset`, `scale`, `band_order` or `drift`; `message`, a sentence; and
/// values: `add` or `multiply` makes the samples comparable, `order` says which of the bands read
/// each of the model's bands is). It belongs to the outcome, and is valid until that is freed.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_drift_json(
    drift: *const bandcluster_drift,
    json: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let json = unsafe { borrow_mut(json, "json")? };
        // SAFETY: as above.
        *json = unsafe { borrow(drift, "drift")? }.json.as_ptr();
        Ok(())
    })
}

/// Frees a comparison. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_drift_free(drift: *mut bandcluster_drift) {
    // SAFETY: the caller's promise.
    unsafe { free(drift) }
}
