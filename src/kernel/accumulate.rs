//! Exact sums over the pixels of each class.

use serde::{Deserialize, Serialize};

use super::exact_sum::ExactSums;
use crate::raster::{Sample, SampleType, Tile, TILE};

/// For each class: the number of its pixels, and per band the sum and the sum of squares of their samples.
///
/// Sums of integer samples are integers; those of floats do not depend on the order either. So are merged sums the same
/// however the pixels were split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSums {
    n_bands: usize,
    counts: Vec<u64>,
    moments: Moments,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Moments {
    /// Sums and sums of squares: classes x bands.
    Integer(Vec<[i128; 2]>),
    /// Per band: sums and sums of squares of every class.
    Float(Vec<[ExactSums; 2]>),
}

impl ClassSums {
    /// Sums over no pixels.
    pub fn new(n_classes: usize, n_bands: usize, sample_type: SampleType) -> ClassSums {
        let moments = if sample_type.is_float() {
            Moments::Float(vec![[ExactSums::new(n_classes), ExactSums::new(n_classes)]; n_bands])
        } else {
            Moments::Integer(vec![[0; 2]; n_classes * n_bands])
        };
        ClassSums { n_bands, counts: vec![0; n_classes], moments }
    }

    /// Adds the valid pixels of a tile to the classes that `labels` (0-based) names.
    ///
    /// # Panics
    /// When the tile's samples are integers and the sums those of floats, or the reverse.
    pub fn add<T: Sample>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        for (label, valid) in labels.iter().zip(tile.valid()) {
            self.counts[usize::from(*label)] += u64::from(*valid);
        }
        let pixels =
            |band: usize| tile.band(band).iter().zip(labels).zip(tile.valid()).filter(|(_, ok)| **ok == 1);
        match &mut self.moments {
            Moments::Integer(moments) => {
                let least = T::decode(0) as i64;
                for band in 0..self.n_bands {
                    for ((sample, label), _) in pixels(band) {
                        let value = i128::from(i64::from(sample.code()) + least);
                        let [sum, square] = &mut moments[usize::from(*label) * self.n_bands + band];
                        *sum += value;
                        *square += value * value;
                    }
                }
            }
            Moments::Float(moments) => {
                for (band, [sums, squares]) in moments.iter_mut().enumerate() {
                    let largest =
                        pixels(band).map(|((sample, _), _)| sample.to_f64().abs()).fold(0.0, f64::max);
                    sums.reach(largest);
                    squares.reach(largest * largest);
                    let (scale, square_scale) = (sums.scale(), squares.scale());
                    for ((sample, label), _) in pixels(band) {
                        let value = sample.to_f64();
                        sums.add(usize::from(*label), value * scale);
                        squares.add(usize::from(*label), value * value * square_scale);
                    }
                }
            }
        }
    }

    /// Adds all valid pixels of a tile to the first class.
    ///
    /// # Panics
    /// As [`ClassSums::add`].
    pub fn add_to_first<T: Sample>(&mut self, tile: &Tile<T>) {
        if T::CODE_BITS > 16 {
            return self.add(tile, &[0; TILE][..tile.len()]);
        }
        let Moments::Integer(moments) = &mut self.moments else {
            unreachable!("samples of 16 bits are integers")
        };
        self.counts[0] += tile.n_valid() as u64;
        let least = T::decode(0) as i64;
        for (band, [sum, square]) in moments[..self.n_bands].iter_mut().enumerate() {
            // A tile of such samples fits in 64 bits, which vectors can sum; invalid ones count as 0.
            let (mut sum64, mut square64) = (0i64, 0i64);
            for (sample, valid) in tile.band(band).iter().zip(tile.valid()) {
                let value = (i64::from(sample.code()) + least) * i64::from(*valid);
                sum64 += value;
                square64 += value * value;
            }
            *sum += i128::from(sum64);
            *square += i128::from(square64);
        }
    }

    /// Whether these are sums for so many classes and bands of such samples.
    pub(crate) fn fits(&self, n_classes: usize, n_bands: usize, sample_type: SampleType) -> bool {
        let moments_fit = match &self.moments {
            Moments::Integer(moments) => !sample_type.is_float() && moments.len() == n_classes * n_bands,
            Moments::Float(moments) => {
                let sums_fit = moments.iter().flatten().all(|sums| sums.len() == n_classes);
                sample_type.is_float() && moments.len() == n_bands && sums_fit
            }
        };
        moments_fit && self.n_bands == n_bands && self.counts.len() == n_classes
    }

    /// Adds the sums over other pixels.
    pub fn merge(&mut self, other: &ClassSums) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
        match (&mut self.moments, &other.moments) {
            (Moments::Integer(mine), Moments::Integer(theirs)) => {
                for (mine, theirs) in mine.iter_mut().zip(theirs) {
                    mine[0] += theirs[0];
                    mine[1] += theirs[1];
                }
            }
            (Moments::Float(mine), Moments::Float(theirs)) => {
                for (mine, theirs) in mine.iter_mut().zip(theirs) {
                    mine[0].merge(&theirs[0]);
                    mine[1].merge(&theirs[1]);
                }
            }
            _ => unreachable!("sums of one sample type are merged"),
        }
    }

    /// Number of pixels of each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Mean of a class's samples in one band; NaN for an empty class.
    pub fn mean(&self, class: usize, band: usize) -> f64 {
        self.sum(class, band) / self.counts[class] as f64
    }

    /// Sum of the squared deviations of a class's samples from their mean in one band; 0 for an empty class.
    pub fn scatter(&self, class: usize, band: usize) -> f64 {
        let n = self.counts[class];
        if n == 0 {
            return 0.0;
        }
        match &self.moments {
            Moments::Integer(moments) => {
                let [sum, square] = moments[class * self.n_bands + band];
                // About the whole number below the mean, everything is exact; the rest is small.
                let (n, whole) = (i128::from(n), sum.div_euclid(i128::from(n)));
                let about_whole = square - 2 * whole * sum + n * whole * whole;
                let rest = (sum - n * whole) as f64;
                (about_whole as f64 - rest * rest / n as f64).max(0.0)
            }
            Moments::Float(moments) => {
                let sum = moments[band][0].value(class);
                (moments[band][1].value(class) - sum * (sum / n as f64)).max(0.0)
            }
        }
    }

    fn sum(&self, class: usize, band: usize) -> f64 {
        match &self.moments {
            Moments::Integer(moments) => moments[class * self.n_bands + band][0] as f64,
            Moments::Float(moments) => moments[band][0].value(class),
        }
    }
}
