//! Lloyd's algorithm on cells as a guide: for the refinement on the pixels, and, on wider cells,
//! for itself on narrower cells.

use ndarray::{Array2, ArrayView2};

use crate::cluster::assignment::Assignment;
use crate::cluster::lloyd::{converge, costs, LloydResult, Step};
use crate::cluster::points::Points;
use crate::error::Result;
use crate::kernel::Centers;
use crate::model::Guide;
use crate::progress::Stop;

/// Most multiplications with one correction: a few seconds.
const MOST_WORK: usize = 1 << 33;

/// Most iterations with one correction.
const MOST_STEPS: usize = 300;

/// Steps on the cells of the summary that the model was fitted on.
#[derive(Debug)]
pub(super) struct OnCells {
    pub points: Points,
    pub band_weights: Vec<f64>,
    /// Centres have converged when their squared shift is at most this.
    pub tolerance: f64,
}

/// [`guided`] steps on cells.
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
) -> Result<LloydResult> {
    let mut assignment = Assignment::new(points);
    let step = |from: &Centers| {
        Step::follow(&mut assignment, points, from, stop)?.next_centers(points, from, stop)
    };
    let guide = guide.map(|guide| guide as &dyn Guide);
    let (centers, n_iter) = guided(step, guide, start, band_weights, max_iter, tolerance, stop)?;
    let inertia = costs(points, &centers, stop)?.iter().sum();
    Ok(LloydResult { centers: centers.values().to_owned(), inertia, n_iter })
}

/// Takes steps like [`converge`], guided by quicker approximate steps. Each exact step gives the
/// error of the quick step, which is then corrected: a few exact steps lead where dozens would. Two
/// grids, as in multigrid methods.
///
/// # Errors
/// `Cancelled`.
pub(super) fn guided(
    mut step: impl FnMut(&Centers) -> Result<Array2<f64>>,
    guide: Option<&dyn Guide>,
    start: Array2<f64>,
    band_weights: &[f64],
    max_iter: u32,
    tolerance: f64,
    stop: &Stop,
) -> Result<(Centers, u32)> {
    let Some(guide) = guide else {
        return converge(step, start, band_weights, max_iter, tolerance, stop);
    };
    let (mut centers, mut least, mut n_iter) = (start, f64::INFINITY, 0);
    while n_iter < max_iter {
        stop.check()?;
        let from = Centers::with_stop(centers, band_weights.to_vec(), stop)?;
        let means = step(&from)?;
        let shift = from.squared_shift(&means);
        n_iter += 1;
        // If the guide does not bring the centres much nearer, plain steps go on.
        if shift <= tolerance || shift > least / 4.0 {
            centers = means;
            break;
        }
        least = shift;
        let correction = &means - &guide.step(from.values(), stop)?;
        centers = guide.follow(means, &correction, stop)?;
    }
    let (centers, more) =
        converge(step, centers, band_weights, max_iter - n_iter, tolerance, stop)?;
    Ok((centers, n_iter + more))
}

impl OnCells {
    fn next_centers(
        &self,
        assignment: &mut Assignment,
        centers: &Centers,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        let step = Step::follow(assignment, &self.points, centers, stop)?;
        step.next_centers(&self.points, centers, stop)
    }
}

impl Guide for OnCells {
    fn step(&self, centers: ArrayView2<f64>, stop: &Stop) -> Result<Array2<f64>> {
        let centers = Centers::with_stop(centers.to_owned(), self.band_weights.clone(), stop)?;
        self.next_centers(&mut Assignment::new(&self.points), &centers, stop)
    }

    fn follow(
        &self,
        centers: Array2<f64>,
        correction: &Array2<f64>,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        let work = (self.points.len() * centers.len()).max(1);
        let n_steps =
            (MOST_WORK / work.saturating_mul(self.points.n_bands())).clamp(1, MOST_STEPS) as u32;
        let mut assignment = Assignment::new(&self.points);
        let step = |from: &Centers| {
            let next = self.next_centers(&mut assignment, from, stop)?;
            Ok(self.points.metric().centers(next + correction))
        };
        let (rest, _) = converge(step, centers, &self.band_weights, n_steps, self.tolerance, stop)?;
        Ok(rest.values().to_owned())
    }
}
