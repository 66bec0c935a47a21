//! The cells of a summary as weighted points in the units of the bands. Algorithms fit on them.

use std::sync::OnceLock;

use ndarray::Array2;

use super::key::{ascending, low_bits, Packing};
use super::spread::Spread;
use super::table::Table;
use super::worker_summary::WorkerSummary;
use crate::kernel::ClassSums;
use crate::raster::{ordered_bits, with_sample_type, Sample, SampleType};

/// The occupied cells, in the order of their keys.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Number of pixels in each cell.
    pub counts: Vec<u64>,
    /// Mean of the pixels of each cell: cells x bands, in band units.
    pub means: Array2<f64>,
    /// Mean of all pixels, per band.
    pub mean: Vec<f64>,
    /// Variance of all pixels (over n), per band.
    pub variance: Vec<f64>,
    /// Whether all pixels are equal in a band; of float64, in their first 48 bits. If all bits are
    /// equal, the variance is 0.
    pub constant: Vec<bool>,
    /// The part of that variance that lies within cells: 0 if cells are single values.
    pub within: Vec<f64>,
    /// Whether every cell holds a single value per band, so that fitting on cells is fitting on
    /// pixels.
    pub exact: bool,
    /// Whether the cells are as narrow as possible: there is one for each distinct pixel (of
    /// float64, for each distinct value of the first 48 bits).
    pub finest: bool,
    /// Per band, the smallest difference that the narrowest cells resolve, if pixels may differ by
    /// less: those of float64.
    pub resolution: Option<Vec<f64>>,
    /// How pixels lie within cells; `None` if cells are exact.
    pub spread: Option<Spread>,
    /// For each band, the cells in the order of their means there.
    ascending: OnceLock<Vec<Vec<u32>>>,
}

impl Cells {
    pub(super) fn new(part: &WorkerSummary, sample_type: SampleType) -> Cells {
        with_sample_type!(sample_type, T => Cells::of::<T>(part))
    }

    fn of<T: Sample>(part: &WorkerSummary) -> Cells {
        let (table, n_bands) = (&part.table, part.table.packing().n_bands);
        let order = table.order();
        let n = table.total() as f64;
        let mut counts = Vec::with_capacity(order.len());
        let mut means = Array2::zeros((order.len(), n_bands));
        for (mut row, &cell) in means.rows_mut().into_iter().zip(&order) {
            counts.push(table.count(cell));
            row.iter_mut()
                .enumerate()
                .for_each(|(band, mean)| *mean = mean_in::<T>(table, cell, band));
        }
        // A code is a whole sample for every type but float64.
        let exact = table.grid().level() == 0 && T::TYPE != SampleType::F64;
        let mean: Vec<f64> = (0..n_bands).map(|band| part.totals.mean(0, band)).collect();
        // The codes of float64 leave out the last bits.
        let code = |place: u64| place >> T::FINE_BITS;
        let constant = part.extents.iter().map(|[least, most]| code(*least) == code(*most));
        let variance_of = |band: usize| {
            let [least, largest] = part.extents[band];
            // Sums are rounded: equal floats would seem to vary.
            if least == largest {
                0.0
            } else {
                part.totals.scatter(0, band) / n
            }
        };
        let variance: Vec<f64> = (0..n_bands).map(variance_of).collect();
        let mut cells = Cells {
            counts,
            means,
            mean,
            variance,
            constant: constant.collect(),
            within: vec![0.0; n_bands],
            exact,
            finest: table.grid().level() == 0,
            resolution: (table.grid().level() == 0 && !exact)
                .then(|| resolution::<T>(&part.extents)),
            spread: None,
            ascending: OnceLock::new(),
        };
        if !exact {
            cells.within = (0..n_bands)
                .map(|band| (cells.variance[band] - cells.between(band)).max(0.0))
                .collect();
            let width = |(row, band): (usize, usize)| {
                let first = table.packing().field(table.key(order[row]), band);
                T::decode(first + low_bits(table.grid().shift(band))) - T::decode(first)
            };
            let widths =
                T::TYPE.is_float().then(|| Array2::from_shape_fn(cells.means.raw_dim(), width));
            cells.spread = Some(Spread::new(
                table,
                &order,
                (&cells.counts, &cells.means),
                mean_in::<T>,
                widths,
                &cells.within,
            ));
        }
        cells
    }

