//! DBSCAN: clusters are the connected components of dense pixels; the rest is noise.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use linfa::traits::Transformer;
use linfa_ndarray::{ArrayView, Dimension};
use linfa_nn::distance::{Distance, L2Dist};
use linfa_nn::CommonNearestNeighbour;
use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use super::drawn::{Drawn, Population};
use crate::cluster::lloyd::assign;
use crate::cluster::options::{check_positive, check_representatives, method, ScalingMethod};
use crate::cluster::points::Points;
use crate::cluster::representatives::{groups_after, repeated, Representatives};
use crate::error::{invalid_argument, Error, Result};
use crate::kernel::Centers;
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// If `eps` is not given: the shares of the pixels that may be dense, the largest first.
const DENSE: [f64; 5] = [0.9, 0.8, 0.7, 0.6, 0.5];

/// The least share of the pixels in a large class. Radii are compared by their large classes.
const LARGE: f64 = 0.01;

/// Pixels drawn for each representative. Ten would agree with scikit-learn no better, and a search
/// would take four times as long.
const DRAWN_EACH: usize = 5;

/// The same while radii are tried.
const TRIED_EACH: usize = 2;

/// The approximate largest number of pairs of drawn pixels within the radius: about a second.
const MOST_PAIRS: f64 = 1e7;

/// Iterations of k-means that spread the representatives. Few are enough, as the drawn pixels
/// decide the classes.
const ITERATIONS: u32 = 3;

/// The options, with the names of scikit-learn's `DBSCAN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dbscan {
    /// Radius of a neighbourhood, in (scaled) band units. Default: an estimate. Of the radii at
    /// which half of the pixels or more are dense, it is the one with the most classes that hold a
    /// hundredth of the pixels or more.
    pub eps: Option<f64>,
    /// Least number of pixels in the neighbourhood of a dense pixel, itself included, if there were
    /// `n_representatives` pixels in all: 5 of 2000 correspond to 5000 of two million, and to 25 of
    /// the 10,000 that are drawn. Default 5.
    pub min_samples: f64,
    /// Number of points that label the pixels: 2 to 5000. Classes are found among five times as
    /// many pixels, drawn in proportion. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Dbscan {
    fn default() -> Dbscan {
        Dbscan {
            eps: None,
            min_samples: 5.0,
            n_representatives: 2000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
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

/// Finds dense regions among pixels drawn from the summary in proportion. Each drawn pixel votes at
/// its nearest representative: the representative takes the class, or noise, of most of its drawn
/// pixels. Every pixel gets the class of its nearest representative.
///
/// Ester, Kriegel, Sander and Xu, "A density-based algorithm for discovering clusters", KDD 1996;
/// by `linfa-clustering`.
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Dbscan, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let points = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        seed,
        1,
        &mut run.stage(0.0, 0.5),
        |cells, band_weights, stop| groups_after(ITERATIONS, cells, n, band_weights, seed, stop),
    )?;
    let population = Population::new(summary, &points.cells);
    let found = run.stage(0.5, 0.9).with_stop("fitting", |stop| {
        let fit = |eps, each| find(&points, &population, eps, each, options, stop);
        let eps = match options.eps {
            Some(eps) => eps,
            None => {
                parting_radius(&likely_radii(&points, options, stop)?, |eps| fit(eps, TRIED_EACH))?
            }
        };
        fit(eps, DRAWN_EACH)
    })?;
    points.model(
        method("dbscan", &Dbscan { eps: Some(found.eps), ..options.clone() }),
        &found.classes,
        run,
    )
}

/// The most pixels that are drawn.
pub(crate) fn most_drawn(options: &Dbscan) -> usize {
    DRAWN_EACH * options.n_representatives as usize
}

