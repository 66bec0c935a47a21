//! Sums and sums of squares of integer samples: exact, quick, and without a limit.

use serde::{Deserialize, Serialize};

use super::totals::narrow_sums;
use crate::raster::{Sample, Tile, TILE};

/// So many squares of 32 bits never overflow a sum of 64 bits.
const NARROW_PIXELS: usize = 1 << 30;

/// For each class and band, a sum and a sum of squares of 128 bits, which hold everything; in front
/// of them, sums of 64 bits, which are quick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IntegerSums {
    wide: Vec<[i128; 2]>,
    narrow: Vec<[i64; 2]>,
    /// Pixels in the narrow sums.
    n_narrow: usize,
}

impl IntegerSums {
    /// `n` sums without pixels: classes x bands.
    pub fn new(n: usize) -> IntegerSums {
        IntegerSums { wide: vec![[0; 2]; n], narrow: vec![[0; 2]; n], n_narrow: 0 }
    }

    /// Whether these can be the sums of `n_bands` bands of so many samples each.
    pub fn can_be_of(&self, n_bands: usize, n_samples: &[u64]) -> bool {
        let n = n_samples.len() * n_bands;
        let fits = |index: usize| {
            let most = i128::from(n_samples[index / n_bands]) << 32;
            let [sum, square] = self.wide[index];
            (-most..=most).contains(&sum) && (0..=most << 32).contains(&square)
        };
        let are_settled = self.n_narrow == 0 && self.narrow.iter().all(|sums| *sums == [0; 2]);
        self.wide.len() == n && self.narrow.len() == n && are_settled && (0..n).all(fits)
    }

    /// The sum and the sum of squares at an index.
    pub fn get(&self, index: usize) -> [i128; 2] {
        let ([sum, square], [narrow_sum, narrow_square]) = (self.wide[index], self.narrow[index]);
        [sum + i128::from(narrow_sum), square + i128::from(narrow_square)]
    }

    /// Empties the narrow sums into the wide ones.
    pub fn settle(&mut self) {
        for index in 0..self.wide.len() {
            self.wide[index] = self.get(index);
        }
        self.narrow.fill([0; 2]);
        self.n_narrow = 0;
    }

    /// Adds the valid pixels of a tile to the sums of their classes.
    pub fn add<T: Sample>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        if T::CODE_BITS > 16 {
            return self.add_wide(tile, labels);
        }
        self.make_room();
        // The number of bands is known at compile time for those that most scenes have.
        match tile.n_bands() {
            3 => self.add_narrow::<T, 3>(tile, labels),
            4 => self.add_narrow::<T, 4>(tile, labels),
            _ => self.add_narrow::<T, 0>(tile, labels),
        }
    }

    /// [`IntegerSums::add`] for `BANDS` bands; 0: any number.
    fn add_narrow<T: Sample, const BANDS: usize>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        let n_bands = if BANDS == 0 { tile.n_bands() } else { BANDS };
        let samples = &tile.samples()[..(n_bands - 1) * TILE + labels.len()];
        for (i, (label, valid)) in labels.iter().zip(tile.valid()).enumerate() {
            // An invalid pixel counts as 0: cheaper than a branch.
            let valid = i64::from(*valid);
            let sums = &mut self.narrow[usize::from(*label) * n_bands..][..n_bands];
            for (band, [sum, square]) in sums.iter_mut().enumerate() {
                let value = samples[band * TILE + i].to_i64() * valid;
                *sum += value;
                *square += value * value;
            }
        }
    }

    /// [`IntegerSums::add`] for samples whose squares fill 64 bits.
    fn add_wide<T: Sample>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        let n_bands = tile.n_bands();
        let pixels =
            labels.iter().zip(tile.valid()).enumerate().filter(|(_, (_, valid))| **valid == 1);
        for (i, (label, _)) in pixels {
            let sums = &mut self.wide[usize::from(*label) * n_bands..][..n_bands];
            for (band, [sum, square]) in sums.iter_mut().enumerate() {
                let value = i128::from(tile.band(band)[i].to_i64());
                *sum += value;
                *square += value * value;
            }
        }
    }

    /// Adds the valid pixels of a tile to the sums of the first class. For narrow samples this runs
    /// on vectors.
    pub fn add_to_first<T: Sample>(&mut self, tile: &Tile<T>) {
        if T::CODE_BITS > 16 {
            return self.add(tile, &[0; TILE][..tile.len()]);
        }
        self.make_room();
        for (band, [sum, square]) in self.narrow[..tile.n_bands()].iter_mut().enumerate() {
            let [tile_sum, tile_square] = narrow_sums(tile.band(band), tile.valid());
            *sum += tile_sum;
            *square += tile_square;
        }
    }

    /// Makes room for a tile in the narrow sums.
    fn make_room(&mut self) {
        if self.n_narrow + TILE > NARROW_PIXELS {
            self.settle();
        }
        self.n_narrow += TILE;
    }

    /// Adds the sums of other pixels.
    pub fn merge(&mut self, other: &IntegerSums) {
        for (index, [sum, square]) in self.wide.iter_mut().enumerate() {
            let [other_sum, other_square] = other.get(index);
            *sum += other_sum;
            *square += other_square;
        }
    }
}
