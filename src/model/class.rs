//! Classes: what a model knows about the pixels with one label.

use ndarray::Array2;

use super::{Color, Profile};

/// A class of pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its label in label images: 1 to k, largest class first.
    pub value: u32,
    /// Its name, such as `class 1` or `water`.
    pub name: String,
    /// Its colour on maps.
    pub color: Color,
    /// Number of training pixels.
    pub count: u64,
    /// Mean of its training pixels, per band, in band units.
    pub mean: Vec<f64>,
    /// Standard deviation (over n) of its training pixels, per band, in band units.
    pub std: Vec<f64>,
    /// The distribution of its training pixels, from the summary's cells; `None` in models of
    /// versions that did not save it.
    pub profile: Option<Profile>,
    /// The class radius, in (scaled) band units: pixels farther than this from its centre (or from
    /// the nearest point of its regions) are unclassified. `None`: no limit.
    pub radius: Option<f64>,
}

impl Class {
    pub(super) fn unnamed(value: u32) -> Class {
        let color = Color { r: 0, g: 0, b: 0 };
        Class {
            value,
            name: default_name(value),
            color,
            count: 0,
            mean: Vec::new(),
            std: Vec::new(),
            profile: None,
            radius: None,
        }
    }

    /// The class with another label. If its name was made from its label, and not given, the name
    /// changes, too.
    pub(super) fn renumbered(self, value: u32, is_given: bool) -> Class {
        let tells_label = !is_given && self.name == default_name(self.value);
        let name = if tells_label { default_name(value) } else { self.name };
        Class { value, name, ..self }
    }

    /// Covariance of its training pixels: bands x bands, in squared band units. The variances are
    /// exact. The correlations are those of the summary's cells, or 0 if the model does not have
    /// them.
    pub fn covariance(&self) -> Array2<f64> {
        let correlation = |a: usize, b: usize| match &self.profile {
            _ if a == b => 1.0,
            Some(profile) => profile.correlation[(a, b)],
            None => 0.0,
        };
        let n_bands = self.std.len();
        Array2::from_shape_fn((n_bands, n_bands), |(a, b)| {
            correlation(a, b) * self.std[a] * self.std[b]
        })
    }
}

fn default_name(value: u32) -> String {
    format!("class {value}")
}
