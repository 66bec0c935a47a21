//! ISODATA: k-means that splits wide clusters, joins near ones and drops small ones.

use ndarray::Array2;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::lloyd::assign;
use super::options::{check_classes, check_positive, method, ScalingMethod};
use super::points::Points;
use super::representatives::{Representatives, Weighted};
use super::seeding::kmeans_plus_plus;
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

/// The centres of the two halves of a split cluster start so many standard deviations from its
/// mean.
const SPLIT: f64 = 0.5;

/// Most pairs of clusters that are joined in one iteration.
const MOST_JOINED: usize = 2;

/// The defaults of the largest standard deviation and of the least distance, as fractions of the
/// root mean square of the bands' standard deviations.
const STD_FRACTION: f64 = 0.5;
const DISTANCE_FRACTION: f64 = 0.5;

/// The options: those of Ball and Hall, as remote sensing systems name them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Isodata {
    /// Number of clusters at the start, and approximately at the end. Default 8.
    pub initial_clusters: u32,
    /// Most clusters, `initial_clusters` to 65535. Default 16.
    pub max_clusters: u32,
    /// Least share of the pixels in a cluster; smaller ones are dropped. Default 0.001.
    pub min_size: f64,
    /// Largest standard deviation in any band, in (scaled) band units; wider clusters are split.
    /// Default: half the root mean square of the bands' standard deviations.
    pub max_std: Option<f64>,
    /// Least distance between two means, in (scaled) band units; nearer clusters are joined.
    /// Default: `max_std`.
    pub min_distance: Option<f64>,
    /// Number of iterations, at least 1. Default 20.
    pub max_iter: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers. Default 0.
    pub seed: u64,
}

impl Default for Isodata {
    fn default() -> Isodata {
        Isodata {
            initial_clusters: 8,
            max_clusters: 16,
            min_size: 0.001,
            max_std: None,
            min_distance: None,
            max_iter: 20,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Isodata {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.max_clusters)?;
        if !(1..=self.max_clusters).contains(&self.initial_clusters) {
            return invalid_argument(format!(
                "initial_clusters is {}: give a number from 1 to max_clusters, {}",
                self.initial_clusters, self.max_clusters
            ));
        }
        if !(0.0..1.0).contains(&self.min_size) {
            return invalid_argument(format!(
                "min_size is {}: give a share of the pixels, from 0 to less than 1, such as 0.001",
                self.min_size
            ));
        }
        check_positive("max_std", self.max_std)?;
        check_positive("min_distance", self.min_distance)?;
        if self.max_iter == 0 {
            return invalid_argument("max_iter is 0: give a number from 1 up");
        }
        Ok(())
    }

    /// The same options, with defaults for a missing standard deviation or distance.
    fn filled_in(&self, cells: &Cells, band_weights: &[f64]) -> Isodata {
        let variances = cells.variance.iter().zip(band_weights);
        let mean = variances.map(|(variance, weight)| variance * weight * weight).sum::<f64>();
        let typical = (mean / band_weights.len() as f64).sqrt().max(f64::MIN_POSITIVE);
        Isodata {
            max_std: Some(self.max_std.unwrap_or(STD_FRACTION * typical)),
            min_distance: Some(self.min_distance.unwrap_or(DISTANCE_FRACTION * typical)),
            ..self.clone()
        }
    }
}

/// Iterates on the cells of a summary; every pixel then belongs to the nearest centre.
///
/// Ball and Hall, "ISODATA, a novel method of data analysis and pattern classification", Stanford
/// Research Institute, 1965; the rules for when to split and when to join are those of Tou and
/// Gonzalez, "Pattern recognition principles", 1974.
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub(crate) fn fit(summary: &Summary, options: &Isodata, run: &mut Run) -> Result<Model> {
    let used = std::sync::Mutex::new(options.clone());
    let centers = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        1,
        &mut run.stage(0.0, 0.9),
        |cells, weights, stop| {
            let options = options.filled_in(cells, weights);
            let found = iterate(cells, weights, &options, stop);
            *used.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = options;
            found
        },
    )?;
    let classes: Vec<_> = (0..centers.len()).map(Some).collect();
    let used = used.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    centers.model(method("isodata", &used), &classes, run)
}

