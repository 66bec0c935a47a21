//! Gaussian mixture: classes are normal distributions, each with a covariance of its own.

use serde::{Deserialize, Serialize};

use super::algorithm::{check_classes, check_positive, check_restarts, method};
use super::expectation::{likeliest, Data};
use super::ground::{check_cells, scaling};
use super::kmeans::{bands, labelled_statistics, ScalingMethod};
use super::points::Points;
use super::profile::set_profiles;
use super::reduce::with_stop;
use crate::error::{invalid_data, Result};
use crate::kernel::{Mixture, MixtureSearch};
use crate::model::{Model, Regions};
use crate::progress::Run;
use crate::summary::Summary;

/// The options, with the names of scikit-learn's `GaussianMixture` (full covariances, begun by k-means).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gmm {
    /// Number of classes, 1 to 65535. Default 4.
    #[serde(alias = "n_clusters")]
    pub n_components: u32,
    /// Number of starts, of which the likeliest is kept; at least 1. Default 1.
    pub n_init: u32,
    /// Most iterations of a start, at least 1. Default 100.
    pub max_iter: u32,
    /// A start has converged when an iteration raises the mean log-likelihood of a pixel by less than this. Default 1e-3.
    pub tol: f64,
    /// Added to all variances, in squared (scaled) band units. Default 1e-6.
    pub reg_covar: f64,
    /// Not used any more: borders are those of the mixture. Default 2000.
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

/// Fits a mixture to the cells of a summary by expectation-maximisation, each weighing as many pixels as it holds and as wide as
/// these are spread in it. Every pixel then has the class of the component that it most likely belongs to.
///
/// (`linfa-clustering` has a mixture, but takes no weights.)
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub fn fit(summary: &Summary, options: &Gmm, run: &mut Run) -> Result<Model> {
    let cells = summary.cells();
    check_cells(&cells, summary, options.n_components as usize)?;
    let scaling = self::scaling(options.scaling, &cells)?;
    let band_weights = scaling.weights(cells.n_bands());
    let data = Data::new(&cells, &band_weights);
    let found = with_stop(run, |stop| likeliest(&data, options.n_components as usize, options, stop))?;
    let (points, normals) = found.in_band_units(&band_weights);
    let classes = (0..options.n_components as u16).collect();
    let regions = Regions { points, classes, noise: None, radii: Vec::new(), normals: Some(normals) };
    let Some(mixture) = regions.mixture() else {
        return invalid_data("a class of the mixture has no width in some direction: raise reg_covar");
    };
    let labels = labels(&Points::solid(&cells), &mixture);
    let fitted = labelled_statistics(&cells, &labels, regions.points.clone(), found.n_iter);
    let method = method("gmm", options);
    let mut model = Model::of_regions(method, options.seed, bands(&cells), scaling, regions, &fitted);
    set_profiles(&mut model, &cells);
    Ok(model)
}

/// The component that each point most likely belongs to.
pub(crate) fn labels(points: &Points, mixture: &Mixture) -> Vec<u16> {
    let mut search = MixtureSearch::new(points.n_bands());
    let tiles = points.tiles();
    tiles.flat_map(|(samples, weights)| search.search(mixture, samples, weights.len()).to_vec()).collect()
}