/// The radius that gives the most large classes; of radii with equally many, the largest, which
/// leaves the least noise. `radii` are given from the largest down.
fn parting_radius(radii: &[f64], fit: impl Fn(f64) -> Result<Found>) -> Result<f64> {
    let mut best = fit(radii[0])?;
    for &eps in &radii[1..] {
        let found = fit(eps)?;
        if found.n_large > best.n_large {
            best = found;
        }
    }
    Ok(best.eps)
}

/// Radii at which given shares of the pixels have enough neighbours, the largest first.
///
/// Ester and others read the radius off the sorted distances of the `k`th neighbour: at their knee,
/// or at an expected share of noise. But the classes of a scene blend into each other: beyond the
/// knee, nearly all pixels are one class.
fn likely_radii(points: &Representatives, options: &Dbscan, stop: &Stop) -> Result<Vec<f64>> {
    let total: f64 = points.weights.iter().sum();
    let least = options.min_samples / f64::from(options.n_representatives) * total;
    let mut reaches = Vec::with_capacity(points.len());
    for (point, weight) in points.weights.iter().enumerate() {
        stop.check()?;
        reaches.push((points.radius_of(point, least), *weight));
    }
    reaches.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut radii = DENSE.map(|share| weighted_quantile(&reaches, share)).to_vec();
    radii.dedup();
    // If enough pixels lie at one place, only equal pixels are neighbours.
    if radii[0] > 0.0 {
        radii.retain(|eps| *eps > 0.0);
    }
    Ok(radii.into_iter().map(|eps| eps.max(f64::MIN_POSITIVE)).collect())
}

/// The value below which a share of the weight lies; `values` are ascending.
fn weighted_quantile(values: &[(f64, f64)], share: f64) -> f64 {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let reached = values.iter().find(|(_, weight)| {
        below += weight;
        below >= share * total
    });
    reached.or(values.last()).map_or(0.0, |(value, _)| *value)
}

/// The result with one radius.
struct Found {
    eps: f64,
    /// The class of each representative; `None` for noise.
    classes: Vec<Option<usize>>,
    /// How many classes hold at least a share [`LARGE`] of the drawn pixels.
    n_large: usize,
}

/// Draws pixels, some for each representative, and finds the connected components of dense pixels
/// within a radius.
fn find(
    points: &Representatives,
    population: &Population,
    eps: f64,
    each: usize,
    options: &Dbscan,
    stop: &Stop,
) -> Result<Found> {
    let wanted = each * options.n_representatives as usize;
    let drawn = population.draw(wanted.min(most_draws(points, eps, stop)?));
    let n_pixels = drawn.n_pixels() as f64;
    let least =
        (options.min_samples * n_pixels / f64::from(options.n_representatives)).ceil() as usize;
    let scaled = &drawn.places * &ArrayView1::from(&points.band_weights);
    let of_places = dense_regions(&scaled, &drawn.counts, eps, least, stop)?;
    let n_classes = of_places.iter().flatten().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0; n_classes];
    for (class, count) in of_places.iter().zip(&drawn.counts) {
        class.iter().for_each(|class| sizes[*class] += count);
    }
    let n_large = sizes.iter().filter(|size| **size as f64 >= LARGE * n_pixels).count();
    Ok(Found { eps, classes: vote(points, &drawn, &scaled, &of_places, eps, stop)?, n_large })
}

/// How many pixels may be drawn so that there are at most about [`MOST_PAIRS`] pairs within the
/// radius.
fn most_draws(points: &Representatives, eps: f64, stop: &Stop) -> Result<usize> {
    let mut pairs = 0.0;
    for (point, weight) in points.weights.iter().enumerate() {
        stop.check()?;
        let near = |other: &usize| points.squared_distance(point, *other) <= eps * eps;
        pairs +=
            weight * (0..points.len()).filter(near).map(|other| points.weights[other]).sum::<f64>();
    }
    let total: f64 = points.weights.iter().sum();
    Ok((MOST_PAIRS.sqrt() * total / pairs.sqrt()) as usize)
}

