//! Exact sums over the pixels of each class.

use serde::{Deserialize, Serialize};

use super::exact_sum::{Digits, ExactSums, Pair};
use super::integer_sum::IntegerSums;
use super::totals::gather;
use crate::raster::{Sample, SampleType, Tile, TILE};

/// The largest number of pixels that a double counts exactly.
pub const MOST_PIXELS: u64 = 1 << 53;

/// For each class: the number of its pixels, and per band the sum and the sum of squares of their
/// samples.
///
/// Sums of integer samples are integers. Sums of floats do not depend on the order of the pixels.
/// So merged sums are the same however the pixels were split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSums {
    n_bands: usize,
    counts: Vec<u64>,
    sums: Sums,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Sums {
    /// Classes x bands.
    Integer(IntegerSums),
    /// Per band: sums and sums of squares of every class.
    Float(Vec<[ExactSums; 2]>),
}

impl ClassSums {
    /// Sums over no pixels.
    pub fn new(n_classes: usize, n_bands: usize, sample_type: SampleType) -> ClassSums {
        let sums = if sample_type.is_float() {
            Sums::Float(vec![[ExactSums::new(n_classes), ExactSums::new(n_classes)]; n_bands])
        } else {
            Sums::Integer(IntegerSums::new(n_classes * n_bands))
        };
        ClassSums { n_bands, counts: vec![0; n_classes], sums }
    }

    /// The bytes that one class takes in one band, at most.
    pub const fn bytes_per_band() -> usize {
        2 * (size_of::<ExactSums>() + ExactSums::bytes())
    }

    /// Adds the valid pixels of a tile to the classes that `labels` (0-based) names.
    ///
    /// # Panics
    /// When a label is not below the number of classes, or the sums are of another kind of samples.
    pub fn add<T: Sample>(&mut self, tile: &Tile<T>, labels: &[u16]) {
        for (label, valid) in labels.iter().zip(tile.valid()) {
            self.counts[usize::from(*label)] += u64::from(*valid);
        }
        match &mut self.sums {
            Sums::Integer(sums) => sums.add(tile, labels),
            Sums::Float(sums) => {
                add_floats(sums, tile, |sums, terms, digits| sums.add(terms, labels, digits))
            }
        }
    }

    /// Adds all valid pixels of a tile to the first class.
    ///
    /// # Panics
    /// When the sums are of another kind of samples.
    pub fn add_to_first<T: Sample>(&mut self, tile: &Tile<T>) {
        self.counts[0] += tile.n_valid() as u64;
        match &mut self.sums {
            Sums::Integer(sums) => sums.add_to_first(tile),
            Sums::Float(sums) => add_floats(sums, tile, ExactSums::add_to_first),
        }
    }

    /// Adds the sums over other pixels.
    pub fn merge(&mut self, other: &ClassSums) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
        match (&mut self.sums, &other.sums) {
            (Sums::Integer(mine), Sums::Integer(theirs)) => mine.merge(theirs),
            (Sums::Float(mine), Sums::Float(theirs)) => {
                for (mine, theirs) in mine.iter_mut().zip(theirs) {
                    mine[0].merge(&theirs[0]);
                    mine[1].merge(&theirs[1]);
                }
            }
            _ => unreachable!("sums of one sample type are merged"),
        }
    }

    /// The same sums in their unique form, in which equal sums have equal bytes, for saving.
    pub(crate) fn settled(&self) -> ClassSums {
        let mut settled = self.clone();
        match &mut settled.sums {
            Sums::Integer(sums) => sums.settle(),
            Sums::Float(sums) => sums.iter_mut().flatten().for_each(ExactSums::settle),
        }
        settled
    }

    /// Whether these can be sums that [`ClassSums::settled`] returns, for so many classes and bands
    /// of such samples.
    pub(crate) fn fits(&self, n_classes: usize, n_bands: usize, sample_type: SampleType) -> bool {
        if n_bands == 0 || self.n_bands != n_bands || self.counts.len() != n_classes {
            return false;
        }
        // With more pixels, the products in a scatter might overflow.
        if self.counts.iter().any(|count| *count >= 1 << 60) {
            return false;
        }
        let twice: Vec<u64> = self.counts.iter().map(|count| 2 * count).collect();
        match &self.sums {
            Sums::Integer(sums) => !sample_type.is_float() && sums.can_be_of(n_bands, &self.counts),
            Sums::Float(sums) => {
                sample_type.is_float()
                    && sums.len() == n_bands
                    && sums.iter().all(|[sums, squares]| {
                        sums.can_be_of(&self.counts) && squares.can_be_of(&twice)
                    })
            }
        }
    }

    /// Number of pixels of all classes; `None` if a double cannot count them exactly. Sums are not
    /// made for so many.
    pub(crate) fn n_pixels(&self) -> Option<u64> {
        let all = self.counts.iter().try_fold(0u64, |all, count| all.checked_add(*count));
        all.filter(|all| *all <= MOST_PIXELS)
    }

    /// Number of bands.
    pub fn n_bands(&self) -> usize {
        self.n_bands
    }

    /// Number of pixels of each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Mean of a class's samples in one band; NaN for an empty class.
    pub fn mean(&self, class: usize, band: usize) -> f64 {
        let sum = match &self.sums {
            Sums::Integer(sums) => sums.get(class * self.n_bands + band)[0] as f64,
            Sums::Float(sums) => sums[band][0].value(class),
        };
        sum / self.counts[class] as f64
    }

    /// Sum of the squared deviations of a class's samples from their mean in one band; 0 for an
    /// empty class.
    pub fn scatter(&self, class: usize, band: usize) -> f64 {
        let n = self.counts[class];
        if n == 0 {
            return 0.0;
        }
        match &self.sums {
            Sums::Integer(sums) => {
                let [sum, square] = sums.get(class * self.n_bands + band);
                // Deviations from the integer below the mean are exact; the remainder is small.
                let (n, floor_mean) = (i128::from(n), sum.div_euclid(i128::from(n)));
                let about_floor_mean = square - 2 * floor_mean * sum + n * floor_mean * floor_mean;
                let rest = (sum - n * floor_mean) as f64;
                (about_floor_mean as f64 - rest * rest / n as f64).max(0.0)
            }
            Sums::Float(sums) => {
                // Squares less the sum times the mean, in pairs of doubles, as large numbers may
                // nearly cancel.
                let (sum, square) = (sums[band][0].pair(class), sums[band][1].pair(class));
                let mean = (sum.0 + sum.1) / n as f64;
                let product = sum.times(-mean);
                let about_mean = square.plus(product.0).plus(product.1);
                // The mean is rounded: this is what the rounding adds to the scatter about it.
                let all_means = Pair(mean, 0.0).times(-(n as f64));
                let rest = sum.plus(all_means.0).plus(all_means.1);
                let rounding = rest.0 + rest.1;
                (about_mean.0 + about_mean.1 - mean * rounding).max(0.0)
            }
        }
    }
}

