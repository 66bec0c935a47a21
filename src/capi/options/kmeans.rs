//! The options of k-means in C.

use std::ffi::c_char;
use std::ptr::null;

use ndarray::ArrayView2;

use super::super::guard::{guard, list, string};
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, metric, AlgorithmOptions, BANDCLUSTER_ALGORITHM_KMEANS,
    BANDCLUSTER_METRIC_EUCLIDEAN,
};
use crate::cluster::Algorithm;
use crate::cluster::KMeans;
use crate::error::{invalid_argument, Result};
use crate::model::Init;

/// The options of k-means: scikit-learn's `KMeans`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_kmeans_options {
    /// Set by `bandcluster_kmeans_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// A fit has converged when the squared shift of all centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Number of classes, 1 to 65535; with `init` also 0: as many as centres are given. Default 4.
    pub n_clusters: u32,
    /// Number of starts, at least 1; the best is kept. Default 10. With `init` there is one start.
    pub n_init: u32,
    /// Maximum number of iterations of a start, and of passes over the pixels; at least 1. Default
    /// 300.
    pub max_iter: u32,
    /// `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which
    /// cannot be combined with scaling.
    pub metric: u32,
    /// Centres to start from: `n_centers` times one number for each of the `n_bands` bands, in
    /// their units. If there are fewer centres than classes, k-means++ draws the others. NULL (the
    /// default): it draws all.
    pub init: *const f64,
    /// The names that the classes of these centres get; NULL (the default): the usual ones.
    pub init_names: *const *const c_char,
    /// Number of centres in `init`.
    pub n_centers: u32,
    /// Number of bands of these centres.
    pub n_bands: u32,
    /// 1: the centres of `init` (one for each class) stay where they are. Default 0.
    pub fix: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_kmeans_options {
    const NAME: &'static str = "bandcluster_kmeans_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = KMeans::default();
        bandcluster_kmeans_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_KMEANS),
            tol: options.tol,
            n_clusters: options.n_clusters,
            n_init: options.n_init,
            max_iter: options.max_iter,
            metric: BANDCLUSTER_METRIC_EUCLIDEAN,
            init: null(),
            init_names: null(),
            n_centers: 0,
            n_bands: 0,
            fix: 0,
            reserved: 0,
        }
    }
}

impl bandcluster_kmeans_options {
    /// The centres to start from, if any are given.
    ///
    /// # Errors
    /// `InvalidArgument` for a number of centres without centres, or for centres that cannot be
    /// used.
    ///
    /// # Safety
    /// What `init` and `init_names` point to is as their documentation says.
    unsafe fn centers(&self) -> Result<Option<Init>> {
        let shape = (self.n_centers as usize, self.n_bands as usize);
        // SAFETY: the caller's promise, here and below.
        let Some(centers) = (unsafe { list(self.init, shape.0.saturating_mul(shape.1)) }) else {
            return match (self.init_names.is_null(), self.n_centers) {
                (true, 0) => Ok(None),
                (_, n) => invalid_argument(format!(
                    "init is NULL, and names or a number of centres ({n}) are given: give the \
                     centres, too"
                )),
            };
        };
        let centers = ArrayView2::from_shape(shape, centers).expect("they are so many").to_owned();
        // SAFETY: as above.
        let Some(names) = (unsafe { list(self.init_names, shape.0) }) else {
            return Init::new(centers).map(Some);
        };
        let name = |name: &*const c_char| {
            // SAFETY: as above.
            unsafe { string(*name, "a name in init_names") }.map(String::from)
        };
        Init::named(names.iter().map(name).collect::<Result<_>>()?, centers).map(Some)
    }
}

impl AlgorithmOptions for bandcluster_kmeans_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        if self.fix > 1 {
            return invalid_argument(format!("fix is {}: give 0 or 1", self.fix));
        }
        // SAFETY: the caller's promise.
        let init = unsafe { self.centers()? };
        let n_centers = init.as_ref().map_or(0, Init::len) as u32;
        Ok(Algorithm::KMeans(KMeans {
            tol: self.tol,
            n_clusters: if self.n_clusters == 0 { n_centers } else { self.n_clusters },
            n_init: self.n_init,
            max_iter: self.max_iter,
            metric: metric(self.metric)?,
            scaling,
            seed,
            init,
            fix: self.fix == 1,
            ..KMeans::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_kmeans_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_kmeans_options_init(
    output: *mut bandcluster_kmeans_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
