//! How well the classes of a model are separated.

use super::guard::{borrow, guard};
use super::library::bandcluster_status;
use super::model::{bandcluster_model, copy_out};
use crate::assess::separability;
use crate::error::{invalid_argument, Result};
use crate::model::Model;
use crate::progress::Stop;

/// The largest number of classes that is compared: the work grows with its square.
const MOST_COMPARED: u64 = 1000;

/// Copies the separability of each pair of classes. Classes are taken as normal distributions with
/// the means and covariances of their pixels. The measures are the Jeffries-Matusita distance and
/// the transformed divergence, both from 0 (the same) to 2 (separate). Each is a matrix of classes
/// x classes, class 1 first; 0 on its diagonal, NaN for a class without pixels. `length` must be
/// the square of the number of classes, which may be up to 1000.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_separability(
    model: *const bandcluster_model,
    jeffries_matusita: *mut f64,
    transformed_divergence: *mut f64,
    length: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { borrow(model, "model")? }.model();
        let k = model.n_classes() as u64;
        if k > MOST_COMPARED {
            return invalid_argument(format!(
                "{k} classes are too many to compare in pairs: at most {MOST_COMPARED} are possible"
            ));
        }
        if length != k * k {
            return invalid_argument(format!(
                "there is room for {length} numbers: {} are wanted",
                k * k
            ));
        }
        let [first, second] = matrices(model)?;
        // Both, before either is written.
        if jeffries_matusita.is_null() || transformed_divergence.is_null() {
            return invalid_argument("jeffries_matusita or transformed_divergence is NULL");
        }
        // SAFETY: as above.
        unsafe {
            copy_out(&first, jeffries_matusita, length, "jeffries_matusita")?;
            copy_out(&second, transformed_divergence, length, "transformed_divergence")
        }
    })
}

/// The two measures as matrices, row after row.
fn matrices(model: &Model) -> Result<[Vec<f64>; 2]> {
    let k = model.n_classes();
    let mut matrices = [vec![f64::NAN; k * k], vec![f64::NAN; k * k]];
    for index in (0..k).filter(|index| model.classes[*index].count > 0) {
        matrices.iter_mut().for_each(|matrix| matrix[index * (k + 1)] = 0.0);
    }
    for pair in separability(&model.classes, &Stop::default())? {
        let (a, b) = (pair.values.0 as usize - 1, pair.values.1 as usize - 1);
        let values = [pair.jeffries_matusita, pair.transformed_divergence];
        for (matrix, value) in matrices.iter_mut().zip(values) {
            (matrix[a * k + b], matrix[b * k + a]) = (value, value);
        }
    }
    Ok(matrices)
}
