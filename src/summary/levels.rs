//! How many cells there would be in the grid of each level, found by sorting the pixels once.
//!
//! The bits of a pixel's codes are ordered so that grids drop them from the end. So the pixels of a
//! cell are neighbours when sorted, at every level. Two neighbours share a cell from the level on
//! that drops the first bit in which they differ.

use super::grid::Grid;
use super::key::Packing;

/// The level of the finest grid in which pixels with these packed codes lie in at most so many
/// cells.
pub(super) fn finest_with<'a>(
    n_cells: usize,
    packing: Packing,
    codes: impl Iterator<Item = &'a [u64]>,
) -> u32 {
    let coarsest = Grid::coarsest(packing);
    let words = (coarsest as usize).div_ceil(64);
    let mut n_merging = vec![0; coarsest as usize + 1];
    if words == 1 {
        let order = BitOrder::new(packing);
        let mut all: Vec<u64> = codes.map(|codes| order.of(codes[0])).collect();
        all.sort_unstable();
        all.windows(2).for_each(|pair| n_merging[merging_level(&pair[..1], &pair[1..])] += 1);
    } else {
        let mut all = Vec::new();
        for codes in codes {
            let start = all.len();
            all.resize(start + words, 0);
            put_in_order(packing, codes, &mut all[start..]);
        }
        let of = |index: u32| &all[index as usize * words..][..words];
        let mut order: Vec<u32> = (0..(all.len() / words) as u32).collect();
        order.sort_unstable_by(|a, b| of(*a).cmp(of(*b)));
        order.windows(2).for_each(|pair| n_merging[merging_level(of(pair[0]), of(pair[1]))] += 1);
    }
    let (mut level, mut n) = (coarsest, 1);
    while level > 0 && n + n_merging[level as usize] <= n_cells {
        n += n_merging[level as usize];
        level -= 1;
    }
    level
}

/// The level from which on two pixels, whose bits are in this order, share a cell; 0 if they are
/// equal.
fn merging_level(one: &[u64], other: &[u64]) -> usize {
    let differing = one.iter().zip(other).position(|(one, other)| one != other);
    differing.map_or(0, |word| {
        (one.len() - word) * 64 - (one[word] ^ other[word]).leading_zeros() as usize
    })
}

/// Puts the bits of packed codes in order, the most significant word first.
fn put_in_order(packing: Packing, codes: &[u64], ordered: &mut [u64]) {
    let last = ordered.len() - 1;
    for band in 0..packing.n_bands {
        let mut field = packing.field(codes, band);
        while field != 0 {
            let place = field.trailing_zeros() as usize * packing.n_bands + band;
            ordered[last - place / 64] |= 1 << (place % 64);
            field &= field - 1;
        }
    }
}

/// [`put_in_order`] for codes that fit in one word: for each byte of it, and each of its values,
/// the bits in their places.
struct BitOrder([[u64; 256]; 8]);

impl BitOrder {
    fn new(packing: Packing) -> BitOrder {
        let mut places = [[0; 256]; 8];
        for (byte, places) in places.iter_mut().enumerate() {
            for (value, place) in (0u64..).zip(places) {
                put_in_order(packing, &[value << (8 * byte)], std::slice::from_mut(place));
            }
        }
        BitOrder(places)
    }

    #[inline(always)]
    fn of(&self, code: u64) -> u64 {
        let bytes = code.to_le_bytes();
        bytes
            .iter()
            .zip(&self.0)
            .fold(0, |ordered, (byte, places)| ordered | places[*byte as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::SampleType;
    use std::collections::HashSet;

    #[test]
    fn levels_are_those_that_counting_cells_gives() {
        let mut state = 5u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for (n_bands, sample_type) in [
            (1, SampleType::F64),
            (3, SampleType::U8),
            (8, SampleType::U8),
            (9, SampleType::I8),
            (4, SampleType::U16),
            (2, SampleType::F32),
            (5, SampleType::I16),
            (13, SampleType::U16),
            (3, SampleType::F32),
        ] {
            let packing = Packing::new(n_bands, sample_type);
            let mut codes = vec![0; 400 * packing.words];
            for code in codes.chunks_exact_mut(packing.words) {
                for band in 0..n_bands {
                    let (word, left) = packing.position(band);
                    code[word] |= (next() % 300 * 3 % (1 << packing.bits.min(20))) << left;
                }
            }
            let pixels = || codes.chunks_exact(packing.words);
            let n_cells = |level| {
                let (grid, mut key) = (Grid::new(packing, level), vec![0; packing.words]);
                let keys = pixels().map(|codes| {
                    grid.key(codes, &mut key);
                    key.clone()
                });
                keys.collect::<HashSet<_>>().len()
            };
            for wanted in [1, 2, 7, 30, 150, 399, 400, 1000] {
                let expected =
                    (0..=Grid::coarsest(packing)).find(|level| n_cells(*level) <= wanted).unwrap();
                assert_eq!(
                    finest_with(wanted, packing, pixels()),
                    expected,
                    "{n_bands} {sample_type} {wanted}"
                );
            }
        }
    }
}
