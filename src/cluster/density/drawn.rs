//! Pixels drawn in proportion, for algorithms that take many points without weights.

use std::sync::Arc;

use ndarray::Array2;

use crate::cluster::representatives::draws;
use crate::raster::TILE;
use crate::summary::{Cells, Sampled, Summary};

/// What pixels are drawn from: the sampled pixels of the summary, if there are any, and the cells
/// without one.
pub(super) struct Population<'a> {
    cells: &'a Cells,
    sampled: Option<Arc<Sampled>>,
    /// The number of pixels that each stands for: first the sampled pixels, then the cells without
    /// one.
    weights: Vec<f64>,
}

/// Drawn pixels: each place once.
pub(super) struct Drawn {
    /// Places x bands, in band units.
    pub places: Array2<f64>,
    /// How many pixels were drawn at each place.
    pub counts: Vec<usize>,
}

impl<'a> Population<'a> {
    /// The pixels of a summary that has these cells.
    pub fn new(summary: &Summary, cells: &'a Cells) -> Population<'a> {
        let sampled = summary.sampled(cells);
        let count = |cell: usize| cells.counts[cell] as f64;
        let weights = match &sampled {
            Some(sampled) => {
                let others = sampled.unsampled.iter().map(|&cell| count(cell));
                sampled.weights().iter().copied().chain(others).collect()
            }
            None => (0..cells.len()).map(count).collect(),
        };
        Population { cells, sampled, weights }
    }

    /// `n` pixels in even steps along the order of their places; if there are at most `n`, each
    /// pixel once.
    pub fn draw(&self, n: usize) -> Drawn {
        let n_pixels = usize::try_from(self.cells.n_pixels()).unwrap_or(usize::MAX);
        let draws = draws(self.weights.iter().copied(), n.min(n_pixels));
        let mut values = Vec::new();
        let sampled = self.sampled.as_ref().map_or(0, |sampled| sampled.len());
        if let Some(sampled) = &self.sampled {
            push_drawn(sampled, &draws, self.cells.n_bands(), &mut values);
        }
        for point in (sampled..draws.len()).filter(|&point| draws[point] > 0) {
            let cell = self.sampled.as_ref().map_or(point, |of| of.unsampled[point - sampled]);
            values.extend(self.cells.means.row(cell));
        }
        let counts: Vec<usize> = draws.into_iter().filter(|&draws| draws > 0).collect();
        let places = Array2::from_shape_vec((counts.len(), self.cells.n_bands()), values);
        Drawn { places: places.expect("a row for every place"), counts }
    }
}

impl Drawn {
    /// Number of drawn pixels.
    pub fn n_pixels(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// Adds the samples of the pixels that are drawn, pixel by pixel.
fn push_drawn(sampled: &Sampled, draws: &[usize], n_bands: usize, values: &mut Vec<f64>) {
    let mut samples = vec![0.0; n_bands * TILE];
    for (tile, draws) in draws[..sampled.len()].chunks(TILE).enumerate() {
        if draws.iter().any(|&draws| draws > 0) {
            sampled.tile(tile, &mut samples);
        }
        for pixel in (0..draws.len()).filter(|&pixel| draws[pixel] > 0) {
            values.extend((0..n_bands).map(|band| samples[band * TILE + pixel]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Run;
    use crate::raster::{Raster, SampleType};

    /// With seven bands pixels are sampled, with four they are not; values are unsorted.
    #[test]
    fn draws_are_in_proportion_and_where_pixels_are() {
        for n_bands in [4, 7] {
            let samples: Vec<u16> = (0..n_bands * 5000).map(|i| (i * 7919 % 1009) as u16).collect();
            let mut summary = Summary::new(n_bands, SampleType::U16, 1 << 22).unwrap();
            summary
                .add(&Raster::bsq(&samples, n_bands, 100, 50).unwrap(), &mut Run::silent(2))
                .unwrap();
            let cells = summary.cells();
            let population = Population::new(&summary, &cells);
            assert_eq!(population.sampled.is_some(), n_bands == 7);
            let drawn = population.draw(3000);
            assert_eq!(drawn.n_pixels(), 3000);
            for band in 0..n_bands {
                let weighted = drawn.places.column(band).into_iter().zip(&drawn.counts);
                let mean =
                    weighted.map(|(value, count)| value * *count as f64).sum::<f64>() / 3000.0;
                assert!((mean - cells.mean[band]).abs() < 10.0, "{mean} of {}", cells.mean[band]);
            }
            assert_eq!(population.draw(9000).n_pixels(), 5000);
        }
    }
}
