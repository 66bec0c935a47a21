//! A summary as bytes: for partitions that are summarised in other processes.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::grid::Grid;
use super::key::low_bits;
use super::part::Part;
use super::pixels::Pixels;
use super::sample::{SavedSample, Shared};
use super::{Summary, MAX_CELLS, MIN_CELLS};
use crate::error::Result;
use crate::file::Seal;
use crate::kernel::ClassSums;
use crate::raster::SampleType;

const SEAL: Seal = Seal { magic: b"BCSUMMRY", version: 3, what: "summary" };

#[derive(Serialize, Deserialize)]
struct Contents {
    n_bands: usize,
    sample_type: String,
    capacity: usize,
    max_workers: usize,
    n_pixels: u64,
    /// Bits that the grid drops.
    level: u32,
    /// Key, count and sums of each cell, in the order of the keys.
    cells: Vec<(Vec<u64>, u64, Vec<u64>)>,
    totals: ClassSums,
    extents: Vec<[u64; 2]>,
    /// The sampled pixels, where bands are many.
    sample: Option<SavedSample>,
}

impl Summary {
    /// The summary as bytes; equal summaries give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let part = self.merged();
        let cell = |index| {
            let mut sums = vec![0; self.n_bands];
            part.table.sums(index, &mut sums);
            (part.table.key(index).to_vec(), part.table.count(index), sums)
        };
        let contents = Contents {
            n_bands: self.n_bands,
            sample_type: self.sample_type.name().into(),
            capacity: self.capacity,
            max_workers: self.max_workers,
            n_pixels: self.n_pixels,
            level: part.table.grid().level(),
            cells: part.table.order().into_iter().map(cell).collect(),
            totals: part.totals.settled(),
            extents: part.extents.clone(),
            sample: self.sample.as_ref().map(|sample| sample.lock().saved()),
        };
        SEAL.close(&contents)
    }

    /// The summary that these bytes hold.
    ///
    /// # Errors
    /// `InvalidModel` when they are not a summary, damaged, or of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Summary> {
        SEAL.open(bytes).and_then(|contents: Contents| contents.restore().ok_or_else(|| SEAL.contradiction()))
    }

    /// Writes the summary to a file, which appears only when complete.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        crate::file::write(path, &self.to_bytes())
    }

    /// Reads a summary from a file.
    ///
    /// # Errors
    /// `Io` when it cannot be read; as [`Summary::from_bytes`].
    pub fn load(path: &Path) -> Result<Summary> {
        Summary::from_bytes(&crate::file::read(path)?)
    }
}

impl Contents {
    /// The summary; `None` where the contents contradict each other.
    fn restore(self) -> Option<Summary> {
        let sample_type = SampleType::from_name(&self.sample_type)?;
        let capacity_fits = (MIN_CELLS..=MAX_CELLS).contains(&self.capacity);
        // The sums, which are as long as the file says they are, first: they bound what is allocated.
        let totals_fit = self.totals.fits(1, self.n_bands, sample_type) && self.extents.len() == self.n_bands;
        if self.n_bands == 0 || self.max_workers == 0 || !capacity_fits || !totals_fit {
            return None;
        }
        let mut part = Part::new(self.n_bands, sample_type, self.capacity);
        let packing = part.table.packing();
        if self.level > Grid::coarsest(packing) {
            return None;
        }
        part.table.coarsen_to(self.level);
        let mut pixels = Pixels::new(packing);
        for (key, count, sums) in &self.cells {
            if key.len() != packing.words || sums.len() != self.n_bands || *count == 0 {
                return None;
            }
            let in_range = part.table.grid().is_key(key);
            let sums_fit = sums.iter().enumerate().all(|(band, sum)| {
                let most = low_bits(part.table.grid().shift(band)) >> packing.fine_bits;
                u128::from(*sum) <= u128::from(*count) * u128::from(most)
            });
            pixels.count = *count;
            pixels.sums.clone_from(sums);
            let n_before = part.table.len();
            // A key that came before is no cell of its own.
            if !in_range
                || !sums_fit
                || !part.table.add_cell(key, &mut pixels)
                || part.table.len() == n_before
            {
                return None;
            }
        }
        let n_valid = self.totals.counts()[0];
        let sample = Shared::new(packing, self.capacity);
        let sample_fits = match (&sample, &self.sample) {
            (Some(sample), Some(saved)) => sample.lock().restore(saved, &part.table),
            (None, None) => true,
            _ => false,
        };
        let counted = part.table.total() == n_valid && n_valid <= self.n_pixels;
        (part.totals, part.extents) = (self.totals, self.extents);
        (counted && sample_fits).then_some(Summary {
            n_bands: self.n_bands,
            sample_type,
            capacity: self.capacity,
            max_workers: self.max_workers,
            n_pixels: self.n_pixels,
            sample,
            parts: vec![part],
        })
    }
}
