//! k-means: Lloyd's algorithm from several k-means++ starts, on the cells of a summary.
//!
//! The restarts run on a coarse copy of the cells; the best few of them are bettered by random swaps there; the best is
//! finished on all cells; and the model is then refined on the pixels ([`crate::model::Refinement`]) unless the cells are single values, when the two are the
//! same.

use ndarray::Array2;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::algorithm::{check_classes, Algorithm};
use super::lloyd::{assign, lloyd, Rest, Step};
use super::on_cells::{guided_lloyd, OnCells};
use super::points::Points;
use super::seeding::kmeans_plus_plus;
use super::swap::random_swaps;
use crate::error::{invalid_argument, invalid_data, Result};
use crate::kernel::Centers;
use crate::model::{Band, Fitted, Model, Parameters, Scaling};
use crate::progress::{Run, Stop};
use crate::raster::Raster;
use crate::summary::{Cells, Summary};

/// How many of the restarts are bettered by swaps.
const FINALISTS: usize = 3;

/// How near (as a ratio) two inertias are that are taken to be of one fixed point.
const SAME_PLACE: f64 = 1.0001;

/// How many swaps are tried on each of those, for every restart, but no more than half the number of clusters.
const SWAPS_PER_RESTART: u32 = 5;

/// The tolerance on all cells, as a fraction of the asked: iterations there are cheap, and spare passes over the pixels.
const FINER: f64 = 1e-3;

/// How bands are to be scaled before distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScalingMethod {
    /// As they are.
    #[default]
    None,
    /// To mean 0 and standard deviation 1.
    ZScore,
}

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
}

impl Default for KMeans {
    fn default() -> KMeans {
        KMeans { n_clusters: 4, n_init: 10, max_iter: 300, tol: 1e-4, seed: 0, scaling: ScalingMethod::None }
    }
}

impl KMeans {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        check_classes(self.n_clusters)?;
        if self.n_init == 0 || self.max_iter == 0 {
            return invalid_argument(format!(
                "n_init is {} and max_iter {}: both must be at least 1",
                self.n_init, self.max_iter
            ));
        }
        if !(self.tol >= 0.0 && self.tol.is_finite()) {
            return invalid_argument(format!("tol is {}: give a number from 0 up, such as 1e-4", self.tol));
        }
        Ok(())
    }
}

/// Fits k-means on a summary.
///
/// The model has not [converged](Model::converged) where cells hold more than single values: refine it on the pixels.
/// The result is the same for any number of threads.
///
/// # Errors
/// `InvalidArgument` for an option out of range; `InvalidData` when there is no valid pixel, there are fewer distinct ones than
/// clusters, or a band to be scaled is constant; `Cancelled`.
pub fn fit(summary: &Summary, options: &KMeans, run: &mut Run) -> Result<Model> {
    options.check()?;
    run.tell(0.0, "fitting")?;
    let cells = summary.cells();
    check_cells(&cells, summary, options.n_clusters as usize)?;
    let scaling = scaling(options.scaling, &cells)?;
    let weights = scaling.weights(cells.n_bands());
    let scaled_variance: f64 =
        cells.variance.iter().zip(&weights).map(|(variance, weight)| variance * weight * weight).sum();
    let shift_tolerance = options.tol * scaled_variance / cells.n_bands() as f64;
    let points = Points::spread(&cells);
    let best = search(&cells, &points, summary, options, &weights, shift_tolerance, run)?;
    let parameters = Parameters {
        n_init: options.n_init,
        max_iter: options.max_iter,
        tol: options.tol,
        shift_tolerance,
        seed: options.seed,
    };
    run.tell(1.0, "fitting")?;
    let statistics = statistics(&cells, &points, best, &weights);
    let model = Model::new(parameters, bands(&cells), scaling, statistics);
    if model.converged() {
        return Ok(model);
    }
    let tolerance = shift_tolerance * FINER;
    Ok(model.guided_by(OnCells { points, band_weights: weights, tolerance }))
}

/// Fits k-means on the pixels of one image: summary (in at most `memory` bytes, 0: the default), fit and refinement.
///
/// # Errors
/// As [`Algorithm::fit_raster`].
pub fn fit_raster(raster: &Raster, options: &KMeans, memory: usize, run: &mut Run) -> Result<Model> {
    Algorithm::KMeans(options.clone()).fit_raster(raster, memory, run)
}

pub(super) fn check_cells(cells: &Cells, summary: &Summary, n_clusters: usize) -> Result<()> {
    if cells.is_empty() {
        return invalid_data(format!(
            "none of the {} pixels is valid (all are nodata, NaN, infinite or masked): check nodata values and mask",
            summary.n_pixels()
        ));
    }
    if cells.len() >= n_clusters {
        return Ok(());
    }
    let distinct = cells.len();
    if cells.finest {
        return invalid_data(format!(
            "{n_clusters} clusters were asked for, but only {distinct} of the valid pixels differ: ask for at most {distinct}"
        ));
    }
    invalid_data(format!(
        "{n_clusters} clusters were asked for, but the summary has only {} cells: ask for at most that many, or give it more memory",
        cells.len()
    ))
}

