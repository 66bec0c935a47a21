//! The table of occupied cells: open addressing over the cells' keys.

use super::key::{hash, low_bits, Packing};
use crate::kernel::prefetch;

/// Cells of one width: where they lie, how many pixels each holds, and the sums of those.
///
/// A cell's key is the code of each band without its last `shift` bits. Sums are over the dropped bits
/// ("rests"), so they are exact, small, and zero where cells are single values. (Of float64, sums leave out the last bits of
/// a rest, which are few: its own, whatever cell it is in, so that sums merge.)
#[derive(Debug, Clone)]
pub(super) struct Table {
    packing: Packing,
    shift: u32,
    capacity: usize,
    /// Cell index + 1 by hash, 0 where free; a power of two, at most half full.
    slots: Vec<u32>,
    /// For each cell its key, its pixel count, and the sum of rests of each band: side by side, so that a pixel
    /// touches one or two lines of the cache.
    records: Vec<u64>,
}

impl Table {
    /// An empty table.
    pub fn new(packing: Packing, capacity: usize) -> Table {
        Table { packing, shift: 0, capacity, slots: vec![0; 1 << 10], records: Vec::new() }
    }

    /// The memory one cell takes at most, its slots included.
    pub fn bytes_per_cell(packing: Packing) -> usize {
        record_len(packing) * size_of::<u64>() + 4 * size_of::<u32>()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.records.len() / record_len(self.packing)
    }

    /// How codes are packed into keys.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// Number of bits dropped from each code.
    pub fn shift(&self) -> u32 {
        self.shift
    }

    /// Number of pixels.
    pub fn total(&self) -> u64 {
        (0..self.len()).map(|cell| self.cell(cell).1).sum()
    }

    /// The key, pixel count and sums of a cell.
    pub fn cell(&self, cell: usize) -> (&[u64], u64, &[u64]) {
        let len = record_len(self.packing);
        let (key, rest) = self.records[cell * len..][..len].split_at(self.packing.words);
        (key, rest[0], &rest[1..])
    }

    /// The slot to look at first for a pixel (its codes, packed), which is fetched into the cache. Made for many pixels
    /// at once, as is [`Table::guess`], so that their cache misses overlap.
    #[inline(always)]
    pub fn slot(&self, codes: &[u64], mask: u64) -> usize {
        let key = codes.iter().map(|word| word >> self.shift & mask);
        let slot = hash(key) as usize & (self.slots.len() - 1);
        prefetch(&self.slots, slot);
        slot
    }

    /// The cell in a slot, where a pixel most likely belongs, plus 1; 0 where there is none. Its record is fetched into the
    /// cache.
    #[inline(always)]
    pub fn guess(&self, slot: usize) -> u32 {
        let guess = self.slots[slot];
        let len = record_len(self.packing);
        let record = (guess as usize).wrapping_sub(1).wrapping_mul(len);
        prefetch(&self.records, record);
        prefetch(&self.records, record.wrapping_add(len - 1));
        guess
    }

    /// Adds a pixel: its codes, packed in fields of `bits` of which sums leave out the last `fine_bits`, and the cell that [`Table::guess`] gave. `false` when it lies
    /// in a new cell and the table is full.
    #[inline(always)]
    pub fn add(&mut self, codes: &[u64], (bits, fine_bits): (u32, u32), mask: u64, guess: u32) -> bool {
        let shift = self.shift;
        let key = codes.iter().map(|word| word >> shift & mask);
        let cell = if guess > 0 && self.has_key(guess as usize - 1, key.clone()) {
            guess as usize - 1
        } else {
            match self.find_or_insert(key) {
                Some(cell) => cell,
                None => return false,
            }
        };
        // The number of words and of bits is known when compiling, where the caller knows it.
        let (words, n_bands, fields) = (codes.len(), self.packing.n_bands, (64 / bits) as usize);
        let record = &mut self.records[cell * (words + 1 + n_bands) + words..][..1 + n_bands];
        record[0] += 1;
        if shift > fine_bits {
            let rest = low_bits(shift);
            for (sums, word) in record[1..].chunks_mut(fields).zip(codes) {
                let mut word = *word;
                for sum in sums {
                    *sum += (word & rest) >> fine_bits;
                    word >>= bits;
                }
            }
        }
        true
    }

