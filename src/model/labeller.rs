//! One worker's labelling of tiles, shared by predict and refinement.

use super::confidence::{find_posteriors, Confidence, ConfidenceSearch};
use super::{Metric, Model, Regions};
use crate::error::Result;
use crate::kernel::{Centers, Mixture, MixtureSearch, NearestSearch};
use crate::machine::check_room;
use crate::progress::Stop;
use crate::raster::{Component, Raster, Sample, Tile, TileLabels, TILE};

/// The rule by which a model labels pixels. If only labels are wanted, it may find any point of the
/// class of a pixel's nearest point, which is quicker.
#[derive(Debug, Clone)]
pub(super) struct Labelling {
    /// The points that pixels are compared with.
    pub centers: Centers,
    /// How pixels are compared with them.
    pub metric: Metric,
    /// The normal distributions about them, if pixels belong to the likeliest component.
    pub mixture: Option<Mixture>,
    /// The label of each point, from 1 up.
    pub label_of: Vec<u16>,
    /// Whether the label is the point's number plus 1: then no pixel needs a look-up.
    in_order: bool,
    /// For each point, the squared radius beyond which pixels are unclassified, if there is one.
    limits: Option<Vec<f64>>,
    /// Whether classes consist of regions, which no refinement moves.
    pub stays: bool,
    /// Whether a refinement adds up classes instead of points.
    pub sums_classes: bool,
    /// The largest label that is given.
    pub n_labels: usize,
    /// The confidence, if it is wanted.
    confidence: Option<Confidence>,
}

/// Buffers for one tile and the search of its pixels' nearest centres.
pub(super) struct Labeller<T> {
    tile: Tile<T>,
    /// The directions of its pixels, if the metric compares directions.
    directions: Option<Tile<Component>>,
    search: NearestSearch,
    mixture: Option<MixtureSearch>,
    labels: [u16; TILE],
    sums: [u16; TILE],
    confidence: ConfidenceSearch,
}

/// A tile with the nearest centre or likeliest component (0-based) of each pixel, and an upper
/// bound of the pixel's squared distance from it. Both mean nothing for invalid pixels.
pub(super) struct Labelled<'a, T> {
    pub tile: &'a Tile<T>,
    pub directions: Option<&'a Tile<Component>>,
    pub labels: &'a [u16],
    pub farthest: &'a [f32],
    mixture: Option<&'a mut MixtureSearch>,
    sums: &'a mut [u16; TILE],
    confidence: &'a mut ConfidenceSearch,
}

/// Upper bounds of distances that were not computed.
static ANY: [f32; TILE] = [f32::INFINITY; TILE];
/// From this number of pixels for each centre on, it is worth preparing centres for them.
const MANY_PIXELS: usize = 200;

impl Labelling {
    /// For at least so many pixels; with their confidence, if that is wanted.
    ///
    /// # Errors
    /// `OutOfMemory`; `Cancelled`.
    pub fn of_labels(
        model: &Model,
        n_pixels: usize,
        wants_confidence: bool,
        stop: &Stop,
    ) -> Result<Labelling> {
        Labelling::new(model, n_pixels, true, wants_confidence, stop)
    }

    /// For a refinement over a scene. The number of pixels is not known; mostly there are many.
    ///
    /// # Errors
    /// As [`Labelling::of_labels`].
    pub fn of_sums(model: &Model, wants_confidence: bool, stop: &Stop) -> Result<Labelling> {
        Labelling::new(model, usize::MAX, sums_classes(model), wants_confidence, stop)
    }

    /// Whether this labelling can give what is wanted.
    pub fn does(&self, wants_confidence: bool) -> bool {
        self.confidence.is_some() || !wants_confidence
    }

