//! Expectation-maximisation: the mixture of normal distributions with the largest likelihood for
//! the cells of a summary.
//!
//! Shares of cells in components are not stored: moments are summed tile by tile as shares are
//! found, so memory grows only with the components. A cell counts as its pixels, which are spread
//! about its mean. Their mean log-density is that of the mean, less half the trace of the whitened
//! spread within cells ([`Mixture::loss`]); this spread is added to a component's covariance.
//!
//! Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
//! Journal of the Royal Statistical Society B 39, 1977.

use ndarray::{Array1, Array2};
use rand_pcg::Pcg64;

use super::options::Gmm;
use crate::cluster::lloyd::{assign, lloyd};
use crate::cluster::points::Points;
use crate::cluster::seeding::kmeans_plus_plus;
use crate::error::{invalid_data, Result};
use crate::kernel::{Centers, Mixture, Moments};
use crate::model::Normals;
use crate::progress::Stop;
use crate::raster::TILE;
use crate::summary::Cells;

/// The cells in scaled units.
pub(crate) struct Data {
    points: Points,
    n_pixels: f64,
    /// Covariance of the pixels within a cell.
    within: Array2<f64>,
}

/// The mixture found from one start, in scaled units.
pub(crate) struct Found {
    means: Array2<f64>,
    normals: Normals,
    /// Mean log-density of the pixels, without the power of 2 pi.
    pub log_likelihood: f64,
    pub n_iter: u32,
}

impl Data {
    pub fn new(cells: &Cells, band_weights: &[f64]) -> Data {
        let n_bands = cells.n_bands();
        let mut scaled = cells.means.clone();
        scaled *= &Array1::from(band_weights.to_vec());
        let within = Array2::from_shape_fn((n_bands, n_bands), |(a, b)| {
            let covariance = cells.spread.as_ref().map_or(0.0, |spread| spread.covariance[(a, b)]);
            covariance * band_weights[a] * band_weights[b]
        });
        let counts = cells.counts.iter().map(|count| *count as f64).collect();
        Data {
            points: Points::weighted(&scaled, counts),
            n_pixels: cells.n_pixels() as f64,
            within,
        }
    }

    fn n_bands(&self) -> usize {
        self.within.nrows()
    }
}

impl Found {
    /// The means (components x bands) and the normal distributions, in band units.
    pub fn in_band_units(&self, band_weights: &[f64]) -> (Array2<f64>, Normals) {
        let weights = Array1::from(band_weights.to_vec());
        let products =
            Array2::from_shape_fn((weights.len(), weights.len()), |(a, b)| weights[a] * weights[b]);
        let covariances =
            self.normals.covariances.iter().map(|covariance| covariance / &products).collect();
        (&self.means / &weights, Normals { weights: self.normals.weights.clone(), covariances })
    }

    /// The Bayesian information criterion for all pixels: lower is better. As scikit-learn's
    /// `GaussianMixture.bic`.
    ///
    /// Schwarz, "Estimating the dimension of a model", Annals of Statistics 6, 1978.
    pub fn bic(&self, data: &Data) -> f64 {
        let (k, n) = (self.means.nrows() as f64, data.n_bands() as f64);
        let n_parameters = k - 1.0 + k * n + k * n * (n + 1.0) / 2.0;
        let log_likelihood = self.log_likelihood - n / 2.0 * libm::log(2.0 * std::f64::consts::PI);
        n_parameters * libm::log(data.n_pixels) - 2.0 * data.n_pixels * log_likelihood
    }
}

/// The likeliest mixture of `k` components of all starts.
///
/// # Errors
/// `InvalidData` when a component has no width in some direction; `Cancelled`.
pub(crate) fn likeliest(data: &Data, k: usize, options: &Gmm, stop: &Stop) -> Result<Found> {
    let mut best: Option<Found> = None;
    for start in 0..options.n_init {
        let mut random = Pcg64::new(u128::from(options.seed), u128::from(start));
        let found = maximise(data, k, options, &mut random, stop)?;
        if best.as_ref().is_none_or(|best| found.log_likelihood > best.log_likelihood) {
            best = Some(found);
        }
    }
    Ok(best.expect("there is a start"))
}

/// Alternates expectation and maximisation, starting from clusters of k-means.
fn maximise(
    data: &Data,
    k: usize,
    options: &Gmm,
    random: &mut Pcg64,
    stop: &Stop,
) -> Result<Found> {
    let (points, alike) = (&data.points, vec![1.0; data.n_bands()]);
    let start = kmeans_plus_plus(points, k, &alike, random, stop)?;
    let rest = lloyd(points, start, &alike, options.max_iter, 0.0, stop)?;
    let mut sums = vec![Moments::new(data.n_bands()); k];
    add_clusters(&mut sums, data, &rest.centers, stop)?;
    let mut found = Found {
        means: rest.centers,
        normals: Normals { weights: Vec::new(), covariances: Vec::new() },
        log_likelihood: f64::NEG_INFINITY,
        n_iter: 0,
    };
    while found.n_iter < options.max_iter {
        found.n_iter += 1;
        found.take(&sums, data, options.reg_covar);
        let Some(mixture) =
            Mixture::new(&found.normals.weights, &found.means, &found.normals.covariances)
        else {
            return invalid_data(
                "a class of the mixture has no width in some direction (bands that depend on each \
                 other): raise reg_covar, or choose fewer bands",
            );
        };
        let before = found.log_likelihood;
        found.log_likelihood = expect(&mixture, &found.means, data, &mut sums, stop)?;
        if (found.log_likelihood - before).abs() < options.tol {
            break;
        }
    }
    Ok(found)
}

