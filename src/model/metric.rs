//! How pixels are compared.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::raster::direction;
use crate::summary::Cells;

/// How the distance between two pixels is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The length of their difference, in (scaled) band units.
    #[default]
    Euclidean,
    /// The angle between their spectra as vectors from 0: the brightness of a pixel (sun, slope,
    /// haze) does not count. It is measured as the chord of the unit sphere, `2 sin(angle / 2)`; a
    /// small chord equals the angle in radians. A pixel that is 0 in all bands has no direction,
    /// and counts as grey: equal in all bands.
    ///
    /// Dhillon and Modha, "Concept decompositions for large sparse text data using clustering",
    /// Machine Learning 42, 2001 (spherical k-means); Kruse et al., "The spectral image processing
    /// system (SIPS)", Remote Sensing of Environment 44, 1993 (the angle of spectra).
    SpectralAngle,
}

impl Metric {
    /// Its name, as options and model files have it.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Euclidean => "euclidean",
            Metric::SpectralAngle => "spectral_angle",
        }
    }

    /// Points (x bands) in the space of the distances.
    pub(crate) fn transform(self, mut points: Array2<f64>) -> Array2<f64> {
        if self == Metric::SpectralAngle {
            points
                .rows_mut()
                .into_iter()
                .for_each(|row| direction(row.into_slice().expect("rows are whole")));
        }
        points
    }

    /// Centres (x bands) as they are compared with pixels: of length 1 if only the angle counts.
    pub(crate) fn centers(self, mut centers: Array2<f64>) -> Array2<f64> {
        if self == Metric::SpectralAngle {
            centers.rows_mut().into_iter().for_each(|mut row| {
                let length = length(row.view());
                if length > 0.0 {
                    row /= length;
                }
            });
        }
        centers
    }

    /// Centres in band units. Only their direction matters, so they get the length of their class's
    /// mean along it.
    pub(crate) fn in_band_units(self, centers: &Array2<f64>, means: &Array2<f64>) -> Array2<f64> {
        let mut centers = self.centers(centers.clone());
        if self == Metric::SpectralAngle {
            for (mut center, mean) in centers.rows_mut().into_iter().zip(means.rows()) {
                let length = center.dot(&mean);
                // An empty class has no mean; a class of pixels that are all 0 has no length.
                if length > 0.0 && length.is_finite() {
                    center *= length;
                }
            }
        }
        centers
    }

    /// Cells in the space of the distances. On the sphere, the spread of a cell's pixels about
    /// their mean is not known: all are taken to lie at the mean.
    pub(crate) fn transform_cells(self, cells: &Cells) -> Cow<'_, Cells> {
        match self {
            Metric::Euclidean => Cow::Borrowed(cells),
            Metric::SpectralAngle => {
                Cow::Owned(cells.moved_to(self.transform(cells.means.clone())))
            }
        }
    }
}

fn length(vector: ArrayView1<f64>) -> f64 {
    vector.dot(&vector).sqrt()
}
