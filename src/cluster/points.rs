//! Weighted points: the cells of a summary as the kernels need them.

use ndarray::{Array2, ArrayView2, Axis};

use crate::error::Result;
use crate::kernel::{padded, Mixture, MixtureSearch};
use crate::model::Metric;
use crate::progress::Stop;
use crate::raster::TILE;
use crate::summary::{Cells, Spread};

/// Points in band units, in tiles of [`TILE`], band by band, and row by row; each with the number
/// of pixels it stands for.
#[derive(Debug)]
pub(crate) struct Points {
    n_bands: usize,
    tiles: Vec<f64>,
    /// The same row by row, [padded].
    rows: Vec<f64>,
    weights: Vec<f64>,
    spread: Option<Spread>,
    /// Per tile, the largest width of the cells in any band, if widths differ.
    widest: Vec<f64>,
    /// The space of the points, in which centres stay.
    metric: Metric,
}

impl Points {
    /// The cells as if all their pixels lay at their means.
    pub fn solid(cells: &Cells) -> Points {
        Points::weighted(&cells.means, cells.counts.iter().map(|count| *count as f64).collect())
    }

    /// Points (x bands), each with its weight.
    pub fn weighted(means: &Array2<f64>, weights: Vec<f64>) -> Points {
        let n_bands = means.ncols();
        let width = padded(n_bands);
        let mut tiles = vec![0.0; means.nrows().div_ceil(TILE) * n_bands * TILE];
        let mut rows = vec![0.0; means.nrows() * width];
        for (point, mean) in means.rows().into_iter().enumerate() {
            for (band, value) in mean.iter().enumerate() {
                tiles[(point / TILE * n_bands + band) * TILE + point % TILE] = *value;
                rows[point * width + band] = *value;
            }
        }
        let (widest, metric) = (Vec::new(), Metric::Euclidean);
        Points { n_bands, tiles, rows, weights, spread: None, widest, metric }
    }

    /// The cells, and the spread of their pixels about their means.
    pub fn spread(cells: &Cells) -> Points {
        Points::solid(cells).about(cells.spread.clone())
    }

    /// The same points with this spread of the pixels about them.
    fn about(self, spread: Option<Spread>) -> Points {
        let widths = spread.as_ref().and_then(|spread| spread.widths.as_ref());
        let largest = |widths: ArrayView2<f64>| widths.iter().copied().fold(0.0, f64::max);
        let tiles = widths.iter().flat_map(|widths| widths.axis_chunks_iter(Axis(0), TILE));
        Points { widest: tiles.map(largest).collect(), spread, ..self }
    }

    /// Some of the cells, and the spread of their pixels about their means.
    pub fn of_some(cells: &Cells, rows: &[usize]) -> Points {
        let some = |of_all: &Array2<f64>| of_all.select(Axis(0), rows);
        let weights = rows.iter().map(|row| cells.counts[*row] as f64).collect();
        let spread = cells.spread.as_ref().map(|spread| Spread {
            covariance: spread.covariance.clone(),
            widths: spread.widths.as_ref().map(some),
        });
        Points::weighted(&some(&cells.means), weights).about(spread)
    }

    /// The same points as points of another metric's [space](Metric::place): centres stay on the
    /// sphere if the points lie there.
    pub fn of(self, metric: Metric) -> Points {
        Points { metric, ..self }
    }

    /// The metric of the space of the points.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// The spread of the pixels about the points, if it is to be used.
    pub fn spread_of_pixels(&self) -> Option<&Spread> {
        self.spread.as_ref()
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    /// The number of pixels each point stands for.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The tiles: samples band by band, [`TILE`] apart, and the weights of the points.
    pub fn tiles(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        self.tiles.chunks_exact(self.n_bands * TILE).zip(self.weights.chunks(TILE))
    }

    /// The component of a mixture that each point most likely belongs to.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn most_likely(&self, mixture: &Mixture, stop: &Stop) -> Result<Vec<u16>> {
        let mut search = MixtureSearch::new(self.n_bands);
        let mut labels = Vec::with_capacity(self.len());
        for (samples, weights) in self.tiles() {
            labels.extend(search.search_until(mixture, samples, weights.len(), stop)?);
        }
        Ok(labels)
    }

    /// The [padded] rows of all points.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// The largest [width](Spread::widths) of the cells of a tile in any band.
    pub fn widest(&self, tile: usize) -> f64 {
        self.widest.get(tile).copied().unwrap_or(1.0)
    }

    /// The samples of one point.
    pub fn point(&self, point: usize) -> impl Iterator<Item = f64> + '_ {
        self.rows[point * padded(self.n_bands)..][..self.n_bands].iter().copied()
    }

    /// The samples of all points (x bands).
    pub fn all(&self) -> Array2<f64> {
        let width = padded(self.n_bands);
        Array2::from_shape_fn((self.len(), self.n_bands), |(point, band)| {
            self.rows[point * width + band]
        })
    }

    /// The samples of one point as a matrix of one row.
    pub fn row(&self, point: usize) -> Array2<f64> {
        self.point(point).collect::<ndarray::Array1<f64>>().insert_axis(Axis(0))
    }
}
