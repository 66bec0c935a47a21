//! Lloyd's algorithm on cells as a guide: of the refinement on the pixels, and, with wider cells, of itself on narrower ones.

use ndarray::Array2;

use super::lloyd::{lloyd, squared_shift, Rest, Step};
use super::points::Points;
use crate::error::Result;
use crate::kernel::Centers;
use crate::model::Guide;
use crate::progress::Stop;

/// Multiplications that following a correction may take: some seconds.
const MOST_WORK: usize = 1 << 33;

/// Iterations that it may take.
const MOST_STEPS: usize = 300;

/// Steps on the cells of the summary that the model was fitted on.
#[derive(Debug)]
pub(super) struct OnCells {
    pub points: Points,
    pub band_weights: Vec<f64>,
    /// Squared shift below which centres are at rest.
    pub tolerance: f64,
}

/// [`lloyd`] on cells, guided by steps on wider and fewer ones, each of whose errors the narrower cells correct: a few steps on
/// these lead where dozens would. Two grids, as multigrid methods have them.
///
/// # Errors
/// `Cancelled`.
pub(super) fn guided_lloyd(
    points: &Points,
    guide: Option<&OnCells>,
    start: Array2<f64>,
    band_weights: &[f64],
    max_iter: u32,
    tolerance: f64,
    stop: &Stop,
) -> Result<Rest> {
    let Some(guide) = guide else { return lloyd(points, start, band_weights, max_iter, tolerance, stop) };
    let (mut centers, mut least, mut n_iter) = (start, f64::INFINITY, 0);
    while n_iter < max_iter {
        stop.check()?;
        let from = Centers::new(centers, band_weights.to_vec());
        let means = Step::take(points, &from).next_centers(points, &from);
        let shift = squared_shift(&from, &means);
        n_iter += 1;
        // Where the guide does not lead much nearer, plain steps do.
        if shift <= tolerance || shift > least / 4.0 {
            centers = means;
            break;
        }
        least = shift;
        let correction = &means - &guide.next_centers(&from);
        centers = guide.follow(means, &correction);
    }
    let rest = lloyd(points, centers, band_weights, max_iter - n_iter, tolerance, stop)?;
    Ok(Rest { n_iter: n_iter + rest.n_iter, ..rest })
}

impl OnCells {
    fn next_centers(&self, centers: &Centers) -> Array2<f64> {
        Step::take(&self.points, centers).next_centers(&self.points, centers)
    }
}

impl Guide for OnCells {
    fn step(&self, centers: &Array2<f64>) -> Array2<f64> {
        self.next_centers(&Centers::new(centers.clone(), self.band_weights.clone()))
    }

    fn follow(&self, mut centers: Array2<f64>, correction: &Array2<f64>) -> Array2<f64> {
        let work = (self.points.len() * centers.len()).max(1);
        let n_steps = (MOST_WORK / work.saturating_mul(self.points.n_bands())).clamp(1, MOST_STEPS);
        for _ in 0..n_steps {
            let from = Centers::new(centers, self.band_weights.clone());
            centers = self.points.metric().centers(self.next_centers(&from) + correction);
            if squared_shift(&from, &centers) <= self.tolerance {
                break;
            }
        }
        centers
    }
}
