//! The radii of classes.

use super::guard::{borrow_mut, get, guard};
use super::library::bandcluster_status;
use super::model::bandcluster_model;

/// Gives every class except noise the same radius, in (scaled) band units. Pixels farther from
/// their class are unclassified: predict gives them the label k + 1. The distance is that from the
/// centre of the class. If a class has several representatives or components, it is the distance
/// from the one that the pixel belongs to (for a component, from its mean). Radii are kept in the
/// model file.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_max_distance(
    model: *mut bandcluster_model,
    distance: f64,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { borrow_mut(model, "model")? }.model_mut().set_max_distance(distance))
}

/// Gives every class except noise a radius of its own, as `bandcluster_model_set_max_distance`
/// does: the distance within which this fraction (above 0, up to 1) of its training pixels lie.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_radius_quantile(
    model: *mut bandcluster_model,
    fraction: f64,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { borrow_mut(model, "model")? }.model_mut().set_radius_quantile(fraction))
}

/// Removes the radii: every pixel gets the label of its class, however far away it is.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_clear_radii(
    model: *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe { borrow_mut(model, "model")? }.model_mut().clear_radii();
        Ok(())
    })
}

/// The largest label that predict gives: the number of classes, or one more (for unclassified
/// pixels) if classes have radii; 0 for NULL. Labels up to 255 fit in `BANDCLUSTER_UINT8`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_n_labels(model: *const bandcluster_model) -> u32 {
    // SAFETY: the caller's promise.
    get(model, 0, |model| model.model().n_labels() as u32)
}