    #[inline(always)]
    fn has_key(&self, cell: usize, key: impl ExactSizeIterator<Item = u64>) -> bool {
        let mine = &self.records[cell * record_len(self.packing)..][..key.len()];
        mine.iter().zip(key).all(|(mine, theirs)| *mine == theirs)
    }

    /// The cell with this key, made if need be; `None` when the table is full.
    fn find_or_insert(&mut self, key: impl ExactSizeIterator<Item = u64> + Clone) -> Option<usize> {
        let last_slot = self.slots.len() - 1;
        let mut slot = hash(key.clone()) as usize & last_slot;
        loop {
            match self.slots[slot] {
                0 => return self.insert(slot, key),
                cell if self.has_key(cell as usize - 1, key.clone()) => return Some(cell as usize - 1),
                _ => slot = (slot + 1) & last_slot,
            }
        }
    }

    #[cold]
    fn insert(&mut self, slot: usize, key: impl Iterator<Item = u64>) -> Option<usize> {
        let cell = self.len();
        if cell == self.capacity {
            return None;
        }
        self.slots[slot] = cell as u32 + 1;
        self.records.extend(key);
        self.records.resize((cell + 1) * record_len(self.packing), 0);
        if 2 * self.len() > self.slots.len() {
            self.index(2 * self.slots.len());
        }
        Some(cell)
    }

    /// Lays the slots anew.
    fn index(&mut self, n_slots: usize) {
        let last_slot = n_slots - 1;
        self.slots = vec![0; n_slots];
        for (cell, record) in self.records.chunks_exact(record_len(self.packing)).enumerate() {
            let mut slot = hash(record[..self.packing.words].iter().copied()) as usize & last_slot;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & last_slot;
            }
            self.slots[slot] = cell as u32 + 1;
        }
    }

    /// Makes the cells at least this wide.
    pub fn widen(&mut self, shift: u32) {
        while self.shift < shift {
            self.coarsen();
        }
    }

    /// Doubles the width of the cells: keys lose a bit, and cells merge.
    pub fn coarsen(&mut self) {
        let coarser = Table { shift: self.shift + 1, ..Table::new(self.packing, self.capacity) };
        let finer = std::mem::replace(self, coarser);
        self.absorb(&finer);
    }

    /// Adds the cells of another table, coarsening where that is coarser or where they do not all fit.
    pub fn absorb(&mut self, other: &Table) {
        self.widen(other.shift);
        for cell in 0..other.len() {
            while !self.absorb_cell(other, cell) {
                self.coarsen();
            }
        }
    }

    /// Adds a cell of a table that is at most as coarse; `false` when there is no room for it.
    fn absorb_cell(&mut self, other: &Table, cell: usize) -> bool {
        let (key, count, sums) = other.cell(cell);
        let dropped = self.shift - other.shift;
        let mask = self.packing.mask(self.shift);
        let Some(mine) = self.find_or_insert(key.iter().map(|word| word >> dropped & mask)) else {
            return false;
        };
        let (packing, len) = (self.packing, record_len(self.packing));
        let record = &mut self.records[mine * len + packing.words..][..1 + packing.n_bands];
        record[0] += count;
        for (band, (mine, theirs)) in record[1..].iter_mut().zip(sums).enumerate() {
            // The finer cell begins a little above the coarser one: rests grow by that.
            let start = (packing.field(key, band) & low_bits(dropped)) << other.shift;
            *mine += theirs + count * (start >> packing.fine_bits);
        }
        true
    }

    /// The cells' indices in the order of their keys.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|&cell| self.cell(cell).0);
        order
    }

    /// Adds a cell as it was saved; `false` when it does not fit or is there already.
    pub fn restore_cell(&mut self, key: &[u64], count: u64, sums: &[u64]) -> bool {
        let before = self.len();
        let Some(cell) = self.find_or_insert(key.iter().copied()) else { return false };
        let len = record_len(self.packing);
        let record = &mut self.records[cell * len + self.packing.words..][..1 + self.packing.n_bands];
        record[0] = count;
        record[1..].copy_from_slice(sums);
        self.len() > before
    }
}

/// Words of a cell's record.
#[inline(always)]
fn record_len(packing: Packing) -> usize {
    packing.words + 1 + packing.n_bands
}
