//! The sampled pixels as weighted points that stand for all pixels.

use macro_rules_attribute::apply;
use ndarray::Array2;

use super::cells::Cells;
use super::key::{low_bits, Packing};
use super::sample::Sample as PixelSample;
use super::table::Table;
use crate::kernel::vectors;
use crate::raster::{with_sample_type, Sample, SampleType, TILE};

/// Sampled pixels, and the cells without a sampled pixel.
///
/// The sampled pixels of a cell weigh as much as the cell, and are moved so that their mean is the
/// cell's mean: only how they lie within the cell is random. (Post-stratification.)
#[derive(Debug)]
pub(crate) struct Sampled {
    packing: Packing,
    sample_type: SampleType,
    /// The packed codes, in tiles of [`TILE`] pixels, word by word: one word of all pixels of a
    /// tile, then the next. Pixels lie cell by cell.
    codes: Vec<u64>,
    /// How many pixels each stands for.
    weights: Vec<f64>,
    /// The cell of each.
    cells: Vec<u32>,
    /// The shift of the pixels of each cell: bands x cells, in band units.
    offsets: Array2<f64>,
    /// Before the shift, the pixels of each cell are spread about their mean by this factor.
    scales: Vec<f64>,
    /// The cells without a sampled pixel.
    pub unsampled: Vec<usize>,
}

/// For each cell, the sum of the counts of its sampled pixels, the sum of the squares of these
/// counts, and the sum of the samples: cells x bands.
struct Found {
    counts: Vec<f64>,
    squares: Vec<f64>,
    sums: Array2<f64>,
}

impl Sampled {
    /// `cells` must be those of the table.
    pub(super) fn new(
        table: &Table,
        sample: &PixelSample,
        cells: &Cells,
        sample_type: SampleType,
    ) -> Sampled {
        let packing = table.packing();
        let mut row_of = vec![0; table.len()];
        table.order().into_iter().enumerate().for_each(|(row, cell)| row_of[cell] = row as u32);
        let row =
            |pixel: usize| row_of[table.find(sample.codes(pixel)).expect("a pixel is in a cell")];
        let mut order: Vec<(u32, u32)> =
            (0..sample.len()).map(|pixel| (row(pixel), pixel as u32)).collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| sample.codes(a.1 as usize).cmp(sample.codes(b.1 as usize)))
        });
        let mut sampled = Sampled {
            packing,
            sample_type,
            codes: word_by_word(sample, packing.words, &order),
            weights: order.iter().map(|(_, pixel)| sample.count(*pixel as usize) as f64).collect(),
            cells: order.iter().map(|(cell, _)| *cell).collect(),
            offsets: Array2::zeros((packing.n_bands, cells.len().next_power_of_two())),
            scales: vec![1.0; cells.len().next_power_of_two()],
            unsampled: Vec::new(),
        };
        drop(order);
        sampled.match_cells(cells);
        sampled
    }

    /// Sets weights, scales and offsets so that counts and means are exactly those of the cells,
    /// and squares approximately.
    fn match_cells(&mut self, cells: &Cells) {
        let found = self.found(cells);
        for (weight, cell) in self.weights.iter_mut().zip(&self.cells) {
            *weight *= cells.counts[*cell as usize] as f64 / found.counts[*cell as usize];
        }
        for (cell, (count, square)) in found.counts.iter().zip(&found.squares).enumerate() {
            if *count == 0.0 {
                self.unsampled.push(cell);
                continue;
            }
            // Deviations from the mean of a few pixels are smaller than those from the mean of all
            // (Bessel's correction, for unequal counts and a finite population).
            let (alike, part) = (square / (count * count), count / cells.counts[cell] as f64);
            if alike < 1.0 {
                self.scales[cell] = ((1.0 - alike * part) / (1.0 - alike)).sqrt();
            }
            let mean = &found.sums.row(cell) / *count * self.scales[cell];
            self.offsets.column_mut(cell).assign(&(&cells.means.row(cell) - &mean));
        }
    }

    /// The sums over the sampled pixels of each cell.
    fn found(&self, cells: &Cells) -> Found {
        let none = vec![0.0; cells.len()];
        let mut found = Found {
            counts: none.clone(),
            squares: none,
            sums: Array2::zeros(cells.means.raw_dim()),
        };
        let mut samples = vec![0.0; self.packing.n_bands * TILE];
        for tile in 0..self.n_tiles() {
            for (i, weight) in self.tile(tile, &mut samples).iter().enumerate() {
                let cell = self.cells[tile * TILE + i] as usize;
                found.counts[cell] += weight;
                found.squares[cell] += weight * weight;
                let mut sums = found.sums.row_mut(cell);
                sums.iter_mut()
                    .enumerate()
                    .for_each(|(band, sum)| *sum += weight * samples[band * TILE + i]);
            }
        }
        found
    }

    /// Number of sampled pixels.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// The number of pixels that each sampled pixel stands for.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Number of tiles of [`TILE`] pixels.
    pub fn n_tiles(&self) -> usize {
        self.len().div_ceil(TILE)
    }

    /// Writes the samples of a tile, band by band, [`TILE`] apart; returns the weights of its
    /// pixels.
    pub fn tile(&self, tile: usize, samples: &mut [f64]) -> &[f64] {
        with_sample_type!(self.sample_type, T => self.decode::<T>(tile, samples))
    }

    fn decode<T: Sample>(&self, tile: usize, samples: &mut [f64]) -> &[f64] {
        let pixels = tile * TILE..self.len().min((tile + 1) * TILE);
        let codes = &self.codes[pixels.start * self.packing.words..];
        let (len, cells) = (pixels.len(), &self.cells[pixels.clone()]);
        let mut scales = [0.0; TILE];
        look_up(&self.scales, cells, &mut scales);
        let bands = self.offsets.rows().into_iter().zip(samples.chunks_mut(TILE));
        for (band, (offsets, samples)) in bands.enumerate() {
            let (word, left) = self.packing.position(band);
            let codes = Codes { words: &codes[word * len..][..len], left };
            let offsets = offsets.to_slice().expect("offsets lie band by band");
            decode_band::<T>(&codes, cells, &scales, offsets, samples);
        }
        &self.weights[pixels]
    }
}

