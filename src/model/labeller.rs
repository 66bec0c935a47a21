//! One worker's labelling of tiles: what predict and refinement share.

use crate::kernel::{Centers, NearestSearch};
use crate::raster::{Raster, Sample, Tile};

/// Room for one tile and the search of its pixels' nearest centres.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    search: NearestSearch,
}

/// A tile with the nearest centre (0-based) of each pixel, and a number that the pixel's squared distance from it does not
/// exceed. Both mean nothing for pixels that are not valid.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub labels: &'a [u16],
    pub farthest: &'a [f32],
}

impl<T: Sample> Labelled<'_, T> {
    /// Writes the labels of the centres, as images have them: from 1 up, and 0 where a pixel is not valid.
    pub fn write(&self, label_of: &[u16], values: &mut [u16]) {
        for (value, (center, valid)) in values.iter_mut().zip(self.labels.iter().zip(self.tile.valid())) {
            *value = label_of[usize::from(*center)] * u16::from(*valid);
        }
    }
}

impl<T: Sample> Labeller<T> {
    pub fn new(n_bands: usize) -> Labeller<T> {
        Labeller { tile: Tile::new(n_bands), search: NearestSearch::new(n_bands) }
    }

    /// Gathers a tile and labels it; `None` when none of its pixels is valid.
    pub fn label(&mut self, centers: &Centers, raster: &Raster, index: usize) -> Option<Labelled<'_, T>> {
        self.tile.fill(raster, index);
        let tile = &self.tile;
        if tile.n_valid() == 0 {
            return None;
        }
        let (labels, farthest) = self.search.search(centers, tile.samples(), tile.valid());
        Some(Labelled { tile, labels, farthest })
    }
}
