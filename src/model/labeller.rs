//! One worker's labelling of tiles: what predict and refinement share.

use super::confidence::{find_posteriors, Confidence, ConfidenceSearch};
use super::{Metric, Model};
use crate::error::Result;
use crate::kernel::{Centers, Mixture, MixtureSearch, NearestSearch};
use crate::machine::check_room;
use crate::progress::Stop;
use crate::raster::{Component, Raster, Sample, Tile, TileLabels, TILE};

/// What a model gives labels by.
#[derive(Debug, Clone)]
pub(super) struct Labelling {
    /// The points that pixels are compared with.
    pub centers: Centers,
    /// How pixels are compared with them.
    pub metric: Metric,
    /// The normal distributions about them, where pixels belong to the likeliest.
    pub mixture: Option<Mixture>,
    /// The label of each point's pixels: from 1 up.
    pub label_of: Vec<u16>,
    /// Whether that is the point's number: then it need not be looked up for every pixel.
    in_order: bool,
    /// For each point the squared distance beyond which pixels belong nowhere, if there is any.
    limits: Option<Vec<f64>>,
    /// Whether classes are made of regions, which no refinement moves.
    pub stays: bool,
    /// The largest label that is given.
    pub n_labels: usize,
    /// Where it is wanted.
    pub confidence: Option<Confidence>,
}

/// Room for one tile and the search of its pixels' nearest centres.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    /// The directions of its pixels, where these are what is compared.
    directions: Option<Tile<Component>>,
    search: NearestSearch,
    mixture: Option<MixtureSearch>,
    labels: [u16; TILE],
    confidence: ConfidenceSearch,
}

/// A tile with the nearest centre or likeliest component (0-based) of each pixel, and a number that the pixel's squared distance from it does not
/// exceed. Both mean nothing for pixels that are not valid.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub directions: Option<&'a Tile<Component>>,
    pub labels: &'a [u16],
    pub farthest: &'a [f32],
    mixture: Option<&'a mut MixtureSearch>,
    confidence: &'a mut ConfidenceSearch,
}

/// What is known of distances that nobody has looked at.
static ANY: [f32; TILE] = [f32::INFINITY; TILE];
/// Pixels for each centre from which on it is worth while to prepare centres for them.
const MANY_PIXELS: usize = 200;

impl Labelling {
    /// For some number of pixels, or more; with their confidence, if that is wanted.
    ///
    /// # Errors
    /// `OutOfMemory`; `Cancelled`.
    pub fn new(model: &Model, n_pixels: usize, wants_confidence: bool, stop: &Stop) -> Result<Labelling> {
        let (n, n_bands) = model.points().dim();
        check_room(
            Centers::bytes(n, n_bands),
            &format!("to compare pixels of {n_bands} bands with {n} centres"),
        )?;
        let centers = model.kernel_centers(stop)?;
        let label_of = model.labels();
        let is_worth_it = n_pixels / MANY_PIXELS >= centers.len();
        let centers = if is_worth_it { centers.for_pixels(stop)? } else { centers };
        let limit = |radius: Option<f64>| radius.map_or(f64::INFINITY, |radius| radius * radius);
        let limits = model.has_radii().then(|| model.radii().into_iter().map(limit).collect());
        let (metric, n_labels) = (model.metric, model.n_labels());
        let (mixture, stays) = (model.mixture(), model.regions().is_some());
        let in_order = label_of.iter().enumerate().all(|(point, label)| usize::from(*label) == point + 1);
        let confidence = match stays && mixture.is_none() {
            _ if !wants_confidence => None,
            true => Some(Confidence::of_regions(&centers, &label_of, stop)?),
            false => Some(Confidence::Centers),
        };
        Ok(Labelling { centers, metric, mixture, stays, label_of, in_order, limits, n_labels, confidence })
    }
}

