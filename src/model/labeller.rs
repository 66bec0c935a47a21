//! One worker's labelling of tiles: what predict and refinement share.

use super::Metric;
use crate::kernel::{Centers, NearestSearch};
use crate::raster::{Component, Raster, Sample, Tile};

/// How a model tells the class of a pixel.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub centers: Centers,
    pub metric: Metric,
}

impl Rule {
    /// Whether this is the other rule.
    pub fn is(&self, other: &Rule) -> bool {
        self.metric == other.metric && self.centers.values() == other.centers.values()
    }
}

/// Room for one tile and the search of its pixels' nearest centres.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    /// The directions of its pixels, where these are what is compared.
    directions: Option<Tile<Component>>,
    search: NearestSearch,
}

/// A tile with the nearest centre (0-based) of each pixel, and a number that the pixel's squared distance from it does not
/// exceed. Both mean nothing for pixels that are not valid.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub directions: Option<&'a Tile<Component>>,
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

    /// Where a pixel lies as it is compared with centres: its sample in a band, or the component of its direction.
    pub fn place(&self, band: usize, pixel: usize) -> f64 {
        match self.directions {
            None => self.tile.band(band)[pixel].to_f64(),
            Some(directions) => directions.band(band)[pixel].to_f64(),
        }
    }
}

impl<T: Sample> Labeller<T> {
    pub fn new(rule: &Rule) -> Labeller<T> {
        let n_bands = rule.centers.n_bands();
        let directions = (rule.metric == Metric::SpectralAngle).then(|| Tile::new(n_bands));
        Labeller { tile: Tile::new(n_bands), directions, search: NearestSearch::new(n_bands) }
    }

    /// Gathers a tile and labels it; `None` when none of its pixels is valid.
    pub fn label(&mut self, rule: &Rule, raster: &Raster, index: usize) -> Option<Labelled<'_, T>> {
        self.tile.fill(raster, index);
        let tile = &self.tile;
        if tile.n_valid() == 0 {
            return None;
        }
        let (labels, farthest) = match &mut self.directions {
            None => self.search.search(&rule.centers, tile.samples(), tile.valid()),
            Some(directions) => {
                directions.fill_directions(tile);
                self.search.search(&rule.centers, directions.samples(), tile.valid())
            }
        };
        Some(Labelled { tile, directions: self.directions.as_ref(), labels, farthest })
    }
}
