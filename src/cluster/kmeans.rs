//! k-means: Lloyd's algorithm from several k-means++ starts, on the cells of a summary.
//!
//! The restarts run on a coarse copy of the cells; the best few of them are bettered by random swaps there; the best is
//! finished on all cells; and the model is then refined on the pixels ([`crate::model::Refinement`]) unless the cells are single values, when the two are the
//! same.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::algorithm::{check_classes, check_restarts, check_tolerance, Algorithm};
use super::ground::Ground;
use super::lloyd::{assign, Rest, Step};
use super::on_sample::OnSample;
use super::points::Points;
use super::profile::set_profiles;
use super::search::{search, FINALISTS};
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::{Band, Fitted, Metric, Model, Parameters, Quantiles};
use crate::progress::Run;
use crate::raster::Raster;
use crate::summary::{Cells, Summary};

/// How bands are to be scaled before distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
    /// How pixels are compared. Default Euclidean; the spectral angle goes with no scaling.
    pub metric: Metric,
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
            metric: Metric::Euclidean,
        }
    }
}

impl KMeans {
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
                "metric spectral_angle does not go with scaling zscore: angles are those of spectra from 0, which z-scores move; choose scaling none",
            );
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
    let ground = Ground::new(summary, options, options.n_clusters)?;
    let mut search_run = run.stage(0.0, 0.7);
    let mut best =
        search(&ground, &[options.n_clusters], options, FINALISTS, &mut search_run)?.swap_remove(0).best;
    let sample = on_sample(summary, &ground, &mut best, options, &mut run.stage(0.7, 1.0))?;
    let parameters = Parameters {
        n_init: options.n_init,
        max_iter: options.max_iter,
        tol: options.tol,
        shift_tolerance: ground.tolerance,
        seed: options.seed,
    };
    run.tell(1.0, "fitting")?;
    let cells = ground.cells_in_bands();
    let inertia = best.inertia;
    let mut statistics = statistics(cells, ground.points(), best, &ground.band_weights);
    if let Some(sample) = &sample {
        statistics.sizes = sample.sizes(&statistics.centers);
    }
    if options.metric == Metric::SpectralAngle {
        statistics.centers = options.metric.in_band_units(&statistics.centers, &statistics.means);
        statistics.inertia = Some(inertia);
    }
    let mut model = Model::new(parameters, bands(cells), ground.scaling.clone(), options.metric, statistics);
    set_profiles(&mut model, cells);
    Ok(match sample {
        _ if model.converged() => model,
        Some(sample) => model.guided_by(sample),
        None => model.guided_by(ground.on_cells),
    })
}

/// Moves the centres to rest on the sampled pixels, if the summary has any and cells are more than single values. (The sample is in band
/// units: it says nothing of angles.)
fn on_sample(
    summary: &Summary,
    ground: &Ground,
    best: &mut Rest,
    options: &KMeans,
    run: &mut Run,
) -> Result<Option<OnSample>> {
    if ground.cells.exact || options.metric != Metric::Euclidean {
        return Ok(None);
    }
    let Some(sampled) = summary.sampled(&ground.cells) else { return Ok(None) };
    let sample = OnSample::new(sampled, ground, run.threads());
    run.parallel("fitting", 1, &mut [&mut *best], |best, _, stop| {
        let rest = sample.rest_from(best, ground, options.max_iter, stop)?;
        **best = rest;
        Ok(())
    })?;
    Ok(Some(sample))
}

/// Fits k-means on the pixels of one image: summary (in at most `memory` bytes, 0: the default), fit and refinement.
///
/// # Errors
/// As [`Algorithm::fit_raster`].
pub fn fit_raster(raster: &Raster, options: &KMeans, memory: usize, run: &mut Run) -> Result<Model> {
    Algorithm::KMeans(options.clone()).fit_raster(raster, memory, run)
}

pub(super) fn bands(cells: &Cells) -> Vec<Band> {
    let band = |index: usize| Band {
        name: format!("band {}", index + 1),
        nodata: None,
        scale: 1.0,
        offset: 0.0,
        percentiles: cells.quantiles(index, [0.05, 0.95]),
        distribution: distribution(cells, index),
    };
    (0..cells.n_bands()).map(band).collect()
}

/// How the pixels are distributed in a band, as if they lay in the means of their cells.
fn distribution(cells: &Cells, band: usize) -> Option<Quantiles> {
    let counts = cells.counts.iter().map(|count| *count as f64);
    Quantiles::of(cells.means.column(band).iter().copied().zip(counts).collect())
}

/// The statistics of each class over the pixels of its cells, which are nearest to its centre.
pub(super) fn statistics(cells: &Cells, points: &Points, rest: Rest, weights: &[f64]) -> Fitted {
    let centers = Centers::new(rest.centers.clone(), weights.to_vec());
    let sizes = Step::take(points, &centers).sizes().to_vec();
    Fitted { sizes, ..labelled_statistics(cells, &assign(points, &centers), rest.centers, rest.n_iter) }
}

/// The statistics of each class over the pixels of its cells, given the class (0-based) of each cell.
pub(super) fn labelled_statistics(
    cells: &Cells,
    labels: &[u16],
    centers: Array2<f64>,
    n_iter: u32,
) -> Fitted {
    let shape = centers.raw_dim();
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
    let sizes = counts.iter().map(|count| *count as f64).collect();
    Fitted { centers, counts, sizes, means, scatter, inertia: None, n_iter, converged: cells.exact }
}
