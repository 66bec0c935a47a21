//! A candidate for the number of classes.

use schemars::JsonSchema;
use serde::Serialize;

/// A number of classes, and its measures. Distances are Euclidean, in band units, scaled if the fit
/// scales.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Candidate {
    /// The number of classes.
    pub k: u32,
    /// Sum of the squared distances of the pixels from their centre.
    pub inertia: f64,
    /// Simplified silhouette, -1 to 1; the higher the better.
    #[schemars(with = "Option<f64>")]
    pub silhouette: f64,
    /// Calinski-Harabasz index; the higher the better. Infinite if every class is a single value.
    #[schemars(with = "Option<f64>")]
    pub calinski_harabasz: f64,
    /// Davies-Bouldin index, from 0 up; the lower the better.
    #[schemars(with = "Option<f64>")]
    pub davies_bouldin: f64,
    /// Mean adjusted Rand index between the best restart and each other: 1 if all find the same
    /// classes. NaN if there was only one restart.
    #[schemars(with = "Option<f64>")]
    pub stability: f64,
    /// Bayesian information criterion, of mixtures; the lower the better. NaN for k-means.
    #[serde(skip_serializing_if = "is_nan")]
    pub bic: f64,
}

impl PartialEq for Candidate {
    /// Bit by bit, so that NaN equals NaN.
    fn eq(&self, other: &Candidate) -> bool {
        let numbers = |c: &Candidate| {
            [c.inertia, c.silhouette, c.calinski_harabasz, c.davies_bouldin, c.stability, c.bic]
                .map(f64::to_bits)
        };
        (self.k, numbers(self)) == (other.k, numbers(other))
    }
}

fn is_nan(value: &f64) -> bool {
    value.is_nan()
}
