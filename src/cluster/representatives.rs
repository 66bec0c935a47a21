//! Few points instead of many cells, for algorithms whose time or memory grows with the square of
//! the number of points.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use rand_pcg::Pcg64;

use super::lloyd::{assign, lloyd, LloydResult};
use super::options::ScalingMethod;
use super::points::Points;
use super::profile::set_profiles;
use super::seeding::kmeans_plus_plus;
use super::statistics::{bands, check_cells, scaling, statistics};
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::model::{BandWeights, Method, Model, Regions, Scaling, MAX_CLASSES};
use crate::progress::{Run, Stop};
use crate::summary::{Cells, Summary};

/// Iterations of k-means that spread the representatives: they must be even, not optimal.
const ITERATIONS: u32 = 10;

/// The points that stand for all pixels.
pub(super) struct Representatives {
    pub cells: Arc<Cells>,
    scaling: Scaling,
    pub band_weights: Vec<f64>,
    seed: u64,
    /// Points x bands, in band units.
    pub points: Array2<f64>,
    /// The same in the scaled units that distances are measured in.
    pub scaled: Array2<f64>,
    /// Number of pixels that each stands for.
    pub weights: Vec<f64>,
}

/// Points (x bands, in band units), and the number of pixels that each stands for.
pub(super) type Weighted = (Array2<f64>, Vec<f64>);

