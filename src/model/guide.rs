//! Guides predict, from less than all pixels, where refinement is going.

use std::fmt::Debug;
use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use crate::error::Result;
use crate::progress::Stop;

/// A stand-in for the pixels that is quick to iterate on: the cells of a summary.
///
/// One pass over the pixels gives the error of a step on the stand-in. This error hardly depends on
/// the centres. So steps on the stand-in with the error added lead nearly to the fixed point on the
/// pixels: this "deferred correction" replaces several passes by one. (Stetter, "The defect
/// correction principle and discretization methods", Numerische Mathematik 29, 1978.)
pub(crate) trait Guide: Debug + Send + Sync {
    /// The means of the stand-in's points, by nearest centre.
    ///
    /// # Errors
    /// `Cancelled`.
    fn step(&self, centers: ArrayView2<f64>, stop: &Stop) -> Result<Array2<f64>>;

    /// The result of steps from these centres, with the same correction added to each step.
    ///
    /// # Errors
    /// `Cancelled`.
    fn follow(
        &self,
        centers: Array2<f64>,
        correction: &Array2<f64>,
        stop: &Stop,
    ) -> Result<Array2<f64>>;
}

/// The guide of a model that has not converged. It is not part of the model's value: models compare
/// equal with and without it.
#[derive(Debug, Clone, Default)]
pub(super) struct Guidance {
    pub guide: Option<Arc<dyn Guide>>,
    /// The smallest squared shift found by a pass, and the means of that pass.
    best: Option<(f64, Array2<f64>)>,
}

impl Guidance {
    /// The centres for the next pass, given those of the last pass, the means that it found, and
    /// the squared shift between them.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn correct(
        &mut self,
        centers: &Array2<f64>,
        means: Array2<f64>,
        shift: f64,
        stop: &Stop,
    ) -> Result<Array2<f64>> {
        // If the correction does not help, plain steps go on from the best centres so far.
        match self.best.take() {
            Some((least, best)) if shift > least => {
                self.guide = None;
                return Ok(best);
            }
            Some((least, _)) if shift > least / 2.0 => self.guide = None,
            _ => {}
        }
        let Some(guide) = &self.guide else { return Ok(means) };
        self.best = Some((shift, means.clone()));
        let correction = &means - &guide.step(centers.view(), stop)?;
        guide.follow(means, &correction, stop)
    }
}

impl PartialEq for Guidance {
    fn eq(&self, _: &Guidance) -> bool {
        true
    }
}
