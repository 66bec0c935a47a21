//! How pixels lie within cells, estimated from a summary.

use ndarray::Array2;

use super::grid::Grid;
use super::table::Table;

/// The pixels of a cell, about their mean.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Their mean covariance over all cells: bands x bands, in band units. The variances are exact.
    /// The correlations are those of cells within cells of twice the width.
    pub covariance: Array2<f64>,
    /// For each cell and band, its width as a multiple of the pixels' (root mean square) width;
    /// `None` for integers, whose cells are equally wide.
    pub widths: Option<Array2<f64>>,
}

impl Spread {
    /// The spread of a table's cells in this order. Given are the pixel count and the mean of each
    /// (cells x bands), the mean in a band of any cell of a table, the width of each cell (cells x
    /// bands) if widths differ, and the variance of each band within cells.
    pub(super) fn new(
        table: &Table,
        order: &[usize],
        (counts, means): (&[u64], &Array2<f64>),
        mean_in: impl Fn(&Table, usize, usize) -> f64,
        widths: Option<Array2<f64>>,
        within: &[f64],
    ) -> Spread {
        let scatter = sibling_scatter(table, order, (counts, means), mean_in);
        let n_bands = within.len();
        let covariance = Array2::from_shape_fn((n_bands, n_bands), |(a, b)| {
            let size = (scatter[(a, a)] * scatter[(b, b)]).sqrt();
            let correlation = if a == b {
                1.0
            } else if size > 0.0 {
                scatter[(a, b)] / size
            } else {
                0.0
            };
            correlation * (within[a] * within[b]).sqrt()
        });
        Spread { covariance, widths: widths.map(|widths| relative(widths, counts)) }
    }
}

/// The sums of products of the deviations of cells from the means of the cells of twice the width
/// that contain them.
fn sibling_scatter(
    table: &Table,
    order: &[usize],
    (counts, means): (&[u64], &Array2<f64>),
    mean_in: impl Fn(&Table, usize, usize) -> f64,
) -> Array2<f64> {
    let n_bands = means.ncols();
    let mut scatter = Array2::zeros((n_bands, n_bands));
    let twice_as_wide = table.grid().level() + n_bands as u32;
    if twice_as_wide > Grid::coarsest(table.packing()) {
        return scatter;
    }
    let mut parents = table.clone();
    let mut parent_of = Vec::with_capacity(table.len());
    parents.coarsen(twice_as_wide, |parent| parent_of.push(parent));
    let parent_means = Array2::from_shape_fn((parents.len(), n_bands), |(cell, band)| {
        mean_in(&parents, cell, band)
    });
    let mut deviation = vec![0.0; n_bands];
    for ((mean, count), &cell) in means.rows().into_iter().zip(counts).zip(order) {
        let (parent, count) = (parent_of[cell], *count as f64);
        for (band, deviation) in deviation.iter_mut().enumerate() {
            *deviation = mean[band] - parent_means[(parent, band)];
        }
        for (a, mut row) in scatter.rows_mut().into_iter().enumerate() {
            row.iter_mut()
                .zip(&deviation)
                .for_each(|(sum, other)| *sum += count * deviation[a] * other);
        }
    }
    scatter
}

/// The widths as multiples of each band's root mean square over all pixels.
fn relative(mut widths: Array2<f64>, counts: &[u64]) -> Array2<f64> {
    let n = counts.iter().sum::<u64>() as f64;
    for mut band in widths.columns_mut() {
        let squares = band.iter().zip(counts).map(|(width, count)| width * width * *count as f64);
        let size = (squares.sum::<f64>() / n).sqrt();
        // All widths are 0 in a band whose cells are single values.
        if size > 0.0 {
            band /= size;
        }
    }
    widths
}
