//! Labels for the pixels of an image.

use std::sync::{Arc, Mutex};

use super::labeller::{Labeller, Labelling};
use super::Model;
use crate::error::Result;
use crate::progress::{Run, Stop};
use crate::raster::{with_sample_type, LabelsMut, Raster, Sample};

impl Model {
    /// Gives every valid pixel the label of the nearest centre (1 to k, the lower one if two are
    /// equally near) or of the nearest region's class, and all other pixels 0. A pixel outside the
    /// [class radius](super::Class::radius) gets the label k + 1: it is unclassified.
    ///
    /// [With confidence](LabelsMut::with_confidence), each label also gets its confidence: 1 less
    /// the ratio of the distances from the nearest and the second nearest class. It is 1 at a
    /// centre, 0 on a border, 0 for unclassified pixels, and NaN for invalid pixels.
    ///
    /// # Errors
    /// `InvalidArgument` when the image has other bands than the model, or the labels have another
    /// size or are too narrow for the classes; `OutOfMemory`; `Cancelled`: some labels may have
    /// been written.
    pub fn predict(&self, raster: &Raster, labels: &mut LabelsMut, run: &mut Run) -> Result<()> {
        Prediction::new(self, raster.n_pixels()).predict(raster, labels, run)
    }
}

/// A model that labels a scene block by block. What it prepares for the pixels is made once, on
/// first use.
pub struct Prediction<'m> {
    model: &'m Model,
    n_pixels: usize,
    labelling: Mutex<Option<Arc<Labelling>>>,
}

impl Prediction<'_> {
    /// For a scene of so many pixels.
    pub fn new(model: &Model, n_pixels: usize) -> Prediction<'_> {
        Prediction { model, n_pixels, labelling: Mutex::new(None) }
    }

    /// Labels a block of the scene, as [`Model::predict`] does.
    ///
    /// # Errors
    /// Those of [`Model::predict`].
    pub fn predict(&self, raster: &Raster, labels: &mut LabelsMut, run: &mut Run) -> Result<()> {
        self.model.check_bands(raster.n_bands())?;
        labels.check_fits(raster, self.model.n_labels())?;
        let labelling = self.labelling(labels.wants_confidence(), run)?;
        with_sample_type!(raster.sample_type(), T => predict::<T>(&labelling, raster, labels, run))
    }

    fn labelling(&self, wants_confidence: bool, run: &mut Run) -> Result<Arc<Labelling>> {
        let mut cached = self.labelling.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(labelling) =
            cached.as_ref().filter(|labelling| labelling.does(wants_confidence))
        {
            return Ok(Arc::clone(labelling));
        }
        let new =
            |stop: &Stop| Labelling::of_labels(self.model, self.n_pixels, wants_confidence, stop);
        let labelling = Arc::new(run.stage(0.0, 0.0).with_stop("labelling", new)?);
        *cached = Some(Arc::clone(&labelling));
        Ok(labelling)
    }
}

fn predict<T: Sample>(
    labelling: &Labelling,
    raster: &Raster,
    labels: &mut LabelsMut,
    run: &mut Run,
) -> Result<()> {
    let mut workers: Vec<_> =
        (0..run.threads().min(labels.n_tasks())).map(|_| Labeller::<T>::new(labelling)).collect();
    labels.fill_tiles("labelling", run, &mut workers, |worker, index, out| {
        // Invalid pixels are 0 already.
        if let Some(mut labelled) = worker.label(labelling, raster, index) {
            labelled.write(labelling, out);
        }
    })
}
