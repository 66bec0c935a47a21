//! The options of Gaussian mixtures in C.

use super::super::guard::guard;
use super::super::library::bandcluster_status;
use super::super::structs::{init, size_of_struct, Sized32};
use super::{bandcluster_algorithm_options, AlgorithmOptions, BANDCLUSTER_ALGORITHM_GMM};
use crate::cluster::{Algorithm, Gmm};
use crate::error::Result;

/// The options of Gaussian mixtures: scikit-learn's `GaussianMixture`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_gmm_options {
    /// Set by `bandcluster_gmm_options_init`; `scaling` and `seed` may be changed.
    pub common: bandcluster_algorithm_options,
    /// A start has converged when an iteration raises the mean log-likelihood of a pixel by less
    /// than this. Default 1e-3.
    pub tol: f64,
    /// Added to all variances, in squared (scaled) band units. Default 1e-6.
    pub reg_covar: f64,
    /// Number of classes, 1 to 65535. Default 4.
    pub n_components: u32,
    /// Number of starts, at least 1; the likeliest is kept. Default 1.
    pub n_init: u32,
    /// Maximum number of iterations of a start, at least 1. Default 100.
    pub max_iter: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, and `common`, whose first field is `struct_size`, is first.
unsafe impl Sized32 for bandcluster_gmm_options {
    const NAME: &'static str = "bandcluster_gmm_options";
    const FIRST: u32 = size_of_struct::<bandcluster_algorithm_options>();

    fn initial() -> Self {
        let options = Gmm::default();
        bandcluster_gmm_options {
            common: bandcluster_algorithm_options::of::<Self>(BANDCLUSTER_ALGORITHM_GMM),
            tol: options.tol,
            reg_covar: options.reg_covar,
            n_components: options.n_components,
            n_init: options.n_init,
            max_iter: options.max_iter,
            reserved: 0,
        }
    }
}

impl AlgorithmOptions for bandcluster_gmm_options {
    unsafe fn algorithm(&self) -> Result<Algorithm> {
        let (scaling, seed) = self.common.read(self.reserved)?;
        Ok(Algorithm::Gmm(Gmm {
            tol: self.tol,
            reg_covar: self.reg_covar,
            n_components: self.n_components,
            n_init: self.n_init,
            max_iter: self.max_iter,
            scaling,
            seed,
            ..Gmm::default()
        }))
    }
}

/// Fills in the defaults. Pass `sizeof(bandcluster_gmm_options)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_gmm_options_init(
    output: *mut bandcluster_gmm_options,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(output, struct_size) })
}
