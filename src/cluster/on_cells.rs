//! The guide of a refinement: Lloyd's algorithm on the cells.

use ndarray::Array2;

use super::lloyd::{squared_shift, Step};
use super::points::Points;
use crate::kernel::Centers;
use crate::model::Guide;

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
            centers = self.next_centers(&from) + correction;
            if squared_shift(&from, &centers) <= self.tolerance {
                break;
            }
        }
        centers
    }
}
