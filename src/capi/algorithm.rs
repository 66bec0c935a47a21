//! Fits by any algorithm: its name, and its options as JSON.

use std::ffi::c_char;

use serde_json::{Map, Value};

use super::guard::{borrow, give, guard, output, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_raster, raster};
use super::run::{bandcluster_run, with_run};
use super::summary::{bandcluster_summary, bytes};
use crate::cluster::Algorithm;
use crate::error::{invalid_argument, Result};
use crate::progress::Run;

/// The algorithm that a name and options tell of.
///
/// # Safety
/// Both are NULL or strings.
unsafe fn algorithm(name: *const c_char, options: *const c_char) -> Result<Algorithm> {
    // SAFETY: the caller's promise, here and below.
    let name = unsafe { string(name, "algorithm")? };
    let options = if options.is_null() { Map::new() } else { parse(unsafe { string(options, "options")? })? };
    Algorithm::new(name, options)
}

fn parse(options: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(options).or_else(|error| {
        invalid_argument(format!(
            "options are not a JSON object ({error}): give one such as {{\"n_clusters\": 6, \"linkage\": \"average\"}}"
        ))
    })
}

/// Fits by an algorithm on the pixels of one image.
///
/// # Safety
/// `raster` and `run` are as their documentation says; `model` is NULL or writable.
pub(super) unsafe fn fit_image(
    raster: *const bandcluster_raster,
    algorithm: impl FnOnce() -> Result<Algorithm>,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        let raster = unsafe { self::raster(raster)? };
        let algorithm = algorithm()?;
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit_raster(&raster, bytes(memory), run)?));
            Ok(())
        };
        unsafe { with_run(run, body) }
    })
}

/// Fits by an algorithm on a summary.
///
/// # Safety
/// `summary` is NULL or alive; `run` is as its documentation says; `model` is NULL or writable.
pub(super) unsafe fn fit_summary(
    summary: *const bandcluster_summary,
    algorithm: impl FnOnce() -> Result<Algorithm>,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        let summary = unsafe { borrow(summary, "summary")? };
        let algorithm = algorithm()?;
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit(&summary.0, run)?));
            Ok(())
        };
        unsafe { with_run(run, body) }
    })
}

/// Fits by any algorithm on the pixels of one image, as `bandcluster_fit` does by k-means.
///
/// `algorithm` is one of kmeans, bisecting, isodata, gmm, agglomerative, birch, dbscan, optics, hdbscan, meanshift, spectral and
/// affinity; `options` is NULL or a JSON object with scikit-learn's names, such as `{"n_clusters": 6, "linkage": "average", "seed": 1}`; what it does not give has its default.
/// `docs/algorithms.md` lists them. `memory` is the bytes that the summary may take; 0: 256 MiB. The caller frees the
/// model with `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `algorithm` is NULL or a string, and so is `options`; `raster` and `run` are as their documentation says; `model` is NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_as(
    raster: *const bandcluster_raster,
    algorithm: *const c_char,
    options: *const c_char,
    memory: u64,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_image(raster, || self::algorithm(algorithm, options), memory, run, model) }
}

/// Fits by any algorithm on a summary, as `bandcluster_fit_summary` does by k-means; see `bandcluster_fit_as`. A model that has not
/// converged is finished by `bandcluster_refinement_apply`. The caller frees the model with `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `summary` is NULL or alive; `algorithm` is NULL or a string, and so is `options`; `run` is as its documentation says; `model` is NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_summary_as(
    summary: *const bandcluster_summary,
    algorithm: *const c_char,
    options: *const c_char,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    unsafe { fit_summary(summary, || self::algorithm(algorithm, options), run, model) }
}
