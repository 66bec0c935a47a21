//! Bisecting k-means: one cluster is split in two, again and again.

use ndarray::{Array2, Axis};
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::lloyd::{assign, lloyd, LloydResult};
use super::options::{check_classes, check_restarts, check_tolerance, method, ScalingMethod};
use super::points::Points;
use super::representatives::{Representatives, Weighted};
use super::seeding::kmeans_plus_plus;
use crate::error::Result;
use crate::kernel::Centers;
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

/// Which cluster is split next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The one with the largest inertia.
    #[default]
    BiggestInertia,
    /// The one with the most pixels.
    LargestCluster,
}

/// The options, with the names of scikit-learn's `BisectingKMeans`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bisecting {
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// Number of starts of each split, at least 1. Default 10.
    pub n_init: u32,
    /// Most iterations of a split, at least 1. Default 300.
    pub max_iter: u32,
    /// A split has converged when the squared shift of both centres is at most this times the mean
    /// band variance. Default 1e-4.
    pub tol: f64,
    /// Which cluster is split next. Default the one with the largest inertia.
    pub bisecting_strategy: Strategy,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Bisecting {
    fn default() -> Bisecting {
        Bisecting {
            n_clusters: 4,
            n_init: 10,
            max_iter: 300,
            tol: 1e-4,
            bisecting_strategy: Strategy::default(),
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Bisecting {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        check_restarts(self.n_init, self.max_iter)?;
        check_tolerance(self.tol)
    }
}

/// Splits the cells of a summary; every pixel then belongs to the nearest centre. (scikit-learn
/// assigns a pixel by the sequence of splits: pixels near the border of an early split may differ.)
///
/// Steinbach, Karypis and Kumar, "A comparison of document clustering techniques", KDD
/// workshop 2000.
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Bisecting, run: &mut Run) -> Result<Model> {
    let k = options.n_clusters as usize;
    let centers = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        k,
        &mut run.stage(0.0, 0.9),
        |cells, weights, stop| split(cells, weights, options, stop),
    )?;
    let classes: Vec<_> = (0..centers.len()).map(Some).collect();
    centers.model(method("bisecting", options), &classes, run)
}

/// A cluster of cells.
struct Cluster {
    cells: Vec<usize>,
    rest: LloydResult,
    n_pixels: f64,
}

/// The centres of the requested number of clusters, and the number of pixels of each.
fn split(
    cells: &Cells,
    band_weights: &[f64],
    options: &Bisecting,
    stop: &Stop,
) -> Result<Weighted> {
    let variances = cells.variance.iter().zip(band_weights);
    let mean_variance = variances.map(|(variance, weight)| variance * weight * weight).sum::<f64>();
    let tolerance = options.tol * mean_variance / band_weights.len() as f64;
    let part = |chosen: &[usize]| {
        let weights = chosen.iter().map(|&cell| cells.counts[cell] as f64).collect();
        Points::weighted(&cells.means.select(Axis(0), chosen), weights)
    };
    let best =
        |points: &Points, k: usize, random: &mut Pcg64, n_init: u32| -> Result<LloydResult> {
            let mut best: Option<LloydResult> = None;
            for _ in 0..n_init {
                let start = kmeans_plus_plus(points, k, band_weights, random, stop)?;
                let rest = lloyd(points, start, band_weights, options.max_iter, tolerance, stop)?;
                if best.as_ref().is_none_or(|best| rest.inertia < best.inertia) {
                    best = Some(rest);
                }
            }
            Ok(best.expect("there is a start"))
        };
    let mut random = Pcg64::new(u128::from(options.seed), 0);
    let all: Vec<usize> = (0..cells.len()).collect();
    let rest = best(&part(&all), 1, &mut random, 1)?;
    let mut clusters = vec![Cluster { cells: all, rest, n_pixels: cells.n_pixels() as f64 }];
    while clusters.len() < options.n_clusters as usize {
        // A cell cannot be split; there are at least as many of them as clusters are asked for.
        let size = |cluster: &Cluster| match options.bisecting_strategy {
            Strategy::BiggestInertia => cluster.rest.inertia,
            Strategy::LargestCluster => cluster.n_pixels,
        };
        let splittable = (0..clusters.len()).filter(|&index| clusters[index].cells.len() > 1);
        let next = splittable
            .max_by(|&a, &b| size(&clusters[a]).total_cmp(&size(&clusters[b])).then(b.cmp(&a)));
        let Some(next) = next else { break };
        let cluster = clusters.swap_remove(next);
        let points = part(&cluster.cells);
        let halves = best(&points, 2, &mut random, options.n_init)?.centers;
        let sides = assign(&points, &Centers::new(halves, band_weights.to_vec()), stop)?;
        for side in 0..2 {
            let chosen = cluster.cells.iter().zip(&sides).filter(|(_, of)| **of == side);
            let chosen: Vec<usize> = chosen.map(|(cell, _)| *cell).collect();
            let points = part(&chosen);
            let n_pixels = points.weights().iter().sum();
            clusters.push(Cluster {
                rest: best(&points, 1, &mut random, 1)?,
                cells: chosen,
                n_pixels,
            });
        }
    }
    let centers = Array2::from_shape_fn((clusters.len(), cells.n_bands()), |(cluster, band)| {
        clusters[cluster].rest.centers[(0, band)]
    });
    Ok((centers, clusters.iter().map(|cluster| cluster.n_pixels).collect()))
}
