//! DBSCAN: clusters are what dense regions hang together in; the rest is noise.

use serde::{Deserialize, Serialize};

use super::algorithm::{check_positive, method};
use super::kmeans::ScalingMethod;
use super::reduce::{check_representatives, groups, with_stop, Reduced};
use crate::error::{invalid_argument, Result};
use crate::model::Model;
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The share of the pixels that is dense where nobody says what dense is.
const DENSE: f64 = 0.9;

/// The options, with the names of scikit-learn's `DBSCAN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dbscan {
    /// Radius of a neighbourhood, in (scaled) band units. Default: that in which nine tenths of the pixels are dense.
    pub eps: Option<f64>,
    /// Least number of pixels in the neighbourhood of a dense one, itself included, if the pixels were `n_representatives`: 5 of 2000
    /// are as many as 5000 of two million. Default 5.
    pub min_samples: f64,
    /// Number of points that stand for the pixels: 2 to 5000. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Dbscan {
    fn default() -> Dbscan {
        let scaling = ScalingMethod::default();
        Dbscan { eps: None, min_samples: 5.0, n_representatives: 2000, scaling, seed: 0 }
    }
}

impl Dbscan {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_positive("eps", self.eps)?;
        check_positive("min_samples", Some(self.min_samples))?;
        if self.min_samples > f64::from(self.n_representatives) {
            return invalid_argument(format!(
                "min_samples is {}, of {} representatives: give fewer",
                self.min_samples, self.n_representatives
            ));
        }
        check_representatives(self.n_representatives, 2)
    }
}

/// Finds dense regions among representatives of the pixels, each weighing as many as it stands for, and gives every pixel the class
/// of its nearest representative.
///
/// Ester, Kriegel, Sander and Xu, "A density-based algorithm for discovering clusters", KDD 1996.
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub fn fit(summary: &Summary, options: &Dbscan, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let points = Reduced::new(
        summary,
        options.scaling,
        seed,
        1,
        &mut run.stage(0.0, 0.6),
        |cells, band_weights, stop| groups(cells, n, band_weights, seed, stop),
    )?;
    let total: f64 = points.weights.iter().sum();
    let least = options.min_samples / f64::from(options.n_representatives) * total;
    let (eps, classes) = with_stop(&mut run.stage(0.6, 1.0), |stop| {
        let eps = match options.eps {
            Some(eps) => eps,
            None => dense_radius(&points, least, stop)?,
        };
        Ok((eps, hang_together(&points, eps, least, stop)?))
    })?;
    points.model(method("dbscan", &Dbscan { eps: Some(eps), ..options.clone() }), &classes)
}

/// The radius within which nine tenths of the pixels have at least so many neighbours.
fn dense_radius(points: &Reduced, least: f64, stop: &Stop) -> Result<f64> {
    let mut radii = Vec::with_capacity(points.len());
    for point in 0..points.len() {
        stop.check()?;
        radii.push((points.radius_of(point, least), points.weights[point]));
    }
    Ok(weighted_quantile(radii, DENSE).max(f64::MIN_POSITIVE))
}

/// The value below which a share of the weight lies.
fn weighted_quantile(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let reached = values.iter().find(|(_, weight)| {
        below += weight;
        below >= share * total
    });
    reached.or(values.last()).map_or(0.0, |(value, _)| *value)
}

/// The cluster of each point; `None` for noise.
fn hang_together(points: &Reduced, eps: f64, least: f64, stop: &Stop) -> Result<Vec<Option<usize>>> {
    let n = points.len();
    let near = |a: usize, b: usize| points.squared_distance(a, b).sqrt() <= eps;
    let mut is_core = vec![false; n];
    for (point, is_core) in is_core.iter_mut().enumerate() {
        stop.check()?;
        let within: f64 = (0..n).filter(|&other| near(point, other)).map(|other| points.weights[other]).sum();
        *is_core = within >= least;
    }
    let mut classes = vec![None; n];
    for seed in 0..n {
        if !is_core[seed] || classes[seed].is_some() {
            continue;
        }
        classes[seed] = Some(seed);
        let mut reached = vec![seed];
        while let Some(point) = reached.pop() {
            stop.check()?;
            for other in (0..n).filter(|&other| is_core[other]) {
                if classes[other].is_none() && near(point, other) {
                    classes[other] = Some(seed);
                    reached.push(other);
                }
            }
        }
    }
    // A point beside dense ones belongs to the nearest of them (scikit-learn: to the cluster found first).
    for point in (0..n).filter(|&point| !is_core[point]) {
        let cores = (0..n).filter(|&other| is_core[other] && near(point, other));
        let nearest = cores
            .min_by(|&a, &b| points.squared_distance(point, a).total_cmp(&points.squared_distance(point, b)));
        classes[point] = nearest.and_then(|core| classes[core]);
    }
    Ok(classes)
}
