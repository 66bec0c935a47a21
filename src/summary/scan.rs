//! One worker's pass over tiles of pixels: the hot loop of a summary.

use super::table::{hash_end, hash_step, shifted, Table};
use crate::raster::{Raster, Sample, Tile, TILE};

/// A worker: its table, and room for one tile.
pub(super) struct Scanner<'a, T> {
    table: &'a mut Table,
    tile: Tile<T>,
    /// The tile's codes, band by band.
    codes: Vec<u32>,
    /// The tile's hashes at the table's width.
    hashes: [u32; TILE],
}

impl<'a, T: Sample> Scanner<'a, T> {
    pub fn new(table: &'a mut Table, n_bands: usize) -> Scanner<'a, T> {
        Scanner { table, tile: Tile::new(n_bands), codes: vec![0; n_bands * TILE], hashes: [0; TILE] }
    }

    /// Adds the valid pixels of one tile.
    pub fn add(&mut self, raster: &Raster, index: usize) {
        self.tile.fill(raster, index);
        if self.tile.n_valid() == 0 {
            return;
        }
        for band in 0..self.tile.n_bands() {
            let codes = &mut self.codes[band * TILE..][..self.tile.len()];
            codes.iter_mut().zip(self.tile.band(band)).for_each(|(code, sample)| *code = sample.code());
        }
        let mut done = 0;
        loop {
            self.hash();
            done = self.add_from(done);
            if done == self.tile.len() {
                return;
            }
            // The table is full: the pixel at `done` waits for a coarser one.
            self.table.coarsen();
        }
    }

    /// Hashes every pixel's key at the table's present width, band by band so that it runs on vectors.
    fn hash(&mut self) {
        let hashes = &mut self.hashes[..self.tile.len()];
        hashes.fill(0);
        let shift = self.table.shift();
        for band in 0..self.tile.n_bands() {
            let codes = &self.codes[band * TILE..][..hashes.len()];
            for (hash, code) in hashes.iter_mut().zip(codes) {
                *hash = hash_step(*hash, shifted(*code, shift));
            }
        }
        hashes.iter_mut().for_each(|hash| *hash = hash_end(*hash));
    }

    /// Adds pixels from `first` on; returns the first that did not fit, or the tile's length.
    fn add_from(&mut self, first: usize) -> usize {
        let Scanner { table, tile, codes, hashes } = self;
        let shift = table.shift();
        let mut last = None;
        for i in first..tile.len() {
            if tile.valid()[i] == 0 {
                continue;
            }
            let key = |band: usize| shifted(codes[band * TILE + i], shift);
            // Neighbours are often alike: most of all in the frame around a scene.
            let cell = match last {
                Some(cell) if table.has_key(cell, key) => cell,
                _ => match table.find_or_insert(hashes[i], key) {
                    Some(cell) => cell,
                    None => return i,
                },
            };
            table.count(cell, 1);
            if shift > 0 {
                table.sum(cell, |band| codes[band * TILE + i] - ((u64::from(key(band)) << shift) as u32));
            }
            last = Some(cell);
        }
        tile.len()
    }
}
