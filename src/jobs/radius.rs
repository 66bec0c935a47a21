//! The radii of classes: how far from its class a pixel may be. Pixels farther away are
//! unclassified.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::named;
use crate::error::{invalid_option, Result};
use crate::model::{check_max_distance, check_radius_quantile, Model};

/// The radii of classes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RadiusOptions {
    /// Pixels farther than this from their class are unclassified. Unclassified is a label of its
    /// own, after the last class. The distance is in the bands' units (after scaling, if the model
    /// scales).
    pub max_distance: Option<f64>,
    /// The same with a radius for each class: the distance within which this fraction of its
    /// training pixels lie, such as 0.99.
    pub radius_quantile: Option<f64>,
}

impl RadiusOptions {
    /// Checks the numbers alone.
    pub(super) fn check(&self) -> Result<()> {
        if self.max_distance.is_some() && self.radius_quantile.is_some() {
            return invalid_option(
                "radius_quantile",
                " and max_distance cannot both be given: choose one",
            );
        }
        named("max_distance", self.max_distance.map_or(Ok(()), check_max_distance))?;
        named("radius_quantile", self.radius_quantile.map_or(Ok(()), check_radius_quantile))
    }

    /// Gives the model the radii that were asked for. If none were, it keeps those that it has.
    pub(super) fn apply(&self, model: &mut Model) -> Result<()> {
        match (self.max_distance, self.radius_quantile) {
            (Some(distance), _) => model.set_max_distance(distance),
            (None, Some(fraction)) => model.set_radius_quantile(fraction),
            (None, None) => Ok(()),
        }
    }
}
