//! One worker's pass over tiles of pixels: the hot loop of a summary.

use super::part::Part;
use crate::raster::{Raster, Sample, Tile, TILE};

/// A worker: its part of the summary, and room for one tile.
pub(super) struct Scanner<'a, T> {
    part: &'a mut Part,
    tile: Tile<T>,
    /// The codes of each pixel of the tile, packed: [`Packing::words`] each.
    ///
    /// [`Packing::words`]: super::key::Packing::words
    codes: Vec<u64>,
    /// The cell in which each pixel of the tile most likely lies.
    guesses: [u32; TILE],
}

impl<'a, T: Sample> Scanner<'a, T> {
    pub fn new(part: &'a mut Part) -> Scanner<'a, T> {
        let packing = part.table.packing();
        Scanner {
            part,
            tile: Tile::new(packing.n_bands),
            codes: vec![0; packing.words() * TILE],
            guesses: [0; TILE],
        }
    }

    /// Adds the valid pixels of one tile.
    pub fn add(&mut self, raster: &Raster, index: usize) {
        self.tile.fill(raster, index);
        if self.tile.n_valid() == 0 {
            return;
        }
        self.part.totals.add_to_first(&self.tile);
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
        let words = packing.words();
        for band in 0..packing.n_bands {
            let (word, left) = packing.place(band);
            let codes = self.codes[word..].iter_mut().step_by(words).zip(self.tile.band(band));
            if left == 0 {
                codes.for_each(|(codes, sample)| *codes = u64::from(sample.code()));
            } else {
                codes.for_each(|(codes, sample)| *codes |= u64::from(sample.code()) << left);
            }
        }
    }

    /// Adds pixels from `first` on; returns the first that did not fit, or the tile's length.
    fn add_from(&mut self, first: usize) -> usize {
        // The number of words is known when compiling for up to four bands of 16 bits or eight of 8.
        match self.part.table.packing().words() {
            1 => self.add_keys::<1>(first),
            2 => self.add_keys::<2>(first),
            4 => self.add_keys::<4>(first),
            _ => self.add_keys::<0>(first),
        }
    }

    /// [`Scanner::add_from`] for keys of `WORDS` words; 0: any number.
    fn add_keys<const WORDS: usize>(&mut self, first: usize) -> usize {
        let Scanner { part, tile, codes, guesses } = self;
        let table = &mut part.table;
        let words = if WORDS == 0 { table.packing().words() } else { WORDS };
        let mask = table.packing().mask(table.shift());
        for (guess, codes) in guesses.iter_mut().zip(codes.chunks_exact(words)).take(tile.len()).skip(first) {
            *guess = table.guess(codes, mask);
        }
        for (i, valid) in tile.valid().iter().enumerate().skip(first) {
            if *valid == 1 && !table.add(&codes[i * words..][..words], mask, guesses[i]) {
                return i;
            }
        }
        tile.len()
    }
}
