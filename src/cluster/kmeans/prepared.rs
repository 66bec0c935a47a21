//! The input of a search for centres: the cells of a summary as points, and all that is derived
//! from them once for any number of clusters.

use std::sync::Arc;

use super::options::KMeans;
use super::two_grids::OnCells;
use crate::cluster::points::Points;
use crate::cluster::statistics::{check_cells, scaling};
use crate::error::{invalid_data, Result};
use crate::model::{Metric, Scaling};
use crate::summary::{Cells, Summary};

/// The tolerance on all cells, as a fraction of the requested one: iterations on cells are cheap,
/// and save passes over the pixels.
const FINER: f64 = 1e-3;

/// The cells of a summary, prepared for k-means with up to some number of clusters.
pub(crate) struct Prepared {
    /// The cells in the space of the distances: in band units, or on the sphere.
    pub cells: Arc<Cells>,
    /// The cells in band units, if that is another space.
    bands: Option<Arc<Cells>>,
    /// The cells, with the spread of their pixels about their means, and the finer tolerance of the
    /// last stage.
    pub(super) on_cells: OnCells,
    /// Restarts run on these: fewer, wider cells, as if all their pixels lay at their means; or all
    /// cells, if there are few.
    pub coarse: Points,
    /// The wider cells as the guide of the last stage, if there are any.
    pub(super) guide: Option<OnCells>,
    pub scaling: Scaling,
    /// The weight of each band in a distance.
    pub band_weights: Vec<f64>,
    /// Centres have converged when their squared shift is at most this, in squared scaled units.
    pub tolerance: f64,
}

impl Prepared {
    /// Prepares the cells for up to `most_clusters` clusters. Of the options, only scaling, band
    /// weights, metric and tolerance matter.
    ///
    /// # Errors
    /// `InvalidArgument` when there is not one weight for each band; `InvalidData` when there is
    /// no valid pixel, there are fewer distinct ones than clusters, or a band to be scaled is
    /// constant.
    pub fn new(summary: &Summary, options: &KMeans, most_clusters: u32) -> Result<Prepared> {
        let cells = summary.fine_and_coarse_cells(most_clusters as usize);
        Prepared::of_cells(summary, cells, options, most_clusters)
    }

    fn of_cells(
        summary: &Summary,
        (cells, coarse): (Arc<Cells>, Option<Arc<Cells>>),
        options: &KMeans,
        most_clusters: u32,
    ) -> Result<Prepared> {
        check_cells(&cells, summary, most_clusters as usize)?;
        let metric = options.metric;
        let (bands, cells, coarse) = match metric {
            Metric::Euclidean => (None, cells, coarse),
            Metric::SpectralAngle => {
                let placed = Arc::new(metric.transform_cells(&cells).into_owned());
                check_directions(&placed, most_clusters as usize)?;
                (
                    Some(cells),
                    placed,
                    coarse.map(|cells| Arc::new(metric.transform_cells(&cells).into_owned())),
                )
            }
        };
        let scaling = scaling(options.scaling, &options.band_weights, &cells)?;
        let band_weights = scaling.weights(cells.n_bands());
        let variances = cells.variance.iter().zip(&band_weights);
        let scaled_variance: f64 =
            variances.map(|(variance, weight)| variance * weight * weight).sum();
        let tolerance = options.tol * scaled_variance / cells.n_bands() as f64;
        let guide = coarse.as_ref().map(|cells| OnCells {
            points: Points::spread(cells).of(metric),
            band_weights: band_weights.clone(),
            tolerance: tolerance * FINER,
        });
        let coarse = Points::solid(coarse.as_ref().unwrap_or(&cells)).of(metric);
        let points = Points::spread(&cells).of(metric);
        let on_cells =
            OnCells { points, band_weights: band_weights.clone(), tolerance: tolerance * FINER };
        Ok(Prepared { cells, bands, on_cells, coarse, guide, scaling, band_weights, tolerance })
    }

    /// The cells as points.
    pub fn points(&self) -> &Points {
        &self.on_cells.points
    }

    /// The same on the coarse cells alone, if there are any: for steps that take long on all cells.
    ///
    /// # Errors
    /// As [`Prepared::new`].
    pub fn of_coarse_cells(
        summary: &Summary,
        options: &KMeans,
        most_clusters: u32,
    ) -> Result<Prepared> {
        let (cells, coarse) = summary.fine_and_coarse_cells(most_clusters as usize);
        Prepared::of_cells(summary, (coarse.unwrap_or(cells), None), options, most_clusters)
    }

    /// The cells in band units.
    pub(super) fn cells_in_bands(&self) -> &Cells {
        self.bands.as_ref().unwrap_or(&self.cells)
    }

    /// The variance of a cell's pixels about their mean, summed over the bands, in squared scaled
    /// units: estimated from the cell's widths and the mean variance within cells.
    pub fn variance_within(&self, cell: usize) -> f64 {
        let widths = self.cells.spread.as_ref().and_then(|spread| spread.widths.as_ref());
        let width = |band: usize| {
            widths.map_or(1.0, |widths| widths[(cell, band)]) * self.band_weights[band]
        };
        self.cells
            .within
            .iter()
            .enumerate()
            .map(|(band, within)| within * width(band).powi(2))
            .sum()
    }
}

/// Checks that there are at least as many directions as clusters.
fn check_directions(placed: &Cells, n_clusters: usize) -> Result<()> {
    let bits =
        |row: ndarray::ArrayView1<f64>| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let distinct =
        placed.means.rows().into_iter().map(bits).collect::<std::collections::HashSet<_>>().len();
    if distinct >= n_clusters {
        return Ok(());
    }
    invalid_data(format!(
        "{n_clusters} clusters were asked for, but the pixels have only {distinct} directions: \
         ask for at most {distinct}, or choose metric euclidean"
    ))
}