fn iterate(
    cells: &Cells,
    band_weights: &[f64],
    options: &Isodata,
    stop: &Stop,
) -> Result<Weighted> {
    let points = Points::solid(cells);
    let mut random = Pcg64::new(u128::from(options.seed), 0);
    let initial = options.initial_clusters as usize;
    let start =
        kmeans_plus_plus(&points, initial.min(cells.len()), band_weights, &mut random, stop)?;
    let mut clusters = Clusters::about(cells, &points, start, band_weights, stop)?;
    for iteration in 1..=options.max_iter {
        stop.check()?;
        clusters = clusters.without_small(options.min_size);
        let is_last = iteration == options.max_iter;
        let (few, many) = (2 * clusters.len() <= initial, clusters.len() >= 2 * initial);
        // The last iteration only joins. Before, few clusters are split and many are joined; in
        // between, iterations alternate.
        let moved = if !is_last && (few || (iteration % 2 == 1 && !many)) {
            clusters.split(options, few)
        } else {
            clusters.join(options.min_distance.unwrap_or(0.0), stop)?
        };
        clusters = Clusters::about(cells, &points, moved, band_weights, stop)?;
    }
    clusters = clusters.without_small(options.min_size);
    Ok((clusters.means, clusters.counts))
}

/// Clusters, with the figures that decide on splits and joins.
struct Clusters<'a> {
    band_weights: &'a [f64],
    n_pixels: f64,
    /// Clusters x bands, in band units.
    means: Array2<f64>,
    counts: Vec<f64>,
    /// Variance per band, in band units squared.
    variances: Array2<f64>,
    /// Mean distance of the pixels from the mean, in scaled units.
    distances: Vec<f64>,
}