    /// The cells as if all their pixels lay at these means (cells x bands), which are in another
    /// space.
    pub(crate) fn moved_to(&self, means: Array2<f64>) -> Cells {
        let n_bands = self.n_bands();
        let within = vec![0.0; n_bands];
        let mut cells =
            Cells { means, within, spread: None, ascending: OnceLock::new(), ..self.clone() };
        for band in 0..n_bands {
            let column = cells.means.column(band);
            let sum: f64 =
                column.iter().zip(&cells.counts).map(|(value, count)| value * *count as f64).sum();
            let constant = column.iter().all(|value| *value == column[0]);
            cells.mean[band] = sum / cells.n_pixels() as f64;
            cells.variance[band] = cells.between(band);
            cells.constant[band] = constant;
        }
        cells
    }

    /// Variance of the cells' means in one band.
    fn between(&self, band: usize) -> f64 {
        let deviations =
            self.means.column(band).into_iter().map(|mean| (mean - self.mean[band]).powi(2));
        let sum: f64 =
            deviations.zip(&self.counts).map(|(square, count)| square * *count as f64).sum();
        sum / self.n_pixels() as f64
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is no cell, because there is no valid pixel.
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

    /// The values of a band below which the given fractions of the pixels lie.
    pub fn quantiles<const N: usize>(&self, band: usize, fractions: [f64; N]) -> [f64; N] {
        let total = self.n_pixels() as f64;
        fractions.map(|fraction| {
            let mut below = 0u64;
            let reached = self.ascending(band).find(|(_, count)| {
                below += count;
                below as f64 >= fraction * total
            });
            reached.or(self.ascending(band).last()).map_or(f64::NAN, |(mean, _)| mean)
        })
    }

    /// The mean of each cell in a band, ascending, and the number of its pixels. The order is kept.
    pub fn ascending(&self, band: usize) -> impl Iterator<Item = (f64, u64)> + '_ {
        let mean = |cell: u32, band: usize| self.means[(cell as usize, band)];
        let sorted = |band: usize| {
            let column = self.means.column(band);
            let places = column.iter().map(|mean| ordered_bits(mean.to_bits(), 64));
            ascending(places).map(|cell| cell as u32).collect()
        };
        let all = self.ascending.get_or_init(|| (0..self.n_bands()).map(sorted).collect());
        all[band].iter().map(move |cell| (mean(*cell, band), self.counts[*cell as usize]))
    }
}

/// Whether pixels can have this value, or one that rounding made from it.
fn is_usable(value: f64) -> bool {
    value.abs() <= 1.001e150
}

/// Whether pixels can have these codes.
pub(super) fn are_usable_codes(packing: Packing, codes: &[u64], sample_type: SampleType) -> bool {
    let value = |band| with_sample_type!(sample_type, T => T::decode(packing.field(codes, band)));
    (0..packing.n_bands).all(|band| is_usable(value(band)))
}

/// Whether the cells have means that pixels can have.
pub(super) fn are_usable_means(table: &Table, sample_type: SampleType) -> bool {
    let mean = |cell, band| with_sample_type!(sample_type, T => mean_in::<T>(table, cell, band));
    (0..table.len())
        .all(|cell| (0..table.packing().n_bands).all(|band| is_usable(mean(cell, band))))
}

/// Whether the sums of all pixels give a mean and a variance that pixels can have.
pub(super) fn are_usable_sums(totals: &ClassSums) -> bool {
    let is_right = |band| is_usable(totals.mean(0, band)) && totals.scatter(0, band).is_finite();
    totals.counts()[0] == 0 || (0..totals.n_bands()).all(is_right)
}

/// The difference between the largest code of each band and the next one, in band units, or between
/// the least code and the next one if that is larger. Given are the places of the samples.
fn resolution<T: Sample>(extents: &[[u64; 2]]) -> Vec<f64> {
    let step = |place: u64| {
        let code = place >> T::FINE_BITS;
        T::decode(code + 1) - T::decode(code)
    };
    extents.iter().map(|[least, largest]| step(*least).max(step(*largest))).collect()
}

/// The mean, in band units, of a cell's pixels in one band.
fn mean_in<T: Sample>(table: &Table, cell: usize, band: usize) -> f64 {
    let first = table.packing().field(table.key(cell), band);
    mean_of::<T>(first, table.count(cell), table.sum(cell, band))
}

/// The mean, in band units, of `count` samples. Their codes are `first` plus rests with this sum.
///
/// Within one power of two, a float's code grows linearly with its value, so this is exact up to
/// rounding. A cell may span several powers of two, if many bands of noise about zero leave no room
/// for finer cells. Its mean then lies between the arithmetic and the geometric mean.
fn mean_of<T: Sample>(first: u64, count: u64, sum: u64) -> f64 {
    let rest = sum as f64 / count as f64 * f64::from(1u32 << T::FINE_BITS);
    let low = first + rest as u64;
    let fraction = rest - rest.floor();
    if fraction == 0.0 {
        return T::decode(low);
    }
    T::decode(low) + fraction * (T::decode(low + 1) - T::decode(low))
}
