//! A band of the image that a model was fitted on.

use super::Quantiles;

/// A band of the training image.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name, such as `B04`.
    pub name: String,
    /// Its nodata value, if any.
    pub nodata: Option<f64>,
    /// The factor from a sample to the physical quantity (1: not known).
    pub scale: f64,
    /// What is added to a sample after the multiplication.
    pub offset: f64,
    /// The values below which 5 % and 95 % of the training pixels lie: the contrast stretch.
    pub percentiles: [f64; 2],
    /// The distribution of the training pixels, from the summary's cells; `None` in models of
    /// versions that did not save it.
    pub distribution: Option<Quantiles>,
}
