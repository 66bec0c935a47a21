//! One worker's pass over tiles of pixels: the hot loop of a summary.

use super::part::Part;
use crate::raster::{Raster, Sample, Tile, TILE};

/// Pixels whose cells are fetched together: enough for their cache misses to overlap, few enough for them to stay.
const BATCH: usize = 64;

/// A worker: its part of the summary, and room for one tile.
pub(super) struct Scanner<'a, T> {
    part: &'a mut Part,
    tile: Tile<T>,
    /// The codes of each pixel of the tile, packed: [`Packing::words`] each.
    ///
    /// [`Packing::words`]: super::key::Packing
    codes: Vec<u64>,
}

impl<'a, T: Sample> Scanner<'a, T> {
    pub fn new(part: &'a mut Part) -> Scanner<'a, T> {
        let packing = part.table.packing();
        Scanner { part, tile: Tile::new(packing.n_bands), codes: vec![0; packing.words * TILE] }
    }

    /// Adds the valid pixels of one tile.
    pub fn add(&mut self, raster: &Raster, index: usize) {
        self.tile.fill(raster, index);
        if self.tile.n_valid() == 0 {
            return;
        }
        self.part.add_totals(&self.tile);
        self.pack();
        let mut done = 0;
        loop {
            done = self.add_from(done);
            if done == self.tile.len() {
                return;
            }
            // The table is full: the pixel at `done` waits for a coarser one.
            self.part.table.coarsen();
        }
    }

    /// Packs the codes of every pixel, band by band so that it runs on vectors.
    fn pack(&mut self) {
        let packing = self.part.table.packing();
        let words = packing.words;
        for band in 0..packing.n_bands {
            let (word, left) = packing.place(band);
            let codes = self.codes[word..].iter_mut().step_by(words).zip(self.tile.band(band));
            if left == 0 {
                codes.for_each(|(codes, sample)| *codes = sample.code());
            } else {
                codes.for_each(|(codes, sample)| *codes |= sample.code() << left);
            }
        }
    }

    /// Adds pixels from `first` on; returns the first that did not fit, or the tile's length.
    fn add_from(&mut self, first: usize) -> usize {
        // The number of words is known when compiling for up to four bands of 16 bits or eight of 8.
        match self.part.table.packing().words {
            1 => self.add_keys::<1>(first),
            2 => self.add_keys::<2>(first),
            4 => self.add_keys::<4>(first),
            _ => self.add_keys::<0>(first),
        }
    }

    /// [`Scanner::add_from`] for keys of `WORDS` words; 0: any number.
    fn add_keys<const WORDS: usize>(&mut self, first: usize) -> usize {
        let Scanner { part, tile, codes } = self;
        let table = &mut part.table;
        let words = if WORDS == 0 { table.packing().words } else { WORDS };
        let mask = table.packing().mask(table.shift());
        for start in (first..tile.len()).step_by(BATCH) {
            let valid = &tile.valid()[start..tile.len().min(start + BATCH)];
            let codes = |i: usize| &codes[(start + i) * words..][..words];
            let (mut slots, mut guesses) = ([0; BATCH], [0; BATCH]);
            (0..valid.len()).for_each(|i| slots[i] = table.slot(codes(i), mask));
            (0..valid.len()).for_each(|i| guesses[i] = table.guess(slots[i]));
            for (i, valid) in valid.iter().enumerate() {
                // A guess may be wrong, or a cell too old, but `add` looks at the key.
                if *valid == 1 && !table.add(codes(i), (T::CODE_BITS, T::FINE_BITS), mask, guesses[i]) {
                    return start + i;
                }
            }
        }
        tile.len()
    }
}