/// Adds the valid pixels of a tile of floating-point samples. For each band, `add` gets the sums,
/// the sums of squares, and a term for each pixel.
fn add_floats<T: Sample>(
    sums: &mut [[ExactSums; 2]],
    tile: &Tile<T>,
    mut add: impl FnMut(&mut ExactSums, &[f64], &mut Digits),
) {
    let (mut values, mut products, mut digits) = ([0.0; TILE], [0.0; TILE], Digits::new());
    let (values, products) = (&mut values[..tile.len()], &mut products[..tile.len()]);
    for (band, [sums, squares]) in sums.iter_mut().enumerate() {
        let largest = gather(tile.band(band), tile.valid(), values);
        sums.reserve(largest, TILE);
        squares.reserve(largest * largest, 2 * TILE);
        add(sums, values, &mut digits);
        products.iter_mut().zip(&*values).for_each(|(product, value)| *product = value * value);
        add(squares, products, &mut digits);
        if T::TYPE == SampleType::F64 {
            // The rounding errors of the squares. The squares of float32 are exact.
            for (product, value) in products.iter_mut().zip(&*values) {
                *product = value.mul_add(*value, -*product);
            }
            add(squares, products, &mut digits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    /// The plain reference: sums of 128 bits, pixel after pixel.
    #[test]
    fn integer_sums_are_the_sums() {
        let samples: Vec<i16> = (0..2 * TILE).map(|i| (i as i16).wrapping_mul(7919)).collect();
        let raster =
            Raster::bsq(&samples, 2, TILE, 1).unwrap().with_nodata(vec![None, Some(0.0)]).unwrap();
        let mut tile: Tile<i16> = Tile::new(2);
        tile.fill(&raster, 0);
        let labels: Vec<u16> = (0..TILE as u16).map(|i| i % 3).collect();
        let mut sums = ClassSums::new(3, 2, SampleType::I16);
        sums.add(&tile, &labels);
        sums.add(&tile, &labels);
        for class in 0..3 {
            let pixels = (0..TILE).filter(|i| i % 3 == class && samples[TILE + i] != 0);
            assert_eq!(sums.counts()[class], 2 * pixels.clone().count() as u64);
            for band in 0..2 {
                let values = || pixels.clone().map(|i| i128::from(samples[band * TILE + i]));
                let (n, sum) = (pixels.clone().count() as f64, values().sum::<i128>() as f64);
                assert_eq!(sums.mean(class, band), sum / n);
                let scatter: f64 = values().map(|value| (value as f64 - sum / n).powi(2)).sum();
                assert!((sums.scatter(class, band) / (2.0 * scatter) - 1.0).abs() < 1e-12);
            }
        }
        let mut all = ClassSums::new(1, 2, SampleType::I16);
        all.add_to_first(&tile);
        let mut same = ClassSums::new(1, 2, SampleType::I16);
        same.add(&tile, &[0; TILE]);
        assert_eq!(all, same);
    }

    #[test]
    fn float_sums_keep_a_small_scatter_about_a_large_mean() {
        for offset in [0.0, 273.15, 1e9, -4e10] {
            let samples: Vec<f64> = (0..TILE).map(|i| offset + ((i * 7919) % 13) as f64).collect();
            let raster = Raster::bsq(&samples, 1, TILE, 1).unwrap();
            let mut tile: Tile<f64> = Tile::new(1);
            tile.fill(&raster, 0);
            let mut sums = ClassSums::new(1, 1, SampleType::F64);
            sums.add_to_first(&tile);
            let mean = samples.iter().map(|x| x - offset).sum::<f64>() / TILE as f64;
            let scatter: f64 = samples.iter().map(|x| (x - offset - mean).powi(2)).sum();
            assert!(
                (sums.scatter(0, 0) / scatter - 1.0).abs() < 1e-9,
                "{offset}: {}",
                sums.scatter(0, 0)
            );
        }
    }
}
