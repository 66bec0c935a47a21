//! DBSCAN: clusters are what dense regions hang together in; the rest is noise.

use serde::{Deserialize, Serialize};

use crate::cluster::options::{check_positive, check_representatives, method, ScalingMethod};
use crate::cluster::representatives::{groups, Representatives};
use crate::cluster::spanning_tree::{spanning_tree, Edge};
use crate::error::{invalid_argument, Result};
use crate::model::Model;
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The shares of the pixels that may be dense where nobody says what dense is, the largest first.
const DENSE: [f64; 9] = [0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

/// The share of the pixels from which a class counts when these are compared.
const LARGE: f64 = 0.01;

/// The options, with the names of scikit-learn's `DBSCAN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dbscan {
    /// Radius of a neighbourhood, in (scaled) band units. Default: of those with which half of the pixels or more are dense, the one
    /// that parts most classes of a hundredth of the pixels or more.
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
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Dbscan, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let points = Representatives::new(
        summary,
        options.scaling,
        seed,
        1,
        &mut run.stage(0.0, 0.6),
        |cells, band_weights, stop| groups(cells, n, band_weights, seed, stop),
    )?;
    let total: f64 = points.weights.iter().sum();
    let least = options.min_samples / f64::from(options.n_representatives) * total;
    let (eps, classes) = run.stage(0.6, 1.0).with_stop("fitting", |stop| {
        let eps = match options.eps {
            Some(eps) => eps,
            None => parting_radius(&points, least, stop)?,
        };
        Ok((eps, hang_together(&points, eps, least, stop)?))
    })?;
    points.model(method("dbscan", &Dbscan { eps: Some(eps), ..options.clone() }), &classes)
}

/// Of some radii within each of which at least half of the pixels have enough neighbours, the one that parts most classes of some size; of
/// equals the largest, which leaves least noise.
///
/// Ester and others read the radius off the sorted distances of the `k`th neighbour, at their knee, or where a share of noise is as expected. In
/// scenes, whose classes blend into each other, beyond the knee is one class of nearly all pixels.
fn parting_radius(points: &Representatives, least: f64, stop: &Stop) -> Result<f64> {
    let mut reach = Vec::with_capacity(points.len());
    for point in 0..points.len() {
        stop.check()?;
        reach.push(points.radius_of(point, least));
    }
    // Dense points hang together within a radius where edges of this tree do that are no longer.
    let length = |a: usize, b: usize| points.squared_distance(a, b).sqrt().max(reach[a]).max(reach[b]);
    let tree = spanning_tree(points.len(), length, stop)?;
    let mut radii: Vec<(f64, f64)> = reach.iter().copied().zip(points.weights.iter().copied()).collect();
    radii.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut best: Option<(usize, f64)> = None;
    for share in DENSE {
        let eps = weighted_quantile(&radii, share);
        // Where pixels at one place are enough, nothing hangs together.
        if best.is_some() && eps == 0.0 {
            break;
        }
        let n_classes = n_large(points, &tree, &reach, eps);
        if best.is_none_or(|best| n_classes > best.0) {
            best = Some((n_classes, eps));
        }
    }
    Ok(best.map_or(0.0, |best| best.1).max(f64::MIN_POSITIVE))
}

/// How many classes of dense points hold at least a share [`LARGE`] of the pixels.
fn n_large(points: &Representatives, tree: &[Edge], reach: &[f64], eps: f64) -> usize {
    // Edges come in the order in which they reach new points from old ones: the class of `from` is known.
    let mut class: Vec<usize> = (0..points.len()).collect();
    for edge in tree.iter().filter(|edge| edge.length <= eps) {
        class[edge.to] = class[edge.from];
    }
    let mut sizes = vec![0.0; points.len()];
    for point in (0..points.len()).filter(|&point| reach[point] <= eps) {
        sizes[class[point]] += points.weights[point];
    }
    let total: f64 = points.weights.iter().sum();
    sizes.iter().filter(|size| **size >= LARGE * total).count()
}

/// The value below which a share of the weight lies, of values in ascending order.
fn weighted_quantile(values: &[(f64, f64)], share: f64) -> f64 {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let reached = values.iter().find(|(_, weight)| {
        below += weight;
        below >= share * total
    });
    reached.or(values.last()).map_or(0.0, |(value, _)| *value)
}

/// The cluster of each point; `None` for noise.
fn hang_together(points: &Representatives, eps: f64, least: f64, stop: &Stop) -> Result<Vec<Option<usize>>> {
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
