//! The cells of a summary as weighted points in the units of the bands: what algorithms fit on.

use ndarray::Array2;

use super::table::Table;
use crate::raster::{with_sample_type, Sample, SampleType};

/// The occupied cells, in the order of their place in band space.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Number of pixels in each cell.
    pub counts: Vec<u64>,
    /// Mean of the pixels of each cell: cells x bands, in band units.
    pub means: Array2<f64>,
    /// Sum over the pixels of each cell of the squared deviation from its mean: cells x bands.
    pub scatter: Array2<f64>,
    /// Whether every cell holds a single value per band, so that fitting on cells is fitting on pixels.
    pub exact: bool,
}

impl Cells {
    pub(super) fn new(table: &Table, sample_type: SampleType) -> Cells {
        with_sample_type!(sample_type, T => Cells::of::<T>(table))
    }

    fn of<T: Sample>(table: &Table) -> Cells {
        let order = table.order();
        let n_bands = order.first().map_or(0, |&cell| table.cell(cell).0.len());
        let mut cells = Cells {
            counts: Vec::with_capacity(order.len()),
            means: Array2::zeros((order.len(), n_bands)),
            scatter: Array2::zeros((order.len(), n_bands)),
            // A code is a whole sample of every type but float64.
            exact: table.shift() == 0 && T::TYPE != SampleType::F64,
        };
        for (row, &cell) in order.iter().enumerate() {
            let (key, count, sums, squares) = table.cell(cell);
            cells.counts.push(count);
            for band in 0..n_bands {
                let first = (u64::from(key[band]) << table.shift()) as u32;
                let (mean, scatter) = moments::<T>(first, count, sums[band], squares[band]);
                cells.means[(row, band)] = mean;
                cells.scatter[(row, band)] = scatter;
            }
        }
        cells
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is none: no valid pixel.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.means.ncols()
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Mean and variance (over n, as NumPy's) of each band over all pixels.
    pub fn mean_and_variance(&self) -> (Vec<f64>, Vec<f64>) {
        let n = self.n_pixels() as f64;
        let weighted = |value: &dyn Fn(usize) -> f64| -> f64 {
            self.counts.iter().enumerate().map(|(cell, count)| *count as f64 * value(cell)).sum()
        };
        (0..self.n_bands())
            .map(|band| {
                let mean = weighted(&|cell| self.means[(cell, band)]) / n;
                let between = weighted(&|cell| (self.means[(cell, band)] - mean).powi(2));
                (mean, (between + self.scatter.column(band).sum()) / n)
            })
            .unzip()
    }

    /// The values of a band below which the given fractions of the pixels lie.
    pub fn quantiles<const N: usize>(&self, band: usize, fractions: [f64; N]) -> [f64; N] {
        let mut points: Vec<(f64, u64)> =
            self.means.column(band).iter().copied().zip(self.counts.iter().copied()).collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let total = self.n_pixels() as f64;
        fractions.map(|fraction| {
            let mut below = 0u64;
            let reached = points.iter().find(|(_, count)| {
                below += count;
                below as f64 >= fraction * total
            });
            reached.or(points.last()).map_or(f64::NAN, |point| point.0)
        })
    }
}

/// Mean and scatter, in band units, of `count` samples whose codes are `first` plus rests of this sum and this
/// sum of squares.
///
/// Within one power of two a float's code grows linearly with its value, so this is exact up to rounding; cells
/// of more than one power of two (only when hundreds of bands leave no room for finer ones) get a mean that lies between
/// the arithmetic and the geometric.
fn moments<T: Sample>(first: u32, count: u64, sum: u128, square: u128) -> (f64, f64) {
    let n = count as f64;
    let rest = sum as f64 / n;
    let low = first.saturating_add(rest as u32);
    let unit = T::decode(low.saturating_add(1).min(max_code::<T>())) - T::decode(low);
    let mean = T::decode(low) + (rest - rest.floor()) * unit;
    let scatter = (square as f64 - sum as f64 * rest).max(0.0) * unit * unit;
    (mean, if unit.is_finite() { scatter } else { 0.0 })
}

/// The largest code of a usable sample.
fn max_code<T: Sample>() -> u32 {
    (u64::MAX >> (64 - T::CODE_BITS)) as u32
}
