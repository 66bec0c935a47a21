//! What a file says about itself, for `bandcluster info`.

use gdal::spatial_ref::SpatialRef;
use gdal::Metadata;

use super::georeference;
use super::scene::Scene;
use super::source::open_dataset;
use crate::error::Result;
use crate::gdal::turns;

/// A raster file's format and georeference.
#[derive(Debug, Clone)]
pub struct Description {
    /// Short and long name of the format, such as `GTiff` and `GeoTIFF`.
    pub driver: (String, String),
    /// How the pixels are compressed, if the file says so.
    pub compression: Option<String>,
    /// Coordinate reference system: its code, such as `EPSG:32618`, and its name.
    pub crs: Option<(Option<String>, String)>,
    /// Unit of its coordinates, such as `metre`.
    pub unit: Option<String>,
    /// From pixels to coordinates, in GDAL's order: x = t0 + column t1 + row t2, y = t3 + column
    /// t4 + row t5.
    pub transform: Option<[f64; 6]>,
}

impl Scene {
    /// What the first file of the scene says about itself.
    ///
    /// # Errors
    /// `Io` when it cannot be read.
    pub fn describe(&self) -> Result<Description> {
        let _turn = turns::wait(self.in_turn);
        let dataset = open_dataset(self.reference())?;
        let driver = dataset.driver();
        let reference = dataset.spatial_ref().ok();
        Ok(Description {
            driver: (driver.short_name(), driver.long_name()),
            compression: dataset.metadata_item("COMPRESSION", "IMAGE_STRUCTURE"),
            unit: reference.as_ref().and_then(unit),
            crs: reference
                .as_ref()
                .map(|r| (r.authority().ok(), r.name().unwrap_or_else(|| "unnamed".into()))),
            transform: georeference::transform(&dataset),
        })
    }
}

fn unit(reference: &SpatialRef) -> Option<String> {
    if reference.is_geographic() {
        reference.angular_units_name()
    } else {
        reference.linear_units_name()
    }
}
