//! Exact statistics of the bands of a scene, over all valid pixels.

use std::sync::Mutex;

use crate::error::Result;
use crate::gdal::{CacheShare, Reader, Scene};
use crate::progress::Run;
use crate::raster::{with_sample_type, Raster, Sample, Tile};

/// The statistics of the valid pixels of a band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandStatistics {
    /// Number of valid pixels of this band: not nodata, NaN or infinite, nor left out by a mask.
    pub n_valid: u64,
    /// Smallest value. It and the following values are NaN if no pixel is valid.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (of the pixels, divided by their number).
    pub std: f64,
}

/// Number, extremes, mean and squared deviations from the mean: they add up (Chan's formula).
#[derive(Debug, Clone, Copy)]
struct Moments {
    n: f64,
    min: f64,
    max: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    const NONE: Moments =
        Moments { n: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, mean: 0.0, squares: 0.0 };

    /// The moments of some values; `valid` is 1 for those to use.
    fn of<T: Sample>(samples: &[T], valid: &[u8]) -> Moments {
        let values = || {
            samples.iter().zip(valid).filter(|(_, ok)| **ok != 0).map(|(sample, _)| sample.to_f64())
        };
        let (n, sum) = values().fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
        if n == 0.0 {
            return Moments::NONE;
        }
        let mean = sum / n;
        values().fold(Moments { n, mean, ..Moments::NONE }, |m, value| Moments {
            min: m.min.min(value),
            max: m.max.max(value),
            squares: m.squares + (value - mean).powi(2),
            ..m
        })
    }

    fn and(self, other: Moments) -> Moments {
        if self.n == 0.0 || other.n == 0.0 {
            return if self.n == 0.0 { other } else { self };
        }
        let (n, apart) = (self.n + other.n, other.mean - self.mean);
        Moments {
            n,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            mean: self.mean + apart * other.n / n,
            squares: self.squares + other.squares + apart * apart * self.n * other.n / n,
        }
    }

    fn finish(self) -> BandStatistics {
        let or_nan = |value: f64| if self.n == 0.0 { f64::NAN } else { value };
        BandStatistics {
            n_valid: self.n as u64,
            min: or_nan(self.min),
            max: or_nan(self.max),
            mean: or_nan(self.mean),
            std: or_nan((self.squares / self.n).sqrt()),
        }
    }
}

/// The statistics of each band of a scene, the same for any number of threads.
///
/// # Errors
/// `Io` when the scene cannot be read; `Cancelled`.
pub fn band_statistics(scene: &Scene, run: &mut Run) -> Result<Vec<BandStatistics>> {
    let units = scene.units();
    // Kept by unit and added up in order: floating sums depend on it.
    let parts = Mutex::new(vec![Vec::new(); units.len()]);
    let mut readers: Vec<_> = (0..run.threads()).map(|_| Reader::new(scene)).collect();
    let cache = CacheShare::new(readers.len(), scene.decode_bytes());
    run.parallel("reading", units.len(), &mut readers, |reader, index, _| {
        let mut moments = vec![Moments::NONE; scene.n_bands()];
        for window in units[index].windows() {
            for (band, moments) in moments.iter_mut().enumerate() {
                *moments = moments.and(of_band(&reader.read_band(window, band)?));
            }
        }
        parts.lock().unwrap_or_else(|poisoned| poisoned.into_inner())[index] = moments;
        cache.keep();
        Ok(())
    })?;
    let parts = parts.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let band =
        |band| parts.iter().fold(Moments::NONE, |all: Moments, part| all.and(part[band])).finish();
    Ok((0..scene.n_bands()).map(band).collect())
}

/// The moments of an image of one band.
fn of_band(raster: &Raster) -> Moments {
    with_sample_type!(raster.sample_type(), T => {
        let mut tile = Tile::<T>::new(1);
        (0..raster.n_tiles()).fold(Moments::NONE, |all, index| {
            tile.fill(raster, index);
            all.and(Moments::of(tile.band(0), tile.valid()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let samples: Vec<u32> = (0..1000).map(|i| i * i % 977).collect();
        let valid: Vec<u8> = (0..1000).map(|i| u8::from(i % 7 != 0)).collect();
        let whole = Moments::of(&samples, &valid).finish();
        let part =
            |range: std::ops::Range<usize>| Moments::of(&samples[range.clone()], &valid[range]);
        let sum = part(0..10).and(Moments::NONE).and(part(10..600)).and(part(600..1000)).finish();
        assert_eq!((whole.n_valid, whole.min, whole.max), (sum.n_valid, sum.min, sum.max));
        assert!((whole.mean - sum.mean).abs() < 1e-9 && (whole.std - sum.std).abs() < 1e-9);
        assert!(Moments::NONE.finish().mean.is_nan());
    }
}
