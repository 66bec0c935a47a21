//! Refinement.

use std::ffi::c_char;

use super::guard::{borrow, borrow_mut, free, give, guard, output, path};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, bandcluster_raster, labels, raster, sample_type};
use super::run::{bandcluster_run, with_run};
use crate::model::Refinement;

/// One exact step of Lloyd's algorithm over the pixels, accumulated block by block. One thread at a
/// time may use it.
pub struct bandcluster_refinement(pub(super) Refinement);

/// Begins a step from the model's centres over pixels of one sample type. The caller frees it with
/// `bandcluster_refinement_free`. A model from `bandcluster_fit_summary` is refined over the pixels
/// until it has converged:
///
/// ```c
/// while (!bandcluster_model_converged(model)) {
///     bandcluster_refinement_new(model, sample_type, &refinement);
///     for (each block) bandcluster_refinement_add(refinement, &block, &run);
///     bandcluster_refinement_apply(refinement, model, NULL);
///     bandcluster_refinement_free(refinement);
/// }
/// ```
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_new(
    model: *const bandcluster_model,
    sample_type: u32,
    refinement: *mut *mut bandcluster_refinement,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (refinement, model) =
            unsafe { (output(refinement, "refinement")?, borrow(model, "model")?) };
        let new = Refinement::new(model.model(), self::sample_type(sample_type)?);
        give(refinement, bandcluster_refinement(new));
        Ok(())
    })
}

/// Adds the valid pixels of an image, or of a block of one. After an error the refinement holds
/// some of the pixels: free it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_add(
    refinement: *mut bandcluster_refinement,
    raster: *const bandcluster_raster,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (refinement, raster) =
            unsafe { (borrow_mut(refinement, "refinement")?, self::raster(raster)?) };
        // SAFETY: as above.
        unsafe { with_run(run, |run| refinement.0.add(&raster, run)) }
    })
}

/// Adds the valid pixels of an image, as `bandcluster_refinement_add` does, and writes their labels
/// by the present centres, as `bandcluster_predict` would. If `bandcluster_refinement_apply` then
/// changes neither the centres nor their order, the labels are the model's, and no further pass is
/// needed. After an error the refinement holds some of the pixels: free it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_add_labels(
    refinement: *mut bandcluster_refinement,
    raster: *const bandcluster_raster,
    labels: *const bandcluster_labels,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (refinement, raster, mut labels) = unsafe {
            (borrow_mut(refinement, "refinement")?, self::raster(raster)?, self::labels(labels)?)
        };
        // SAFETY: as above.
        unsafe { with_run(run, |run| refinement.0.add_and_label(&raster, &mut labels, run)) }
    })
}

/// Adds what another refinement from the same centres holds.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_merge(
    refinement: *mut bandcluster_refinement,
    other: *const bandcluster_refinement,
) -> bandcluster_status {
    guard(|| {
        if std::ptr::eq(refinement, other) && !other.is_null() {
            return crate::error::invalid_argument(
                "a refinement cannot be merged into itself: give another one",
            );
        }
        // SAFETY: the caller's promise, here and below; they are not the same.
        let (refinement, other) =
            unsafe { (borrow_mut(refinement, "refinement")?, borrow(other, "other")?) };
        refinement.0.merge(&other.0)
    })
}

/// Applies the step to the model. `shift`, if not NULL, gets the squared shift of all centres.
/// Within the tolerance, or after `max_iter` passes, the model keeps its centres, gets the exact
/// counts, means, deviations and inertia, orders its classes by size, and has converged. Otherwise
/// its centres move.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_apply(
    refinement: *const bandcluster_refinement,
    model: *mut bandcluster_model,
    shift: *mut f64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (refinement, model) =
            unsafe { (borrow(refinement, "refinement")?, borrow_mut(model, "model")?) };
        let squared_shift = refinement.0.apply(model.model_mut())?;
        // SAFETY: as above.
        if let Ok(shift) = unsafe { borrow_mut(shift, "shift") } {
            *shift = squared_shift;
        }
        Ok(())
    })
}

/// Writes a refinement to a file, for `bandcluster_refinement_load` in another process. The file
/// appears only when complete. The order in which blocks are added and refinements are merged does
/// not change its bytes.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_save(
    refinement: *const bandcluster_refinement,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let refinement = unsafe { borrow(refinement, "refinement")? };
        // SAFETY: as above.
        refinement.0.save(&unsafe { self::path(path, "path")? })
    })
}

/// Reads a refinement from a file, to merge it with others of its model, or to apply it. The caller
/// frees it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_load(
    path: *const c_char,
    refinement: *mut *mut bandcluster_refinement,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let refinement = unsafe { output(refinement, "refinement")? };
        // SAFETY: as above.
        let loaded = Refinement::load(&unsafe { self::path(path, "path")? })?;
        give(refinement, bandcluster_refinement(loaded));
        Ok(())
    })
}

/// Frees a refinement. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_refinement_free(refinement: *mut bandcluster_refinement) {
    // SAFETY: the caller's promise.
    unsafe { free(refinement) }
}
