//! A sample of the pixels beside the cells: if there are many bands, cells are too wide to show how
//! pixels lie in them.
//!
//! A pixel is in the sample if the hash of all its samples is below a threshold. The threshold
//! falls when the sample outgrows its room. So the sample consists of distinct pixels (each with
//! the exact number of equal pixels), and does not depend on the order of the pixels or of merging:
//! like the grid, the threshold is the highest one at which everything fits. (Cohen and Kaplan,
//! "Summarizing data using bottom-k sketches", PODC 2007.)

use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use super::grid::Grid;
use super::key::{hash, Packing};
use super::slots::Slots;
use super::table::Table;

/// From this number of bands on, pixels are sampled. With fewer bands, a fit on cells ends where a
/// fit on the pixels does.
const MANY_BANDS: usize = 7;

/// Pixels in the sample for every cell that the table may hold.
const PIXELS_PER_CELL: usize = 11;

/// Number of thresholds; no pixel is below the last one.
const MOST_LEVELS: u32 = 160;

/// Candidates that a worker gathers before it locks the sample.
const BATCH: usize = 4096;

/// Distinct pixels, and the number of pixels equal to each.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    packing: Packing,
    capacity: usize,
    level: u32,
    /// The threshold: the hash of every pixel of the sample is below it.
    below: u64,
    len: usize,
    /// The codes of each pixel, packed. The whole room is allocated as zeros, which take no memory
    /// until they are written; likewise the counts.
    codes: Vec<u64>,
    counts: Vec<u64>,
    slots: Slots,
}

impl Sample {
    /// How many pixels are sampled beside so many cells.
    pub fn capacity(packing: Packing, n_cells: usize) -> usize {
        n_cells * pixels_per_cell(packing)
    }

    /// The memory that the sample takes for each cell that the table may hold.
    pub fn bytes_per_cell(packing: Packing) -> usize {
        let pixel = (packing.words + 1) * size_of::<u64>() + Slots::BYTES_PER_THING;
        pixels_per_cell(packing) * pixel
    }

    fn new(packing: Packing, capacity: usize) -> Sample {
        Sample {
            packing,
            capacity,
            level: 0,
            below: threshold(0),
            len: 0,
            codes: vec![0; capacity * packing.words],
            counts: vec![0; capacity],
            slots: Slots::new(capacity),
        }
    }

    /// Number of distinct pixels.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The codes of a pixel, packed.
    pub fn codes(&self, pixel: usize) -> &[u64] {
        &self.codes[pixel * self.packing.words..][..self.packing.words]
    }

    /// How many pixels are equal to this one.
    pub fn count(&self, pixel: usize) -> u64 {
        self.counts[pixel]
    }

    /// Adds `count` pixels with these codes, unless their hash is above the threshold.
    pub fn add(&mut self, codes: &[u64], count: u64) {
        let hash = hash(codes);
        while hash < self.below {
            if let Some(pixel) = self.slots.find(hash, |pixel| self.codes(pixel) == codes) {
                self.counts[pixel] += count;
                return;
            }
            if self.len < self.capacity {
                let words = self.packing.words;
                self.codes[self.len * words..][..words].copy_from_slice(codes);
                self.counts[self.len] = count;
                self.len += 1;
                self.slots.push(hash);
                if self.slots.are_full() {
                    self.slots.grow(&self.hashes());
                }
                return;
            }
            self.thin_to(self.level + 1);
        }
    }

    /// Lowers the threshold to that of a level, if it is higher.
    pub fn thin_to(&mut self, level: u32) {
        if level <= self.level {
            return;
        }
        (self.level, self.below) = (level, threshold(level));
        let words = self.packing.words;
        let mut kept = 0;
        for pixel in 0..self.len {
            if hash(self.codes(pixel)) < self.below {
                self.codes.copy_within(pixel * words..(pixel + 1) * words, kept * words);
                self.counts[kept] = self.counts[pixel];
                kept += 1;
            }
        }
        self.len = kept;
        self.slots.lay(&self.hashes());
    }

    fn hashes(&self) -> Vec<u64> {
        (0..self.len).map(|pixel| hash(self.codes(pixel))).collect()
    }

    fn merge(&mut self, other: &Sample) {
        self.thin_to(other.level);
        (0..other.len).for_each(|pixel| self.add(other.codes(pixel), other.counts[pixel]));
    }

    /// What is saved of the sample.
    pub fn saved(&self) -> SavedSample {
        let mut order: Vec<usize> = (0..self.len).collect();
        order.sort_unstable_by_key(|&pixel| self.codes(pixel));
        SavedSample {
            level: self.level,
            codes: order.iter().flat_map(|pixel| self.codes(*pixel)).copied().collect(),
            counts: order.iter().map(|pixel| self.counts[*pixel]).collect(),
        }
    }

