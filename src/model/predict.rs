//! Labels for the pixels of an image.

use super::labeller::{Labelled, Labeller};
use super::Model;
use crate::error::{invalid_argument, Result};
use crate::kernel::Centers;
use crate::progress::Run;
use crate::raster::{with_sample_type, LabelsMut, Raster, Sample};

impl Model {
    /// Gives every valid pixel the label of the nearest centre (1 to k, the lower where two are equally near), and the others 0.
    ///
    /// # Errors
    /// `InvalidArgument` when the image has other bands than the model or the labels are of another size or too
    /// narrow for the classes; `Cancelled`, when some labels may have been written.
    pub fn predict(&self, raster: &Raster, labels: &mut LabelsMut, run: &mut Run) -> Result<()> {
        self.check_bands(raster.n_bands())?;
        labels.check_fits(raster)?;
        if self.n_classes() > labels.label_type().max_classes() {
            return invalid_argument(format!(
                "{} classes do not fit in labels of one byte: use 16-bit labels",
                self.n_classes()
            ));
        }
        let centers = self.kernel_centers();
        with_sample_type!(raster.sample_type(), T => predict::<T>(&centers, raster, labels, run))
    }
}

fn predict<T: Sample>(
    centers: &Centers,
    raster: &Raster,
    labels: &mut LabelsMut,
    run: &mut Run,
) -> Result<()> {
    let mut workers: Vec<_> =
        (0..run.threads().min(labels.n_tasks())).map(|_| Labeller::<T>::new(raster.n_bands())).collect();
    labels.fill_tiles("labelling", run, &mut workers, |worker, index, values| {
        // What is not valid is 0 already.
        let Some(Labelled { tile, labels, .. }) = worker.label(centers, raster, index) else { return };
        for (value, (label, valid)) in values.iter_mut().zip(labels.iter().zip(tile.valid())) {
            *value = (label + 1) * u16::from(*valid);
        }
    })
}
