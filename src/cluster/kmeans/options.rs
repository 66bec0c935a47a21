//! The options of k-means.

use serde::{Deserialize, Serialize};

use crate::cluster::options::{check_classes, check_restarts, check_tolerance, ScalingMethod};
use crate::error::{invalid_argument, Result};
use crate::model::Metric;

/// The options of k-means, with scikit-learn's names, meanings and (but for `n_clusters` and `n_init`) defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KMeans {
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Number of restarts, at least 1. Default 10.
    pub n_init: u32,
    /// Most iterations of one restart, at least 1. Default 300.
    pub max_iter: u32,
    /// A fit has converged when the squared shift of all centres is at most this times the mean band variance. Default 1e-4.
    pub tol: f64,
    /// Seed of the random numbers: the same seed, pixels and options give the same model. Default 0.
    pub seed: u64,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How pixels are compared. Default Euclidean; the spectral angle goes with no scaling.
    pub metric: Metric,
}

impl Default for KMeans {
    fn default() -> KMeans {
        KMeans {
            n_clusters: 4,
            n_init: 10,
            max_iter: 300,
            tol: 1e-4,
            seed: 0,
            scaling: ScalingMethod::None,
            metric: Metric::Euclidean,
        }
    }
}

impl KMeans {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        check_restarts(self.n_init, self.max_iter)?;
        check_tolerance(self.tol)?;
        if (self.metric, self.scaling) == (Metric::SpectralAngle, ScalingMethod::ZScore) {
            return invalid_argument(
                "metric spectral_angle does not go with scaling zscore: angles are those of spectra from 0, which z-scores move; choose scaling none",
            );
        }
        Ok(())
    }
}
