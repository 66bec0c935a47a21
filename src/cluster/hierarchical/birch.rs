//! BIRCH: cells are gathered into small subclusters, which are then joined.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::agglomerative::{classes, Linkage};
use crate::cluster::options::{
    check_classes, check_positive, check_representatives, method, ScalingMethod,
};
use crate::cluster::representatives::{draws, repeated, Representatives, Weighted};
use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

/// If no threshold is given, this one is tried first: a fraction of the pixels' standard deviation
/// over all bands.
const FIRST_THRESHOLD: f64 = 0.01;

/// The threshold grows by this factor if there are too many subclusters.
const GROWTH: f64 = 1.25;

/// How often the interval is halved between a threshold that leaves too many subclusters and one
/// that leaves fewer subclusters than classes.
const HALVINGS: usize = 20;

/// The least threshold.
const LEAST: f64 = f64::MIN_POSITIVE;

/// The options, with the names of scikit-learn's `Birch`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Birch {
    /// Number of classes, 1 to 65535. Default 4.
    pub n_clusters: u32,
    /// The largest radius (root mean square distance from the mean) of a subcluster, in (scaled)
    /// band units. It is raised until at most `n_representatives` subclusters are left. Default:
    /// the smallest threshold that leaves at most so many.
    pub threshold: Option<f64>,
    /// Most subclusters of a node of scikit-learn's tree. Accepted without effect, as there is no
    /// tree here. Default 50.
    pub branching_factor: u32,
    /// Most subclusters: the number of classes to 5000. Default 2000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Not used: nothing is random. Default 0.
    pub seed: u64,
}

impl Default for Birch {
    fn default() -> Birch {
        let scaling = ScalingMethod::default();
        Birch {
            n_clusters: 4,
            threshold: None,
            branching_factor: 50,
            n_representatives: 2000,
            scaling,
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Birch {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        check_positive("threshold", self.threshold)?;
        if self.branching_factor < 2 {
            return invalid_argument(format!(
                "branching_factor is {}: give a number from 2 up",
                self.branching_factor
            ));
        }
        check_representatives(self.n_representatives, self.n_clusters)
    }
}

/// Gathers the cells of a summary into subclusters, joins these by Ward's rule, and gives every
/// pixel the class of the nearest subcluster. A subcluster has the weight of its pixels (in steps
/// of one in `n_representatives`), as if all of them were joined. (scikit-learn joins each
/// subcluster as one point; with its small threshold and few pixels, the result is nearly the
/// same.)
///
/// Zhang, Ramakrishnan and Livny, "BIRCH: an efficient data clustering method for very large
/// databases", SIGMOD 1996. The summary replaces its first phase, without a tree.
///
/// # Errors
/// As [`Algorithm::fit`](crate::cluster::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Birch, run: &mut Run) -> Result<Model> {
    let n_clusters = options.n_clusters as usize;
    let used = std::sync::Mutex::new(0.0);
    let points = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        n_clusters,
        &mut run.stage(0.0, 0.7),
        |cells, band_weights, stop| {
            let (threshold, subclusters) = gather(cells, band_weights, options, stop)?;
            *used.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = threshold;
            Ok(subclusters)
        },
    )?;
    let threshold = used.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    if points.len() < n_clusters {
        return invalid_argument(format!(
            "a threshold of {threshold} leaves {} subclusters for {n_clusters} clusters: give a \
             smaller one, or more n_representatives",
            points.len()
        ));
    }
    let classes = run.stage(0.7, 0.9).with_stop("fitting", |stop| {
        let draws = draws(points.weights.iter().copied(), options.n_representatives as usize);
        let places = repeated(draws.into_iter());
        classes(&points, &places, Linkage::Ward, n_clusters, stop).map(|(classes, _)| classes)
    })?;
    points.model(
        method("birch", &Birch { threshold: Some(threshold), ..options.clone() }),
        &classes,
        run,
    )
}

