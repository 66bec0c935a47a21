//! The polygons of a vector layer, converted to pixels of a scene.

use std::path::Path;

use gdal::cpl::CslStringList;
use gdal::errors::GdalError;
use gdal::raster::{rasterize, GdalType, RasterizeOptions};
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{
    geometry_type_flatten, Envelope, Geometry, Layer, LayerAccess, OGRwkbGeometryType,
};
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags, GeoTransformEx};

use super::source::Source;
use super::{georeference, side_files};
use crate::error::{invalid_data, Error, Result};
use crate::gdal::blocks::Window;
use crate::gdal::{ffi, problem};

/// Sides that are straight in one reference system are curves in another: they are cut into pieces,
/// this many along the length of a scene. For a scene of 100 km the middle of a piece is then a few
/// centimetres off.
const PIECES: f64 = 100.0;

/// Rings of points in pixels of the scene: columns and rows, from its upper left corner.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct Polygon {
    rings: Vec<Vec<(f64, f64)>>,
    /// Its smallest and largest column and row.
    from: (f64, f64),
    to: (f64, f64),
}

impl Polygon {
    /// A polygon of these rings.
    pub(in crate::gdal) fn new(rings: Vec<Vec<(f64, f64)>>) -> Polygon {
        let (mut from, mut to) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &(x, y) in rings.iter().flatten() {
            from = (from.0.min(x), from.1.min(y));
            to = (to.0.max(x), to.1.max(y));
        }
        Polygon { rings, from, to }
    }

    /// Whether its rectangle meets another, given by its corners.
    pub(in crate::gdal) fn touches(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        self.from.0 < to.0 && self.to.0 > from.0 && self.from.1 < to.1 && self.to.1 > from.1
    }

    /// The pixels of a scene of this size whose centres are in its rectangle; `None` if there are
    /// none.
    pub(in crate::gdal) fn centres_within(&self, size: (usize, usize)) -> Option<Window> {
        // A float beyond a whole number's range becomes its limit.
        let part = |from: f64, to: f64, n: usize| {
            let first = (from - 0.5).ceil().max(0.0) as usize;
            let end = ((to - 0.5).floor() + 1.0).max(0.0) as usize;
            (first, end.min(n).saturating_sub(first))
        };
        let ((x, width), (y, height)) =
            (part(self.from.0, self.to.0, size.0), part(self.from.1, self.to.1, size.1));
        (width > 0 && height > 0).then_some(Window { x, y, width, height })
    }

    /// The same for GDAL.
    fn geometry(&self) -> gdal::errors::Result<Geometry> {
        let mut polygon = Geometry::empty(OGRwkbGeometryType::wkbPolygon)?;
        for points in &self.rings {
            let mut ring = Geometry::empty(OGRwkbGeometryType::wkbLinearRing)?;
            points.iter().for_each(|point| ring.add_point_2d(*point));
            polygon.add_geometry(ring)?;
        }
        Ok(polygon)
    }
}

/// The polygons of a file (`file|layername=name` for one of several layers), in pixels of a scene.
/// Polygons far away may be left out.
///
/// # Errors `Io` for a file that cannot be read; `InvalidData` for one without polygons, or when
/// the file or the scene has no georeference.
pub(in crate::gdal) fn polygons(path: &Path, scene: &Source) -> Result<Vec<Polygon>> {
    let name = path.display().to_string();
    let failed = |error: &GdalError| problem::io(&name, "its polygons cannot be used", error);
    let (dataset, layer) = open_layers(path, "polygons")?;
    let mut layer = choose_layer(&dataset, layer.as_deref(), &name)?;
    let Some(layer_transform) = LayerTransform::of(scene, &layer, &name)? else {
        return Err(Error::Option {
            before: format!(
                "{} has no georeference, so {name} cannot be laid over it: give a mask on \
                 its pixels instead (",
                scene.name()
            ),
            field: "mask".into(),
            after: ")".into(),
        });
    };
    let (mut polygons, mut any, mut others) = (Vec::new(), false, false);
    for feature in layer.features() {
        let Some(geometry) = feature.geometry().filter(|geometry| !geometry.is_empty()) else {
            continue;
        };
        let geometry = &ffi::without_arcs(geometry).map_err(|error| failed(&error))?;
        match is_polygonal(geometry) {
            false => others = true,
            true => {
                let inside = layer_transform.apply(geometry).map_err(|error| failed(&error))?;
                inside.iter().for_each(|geometry| {
                    collect(geometry, &layer_transform.to_pixels, &mut polygons)
                });
                any = true;
            }
        }
    }
    if others && !any {
        return invalid_data(format!(
            "{name} holds points or lines and no polygons: give a layer of polygons"
        ));
    }
    Ok(polygons)
}

