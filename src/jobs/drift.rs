//! The drift of a scene from the training pixels, measured after its labels are made.

use crate::assess::{drift_with, is_comparable, Drift};
use crate::error::Result;
use crate::model::Model;
use crate::progress::Run;
use crate::summary::Summary;

/// How far a scene is from the training pixels; `None` if the model does not describe them, or
/// without valid pixels.
pub(super) fn compared(model: &Model, sample: &Summary, run: &mut Run) -> Result<Option<Drift>> {
    let is_known = is_comparable(model) && sample.n_valid() > 0;
    is_known.then(|| drift_with(model, sample, run)).transpose()
}
