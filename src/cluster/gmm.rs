//! Gaussian mixture: classes are normal distributions, each with a covariance of its own.

use nalgebra::{Cholesky, DMatrix, DVector};
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::algorithm::{check_classes, check_positive, check_restarts, method};
use super::kmeans::ScalingMethod;
use super::lloyd::{assign, lloyd};
use super::points::Points;
use super::reduce::{check_representatives, groups, Reduced};
use super::seeding::kmeans_plus_plus;
use crate::error::{invalid_data, Result};
use crate::kernel::Centers;
use crate::model::Model;
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

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
    /// Number of points between which the borders of classes run: 2 to 5000. Default 2000.
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
        check_positive("reg_covar", Some(self.reg_covar))?;
        check_representatives(self.n_representatives, self.n_components)
    }
}

/// Fits a mixture to the cells of a summary by expectation-maximisation, each weighing as many pixels as it holds and as wide as
/// these are spread in it. Every pixel then has the likeliest class of the representative that it is nearest to: the borders
/// of classes are those of the mixture, in small steps.
///
/// Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm", 1977. (`linfa-clustering` has
/// a mixture, but takes no weights.)
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit).
pub fn fit(summary: &Summary, options: &Gmm, run: &mut Run) -> Result<Model> {
    let (n, seed) = (options.n_representatives as usize, options.seed);
    let k = options.n_components as usize;
    let found = std::sync::Mutex::new(None);
    let points = Reduced::new(summary, options.scaling, seed, k, run, |cells, band_weights, stop| {
        let mixture = likeliest(cells, band_weights, options, stop)?;
        *found.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(mixture);
        groups(cells, n, band_weights, seed, stop)
    })?;
    let mixture = found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).expect("it was fitted");
    let class_of = |point: ndarray::ArrayView1<f64>| {
        mixture.likeliest(&DVector::from_iterator(point.len(), point.iter().copied()))
    };
    let classes: Vec<_> = points.scaled.rows().into_iter().map(|point| Some(class_of(point))).collect();
    let mut method = method("gmm", options);
    method.parameters.insert("components".into(), mixture.to_json());
    points.model(method, &classes)
}

/// The likeliest mixture of all starts.
fn likeliest(cells: &Cells, band_weights: &[f64], options: &Gmm, stop: &Stop) -> Result<Mixture> {
    let data = Data::new(cells, band_weights);
    let mut best: Option<Mixture> = None;
    for start in 0..options.n_init {
        let mut random = Pcg64::new(u128::from(options.seed), u128::from(start));
        let mixture = maximise(&data, cells, band_weights, options, &mut random, stop)?;
        if best.as_ref().is_none_or(|best| mixture.log_likelihood > best.log_likelihood) {
            best = Some(mixture);
        }
    }
    Ok(best.expect("there is a start"))
}

/// The cells in scaled units.
struct Data {
    points: Vec<DVector<f64>>,
    counts: Vec<f64>,
    /// Covariance of the pixels within a cell.
    within: DMatrix<f64>,
}

impl Data {
    fn new(cells: &Cells, band_weights: &[f64]) -> Data {
        let n_bands = band_weights.len();
        let scaled = |row: ndarray::ArrayView1<f64>| {
            DVector::from_iterator(
                n_bands,
                row.iter().zip(band_weights).map(|(value, weight)| value * weight),
            )
        };
        let within = DMatrix::from_fn(n_bands, n_bands, |a, b| {
            let covariance = cells.spread.as_ref().map_or(0.0, |spread| spread.covariance[(a, b)]);
            covariance * band_weights[a] * band_weights[b]
        });
        Data {
            points: cells.means.rows().into_iter().map(scaled).collect(),
            counts: cells.counts.iter().map(|count| *count as f64).collect(),
            within,
        }
    }
}

/// One normal distribution of a mixture.
struct Component {
    weight: f64,
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
    cholesky: Cholesky<f64, nalgebra::Dyn>,
    /// The logarithm of weight and density at the mean, but for what all share.
    log_height: f64,
}

struct Mixture {
    components: Vec<Component>,
    /// Mean over the pixels, but for a constant.
    log_likelihood: f64,
}

