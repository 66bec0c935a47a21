//! Lloyd's algorithm on weighted points.

use ndarray::Array2;

use super::assignment::{Assignment, Search};
use super::border::Border;
use super::points::Points;
use crate::error::Result;
use crate::kernel::{padded, squared_distances_to_own, Centers, WeightedSums};
use crate::progress::Stop;
use crate::raster::TILE;
use crate::summary::Spread;

/// The fixed point to which Lloyd's algorithm converged.
#[derive(Clone)]
pub(crate) struct LloydResult {
    pub centers: Array2<f64>,
    /// Weighted sum of squared distances from these centres.
    pub inertia: f64,
    /// Number of iterations from the start.
    pub n_iter: u32,
}

/// Moves centres to the means of their points until their squared shift is at most `tolerance`, or
/// `max_iter` times. An empty cluster restarts at the point with the highest cost.
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
) -> Result<LloydResult> {
    let mut assignment = Assignment::new(points);
    let step = |from: &Centers| {
        Step::follow(&mut assignment, points, from, stop)?.next_centers(points, from, stop)
    };
    let (centers, n_iter) = converge(step, start, band_weights, max_iter, tolerance, stop)?;
    let labels = assignment.nearest(points, &centers, stop)?;
    let inertia = costs_of(points, &centers, labels).iter().sum();
    Ok(LloydResult { centers: centers.values().to_owned(), inertia, n_iter })
}

/// Takes steps until the squared shift of the centres is at most `tolerance`, at most `max_iter`
/// steps. Returns the centres, and the number of steps.
///
/// # Errors
/// `Cancelled`.
pub(super) fn converge(
    mut step: impl FnMut(&Centers) -> Result<Array2<f64>>,
    start: Array2<f64>,
    band_weights: &[f64],
    max_iter: u32,
    tolerance: f64,
    stop: &Stop,
) -> Result<(Centers, u32)> {
    let mut centers = Centers::with_stop(start, band_weights.to_vec(), stop)?;
    let mut n_iter = 0;
    loop {
        stop.check()?;
        if n_iter == max_iter {
            return Ok((centers, n_iter));
        }
        let next = step(&centers)?;
        let shift = centers.squared_shift(&next);
        n_iter += 1;
        centers = Centers::with_stop(next, band_weights.to_vec(), stop)?;
        if shift <= tolerance {
            return Ok((centers, n_iter));
        }
    }
}

/// The nearest centre (0-based) of every point.
///
/// # Errors
/// `Cancelled`.
pub(crate) fn assign(points: &Points, centers: &Centers, stop: &Stop) -> Result<Vec<u16>> {
    let mut search = Search::new(points.n_bands());
    let mut labels = Vec::with_capacity(points.len());
    for (samples, weights) in points.tiles() {
        labels.extend(search.nearest(centers, samples, weights.len(), stop)?);
    }
    Ok(labels)
}

/// The cost of every point: its weight times its squared distance from the nearest centre.
///
/// # Errors
/// `Cancelled`.
pub(super) fn costs(points: &Points, centers: &Centers, stop: &Stop) -> Result<Vec<f64>> {
    Ok(costs_of(points, centers, &assign(points, centers, stop)?))
}

/// The same if the nearest centre of every point is known.
fn costs_of(points: &Points, centers: &Centers, labels: &[u16]) -> Vec<f64> {
    let mut costs = vec![0.0; points.len()];
    let tiles = points.tiles().zip(labels.chunks(TILE)).zip(costs.chunks_mut(TILE));
    for (((samples, weights), labels), costs) in tiles {
        squared_distances_to_own(centers, labels, samples, costs);
        costs.iter_mut().zip(weights).for_each(|(cost, weight)| *cost *= weight);
    }
    costs
}

/// The point with the highest cost of each centre, the highest of all last; without points of cost
/// 0.
fn costliest(points: &Points, centers: &Centers, stop: &Stop) -> Result<Vec<usize>> {
    let mut costliest = vec![(0.0, 0); centers.len()];
    let labels = assign(points, centers, stop)?;
    let costs = costs_of(points, centers, &labels);
    for (point, (cost, label)) in costs.into_iter().zip(labels).enumerate() {
        let most = &mut costliest[usize::from(label)];
        if cost > most.0 {
            *most = (cost, point);
        }
    }
    costliest.retain(|(cost, _)| *cost > 0.0);
    costliest.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    Ok(costliest.into_iter().map(|(_, point)| point).collect())
}

/// One assignment of all points.
pub(super) struct Step {
    sums: WeightedSums,
}

impl Step {
    /// A step with no points yet.
    pub fn new(centers: &Centers) -> Step {
        Step { sums: WeightedSums::new(centers.len(), centers.n_bands()) }
    }

