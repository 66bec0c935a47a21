//! The likeliest component of a mixture of normal distributions, for each pixel of a tile.
//!
//! Everything is in logarithms and doubles, without fused operations: a pixel's label is the same
//! on any machine. The offset of a pixel from a mean is whitened: multiplied by the inverse of the
//! Cholesky factor of the component's covariance, a triangle of numbers. So a component costs
//! `n (n + 3) / 2` multiplications.

use macro_rules_attribute::apply;
use nalgebra::{Cholesky, DMatrix};
use ndarray::{Array2, ArrayView1};

use crate::error::Result;
use crate::progress::Stop;
use crate::raster::{Sample, TILE};

/// Normal distributions, each with its weight, as kernels need them.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    n_bands: usize,
    /// Components x bands.
    means: Vec<f64>,
    /// For each component, the rows of a lower triangular matrix that whitens offsets from its
    /// mean.
    whitenings: Vec<f64>,
    /// The logarithm of each component's weight times its density at its mean, without the power of
    /// 2 pi, which all share.
    log_heights: Vec<f64>,
}

impl Mixture {
    /// A mixture with these weights, means (components x bands) and covariances of its components;
    /// `None` if a covariance is not positive definite within rounding.
    ///
    /// # Panics
    /// When their numbers differ, or a covariance is not bands x bands.
    pub fn new(
        weights: &[f64],
        means: &Array2<f64>,
        covariances: &[Array2<f64>],
    ) -> Option<Mixture> {
        let n_bands = means.ncols();
        assert_eq!((weights.len(), means.nrows()), (covariances.len(), covariances.len()));
        let mut mixture = Mixture {
            n_bands,
            means: means.iter().copied().collect(),
            whitenings: Vec::with_capacity(weights.len() * n_bands * (n_bands + 1) / 2),
            log_heights: Vec::with_capacity(weights.len()),
        };
        for (weight, covariance) in weights.iter().zip(covariances) {
            assert_eq!(covariance.dim(), (n_bands, n_bands));
            let factor =
                Cholesky::new(DMatrix::from_fn(n_bands, n_bands, |a, b| covariance[(a, b)]))?.l();
            let inverse = factor.solve_lower_triangular(&DMatrix::identity(n_bands, n_bands))?;
            for row in 0..n_bands {
                mixture.whitenings.extend((0..=row).map(|column| inverse[(row, column)]));
            }
            // `libm` instead of the system's logarithm: the same on every machine.
            let log_diagonal: f64 = factor.diagonal().iter().map(|value| libm::log(*value)).sum();
            mixture.log_heights.push(libm::log(*weight) - log_diagonal);
        }
        let finite =
            mixture.whitenings.iter().chain(&mixture.log_heights).all(|value| value.is_finite());
        finite.then_some(mixture)
    }

    /// Number of components.
    pub fn len(&self) -> usize {
        self.log_heights.len()
    }

