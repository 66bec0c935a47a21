//! The table of occupied cells: a record for each, found by its key.

use std::collections::HashMap;

use super::grid::Grid;
use super::key::{ascending, hash, low_bits, Packing};
use super::levels::finest_with;
use super::pixels::Pixels;
use super::slots::Slots;
use crate::kernel::prefetch;

/// Words of a cache line.
const LINE: usize = 8;

/// A new table is full at this part of its capacity. Then the next pixels are looked at
/// ([`Table::make_room`]). Most scenes need a coarser grid: a nearly empty table has it soonest.
const FIRST_ROOM: usize = 8;

/// The cells of one grid: where they lie, how many pixels each holds, and the sums of its pixels.
///
/// A cell's key is the code of each band without the bits that the grid drops. Sums are over the
/// dropped bits ("rests"), so they are exact, small, and zero if cells are single values. (Sums of
/// float64 leave out the few last bits of a rest, the same in every cell, so that sums merge.)
#[derive(Debug, Clone)]
pub(super) struct Table {
    grid: Grid,
    capacity: usize,
    /// Most cells for now: see [`FIRST_ROOM`].
    room: usize,
    len: usize,
    slots: Slots,
    /// For each cell its key, its pixel count, and the sums of its rests, packed as in
    /// [`Packing::sum`]. They are side by side, so that a pixel touches one or two cache lines. The
    /// whole room is allocated as zeros, which take no memory until they are written.
    records: Vec<u64>,
    /// Where the first record begins, so that records are aligned with cache lines.
    first: usize,
    /// Count at which a record's packed sums might overflow.
    full: u64,
    /// What records held when they were full: count, and sum of each band.
    emptied: HashMap<usize, (u64, Vec<u64>)>,
}

impl Table {
    /// An empty table, of the finest grid.
    pub fn new(packing: Packing, capacity: usize) -> Table {
        let records = vec![0; capacity * record_len(packing) + LINE];
        let first = records.as_ptr().align_offset(LINE * size_of::<u64>()).min(LINE);
        let grid = Grid::new(packing, 0);
        let full = most_in_record(&grid);
        let slots = Slots::new(capacity);
        let room = capacity.div_ceil(FIRST_ROOM);
        Table { grid, capacity, room, len: 0, slots, records, first, full, emptied: HashMap::new() }
    }

