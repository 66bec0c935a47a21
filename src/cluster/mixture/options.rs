//! The options of the Gaussian mixture.

use serde::{Deserialize, Serialize};

use crate::cluster::options::{check_classes, check_positive, check_restarts, ScalingMethod};
use crate::error::Result;

/// The options, with the names of scikit-learn's `GaussianMixture` (full covariances, started by
/// k-means).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gmm {
    /// Number of classes, 1 to 65535. Default 4.
    #[serde(alias = "n_clusters")]
    pub n_components: u32,
    /// Number of starts; the likeliest result is kept. At least 1. Default 1.
    pub n_init: u32,
    /// Most iterations of a start, at least 1. Default 100.
    pub max_iter: u32,
    /// A start has converged when an iteration raises the mean log-likelihood of a pixel by less
    /// than this. Default 1e-3.
    pub tol: f64,
    /// Added to all variances, in squared (scaled) band units. Default 1e-6.
    pub reg_covar: f64,
    /// Without effect, as the mixture itself decides the borders: accepted so that older calls run.
    /// Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Gmm {
    fn default() -> Gmm {
        Gmm {
            n_components: 4,
            n_init: 1,
            max_iter: 100,
            tol: 1e-3,
            reg_covar: 1e-6,
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            seed: 0,
        }
    }
}

impl Gmm {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_components)?;
        check_restarts(self.n_init, self.max_iter)?;
        check_positive("tol", Some(self.tol))?;
        check_positive("reg_covar", Some(self.reg_covar))
    }
}
