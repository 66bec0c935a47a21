//! Fits: of pixels or of their summary, by options as a struct or as JSON.

use std::ffi::c_char;

use serde_json::{Map, Value};

use super::guard::{borrow, give, guard, output, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::options::{algorithm, bandcluster_algorithm_options};
use super::raster::{bandcluster_raster, raster};
use super::run::{bandcluster_run, with_run};
use super::summary::{bandcluster_summary, bytes};
use crate::cluster::Algorithm;
use crate::error::{invalid_argument, Result};
use crate::progress::Run;
use crate::wording::of_json;

/// Fits on the pixels of one image: summary, fit, and for k-means refinement until the centres are
/// a fixed point.
///
/// `options` is the address of the `common` of the options of any algorithm, such as those of a
/// `bandcluster_kmeans_options`. `memory` is the number of bytes that the summary may take; 0: 256
/// MiB. The caller frees the model with `bandcluster_model_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit(
    raster: *const bandcluster_raster,
    options: *const bandcluster_algorithm_options,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_image(raster, || algorithm(options), memory, run, model) }
}

/// Fits on a summary, by options as `bandcluster_fit` takes them.
///
/// A summary knows neither the names nor the nodata values of its bands: set them with
/// `bandcluster_model_set_band`. If the summary's cells are wider than single values, a model of
/// k-means has not converged: refine it on the pixels (see `bandcluster_refinement_new`). The first
/// fit prepares the summary's data for further fits, which then begin at once, until pixels are
/// added. The caller frees the model with `bandcluster_model_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_summary(
    summary: *const bandcluster_summary,
    options: *const bandcluster_algorithm_options,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_digest(summary, || algorithm(options), run, model) }
}

/// Fits on the pixels of one image as `bandcluster_fit` does, with the options as text.
///
/// `algorithm` is one of kmeans, bisecting, isodata, gmm, agglomerative, birch, dbscan, optics,
/// hdbscan, meanshift, spectral and affinity. `options` is NULL or a JSON object with the names of
/// the fields of the algorithm's struct (scikit-learn's, mostly), such as `{"n_clusters": 6,
/// "linkage": "average", "seed": 1}`; options that it does not give have their defaults.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_json(
    raster: *const bandcluster_raster,
    algorithm: *const c_char,
    options: *const c_char,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_image(raster, || named(algorithm, options), memory, run, model) }
}

/// Fits on a summary as `bandcluster_fit_summary` does, with the options as text: see
/// `bandcluster_fit_json`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_summary_json(
    summary: *const bandcluster_summary,
    algorithm: *const c_char,
    options: *const c_char,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_digest(summary, || named(algorithm, options), run, model) }
}

/// Fits by an algorithm on the pixels of one image.
///
/// # Safety
/// `raster` and `run` are as their documentation says; `model` is NULL or writable.
unsafe fn fit_image(
    raster: *const bandcluster_raster,
    algorithm: impl FnOnce() -> Result<Algorithm>,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, raster) = unsafe { (output(model, "model")?, self::raster(raster)?) };
        let algorithm = algorithm()?;
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit_raster(&raster, bytes(memory), run)?));
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// Fits by an algorithm on a summary.
///
/// # Safety
/// `summary` is NULL or alive; `run` is as its documentation says; `model` is NULL or writable.
unsafe fn fit_digest(
    summary: *const bandcluster_summary,
    algorithm: impl FnOnce() -> Result<Algorithm>,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, summary) = unsafe { (output(model, "model")?, borrow(summary, "summary")?) };
        let algorithm = algorithm()?;
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit(&summary.0, run)?));
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// The algorithm with this name and these options, both as text.
///
/// # Safety
/// Both are NULL or strings.
unsafe fn named(name: *const c_char, options: *const c_char) -> Result<Algorithm> {
    // SAFETY: the caller's promise, here and below.
    let name = unsafe { string(name, "algorithm")? };
    let options = match options.is_null() {
        true => Map::new(),
        // SAFETY: as above.
        false => parse(unsafe { string(options, "options")? })?,
    };
    Algorithm::new(name, options)
}

fn parse(options: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(options).or_else(|error| {
        invalid_argument(format!(
            "options are not a JSON object ({}): give one such as {{\"n_clusters\": 6, \
             \"linkage\": \"average\"}}",
            of_json(&error)
        ))
    })
}