/// The way from a layer's coordinates to those of a scene, and to its pixels.
pub(super) struct LayerTransform {
    /// `None` if both are the same.
    transform: Option<CoordTransform>,
    /// The scene's rectangle, with a margin, in the layer's coordinates; `None` if it is not known.
    bounds: Option<[f64; 4]>,
    pub to_pixels: [f64; 6],
}

impl LayerTransform {
    /// The way from a layer (of a file of this name) to a scene; `None` if the scene has no
    /// georeference.
    pub fn of(scene: &Source, layer: &Layer, name: &str) -> Result<Option<LayerTransform>> {
        let transform = georeference::transform(&scene.dataset);
        let Some((transform, to_pixels)) = transform.and_then(|t| Some((t, t.invert().ok()?)))
        else {
            return Ok(None);
        };
        let systems = scene
            .dataset
            .spatial_ref()
            .ok()
            .zip(layer.spatial_ref().filter(georeference::is_defined));
        // Layers may have longitude or latitude first.
        let is_one = |own: &SpatialRef, theirs: &SpatialRef| {
            own == theirs || own.is_projected() && georeference::is_same_system(own, theirs)
        };
        let Some((mut own, mut theirs)) = systems.filter(|(own, theirs)| !is_one(own, theirs))
        else {
            // A file without a reference system is assumed to have the scene's, like masks.
            return Ok(Some(LayerTransform { transform: None, bounds: None, to_pixels }));
        };
        for system in [&mut own, &mut theirs] {
            system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        }
        let between = |from: &SpatialRef, to: &SpatialRef| {
            CoordTransform::new(from, to).map_err(|error| {
                problem::io(name, "cannot be brought to the scene's reference system", &error)
            })
        };
        let bounds =
            between(&own, &theirs)?.transform_bounds(&extent(&transform, scene.size), 21).ok();
        let usable =
            |b: &[f64; 4]| b.iter().all(|edge| edge.is_finite()) && b[0] < b[2] && b[1] < b[3];
        let grown = |[left, bottom, right, top]: [f64; 4]| {
            let (x, y) = ((right - left) / 20.0, (top - bottom) / 20.0);
            [left - x, bottom - y, right + x, top + y]
        };
        let bounds = bounds.filter(usable).map(grown);
        Ok(Some(LayerTransform { transform: Some(between(&theirs, &own)?), bounds, to_pixels }))
    }

    /// A geometry in the scene's coordinates. If it extends far beyond the scene, only the near
    /// part is kept: far away there may be no coordinates.
    pub fn apply(&self, geometry: &Geometry) -> gdal::errors::Result<Option<Geometry>> {
        let Some(transform) = &self.transform else { return Ok(Some(geometry.clone())) };
        let mut near = geometry.clone();
        if let Some([left, bottom, right, top]) = self.bounds {
            let Envelope { MinX, MaxX, MinY, MaxY } = geometry.envelope();
            if MinX > right || MaxX < left || MinY > top || MaxY < bottom {
                return Ok(None);
            }
            if MinX < left || MaxX > right || MinY < bottom || MaxY > top {
                let frame = Geometry::bbox(left, bottom, right, top)?;
                let mended =
                    || geometry.make_valid(&CslStringList::new()).ok()?.intersection(&frame);
                let crossed = || {
                    GdalError::BadArgument("a polygon crosses itself and cannot be repaired".into())
                };
                near = geometry.intersection(&frame).or_else(mended).ok_or_else(crossed)?;
            }
            ffi::segmentize(&mut near, (right - left).max(top - bottom) / PIECES);
        }
        near.transform(transform).map(Some)
    }
}

/// Left, bottom, right and top of an image.
fn extent(transform: &[f64; 6], size: (usize, usize)) -> [f64; 4] {
    let (width, height) = (size.0 as f64, size.1 as f64);
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]
        .map(|(x, y)| transform.apply(x, y));
    let fold = |pick: fn(f64, f64) -> f64, of: fn(&(f64, f64)) -> f64| {
        corners.iter().map(of).reduce(pick).unwrap_or(f64::NAN)
    };
    [
        fold(f64::min, |c| c.0),
        fold(f64::min, |c| c.1),
        fold(f64::max, |c| c.0),
        fold(f64::max, |c| c.1),
    ]
}

