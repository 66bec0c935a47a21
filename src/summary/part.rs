//! One worker's part of a summary.

use super::key::Packing;
use super::table::Table;
use crate::kernel::ClassSums;
use crate::raster::SampleType;

/// The cells that a worker met, and the exact totals of all its pixels.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub table: Table,
    /// Sums over all pixels, as of a single class.
    pub totals: ClassSums,
}

impl Part {
    pub fn new(n_bands: usize, sample_type: SampleType, capacity: usize) -> Part {
        Part {
            table: Table::new(Packing::new(n_bands, sample_type), capacity),
            totals: ClassSums::new(1, n_bands, sample_type),
        }
    }

    /// Adds what another worker met.
    pub fn merge(&mut self, other: &Part) {
        self.table.absorb(&other.table);
        self.totals.merge(&other.totals);
    }
}
