//! Fit and predict.

use super::guard::{borrow, give, guard, output};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::raster::{bandcluster_labels, bandcluster_raster, labels, raster};
use super::run::{bandcluster_run, with_run};
use super::structs::{init, read, size_of_struct, Sized32};
use super::summary::{bandcluster_summary, bytes};
use crate::cluster::{Algorithm, KMeans, ScalingMethod};
use crate::error::{invalid_argument, Result};
use crate::model::Metric;
use crate::progress::Run;

/// Bands as they are.
pub const BANDCLUSTER_SCALING_NONE: u32 = 0;
/// Bands scaled to mean 0 and standard deviation 1 before distances are measured.
pub const BANDCLUSTER_SCALING_ZSCORE: u32 = 1;

/// Pixels are compared by the length of their difference.
pub const BANDCLUSTER_METRIC_EUCLIDEAN: u32 = 0;
/// Pixels are compared by the angle between their spectra, whatever their brightness.
pub const BANDCLUSTER_METRIC_SPECTRAL_ANGLE: u32 = 1;

/// The options of k-means; scikit-learn's names and meanings.
#[repr(C)]
pub struct bandcluster_kmeans_options {
    /// `sizeof(bandcluster_kmeans_options)`; set by `bandcluster_kmeans_options_init`.
    pub struct_size: u32,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Restarts, at least 1. Default 10.
    pub n_init: u32,
    /// Most iterations of a restart, and most passes over the pixels; at least 1. Default 300.
    pub max_iter: u32,
    /// A fit has converged when the squared shift of all centres is at most this times the mean band variance. Default 1e-4.
    pub tol: f64,
    /// Seed of the random numbers: the same seed, pixels and options give the same model. Default 0.
    pub seed: u64,
    /// `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
    pub scaling: u32,
    /// 0.
    pub reserved: u32,
    /// For `bandcluster_fit`: bytes that its summary may take; 0 (the default): 256 MiB.
    pub memory: u64,
    /// `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which goes with no scaling.
    pub metric: u32,
    /// 0.
    pub reserved_too: u32,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_kmeans_options {
    const NAME: &'static str = "bandcluster_kmeans_options";

    fn initial() -> Self {
        let KMeans { n_clusters, n_init, max_iter, tol, seed, .. } = KMeans::default();
        bandcluster_kmeans_options {
            struct_size: size_of_struct::<Self>(),
            n_clusters,
            n_init,
            max_iter,
            tol,
            seed,
            scaling: BANDCLUSTER_SCALING_NONE,
            reserved: 0,
            memory: 0,
            metric: BANDCLUSTER_METRIC_EUCLIDEAN,
            reserved_too: 0,
        }
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_kmeans_options)`. Since 0.1.0.
///
/// # Safety
/// `options` is NULL or points to `struct_size` writable bytes.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_kmeans_options_init(
    options: *mut bandcluster_kmeans_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(options, struct_size) })
}

fn kmeans(options: &bandcluster_kmeans_options) -> Result<KMeans> {
    if options.reserved != 0 || options.reserved_too != 0 {
        return invalid_argument(
            "a reserved field of bandcluster_kmeans_options is not 0: fill the struct with bandcluster_kmeans_options_init",
        );
    }
    let (scaling, metric) = (scaling(options.scaling)?, metric(options.metric)?);
    let bandcluster_kmeans_options { n_clusters, n_init, max_iter, tol, seed, .. } = *options;
    Ok(KMeans { n_clusters, n_init, max_iter, tol, seed, scaling, metric })
}

pub(super) fn scaling(method: u32) -> Result<ScalingMethod> {
    match method {
        BANDCLUSTER_SCALING_NONE => Ok(ScalingMethod::None),
        BANDCLUSTER_SCALING_ZSCORE => Ok(ScalingMethod::ZScore),
        other => invalid_argument(format!(
            "scaling {other} is unknown: use BANDCLUSTER_SCALING_NONE (0) or BANDCLUSTER_SCALING_ZSCORE (1)"
        )),
    }
}

pub(super) fn metric(metric: u32) -> Result<Metric> {
    match metric {
        BANDCLUSTER_METRIC_EUCLIDEAN => Ok(Metric::Euclidean),
        BANDCLUSTER_METRIC_SPECTRAL_ANGLE => Ok(Metric::SpectralAngle),
        other => invalid_argument(format!(
            "metric {other} is unknown: use BANDCLUSTER_METRIC_EUCLIDEAN (0) or BANDCLUSTER_METRIC_SPECTRAL_ANGLE (1)"
        )),
    }
}

/// Fits k-means on the pixels of one image: summary, fit, and refinement until the centres are a fixed point. The caller
/// frees the model with `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `raster`, `options` and `run` are as their documentation says; `model` is NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit(
    raster: *const bandcluster_raster,
    options: *const bandcluster_kmeans_options,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        let raster = unsafe { self::raster(raster)? };
        let options = unsafe { read(options)? };
        let algorithm = Algorithm::KMeans(kmeans(options)?);
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit_raster(&raster, bytes(options.memory), run)?));
            Ok(())
        };
        unsafe { with_run(run, body) }
    })
}

/// Fits k-means on a summary, which knows neither the names nor the nodata values of its bands: tell the model with
/// `bandcluster_model_set_band`. Where the summary's cells are wider than single values, the model has not converged: refine it on
/// the pixels (see `bandcluster_refinement_new`). The caller frees the model with `bandcluster_model_free`. Since 0.1.0.
///
/// # Safety
/// `summary` is NULL or alive; `options` and `run` are as their documentation says; `model` is NULL or writable.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_fit_summary(
    summary: *const bandcluster_summary,
    options: *const bandcluster_kmeans_options,
    run: *const bandcluster_run,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        let summary = unsafe { borrow(summary, "summary")? };
        let algorithm = Algorithm::KMeans(kmeans(unsafe { read(options)? })?);
        let body = |run: &mut Run| {
            give(model, bandcluster_model::new(algorithm.fit(&summary.0, run)?));
            Ok(())
        };
        unsafe { with_run(run, body) }
    })
}

/// Gives every valid pixel the label of the nearest centre (1 to k; the lower of two equally near), and the others 0. The image
/// needs the model's number of bands, in their order; its sample type may be another, and what is nodata in it, only the
/// raster says. After a cancel some labels may have been written; after
/// any other error none. Since 0.1.0.
///
/// # Safety
/// `model` is NULL or alive; `raster`, `labels` and `run` are as their documentation says.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_predict(
    model: *const bandcluster_model,
    raster: *const bandcluster_raster,
    labels: *const bandcluster_labels,
    run: *const bandcluster_run,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { borrow(model, "model")? };
        let raster = unsafe { self::raster(raster)? };
        let mut labels = unsafe { self::labels(labels)? };
        unsafe { with_run(run, |run| model.model().predict(&raster, &mut labels, run)) }
    })
}