/// Opens a vector file, which should hold such shapes. Also returns the name of the layer, if one
/// is given.
pub(super) fn open_layers(path: &Path, shapes: &str) -> Result<(Dataset, Option<String>)> {
    let text = path.to_string_lossy();
    let (file, layer) = match text.split_once("|layername=") {
        Some((file, layer)) => (file, Some(layer.to_string())),
        None => (text.as_ref(), None),
    };
    let open_flags = GdalOpenFlags::GDAL_OF_READONLY
        | GdalOpenFlags::GDAL_OF_VECTOR
        | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR;
    let options = DatasetOptions { open_flags, ..DatasetOptions::default() };
    match Dataset::open_ex(file, options) {
        Ok(dataset) => side_files::check_layer(Path::new(file)).map(|()| (dataset, layer)),
        Err(_) if !Path::new(file).exists() && !file.starts_with("/vsi") && !file.contains(':') => {
            Err(Error::Io(format!("{file}: no such file; check the path")))
        }
        Err(error) => Err(Error::Io(format!(
            "{file} cannot be read as a layer of {shapes} ({}); give a GeoPackage, GeoJSON, \
             shapefile or another that GDAL reads",
            problem::text(&error)
        ))),
    }
}

/// The layer of that name, or the only one.
pub(super) fn choose_layer<'d>(
    dataset: &'d Dataset,
    wanted: Option<&str>,
    name: &str,
) -> Result<Layer<'d>> {
    let found = match wanted {
        Some(wanted) => dataset.layer_by_name(wanted).ok(),
        None if dataset.layer_count() == 1 => dataset.layer(0).ok(),
        None => None,
    };
    found.map_or_else(
        || {
            let names: Vec<_> = dataset.layers().map(|layer| layer.name()).collect();
            invalid_data(format!(
                "{name} has the layers {}: choose one by FILE|layername=NAME",
                names.join(", ")
            ))
        },
        Ok,
    )
}

fn is_polygonal(geometry: &Geometry) -> bool {
    let kind = geometry_type_flatten(geometry.geometry_type());
    let mut parts = (0..geometry.geometry_count()).map(|index| geometry.get_geometry(index));
    [OGRwkbGeometryType::wkbPolygon, OGRwkbGeometryType::wkbMultiPolygon].contains(&kind)
        || kind == OGRwkbGeometryType::wkbGeometryCollection
            && parts.any(|part| is_polygonal(&part))
}

/// For each pixel of a window, the value of the last polygon that its centre lies in, or 0.
pub(super) fn burnt<'p, T: GdalType + Copy + Into<f64>>(
    polygons: impl Iterator<Item = (&'p Polygon, T)>,
    window: Window,
) -> gdal::errors::Result<Vec<T>> {
    let memory = DriverManager::get_driver_by_name("MEM")?;
    let size = (window.width, window.height);
    let mut dataset = memory.create_with_band_type::<T, _>("", size.0, size.1, 1)?;
    // Whole numbers are subtracted exactly: whether a pixel is inside does not depend on the
    // window.
    dataset.set_geo_transform(&[window.x as f64, 1.0, 0.0, window.y as f64, 0.0, 1.0])?;
    let (mut geometries, mut values) = (Vec::new(), Vec::new());
    for (polygon, value) in polygons {
        geometries.push(polygon.geometry()?);
        values.push(value.into());
    }
    rasterize(&mut dataset, &[1], &geometries, &values, Some(RasterizeOptions::default()))?;
    Ok(dataset.rasterband(1)?.read_as::<T>((0, 0), size, size, None)?.data().to_vec())
}

/// Adds the polygons of a geometry, in pixels.
pub(super) fn collect(geometry: &Geometry, to_pixels: &[f64; 6], polygons: &mut Vec<Polygon>) {
    let parts = || (0..geometry.geometry_count()).map(|index| geometry.get_geometry(index));
    if !is_polygonal(geometry) {
        return;
    }
    if geometry_type_flatten(geometry.geometry_type()) != OGRwkbGeometryType::wkbPolygon {
        parts().for_each(|part| collect(&part, to_pixels, polygons));
        return;
    }
    let ring = |ring: &Geometry| {
        let mut points = Vec::new();
        ring.get_points(&mut points);
        points.into_iter().map(|(x, y, _)| to_pixels.apply(x, y)).collect()
    };
    polygons.push(Polygon::new(parts().map(|part| ring(&part)).collect()));
}
