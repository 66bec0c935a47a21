//! One worker's pass over tiles of pixels: the hot loop of a summary.

use super::key::Packing;
use super::sample::{Candidates, Shared};
use super::table::record_len;
use super::worker_summary::WorkerSummary;
use crate::kernel::pack_codes;
use crate::raster::{Raster, Sample, Tile, TILE};

/// Pixels whose cells are fetched together: enough that their cache misses overlap, few enough that
/// they stay in the cache.
const BATCH: usize = 64;

/// Tiles whose pixels are looked at when a table is full; twice as many if a key is a single word,
/// which is soon sorted.
const TILES_AHEAD: usize = 256;

/// A worker: its part of the summary, and room for one tile.
pub(super) struct Scanner<'a, T> {
    part: &'a mut WorkerSummary,
    tile: Tile<T>,
    /// The codes of each pixel of the tile, packed: [`Packing::words`] each.
    ///
    /// [`Packing::words`]: super::key::Packing
    codes: Vec<u64>,
    /// The keys of a batch, likewise.
    keys: Vec<u64>,
    /// Used if pixels are sampled.
    candidates: Option<Candidates>,
}

impl<'a, T: Sample> Scanner<'a, T> {
    pub fn new(part: &'a mut WorkerSummary, sample: Option<&Shared>) -> Scanner<'a, T> {
        let packing = part.table.packing();
        Scanner {
            part,
            tile: Tile::new(packing.n_bands),
            codes: vec![0; packing.words * TILE],
            keys: vec![0; packing.words * BATCH],
            candidates: sample.map(|sample| Candidates::new(sample.share())),
        }
    }

    /// Adds the valid pixels of one tile.
    pub fn add(&mut self, raster: &Raster, index: usize) {
        self.tile.fill(raster, index);
        if self.tile.n_valid() == 0 {
            return;
        }
        self.part.add_totals(&self.tile);
        self.pack();
        if let Some(candidates) = &mut self.candidates {
            candidates.look(&self.codes, self.part.table.packing().words, self.tile.valid());
        }
        let mut done = 0;
        loop {
            done = self.add_from(done);
            if done == self.tile.len() {
                return;
            }
            self.make_room(raster, index, done);
        }
    }

    /// The table is full: makes room for the pixels from `first` on and those of the next tiles,
    /// which will all be added. With room for the next pixel only, it would soon be full again,
    /// dozens of times before the grid is nearly as coarse as at the end.
    #[cold]
    fn make_room(&mut self, raster: &Raster, index: usize, first: usize) {
        let words = self.part.table.packing().words;
        let n_ahead = if words == 1 { 2 * TILES_AHEAD } else { TILES_AHEAD };
        let mut ahead = Vec::new();
        for tile in index..raster.n_tiles().min(index + n_ahead) {
            let first = if tile == index { first } else { 0 };
            self.tile.fill(raster, tile);
            self.pack();
            let pixels = self.codes.chunks_exact(words).zip(self.tile.valid()).skip(first);
            pixels.filter(|(_, valid)| **valid == 1).for_each(|(codes, _)| ahead.extend(codes));
        }
        self.part.table.make_room(&ahead);
        self.tile.fill(raster, index);
        self.pack();
    }

    /// Hands in the candidates that are not yet in the sample.
    pub fn finish(&mut self) {
        self.candidates.iter_mut().for_each(Candidates::submit);
    }

    /// Packs the codes of every pixel, band by band so that this runs on vectors.
    fn pack(&mut self) {
        let packing = self.part.table.packing();
        for band in 0..packing.n_bands {
            let (word, left) = packing.position(band);
            pack_codes(self.tile.band(band), &mut self.codes[word..], packing.words, left);
        }
    }

    /// Adds the pixels from `first` on; returns the first one that did not fit, or the tile's
    /// length.
    fn add_from(&mut self, first: usize) -> usize {
        // The number of words is known at compile time for up to four bands of 16 bits or eight of
        // 8.
        match self.part.table.packing().words {
            1 => self.add_keys::<1>(first),
            2 => self.add_keys::<2>(first),
            4 => self.add_keys::<4>(first),
            _ => self.add_keys::<0>(first),
        }
    }

    /// [`Scanner::add_from`] for keys of `WORDS` words; 0: any number.
    fn add_keys<const WORDS: usize>(&mut self, first: usize) -> usize {
        let Scanner { part, tile, codes, keys, .. } = self;
        let table = &mut part.table;
        let words = if WORDS == 0 { table.packing().words } else { WORDS };
        let packing = Packing::of::<T>(table.packing().n_bands, words);
        let rest_masks = table.grid().rest_masks().to_vec();
        let record_len = record_len(packing);
        for start in (first..tile.len()).step_by(BATCH) {
            let valid = &tile.valid()[start..tile.len().min(start + BATCH)];
            let codes = &codes[start * words..][..valid.len() * words];
            let keys = &mut keys[..valid.len() * words];
            for (key, codes) in keys.chunks_exact_mut(words).zip(codes.chunks_exact(words)) {
                (0..words).for_each(|word| key[word] = codes[word] & !rest_masks[word]);
            }
            let (mut hashes, mut guesses) = ([0; BATCH], [0; BATCH]);
            let each_key = || keys.chunks_exact(words);
            hashes.iter_mut().zip(each_key()).for_each(|(hash, key)| *hash = table.hash(key));
            guesses[..valid.len()]
                .iter_mut()
                .zip(hashes)
                .for_each(|(guess, hash)| *guess = table.guess(hash, record_len));
            let pixels = each_key().zip(codes.chunks_exact(words)).zip(valid).zip(guesses);
            for (i, (((key, codes), valid), guess)) in pixels.enumerate() {
                // A guess may be wrong, and a cell may be out of date, but `add` compares the key.
                if *valid == 1
                    && !table.add(key, |word| codes[word] & rest_masks[word], packing, guess)
                {
                    return start + i;
                }
            }
        }
        tile.len()
    }
}
