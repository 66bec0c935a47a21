//! The ground area of the pixels of a map.

use gdal::spatial_ref::{CoordTransform, SpatialRef};
use gdal::Dataset;

use crate::gdal::scene::georeference::transform;
use crate::kernel::{Patch, Point};
use crate::raster::Ellipsoid;

/// Areas are added up as integers, this many to the square metre, so that sums do not depend on the
/// order.
const UNITS: f64 = 1e12;

/// Square metres in a hectare.
const HECTARE: f64 = 1e4;

/// The area of pixels.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::gdal) enum PixelArea {
    /// It is not known.
    Unknown,
    /// The same for all, in square metres: the reference system is projected.
    Same(f64),
    /// The same in each row, in units of 1e-12 square metres: latitudes change from row to row.
    Rows(Vec<u128>),
}

impl PixelArea {
    /// The area from a file's georeference. In a projected system it is the area in the plane of
    /// the projection, as is usual for maps (UTM keeps it within 0.1 %). Mercator's area, which is
    /// twice the true one at 45 degrees, is corrected.
    pub(in crate::gdal) fn of(dataset: &Dataset) -> PixelArea {
        let (Some(transform), Ok(reference)) = (transform(dataset), dataset.spatial_ref()) else {
            return PixelArea::Unknown;
        };
        let size = dataset.raster_size();
        let found = if reference.is_geographic() {
            geographic(&reference, &transform, size.1)
        } else if !reference.is_projected() && !reference.is_local() {
            None
        } else if is_mercator(&reference) {
            mercator(&reference, &transform, size)
        } else {
            let [_, a, b, _, c, d] = transform;
            Some(PixelArea::Same((a * d - b * c).abs() * reference.linear_units().powi(2)))
        };
        found.filter(PixelArea::is_sane).unwrap_or(PixelArea::Unknown)
    }

    fn is_sane(&self) -> bool {
        match self {
            PixelArea::Same(area) => area.is_finite() && *area > 0.0,
            PixelArea::Rows(areas) => areas.iter().any(|area| *area > 0),
            PixelArea::Unknown => true,
        }
    }

    /// Whether areas follow from the number of pixels alone, wherever they are.
    pub(in crate::gdal) fn is_uniform(&self) -> bool {
        !matches!(self, PixelArea::Rows(_))
    }

    /// The area in hectares of a number of pixels, if all have one size or `units` is the sum of
    /// their areas.
    pub(in crate::gdal) fn hectares(&self, pixels: u64, units: u128) -> Option<f64> {
        match self {
            PixelArea::Unknown => None,
            PixelArea::Same(area) => Some(pixels as f64 * area / HECTARE),
            PixelArea::Rows(_) => Some(units as f64 / UNITS / HECTARE),
        }
    }

    /// The area of a pixel of a row, in units; 0 if it does not depend on the row.
    pub(in crate::gdal) fn row_units(&self, row: usize) -> u128 {
        match self {
            PixelArea::Rows(areas) => areas.get(row).copied().unwrap_or(0),
            _ => 0,
        }
    }
}

/// Measures the patches of a map.
pub(in crate::gdal) struct PatchAreas {
    pixel_area: PixelArea,
    /// Area of a column of pixels from the top to the upper edge of each row, in units.
    above: Vec<i128>,
}

impl PatchAreas {
    /// The ruler for the patches of a map; `None` if the size of a pixel is not known.
    pub fn of(dataset: &Dataset) -> Option<PatchAreas> {
        let pixel_area = PixelArea::of(dataset);
        if pixel_area == PixelArea::Unknown {
            return None;
        }
        let mut above = vec![0];
        if let PixelArea::Rows(areas) = &pixel_area {
            let mut sum = 0;
            above.extend(areas.iter().map(|area| {
                sum += *area as i128;
                sum
            }));
        }
        Some(PatchAreas { pixel_area, above })
    }

