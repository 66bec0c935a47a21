//! Random swaps: a way out of the poorer fixed points of Lloyd's algorithm.

use rand_core::RngCore;
use rand_pcg::Pcg64;

use crate::cluster::lloyd::{costs, lloyd, LloydResult};
use crate::cluster::points::Points;
use crate::cluster::seeding::draw;
use crate::error::Result;
use crate::kernel::Centers;
use crate::progress::Stop;

/// When swaps are judged: after so many further iterations of Lloyd's algorithm, a swap is given up
/// if its inertia exceeds the best one by more than this factor. The classes of a scene overlap:
/// after two iterations, as in the paper, few good swaps look good yet, but most hopeless swaps
/// show early.
const JUDGEMENTS: [(u32, f64); 3] = [(5, 1.03), (5, 1.01), (10, 1.0)];

/// Tries `n_swaps` times to move a random centre to a point drawn as in k-means++, and keeps swaps
/// that lower the inertia. The centres have then not converged: call [`lloyd`].
///
/// Fränti, "Efficiency of random swap clustering", Journal of Big Data 5:13, 2018.
///
/// # Errors
/// `Cancelled`.
pub(super) fn random_swaps(
    points: &Points,
    mut best: LloydResult,
    band_weights: &[f64],
    n_swaps: u32,
    random: &mut Pcg64,
    stop: &Stop,
) -> Result<LloydResult> {
    let costs_of = |rest: &LloydResult| {
        costs(points, &Centers::with_stop(rest.centers.clone(), band_weights.to_vec(), stop)?, stop)
    };
    let mut costs = costs_of(&best)?;
    for _ in 0..n_swaps {
        let mut centers = best.centers.clone();
        let center = (random.next_u64() % centers.nrows() as u64) as usize;
        let point = draw(&costs, best.inertia, random);
        centers
            .row_mut(center)
            .iter_mut()
            .zip(points.point(point))
            .for_each(|(to, from)| *to = from);
        let swapped = LloydResult { centers, ..best };
        if let Some(better) = judge(points, swapped, best.inertia, band_weights, stop)? {
            best = better;
            costs = costs_of(&best)?;
        }
    }
    Ok(best)
}

/// The result of swapped centres, if it is better than `least`.
fn judge(
    points: &Points,
    mut rest: LloydResult,
    least: f64,
    band_weights: &[f64],
    stop: &Stop,
) -> Result<Option<LloydResult>> {
    for (n_iter, factor) in JUDGEMENTS {
        rest = lloyd(points, rest.centers, band_weights, n_iter, 0.0, stop)?;
        if rest.inertia >= least * factor {
            return Ok(None);
        }
    }
    Ok(Some(rest))
}
