//! Cluster centres as the kernels take them.

use ndarray::{Array2, ArrayView2};

/// Centres in band units, with the weight of each band in a distance.
///
/// The distance of a pixel `x` from a centre `c` is the sum over the bands, in order, of `((x - c) * w)^2`.
#[derive(Debug, Clone)]
pub struct Centers {
    values: Array2<f64>,
    weights: Vec<f64>,
}

impl Centers {
    /// Centres (classes x bands) and a weight per band; all 1 for plain Euclidean distance.
    ///
    /// # Panics
    /// When there is not one weight per band.
    pub fn new(values: Array2<f64>, weights: Vec<f64>) -> Centers {
        assert_eq!(values.ncols(), weights.len());
        Centers { values: values.as_standard_layout().into_owned(), weights }
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

    /// The squared distance from one centre of the pixel whose sample in each band `sample` gives.
    #[inline]
    pub fn squared_distance(&self, center: usize, sample: impl Fn(usize) -> f64) -> f64 {
        let terms = self.row(center).iter().zip(&self.weights).enumerate();
        terms.fold(0.0, |sum, (band, (value, weight))| {
            let difference = (sample(band) - value) * weight;
            sum + difference * difference
        })
    }
}
