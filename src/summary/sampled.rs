//! The sampled pixels as weighted points that stand for all pixels.

use ndarray::Array2;

use super::cells::Cells;
use super::key::Packing;
use super::sample::Sample as PixelSample;
use super::table::Table;
use crate::raster::{with_sample_type, Sample, SampleType, TILE};

/// Sampled pixels, and the cells without a sampled pixel.
///
/// The sampled pixels of a cell weigh as much as the cell, and are moved so that their mean is the
/// cell's mean: only how they lie within the cell is random. (Post-stratification.)
#[derive(Debug)]
pub(crate) struct Sampled {
    packing: Packing,
    sample_type: SampleType,
    /// The codes of each pixel, packed; cell by cell.
    codes: Vec<u64>,
    /// How many pixels each stands for.
    weights: Vec<f64>,
    /// The cell of each.
    cells: Vec<u32>,
    /// The shift of the pixels of each cell: cells x bands, in band units.
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
            codes: order
                .iter()
                .flat_map(|(_, pixel)| sample.codes(*pixel as usize))
                .copied()
                .collect(),
            weights: order.iter().map(|(_, pixel)| sample.count(*pixel as usize) as f64).collect(),
            cells: order.iter().map(|(cell, _)| *cell).collect(),
            offsets: Array2::zeros(cells.means.raw_dim()),
            scales: vec![1.0; cells.len()],
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
            self.offsets.row_mut(cell).assign(&(&cells.means.row(cell) - &mean));
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
        let (first, words) = (tile * TILE, self.packing.words);
        let weights = &self.weights[first..self.len().min(first + TILE)];
        let pixels = self.codes[first * words..].chunks_exact(words).zip(&self.cells[first..]);
        for (i, (codes, cell)) in pixels.take(weights.len()).enumerate() {
            let offsets = self.offsets.row(*cell as usize);
            let scale = self.scales[*cell as usize];
            for (band, offset) in offsets.iter().enumerate() {
                samples[band * TILE + i] =
                    T::decode(self.packing.field(codes, band)) * scale + offset;
            }
        }
        weights
    }
}