/// Expectation and maximisation in turn, from clusters of k-means.
fn maximise(
    data: &Data,
    cells: &Cells,
    band_weights: &[f64],
    options: &Gmm,
    random: &mut Pcg64,
    stop: &Stop,
) -> Result<Mixture> {
    let k = options.n_components as usize;
    let points = Points::solid(cells);
    let start = kmeans_plus_plus(&points, k, band_weights, random, stop)?;
    let rest = lloyd(&points, start, band_weights, options.max_iter, 0.0, stop)?;
    let labels = assign(&points, &Centers::new(rest.centers, band_weights.to_vec()));
    let mut shares = vec![0.0; labels.len() * k];
    labels.iter().enumerate().for_each(|(point, label)| shares[point * k + usize::from(*label)] = 1.0);
    let mut mixture = Mixture { components: Vec::new(), log_likelihood: f64::NEG_INFINITY };
    for _ in 0..options.max_iter {
        mixture.components = components(data, &shares, k, options.reg_covar, stop)?;
        let before = mixture.log_likelihood;
        mixture.log_likelihood = mixture.expect(data, &mut shares, stop)?;
        if (mixture.log_likelihood - before).abs() < options.tol {
            break;
        }
    }
    Ok(mixture)
}

/// The components that fit the points best, given the share of each point that belongs to each.
fn components(data: &Data, shares: &[f64], k: usize, reg_covar: f64, stop: &Stop) -> Result<Vec<Component>> {
    let n_bands = data.within.nrows();
    let total: f64 = data.counts.iter().sum();
    (0..k)
        .map(|component| {
            stop.check()?;
            let each = || data.points.iter().zip(&data.counts).zip(shares[component..].iter().step_by(k));
            // A component that lost all its points keeps a trace, as in scikit-learn.
            let size = 10.0 * f64::EPSILON + each().map(|((_, count), share)| count * share).sum::<f64>();
            let mut mean = DVector::zeros(n_bands);
            each().for_each(|((point, count), share)| mean.axpy(count * share / size, point, 1.0));
            let mut covariance = DMatrix::zeros(n_bands, n_bands);
            for ((point, count), share) in each().filter(|(_, share)| **share > 0.0) {
                let offset = point - &mean;
                covariance.syger(count * share / size, &offset, &offset, 1.0);
            }
            covariance.fill_upper_triangle_with_lower_triangle();
            covariance += &data.within;
            (0..n_bands).for_each(|band| covariance[(band, band)] += reg_covar);
            Component::new(size / total, mean, covariance)
        })
        .collect()
}

impl Component {
    fn new(weight: f64, mean: DVector<f64>, covariance: DMatrix<f64>) -> Result<Component> {
        let Some(cholesky) = Cholesky::new(covariance.clone()) else {
            return invalid_data(
                "a class of the mixture has no width in some direction (bands that depend on each other): raise reg_covar, or choose fewer bands",
            );
        };
        let diagonal = cholesky.l_dirty().diagonal();
        // `libm` rather than the system's: the same on every machine.
        let log_height = libm::log(weight) - diagonal.iter().map(|value| libm::log(*value)).sum::<f64>();
        Ok(Component { weight, mean, covariance, cholesky, log_height })
    }

    /// The logarithm of weight times density, but for what all components share.
    fn log_density(&self, point: &DVector<f64>, offset: &mut DVector<f64>) -> f64 {
        offset.copy_from(point);
        *offset -= &self.mean;
        self.cholesky.l_dirty().solve_lower_triangular_mut(offset);
        self.log_height - 0.5 * offset.norm_squared()
    }
}

impl Mixture {
    /// Sets the share of each point that belongs to each component; returns the mean log-likelihood.
    fn expect(&self, data: &Data, shares: &mut [f64], stop: &Stop) -> Result<f64> {
        let mut offset = DVector::zeros(data.within.nrows());
        let (mut sum, mut total) = (0.0, 0.0);
        let each = shares.chunks_exact_mut(self.components.len()).zip(&data.points).zip(&data.counts);
        for (index, ((shares, point), count)) in each.enumerate() {
            if index % 1024 == 0 {
                stop.check()?;
            }
            for (share, component) in shares.iter_mut().zip(&self.components) {
                *share = component.log_density(point, &mut offset);
            }
            let largest = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            shares.iter_mut().for_each(|share| *share = libm::exp(*share - largest));
            let all: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= all);
            sum += count * (largest + libm::log(all));
            total += count;
        }
        Ok(sum / total)
    }

    /// The component that a point most likely belongs to.
    fn likeliest(&self, point: &DVector<f64>) -> usize {
        let mut offset = DVector::zeros(point.len());
        let densities = self.components.iter().map(|component| component.log_density(point, &mut offset));
        let best = densities.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map_or(0, |(component, _)| component)
    }

    /// The components as models keep them, in scaled units.
    fn to_json(&self) -> serde_json::Value {
        let rows = |matrix: &DMatrix<f64>| -> Vec<Vec<f64>> {
            matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
        };
        let component = |component: &Component| {
            json!({
                "weight": component.weight,
                "mean": component.mean.as_slice(),
                "covariance": rows(&component.covariance),
            })
        };
        self.components.iter().map(component).collect()
    }
}