impl<T: Sample> Labelled<'_, T> {
    /// Writes the labels of the centres, as images have them: from 1 up, and 0 where a pixel is not valid; and how sure they are,
    /// if that is wanted.
    pub fn write(&mut self, labelling: &Labelling, out: &mut TileLabels) {
        let found = self.labels.iter().zip(self.tile.valid());
        if labelling.in_order {
            out.labels
                .iter_mut()
                .zip(found)
                .for_each(|(to, (center, valid))| *to = (center + 1) * u16::from(*valid));
        } else {
            for (to, (center, valid)) in out.labels.iter_mut().zip(found) {
                *to = labelling.label_of[usize::from(*center)] * u16::from(*valid);
            }
        }
        if out.wants_confidence {
            let (centers, labels) = (&labelling.centers, self.labels);
            let confidence = || labelling.confidence.as_ref().expect("it was wanted");
            let found = &mut out.confidence;
            match (&mut self.mixture, &labelling.mixture, self.directions) {
                (Some(search), Some(mixture), _) => {
                    find_posteriors(search, mixture, &labelling.label_of, self.tile.valid(), found);
                }
                (_, _, None) => self.confidence.find(confidence(), centers, self.tile, labels, found),
                (_, _, Some(directions)) => {
                    self.confidence.find(confidence(), centers, directions, labels, found)
                }
            }
        }
        if let Some(limits) = &labelling.limits {
            self.leave_out_strangers(labelling, limits, out);
        }
    }

    /// Where a pixel lies as it is compared with centres: its sample in a band, or the component of its direction.
    pub fn place(&self, band: usize, pixel: usize) -> f64 {
        match self.directions {
            None => self.tile.band(band)[pixel].to_f64(),
            Some(directions) => directions.band(band)[pixel].to_f64(),
        }
    }

    /// Gives pixels that are too far from their class the label after the last class.
    fn leave_out_strangers(&self, labelling: &Labelling, limits: &[f64], out: &mut TileLabels) {
        for (i, center) in self.labels.iter().enumerate().filter(|(i, _)| self.tile.valid()[*i] == 1) {
            let center = usize::from(*center);
            let within = f64::from(self.farthest[i]) <= limits[center]
                || labelling.centers.squared_distance(center, |band| self.place(band, i)) <= limits[center];
            if !within {
                out.labels[i] = labelling.n_labels as u16;
                out.confidence[i] = 0.0;
            }
        }
    }
}

impl<T: Sample> Labeller<T> {
    pub fn new(labelling: &Labelling) -> Labeller<T> {
        let n_bands = labelling.centers.n_bands();
        Labeller {
            tile: Tile::new(n_bands),
            directions: (labelling.metric == Metric::SpectralAngle).then(|| Tile::new(n_bands)),
            search: NearestSearch::new(n_bands),
            mixture: labelling.mixture.is_some().then(|| MixtureSearch::new(n_bands)),
            labels: [0; TILE],
            confidence: ConfidenceSearch::default(),
        }
    }

    /// Gathers a tile and labels it; `None` when none of its pixels is valid.
    pub fn label(&mut self, labelling: &Labelling, raster: &Raster, index: usize) -> Option<Labelled<'_, T>> {
        self.tile.fill(raster, index);
        let tile = &self.tile;
        if tile.n_valid() == 0 {
            return None;
        }
        let centers = &labelling.centers;
        let (labels, farthest) = match (&mut self.directions, (&mut self.mixture, &labelling.mixture)) {
            (_, (Some(search), Some(mixture))) => {
                let labels = &mut self.labels[..tile.len()];
                labels.copy_from_slice(search.search(mixture, tile.samples(), tile.len()));
                (&*labels, &ANY[..tile.len()])
            }
            (None, _) => self.search.search(centers, tile.samples(), tile.valid()),
            (Some(directions), _) => {
                directions.fill_directions(tile);
                self.search.search(centers, directions.samples(), tile.valid())
            }
        };
        let (directions, confidence) = (self.directions.as_ref(), &mut self.confidence);
        Some(Labelled { tile, directions, labels, farthest, mixture: self.mixture.as_mut(), confidence })
    }
}
