//! The grid over band space: which bits of each band's code choose the cell, and which bits are
//! only summed in it.

use super::key::{low_bits, Packing};

/// Cells that are `2^shift` codes wide in each band. Grids are nested: each grid drops one more
/// bit, from each band in turn. So the next coarser grid has only a little fewer cells, whatever
/// the number of bands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    packing: Packing,
    level: u32,
    /// Masks: for each word of a pixel's codes, the bits that the grid drops.
    rest_masks: Vec<u64>,
}

impl Grid {
    /// The grid that drops `level` bits of a pixel's codes; at most all bits.
    pub fn new(packing: Packing, level: u32) -> Grid {
        let level = level.min(Grid::coarsest(packing));
        let mut rest_masks = vec![0; packing.words];
        for band in 0..packing.n_bands {
            let (word, left) = packing.position(band);
            rest_masks[word] |= low_bits(shift_at(packing, level, band)) << left;
        }
        Grid { packing, level, rest_masks }
    }

    /// How codes are packed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// Number of bits dropped in all bands.
    pub fn level(&self) -> u32 {
        self.level
    }

    /// The level of the coarsest grid: one cell.
    pub fn coarsest(packing: Packing) -> u32 {
        packing.bits * packing.n_bands as u32
    }

    /// Number of bits dropped in a band.
    pub fn shift(&self, band: usize) -> u32 {
        shift_at(self.packing, self.level, band)
    }

    /// The most bits dropped in a band.
    pub fn widest_shift(&self) -> u32 {
        self.shift(0)
    }

    /// Whether no sum of rests, which are below `2^shift`, can overflow with so many pixels. (This
    /// matters from 2^40 pixels on.)
    pub fn hold_sums_of(&self, n_pixels: u64) -> bool {
        n_pixels >> (63 - self.widest_shift().saturating_sub(self.packing.fine_bits)) == 0
    }

    /// For each word, the mask of the bits that the grid drops.
    pub fn rest_masks(&self) -> &[u64] {
        &self.rest_masks
    }

    /// Whether a cell may have this key: only bits of bands are set, and no bit that the grid
    /// drops.
    pub fn is_key(&self, key: &[u64]) -> bool {
        let mut rest = key.to_vec();
        for band in 0..self.packing.n_bands {
            let (word, left) = self.packing.position(band);
            rest[word] &= !((low_bits(self.packing.bits) & !low_bits(self.shift(band))) << left);
        }
        rest.iter().all(|bits| *bits == 0)
    }

    /// Makes the key of a pixel's or a finer cell's codes.
    pub fn key(&self, codes: &[u64], key: &mut [u64]) {
        for ((key, code), rest) in key.iter_mut().zip(codes).zip(&self.rest_masks) {
            *key = code & !rest;
        }
    }
}

/// Bits of a band that the grid of a level drops: bits of the first bands are dropped first.
fn shift_at(packing: Packing, level: u32, band: usize) -> u32 {
    let n_bands = packing.n_bands as u32;
    (level + n_bands - 1 - band as u32) / n_bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::SampleType;

    #[test]
    fn bands_lose_a_bit_in_turn() {
        let packing = Packing::new(5, SampleType::U16);
        let shifts =
            |level| (0..5).map(|band| Grid::new(packing, level).shift(band)).collect::<Vec<_>>();
        assert_eq!(shifts(0), [0; 5]);
        assert_eq!(shifts(1), [1, 0, 0, 0, 0]);
        assert_eq!(shifts(13), [3, 3, 3, 2, 2]);
        assert_eq!(shifts(Grid::coarsest(packing)), [16; 5]);
        let grid = Grid::new(packing, 7);
        assert_eq!(grid.rest_masks(), [0x0001_0001_0003_0003, 1]);
        let mut key = [0; 2];
        grid.key(&[0x0007_0006_0005_0004, 3], &mut key);
        assert_eq!(key, [0x0006_0006_0004_0004, 2]);
        assert!(grid.is_key(&key));
        assert!(!grid.is_key(&[1, 0]) && !grid.is_key(&[0, 0x1_0000]));
    }
}
