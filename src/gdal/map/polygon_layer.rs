//! The layer of polygons of a map: its fields, and whether all polygons are in it.

use std::path::Path;

use gdal::vector::{FieldDefn, Layer, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::class_counts::Written;
use crate::model::MapClass;

/// The name of the layer.
pub(super) const LAYER: &str = "classes";

/// Fields of the layer, by their numbers.
const FIELDS: [(&str, OGRFieldType::Type); 4] = [
    ("value", OGRFieldType::OFTInteger),
    ("name", OGRFieldType::OFTString),
    ("area_ha", OGRFieldType::OFTReal),
    ("color", OGRFieldType::OFTString),
];

/// The layer of a map in a file, with its fields.
pub(super) fn create_layer<'d>(
    dataset: &'d mut Dataset,
    map: &Written,
    options: &[&str],
) -> gdal::errors::Result<Layer<'d>> {
    let reference = map.dataset().spatial_ref().ok();
    let options = LayerOptions {
        name: LAYER,
        srs: reference.as_ref(),
        ty: OGRwkbGeometryType::wkbPolygon,
        options: Some(options),
    };
    let layer = dataset.create_layer(options)?;
    for (name, kind) in &FIELDS {
        FieldDefn::new(name, *kind)?.add_to_layer(&layer)?;
    }
    Ok(layer)
}

/// Whether a layer has the fields of our layer.
pub(super) fn is_ours(layer: &Layer) -> bool {
    let names: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    names.iter().eq(FIELDS.iter().map(|(name, _)| name))
}

/// Opens a file of layers for reading; only with this driver, if one is given.
pub(super) fn open_layers(path: &Path, driver: Option<&str>) -> gdal::errors::Result<Dataset> {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
    let drivers = driver.map(|driver| [driver]);
    let allowed_drivers = drivers.as_ref().map(|drivers| drivers.as_slice());
    Dataset::open_ex(
        path,
        DatasetOptions { open_flags, allowed_drivers, ..DatasetOptions::default() },
    )
}

/// Our layer of a file. If it is the only one, it may have another name.
pub(super) fn layer_of(dataset: &Dataset) -> gdal::errors::Result<Layer<'_>> {
    dataset.layer_by_name(LAYER).or_else(|_| dataset.layer(0))
}

/// How many polygons there are, and how many pixels of the map they cover.
pub(super) struct Covered {
    pixel: f64,
    pub polygons: u64,
    pixels: f64,
}

impl Covered {
    /// No polygons yet, of this map.
    pub fn none(map: &Written) -> Covered {
        // Polygons of a map without a georeference are in pixels.
        let pixel =
            map.dataset().geo_transform().map_or(1.0, |t| (t[1] * t[5] - t[2] * t[4]).abs());
        Covered { pixel, polygons: 0, pixels: 0.0 }
    }

    /// Adds a polygon of this area, in units of the reference system.
    pub fn add(&mut self, area: f64) {
        self.polygons += 1;
        self.pixels += area / self.pixel;
    }

    /// Whether they cover all pixels that have a class. Coordinates are rounded, so pixels are
    /// counted to a millionth.
    pub fn all_of(&self, classes: &[MapClass]) -> bool {
        let wanted = classes.iter().map(|class| class.count).sum::<u64>() as f64;
        (self.pixels - wanted).abs() <= 0.5 + 1e-6 * wanted
    }
}