impl Representatives {
    /// Reduces the cells of a summary by `reduce`, which gets the cells and the weights of the
    /// bands in distances.
    ///
    /// # Errors
    /// `InvalidArgument` when there is not one weight for each band; `InvalidData` when there is no
    /// valid pixel, there are fewer than `least` distinct pixels, or a band to be scaled is
    /// constant; what `reduce` returns; `Cancelled`.
    pub fn new(
        summary: &Summary,
        (scaling, band_weights): (ScalingMethod, &BandWeights),
        seed: u64,
        least: usize,
        run: &mut Run,
        reduce: impl Fn(&Cells, &[f64], &Stop) -> Result<Weighted> + Sync,
    ) -> Result<Representatives> {
        let cells = summary.cells();
        check_cells(&cells, summary, least)?;
        let scaling = self::scaling(scaling, band_weights, &cells)?;
        let band_weights = scaling.weights(cells.n_bands());
        let (points, weights) =
            run.with_stop("fitting", |stop| reduce(&cells, &band_weights, stop))?;
        let mut scaled = points.clone();
        for (mut column, weight) in scaled.columns_mut().into_iter().zip(&band_weights) {
            column *= *weight;
        }
        Ok(Representatives { cells, scaling, band_weights, seed, points, scaled, weights })
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// The points, each as often as it was drawn: a cell that was drawn several times is several
    /// pixels at distance 0.
    pub fn repeated(&self) -> Vec<usize> {
        repeated(self.weights.iter().map(|draws| *draws as usize))
    }

    /// The squared distance of two points, in scaled units.
    pub fn squared_distance(&self, a: usize, b: usize) -> f64 {
        let pairs = self.scaled.row(a).into_iter().zip(self.scaled.row(b));
        pairs.map(|(a, b)| (a - b) * (a - b)).sum()
    }

    /// The radius about a point within which there are at least so many pixels.
    pub fn radius_of(&self, point: usize, pixels: f64) -> f64 {
        let mut others: Vec<(f64, f64)> = (0..self.len())
            .map(|other| (self.squared_distance(point, other), self.weights[other]))
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut within = 0.0;
        let reached = others.iter().find(|(_, weight)| {
            within += weight;
            within >= pixels
        });
        reached.or(others.last()).map_or(0.0, |(distance, _)| distance.sqrt())
    }

    /// The model in which every pixel has the class of its nearest point; `None` is noise. Classes
    /// may be numbered in any way.
    ///
    /// # Errors
    /// `InvalidArgument` when there are more classes than labels; `OutOfMemory`; `Cancelled`.
    pub fn model(self, method: Method, classes: &[Option<usize>], run: &mut Run) -> Result<Model> {
        let (classes, noise) = numbered(classes)?;
        run.stage(0.9, 1.0).with_stop("fitting", |stop| {
            let points = Points::spread(&self.cells);
            let rest = LloydResult { centers: self.points.clone(), inertia: 0.0, n_iter: 0 };
            let fitted = statistics(&self.cells, &points, rest, &self.band_weights, stop)?;
            let (points, classes) = (self.points.clone(), classes.clone());
            let regions = Regions { points, classes, noise, radii: Vec::new(), normals: None };
            let (bands, scaling) = (bands(&self.cells), self.scaling.clone());
            let mut model =
                Model::of_regions(method.clone(), self.seed, bands, scaling, regions, &fitted);
            set_profiles(&mut model, &self.cells, stop)?;
            Ok(model)
        })
    }
}

/// Classes numbered from 0 up without gaps, noise last; and the number of the noise class, if there
/// is one.
fn numbered(classes: &[Option<usize>]) -> Result<(Vec<u16>, Option<u16>)> {
    let mut used: Vec<usize> = classes.iter().flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    let has_noise = classes.contains(&None);
    let n_classes = used.len() + usize::from(has_noise);
    if n_classes > MAX_CLASSES {
        return invalid_argument(format!(
            "{n_classes} classes were found, at most {MAX_CLASSES} can be labelled"
        ));
    }
    let number = |class: &Option<usize>| match class {
        Some(class) => used.partition_point(|other| other < class) as u16,
        None => used.len() as u16,
    };
    Ok((classes.iter().map(number).collect(), has_noise.then_some(used.len() as u16)))
}

/// The means of at most `n` groups of cells, made by k-means: even in space, so that small classes
/// are included.
///
/// # Errors
/// `Cancelled`.
pub(super) fn groups(
    cells: &Cells,
    n: usize,
    band_weights: &[f64],
    seed: u64,
    stop: &Stop,
) -> Result<Weighted> {
    groups_after(ITERATIONS, cells, n, band_weights, seed, stop)
}

/// The same after a given number of iterations.
///
/// # Errors
/// `Cancelled`.
pub(super) fn groups_after(
    iterations: u32,
    cells: &Cells,
    n: usize,
    band_weights: &[f64],
    seed: u64,
    stop: &Stop,
) -> Result<Weighted> {
    let pixels = || cells.counts.iter().map(|count| *count as f64);
    if cells.len() <= n {
        return Ok((cells.means.clone(), pixels().collect()));
    }
    let points = Points::solid(cells);
    let mut random = Pcg64::new(u128::from(seed), 0);
    let start = kmeans_plus_plus(&points, n, band_weights, &mut random, stop)?;
    let rest = lloyd(&points, start, band_weights, iterations, 0.0, stop)?;
    let centers = Centers::with_stop(rest.centers, band_weights.to_vec(), stop)?;
    let mut weights = vec![0.0; n];
    for (label, pixels) in assign(&points, &centers, stop)?.iter().zip(pixels()) {
        weights[usize::from(*label)] += pixels;
    }
    let used: Vec<usize> = (0..n).filter(|&group| weights[group] > 0.0).collect();
    let weights = used.iter().map(|&group| weights[group]).collect();
    Ok((centers.values().select(Axis(0), &used), weights))
}

/// `n` draws from the cells in even steps of pixels along their order: the cells drawn, and the
/// number of draws of each. A sample of the pixels, for algorithms that cannot take weights.
pub(super) fn sample(cells: &Cells, n: usize) -> Weighted {
    let draws = draws(cells.counts.iter().map(|count| *count as f64), n);
    let drawn: Vec<usize> = (0..draws.len()).filter(|&cell| draws[cell] > 0).collect();
    let weights = drawn.iter().map(|&cell| draws[cell] as f64).collect();
    (cells.means.select(Axis(0), &drawn), weights)
}

/// The index of each draw, given how often each point is drawn.
pub(super) fn repeated(draws: impl Iterator<Item = usize>) -> Vec<usize> {
    draws.enumerate().flat_map(|(point, draws)| std::iter::repeat_n(point, draws)).collect()
}

/// How often each weight is drawn, if `n` draws are made in even steps along the weights.
pub(super) fn draws(weights: impl Iterator<Item = f64> + Clone, n: usize) -> Vec<usize> {
    let step = weights.clone().sum::<f64>() / n as f64;
    let (mut below, mut so_far) = (0.0, 0);
    let draw = |weight: f64| {
        below += weight;
        let up_to = (below / step + 0.5).floor() as usize;
        let draws = up_to.min(n) - so_far;
        so_far += draws;
        draws
    };
    weights.map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_in_proportion() {
        assert_eq!(draws([1.0, 1.0, 8.0].into_iter(), 10), [1, 1, 8]);
        assert_eq!(draws([0.1, 0.1, 9.8].into_iter(), 10), [0, 0, 10]);
        assert_eq!(draws([3.0; 5].into_iter(), 10).iter().sum::<usize>(), 10);
    }

    #[test]
    fn classes_are_numbered_without_gaps() {
        let found = numbered(&[Some(7), None, Some(2), Some(7)]).unwrap();
        assert_eq!(found, (vec![1, 2, 0, 1], Some(2)));
        assert_eq!(numbered(&[Some(3)]).unwrap(), (vec![0], None));
    }
}
