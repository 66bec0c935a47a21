//! One worker's part of a summary.

use super::key::Packing;
use super::table::Table;
use crate::kernel::{extent, ClassSums};
use crate::raster::{ordered_bits, Sample, SampleType, Tile};

/// The cells that a worker met, and the exact totals of all its pixels.
#[derive(Debug, Clone)]
pub(super) struct WorkerSummary {
    pub table: Table,
    /// Sums over all pixels, as of a single class.
    pub totals: ClassSums,
    /// The least and the largest sample of each band, by their [`place`]s.
    pub extents: Vec<[u64; 2]>,
}

impl WorkerSummary {
    pub fn new(n_bands: usize, sample_type: SampleType, capacity: usize) -> WorkerSummary {
        WorkerSummary {
            table: Table::new(Packing::new(n_bands, sample_type), capacity),
            totals: ClassSums::new(1, n_bands, sample_type),
            extents: vec![[u64::MAX, 0]; n_bands],
        }
    }

    /// Adds the valid pixels of a tile to all but the cells.
    pub fn add_totals<T: Sample>(&mut self, tile: &Tile<T>) {
        self.totals.add_to_first(tile);
        for (band, [least, largest]) in self.extents.iter_mut().enumerate() {
            if let Some([low, high]) = extent(tile.band(band), tile.valid()) {
                *least = place(low.to_f64()).min(*least);
                *largest = place(high.to_f64()).max(*largest);
            }
        }
    }

    /// Adds what another worker met.
    pub fn merge(&mut self, other: &WorkerSummary) {
        self.table.absorb(&other.table);
        self.totals.merge(&other.totals);
        for ([least, largest], [other_least, other_largest]) in
            self.extents.iter_mut().zip(&other.extents)
        {
            *least = *other_least.min(least);
            *largest = *other_largest.max(largest);
        }
    }
}

/// A number that grows with the value of a sample, and is another one for each value.
fn place(value: f64) -> u64 {
    // Adding zero turns -0.0 into 0.0.
    ordered_bits((value + 0.0).to_bits(), 64)
}
