//! A band of the image that a model was fitted on.

use super::Quantiles;

/// A band of the training image.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name, such as `B04`.
    pub name: String,
    /// Its nodata value, if any.
    pub nodata: Option<f64>,
    /// What multiplies a sample to give the physical quantity (1: not known).
    pub scale: f64,
    /// What is added to a sample, once multiplied.
    pub offset: f64,
    /// The values below which 5 % and 95 % of the training pixels lie: the contrast stretch.
    pub percentiles: [f64; 2],
    /// How the training pixels are distributed, as the summary's cells tell; `None` in models of
    /// versions that did not tell.
    pub distribution: Option<Quantiles>,
}
