//! A summary as bytes, for partitions that are summarised in other processes.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::cells::{are_usable_codes, are_usable_means, are_usable_sums};
use super::derived::Derived;
use super::grid::Grid;
use super::key::{low_bits, Packing};
use super::pixels::Pixels;
use super::sample::{SavedSample, Shared};
use super::worker_summary::WorkerSummary;
use super::{Summary, MAX_CELLS, MIN_CELLS};
use crate::error::Result;
use crate::file::Seal;
use crate::kernel::ClassSums;
use crate::machine::check_room;
use crate::raster::SampleType;

const SEAL: Seal = Seal { magic: b"BCSUMMRY", version: 4, what: "summary" };

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
    /// The sampled pixels, if there are many bands.
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

    /// The summary in these bytes.
    ///
    /// # Errors
    /// `InvalidModel` when they are not a summary, damaged, or of a newer version; `OutOfMemory`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Summary> {
        let contents: Contents = SEAL.open(bytes)?;
        contents.restore()?.ok_or_else(|| SEAL.contradiction())
    }

    /// Writes the summary to a file, which appears only when complete.
    ///
    /// # Errors
    /// `Io` when it cannot be written; `OutOfMemory`.
    pub fn save(&self, path: &Path) -> Result<()> {
        // The cells in a list, the sample, and the bytes of both.
        let packing = self.parts[0].table.packing();
        let bytes = Summary::bytes(packing, self.capacity).saturating_mul(3);
        check_room(bytes, &format!("to save a summary of {} bands", self.n_bands))?;
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
    /// The summary; `None` if the contents contradict each other. A restored summary cannot make
    /// sums overflow, and holds only values that pixels can have.
    ///
    /// # Errors
    /// `OutOfMemory`.
    fn restore(self) -> Result<Option<Summary>> {
        let Some(sample_type) = SampleType::from_name(&self.sample_type) else { return Ok(None) };
        let capacity_fits = (MIN_CELLS..=MAX_CELLS).contains(&self.capacity);
        // The sums come first: they are as long as the file says they are, and bound what is
        // allocated.
        let totals_fit =
            self.totals.fits(1, self.n_bands, sample_type) && self.extents.len() == self.n_bands;
        if self.n_bands == 0 || self.max_workers == 0 || !capacity_fits || !totals_fit {
            return Ok(None);
        }
        let packing = Packing::new(self.n_bands, sample_type);
        if self.level > Grid::coarsest(packing)
            || !Grid::new(packing, self.level).hold_sums_of(self.n_pixels)
        {
            return Ok(None);
        }
        check_room(
            Summary::bytes(packing, self.capacity),
            &format!("a summary of {} bands", self.n_bands),
        )?;
        Ok(self.restore_checked(sample_type))
    }

    /// [`Contents::restore`], after everything but the cells, the sample and the values of the sums
    /// was checked.
    fn restore_checked(self, sample_type: SampleType) -> Option<Summary> {
        let mut part = WorkerSummary::new(self.n_bands, sample_type, self.capacity);
        let packing = part.table.packing();
        part.table.coarsen_to(self.level);
        // Room for as many cells as it can hold.
        part.table.make_room(&[]);
        let mut n_left = self.totals.counts()[0];
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
            // More pixels than the total: the sum of the counts might overflow.
            n_left = n_left.checked_sub(*count)?;
            pixels.count = *count;
            pixels.sums.clone_from(sums);
            let n_before = part.table.len();
            // A key that came before adds no new cell.
            if !in_range
                || !sums_fit
                || part.table.add_cell(key, &mut pixels).is_none()
                || part.table.len() == n_before
            {
                return None;
            }
        }
        let n_valid = self.totals.counts()[0];
        let sample = Shared::new(packing, self.capacity);
        let sample_fits = match (&sample, &self.sample) {
            (Some(sample), Some(saved)) => {
                let is_pixel = |codes: &[u64]| are_usable_codes(packing, codes, sample_type);
                sample.lock().restore(saved, &part.table, is_pixel)
            }
            (None, None) => true,
            _ => false,
        };
        let counted = n_left == 0 && n_valid <= self.n_pixels;
        let usable = are_usable_sums(&self.totals) && are_usable_means(&part.table, sample_type);
        (part.totals, part.extents) = (self.totals, self.extents);
        (counted && sample_fits && usable).then_some(Summary {
            n_bands: self.n_bands,
            sample_type,
            capacity: self.capacity,
            max_workers: self.max_workers,
            n_pixels: self.n_pixels,
            sample,
            parts: vec![part],
            derived: Derived::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Run;
    use crate::raster::{Raster, Sample};

    /// What remains of a summary of some pixels when its contents are changed.
    fn changed<T: Sample>(
        samples: &[T],
        n_bands: usize,
        change: impl Fn(&mut Contents),
    ) -> Result<Summary> {
        let mut contents: Contents = SEAL.open(&summary(samples, n_bands).to_bytes())?;
        change(&mut contents);
        Summary::from_bytes(&SEAL.close(&contents))
    }

    fn summary<T: Sample>(samples: &[T], n_bands: usize) -> Summary {
        let memory = Summary::least_memory(n_bands, T::TYPE);
        let mut summary = Summary::new(n_bands, T::TYPE, memory).unwrap();
        summary.add(&raster(samples, n_bands), &mut Run::silent(1)).unwrap();
        summary
    }

    fn raster<T: Sample>(samples: &[T], n_bands: usize) -> Raster<'_> {
        Raster::bsq(samples, n_bands, samples.len() / n_bands, 1).unwrap()
    }

    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    #[test]
    fn what_pixels_cannot_have_is_refused() {
        let samples = [1.5, 2.5, -3.5, 1.5, 2.5, 1e150];
        assert!(changed(&samples, 2, |_| {}).is_ok());
        // The codes of NaN, infinity and 1e160.
        for code in [0, 0xFFFF_FFFF_FFFF, 0xFFF0_0000_0000, 1e160f64.code()] {
            assert!(
                changed(&samples, 2, |contents| contents.cells[0].0[0] = code).is_err(),
                "{code:x}"
            );
        }
        for count in [u64::MAX, 1 << 62, 0, 2] {
            assert!(
                changed(&samples, 2, |contents| contents.cells[1].1 = count).is_err(),
                "{count}"
            );
        }
        assert!(changed(&samples, 2, |contents| contents.n_pixels = u64::MAX).is_err());
        assert!(changed(&samples, 2, |contents| contents.n_pixels = 2).is_err());
        // Counts whose sum overflows to the correct one.
        let overflows = |contents: &mut Contents| {
            (contents.cells[0].1, contents.cells[1].1) = (u64::MAX, 3);
        };
        assert!(changed(&samples, 2, overflows).is_err());
    }

    /// Any single byte is changed, and the checksum is right. A summary that is not refused can be
    /// used without a panic.
    #[test]
    fn damaged_bytes_are_refused_or_harmless() {
        fn check<T: Sample>(samples: &[T], n_bands: usize) {
            let bytes = summary(samples, n_bands).to_bytes();
            let (body, _) = bytes.split_last_chunk::<4>().unwrap();
            let mut n_refused = 0;
            for at in 12..body.len() {
                for flip in [1, 0x80, 0xFF] {
                    let mut damaged = body.to_vec();
                    damaged[at] ^= flip;
                    let Ok(mut restored) = Summary::from_bytes(&sealed(damaged)) else {
                        n_refused += 1;
                        continue;
                    };
                    let same = restored.clone();
                    let _ = restored.merge(&same);
                    let _ = restored.add(&raster(samples, n_bands), &mut Run::silent(1));
                    restored.cells();
                    restored.to_bytes();
                }
            }
            assert!(n_refused > body.len(), "{n_refused} of {}", 3 * body.len());
        }
        check(&[1.5f64, 2.5, -3.5e100, 1.5, 2.5, 1e150], 2);
        check(&[1.5f32, 2.5, -3.5, 1.5, 2.5, 3e38], 2);
        check(&[1u16, 2, 3, 4, 40_000, 6], 2);
        check(&[7i32; 14], 7);
    }
}
