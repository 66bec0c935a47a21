//! Directions: pixels as unit vectors. Two pixels are compared by their angle, whatever their
//! brightness.

use super::{Sample, SampleType, Tile, TILE};

/// Steps of a component from 0 to 1: as many as single precision resolves. Angles are exact to
/// about 1e-7.
const STEPS: f64 = (1u32 << 24) as f64;

/// The length of a step.
const STEP: f64 = 1.0 / STEPS;

/// A component of a unit vector, as a whole number of steps: sums are exact in any order.
/// ([`Component::to_i64`] gives the steps, [`Component::to_f64`] the component.)
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Component(i32);

// SAFETY: every bit pattern is an integer.
unsafe impl Sample for Component {
    const TYPE: SampleType = SampleType::I32;
    const CODE_BITS: u32 = 32;

    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self.0) * STEP
    }

    #[inline(always)]
    fn to_f32(self) -> f32 {
        self.to_f64() as f32
    }

    #[inline(always)]
    fn to_i64(self) -> i64 {
        i64::from(self.0)
    }

    fn from_value(_: f64) -> Option<Self> {
        None
    }

    #[inline(always)]
    fn is_usable(self) -> bool {
        true
    }

    #[inline(always)]
    fn code(self) -> u64 {
        self.0.code()
    }

    fn decode(code: u64) -> f64 {
        i32::decode(code) * STEP
    }
}

impl Component {
    /// The length of a number of steps, as in sums of [`Component::to_i64`].
    pub(crate) fn length(steps: f64) -> f64 {
        steps * STEP
    }
}

/// The factor from a component to steps, given the sum of the squares of all components.
#[inline(always)]
fn scale(square: f64) -> f64 {
    // Smaller squares have lost digits. NaN occurs only in invalid pixels.
    if square < 1e-290 {
        0.0
    } else {
        STEPS / square.sqrt()
    }
}

/// The component of the direction of a pixel that is 0 in all bands. It has no direction, and
/// counts as grey: equal in all bands.
fn grey(n_bands: usize) -> f64 {
    (STEPS / (n_bands as f64).sqrt()).round_ties_even()
}

/// The direction of a pixel, in the same steps as in [`Tile::fill_directions`].
pub(crate) fn direction(pixel: &mut [f64]) {
    let scale = scale(pixel.iter().fold(0.0, |sum, value| sum + value * value));
    let grey = grey(pixel.len());
    let steps = |value: f64| if scale == 0.0 { grey } else { (value * scale).round_ties_even() };
    pixel.iter_mut().for_each(|value| *value = steps(*value) * STEP);
}

impl Tile<Component> {
    /// Fills the tile with the directions of another tile's pixels.
    pub(crate) fn fill_directions<T: Sample>(&mut self, tile: &Tile<T>) {
        let len = tile.len();
        let mut scales = [0.0; TILE];
        for band in 0..tile.n_bands() {
            for (square, sample) in scales.iter_mut().zip(tile.band(band)) {
                *square += sample.to_f64() * sample.to_f64();
            }
        }
        scales[..len].iter_mut().for_each(|square| *square = scale(*square));
        let grey = grey(tile.n_bands()) as i32;
        self.fill_from(tile, |band, components| {
            let pixels = tile.band(band).iter().zip(&scales);
            for (component, (sample, scale)) in components.iter_mut().zip(pixels) {
                let steps = (sample.to_f64() * scale).round_ties_even() as i32;
                *component = Component(if *scale == 0.0 { grey } else { steps });
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn a_tile_has_the_directions_of_its_pixels() {
        let samples: Vec<i16> = (0..3 * 100)
            .map(|i| if i % 100 == 7 { 0 } else { (i * 7919 % 5000) as i16 - 100 })
            .collect();
        let directions = |samples: &[i16]| {
            let raster = Raster::bsq(samples, 3, 100, 1).unwrap();
            let mut tile = Tile::<i16>::new(3);
            let mut directions = Tile::<Component>::new(3);
            tile.fill(&raster, 0);
            directions.fill_directions(&tile);
            let pixel =
                |i: usize| (0..3).map(|band| directions.band(band)[i].to_f64()).collect::<Vec<_>>();
            (0..100).map(pixel).collect::<Vec<_>>()
        };
        let found = directions(&samples);
        for (i, found) in found.iter().enumerate() {
            let mut pixel: Vec<f64> =
                (0..3).map(|band| f64::from(samples[band * 100 + i])).collect();
            direction(&mut pixel);
            assert_eq!(found, &pixel);
            let length: f64 = pixel.iter().map(|value| value * value).sum();
            assert!((length - 1.0).abs() < 1e-6, "{length}");
        }
        assert!(found[7].iter().all(|component| (component - 1.0 / 3f64.sqrt()).abs() < 1e-7));
        let brighter: Vec<i16> = samples.iter().map(|sample| 2 * sample).collect();
        assert_eq!(directions(&brighter), found);
    }
}