/// The smallest threshold that leaves few enough subclusters, and these subclusters.
fn gather(
    cells: &Cells,
    band_weights: &[f64],
    options: &Birch,
    stop: &Stop,
) -> Result<(f64, Weighted)> {
    let variances = cells.variance.iter().zip(band_weights);
    let std = variances.map(|(variance, weight)| variance * weight * weight).sum::<f64>().sqrt();
    let mut threshold = options.threshold.unwrap_or(FIRST_THRESHOLD * std).max(LEAST);
    let (most, least) = (options.n_representatives as usize, options.n_clusters as usize);
    let gather = |threshold: f64| Subclusters::gather(cells, band_weights, threshold, most, stop);
    // The largest threshold so far that leaves too many.
    let mut too_small = None;
    let mut subclusters = loop {
        if let Some(subclusters) = gather(threshold)? {
            break subclusters;
        }
        too_small = Some(threshold);
        threshold *= GROWTH;
    };
    // If there are few distinct values, even the first threshold may leave too few.
    while options.threshold.is_none()
        && too_small.is_none()
        && subclusters.1.len() < least
        && threshold > LEAST
    {
        match gather(threshold / 2.0)? {
            Some(more) => (threshold, subclusters) = (threshold / 2.0, more),
            None => too_small = Some(threshold / 2.0),
        }
    }
    // The last step may have left too few: tries thresholds between the last two.
    let Some(mut too_small) = too_small else { return Ok((threshold, subclusters)) };
    let mut too_large = threshold;
    for _ in 0..HALVINGS {
        if subclusters.1.len() >= least {
            break;
        }
        let middle = too_small + (too_large - too_small) / 2.0;
        match gather(middle)? {
            None => too_small = middle,
            Some(found) => (too_large, threshold, subclusters) = (middle, middle, found),
        }
    }
    Ok((threshold, subclusters))
}

/// Subclusters as features: number of pixels, sum, and sum of squares over all bands.
struct Subclusters {
    counts: Vec<f64>,
    /// Scaled, subcluster by subcluster.
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Subclusters {
    /// Adds every cell to the nearest subcluster, if its radius then stays within the threshold;
    /// else the cell becomes a new subcluster. `None` if there are more than `most`.
    fn gather(
        cells: &Cells,
        band_weights: &[f64],
        threshold: f64,
        most: usize,
        stop: &Stop,
    ) -> Result<Option<Weighted>> {
        let n_bands = band_weights.len();
        let mut all = Subclusters { counts: Vec::new(), sums: Vec::new(), squares: Vec::new() };
        let mut means: Vec<f64> = Vec::new();
        let mut point = vec![0.0; n_bands];
        for (index, (mean, count)) in cells.means.rows().into_iter().zip(&cells.counts).enumerate()
        {
            if index % 1024 == 0 {
                stop.check()?;
            }
            let count = *count as f64;
            // Relative to the mean of all pixels: squares of large numbers that differ little would
            // lose their differences.
            for (band, to) in point.iter_mut().enumerate() {
                *to = (mean[band] - cells.mean[band]) * band_weights[band];
            }
            let nearest = nearest(&means, &point);
            let cluster = match nearest
                .filter(|&cluster| all.radius_with(cluster, &point, count) <= threshold)
            {
                Some(cluster) => cluster,
                None if all.counts.len() == most => return Ok(None),
                None => {
                    all.counts.push(0.0);
                    all.squares.push(0.0);
                    all.sums.extend(std::iter::repeat_n(0.0, n_bands));
                    means.extend(&point);
                    all.counts.len() - 1
                }
            };
            all.counts[cluster] += count;
            all.squares[cluster] += count * point.iter().map(|value| value * value).sum::<f64>();
            for (band, value) in point.iter().enumerate() {
                all.sums[cluster * n_bands + band] += count * value;
                means[cluster * n_bands + band] =
                    all.sums[cluster * n_bands + band] / all.counts[cluster];
            }
        }
        let of = |(cluster, band): (usize, usize)| {
            means[cluster * n_bands + band] / band_weights[band] + cells.mean[band]
        };
        Ok(Some((Array2::from_shape_fn((all.counts.len(), n_bands), of), all.counts)))
    }

    /// The radius of a subcluster after some more pixels are added.
    fn radius_with(&self, cluster: usize, point: &[f64], count: f64) -> f64 {
        let n = self.counts[cluster] + count;
        let sums = self.sums[cluster * point.len()..][..point.len()].iter().zip(point);
        let squared_mean: f64 = sums.map(|(sum, value)| ((sum + count * value) / n).powi(2)).sum();
        let squares =
            self.squares[cluster] + count * point.iter().map(|value| value * value).sum::<f64>();
        (squares / n - squared_mean).max(0.0).sqrt()
    }
}

/// The mean nearest to a point.
fn nearest(means: &[f64], point: &[f64]) -> Option<usize> {
    let distance =
        |mean: &[f64]| mean.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let distances = means.chunks_exact(point.len()).map(distance).enumerate();
    distances.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}
