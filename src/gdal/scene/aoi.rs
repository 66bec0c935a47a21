//! An area of interest: polygons that say which pixels to use. A pixel is inside if its centre is.
//!
//! The polygons are kept in pixels of the scene, and each reader burns them into one window at a
//! time: nothing as large as the scene is made.

use std::path::Path;

use super::layer::{self, burnt, Polygon};
use super::source::Source;
use crate::error::{Error, Result};
use crate::gdal::blocks::Window;
use crate::gdal::problem;

/// The polygons of an area that may touch a scene.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct AreaOfInterest {
    name: String,
    polygons: Vec<Polygon>,
}

/// Columns and rows of the windows that are searched for pixels of an area.
const PROBE: usize = 512;

impl AreaOfInterest {
    /// The polygons of a file (`file|layername=name` for one of several layers), converted to
    /// pixels of a scene.
    ///
    /// # Errors
    /// Those of [`layer::polygons`].
    pub(in crate::gdal) fn open(path: &Path, scene: &Source) -> Result<AreaOfInterest> {
        let mut polygons = layer::polygons(path, scene)?;
        let (width, height) = (scene.size.0 as f64, scene.size.1 as f64);
        polygons.retain(|polygon| polygon.touches((0.0, 0.0), (width, height)));
        Ok(AreaOfInterest { name: path.display().to_string(), polygons })
    }

    /// Its name in messages.
    pub(in crate::gdal) fn name(&self) -> &str {
        &self.name
    }

    /// Whether any pixel of a scene of this size has its centre inside.
    pub(in crate::gdal) fn holds_a_pixel(&self, size: (usize, usize)) -> Result<bool> {
        for window in self.polygons.iter().filter_map(|polygon| polygon.centres_within(size)) {
            for y in (0..window.height).step_by(PROBE) {
                for x in (0..window.width).step_by(PROBE) {
                    let (width, height) =
                        (PROBE.min(window.width - x), PROBE.min(window.height - y));
                    let part = Window { x: window.x + x, y: window.y + y, width, height };
                    if self.burn(part, &mut vec![1; part.n_pixels()])? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Whether no polygon touches the scene.
    pub(in crate::gdal) fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// Sets the pixels outside to 0 in `valid`, which holds a byte for each pixel of a window.
    /// Returns whether any pixel is inside.
    pub(in crate::gdal) fn burn(&self, window: Window, valid: &mut [u8]) -> Result<bool> {
        let from = (window.x as f64, window.y as f64);
        let to = (from.0 + window.width as f64, from.1 + window.height as f64);
        let near: Vec<&Polygon> =
            self.polygons.iter().filter(|polygon| polygon.touches(from, to)).collect();
        if near.is_empty() {
            valid.fill(0);
            return Ok(false);
        }
        let ones = near.into_iter().map(|polygon| (polygon, 1u8));
        let inside = burnt(ones, window).map_err(|error| {
            Error::Io(format!("an area of interest cannot be drawn: {}", problem::text(&error)))
        })?;
        valid.iter_mut().zip(&inside).for_each(|(ok, inside)| *ok &= inside);
        Ok(inside.contains(&1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_between_centres_holds_no_pixel() {
        let square =
            |a: f64, b: f64| Polygon::new(vec![vec![(a, a), (b, a), (b, b), (a, b), (a, a)]]);
        let holds = |squares: &[(f64, f64)]| {
            let polygons = squares.iter().map(|(a, b)| square(*a, *b)).collect();
            AreaOfInterest { name: "area".into(), polygons }.holds_a_pixel((50, 40)).unwrap()
        };
        assert!(!holds(&[(7.6, 8.4), (0.0, 0.4), (60.0, 70.0)]));
        assert!(
            holds(&[(7.6, 8.4), (7.4, 7.6)]) && holds(&[(-100.0, 100.0)]) && holds(&[(39.4, 90.0)])
        );
    }

    #[test]
    fn a_pixel_is_inside_when_its_centre_is_whatever_the_window() {
        // A square with a hole, and a triangle.
        let square = |a: f64, b: f64| vec![(a, a), (b, a), (b, b), (a, b), (a, a)];
        let aoi = AreaOfInterest {
            name: "area".into(),
            polygons: vec![
                Polygon::new(vec![square(1.4, 20.6), square(5.5, 9.5)]),
                Polygon::new(vec![vec![(30.0, 2.0), (40.3, 31.7), (22.0, 30.0), (30.0, 2.0)]]),
            ],
        };
        let whole = Window { x: 0, y: 0, width: 50, height: 40 };
        let mut valid = vec![1; 50 * 40];
        assert!(aoi.burn(whole, &mut valid).unwrap());
        let at = |x: usize, y: usize| valid[y * 50 + x];
        assert_eq!((at(0, 10), at(1, 10), at(20, 10), at(21, 10)), (0, 1, 1, 0));
        assert_eq!((at(4, 7), at(7, 7), at(30, 20), at(49, 39)), (1, 0, 1, 0));
        for (width, height) in [(7, 40), (50, 3), (11, 13)] {
            for y in (0..40).step_by(height) {
                for x in (0..50).step_by(width) {
                    let window =
                        Window { x, y, width: width.min(50 - x), height: height.min(40 - y) };
                    let mut part = vec![1; window.n_pixels()];
                    let any = aoi.burn(window, &mut part).unwrap();
                    assert_eq!(any, part.contains(&1));
                    for (i, inside) in part.iter().enumerate() {
                        assert_eq!(*inside, at(x + i % window.width, y + i / window.width));
                    }
                }
            }
        }
    }
}
