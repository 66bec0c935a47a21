//! Cluster centres as the kernels take them.

use ndarray::{Array2, ArrayView2};

use super::grouped::GroupedCenters;
use crate::error::Result;
use crate::progress::Stop;

/// Centres in band units, with the weight of each band in a distance.
///
/// The distance of a pixel `x` from a centre `c` is the sum over the bands, in order, of
/// `((x - c) * w)^2`.
#[derive(Debug, Clone)]
pub struct Centers {
    values: Array2<f64>,
    weights: Vec<f64>,
    /// The same in single precision, for ranking.
    pub(super) rough: RoughCenters,
    /// The same in groups, if there are many.
    pub(super) grouped: Option<GroupedCenters>,
}

/// From this number of centres on, the nearest is searched through groups.
const MANY: usize = 100;

/// Centres in single precision: scaled, and about an origin in their middle, so that little is lost
/// to rounding.
///
/// Half the squared distance of a pixel is `half_square - y * c`, plus a term that all centres
/// share; `y` and `c` are pixel and centre, scaled and about the origin. Pixels are ranked by this
/// *score*.
#[derive(Debug, Clone)]
pub(super) struct RoughCenters {
    /// Per band: what is subtracted from a scaled pixel.
    pub origin: Vec<f32>,
    /// Per band: the weights.
    pub weights: Vec<f32>,
    /// The centres times -1: centres x bands.
    pub minus: Vec<f32>,
    /// Half the square of each centre.
    pub half_squares: Vec<f32>,
    /// The largest of the half squares, and the largest magnitude among the centres' components.
    pub largest: (f32, f32),
}

/// The squared distance between a pixel and a place. `sample` gives the pixel's sample in each
/// band; `weights` are those of the bands.
#[inline]
pub(crate) fn squared_distance<'p>(
    place: impl IntoIterator<Item = &'p f64>,
    weights: &[f64],
    sample: impl Fn(usize) -> f64,
) -> f64 {
    let terms = place.into_iter().zip(weights).enumerate();
    terms.fold(0.0, |sum, (band, (value, weight))| {
        let difference = (sample(band) - value) * weight;
        sum + difference * difference
    })
}

impl RoughCenters {
    fn new(values: &Array2<f64>, weights: &[f64]) -> RoughCenters {
        let middle = |column: ndarray::ArrayView1<f64>| column.mean().unwrap_or(0.0) as f32;
        let origin: Vec<f32> = values.columns().into_iter().map(middle).collect();
        let mut scaled = values.clone();
        for ((mut column, origin), weight) in
            scaled.columns_mut().into_iter().zip(&origin).zip(weights)
        {
            column.mapv_inplace(|value| (value - f64::from(*origin)) * weight);
        }
        let half_squares: Vec<f32> =
            scaled.rows().into_iter().map(|row| (row.dot(&row) / 2.0) as f32).collect();
        let largest_of = |values: &mut dyn Iterator<Item = f32>| values.fold(0.0, f32::max);
        let largest = (
            largest_of(&mut half_squares.iter().copied()),
            largest_of(&mut scaled.iter().map(|value| value.abs() as f32)),
        );
        RoughCenters {
            origin,
            weights: weights.iter().map(|weight| *weight as f32).collect(),
            minus: scaled.iter().map(|value| -*value as f32).collect(),
            half_squares,
            largest,
        }
    }
}

impl Centers {
    /// Centres (classes x bands) and a weight per band; all 1 for plain Euclidean distance.
    ///
    /// # Panics
    /// When there is not one weight per band.
    pub fn new(values: Array2<f64>, weights: Vec<f64>) -> Centers {
        Centers::with_stop(values, weights, &Stop::default()).expect("nobody stops it")
    }

    /// The same, but can be stopped: grouping many centres takes a while.
    ///
    /// # Errors
    /// `Cancelled`.
    ///
    /// # Panics
    /// When there is not one weight per band.
    pub fn with_stop(values: Array2<f64>, weights: Vec<f64>, stop: &Stop) -> Result<Centers> {
        assert_eq!(values.ncols(), weights.len());
        let values = values.as_standard_layout().into_owned();
        let rough = RoughCenters::new(&values, &weights);
        let are_many = values.nrows() >= MANY;
        let grouped = are_many.then(|| GroupedCenters::new(&values, &weights, stop)).transpose()?;
        Ok(Centers { values, weights, rough, grouped })
    }

    /// Prepares for the pixels of a scene, if only the class of the nearest centre is wanted: from
    /// now on a search finds some centre of that class, not always the nearest.
    ///
    /// # Errors
    /// `Cancelled`.
    ///
    /// # Panics
    /// When there is not one class per centre.
    pub fn prepare_for_classes(&mut self, class_of: &[u16], stop: &Stop) -> Result<()> {
        assert_eq!(class_of.len(), self.len());
        match &mut self.grouped {
            Some(grouped) => grouped.prepare(&self.values, class_of, stop),
            None => Ok(()),
        }
    }

    /// Prepares for the pixels of a scene, if the nearest centre is wanted.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn prepare_for_points(&mut self, stop: &Stop) -> Result<()> {
        let each_its_own: Vec<u16> = (0..=u16::MAX).take(self.len()).collect();
        self.prepare_for_classes(&each_its_own, stop)
    }

    /// The memory that so many centres take at most, in bytes: in double and single precision, and
    /// in groups.
    pub fn bytes(n: usize, n_bands: usize) -> usize {
        n.saturating_mul(n_bands.saturating_mul(48).saturating_add(64))
    }

    /// Number of centres.
    pub fn len(&self) -> usize {
        self.values.nrows()
    }

    /// Whether there is no centre.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.values.ncols()
    }

    /// The centres: classes x bands.
    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// One centre.
    pub fn row(&self, center: usize) -> &[f64] {
        let n_bands = self.n_bands();
        &self.values.as_slice().unwrap_or_default()[center * n_bands..][..n_bands]
    }

    /// The weight of each band.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The squared distance between one centre and the pixel whose sample in each band `sample`
    /// gives.
    #[inline]
    pub fn squared_distance(&self, center: usize, sample: impl Fn(usize) -> f64) -> f64 {
        squared_distance(self.row(center), &self.weights, sample)
    }

    /// The sum of the squared distances between the centres and the rows of `next`, one for each.
    pub fn squared_shift(&self, next: &Array2<f64>) -> f64 {
        let rows = next.rows().into_iter().enumerate();
        rows.map(|(center, row)| self.squared_distance(center, |band| row[band])).sum()
    }

    /// The nearest centre of the pixel whose sample in each band `sample` gives; the lower one if
    /// two are equally near.
    pub fn nearest(&self, sample: impl Fn(usize) -> f64) -> u16 {
        let mut best = (0, f64::INFINITY);
        for center in 0..self.len() {
            let distance = self.squared_distance(center, &sample);
            if distance < best.1 {
                best = (center as u16, distance);
            }
        }
        best.0
    }
}
