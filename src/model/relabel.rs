//! New numbers for the labels of a map: after a merge, or if refinement finds that of two classes
//! the other one is larger.

use ndarray::Array2;

use super::Model;
use crate::error::{invalid_argument, invalid_data, Result};
use crate::progress::Run;
use crate::raster::{with_sample_type, LabelsMut, Raster, Sample, Tile};

/// Gives every label of an image its new value: `values[i]` for label `i + 1`; 0 stays 0, and
/// invalid pixels get 0.
///
/// # Errors
/// `InvalidArgument` when the image does not have exactly one band, or the labels have another size
/// or are too narrow; `InvalidData` for an unknown label; `Cancelled`. After an error some labels
/// may have been written.
pub fn relabel(
    values: &[u32],
    raster: &Raster,
    labels: &mut LabelsMut,
    run: &mut Run,
) -> Result<()> {
    if raster.n_bands() != 1 {
        return invalid_argument(format!(
            "labels are of one band, this image has {}",
            raster.n_bands()
        ));
    }
    labels.check_fits(raster, values.iter().max().map_or(0, |value| *value as usize))?;
    with_sample_type!(raster.sample_type(), T => relabel_tiles::<T>(values, raster, labels, run))
}

impl Model {
    /// The values of the labels of `before` in this model, from label 1 up, if the two differ only
    /// in the order of their classes; else `None`. Unclassified pixels keep their label.
    pub fn values_of(&self, before: &Model) -> Option<Vec<u32>> {
        let mut values: Vec<u32> = (1..=before.n_classes() as u32).collect();
        match (&before.regions, &self.regions) {
            (None, None) => {
                let pairs =
                    order_of_rows(&before.centers).into_iter().zip(order_of_rows(&self.centers));
                for (old, new) in pairs {
                    (before.centers.row(old) == self.centers.row(new)).then_some(())?;
                    values[old] = new as u32 + 1;
                }
            }
            (Some(old), Some(new))
                if (&old.points, &old.normals) == (&new.points, &new.normals) =>
            {
                for (old, new) in old.classes.iter().zip(&new.classes) {
                    values[usize::from(*old)] = u32::from(*new) + 1;
                }
            }
            _ => return None,
        }
        Some(values)
    }
}

/// The rows in the order of their values; equal rows stay in order, as the first of them gets the
/// pixels.
fn order_of_rows(centers: &Array2<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..centers.nrows()).collect();
    order.sort_by(|&a, &b| {
        let bands = centers.row(a).into_iter().zip(centers.row(b)).map(|(a, b)| a.total_cmp(b));
        bands.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    order
}

/// One worker's tile, and an unknown label, if it has found one.
struct Worker<T> {
    tile: Tile<T>,
    unknown: Option<f64>,
}

fn relabel_tiles<T: Sample>(
    values: &[u32],
    raster: &Raster,
    labels: &mut LabelsMut,
    run: &mut Run,
) -> Result<()> {
    let n_workers = run.threads().min(labels.n_tasks());
    let mut workers: Vec<Worker<T>> =
        (0..n_workers).map(|_| Worker { tile: Tile::new(1), unknown: None }).collect();
    labels.fill_tiles(
        "relabelling",
        run,
        &mut workers,
        |Worker { tile, unknown }, index, out| {
            tile.fill(raster, index);
            for (new, (label, valid)) in
                out.labels.iter_mut().zip(tile.band(0).iter().zip(tile.valid()))
            {
                let label = if *valid == 1 { label.to_f64() } else { 0.0 };
                // A label that is not an integer is unknown, too.
                let class =
                    (label.trunc() == label).then(|| values.get((label - 1.0) as usize)).flatten();
                match class {
                    _ if label == 0.0 => {}
                    Some(value) if label > 0.0 => *new = *value as u16,
                    _ => *unknown = Some(unknown.map_or(label, |other| other.min(label))),
                }
            }
        },
    )?;
    match workers.iter().filter_map(|worker| worker.unknown).reduce(f64::min) {
        Some(label) => invalid_data(format!(
            "the label {label} is none of the model's, which are 1 to {}: give a map that was \
             made with this model",
            values.len()
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relabelled<T: Sample>(samples: &[T], nodata: Option<f64>) -> Result<Vec<u8>> {
        let raster = Raster::bsq(samples, 1, samples.len(), 1)?.with_nodata(vec![nodata])?;
        let mut new = vec![9u8; samples.len()];
        relabel(
            &[2, 1, 1],
            &raster,
            &mut LabelsMut::from_u8(&mut new, samples.len(), 1)?,
            &mut Run::silent(2),
        )?;
        Ok(new)
    }

    #[test]
    fn labels_of_any_type_are_given_their_new_values() {
        assert_eq!(relabelled(&[0u8, 1, 2, 3, 1], Some(0.0)).unwrap(), [0, 2, 1, 1, 2]);
        assert_eq!(relabelled(&[-1i16, 3, 1], Some(-1.0)).unwrap(), [0, 1, 2]);
        assert_eq!(relabelled(&[f32::NAN, 3.0, 0.0], None).unwrap(), [0, 1, 0]);
    }

    #[test]
    fn what_is_no_class_is_named() {
        for (found, expected) in [
            (relabelled(&[1u16, 4, 7], None), "4"),
            (relabelled(&[1i16, -3], None), "-3"),
            (relabelled(&[1.5f32, 1.0], None), "1.5"),
        ] {
            let message = found.unwrap_err().to_string();
            assert!(message.contains(&format!("label {expected} is none of")), "{message}");
        }
    }
}