    /// Whether there is no component.
    pub fn is_empty(&self) -> bool {
        self.log_heights.is_empty()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    fn mean(&self, component: usize) -> &[f64] {
        &self.means[component * self.n_bands..][..self.n_bands]
    }

    fn whitening(&self, component: usize) -> &[f64] {
        let len = self.n_bands * (self.n_bands + 1) / 2;
        &self.whitenings[component * len..][..len]
    }

    /// What the expected logarithm of a component's weighted density loses if points stand for
    /// pixels that are spread about them with covariance `within` (bands x bands): half the mean
    /// square of their whitened offsets. The same for all points.
    pub fn loss(&self, component: usize, within: &Array2<f64>) -> f64 {
        let mut rows = self.whitening(component);
        let mut loss = 0.0;
        for band in 0..self.n_bands {
            let (row, rest) = rows.split_at(band + 1);
            rows = rest;
            let row = ArrayView1::from(row);
            let within = within.slice(ndarray::s![..=band, ..=band]);
            loss += row.dot(&within.dot(&row));
        }
        loss / 2.0
    }

    /// The logarithm of one component's weight times its density, without the term that all share,
    /// at each of some points (band by band, [`TILE`] apart). `offsets` has room for a tile.
    ///
    /// # Panics
    /// When there are more points than a tile has, or samples and offsets are too short.
    pub fn log_densities(
        &self,
        component: usize,
        samples: &[f64],
        offsets: &mut [f64],
        found: &mut [f64],
    ) {
        log_densities(self, component, samples, offsets, found);
    }
}

#[apply(vectors)]
fn log_densities(
    mixture: &Mixture,
    component: usize,
    samples: &[f64],
    offsets: &mut [f64],
    found: &mut [f64],
) {
    let len = found.len();
    let bands = samples.chunks(TILE).zip(offsets.chunks_mut(TILE)).zip(mixture.mean(component));
    for ((samples, offsets), mean) in bands {
        for (offset, sample) in offsets[..len].iter_mut().zip(&samples[..len]) {
            *offset = sample - mean;
        }
    }
    let mut squares = [0.0; TILE];
    let mut rows = mixture.whitening(component);
    for band in 0..mixture.n_bands {
        let (row, rest) = rows.split_at(band + 1);
        rows = rest;
        let mut whitened = [0.0; TILE];
        for (offsets, factor) in offsets.chunks(TILE).zip(row) {
            for (sum, offset) in whitened[..len].iter_mut().zip(&offsets[..len]) {
                *sum += factor * offset;
            }
        }
        for (square, value) in squares[..len].iter_mut().zip(&whitened[..len]) {
            *square += value * value;
        }
    }
    let height = mixture.log_heights[component];
    for (found, square) in found.iter_mut().zip(&squares) {
        *found = height - 0.5 * square;
    }
}

/// Buffers to find the likeliest components of a tile's pixels.
pub struct MixtureSearch {
    samples: Vec<f64>,
    offsets: Vec<f64>,
    densities: [f64; TILE],
    labels: [u16; TILE],
    /// The densities of the likeliest components.
    best: [f64; TILE],
}

impl MixtureSearch {
    /// Buffers for pixels of `n_bands` bands.
    pub fn new(n_bands: usize) -> MixtureSearch {
        let tile = || vec![0.0; n_bands * TILE];
        let (samples, offsets) = (tile(), tile());
        MixtureSearch {
            samples,
            offsets,
            densities: [0.0; TILE],
            labels: [0; TILE],
            best: [0.0; TILE],
        }
    }

    /// The component (0-based) that each of `len` pixels most likely belongs to; the lower one of
    /// two that are equally likely. `samples` holds the pixels band by band, [`TILE`] apart. A
    /// pixel with NaN gets 0.
    ///
    /// # Panics
    /// When there are more pixels than a tile has, or `samples` is too short.
    pub fn search<T: Sample>(&mut self, mixture: &Mixture, samples: &[T], len: usize) -> &[u16] {
        self.search_until(mixture, samples, len, &Stop::default()).expect("nobody stops it")
    }

    /// The same, but can be stopped: components may be many.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn search_until<T: Sample>(
        &mut self,
        mixture: &Mixture,
        samples: &[T],
        len: usize,
        stop: &Stop,
    ) -> Result<&[u16]> {
        let MixtureSearch { samples: plain, offsets, densities, labels, best } = self;
        plain.iter_mut().zip(samples).for_each(|(to, from)| *to = from.to_f64());
        labels.fill(0);
        best.fill(f64::NEG_INFINITY);
        for component in 0..mixture.len() {
            stop.check()?;
            mixture.log_densities(component, plain, offsets, &mut densities[..len]);
            for ((label, best), density) in
                labels.iter_mut().zip(best.iter_mut()).zip(&densities[..len])
            {
                let better = *density > *best;
                *label = if better { component as u16 } else { *label };
                *best = if better { *density } else { *best };
            }
        }
        Ok(&labels[..len])
    }

