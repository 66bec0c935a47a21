//! Seeds: the points and polygons of a layer from which classes start.

use std::collections::HashMap;
use std::path::Path;

use gdal::vector::{
    geometry_type_flatten, Feature, Geometry, Layer, LayerAccess, OGRwkbGeometryType,
};
use gdal::GeoTransformEx;

use super::layer::{burnt, choose_layer, collect, open_layers, LayerTransform, Polygon};
use super::scene::Scene;
use super::source::Source;
use crate::error::{invalid_data, invalid_option, Error, Result};
use crate::gdal::blocks::Window;
use crate::gdal::{ffi, problem};
use crate::model::MAX_CLASSES;
use crate::wording::plain;

/// The shapes of a layer that seeds are made from.
const SHAPES: &str = "points or polygons";

/// The seeds of a layer, and their pixels in one scene: those with their centre in a seed's
/// polygons, and those that its points lie in.
#[derive(Debug)]
pub struct Seeds {
    names: Vec<String>,
    /// Each with the number of its seed, from 1, as in all that follows.
    polygons: Vec<(Polygon, u16)>,
    /// Columns and rows.
    points: Vec<((usize, usize), u16)>,
}

impl Seeds {
    /// The seeds of a file (`file|layername=name` for one of several layers), converted to pixels
    /// of a scene: one for each value of a field, or one for each feature.
    ///
    /// # Errors `Io` for a file that cannot be read; `Option` for an unknown field; `InvalidData`
    /// for a layer without points and polygons, for a feature without a value, or when the file or
    /// the scene has no georeference.
    pub fn open(path: &Path, field: Option<&str>, scene: &Scene) -> Result<Seeds> {
        let name = path.display().to_string();
        let failed =
            |error: &gdal::errors::GdalError| problem::io(&name, "its seeds cannot be used", error);
        let (dataset, layer) = open_layers(path, SHAPES)?;
        let mut layer = choose_layer(&dataset, layer.as_deref(), &name)?;
        let field = field.map(|field| field_of(&layer, field, &name)).transpose()?;
        let Some(layer_transform) =
            LayerTransform::of(&Source::open(scene.reference())?, &layer, &name)?
        else {
            return invalid_data(format!(
                "{} has no georeference, so the seeds of {name} cannot be found in it: \
                 georeference it first",
                scene.name()
            ));
        };
        let mut seeds = Seeds { names: Vec::new(), polygons: Vec::new(), points: Vec::new() };
        let mut known = HashMap::new();
        for (feature, number) in layer.features().zip(1..) {
            let Some(geometry) = feature.geometry().filter(|geometry| has_shapes(geometry)) else {
                continue;
            };
            let called = match &field {
                Some((index, field)) => value_of(&feature, *index, field, number, &name)?,
                None => format!("seed {number}"),
            };
            let seed = *known.entry(called).or_insert_with_key(|called| {
                seeds.names.push(called.clone());
                seeds.names.len()
            });
            let seed = u16::try_from(seed).map_err(|_| {
                Error::InvalidData(format!("{name} has more than {MAX_CLASSES} seeds: give fewer"))
            })?;
            let geometry = &ffi::without_arcs(geometry).map_err(|error| failed(&error))?;
            let inside = layer_transform.apply(geometry).map_err(|error| failed(&error))?;
            inside.iter().for_each(|geometry| seeds.add(geometry, &layer_transform, seed));
        }
        if seeds.names.is_empty() {
            return invalid_data(format!("{name} holds no {SHAPES}: give a layer of these"));
        }
        seeds.points.retain(|((x, y), _)| *x < scene.width() && *y < scene.height());
        Ok(seeds)
    }

    /// Their names, in the order of their first appearance in the layer.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether any of them may have a pixel in a window.
    pub fn touches(&self, window: Window) -> bool {
        let (from, to) = corners(window);
        self.polygons.iter().any(|(polygon, _)| polygon.touches(from, to))
            || self.points.iter().any(|(point, _)| index_in(window, *point).is_some())
    }

