//! Lloyd's algorithm on weighted points.

use ndarray::Array2;

use super::points::Points;
use crate::error::Result;
use crate::kernel::{nearest, Centers};
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
    let mut labels = vec![0; points.len()];
    let mut distances = [0.0; TILE];
    for ((samples, _), labels) in points.tiles().zip(labels.chunks_mut(TILE)) {
        nearest(centers, samples, labels, &mut distances);
    }
    labels
}

/// What every point costs: its weight times its squared distance from the nearest centre.
pub(super) fn costs(points: &Points, centers: &Centers) -> Vec<f64> {
    let mut costs = vec![0.0; points.len()];
    let mut labels = [0; TILE];
    for ((samples, weights), costs) in points.tiles().zip(costs.chunks_mut(TILE)) {
        nearest(centers, samples, &mut labels[..weights.len()], costs);
        costs.iter_mut().zip(weights).for_each(|(cost, weight)| *cost *= weight);
    }
    costs
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
        let (mut labels, mut distances) = ([0; TILE], [0.0; TILE]);
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            nearest(centers, samples, &mut labels[..weights.len()], &mut distances);
            for (i, weight) in weights.iter().enumerate() {
                let label = usize::from(labels[i]);
                step.weights[label] += weight;
                let cost = weight * distances[i];
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