/// The class of each place (in scaled units); `counts` are the numbers of pixels there. `None` is
/// noise.
fn dense_regions(
    places: &Array2<f64>,
    counts: &[usize],
    eps: f64,
    least: usize,
    stop: &Stop,
) -> Result<Vec<Option<usize>>> {
    // If enough pixels lie at one place, more of them change nothing. linfa needs at least two
    // pixels: if one is enough, it gets each pixel twice.
    let copies = |count: &usize| if least <= 1 { 2 } else { (*count).min(least) };
    let place_of = repeated(counts.iter().map(copies));
    let pixels = for_linfa(&places.select(Axis(0), &place_of));
    // Only the flag: linfa needs a type that threads can share.
    let distance = CancellableDistance(stop.flag());
    let search = linfa_clustering::Dbscan::params_with(
        least.max(2),
        distance,
        CommonNearestNeighbour::KdTree,
    );
    let found = search
        .tolerance(eps)
        .transform(&pixels)
        .map_err(|error| Error::InvalidArgument(error.to_string()))?;
    stop.check()?;
    let mut classes = vec![None; counts.len()];
    for (place, class) in place_of.into_iter().zip(found) {
        classes[place] = class;
    }
    Ok(classes)
}

/// The same array in linfa's version of ndarray.
fn for_linfa(array: &Array2<f64>) -> linfa_ndarray::Array2<f64> {
    linfa_ndarray::Array2::from_shape_fn(array.dim(), |at| array[at])
}

/// The class of each representative: that of most pixels drawn nearest to it. If none was drawn,
/// that of the nearest place within the radius.
fn vote(
    points: &Representatives,
    drawn: &Drawn,
    scaled: &Array2<f64>,
    of_places: &[Option<usize>],
    eps: f64,
    stop: &Stop,
) -> Result<Vec<Option<usize>>> {
    let centers = Centers::with_stop(points.points.clone(), points.band_weights.clone(), stop)?;
    let nearest =
        assign(&Points::weighted(&drawn.places, vec![1.0; of_places.len()]), &centers, stop)?;
    let mut votes = vec![BTreeMap::new(); points.len()];
    for ((point, class), count) in nearest.into_iter().zip(of_places).zip(&drawn.counts) {
        *votes[usize::from(point)].entry(*class).or_insert(0) += count;
    }
    let of_nearest = |point: usize| {
        let to = points.scaled.row(point);
        let squared = |place: ArrayView1<f64>| {
            place.iter().zip(to).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
        };
        let distances = scaled.rows().into_iter().map(squared).zip(of_places);
        let (distance, class) = distances.min_by(|a, b| a.0.total_cmp(&b.0))?;
        class.filter(|_| distance <= eps * eps)
    };
    let most = |(point, votes): (usize, &BTreeMap<Option<usize>, usize>)| {
        let won = votes.iter().max_by_key(|(_, count)| **count);
        won.map_or_else(|| of_nearest(point), |(class, _)| *class)
    };
    let mut classes = Vec::with_capacity(votes.len());
    for votes in votes.iter().enumerate() {
        stop.check()?;
        classes.push(most(votes));
    }
    Ok(classes)
}

/// Euclidean distances until a run is cancelled. From then on they are infinite, so the search soon
/// ends.
#[derive(Clone)]
struct CancellableDistance<'a>(&'a AtomicBool);

impl Distance<f64> for CancellableDistance<'_> {
    fn distance<D: Dimension>(&self, a: ArrayView<f64, D>, b: ArrayView<f64, D>) -> f64 {
        self.rdistance(a, b).sqrt()
    }

    fn rdistance<D: Dimension>(&self, a: ArrayView<f64, D>, b: ArrayView<f64, D>) -> f64 {
        if self.0.load(Ordering::Relaxed) {
            return f64::INFINITY;
        }
        L2Dist.rdistance(a, b)
    }

    fn rdist_to_dist(&self, squared: f64) -> f64 {
        squared.sqrt()
    }

    fn dist_to_rdist(&self, distance: f64) -> f64 {
        distance * distance
    }
}