    /// The seed of each pixel of a window, from 1, or 0. If a pixel is in several seeds, the last
    /// one counts, and points count before polygons.
    ///
    /// # Errors
    /// `Io` when they cannot be drawn.
    pub fn burn(&self, window: Window) -> Result<Vec<u16>> {
        let (from, to) = corners(window);
        let near: Vec<_> =
            self.polygons.iter().filter(|(polygon, _)| polygon.touches(from, to)).collect();
        let mut labels = if near.is_empty() {
            vec![0; window.n_pixels()]
        } else {
            burnt(near.iter().map(|(polygon, seed)| (polygon, *seed)), window).map_err(|error| {
                Error::Io(format!("seeds cannot be drawn: {}", problem::text(&error)))
            })?
        };
        for (point, seed) in &self.points {
            if let Some(pixel) = index_in(window, *point) {
                labels[pixel] = *seed;
            }
        }
        Ok(labels)
    }

    /// Adds the points and polygons of a geometry in the scene's coordinates.
    fn add(&mut self, geometry: &Geometry, layer_transform: &LayerTransform, seed: u16) {
        let mut polygons = Vec::new();
        collect(geometry, &layer_transform.to_pixels, &mut polygons);
        self.polygons.extend(polygons.into_iter().map(|polygon| (polygon, seed)));
        for_each_point(geometry, &mut |x, y| {
            let (column, row) = layer_transform.to_pixels.apply(x, y);
            if column >= 0.0 && row >= 0.0 {
                self.points.push(((column as usize, row as usize), seed));
            }
        });
    }
}

/// The upper left and the lower right corner of a window.
fn corners(window: Window) -> ((f64, f64), (f64, f64)) {
    let from = (window.x as f64, window.y as f64);
    (from, (from.0 + window.width as f64, from.1 + window.height as f64))
}

/// The index of a scene's pixel in a window, if it is inside.
fn index_in(window: Window, (column, row): (usize, usize)) -> Option<usize> {
    let (x, y) = (column.checked_sub(window.x)?, row.checked_sub(window.y)?);
    (x < window.width && y < window.height).then_some(y * window.width + x)
}

/// The number and the name of a field of a layer.
fn field_of(layer: &Layer, wanted: &str, name: &str) -> Result<(usize, String)> {
    let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    let same = |field: &&String| field.eq_ignore_ascii_case(wanted);
    let exact = fields.iter().position(|field| field == wanted);
    let index = exact.or_else(|| fields.iter().position(|field| same(&field)));
    match index {
        Some(index) => Ok((index, fields[index].clone())),
        None if fields.is_empty() => invalid_option(
            "seed_field",
            format!(
                " is {wanted}, and {name} has no fields: leave it out, for one seed per feature"
            ),
        ),
        None => invalid_option(
            "seed_field",
            format!(
                " is {wanted}, which {name} does not have: choose one of {}",
                fields.join(", ")
            ),
        ),
    }
}

/// The value of a feature in a field, as a name.
fn value_of(
    feature: &Feature,
    index: usize,
    field: &str,
    number: usize,
    name: &str,
) -> Result<String> {
    let value = feature
        .field_as_string(index)
        .map_err(|error| problem::io(name, "cannot be read", &error))?;
    let value = plain(value.unwrap_or_default().trim());
    if value.is_empty() {
        return invalid_data(format!(
            "feature {number} of {name} has no value in field {field}, which names its seed: give \
             it one, or remove the feature"
        ));
    }
    Ok(value)
}

fn kind(geometry: &Geometry) -> u32 {
    geometry_type_flatten(geometry.geometry_type())
}

/// Whether there are points or polygons in a geometry.
fn has_shapes(geometry: &Geometry) -> bool {
    match kind(geometry) {
        OGRwkbGeometryType::wkbLineString
        | OGRwkbGeometryType::wkbMultiLineString
        | OGRwkbGeometryType::wkbCircularString
        | OGRwkbGeometryType::wkbCompoundCurve
        | OGRwkbGeometryType::wkbMultiCurve => false,
        OGRwkbGeometryType::wkbGeometryCollection => {
            (0..geometry.geometry_count()).any(|part| has_shapes(&geometry.get_geometry(part)))
        }
        _ => !geometry.is_empty(),
    }
}

/// Passes on the points of a geometry, without the corners of polygons and lines.
fn for_each_point(geometry: &Geometry, take: &mut impl FnMut(f64, f64)) {
    match kind(geometry) {
        OGRwkbGeometryType::wkbPoint => {
            let (x, y, _) = geometry.get_point(0);
            take(x, y);
        }
        OGRwkbGeometryType::wkbMultiPoint | OGRwkbGeometryType::wkbGeometryCollection => {
            (0..geometry.geometry_count())
                .for_each(|part| for_each_point(&geometry.get_geometry(part), take));
        }
        _ => {}
    }
}
