//! k-means++: first centres that are far apart.

use ndarray::{Array2, Axis};
use rand_core::RngCore;
use rand_pcg::Pcg64;

use super::points::Points;
use crate::error::Result;
use crate::kernel::{squared_distances, Centers};
use crate::progress::Stop;
use crate::raster::TILE;

/// Above this number of centres, one candidate is tried for each instead of several: time then
/// matters more than the last per mille of inertia.
const MANY: usize = 256;

/// `k` first centres by greedy k-means++: each new one is the best of a few candidates drawn with a
/// probability that grows with the weighted squared distance from those so far.
///
/// Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007; greedy with
/// `2 + ln k` candidates, as scikit-learn does.
///
/// # Errors
/// `Cancelled`.
pub(super) fn kmeans_plus_plus(
    points: &Points,
    k: usize,
    band_weights: &[f64],
    random: &mut Pcg64,
    stop: &Stop,
) -> Result<Array2<f64>> {
    let first = draw(points.weights(), points.weights().iter().sum(), random);
    kmeans_plus_plus_beside(points, &points.row(first), k, band_weights, random, stop)
}

/// The same if some of the `k` centres, at least one, are given: they come first.
///
/// # Errors
/// `Cancelled`.
pub(super) fn kmeans_plus_plus_beside(
    points: &Points,
    given: &Array2<f64>,
    k: usize,
    band_weights: &[f64],
    random: &mut Pcg64,
    stop: &Stop,
) -> Result<Array2<f64>> {
    let n_candidates = if k <= MANY { 2 + (k as f64).ln() as usize } else { 1 };
    let mut centers = Array2::zeros((k, points.n_bands()));
    let mut costs = vec![f64::INFINITY; points.len()];
    let mut total = 0.0;
    for (mut center, given) in centers.rows_mut().into_iter().zip(given.rows()) {
        stop.check()?;
        total =
            lower_costs(points, &given.to_owned().insert_axis(Axis(0)), band_weights, &mut costs);
        center.assign(&given);
    }
    for center in given.nrows()..k {
        let mut best: Option<(f64, usize, Vec<f64>)> = None;
        for _ in 0..n_candidates {
            stop.check()?;
            let candidate = draw(&costs, total, random);
            let mut lowered = costs.clone();
            let sum = lower_costs(points, &points.row(candidate), band_weights, &mut lowered);
            if best.as_ref().is_none_or(|(least, ..)| sum < *least) {
                best = Some((sum, candidate, lowered));
            }
        }
        if let Some((sum, candidate, lowered)) = best {
            (total, costs) = (sum, lowered);
            set_center(&mut centers, center, points, candidate);
        }
    }
    Ok(centers)
}

fn set_center(centers: &mut Array2<f64>, center: usize, points: &Points, point: usize) {
    centers.row_mut(center).iter_mut().zip(points.point(point)).for_each(|(to, from)| *to = from);
}

/// Lowers each point's cost (weighted squared distance from the nearest centre) to that from a
/// centre (a matrix of one row); returns the sum of all costs.
fn lower_costs(
    points: &Points,
    center: &Array2<f64>,
    band_weights: &[f64],
    costs: &mut [f64],
) -> f64 {
    let center = Centers::new(center.clone(), band_weights.to_vec());
    let mut distances = [0.0; TILE];
    let mut total = 0.0;
    for ((samples, weights), costs) in points.tiles().zip(costs.chunks_mut(TILE)) {
        squared_distances(&center, 0, samples, &mut distances[..weights.len()]);
        for ((cost, weight), distance) in costs.iter_mut().zip(weights).zip(&distances) {
            *cost = cost.min(weight * distance);
            total += *cost;
        }
    }
    total
}

/// An index drawn with a probability that grows with its cost.
pub(super) fn draw(costs: &[f64], total: f64, random: &mut Pcg64) -> usize {
    // 53 random bits: a number from 0 to less than 1.
    let mut left = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * total;
    for (index, cost) in costs.iter().enumerate() {
        left -= cost;
        if left < 0.0 {
            return index;
        }
    }
    // If rounding leaves a remainder: the last point with a cost.
    costs.iter().rposition(|cost| *cost > 0.0).unwrap_or(costs.len() - 1)
}