impl<'a> Clusters<'a> {
    /// Clusters of the cells, each at its nearest centre. Empty clusters are left out.
    fn about(
        cells: &Cells,
        points: &Points,
        centers: Array2<f64>,
        band_weights: &'a [f64],
        stop: &Stop,
    ) -> Result<Clusters<'a>> {
        let centers = Centers::with_stop(centers, band_weights.to_vec(), stop)?;
        let labels = assign(points, &centers, stop)?;
        let shape = centers.values().raw_dim();
        let each = || {
            labels
                .iter()
                .map(|label| usize::from(*label))
                .zip(&cells.counts)
                .zip(cells.means.rows())
        };
        let (mut means, mut variances) = (Array2::zeros(shape), Array2::zeros(shape));
        let (mut counts, mut distances) = (vec![0.0; shape[0]], vec![0.0; shape[0]]);
        for ((cluster, count), mean) in each() {
            counts[cluster] += *count as f64;
            means.row_mut(cluster).scaled_add(*count as f64, &mean);
        }
        for (mut mean, count) in means.rows_mut().into_iter().zip(&counts) {
            mean /= *count;
        }
        for ((cluster, count), mean) in each() {
            let count = *count as f64;
            let mut scaled = 0.0;
            for (band, (value, weight)) in mean.iter().zip(band_weights).enumerate() {
                let offset = value - means[(cluster, band)];
                scaled += (offset * weight).powi(2);
                variances[(cluster, band)] += count * (offset * offset);
            }
            distances[cluster] += count * scaled.sqrt();
        }
        for (cluster, count) in counts.iter().enumerate() {
            variances.row_mut(cluster).mapv_inplace(|sum: f64| sum / count);
            variances
                .row_mut(cluster)
                .zip_mut_with(&ndarray::ArrayView1::from(&cells.within), |to, from| *to += from);
            distances[cluster] /= count;
        }
        let n_pixels = cells.n_pixels() as f64;
        let all = Clusters { band_weights, n_pixels, means, counts, variances, distances };
        Ok(all.select(|count| count > 0.0))
    }

    fn len(&self) -> usize {
        self.counts.len()
    }

    /// The clusters whose number of pixels is wanted.
    fn select(self, wanted: impl Fn(f64) -> bool) -> Clusters<'a> {
        let kept: Vec<usize> =
            (0..self.len()).filter(|&cluster| wanted(self.counts[cluster])).collect();
        Clusters {
            means: self.means.select(ndarray::Axis(0), &kept),
            counts: kept.iter().map(|&cluster| self.counts[cluster]).collect(),
            variances: self.variances.select(ndarray::Axis(0), &kept),
            distances: kept.iter().map(|&cluster| self.distances[cluster]).collect(),
            ..self
        }
    }

    /// The clusters that hold at least this share of the pixels; at least the largest cluster.
    fn without_small(self, share: f64) -> Clusters<'a> {
        let largest = self.counts.iter().copied().fold(0.0, f64::max);
        let least = (share * self.n_pixels).min(largest);
        self.select(|count| count >= least)
    }

    /// The means, with two means for each cluster that is too wide.
    fn split(&self, options: &Isodata, few: bool) -> Array2<f64> {
        let mean_distance =
            self.distances.iter().zip(&self.counts).map(|(distance, count)| distance * count);
        let mean_distance = mean_distance.sum::<f64>() / self.counts.iter().sum::<f64>();
        let most = options.max_clusters as usize;
        let mut means: Vec<f64> = self.means.iter().copied().collect();
        let mut n_clusters = self.len();
        for cluster in 0..self.len() {
            let std =
                |band: usize| self.variances[(cluster, band)].sqrt() * self.band_weights[band];
            let widest = (0..self.band_weights.len())
                .max_by(|&a, &b| std(a).total_cmp(&std(b)).then(b.cmp(&a)));
            let Some(band) =
                widest.filter(|&band| std(band) > options.max_std.unwrap_or(f64::INFINITY))
            else {
                continue;
            };
            let is_large = self.counts[cluster] > 2.0 * options.min_size * self.n_pixels;
            if n_clusters < most && (few || (self.distances[cluster] > mean_distance && is_large)) {
                let step = SPLIT * self.variances[(cluster, band)].sqrt();
                let mut other = self.means.row(cluster).to_vec();
                other[band] += step;
                means[cluster * self.band_weights.len() + band] -= step;
                means.extend(other);
                n_clusters += 1;
            }
        }
        Array2::from_shape_vec((n_clusters, self.band_weights.len()), means)
            .expect("rows are whole")
    }

    /// The means, with one mean for each pair of clusters that are too near. The nearest pairs come
    /// first; a cluster is in one pair at most.
    fn join(&self, least: f64, stop: &Stop) -> Result<Array2<f64>> {
        let distance = |a: usize, b: usize| {
            let bands = self.means.row(a).into_iter().zip(self.means.row(b)).zip(self.band_weights);
            bands.map(|((a, b), weight)| ((a - b) * weight).powi(2)).sum::<f64>().sqrt()
        };
        let mut joined = vec![false; self.len()];
        let mut means: Vec<f64> = Vec::new();
        for _ in 0..MOST_JOINED {
            let free: Vec<usize> = (0..self.len()).filter(|&cluster| !joined[cluster]).collect();
            let mut nearest: Option<(f64, usize, usize)> = None;
            for (i, &a) in free.iter().enumerate() {
                stop.check()?;
                let pairs = free[i + 1..].iter().map(|&b| (distance(a, b), a, b));
                nearest = nearest.into_iter().chain(pairs).min_by(|x, y| x.0.total_cmp(&y.0));
            }
            let Some((_, a, b)) = nearest.filter(|pair| pair.0 < least) else { break };
            (joined[a], joined[b]) = (true, true);
            let (n_a, n_b) = (self.counts[a], self.counts[b]);
            let bands = self.means.row(a).into_iter().zip(self.means.row(b));
            means.extend(bands.map(|(a, b)| (n_a * a + n_b * b) / (n_a + n_b)));
        }
        let alone = (0..self.len()).filter(|&cluster| !joined[cluster]);
        means.extend(alone.flat_map(|cluster| self.means.row(cluster).to_vec()));
        let shape = (means.len() / self.band_weights.len(), self.band_weights.len());
        Ok(Array2::from_shape_vec(shape, means).expect("rows are whole"))
    }
}
