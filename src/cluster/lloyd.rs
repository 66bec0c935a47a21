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
pub(crate) struct Rest {
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
    let step = |from: &Centers| Step::take(points, from).next_centers(points, from);
    let (centers, n_iter) = to_rest(step, start, band_weights, max_iter, tolerance, stop)?;
    let inertia = costs(points, &centers).iter().sum();
    Ok(Rest { centers: centers.values().to_owned(), inertia, n_iter })
}

/// Takes steps until the squared shift of the centres is at most `tolerance`, or `max_iter` of them. Returns the centres, and the
/// number of steps.
///
/// # Errors
/// `Cancelled`.
pub(super) fn to_rest(
    step: impl Fn(&Centers) -> Array2<f64>,
    start: Array2<f64>,
    band_weights: &[f64],
    max_iter: u32,
    tolerance: f64,
    stop: &Stop,
) -> Result<(Centers, u32)> {
    let mut centers = Centers::new(start, band_weights.to_vec());
    let mut n_iter = 0;
    loop {
        stop.check()?;
        if n_iter == max_iter {
            return Ok((centers, n_iter));
        }
        let next = step(&centers);
        let shift = centers.squared_shift(&next);
        n_iter += 1;
        centers = Centers::new(next, band_weights.to_vec());
        if shift <= tolerance {
            return Ok((centers, n_iter));
        }
    }
}

/// The nearest centre (0-based) of every point.
pub(crate) fn assign(points: &Points, centers: &Centers) -> Vec<u16> {
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

/// The costliest point of each centre, the costliest of all last; none that costs nothing.
fn costliest(points: &Points, centers: &Centers) -> Vec<usize> {
    let mut costliest = vec![(0.0, 0); centers.len()];
    for (point, (cost, label)) in costs(points, centers).into_iter().zip(assign(points, centers)).enumerate()
    {
        let most = &mut costliest[usize::from(label)];
        if cost > most.0 {
            *most = (cost, point);
        }
    }
    costliest.retain(|(cost, _)| *cost > 0.0);
    costliest.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    costliest.into_iter().map(|(_, point)| point).collect()
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
}

impl Step {
    /// Of no points.
    pub fn new(centers: &Centers) -> Step {
        let k = centers.len();
        Step { sums: vec![0.0; k * centers.n_bands()], weights: vec![0.0; k] }
    }

    /// One assignment of these points.
    pub fn take(points: &Points, centers: &Centers) -> Step {
        let mut step = Step::new(centers);
        match (points.spread_of_pixels(), centers.n_bands()) {
            (Some(spread), _) => step.take_spread(points, spread, centers),
            // What is known when compiling runs faster.
            (None, 3) => step.take_solid::<3>(points, centers),
            (None, 4) => step.take_solid::<4>(points, centers),
            (None, _) => step.take_solid::<0>(points, centers),
        }
        step
    }

    /// Every point goes to the nearest centre; `BANDS` is the number of bands, or 0.
    fn take_solid<const BANDS: usize>(&mut self, points: &Points, centers: &Centers) {
        let n_bands = if BANDS == 0 { points.n_bands() } else { BANDS };
        let mut search = NearestSearch::new(n_bands);
        for (samples, weights) in points.tiles() {
            self.add_tile(n_bands, &mut search, centers, samples, weights);
        }
    }

    /// Adds the points of a tile to their nearest centres.
    #[inline(always)]
    pub fn add_tile(
        &mut self,
        n_bands: usize,
        search: &mut NearestSearch,
        centers: &Centers,
        samples: &[f64],
        weights: &[f64],
    ) {
        let labels = label(search, centers, samples, weights.len());
        for (i, (weight, label)) in weights.iter().zip(labels).enumerate() {
            self.add(n_bands, *label, *weight, |band| samples[band * TILE + i]);
        }
    }

    /// Adds the points of another assignment to the same centres.
    pub fn merge(&mut self, other: &Step) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, other)| *sum += other);
        self.weights.iter_mut().zip(&other.weights).for_each(|(sum, other)| *sum += other);
    }

    /// So does every point, less its pixels beyond the border, which go to the next.
    fn take_spread(&mut self, points: &Points, spread: &Spread, centers: &Centers) {
        let n_bands = points.n_bands();
        let mut found = TwoNearest::new();
        let mut border = Border::new(centers, spread);
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            found.find(centers, samples, weights.len());
            for (i, weight) in weights.iter().enumerate() {
                let sample = |band| samples[band * TILE + i];
                let (nearest, next) =
                    ((found.nearest[i], found.distance[i]), (found.next[i], found.next_distance[i]));
                self.add(n_bands, nearest.0, *weight, sample);
                let share = if *weight > 1.0 { border.beyond(tile * TILE + i, nearest, next) } else { 0.0 };
                if share > 0.0 {
                    let part = |band: usize| share * sample(band) + border.moment[band];
                    self.shift(n_bands, (nearest.0, next.0), weight * share, |band| weight * part(band));
                }
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, n_bands: usize, label: u16, weight: f64, sample: impl Fn(usize) -> f64) {
        let label = usize::from(label);
        self.weights[label] += weight;
        let sums = &mut self.sums[label * n_bands..][..n_bands];
        sums.iter_mut().enumerate().for_each(|(band, sum)| *sum += weight * sample(band));
    }

    /// Moves pixels from one centre to another: how many, and the sums of their samples.
    fn shift(&mut self, n_bands: usize, (from, to): (u16, u16), weight: f64, sum: impl Fn(usize) -> f64) {
        let (from, to) = (usize::from(from), usize::from(to));
        self.weights[from] -= weight;
        self.weights[to] += weight;
        for band in 0..n_bands {
            let sum = sum(band);
            self.sums[from * n_bands + band] -= sum;
            self.sums[to * n_bands + band] += sum;
        }
    }

    /// The number of pixels of each centre.
    pub fn sizes(&self) -> &[f64] {
        &self.weights
    }

    /// The means of the points of each centre; those without points stay where they are.
    pub fn means(&self, centers: &Centers) -> Array2<f64> {
        let mut means = centers.values().to_owned();
        let sums = self.sums.chunks_exact(centers.n_bands());
        for ((mut mean, sums), weight) in means.rows_mut().into_iter().zip(sums).zip(&self.weights) {
            if *weight > 0.0 {
                mean.iter_mut().zip(sums).for_each(|(to, sum)| *to = sum / weight);
            }
        }
        means
    }

    /// The means of the points of each centre; those without points start anew at the costliest ones.
    pub fn next_centers(&self, points: &Points, centers: &Centers) -> Array2<f64> {
        let mut next = self.means(centers);
        let empty: Vec<usize> = (0..centers.len()).filter(|center| self.weights[*center] <= 0.0).collect();
        if !empty.is_empty() {
            for (center, point) in empty.into_iter().zip(costliest(points, centers).into_iter().rev()) {
                next.row_mut(center).iter_mut().zip(points.point(point)).for_each(|(to, from)| *to = from);
            }
        }
        points.metric().centers(next)
    }
}
