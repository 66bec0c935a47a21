//! Lloyd's algorithm on weighted points.

use ndarray::Array2;

use super::points::Points;
use crate::error::Result;
use crate::kernel::{Centers, NearestSearch};
use crate::progress::Stop;
use crate::raster::TILE;

/// Where Lloyd's algorithm came to rest.
#[derive(Clone)]
pub(super) struct Rest {
    pub centers: Array2<f64>,
    /// Weighted sum of squared distances from these centres.
    pub inertia: f64,
    /// Iterations that it took from where it started.
    pub n_iter: u32,
}

/// Moves centres to the means of their points until their squared shift is at most `tolerance`, or `max_iter` times.
/// An empty cluster starts anew at the point that costs most.
///
/// # Errors
/// `Cancelled`.
pub(super) fn lloyd(
    points: &Points,
    start: Array2<f64>,
    band_weights: &[f64],
    max_iter: u32,
    tolerance: f64,
    stop: &Stop,
) -> Result<Rest> {
    let mut centers = Centers::new(start, band_weights.to_vec());
    let mut n_iter = 0;
    loop {
        stop.check()?;
        let step = Step::take(points, &centers);
        if n_iter == max_iter {
            return Ok(Rest { centers: centers.values().to_owned(), inertia: step.inertia, n_iter });
        }
        let next = step.next_centers(points, &centers);
        let shift: f64 =
            (0..centers.len()).map(|i| centers.squared_distance(i, |band| next[(i, band)])).sum();
        n_iter += 1;
        centers = Centers::new(next, band_weights.to_vec());
        if shift <= tolerance {
            let inertia = Step::take(points, &centers).inertia;
            return Ok(Rest { centers: centers.values().to_owned(), inertia, n_iter });
        }
    }
}

/// The nearest centre (0-based) of every point.
pub(super) fn assign(points: &Points, centers: &Centers) -> Vec<u16> {
    let mut search = NearestSearch::new(points.n_bands());
    let tiles = points.tiles();
    tiles.flat_map(|(samples, weights)| label(&mut search, centers, samples, weights.len()).to_vec()).collect()
}

/// What every point costs: its weight times its squared distance from the nearest centre.
pub(super) fn costs(points: &Points, centers: &Centers) -> Vec<f64> {
    let mut search = NearestSearch::new(points.n_bands());
    let mut costs = Vec::with_capacity(points.len());
    for (samples, weights) in points.tiles() {
        let labels = label(&mut search, centers, samples, weights.len());
        let cost = |(i, (label, weight)): (usize, (&u16, &f64))| {
            weight * centers.squared_distance(usize::from(*label), |band| samples[band * TILE + i])
        };
        costs.extend(labels.iter().zip(weights).enumerate().map(cost));
    }
    costs
}

/// The nearest centre of every point of a tile.
fn label<'s>(search: &'s mut NearestSearch, centers: &Centers, samples: &[f64], len: usize) -> &'s [u16] {
    search.search(centers, samples, &[1; TILE][..len]).0
}

/// One assignment of all points.
struct Step {
    /// Weighted sums of the points of each centre.
    sums: Array2<f64>,
    /// Sums of their weights.
    weights: Vec<f64>,
    /// Points by what they cost, for empty clusters: the costliest of each centre.
    costliest: Vec<(f64, usize)>,
    inertia: f64,
}

impl Step {
    fn take(points: &Points, centers: &Centers) -> Step {
        let (k, n_bands) = (centers.len(), centers.n_bands());
        let mut sums = vec![0.0; k * n_bands];
        let mut step = Step {
            sums: Array2::zeros((0, 0)),
            weights: vec![0.0; k],
            costliest: vec![(0.0, 0); k],
            inertia: 0.0,
        };
        let mut search = NearestSearch::new(n_bands);
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            let labels = label(&mut search, centers, samples, weights.len());
            for (i, (weight, label)) in weights.iter().zip(labels).enumerate() {
                let label = usize::from(*label);
                step.weights[label] += weight;
                let cost = weight * centers.squared_distance(label, |band| samples[band * TILE + i]);
                step.inertia += cost;
                if cost > step.costliest[label].0 {
                    step.costliest[label] = (cost, tile * TILE + i);
                }
                let sums = &mut sums[label * n_bands..][..n_bands];
                for (band, sum) in sums.iter_mut().enumerate() {
                    *sum += weight * samples[band * TILE + i];
                }
            }
        }
        step.sums = Array2::from_shape_vec((k, n_bands), sums).expect("k x n_bands numbers");
        step
    }

    fn next_centers(&self, points: &Points, centers: &Centers) -> Array2<f64> {
        let mut next = centers.values().to_owned();
        let mut costliest = self.costliest.clone();
        costliest.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        for (center, weight) in self.weights.iter().enumerate() {
            let mut row = next.row_mut(center);
            if *weight > 0.0 {
                row.assign(&(&self.sums.row(center) / *weight));
            } else if let Some((_, point)) = costliest.pop().filter(|(cost, _)| *cost > 0.0) {
                row.iter_mut().zip(points.point(point)).for_each(|(to, from)| *to = from);
            }
        }
        next
    }
}