    /// One assignment of these points.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn take(points: &Points, centers: &Centers, stop: &Stop) -> Result<Step> {
        Step::follow(&mut Assignment::new(points), points, centers, stop)
    }

    /// The same after another step, whose assignment spares most comparisons.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn follow(
        assignment: &mut Assignment,
        points: &Points,
        centers: &Centers,
        stop: &Stop,
    ) -> Result<Step> {
        let mut step = Step::new(centers);
        match points.spread_of_pixels() {
            Some(spread) => step.follow_spread(assignment, points, spread, centers, stop)?,
            None => {
                let labels = assignment.nearest(points, centers, stop)?;
                step.sums.add_rows(labels, points.rows(), points.weights());
            }
        }
        Ok(step)
    }

    /// Adds the points of a tile (samples and weights) to the centres (0-based) that `labels` name.
    pub fn add(&mut self, labels: &[u16], samples: &[f64], weights: &[f64]) {
        self.sums.add(labels, samples, weights);
    }

    /// Adds the points of another assignment to the same centres.
    pub fn merge(&mut self, other: &Step) {
        self.sums.merge(&other.sums);
    }

    /// Adds every point to its nearest centre, except its pixels beyond the border, which go to the
    /// next centre.
    fn follow_spread(
        &mut self,
        assignment: &mut Assignment,
        points: &Points,
        spread: &Spread,
        centers: &Centers,
        stop: &Stop,
    ) -> Result<()> {
        let mut border = Border::new(centers, spread);
        let rows = points.rows().chunks(TILE * padded(points.n_bands()));
        assignment.go_to(centers);
        for (tile, ((samples, weights), rows)) in points.tiles().zip(rows).enumerate() {
            let margin = border.margin(points.widest(tile));
            let samples = (samples, weights.len());
            let found = assignment.two_nearest(tile, samples, centers, margin, stop)?;
            self.sums.add_split(found, rows, weights, &mut border);
            border.first += weights.len();
        }
        Ok(())
    }

    /// The number of pixels of each centre.
    pub fn sizes(&self) -> &[f64] {
        self.sums.weights()
    }

    /// The means of the points of each centre; centres without points stay where they are.
    pub fn means(&self, centers: &Centers) -> Array2<f64> {
        let mut means = centers.values().to_owned();
        let rows = means.rows_mut().into_iter().zip(self.sizes()).enumerate();
        for (center, (mut mean, weight)) in rows.filter(|(_, (_, weight))| **weight > 0.0) {
            mean.iter_mut().zip(self.sums.of(center)).for_each(|(to, sum)| *to = sum / weight);
        }
        means
    }

    /// The means of the points of each centre; centres without points restart at the points with
    /// the highest costs.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn next_centers(
        &self,
        points: &Points,
        centers: &Centers,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        let mut next = self.means(centers);
        let empty: Vec<usize> =
            (0..centers.len()).filter(|center| self.sizes()[*center] <= 0.0).collect();
        if !empty.is_empty() {
            for (center, point) in
                empty.into_iter().zip(costliest(points, centers, stop)?.into_iter().rev())
            {
                next.row_mut(center)
                    .iter_mut()
                    .zip(points.point(point))
                    .for_each(|(to, from)| *to = from);
            }
        }
        Ok(points.metric().centers(next))
    }
}

#[cfg(test)]
mod tests {
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::progress::Run;
    use crate::raster::{Raster, Sample};
    use crate::summary::Summary;

    /// Steps that follow one another are those of steps that each compare all points, bit for bit:
    /// of solid points, and of cells with a spread.
    fn check<T: Sample>(n_bands: usize, k: usize, mut sample: impl FnMut() -> T) {
        let samples: Vec<T> = (0..n_bands * 60_000).map(|_| sample()).collect();
        let least = Summary::least_memory(n_bands, T::TYPE);
        let mut summary = Summary::new(n_bands, T::TYPE, least.max(1 << 20)).unwrap();
        let raster = Raster::bsq(&samples, n_bands, 60_000, 1).unwrap();
        summary.add(&raster, &mut Run::silent(1)).unwrap();
        let cells = summary.cells();
        assert!(cells.spread.is_some());
        let stop = Stop::default();
        for points in [Points::solid(&cells), Points::spread(&cells)] {
            let rows = (0..k)
                .flat_map(|center| points.point(center * points.len() / k).collect::<Vec<_>>());
            let start = Array2::from_shape_vec((k, n_bands), rows.collect()).unwrap();
            let mut centers = Centers::new(start, vec![0.3; n_bands]);
            let mut assignment = Assignment::new(&points);
            for _ in 0..12 {
                let step = Step::follow(&mut assignment, &points, &centers, &stop).unwrap();
                let alone = Step::take(&points, &centers, &stop).unwrap();
                assert_eq!(step.sizes(), alone.sizes());
                (0..k).for_each(|center| assert_eq!(step.sums.of(center), alone.sums.of(center)));
                let next = step.next_centers(&points, &centers, &stop).unwrap();
                centers = Centers::new(next, vec![0.3; n_bands]);
            }
        }
    }

    #[test]
    fn steps_that_follow_are_those_that_compare_all() {
        let mut random = Pcg64Mcg::new(8);
        // Sums of several numbers: values in the middle are frequent.
        let mut number = || (0..3).map(|_| random.next_u32() % 10_000).sum::<u32>();
        check::<u16>(3, 1, || number() as u16);
        check::<u16>(4, 7, || number() as u16);
        check::<u16>(13, 5, || number() as u16);
        check::<f32>(2, 9, || number() as f32 / 1e4 - 1.0);
        check::<u16>(2, 120, || number() as u16);
    }
}