    /// The posterior probability of the class of each pixel of the last search: the sum over the
    /// components with the same `class_of` as the likeliest. Above 0, at most 1.
    pub fn posteriors(&mut self, mixture: &Mixture, class_of: &[u16], posteriors: &mut [f64]) {
        let len = posteriors.len();
        let mut all = [0.0; TILE];
        posteriors.fill(0.0);
        for component in 0..mixture.len() {
            mixture.log_densities(
                component,
                &self.samples,
                &mut self.offsets,
                &mut self.densities[..len],
            );
            for (i, posterior) in posteriors.iter_mut().enumerate() {
                let share = libm::exp(self.densities[i] - self.best[i]);
                all[i] += share;
                if class_of[component] == class_of[usize::from(self.labels[i])] {
                    *posterior += share;
                }
            }
        }
        posteriors.iter_mut().zip(all).for_each(|(posterior, all)| *posterior /= all);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn mixture() -> Mixture {
        let covariances = [
            array![[4.0, 1.0, 0.5], [1.0, 3.0, 0.0], [0.5, 0.0, 2.0]],
            array![[1.0, 0.0, 0.0], [0.0, 9.0, 2.0], [0.0, 2.0, 1.0]],
            array![[25.0, 0.0, 0.0], [0.0, 25.0, 0.0], [0.0, 0.0, 25.0]],
        ];
        let means = array![[0.0, 0.0, 0.0], [4.0, 1.0, 2.0], [1.0, 1.0, 5.0]];
        Mixture::new(&[0.5, 0.2, 0.3], &means, &covariances).unwrap()
    }

    /// Weight times density by the textbook: with determinant and inverse.
    fn density(component: usize, pixel: [f64; 3]) -> f64 {
        let covariance = match component {
            0 => DMatrix::from_row_slice(3, 3, &[4.0, 1.0, 0.5, 1.0, 3.0, 0.0, 0.5, 0.0, 2.0]),
            1 => DMatrix::from_row_slice(3, 3, &[1.0, 0.0, 0.0, 0.0, 9.0, 2.0, 0.0, 2.0, 1.0]),
            _ => DMatrix::identity(3, 3) * 25.0,
        };
        let mean = [[0.0, 0.0, 0.0], [4.0, 1.0, 2.0], [1.0, 1.0, 5.0]][component];
        let offset = nalgebra::DVector::from_fn(3, |band, _| pixel[band] - mean[band]);
        let exponent =
            (offset.transpose() * covariance.clone().try_inverse().unwrap() * &offset)[(0, 0)];
        [0.5, 0.2, 0.3][component] * (-0.5 * exponent).exp() / covariance.determinant().sqrt()
    }

    #[test]
    fn labels_and_posteriors_are_those_of_the_densities() {
        let mixture = mixture();
        let samples: Vec<i16> = (0..3 * TILE).map(|i| (i * 7919 % 17) as i16 - 6).collect();
        let mut search = MixtureSearch::new(3);
        for len in [1, 100, TILE] {
            let labels = search.search(&mixture, &samples, len).to_vec();
            let mut posteriors = vec![0.0; len];
            search.posteriors(&mixture, &[0, 1, 0], &mut posteriors);
            for i in 0..len {
                let pixel = [0, 1, 2].map(|band| f64::from(samples[band * TILE + i]));
                let densities = [0, 1, 2].map(|component| density(component, pixel));
                let best = (0..3).max_by(|a, b| densities[*a].total_cmp(&densities[*b])).unwrap();
                assert_eq!(usize::from(labels[i]), best);
                let own = if best == 1 { densities[1] } else { densities[0] + densities[2] };
                let posterior = own / densities.iter().sum::<f64>();
                assert!((posteriors[i] - posterior).abs() < 1e-9, "{} {posterior}", posteriors[i]);
            }
        }
    }

    #[test]
    fn far_away_pixels_have_a_posterior_too() {
        let mixture = mixture();
        let mut samples = vec![0.0; 3 * TILE];
        samples[0] = 1e9;
        let mut search = MixtureSearch::new(3);
        assert_eq!(search.search(&mixture, &samples, 1), [2]);
        let mut posterior = [0.0];
        search.posteriors(&mixture, &[0, 1, 2], &mut posterior);
        assert_eq!(posterior, [1.0]);
    }

    #[test]
    fn flat_components_are_none() {
        let flat = array![[1.0, 1.0], [1.0, 1.0]];
        assert!(Mixture::new(&[1.0], &Array2::zeros((1, 2)), &[flat]).is_none());
    }

    #[test]
    fn the_loss_is_half_the_whitened_trace() {
        let mixture = mixture();
        let within = array![[1.0, 0.2, 0.0], [0.2, 2.0, 0.1], [0.0, 0.1, 0.5]];
        assert!((mixture.loss(2, &within) - 0.5 * 3.5 / 25.0).abs() < 1e-12);
    }
}
