//! How pixels lie within cells: what a summary tells of it.

use ndarray::Array2;

use super::table::Table;

/// The pixels of a cell, about their mean.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Their mean covariance over all cells: bands x bands, in band units. The variances are exact, the
    /// correlations are those of cells within cells of twice the width.
    pub covariance: Array2<f64>,
    /// For each cell, its width as a multiple of the cells' mean (squared) width: 1 for integers, whose cells are alike.
    pub widths: Vec<f64>,
}

impl Spread {
    /// The spread of cells in this order, given the mean of each (cells x bands), the mean of any cell of a coarser table, the width of each, and the
    /// variance of each band within cells.
    pub(super) fn new(
        table: &Table,
        order: &[usize],
        means: &Array2<f64>,
        mean_in: impl Fn(&Table, usize, usize) -> f64,
        width_of: impl Fn(usize, usize) -> f64,
        within: &[f64],
    ) -> Spread {
        let scatter = sibling_scatter(table, order, means, mean_in);
        let n_bands = within.len();
        let covariance = Array2::from_shape_fn((n_bands, n_bands), |(a, b)| {
            let size = (scatter[(a, a)] * scatter[(b, b)]).sqrt();
            let correlation = if a == b { 1.0 } else if size > 0.0 { scatter[(a, b)] / size } else { 0.0 };
            correlation * (within[a] * within[b]).sqrt()
        });
        Spread { covariance, widths: relative_widths(table, order, n_bands, width_of) }
    }
}

/// The sums of products of the cells' deviations from the means of the twice as wide cells that they lie in.
fn sibling_scatter(
    table: &Table,
    order: &[usize],
    means: &Array2<f64>,
    mean_in: impl Fn(&Table, usize, usize) -> f64,
) -> Array2<f64> {
    let n_bands = means.ncols();
    let mut scatter = Array2::zeros((n_bands, n_bands));
    if table.shift() == table.packing().bits {
        return scatter;
    }
    let mut parents = table.clone();
    parents.coarsen();
    let parent_means = Array2::from_shape_fn((parents.len(), n_bands), |(cell, band)| mean_in(&parents, cell, band));
    let mut deviation = vec![0.0; n_bands];
    for (mean, &cell) in means.rows().into_iter().zip(order) {
        let Some(parent) = parents.find_parent(table, cell) else { continue };
        let count = table.count(cell) as f64;
        for (band, deviation) in deviation.iter_mut().enumerate() {
            *deviation = mean[band] - parent_means[(parent, band)];
        }
        for (a, mut row) in scatter.rows_mut().into_iter().enumerate() {
            row.iter_mut().zip(&deviation).for_each(|(sum, other)| *sum += count * deviation[a] * other);
        }
    }
    scatter
}

/// The root of the mean of the bands' squared widths, each as a fraction of its mean over all pixels.
fn relative_widths(
    table: &Table,
    order: &[usize],
    n_bands: usize,
    width_of: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let mut squares = vec![0.0; order.len()];
    for band in 0..n_bands {
        let widths = || order.iter().map(|&cell| (cell, width_of(cell, band).powi(2)));
        let sum: f64 = widths().map(|(cell, square)| square * table.count(cell) as f64).sum();
        let mean = sum / table.total() as f64;
        squares.iter_mut().zip(widths()).for_each(|(sum, (_, square))| *sum += square / mean / n_bands as f64);
    }
    squares.into_iter().map(f64::sqrt).collect()
}
