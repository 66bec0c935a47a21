//! Options that say how sure classes are, and what belongs nowhere.

use std::path::PathBuf;

use bandcluster::model::Model;
use bandcluster::Result;
use clap::Args;

/// How far classes reach.
#[derive(Args)]
pub struct ReachArgs {
    /// Pixels farther than this from their class are unclassified, which is a label of its own, after the last class; in the
    /// bands' units (after scaling, if the model scales)
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, conflicts_with = "radius_quantile")]
    max_distance: Option<f64>,
    /// The same with a radius for each class: the distance within which this fraction of its training pixels lie, such as 0.99
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    radius_quantile: Option<f64>,
}

/// How sure classes are.
#[derive(Args)]
pub struct ConfidenceArgs {
    /// Raster of how sure each pixel's class is to write, a GeoTIFF: from 0 (as near to another class) to 1 (in its centre)
    #[arg(long, value_name = "CONFIDENCE.tif")]
    pub confidence: Option<PathBuf>,
    #[command(flatten)]
    pub reach: ReachArgs,
}

impl ReachArgs {
    /// Gives the model the radii that were asked for; without any, it keeps those it has.
    pub fn apply(&self, model: &mut Model) -> Result<()> {
        match (self.max_distance, self.radius_quantile) {
            (Some(distance), _) => model.set_max_distance(distance),
            (None, Some(fraction)) => model.set_radius_quantile(fraction),
            (None, None) => Ok(()),
        }
    }
}
