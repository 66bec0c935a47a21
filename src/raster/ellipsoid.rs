//! The ground area of the pixels of a grid of longitudes and latitudes.

use crate::error::{invalid_argument, Result};

/// An ellipsoid of revolution; both axes in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipsoid {
    semi_major: f64,
    semi_minor: f64,
}

impl Ellipsoid {
    /// An ellipsoid with these half axes.
    ///
    /// # Errors
    /// `InvalidArgument` unless `0 < semi_minor <= semi_major`, both finite.
    pub fn new(semi_major: f64, semi_minor: f64) -> Result<Ellipsoid> {
        if semi_major.is_finite() && semi_minor > 0.0 && semi_minor <= semi_major {
            return Ok(Ellipsoid { semi_major, semi_minor });
        }
        invalid_argument(format!(
            "an ellipsoid with half axes of {semi_major} and {semi_minor} m: the first must be \
             the larger, both above 0"
        ))
    }

    /// The area in square metres of a pixel in each row of a grid: rows lie between neighbouring
    /// `latitudes`, pixels are `width` wide (both in radians; latitudes beyond a pole count as the
    /// pole).
    ///
    /// # Errors
    /// `InvalidArgument` when a latitude or the width is not finite.
    pub fn row_areas(&self, latitudes: &[f64], width: f64) -> Result<Vec<f64>> {
        if !width.is_finite() || latitudes.iter().any(|latitude| !latitude.is_finite()) {
            return invalid_argument(
                "latitudes and the width of pixels must be finite numbers, in radians",
            );
        }
        let area =
            |pair: &[f64]| ((self.to_equator(pair[1]) - self.to_equator(pair[0])) * width).abs();
        Ok(latitudes.windows(2).map(area).collect())
    }

    /// The area between the equator and a latitude, per radian of longitude: a^2 q / 2 with the q
    /// of Snyder, Map Projections - A Working Manual (USGS Professional Paper 1395, 1987), equation
    /// 3-12.
    fn to_equator(self, latitude: f64) -> f64 {
        let pole = std::f64::consts::FRAC_PI_2;
        let sine = libm::sin(latitude.clamp(-pole, pole));
        let ratio = self.semi_minor / self.semi_major;
        let e2 = 1.0 - ratio * ratio;
        let e = e2.sqrt();
        let bent = if e > 0.0 { libm::atanh(e * sine) / e } else { sine };
        let q = (1.0 - e2) * (sine / (1.0 - e2 * sine * sine) + bent);
        self.semi_major * self.semi_major * q / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn wgs84() -> Ellipsoid {
        Ellipsoid::new(6_378_137.0, 6_356_752.314_245_179).unwrap()
    }

    fn total(ellipsoid: &Ellipsoid, n: usize) -> f64 {
        let edges: Vec<f64> = (0..=n).map(|i| PI / 2.0 - PI * i as f64 / n as f64).collect();
        ellipsoid.row_areas(&edges, 2.0 * PI).unwrap().iter().sum()
    }

    #[test]
    fn the_earth_is_as_large_as_known() {
        // 510 065 621.724 km2: Karney, Algorithms for geodesics (2013), section 6.
        assert!((total(&wgs84(), 1) / 510_065_621.724e6 - 1.0).abs() < 1e-11);
        assert!((total(&wgs84(), 7013) / total(&wgs84(), 1) - 1.0).abs() < 1e-11);
        let ball = Ellipsoid::new(10.0, 10.0).unwrap();
        assert!((total(&ball, 3) - 400.0 * PI).abs() < 1e-9);
    }

    #[test]
    fn a_small_pixel_is_as_large_as_its_sides_tell() {
        let (latitude, side) = (45f64.to_radians(), 1e-4f64.to_radians());
        let area =
            wgs84().row_areas(&[latitude + side / 2.0, latitude - side / 2.0], side).unwrap()[0];
        // Radii of curvature at 45 degrees: 6 367 381.8 m along the meridian, 6 388 838.3 m across
        // it.
        let expected = 6_367_381.8 * side * 6_388_838.3 * latitude.cos() * side;
        assert!((area / expected - 1.0).abs() < 1e-6, "{area} {expected}");
    }

    #[test]
    fn bad_numbers_are_refused() {
        assert!(Ellipsoid::new(1.0, 2.0).is_err() && Ellipsoid::new(f64::NAN, 1.0).is_err());
        assert!(wgs84().row_areas(&[0.0, f64::NAN], 1.0).is_err());
        assert_eq!(
            wgs84().row_areas(&[1.6, 1.7], 1.0).unwrap(),
            [0.0],
            "beyond the pole there is nothing"
        );
    }
}
