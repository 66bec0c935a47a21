//! The options of k-means in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, metric, AlgorithmOptions, BANDCLUSTER_ALGORITHM_KMEANS,
    BANDCLUSTER_METRIC_EUCLIDEAN,
};
use crate::cluster::Algorithm;
use crate::cluster::KMeans;
use crate::error::Result;

/// The options of k-means: scikit-learn's `KMeans`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_kmeans_options {
    /// Set by `bandcluster_kmeans_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// A fit has converged when the squared shift of all centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Number of starts, of which the best is kept; at least 1. Default 10.
    pub n_init: u32,
    /// Most iterations of a start, and most passes over the pixels; at least 1. Default 300.
    pub max_iter: u32,
    /// `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which
    /// goes with no scaling.
    pub metric: u32,
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
        }
    }
}

impl AlgorithmOptions for bandcluster_kmeans_options {
    fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(0)?;
        Ok(Algorithm::KMeans(KMeans {
            tol: self.tol,
            n_clusters: self.n_clusters,
            n_init: self.n_init,
            max_iter: self.max_iter,
            metric: metric(self.metric)?,
            scaling,
            seed,
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
