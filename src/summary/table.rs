//! The table of occupied cells: open addressing over the cells' keys.

/// Cells of one width: where they lie, how many pixels each holds, and the sums of those.
///
/// A cell's key is the code of each band without its last `shift` bits. Sums are over the dropped bits ("rests"), so
/// they are exact, small, and zero where cells are single values.
#[derive(Debug, Clone)]
pub(super) struct Table {
    n_bands: usize,
    shift: u32,
    capacity: usize,
    /// Cell index + 1 by hash, 0 where free; a power of two, at most half full.
    slots: Vec<u32>,
    /// `n_bands` numbers per cell.
    keys: Vec<u32>,
    counts: Vec<u64>,
    /// `n_bands` sums of rests per cell.
    sums: Vec<u128>,
    /// `n_bands` sums of squared rests per cell.
    squares: Vec<u128>,
}

impl Table {
    /// An empty table.
    pub fn new(n_bands: usize, shift: u32, capacity: usize) -> Table {
        Table {
            n_bands,
            shift,
            capacity,
            slots: vec![0; 1 << 10],
            keys: Vec::new(),
            counts: Vec::new(),
            sums: Vec::new(),
            squares: Vec::new(),
        }
    }

    /// The memory one cell takes at most, its slots and the slack of growing vectors included.
    pub fn bytes_per_cell(n_bands: usize) -> usize {
        let payload = size_of::<u64>() + n_bands * (size_of::<u32>() + 2 * size_of::<u128>());
        payload + 4 * size_of::<u32>()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Number of bits dropped from each code.
    pub fn shift(&self) -> u32 {
        self.shift
    }

    /// Number of pixels.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The key, pixel count, sums and sums of squares of a cell.
    pub fn cell(&self, cell: usize) -> (&[u32], u64, &[u128], &[u128]) {
        let bands = cell * self.n_bands..(cell + 1) * self.n_bands;
        (&self.keys[bands.clone()], self.counts[cell], &self.sums[bands.clone()], &self.squares[bands])
    }

    /// The cell with this key (`key(band)`), made if need be; `None` when the table is full.
    #[inline]
    pub fn find_or_insert(&mut self, hash: u32, key: impl Fn(usize) -> u32) -> Option<usize> {
        let last_slot = self.slots.len() - 1;
        let mut slot = hash as usize & last_slot;
        loop {
            match self.slots[slot] {
                0 => return self.insert(slot, key),
                cell if self.has_key(cell as usize - 1, &key) => return Some(cell as usize - 1),
                _ => slot = (slot + 1) & last_slot,
            }
        }
    }

    /// Whether a cell has this key.
    #[inline]
    pub fn has_key(&self, cell: usize, key: impl Fn(usize) -> u32) -> bool {
        let mine = &self.keys[cell * self.n_bands..][..self.n_bands];
        mine.iter().enumerate().all(|(band, part)| *part == key(band))
    }

    #[cold]
    fn insert(&mut self, slot: usize, key: impl Fn(usize) -> u32) -> Option<usize> {
        if self.len() == self.capacity {
            return None;
        }
        let cell = self.len();
        self.slots[slot] = cell as u32 + 1;
        self.keys.extend((0..self.n_bands).map(key));
        self.counts.push(0);
        self.sums.resize(self.sums.len() + self.n_bands, 0);
        self.squares.resize(self.squares.len() + self.n_bands, 0);
        if 2 * self.len() > self.slots.len() {
            self.index(2 * self.slots.len());
        }
        Some(cell)
    }

    /// Lays the slots anew.
    fn index(&mut self, n_slots: usize) {
        let last_slot = n_slots - 1;
        self.slots = vec![0; n_slots];
        for (cell, key) in self.keys.chunks_exact(self.n_bands).enumerate() {
            let mut slot = hash_key(key.iter().copied()) as usize & last_slot;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & last_slot;
            }
            self.slots[slot] = cell as u32 + 1;
        }
    }

    /// Counts pixels in a cell.
    #[inline]
    pub fn count(&mut self, cell: usize, n: u64) {
        self.counts[cell] += n;
    }

    /// Adds the rests of one pixel to a cell's sums.
    #[inline]
    pub fn sum(&mut self, cell: usize, rest: impl Fn(usize) -> u32) {
        let sums = &mut self.sums[cell * self.n_bands..][..self.n_bands];
        let squares = &mut self.squares[cell * self.n_bands..][..self.n_bands];
        for (band, (sum, square)) in sums.iter_mut().zip(squares).enumerate() {
            let rest = u64::from(rest(band));
            *sum += u128::from(rest);
            *square += u128::from(rest * rest);
        }
    }

    /// Doubles the width of the cells: keys lose a bit, and cells merge.
    pub fn coarsen(&mut self) {
        let coarser = Table::new(self.n_bands, self.shift + 1, self.capacity);
        let finer = std::mem::replace(self, coarser);
        self.absorb(&finer);
    }

    /// Adds the cells of another table, coarsening where that is coarser or where they do not all fit.
    pub fn absorb(&mut self, other: &Table) {
        while self.shift < other.shift {
            self.coarsen();
        }
        for cell in 0..other.len() {
            while !self.absorb_cell(other, cell) {
                self.coarsen();
            }
        }
    }

    /// Adds a cell of a table that is at most as coarse; `false` when there is no room for it.
    fn absorb_cell(&mut self, other: &Table, cell: usize) -> bool {
        let (key, count, sums, squares) = other.cell(cell);
        let dropped = self.shift - other.shift;
        let coarse = |band: usize| shifted(key[band], dropped);
        let Some(mine) = self.find_or_insert(hash_key((0..self.n_bands).map(coarse)), coarse) else {
            return false;
        };
        self.counts[mine] += count;
        for band in 0..self.n_bands {
            // The finer cell begins `start` above the coarser one: rests grow by that.
            let start = u128::from(key[band] - (u64::from(coarse(band)) << dropped) as u32) << other.shift;
            let (at, n) = (mine * self.n_bands + band, u128::from(count));
            self.sums[at] += sums[band] + n * start;
            self.squares[at] += squares[band] + 2 * start * sums[band] + n * start * start;
        }
        true
    }

    /// The cells' indices in the order of their keys.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|&cell| &self.keys[cell * self.n_bands..][..self.n_bands]);
        order
    }

    /// Adds a cell as it was saved; `false` when it does not fit or is there already.
    pub fn restore_cell(&mut self, key: &[u32], count: u64, sums: &[u128], squares: &[u128]) -> bool {
        let before = self.len();
        let Some(cell) = self.find_or_insert(hash_key(key.iter().copied()), |band| key[band]) else {
            return false;
        };
        let bands = cell * self.n_bands..(cell + 1) * self.n_bands;
        self.counts[cell] = count;
        self.sums[bands.clone()].copy_from_slice(sums);
        self.squares[bands].copy_from_slice(squares);
        self.len() > before
    }
}

/// A code without its last `shift` bits; `shift` may be the whole width.
#[inline(always)]
pub(super) fn shifted(code: u32, shift: u32) -> u32 {
    (u64::from(code) >> shift) as u32
}

/// One step of the hash of a key.
#[inline(always)]
pub(super) fn hash_step(hash: u32, part: u32) -> u32 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x9E37_79B1)
}

/// The last step of the hash of a key: spreads the bits (the finaliser of MurmurHash3).
#[inline(always)]
pub(super) fn hash_end(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash ^ (hash >> 13)
}

/// The hash of a key.
fn hash_key(key: impl Iterator<Item = u32>) -> u32 {
    hash_end(key.fold(0, hash_step))
}
