//! Labels for the pixels of an image.

use super::labeller::{Labeller, Rule};
use super::Model;
use crate::error::Result;
use crate::progress::Run;
use crate::raster::{with_sample_type, LabelsMut, Raster, Sample};

impl Model {
    /// Gives every valid pixel the label of the nearest centre (1 to k, the lower where two are equally near) or of the nearest region's
    /// class, and the others 0.
    ///
    /// # Errors
    /// `InvalidArgument` when the image has other bands than the model or the labels are of another size or too
    /// narrow for the classes; `Cancelled`, when some labels may have been written.
    pub fn predict(&self, raster: &Raster, labels: &mut LabelsMut, run: &mut Run) -> Result<()> {
        self.check_bands(raster.n_bands())?;
        labels.check_fits(raster, self.n_classes())?;
        let (rule, label_of) = (self.rule(), self.labels());
        with_sample_type!(raster.sample_type(), T => predict::<T>(&rule, &label_of, raster, labels, run))
    }
}

fn predict<T: Sample>(
    rule: &Rule,
    label_of: &[u16],
    raster: &Raster,
    labels: &mut LabelsMut,
    run: &mut Run,
) -> Result<()> {
    let mut workers: Vec<_> =
        (0..run.threads().min(labels.n_tasks())).map(|_| Labeller::<T>::new(rule)).collect();
    labels.fill_tiles("labelling", run, &mut workers, |worker, index, values| {
        // What is not valid is 0 already.
        if let Some(labelled) = worker.label(rule, raster, index) {
            labelled.write(label_of, values);
        }
    })
}