    /// Takes in what was saved of a sample. Returns whether it fits the cells, and all its codes
    /// are codes that pixels can have.
    pub fn restore(
        &mut self,
        saved: &SavedSample,
        cells: &Table,
        is_pixel: impl Fn(&[u64]) -> bool,
    ) -> bool {
        let words = self.packing.words;
        let shape_fits = saved.codes.len() == saved.counts.len().saturating_mul(words)
            && saved.counts.len() <= self.capacity
            && saved.level <= MOST_LEVELS;
        if !shape_fits {
            return false;
        }
        self.thin_to(saved.level);
        let finest = Grid::new(self.packing, 0);
        let mut in_cell = vec![0u64; cells.len()];
        for (codes, count) in saved.codes.chunks_exact(words).zip(&saved.counts) {
            let is_right = *count > 0 && finest.is_key(codes) && is_pixel(codes);
            let Some(cell) = cells.find(codes).filter(|_| is_right) else { return false };
            in_cell[cell] = in_cell[cell].saturating_add(*count);
            self.add(codes, *count);
        }
        // A pixel that came before, or whose hash is above the threshold, is not added.
        let all_added = self.len == saved.counts.len() && self.level == saved.level;
        all_added && in_cell.iter().enumerate().all(|(cell, count)| *count <= cells.count(cell))
    }
}

/// A sample as it is saved.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedSample {
    level: u32,
    /// The codes of the pixels, packed, in their order.
    codes: Vec<u64>,
    counts: Vec<u64>,
}

fn pixels_per_cell(packing: Packing) -> usize {
    if packing.n_bands < MANY_BANDS {
        0
    } else {
        PIXELS_PER_CELL
    }
}

/// The threshold of a level: three quarters of that of the level before.
fn threshold(level: u32) -> u64 {
    (0..level).fold(u64::MAX, |below, _| if below < 4 { 0 } else { below - below / 4 })
}

/// A sample that workers fill together: one each would take several times the memory.
#[derive(Debug)]
pub(super) struct Shared(Arc<Mutex<Sample>>);

impl Shared {
    /// The sample beside so many cells; `None` if there are few enough bands to do without.
    pub fn new(packing: Packing, n_cells: usize) -> Option<Shared> {
        let capacity = Sample::capacity(packing, n_cells);
        (capacity > 0).then(|| Shared(Arc::new(Mutex::new(Sample::new(packing, capacity)))))
    }

    /// The same sample, for another worker.
    pub fn share(&self) -> Shared {
        Shared(self.0.clone())
    }

    /// The sample, locked.
    pub fn lock(&self) -> MutexGuard<'_, Sample> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Adds another sample, unless it is the same one.
    pub fn merge(&self, other: &Shared) {
        if !Arc::ptr_eq(&self.0, &other.0) {
            // A copy, so that two locks are never held at once: two threads might wait for each
            // other.
            let other = other.lock().clone();
            self.lock().merge(&other);
        }
    }
}

impl Clone for Shared {
    /// A copy of the sample, not shared.
    fn clone(&self) -> Shared {
        Shared(Arc::new(Mutex::new(self.lock().clone())))
    }
}

/// One worker's candidates for the sample.
pub(super) struct Candidates {
    sample: Shared,
    /// The threshold as it was when the worker last looked.
    below: u64,
    /// The codes of each candidate, packed, and the number of equal pixels that followed each
    /// other.
    codes: Vec<u64>,
    counts: Vec<u64>,
}

impl Candidates {
    pub fn new(sample: Shared) -> Candidates {
        let below = sample.lock().below;
        Candidates { sample, below, codes: Vec::new(), counts: Vec::new() }
    }

    /// Looks at pixels, given as packed codes: `words` each.
    pub fn look(&mut self, codes: &[u64], words: usize, valid: &[u8]) {
        match words {
            // The usual case from seven bands on: 8 and 16 bits.
            1 => self.look_at::<1>(codes, words, valid),
            2 => self.look_at::<2>(codes, words, valid),
            3 => self.look_at::<3>(codes, words, valid),
            4 => self.look_at::<4>(codes, words, valid),
            _ => self.look_at::<0>(codes, words, valid),
        }
        if self.counts.len() >= BATCH {
            self.submit();
        }
    }

    /// [`Candidates::look`] for keys of `WORDS` words; 0: any number.
    fn look_at<const WORDS: usize>(&mut self, codes: &[u64], words: usize, valid: &[u8]) {
        let words = if WORDS == 0 { words } else { WORDS };
        for (codes, valid) in codes.chunks_exact(words).zip(valid) {
            if hash(codes) < self.below && *valid == 1 {
                self.gather(codes);
            }
        }
    }

    #[inline(never)]
    fn gather(&mut self, codes: &[u64]) {
        match self.counts.last_mut() {
            Some(count) if self.codes.ends_with(codes) => *count += 1,
            _ => {
                self.codes.extend(codes);
                self.counts.push(1);
            }
        }
    }

    /// Hands the candidates to the sample.
    pub fn submit(&mut self) {
        let mut sample = self.sample.lock();
        let words = sample.packing.words;
        for (codes, count) in self.codes.chunks_exact(words).zip(&self.counts) {
            sample.add(codes, *count);
        }
        self.below = sample.below;
        drop(sample);
        self.codes.clear();
        self.counts.clear();
    }
}
