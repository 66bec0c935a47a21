//! One worker's labelling of tiles: what predict and refinement share.

use super::confidence::{Confidence, ConfidenceSearch};
use super::Model;
use crate::kernel::{Centers, NearestSearch};
use crate::raster::{Raster, Sample, Tile, TileLabels};

/// What a model gives labels by.
#[derive(Debug, Clone)]
pub(super) struct Labelling {
    /// The points that pixels are compared with.
    pub centers: Centers,
    /// The label of each point's pixels: from 1 up.
    pub label_of: Vec<u16>,
    /// For each point the squared distance beyond which pixels belong nowhere, if there is any.
    limits: Option<Vec<f64>>,
    /// The largest label that is given.
    pub n_labels: usize,
    confidence: Confidence,
}

/// Room for one tile and the search of its pixels' nearest centres.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    search: NearestSearch,
    confidence: ConfidenceSearch,
}

/// A tile with the nearest centre (0-based) of each pixel, and a number that the pixel's squared distance from it does not
/// exceed. Both mean nothing for pixels that are not valid.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub labels: &'a [u16],
    pub farthest: &'a [f32],
    confidence: &'a mut ConfidenceSearch,
}

impl Labelling {
    pub fn new(model: &Model) -> Labelling {
        let (centers, label_of) = (model.kernel_centers(), model.labels());
        let limit = |radius: Option<f64>| radius.map_or(f64::INFINITY, |radius| radius * radius);
        let limits = model.has_radii().then(|| model.radii().into_iter().map(limit).collect());
        let confidence = Confidence::new(model, &centers, &label_of);
        Labelling { centers, label_of, limits, n_labels: model.n_labels(), confidence }
    }
}

impl<T: Sample> Labelled<'_, T> {
    /// Writes the labels of the centres, as images have them: from 1 up, and 0 where a pixel is not valid; and how sure they are,
    /// if that is wanted.
    pub fn write(&mut self, labelling: &Labelling, out: &mut TileLabels) {
        for (value, (center, valid)) in out.labels.iter_mut().zip(self.labels.iter().zip(self.tile.valid())) {
            *value = labelling.label_of[usize::from(*center)] * u16::from(*valid);
        }
        if out.wants_confidence {
            let (centers, labels) = (&labelling.centers, self.labels);
            self.confidence.find(&labelling.confidence, centers, self.tile, labels, &mut out.confidence);
        }
        if let Some(limits) = &labelling.limits {
            self.leave_out_strangers(labelling, limits, out);
        }
    }

    /// Gives pixels that are too far from their class the label after the last class.
    fn leave_out_strangers(&self, labelling: &Labelling, limits: &[f64], out: &mut TileLabels) {
        for (i, center) in self.labels.iter().enumerate().filter(|(i, _)| self.tile.valid()[*i] == 1) {
            let center = usize::from(*center);
            let within = f64::from(self.farthest[i]) <= limits[center]
                || labelling.centers.squared_distance(center, |band| self.tile.band(band)[i].to_f64())
                    <= limits[center];
            if !within {
                out.labels[i] = labelling.n_labels as u16;
                out.confidence[i] = 0.0;
            }
        }
    }
}

impl<T: Sample> Labeller<T> {
    pub fn new(n_bands: usize) -> Labeller<T> {
        Labeller {
            tile: Tile::new(n_bands),
            search: NearestSearch::new(n_bands),
            confidence: ConfidenceSearch::default(),
        }
    }

    /// Gathers a tile and labels it; `None` when none of its pixels is valid.
    pub fn label(&mut self, centers: &Centers, raster: &Raster, index: usize) -> Option<Labelled<'_, T>> {
        self.tile.fill(raster, index);
        let tile = &self.tile;
        if tile.n_valid() == 0 {
            return None;
        }
        let (labels, farthest) = self.search.search(centers, tile.samples(), tile.valid());
        Some(Labelled { tile, labels, farthest, confidence: &mut self.confidence })
    }
}
