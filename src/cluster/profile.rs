//! Sets the profiles of a model: how its training pixels lie in each class.

use ndarray::Array2;

use super::lloyd::assign;
use super::points::Points;
use crate::error::Result;
use crate::kernel::Centers;
use crate::machine::check_room;
use crate::model::{Metric, Model, Profile, Quantiles};
use crate::progress::Stop;
use crate::summary::Cells;

/// Gives each class of a model its [`Profile`], from the cells that the model was fitted on. The
/// variance within cells is taken as its mean over all cells: an estimate, exact if cells are
/// single values.
///
/// # Errors
/// `OutOfMemory`; `Cancelled`.
pub(super) fn set_profiles(model: &mut Model, cells: &Cells, stop: &Stop) -> Result<()> {
    let n_classes = model.n_classes();
    let (centers, label_of) = (model.kernel_centers(stop)?, model.labels());
    let points = Points::solid(&model.metric.transform_cells(cells));
    let nearest = match model.mixture() {
        Some(mixture) => points.most_likely(&mixture, stop)?,
        None => assign(&points, &centers, stop)?,
    };
    let within = match model.metric {
        Metric::Euclidean => within_cells(cells, &centers),
        // On the sphere this is not known.
        Metric::SpectralAngle => 0.0,
    };
    let mut distances = vec![Vec::new(); n_classes];
    let mut classes = Vec::with_capacity(cells.len());
    let mut place = Vec::with_capacity(cells.n_bands());
    for (cell, (point, count)) in nearest.iter().zip(&cells.counts).enumerate() {
        let class = usize::from(label_of[usize::from(*point)]) - 1;
        place.clear();
        place.extend(points.point(cell));
        let square = centers.squared_distance(usize::from(*point), |band| place[band]);
        distances[class].push(((square + within).sqrt(), *count as f64));
        classes.push(class);
    }
    let correlations = correlations(cells, &classes, n_classes, stop)?;
    let profile = |(correlation, distances): (Array2<f64>, Vec<(f64, f64)>)| {
        // A class without cells has no far pixel.
        let distances = Quantiles::of(distances).or_else(|| Quantiles::of(vec![(0.0, 1.0)]));
        Profile { correlation, distances: distances.expect("there is a value") }
    };
    model.set_profiles(correlations.into_iter().zip(distances).map(profile).collect());
    Ok(())
}

/// The variance of pixels within cells, summed over the bands, in squared scaled units.
fn within_cells(cells: &Cells, centers: &Centers) -> f64 {
    cells
        .within
        .iter()
        .zip(centers.weights())
        .map(|(variance, weight)| variance * weight * weight)
        .sum()
}

/// The correlation of the bands in each class, given the class of each cell.
///
/// # Errors
/// `OutOfMemory`; `Cancelled`.
fn correlations(
    cells: &Cells,
    classes: &[usize],
    n_classes: usize,
    stop: &Stop,
) -> Result<Vec<Array2<f64>>> {
    let n_bands = cells.n_bands();
    let bytes =
        n_bands.saturating_mul(n_bands).saturating_mul(n_classes).saturating_mul(size_of::<f64>());
    check_room(bytes, &format!("the correlations of {n_bands} bands in {n_classes} classes"))?;
    let mut counts = vec![0.0; n_classes];
    let mut means = Array2::<f64>::zeros((n_classes, n_bands));
    for ((class, count), mean) in classes.iter().zip(&cells.counts).zip(cells.means.rows()) {
        counts[*class] += *count as f64;
        means.row_mut(*class).scaled_add(*count as f64, &mean);
    }
    for (mut mean, count) in means.rows_mut().into_iter().zip(&counts) {
        mean /= f64::max(*count, 1.0);
    }
    let mut products = vec![Array2::<f64>::zeros((n_bands, n_bands)); n_classes];
    let mut offset = vec![0.0; n_bands];
    for ((class, count), mean) in classes.iter().zip(&cells.counts).zip(cells.means.rows()) {
        stop.check()?;
        let from_class = mean.iter().zip(means.row(*class));
        offset
            .iter_mut()
            .zip(from_class)
            .for_each(|(offset, (mean, of_class))| *offset = mean - of_class);
        // Slices are faster to add to than views of rows.
        let products = products[*class].as_slice_mut().expect("it is in one piece");
        for (row, a) in products.chunks_exact_mut(n_bands).zip(&offset) {
            let factor = *count as f64 * a;
            row.iter_mut().zip(&offset).for_each(|(product, b)| *product += factor * b);
        }
    }
    for (products, count) in products.iter_mut().zip(counts) {
        stop.check()?;
        if let Some(spread) = &cells.spread {
            products.scaled_add(count, &spread.covariance);
        }
        let variances = products.diag().to_owned();
        products.indexed_iter_mut().for_each(|((a, b), product)| {
            let size = (variances[a] * variances[b]).sqrt();
            // Cells are no more exact than six digits; the file stays readable.
            *product = if size > 0.0 { (*product / size * 1e6).round() / 1e6 } else { 0.0 };
        });
    }
    Ok(products)
}