    /// The memory one cell takes at most, with its slots; while the table of slots grows, there are
    /// more of them.
    pub fn bytes_per_cell(packing: Packing) -> usize {
        record_len(packing) * size_of::<u64>() + 2 * Slots::BYTES_PER_THING
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The grid in which the cells lie.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// How codes are packed into keys.
    pub fn packing(&self) -> Packing {
        self.grid.packing()
    }

    /// Number of pixels.
    pub fn total(&self) -> u64 {
        (0..self.len).map(|cell| self.count(cell)).sum()
    }

    /// The key of a cell.
    pub fn key(&self, cell: usize) -> &[u64] {
        &self.record(cell)[..self.packing().words]
    }

    /// The number of pixels in a cell.
    pub fn count(&self, cell: usize) -> u64 {
        self.record(cell)[self.packing().words]
            + self.emptied.get(&cell).map_or(0, |(count, _)| *count)
    }

    /// The sum of the rests of a band in a cell.
    pub fn sum(&self, cell: usize, band: usize) -> u64 {
        let packed = self.packing().sum(&self.record(cell)[self.packing().words + 1..], band);
        packed + self.emptied.get(&cell).map_or(0, |(_, sums)| sums[band])
    }

    /// Writes the sum of the rests of each band in a cell.
    pub fn sums(&self, cell: usize, sums: &mut [u64]) {
        sums.iter_mut().enumerate().for_each(|(band, sum)| *sum = self.sum(cell, band));
    }

    #[inline(always)]
    fn record(&self, cell: usize) -> &[u64] {
        let len = record_len(self.packing());
        &self.records[self.first + cell * len..][..len]
    }

    #[inline(always)]
    fn record_mut(&mut self, cell: usize) -> &mut [u64] {
        let len = record_len(self.packing());
        &mut self.records[self.first + cell * len..][..len]
    }

    /// The hash of a pixel's key, whose slot is prefetched. Call this for many pixels at once, and
    /// [`Table::guess`] too, so that their cache misses overlap.
    #[inline(always)]
    pub fn hash(&self, key: &[u64]) -> u64 {
        let hash = hash(key);
        self.slots.prefetch(hash);
        hash
    }

    /// The number, plus 1, of the cell with this hash, which most likely is the pixel's; 0 if there
    /// is none. Its record is prefetched.
    #[inline(always)]
    pub fn guess(&self, hash: u64, record_len: usize) -> u32 {
        let guess = self.slots.guess(hash);
        let record = self.first + (guess as usize).saturating_sub(1) * record_len;
        (0..record_len).step_by(LINE).for_each(|line| prefetch(&self.records, record + line));
        guess
    }

    /// Adds a pixel: its key, its rests, packed like a key, and the cell that [`Table::guess`]
    /// gave. Returns `false` if it lies in a new cell and the table is full. `packing` is the
    /// table's own, as far as it is known at compile time.
    #[inline(always)]
    pub fn add(
        &mut self,
        key: &[u64],
        rests: impl Fn(usize) -> u64,
        packing: Packing,
        guess: u32,
    ) -> bool {
        let (words, len) = (key.len(), record_len(packing));
        let guessed = (guess as usize).wrapping_sub(1).min(self.capacity - 1);
        let mut start = self.first + guessed * len;
        if guess == 0 || !same(&self.records[start..start + words], key) {
            match self.find_or_insert(key) {
                Some(cell) => start = self.first + cell * len,
                None => return false,
            }
        }
        let record = &mut self.records[start..start + len];
        record[words] += 1;
        let sums_per_word = packing.sums_per_word();
        for word in 0..words {
            let rests = rests(word);
            for sum in 0..sums_per_word {
                record[words + 1 + word * sums_per_word + sum] += packing.lanes(rests, sum);
            }
        }
        if record[words] == self.full {
            self.empty((start - self.first) / len);
        }
        true
    }

    /// Empties a record that is full.
    #[cold]
    fn empty(&mut self, cell: usize) {
        let mut sums = vec![0; self.packing().n_bands];
        self.sums(cell, &mut sums);
        let count = self.count(cell);
        let words = self.packing().words;
        self.record_mut(cell)[words..].fill(0);
        self.emptied.insert(cell, (count, sums));
    }

    #[inline(always)]
    fn has_key(&self, cell: usize, key: &[u64]) -> bool {
        same(&self.record(cell)[..key.len()], key)
    }

    /// The cell with this key, which is added if it is new; `None` if the table is full.
    #[inline(never)]
    fn find_or_insert(&mut self, key: &[u64]) -> Option<usize> {
        let hash = hash(key);
        self.slots.find(hash, |cell| self.has_key(cell, key)).or_else(|| self.insert(hash, key))
    }

    /// The cell in which a pixel or a cell of a finer table lies, given its codes or key.
    pub fn find(&self, codes: &[u64]) -> Option<usize> {
        let mut key = vec![0; self.packing().words];
        self.grid.key(codes, &mut key);
        self.slots.find(hash(&key), |cell| self.has_key(cell, &key))
    }

    #[cold]
    fn insert(&mut self, hash: u64, key: &[u64]) -> Option<usize> {
        let cell = self.len;
        if cell == self.room {
            return None;
        }
        self.len += 1;
        self.record_mut(cell)[..key.len()].copy_from_slice(key);
        self.slots.push(hash);
        if self.slots.are_full() {
            self.slots.grow(&self.hashes());
        }
        Some(cell)
    }

    fn hashes(&self) -> Vec<u64> {
        (0..self.len).map(|cell| hash(self.key(cell))).collect()
    }

    /// Coarsens to the finest grid with at most so many cells, including the cells of other pixels,
    /// whose codes are packed like keys.
    pub fn coarsen_for(&mut self, n_cells: usize, others: &[u64]) {
        let words = self.packing().words;
        if self.len + others.len() / words <= n_cells {
            return;
        }
        let keys = (0..self.len).map(|cell| self.key(cell));
        let codes = keys.chain(others.chunks_exact(words));
        let enough = finest_with(n_cells, self.packing(), codes);
        self.coarsen_to(enough);
    }

    /// Makes room for pixels with these codes: coarsens to the finest grid that has it.
    pub fn make_room(&mut self, codes: &[u64]) {
        self.room = self.capacity;
        self.coarsen_for(self.capacity, codes);
    }

    /// Makes the grid this coarse, if it is finer: keys lose bits, and cells merge.
    pub fn coarsen_to(&mut self, level: u32) {
        self.coarsen(level, |_| ());
    }

    /// The same; also reports into which cell each finer cell was merged.
    pub fn coarsen(&mut self, level: u32, mut part_of: impl FnMut(usize)) {
        if level <= self.grid.level() {
            return;
        }
        self.grid = Grid::new(self.packing(), level);
        self.full = most_in_record(&self.grid);
        let n_finer = std::mem::replace(&mut self.len, 0);
        let emptied = std::mem::take(&mut self.emptied);
        self.slots.lay(&[]);
        let packing = self.packing();
        let mut record = vec![0; record_len(packing)];
        let mut pixels = Pixels::new(packing);
        // A coarser cell never lies behind the finer cells that it is made of, so this works in
        // place.
        for cell in 0..n_finer {
            record.copy_from_slice(self.record(cell));
            self.record_mut(cell).fill(0);
            pixels.unpack(packing, &record, emptied.get(&cell));
            let coarser = self.add_cell(&record[..packing.words], &mut pixels);
            part_of(coarser.expect("there are no more coarser cells than finer ones"));
        }
    }

    /// Adds the cells of another table. Coarsens if that table is coarser, or if the cells do not
    /// all fit.
    pub fn absorb(&mut self, other: &Table) {
        self.coarsen_to(other.grid.level());
        if self.len + other.len > self.room {
            let keys: Vec<u64> = (0..other.len).flat_map(|cell| other.key(cell)).copied().collect();
            self.make_room(&keys);
        }
        let packing = self.packing();
        let mut pixels = Pixels::new(packing);
        for cell in 0..other.len {
            pixels.unpack(packing, other.record(cell), other.emptied.get(&cell));
            let added = self.add_cell(other.key(cell), &mut pixels);
            added.expect("there is room for all cells");
        }
    }

    /// Adds the pixels of a cell of a grid that is at most as coarse to a cell of this table.
    /// Returns that cell, or `None` if there is no room for it.
    pub fn add_cell(&mut self, codes: &[u64], pixels: &mut Pixels) -> Option<usize> {
        let (packing, full) = (self.packing(), self.full);
        let words = packing.words;
        let mut key = std::mem::take(&mut pixels.key);
        self.grid.key(codes, &mut key);
        let found = self.find_or_insert(&key);
        pixels.key = key;
        let cell = found?;
        for (band, sum) in pixels.sums.iter_mut().enumerate() {
            // The finer cell may begin a little above the coarser one: rests grow by the
            // difference.
            let (word, left) = packing.position(band);
            let start =
                ((codes[word] & self.grid.rest_masks()[word]) >> left) & low_bits(packing.bits);
            *sum += pixels.count * (start >> packing.fine_bits);
        }
        let record = self.record_mut(cell);
        if pixels.count < full - record[words] {
            record[words] += pixels.count;
            packing.add_packed(&mut record[words + 1..], &pixels.sums);
            return Some(cell);
        }
        let (emptied_count, emptied) =
            self.emptied.entry(cell).or_insert_with(|| (0, vec![0; packing.n_bands]));
        *emptied_count += pixels.count;
        emptied.iter_mut().zip(&pixels.sums).for_each(|(mine, theirs)| *mine += theirs);
        Some(cell)
    }

    /// The cells' indices in the order of their keys.
    pub fn order(&self) -> Vec<usize> {
        if self.packing().words == 1 {
            return ascending((0..self.len).map(|cell| self.key(cell)[0])).collect();
        }
        let mut order: Vec<usize> = (0..self.len).collect();
        order.sort_unstable_by_key(|&cell| self.key(cell));
        order
    }
}

/// No sum of a record of this grid overflows with fewer pixels than this.
fn most_in_record(grid: &Grid) -> u64 {
    let rest_bits = grid.widest_shift().saturating_sub(grid.packing().fine_bits);
    1 << (grid.packing().sum_bits() - rest_bits).min(63)
}

/// Whether two keys are equal. For one or two words, a call of `memcmp` takes longer than a loop.
#[inline(always)]
fn same(mine: &[u64], theirs: &[u64]) -> bool {
    mine.iter().zip(theirs).fold(0, |difference, (mine, theirs)| difference | (mine ^ theirs)) == 0
}

/// Words of a cell's record: a divisor or a multiple of a cache line.
#[inline(always)]
pub(super) fn record_len(packing: Packing) -> usize {
    let len = packing.words + 1 + packing.words * packing.sums_per_word();
    len.next_power_of_two().min(len.next_multiple_of(LINE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::SampleType;

    /// A cell with more pixels than its packed sums hold: the sums are the same as if added one by
    /// one.
    #[test]
    fn full_records_are_emptied() {
        let packing = Packing::new(3, SampleType::U16);
        let mut table = Table::new(packing, 1 << 10);
        table.coarsen_to(3 * 16);
        let rests = 0x0000_0007_FFFF_0100;
        for _ in 0..200_000 {
            assert!(table.add(&[0], |_| rests, packing, 0));
        }
        let mut sums = [0; 3];
        table.sums(0, &mut sums);
        assert_eq!(
            (table.len(), table.count(0), sums),
            (1, 200_000, [256, 65535, 7].map(|r| r * 200_000))
        );
        let mut twice = table.clone();
        twice.absorb(&table);
        twice.sums(0, &mut sums);
        assert_eq!((twice.count(0), sums), (400_000, [256, 65535, 7].map(|r| r * 400_000)));
    }
}
