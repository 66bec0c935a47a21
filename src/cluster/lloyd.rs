//! Lloyd's algorithm on weighted points.

use ndarray::Array2;

use super::border::Border;
use super::points::Points;
use crate::error::Result;
use crate::kernel::{Centers, NearestSearch, TwoNearest};
use crate::progress::Stop;
use crate::raster::TILE;
use crate::summary::Spread;

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
        let shift = squared_shift(&centers, &next);
        n_iter += 1;
        centers = Centers::new(next, band_weights.to_vec());
        if shift <= tolerance {
            let inertia = Step::take(points, &centers).inertia;
            return Ok(Rest { centers: centers.values().to_owned(), inertia, n_iter });
        }
    }
}

/// The squared (weighted) distance between all centres and the next ones.
pub(super) fn squared_shift(centers: &Centers, next: &Array2<f64>) -> f64 {
    (0..centers.len()).map(|i| centers.squared_distance(i, |band| next[(i, band)])).sum()
}

/// The nearest centre (0-based) of every point.
pub(super) fn assign(points: &Points, centers: &Centers) -> Vec<u16> {
    let mut search = NearestSearch::new(points.n_bands());
    let mut labels = Vec::with_capacity(points.len());
    for (samples, weights) in points.tiles() {
        labels.extend(label(&mut search, centers, samples, weights.len()));
    }
    labels
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
pub(super) struct Step {
    /// Weighted sums of the points of each centre: centres x bands.
    sums: Vec<f64>,
    /// Sums of their weights.
    weights: Vec<f64>,
    /// Points by what they cost, for empty clusters: the costliest of each centre.
    costliest: Vec<(f64, usize)>,
    inertia: f64,
}

impl Step {
    pub fn take(points: &Points, centers: &Centers) -> Step {
        let k = centers.len();
        let mut step = Step {
            sums: vec![0.0; k * centers.n_bands()],
            weights: vec![0.0; k],
            costliest: vec![(0.0, 0); k],
            inertia: 0.0,
        };
        match points.spread_of_pixels() {
            None => step.take_solid(points, centers),
            Some(spread) => step.take_spread(points, spread, centers),
        }
        step
    }

    /// Every point goes to the nearest centre.
    fn take_solid(&mut self, points: &Points, centers: &Centers) {
        let mut search = NearestSearch::new(points.n_bands());
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            let labels = label(&mut search, centers, samples, weights.len());
            for (i, (weight, label)) in weights.iter().zip(labels).enumerate() {
                let (label, sample) = (usize::from(*label), |band| samples[band * TILE + i]);
                self.count_cost(label, weight * centers.squared_distance(label, sample), tile * TILE + i);
                self.add(label, *weight, sample);
            }
        }
    }

    /// So does every point, less its pixels beyond the border, which go to the next.
    fn take_spread(&mut self, points: &Points, spread: &Spread, centers: &Centers) {
        let mut found = TwoNearest::new();
        let mut border = Border::new(centers, spread);
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            found.find(centers, samples, weights.len());
            for (i, weight) in weights.iter().enumerate() {
                let (point, sample) = (tile * TILE + i, |band| samples[band * TILE + i]);
                let (nearest, next) =
                    ((found.nearest[i], found.distance[i]), (found.next[i], found.next_distance[i]));
                self.count_cost(usize::from(nearest.0), weight * nearest.1, point);
                self.add(usize::from(nearest.0), *weight, sample);
                let share = if *weight > 1.0 { border.beyond(point, nearest, next) } else { 0.0 };
                if share > 0.0 {
                    let mean_beyond = |band: usize| sample(band) + border.moment[band] / share;
                    self.add(usize::from(nearest.0), -weight * share, mean_beyond);
                    self.add(usize::from(next.0), weight * share, mean_beyond);
                }
            }
        }
    }

    fn count_cost(&mut self, label: usize, cost: f64, point: usize) {
        self.inertia += cost;
        if cost > self.costliest[label].0 {
            self.costliest[label] = (cost, point);
        }
    }

    fn add(&mut self, label: usize, weight: f64, sample: impl Fn(usize) -> f64) {
        let n_bands = self.sums.len() / self.weights.len();
        self.weights[label] += weight;
        let sums = &mut self.sums[label * n_bands..][..n_bands];
        sums.iter_mut().enumerate().for_each(|(band, sum)| *sum += weight * sample(band));
    }

    /// The number of pixels of each centre.
    pub fn sizes(&self) -> &[f64] {
        &self.weights
    }

    /// The means of the points of each centre.
    pub fn next_centers(&self, points: &Points, centers: &Centers) -> Array2<f64> {
        let n_bands = centers.n_bands();
        let mut next = centers.values().to_owned();
        let mut costliest = self.costliest.clone();
        costliest.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        for (center, weight) in self.weights.iter().enumerate() {
            let mut row = next.row_mut(center);
            if *weight > 0.0 {
                let sums = &self.sums[center * n_bands..][..n_bands];
                row.iter_mut().zip(sums).for_each(|(to, sum)| *to = sum / weight);
            } else if let Some((_, point)) = costliest.pop().filter(|(cost, _)| *cost > 0.0) {
                row.iter_mut().zip(points.point(point)).for_each(|(to, from)| *to = from);
            }
        }
        next
    }
}
