//! The cells of a summary divided among centres, for the measures.

use ndarray::Array2;

use crate::cluster::Prepared;
use crate::error::Result;
use crate::kernel::{Centers, TwoNearest};
use crate::progress::Stop;

/// The cells, each with its nearest centre, and the resulting classes. Distances are scaled as in
/// the fit.
///
/// The pixels of a cell lie about its mean, so their mean squared distance from any place is that
/// of the mean plus their variance. If cells are wider than single values, it is an approximation
/// that all pixels of a cell belong to one class.
pub(super) struct Partition<'g> {
    prepared: &'g Prepared,
    /// The class (0-based) of each cell.
    pub labels: Vec<u16>,
    /// Number of pixels of each class.
    pub counts: Vec<f64>,
    /// The means of the classes; for an empty class, its centre.
    pub means: Centers,
    /// Squared distance of each cell's mean from the nearest centre, and from the next one.
    pub distances: Vec<[f64; 2]>,
}

impl<'g> Partition<'g> {
    /// Gives each cell to the nearest of the centres (classes x bands, in band units).
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn new(
        prepared: &'g Prepared,
        centers: &Array2<f64>,
        stop: &Stop,
    ) -> Result<Partition<'g>> {
        let centers = Centers::new(centers.clone(), prepared.band_weights.clone());
        let n_cells = prepared.points().len();
        let (mut labels, mut distances) =
            (Vec::with_capacity(n_cells), Vec::with_capacity(n_cells));
        let mut found = TwoNearest::new();
        for (samples, weights) in prepared.points().tiles() {
            stop.check()?;
            found.find(&centers, samples, weights.len());
            for i in 0..weights.len() {
                labels.push(found.nearest[i]);
                distances.push([found.distance[i], found.next_distance[i]]);
            }
        }
        Ok(Partition::of(prepared, labels, distances, &centers))
    }

    /// The cells with these classes (0-based), which may differ from those of the nearest centres.
    /// Then distances are those from the own centre and from the nearest other one.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn labelled(
        prepared: &'g Prepared,
        labels: Vec<u16>,
        centers: &Array2<f64>,
        stop: &Stop,
    ) -> Result<Partition<'g>> {
        let nearest = Partition::new(prepared, centers, stop)?;
        let centers = Centers::new(centers.clone(), prepared.band_weights.clone());
        let distance = |cell: usize| {
            let (own, distances) = (labels[cell], nearest.distances[cell]);
            let sample = |band: usize| prepared.cells.means[(cell, band)];
            match own == nearest.labels[cell] {
                true => distances,
                false => [centers.squared_distance(usize::from(own), sample), distances[0]],
            }
        };
        let distances = (0..labels.len()).map(distance).collect();
        Ok(Partition::of(prepared, labels, distances, &centers))
    }

    fn of(
        prepared: &'g Prepared,
        labels: Vec<u16>,
        distances: Vec<[f64; 2]>,
        centers: &Centers,
    ) -> Partition<'g> {
        let k = centers.len();
        let (mut counts, mut sums) = (vec![0.0; k], Array2::zeros((k, centers.n_bands())));
        for (cell, (label, count)) in labels.iter().zip(prepared.points().weights()).enumerate() {
            counts[usize::from(*label)] += count;
            sums.row_mut(usize::from(*label)).scaled_add(*count, &prepared.cells.means.row(cell));
        }
        for (class, mut sum) in sums.rows_mut().into_iter().enumerate() {
            match counts[class] > 0.0 {
                true => sum /= counts[class],
                false => sum.assign(&centers.values().row(class)),
            }
        }
        let means = Centers::new(sums, prepared.band_weights.clone());
        Partition { prepared, labels, counts, means, distances }
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.counts.len()
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// The number of pixels in each cell.
    pub fn weights(&self) -> &[f64] {
        self.prepared.points().weights()
    }

    /// Sum of the squared distances of all pixels from their mean.
    pub fn total_scatter(&self) -> f64 {
        let variances = self.prepared.cells.variance.iter().zip(&self.prepared.band_weights);
        self.n_pixels()
            * variances.map(|(variance, weight)| variance * weight * weight).sum::<f64>()
    }

    /// Squared distance of each cell's mean from the mean of its class.
    pub fn squares_from_means(&self) -> impl Iterator<Item = f64> + '_ {
        let rows = self.prepared.cells.means.rows().into_iter().zip(&self.labels);
        rows.map(|(row, label)| self.means.squared_distance(usize::from(*label), |band| row[band]))
    }

    /// The mean squared distance of a cell's pixels from a place, given the squared distance of its
    /// mean.
    pub fn mean_square(&self, cell: usize, squared: f64) -> f64 {
        squared + self.prepared.variance_within(cell)
    }

    /// The mean distance of a cell's pixels from a place, given the squared distance of its mean.
    /// This is an estimate: deviations towards the place and away from it cancel, so only
    /// deviations across that direction add to the mean.
    pub fn mean_distance(&self, cell: usize, squared: f64) -> f64 {
        let across = 1.0 - 1.0 / self.means.n_bands() as f64;
        (squared + across * self.prepared.variance_within(cell)).sqrt()
    }
}