/// The codes of one band: in words, each so many bits from the right.
struct Codes<'a> {
    words: &'a [u64],
    left: u32,
}

/// The packed codes of pixels in this order (cell and pixel), word by word in each tile.
fn word_by_word(sample: &PixelSample, words: usize, order: &[(u32, u32)]) -> Vec<u64> {
    let mut codes = Vec::with_capacity(order.len() * words);
    for tile in order.chunks(TILE) {
        for word in 0..words {
            codes.extend(tile.iter().map(|(_, pixel)| sample.codes(*pixel as usize)[word]));
        }
    }
    codes
}

/// The values of some cells. The length of `of_cells` is a power of two, so that no index needs a
/// check, and lookups run on vectors.
#[apply(vectors)]
fn look_up(of_cells: &[f64], cells: &[u32], values: &mut [f64]) {
    let last = of_cells.len() - 1;
    let of_cells = &of_cells[..=last];
    values.iter_mut().zip(cells).for_each(|(value, cell)| *value = of_cells[*cell as usize & last]);
}

/// Decodes the samples of one band, spreads them by the scale of each, and shifts them by the
/// offset of the cell, as in [`look_up`].
#[apply(vectors)]
fn decode_band<T: Sample>(
    codes: &Codes,
    cells: &[u32],
    scales: &[f64],
    offsets: &[f64],
    samples: &mut [f64],
) {
    let last = offsets.len() - 1;
    let offsets = &offsets[..=last];
    let field = low_bits(T::CODE_BITS);
    let pixels = codes.words.iter().zip(cells).zip(scales);
    for (sample, ((word, cell), scale)) in samples.iter_mut().zip(pixels) {
        let code = (word >> codes.left) & field;
        *sample = T::decode(code) * scale + offsets[*cell as usize & last];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Run;
    use crate::raster::Raster;
    use crate::summary::Summary;

    /// Samples of a tile are those of plain code, bit for bit; so of the last one, which is short.
    fn check<T: Sample>(samples: &[T], n_bands: usize) {
        let mut summary = Summary::new(n_bands, T::TYPE, 1 << 26).unwrap();
        let raster = Raster::bsq(samples, n_bands, samples.len() / n_bands, 1).unwrap();
        summary.add(&raster, &mut Run::silent(1)).unwrap();
        let sampled = summary.sampled(&summary.cells()).expect("so many bands are sampled");
        assert!(sampled.n_tiles() > 1 && sampled.len() % TILE != 0, "{}", sampled.len());
        let words = sampled.packing.words;
        for tile in 0..sampled.n_tiles() {
            let mut found = vec![0.0; n_bands * TILE];
            let len = sampled.tile(tile, &mut found).len();
            for i in 0..len {
                let codes: Vec<u64> = (0..words)
                    .map(|word| sampled.codes[(tile * TILE) * words + word * len + i])
                    .collect();
                let cell = sampled.cells[tile * TILE + i] as usize;
                for band in 0..n_bands {
                    let sample = T::decode(sampled.packing.field(&codes, band));
                    let expected = sample * sampled.scales[cell] + sampled.offsets[(band, cell)];
                    assert_eq!(found[band * TILE + i].to_bits(), expected.to_bits());
                }
            }
        }
    }

    #[test]
    fn tiles_are_decoded_as_one_pixel_after_the_other() {
        let number = |i: usize| ((i as u32).wrapping_mul(2_654_435_761) >> 13) as u16;
        check(&(0..9 * 3001).map(number).collect::<Vec<u16>>(), 9);
        check(&(0..7 * 1501).map(|i| number(i) as u8).collect::<Vec<u8>>(), 7);
        check(&(0..8 * 1777).map(|i| f32::from(number(i)) - 3e4).collect::<Vec<f32>>(), 8);
        check(&(0..8 * 1777).map(|i| f64::from(number(i)) / 7.0).collect::<Vec<f64>>(), 8);
    }
}
