//! One worker's labelling of tiles: what predict and refinement share.

use crate::kernel::{nearest, Centers};
use crate::raster::{Raster, Sample, Tile, TILE};

/// Room for one tile, its samples as `f64`, its labels and distances.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    samples: Vec<f64>,
    labels: [u16; TILE],
    distances: [f64; TILE],
}

/// A tile with the nearest centre (0-based) of each pixel and its squared distance, which mean nothing for pixels that
/// are not valid.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub labels: &'a [u16],
    pub distances: &'a [f64],
}

impl<T: Sample> Labeller<T> {
    pub fn new(n_bands: usize) -> Labeller<T> {
        Labeller {
            tile: Tile::new(n_bands),
            samples: vec![0.0; n_bands * TILE],
            labels: [0; TILE],
            distances: [0.0; TILE],
        }
    }

    /// Gathers a tile and labels it.
    pub fn label(&mut self, centers: &Centers, raster: &Raster, index: usize) -> Labelled<'_, T> {
        self.tile.fill(raster, index);
        let len = self.tile.len();
        let (labels, distances) = (&mut self.labels[..len], &mut self.distances[..len]);
        if self.tile.n_valid() > 0 {
            for band in 0..self.tile.n_bands() {
                let samples = self.samples[band * TILE..].iter_mut().zip(self.tile.band(band));
                samples.for_each(|(to, from)| *to = from.to_f64());
            }
            nearest(centers, &self.samples, labels, distances);
        }
        Labelled { tile: &self.tile, labels, distances }
    }
}