/// Adds the moments of the points nearest to each centre, relative to the centre.
fn add_clusters(
    sums: &mut [Moments],
    data: &Data,
    centers: &Array2<f64>,
    stop: &Stop,
) -> Result<()> {
    let kernel_centers = Centers::with_stop(centers.clone(), vec![1.0; data.n_bands()], stop)?;
    let nearest = assign(&data.points, &kernel_centers, stop)?;
    let mut offsets = vec![0.0; data.n_bands() * TILE];
    let mut shares = [0.0; TILE];
    for ((samples, counts), nearest) in data.points.tiles().zip(nearest.chunks(TILE)) {
        for (component, (sums, center)) in sums.iter_mut().zip(centers.rows()).enumerate() {
            stop.check()?;
            for ((share, of), count) in shares.iter_mut().zip(nearest).zip(counts) {
                *share = if usize::from(*of) == component { *count } else { 0.0 };
            }
            let shares = &shares[..counts.len()];
            if shares.iter().any(|share| *share > 0.0) {
                sums.add(center.as_slice().expect("rows are whole"), samples, shares, &mut offsets);
            }
        }
    }
    Ok(())
}

impl Found {
    /// Sets the components from these moments, which are relative to the means so far.
    fn take(&mut self, sums: &[Moments], data: &Data, reg_covar: f64) {
        let n_bands = data.n_bands();
        // A component that lost all its points keeps a tiny weight, as in scikit-learn.
        let sizes: Vec<f64> = sums.iter().map(|sums| sums.weight + 10.0 * f64::EPSILON).collect();
        self.normals.weights = sizes.iter().map(|size| size / data.n_pixels).collect();
        let covariance = |(sums, size): (&Moments, &f64)| {
            let mut covariance = data.within.clone();
            let mut seconds = sums.second.iter();
            for a in 0..n_bands {
                for b in 0..=a {
                    let second = seconds.next().expect("there is one for each pair") / size;
                    covariance[(a, b)] += second - sums.first[a] / size * (sums.first[b] / size);
                    covariance[(b, a)] = covariance[(a, b)];
                }
                covariance[(a, a)] += reg_covar;
            }
            covariance
        };
        self.normals.covariances = sums.iter().zip(&sizes).map(covariance).collect();
        for (mut mean, (sums, size)) in
            self.means.rows_mut().into_iter().zip(sums.iter().zip(&sizes))
        {
            mean.iter_mut().zip(&sums.first).for_each(|(mean, first)| *mean += first / size);
        }
    }
}

/// Sums the moments of each component, relative to its mean, over its shares of all points; returns
/// the mean log-likelihood.
fn expect(
    mixture: &Mixture,
    means: &Array2<f64>,
    data: &Data,
    sums: &mut [Moments],
    stop: &Stop,
) -> Result<f64> {
    let losses: Vec<f64> =
        (0..mixture.len()).map(|component| mixture.loss(component, &data.within)).collect();
    let mut offsets = vec![0.0; data.n_bands() * TILE];
    let mut shares = vec![0.0; mixture.len() * TILE];
    sums.iter_mut().for_each(|sums| *sums = Moments::new(data.n_bands()));
    let mut log_likelihood = 0.0;
    for (samples, counts) in data.points.tiles() {
        for (component, (shares, loss)) in shares.chunks_mut(TILE).zip(&losses).enumerate() {
            stop.check()?;
            let shares = &mut shares[..counts.len()];
            mixture.log_densities(component, samples, &mut offsets, shares);
            shares.iter_mut().for_each(|share| *share -= loss);
        }
        log_likelihood += share(&mut shares, counts);
        for ((sums, shares), mean) in sums.iter_mut().zip(shares.chunks(TILE)).zip(means.rows()) {
            stop.check()?;
            let shares = &shares[..counts.len()];
            if shares.iter().any(|share| *share > 0.0) {
                sums.add(mean.as_slice().expect("rows are whole"), samples, shares, &mut offsets);
            }
        }
    }
    Ok(log_likelihood / data.n_pixels)
}

/// Replaces log-densities (component by component, [`TILE`] apart) by the number of pixels of each
/// point that belong to each component; returns the sum of the log-likelihoods.
fn share(densities: &mut [f64], counts: &[f64]) -> f64 {
    let len = counts.len();
    let (mut largest, mut all) = ([f64::NEG_INFINITY; TILE], [0.0; TILE]);
    for densities in densities.chunks(TILE) {
        largest
            .iter_mut()
            .zip(&densities[..len])
            .for_each(|(most, density)| *most = most.max(*density));
    }
    for densities in densities.chunks_mut(TILE) {
        for ((density, most), all) in densities[..len].iter_mut().zip(&largest).zip(&mut all) {
            *density = libm::exp(*density - most);
            *all += *density;
        }
    }
    for shares in densities.chunks_mut(TILE) {
        for ((share, all), count) in shares[..len].iter_mut().zip(&all).zip(counts) {
            *share *= count / all;
        }
    }
    let each = counts.iter().zip(&largest).zip(&all);
    each.map(|((count, most), all)| count * (most + libm::log(*all))).sum()
}