    /// The area of a patch in hectares: exactly the sum of its pixels' areas.
    pub fn hectares(&self, patch: &Patch) -> Option<f64> {
        let units = match self.pixel_area {
            PixelArea::Rows(_) => less_holes(patch.rings().map(|ring| self.twice(ring))),
            _ => 0,
        };
        self.pixel_area.hectares(patch.pixels, units)
    }

    /// Twice the area of a ring by the shoelace formula, with columns to the right and areas of a
    /// column downwards.
    fn twice(&self, ring: &[Point]) -> i128 {
        let corner = |[column, row]: Point| (i128::from(column), self.above[row as usize]);
        let pairs = ring.iter().zip(&ring[1..]).map(|(from, to)| (corner(*from), corner(*to)));
        pairs.map(|(from, to)| from.0 * to.1 - to.0 * from.1).sum()
    }
}

/// The area of a polygon from twice the areas of its rings, the outer one first.
fn less_holes(twice: impl Iterator<Item = i128>) -> u128 {
    let mut rings = twice.map(i128::unsigned_abs);
    let outer = rings.next().unwrap_or(0);
    (outer - rings.sum::<u128>().min(outer)) / 2
}

/// Rows of longitudes and latitudes; `None` if rows do not follow parallels.
fn geographic(reference: &SpatialRef, transform: &[f64; 6], height: usize) -> Option<PixelArea> {
    let [_, width, _, top, tilt, step] = *transform;
    // Latitudes of a rotated pole are not those of the ellipsoid.
    if tilt != 0.0 || reference.is_derived_geographic() {
        return None;
    }
    let unit = reference.angular_units();
    let latitudes: Vec<f64> = (0..=height).map(|row| (top + row as f64 * step) * unit).collect();
    rows(reference, &latitudes, width.abs() * unit)
}

fn is_mercator(reference: &SpatialRef) -> bool {
    let method = reference.get_attr_value("PROJECTION", 0).ok().flatten();
    method.is_some_and(|method| {
        method.starts_with("Mercator") || method.starts_with("Popular Visualisation")
    })
}

/// Mercator's rows follow parallels too, and its columns are equally wide in longitude.
fn mercator(
    reference: &SpatialRef,
    transform: &[f64; 6],
    (width, height): (usize, usize),
) -> Option<PixelArea> {
    let [left, step_x, shear, top, tilt, step_y] = *transform;
    if tilt != 0.0 || shear != 0.0 {
        return None;
    }
    let mut base = reference.geog_cs().ok()?;
    let traditional = gdal::spatial_ref::AxisMappingStrategy::TraditionalGisOrder;
    base.set_axis_mapping_strategy(traditional);
    let mut from = reference.clone();
    from.set_axis_mapping_strategy(traditional);
    let to_degrees = CoordTransform::new(&from, &base).ok()?;
    // The left edge from top to bottom, and the middle of the upper edge (half way round the earth
    // at most).
    let mut x = vec![left; height + 2];
    x[height + 1] += step_x * width as f64 / 2.0;
    let mut y: Vec<f64> = (0..=height).map(|row| top + row as f64 * step_y).chain([top]).collect();
    to_degrees.transform_coords(&mut x, &mut y, &mut []).ok()?;
    let unit = base.angular_units();
    let latitudes: Vec<f64> = y[..=height].iter().map(|latitude| latitude * unit).collect();
    // Longitudes may continue beyond the date line.
    let turn = (2.0 * std::f64::consts::PI / unit).round();
    let half = ((x[height + 1] - x[0]) * step_x.signum()).rem_euclid(turn);
    rows(reference, &latitudes, half * 2.0 / width as f64 * unit)
}

fn rows(reference: &SpatialRef, latitudes: &[f64], width: f64) -> Option<PixelArea> {
    let ellipsoid =
        Ellipsoid::new(reference.semi_major().ok()?, reference.semi_minor().ok()?).ok()?;
    let areas = ellipsoid.row_areas(latitudes, width).ok()?;
    Some(PixelArea::Rows(areas.iter().map(|area| (area * UNITS).round() as u128).collect()))
}