pub(super) fn scaling(method: ScalingMethod, cells: &Cells) -> Result<Scaling> {
    let Cells { mean, variance, constant, .. } = cells;
    if method == ScalingMethod::None {
        return Ok(Scaling::None);
    }
    if let Some(band) = (0..mean.len()).find(|&band| constant[band] || variance[band] <= 0.0) {
        return invalid_data(format!(
            "band {} of those chosen is constant ({} everywhere): z-score cannot scale it; leave it out or choose no scaling",
            band + 1,
            mean[band]
        ));
    }
    Ok(Scaling::ZScore {
        mean: mean.to_vec(),
        std: variance.iter().map(|variance| variance.sqrt()).collect(),
    })
}

pub(super) fn bands(cells: &Cells) -> Vec<Band> {
    let band = |index: usize| Band {
        name: format!("band {}", index + 1),
        nodata: None,
        scale: 1.0,
        offset: 0.0,
        percentiles: cells.quantiles(index, [0.05, 0.95]),
    };
    (0..cells.n_bands()).map(band).collect()
}

/// The best centres that the restarts find.
fn search(
    cells: &Cells,
    points: &Points,
    summary: &Summary,
    options: &KMeans,
    weights: &[f64],
    tolerance: f64,
    run: &mut Run,
) -> Result<Rest> {
    let k = options.n_clusters as usize;
    let coarse = summary.coarse_cells(k);
    let ground = &Points::solid(coarse.as_ref().unwrap_or(cells));
    let mut finalists =
        best_of(options.n_init as usize, FINALISTS, &mut run.stage(0.0, 0.4), |restart, stop| {
            let mut random = Pcg64::new(u128::from(options.seed), restart as u128);
            let start = kmeans_plus_plus(ground, k, weights, &mut random, stop)?;
            lloyd(ground, start, weights, options.max_iter, tolerance, stop)
        })?;
    // Restarts that came to rest at one place need not be bettered twice.
    finalists.dedup_by(|other, first| other.inertia <= first.inertia * SAME_PLACE);
    let swaps_per_restart = (options.n_clusters / 2).clamp(1, SWAPS_PER_RESTART);
    let best = best_of(finalists.len(), 1, &mut run.stage(0.4, 0.8), |finalist, stop| {
        let mut random = Pcg64::new(u128::from(options.seed), (options.n_init as usize + finalist) as u128);
        let n_swaps = swaps_per_restart.saturating_mul(options.n_init);
        let swapped = random_swaps(ground, finalists[finalist].clone(), weights, n_swaps, &mut random, stop)?;
        lloyd(ground, swapped.centers, weights, options.max_iter, tolerance, stop)
    })?;
    let tolerance = tolerance * FINER;
    let guide = coarse.map(|cells| OnCells {
        points: Points::spread(&cells),
        band_weights: weights.to_vec(),
        tolerance,
    });
    let mut ends = best_of(1, 1, &mut run.stage(0.8, 1.0), |_, stop| {
        guided_lloyd(
            points,
            guide.as_ref(),
            best[0].centers.clone(),
            weights,
            options.max_iter,
            tolerance,
            stop,
        )
    })?;
    Ok(ends.swap_remove(0))
}

/// Runs `n` independent tasks on the run's threads, and keeps the results of least inertia, the least first; of equals
/// the earlier.
fn best_of(
    n: usize,
    n_kept: usize,
    run: &mut Run,
    task: impl Fn(usize, &Stop) -> Result<Rest> + Sync,
) -> Result<Vec<Rest>> {
    let keep_best = |results: &mut Vec<(usize, Rest)>| {
        results.sort_by(|(i, a), (j, b)| a.inertia.total_cmp(&b.inertia).then(i.cmp(j)));
        results.truncate(n_kept);
    };
    let mut workers: Vec<Vec<(usize, Rest)>> = (0..run.threads().min(n)).map(|_| Vec::new()).collect();
    run.parallel("fitting", n, &mut workers, |results, index, stop| {
        results.push((index, task(index, stop)?));
        keep_best(results);
        Ok(())
    })?;
    let mut results = workers.into_iter().flatten().collect();
    keep_best(&mut results);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// The statistics of each class over the pixels of its cells.
pub(super) fn statistics(cells: &Cells, points: &Points, rest: Rest, weights: &[f64]) -> Fitted {
    let shape = rest.centers.raw_dim();
    let centers = Centers::new(rest.centers.clone(), weights.to_vec());
    let labels = assign(points, &centers);
    let mut counts = vec![0; shape[0]];
    let mut means = Array2::zeros(shape);
    let mut scatter = Array2::zeros(shape);
    let each_cell = || labels.iter().map(|label| usize::from(*label)).zip(&cells.counts).enumerate();
    for (cell, (class, count)) in each_cell() {
        counts[class] += count;
        means.row_mut(class).scaled_add(*count as f64, &cells.means.row(cell));
    }
    for (mut mean, count) in means.rows_mut().into_iter().zip(&counts) {
        mean /= *count as f64;
    }
    for (cell, (class, count)) in each_cell() {
        let offset = &cells.means.row(cell) - &means.row(class);
        let mut class = scatter.row_mut(class);
        class += &(&offset * &offset * *count as f64);
    }
    // What cells hide is shared out evenly: an estimate, until the refinement tells (and nothing where they are exact).
    for (mut scatter, count) in scatter.rows_mut().into_iter().zip(&counts) {
        scatter.scaled_add(*count as f64, &ndarray::ArrayView1::from(&cells.within));
    }
    let sizes = Step::take(points, &centers).sizes().to_vec();
    let (n_iter, converged) = (rest.n_iter, cells.exact);
    Fitted { centers: rest.centers, counts, sizes, means, scatter, n_iter, converged }
}