    /// If only `labels` are wanted, and nothing that depends on distances, pixels may get any point
    /// of their class.
    fn new(
        model: &Model,
        n_pixels: usize,
        labels: bool,
        wants_confidence: bool,
        stop: &Stop,
    ) -> Result<Labelling> {
        let (n, n_bands) = model.points().dim();
        check_room(
            Centers::bytes(n, n_bands),
            &format!("to compare pixels of {n_bands} bands with {n} centres"),
        )?;
        let mut centers = model.kernel_centers(stop)?;
        let label_of = model.labels();
        if n_pixels / MANY_PIXELS >= n {
            match labels && !model.has_radii() && !wants_confidence {
                true => centers.prepare_for_classes(&label_of, stop)?,
                false => centers.prepare_for_points(stop)?,
            }
        }
        let limit = |radius: Option<f64>| radius.map_or(f64::INFINITY, |radius| radius * radius);
        let limits = model.has_radii().then(|| model.radii().into_iter().map(limit).collect());
        let (metric, n_labels) = (model.metric, model.n_labels());
        let (mixture, stays) = (model.mixture(), model.regions().is_some());
        let in_order =
            label_of.iter().enumerate().all(|(point, label)| usize::from(*label) == point + 1);
        let confidence = match stays && mixture.is_none() {
            _ if !wants_confidence => None,
            true => Some(Confidence::of_regions(&centers, &label_of, stop)?),
            false => Some(Confidence::Centers),
        };
        let sums_classes = sums_classes(model);
        Ok(Labelling {
            centers,
            metric,
            mixture,
            stays,
            sums_classes,
            label_of,
            in_order,
            limits,
            n_labels,
            confidence,
        })
    }
}

/// Whether the sums of classes are enough for a refinement. With angles and mixtures, it needs the
/// sums of the points.
pub(super) fn sums_classes(model: &Model) -> bool {
    let of_points = |regions: &Regions| regions.normals.is_none();
    model.metric == Metric::Euclidean && model.regions().is_some_and(of_points)
}

/// Number of classes, or of points, that a refinement adds up.
pub(super) fn n_sums(model: &Model) -> usize {
    match sums_classes(model) {
        true => model.n_classes(),
        false => model.points().nrows(),
    }
}

impl<T: Sample> Labelled<'_, T> {
    /// Writes the labels of the centres as images have them (from 1 up; 0 for invalid pixels), and
    /// their confidence, if that is wanted.
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
                (_, _, None) => {
                    self.confidence.find(confidence(), centers, self.tile, labels, found)
                }
                (_, _, Some(directions)) => {
                    self.confidence.find(confidence(), centers, directions, labels, found)
                }
            }
        }
        if let Some(limits) = &labelling.limits {
            self.mark_unclassified(labelling, limits, out);
        }
    }

    /// The class or point (0-based) to whose sums a refinement adds each pixel.
    pub fn sums(&mut self, labelling: &Labelling) -> &[u16] {
        if !labelling.sums_classes {
            return self.labels;
        }
        let sums = &mut self.sums[..self.labels.len()];
        for (to, point) in sums.iter_mut().zip(self.labels) {
            *to = labelling.label_of[usize::from(*point)] - 1;
        }
        sums
    }

    /// The value of a pixel that is compared with centres: its sample in a band, or a component of
    /// its direction.
    pub fn coordinate(&self, band: usize, pixel: usize) -> f64 {
        match self.directions {
            None => self.tile.band(band)[pixel].to_f64(),
            Some(directions) => directions.band(band)[pixel].to_f64(),
        }
    }

    /// Gives pixels beyond the radius of their class the label after the last class.
    fn mark_unclassified(&self, labelling: &Labelling, limits: &[f64], out: &mut TileLabels) {
        for (i, center) in
            self.labels.iter().enumerate().filter(|(i, _)| self.tile.valid()[*i] == 1)
        {
            let center = usize::from(*center);
            let within = f64::from(self.farthest[i]) <= limits[center]
                || labelling.centers.squared_distance(center, |band| self.coordinate(band, i))
                    <= limits[center];
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
            sums: [0; TILE],
            confidence: ConfidenceSearch::default(),
        }
    }

    /// Gathers a tile and labels it; `None` when none of its pixels is valid.
    pub fn label(
        &mut self,
        labelling: &Labelling,
        raster: &Raster,
        index: usize,
    ) -> Option<Labelled<'_, T>> {
        self.tile.fill(raster, index);
        let tile = &self.tile;
        if tile.n_valid() == 0 {
            return None;
        }
        let centers = &labelling.centers;
        let (labels, farthest) =
            match (&mut self.directions, (&mut self.mixture, &labelling.mixture)) {
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
        let (directions, mixture) = (self.directions.as_ref(), self.mixture.as_mut());
        let (sums, confidence) = (&mut self.sums, &mut self.confidence);
        Some(Labelled { tile, directions, labels, farthest, mixture, sums, confidence })
    }
}
