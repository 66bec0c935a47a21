//! The options of bisecting k-means in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{
    bandcluster_algorithm_options, choice, AlgorithmOptions, BANDCLUSTER_ALGORITHM_BISECTING,
};
use crate::cluster::{Algorithm, Bisecting, Strategy};
use crate::error::Result;

/// The cluster with the largest inertia is split next.
pub const BANDCLUSTER_BISECTING_BIGGEST_INERTIA: u32 = 0;
/// The cluster with the most pixels is split next.
pub const BANDCLUSTER_BISECTING_LARGEST_CLUSTER: u32 = 1;

/// The options of bisecting k-means: scikit-learn's `BisectingKMeans`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_bisecting_options {
    /// Set by `bandcluster_bisecting_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// A split has converged when the squared shift of both centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Number of starts of each split, at least 1. Default 10.
    pub n_init: u32,
    /// Maximum number of iterations of a split, at least 1. Default 300.
    pub max_iter: u32,
    /// Which cluster is split next. `BANDCLUSTER_BISECTING_BIGGEST_INERTIA` (the default),
    /// `BANDCLUSTER_BISECTING_LARGEST_CLUSTER`.
    pub bisecting_strategy: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_bisecting_options {
    const NAME: &'static str = "bandcluster_bisecting_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Bisecting::default();
        bandcluster_bisecting_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_BISECTING),
            tol: options.tol,
            n_clusters: options.n_clusters,
            n_init: options.n_init,
            max_iter: options.max_iter,
            bisecting_strategy: BANDCLUSTER_BISECTING_BIGGEST_INERTIA,
        }
    }
}

impl AlgorithmOptions for bandcluster_bisecting_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(0)?;
        let bisecting_strategy = choice(
            "bisecting_strategy",
            self.bisecting_strategy,
            &[
                ("BANDCLUSTER_BISECTING_BIGGEST_INERTIA", Strategy::BiggestInertia),
                ("BANDCLUSTER_BISECTING_LARGEST_CLUSTER", Strategy::LargestCluster),
            ],
        )?;
        Ok(Algorithm::Bisecting(Bisecting {
            tol: self.tol,
            n_clusters: self.n_clusters,
            n_init: self.n_init,
            max_iter: self.max_iter,
            bisecting_strategy,
            scaling,
            seed,
            ..Bisecting::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_bisecting_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_bisecting_options_init(
    output: *mut bandcluster_bisecting_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
