//! The options of k-means.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::cluster::options::{check_classes, check_restarts, check_tolerance, ScalingMethod};
use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Init, Metric};

/// The options of k-means, with the names, meanings and (except for `n_clusters` and `n_init`)
/// defaults of scikit-learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KMeans {
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Number of restarts, at least 1. Default 10.
    pub n_init: u32,
    /// Most iterations of one restart, at least 1. Default 300.
    pub max_iter: u32,
    /// A fit has converged when the squared shift of all centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Seed of the random numbers: the same seed, pixels and options give the same model. Default
    /// 0.
    pub seed: u64,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally. The spectral angle
    /// allows no weights.
    pub band_weights: BandWeights,
    /// How pixels are compared. Default Euclidean. The spectral angle allows no scaling.
    pub metric: Metric,
    /// Centres to start from, at most `n_clusters`; k-means++ draws the others. Then there is one
    /// start, whatever `n_init` says, and only Lloyd's algorithm moves the centres. Their names
    /// become the names of the classes. Default: k-means++ draws all centres in each of `n_init`
    /// starts.
    #[serde(deserialize_with = "init")]
    pub init: Option<Init>,
    /// Whether the centres of `init` stay where they are: pixels get the class of the nearest one.
    /// Then `init` must have `n_clusters` centres. Default false.
    pub fix: bool,
}

/// scikit-learn's name for starts that are drawn.
const DRAWN: &str = "k-means++";

/// Starting centres, from their values or the name of the method that draws them.
fn init<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Init>, D::Error> {
    use serde::de::Error;
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(name) if name == DRAWN => Ok(None),
        Value::String(_) => Err(D::Error::custom(format!("\"{DRAWN}\", or centres to start from"))),
        centers => Init::deserialize(centers).map(Some).map_err(D::Error::custom),
    }
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
            band_weights: BandWeights::default(),
            metric: Metric::Euclidean,
            init: None,
            fix: false,
        }
    }
}

impl KMeans {
    /// As many classes as there are centres to start from.
    pub fn starting_from(init: Init) -> KMeans {
        KMeans { n_clusters: init.len() as u32, init: Some(init), ..KMeans::default() }
    }

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
                "metric spectral_angle does not go with scaling zscore: angles are those of \
                 spectra from 0, which z-scores move; choose scaling none",
            );
        }
        if self.metric == Metric::SpectralAngle && !self.band_weights.are_equal() {
            return invalid_argument(
                "metric spectral_angle does not go with band_weights: angles are those of the \
                 spectra as they are; choose metric euclidean, or give no weights",
            );
        }
        self.check_init()
    }

    /// Checks the centres to start from against the number of classes.
    fn check_init(&self) -> Result<()> {
        let n_clusters = self.n_clusters;
        let Some(n) = self.init.as_ref().map(Init::len) else {
            return match self.fix {
                true => invalid_argument(
                    "fix is true, and there are no centres to keep: give init, or leave fix out",
                ),
                false => Ok(()),
            };
        };
        if n > n_clusters as usize {
            return invalid_argument(format!(
                "init has {n} centres, and n_clusters is {n_clusters}: give at most {n_clusters} \
                 centres, or ask for {n} clusters"
            ));
        }
        if self.fix && n < n_clusters as usize {
            return invalid_argument(format!(
                "fix keeps the centres of init, of which there are {n}, and n_clusters is \
                 {n_clusters}: ask for {n} clusters, or leave fix out"
            ));
        }
        Ok(())
    }
}
